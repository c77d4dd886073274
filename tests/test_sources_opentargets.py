"""Open Targets: errors that come with status 200, and the Parquet files of old and new releases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from bogam.sources import settings
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream import opentargets
from bogam.synthetic.upstream.server import Asked, Reply, Upstream

META = {"meta": {"dataVersion": {"year": "31", "month": "06", "iteration": None}}}
NAMES = ("part-0.parquet", "part-00000-target.snappy.parquet")


def _answered(tmp_path: Path, body: Any, act: str, request: dict[str, Any]) -> Any:
    with Upstream(lambda asked: Reply(body)) as upstream:
        settings.write(tmp_path, "opentargets", enabled=True, base=upstream.base)
        return ReferenceDesk(tmp_path, sleep=lambda _: None).ask("opentargets", act, request)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        {"data": None, "errors": [{"message": "Cannot query field 'x' on type 'Target'."}]},
        {"data": {**META, "target": None}, "errors": [{"message": "Internal server error"}]},
        {"errors": "broken"},
        {"data": None},
        {"data": {"target": None}},
        {"data": {**META, "target": {"id": "ENSG00000090002", "approvedSymbol": "MADCA"}}},
        {"data": {**META, "target": {"id": "ENSG00000090001"}}},
        {"data": {**META, "target": "ENSG00000090001"}},
        {"data": {"meta": {"dataVersion": {"year": None}}, "target": None}},
        [],
        {},
    ],
)
def test_an_error_with_status_200_is_told(tmp_path: Path, body: Any) -> None:
    answer = _answered(tmp_path, body, "get", {"id": "ENSG00000090001"})
    assert answer.status == "upstream_error"
    assert answer.reason
    assert not answer.items


@pytest.mark.parametrize(
    "found",
    [
        {"total": 5, "hits": []},
        {"total": None, "hits": []},
        {"total": 1, "hits": None},
        {"total": 1, "hits": [{"id": "X", "entity": "variant", "object": None}]},
        {"total": 1, "hits": [{"id": "CHEMBL1", "entity": "drug", "object": {"id": "CHEMBL2", "name": "X"}}]},
    ],
)
def test_a_damaged_page_is_no_empty_answer(tmp_path: Path, found: Any) -> None:
    answer = _answered(tmp_path, {"data": {**META, "search": found}}, "search", {"text": "made"})
    assert answer.status == "upstream_error"


def test_every_query_goes_as_variables(tmp_path: Path) -> None:
    asked: list[Asked] = []
    made = opentargets.simulator()

    def note(request: Asked) -> Reply:
        asked.append(request)
        return made(request)

    with Upstream(note) as upstream:
        settings.write(tmp_path, "opentargets", enabled=True, base=upstream.base)
        ReferenceDesk(tmp_path, sleep=lambda _: None).search("opentargets", text='made") { meta }')
    body = orjson.loads(asked[0].body)
    assert "made" not in body["query"]
    assert body["variables"]["text"] == 'made") { meta }'


def test_another_limit_in_the_middle_is_refused(tmp_path: Path) -> None:
    with Upstream(opentargets.simulator()) as upstream:
        settings.write(tmp_path, "opentargets", enabled=True, base=upstream.base)
        desk = ReferenceDesk(tmp_path, sleep=lambda _: None)
        page = desk.search("opentargets", text="serial", limit=3)
        with pytest.raises(Exception, match="keep the limit"):
            desk.search("opentargets", text="serial", limit=4, next=page.next)


def test_old_and_new_releases_read_the_same(tmp_path: Path) -> None:
    new, old = ReferenceDesk(tmp_path / "new"), ReferenceDesk(tmp_path / "old")
    assert new.load("opentargets", opentargets.bulk(tmp_path)).version == opentargets.RELEASE
    report = old.load("opentargets", opentargets.bulk_before_25(tmp_path))
    assert (report.version, report.refused) == ("24.09", 0)
    ids = ["ENSG00000090001", "EFO_9000002", "CHEMBL9001", "CHEMBL9005", "association/ENSG00000090001/EFO_9000002"]
    for id in ids:
        one, other = (desk.get("opentargets", id).items[0] for desk in (new, old))
        assert one.document.body == other.document.body
        assert (one.version, other.version) == (opentargets.RELEASE, "24.09")


def test_live_and_mirror_give_the_same_documents(tmp_path: Path) -> None:
    mirror = ReferenceDesk(tmp_path / "mirror")
    mirror.load("opentargets", opentargets.bulk(tmp_path))
    with Upstream(opentargets.simulator()) as upstream:
        settings.write(tmp_path, "opentargets", enabled=True, base=upstream.base)
        live = ReferenceDesk(tmp_path, sleep=lambda _: None)
        for id in ["ENSG00000090001", "EFO_9000002", "CHEMBL9002"]:
            one, other = live.get("opentargets", id).items[0], mirror.get("opentargets", id).items[0]
            assert one.document.body == other.document.body
        found = live.search("opentargets", text="made carcinoma", kind="disease").items[0]
        assert found.document.body == mirror.get("opentargets", found.id).items[0].document.body


def _parquet(place: Path, query: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as db:
        db.sql(query).write_parquet(str(place))
    return place


def test_bad_rows_are_refused_with_their_place(tmp_path: Path) -> None:
    place = _parquet(
        tmp_path / "association_overall_direct" / "part-0.parquet",
        "SELECT * FROM (VALUES ('ENSG00000090001', 'EFO_9000002', 0.5, 1), ('ENSG1', 'EFO_9000002', 0.5, 1), "
        "(NULL, 'EFO_9000002', 0.5, 1), ('ENSG00000090001', 'EFO_9000003', 7.5, 1)) "
        "AS t(targetId, diseaseId, associationScore, evidenceCount)",
    )
    desk = ReferenceDesk(tmp_path)
    report = desk.load("opentargets", [place], version="31.06")
    assert (report.stored, report.refused) == (1, 3)
    mirror = desk.mirror("opentargets")
    assert mirror
    assert [each.place for each in mirror.refusals()] == ["row 2", "row 3", "row 4"]
    assert all(each.reason and each.raw for each in mirror.refusals())


@pytest.mark.parametrize("kind", ["text", "other", "datatype", "cut", "empty"])
def test_what_is_no_dataset_of_open_targets_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "data" / "part-0.parquet"
    place.parent.mkdir()
    if kind == "text":
        place.write_text("PAR1 no parquet")
    elif kind == "other":
        _parquet(place, "SELECT 1 AS a")
    elif kind == "datatype":
        _parquet(place, "SELECT 'a' AS targetId, 'b' AS diseaseId, 0.1 AS score, 'c' AS datatypeId")
    elif kind == "cut":
        whole = opentargets.bulk(tmp_path)[0]
        place.write_bytes(next(whole.glob("*.parquet")).read_bytes()[:-40])
    with pytest.raises(BadFile):
        ReferenceDesk(tmp_path).load("opentargets", [place.parent])


def test_an_import_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folders = opentargets.bulk(tmp_path)
    desk = ReferenceDesk(tmp_path)
    stops = iter([False, False, True])

    def stop(progress: Any) -> None:
        if next(stops):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.load("opentargets", folders, say=stop)
    report = desk.load("opentargets", folders)
    assert report.resumed > 0
    state = desk.state("opentargets").mirror
    assert state
    whole = opentargets.TARGETS + opentargets.DISEASES + opentargets.DRUGS + opentargets.ASSOCIATIONS
    assert state.items == len(whole)

"""DailyMed beyond its contract: lists that contradict themselves, labels that are none, hostile ZIP and XML files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bogam.measure.contracts.dailymed import contract
from bogam.sources import settings
from bogam.sources.answer import Answer
from bogam.sources.dailymed.label import Get, Search
from bogam.sources.dailymed.mirror import DailyMedMirror
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.dailymed import LABELS, PUBLISHED, bulk, packed, release, simulator
from bogam.synthetic.upstream.server import Asked, Reply, Upstream

SET = LABELS[0].set_id
LIST = {"db_published_date": PUBLISHED, "total_elements": 1}
ROW = {"setid": SET, "title": "MADE", "spl_version": 1, "published_date": "May 25, 2026"}


def told(home: Path, act: str, given: dict[str, Any], **wrong: Reply) -> Answer:
    """Ask a simulator whose resources named in ``wrong`` answer that."""
    good = simulator()

    def broken(asked: Asked) -> Reply:
        return next((reply for name, reply in wrong.items() if f"/{name}" in asked.path), None) or good(asked)

    home.mkdir(exist_ok=True)
    with Upstream(broken) as upstream:
        settings.write(home, "dailymed", enabled=True, base=upstream.base)
        return ReferenceDesk(home, sleep=lambda _: None).ask("dailymed", act, given)  # type: ignore[arg-type]


def xml(change: Callable[[str], str]) -> Reply:
    return Reply(change(LABELS[0].xml().decode()).encode(), 200, "text/xml")


@pytest.mark.parametrize("where", ["simulator", "mirror"])
def test_pages_follow_each_other_without_gap_or_double(where: Any) -> None:
    with contract.desk(where) as (desk, _):
        seen: list[str] = []
        answer = desk.search("dailymed", limit=2)
        while answer.next:
            seen += [item.id for item in answer.items]
            answer = desk.search("dailymed", limit=2, next=answer.next)
        seen += [item.id for item in answer.items]
    assert answer.status == "found"
    assert sorted(seen) == sorted(each.set_id for each in LABELS)


def test_live_and_mirror_give_the_same_labels() -> None:
    with contract.desk("simulator") as (live, _), contract.desk("mirror") as (mirrored, _):
        for label in LABELS:
            both = [desk.get("dailymed", label.set_id).items[0] for desk in (live, mirrored)]
            assert both[0].document.body == both[1].document.body
            both = [desk.search("dailymed", setid=label.set_id).items[0] for desk in (live, mirrored)]
            assert both[0].document.body == both[1].document.body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"data": []}, "metadata is missing"),
        ({"data": [], "metadata": LIST}, "0 labels where 1 were due"),
        ({"data": [ROW], "metadata": {**LIST, "total_elements": "null"}}, "total_elements"),
        ({"data": [ROW], "metadata": {**LIST, "total_elements": 0}}, "1 labels where 0 were due"),
        ({"data": [{**ROW, "setid": ""}], "metadata": LIST}, "setid"),
        ({"data": ["row"], "metadata": LIST}, "no object"),
        ({"metadata": LIST}, "data is missing"),
        ({"data": [ROW], "metadata": {"total_elements": 1}}, "db_published_date"),
    ],
)
def test_a_list_that_contradicts_itself_is_a_failure(tmp_path: Path, body: Any, said: str) -> None:
    answer = told(tmp_path, "search", {"drug_name": "metformin"}, spls=Reply(body))
    assert answer.status == "upstream_error"
    assert said in answer.reason


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (xml(lambda text: text.replace(SET, LABELS[1].set_id)), LABELS[1].set_id),
        (xml(lambda text: text.replace("urn:hl7-org:v3", "urn:other")), "no label"),
        (xml(lambda text: text.replace("versionNumber", "versionOther")), "no version"),
        (xml(lambda text: text.replace("structuredBody", "nonXMLBody")), "no body"),
        (xml(lambda text: text[:-200]), "damaged XML"),
        (Reply(b"<!DOCTYPE html><html></html>", 200, "text/html"), "web page"),
        (Reply(b"", 404), "lists the label"),
        (Reply(b"<html>Error</html>", 404, "text/html"), "lists the label"),
        (Reply(b"", 200), "lists the label"),
        (
            xml(lambda text: "<!DOCTYPE d [<!ENTITY a 'aaa'>]>" + text.split("?>", 2)[2].replace("Stop", "&a;")),
            "damaged",
        ),
    ],
)
def test_what_is_not_the_label_asked_for_is_a_failure(tmp_path: Path, reply: Reply, said: str) -> None:
    answer = told(tmp_path, "get", {"id": SET}, **{f"spls/{SET}.xml": reply})
    assert answer.status == "upstream_error"
    assert said in answer.reason


def test_a_part_of_another_label_is_a_failure(tmp_path: Path) -> None:
    body = {
        "metadata": {"next_page": "null"},
        "data": {"spl": {"setid": LABELS[1].set_id, "title": "x"}, "history": []},
    }
    answer = told(tmp_path, "get", {"id": f"{SET}/history"}, history=Reply(body))
    assert answer.status == "upstream_error"


def test_all_pages_of_a_part_are_read(tmp_path: Path) -> None:
    def paged(asked: Asked) -> Reply:
        page = int(asked.one("page", "1"))
        versions = [{"spl_version": str(4 - page), "published_date": "May 02, 2026"}]
        metadata = {"next_page": "null" if page == 3 else str(page + 1), "total_pages": "3"}
        return Reply({"metadata": metadata, "data": {"spl": {"setid": SET, "title": "x"}, "history": versions}})

    with Upstream(paged) as upstream:
        settings.write(tmp_path, "dailymed", enabled=True, base=upstream.base)
        answer = ReferenceDesk(tmp_path, sleep=lambda _: None).get("dailymed", f"{SET}/history")
    assert [each["spl_version"] for each in answer.items[0].fields["history"]] == ["3", "2", "1"]


def test_a_label_that_cannot_be_read_is_refused_with_its_place_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = LABELS[0].xml()
    laughs = b"<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><d>&b;</d>"
    deep = good.replace(b"<paragraph>Stop", b"<content>" * 3000 + b"x" + b"</content>" * 3000 + b"<paragraph>Stop")
    path = release(
        tmp_path / "dm_spl_release_human_rx_part1.zip",
        {
            f"prescription/20260903_{SET}.zip": packed(good),
            "prescription/bomb.zip": packed(good.replace(b"Stop", b" " * (30 << 20))),
            "prescription/laughs.zip": packed(laughs),
            "prescription/deep.zip": packed(deep),
            "prescription/damaged.zip": packed(good)[:-50],
            "prescription/half.zip": packed(good[:-300]),
            "prescription/other.zip": packed(b"<ClinicalDocument/>"),
            "prescription/latin.zip": packed(b"\xff\xfe\x00"),
            "prescription/last.zip": packed(LABELS[1].xml()),
            "readme.txt": b"no label",
        },
    )
    mirror = DailyMedMirror(tmp_path)
    done = mirror.load([path])
    assert (done.stored, done.refused) == (2, 7)
    places = [each.place.split("/")[1] for each in mirror.refusals()]
    assert places == [f"{name}.zip" for name in ("bomb", "laughs", "deep", "damaged", "half", "other", "latin")]
    assert all(each.reason for each in mirror.refusals())
    assert done.version == "2026-09-03"


def test_an_older_label_never_replaces_a_newer_one(tmp_path: Path) -> None:
    mirror = DailyMedMirror(tmp_path)
    mirror.load(bulk(tmp_path))
    for version, kept in ((1, "2"), (10, "10")):
        changed = replace(LABELS[0], version=version)
        name = f"prescription/2026110{version % 9}_{SET}.zip"
        mirror.load([release(tmp_path / f"dm_spl_daily_update_{version}.zip", {name: packed(changed.xml())})])
        found = mirror.get(Get(id=SET)).items[0]
        assert found.fields["spl_version"] == kept
    assert mirror.search(Search.model_validate({})).total == 5


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    path = release(tmp_path / "photos.zip", {"a.jpg": b"x"})
    with pytest.raises(BadFile, match="no label"):
        DailyMedMirror(tmp_path).load([path])


def test_a_label_found_for_a_question_is_the_one_that_is_got(tmp_path: Path) -> None:
    mirror = DailyMedMirror(tmp_path)
    mirror.load(bulk(tmp_path))
    (near,) = mirror.nearest(["acidosis"], 5)
    assert near.document.body == mirror.get(Get(id=near.id)).items[0].document.body

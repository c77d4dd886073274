"""openFDA beyond its contract: no text changes a query, paging to the end, what its failures mean, damaged files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.measure.contracts.openfda import contract
from bogam.sources import settings as configuration
from bogam.sources.answer import Answer, BadQuery
from bogam.sources.mirrors import BadFile
from bogam.sources.openfda.mirror import OpenFdaMirror
from bogam.sources.openfda.question import FIELDS, Get, Search, check, count_id, counted, expression
from bogam.sources.outside.egress import check as may_leave
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.openfda import EVENTS, KEY, LABELS, UPDATED, bulk, simulator, write
from bogam.synthetic.upstream.server import Asked, Reply, Simulator, Upstream

SAFE = re.compile(
    r"""[\w.]+:"[0-9A-Za-z'.,/ -]*"|"[0-9A-Za-z'.,/-]*"|\(|\)| AND | OR |serious:[12]|\w+(?:\.\w+)?:[12]"""
)
META = {"disclaimer": "made", "last_updated": UPDATED}


def told(home: Path, answers: Simulator, act: str, **given: Any) -> tuple[Answer, list[Asked]]:
    """Ask a simulator, and return the answer with the requests that it took."""
    home.mkdir(exist_ok=True)
    with Upstream(answers) as upstream:
        configuration.write(home, "openfda", enabled=True, base=upstream.base)
        desk = ReferenceDesk(home, sleep=lambda _: None)
        return desk.ask("openfda", act, given), list(upstream.requests)  # type: ignore[arg-type]


def always(body: Any, status: int = 200, **headers: str) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(body, status, headers=headers)


@given(st.sampled_from(["label", "event", "ndc"]), st.data())
@settings(deadline=None, max_examples=120)
def test_no_text_becomes_an_operator_a_field_or_a_range(kind: str, data: st.DataObject) -> None:
    hostile = st.text(
        st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('"\\:()[]{}*?~^+-!&|<>=/ ANDORTO')),
        max_size=40,
    )
    names = ["text", *(name for name in FIELDS[kind] if name != "ndc")]  # type: ignore[index]
    try:
        request = Search.model_validate({"kind": kind, **{name: data.draw(hostile) for name in names}})
        check(request)
        made = expression(request)
    except BadQuery:
        return
    assert SAFE.sub("", made) == "", made


@pytest.mark.parametrize("where", ["simulator", "mirror"])
@pytest.mark.parametrize("kind", ["label", "event", "ndc"])
def test_pages_follow_each_other_without_gap_or_double(where: Any, kind: str) -> None:
    with contract.desk(where) as (desk, upstream):
        seen: list[str] = []
        answer = desk.search("openfda", kind=kind, limit=2)
        while answer.next:
            seen += [item.id for item in answer.items]
            answer = desk.search("openfda", kind=kind, limit=2, next=answer.next)
        seen += [item.id for item in answer.items]
        assert answer.status == "found"
        assert len(seen) == len(set(seen)) == {"label": 7, "event": 7, "ndc": 4}[kind]
        if upstream is not None:
            assert all("search_after" in asked.query for asked in upstream.requests[1:])
            assert not any("skip" in asked.query for asked in upstream.requests)


def test_live_and_mirror_give_the_same_records() -> None:
    with contract.desk("simulator") as (live, _), contract.desk("mirror") as (mirrored, _):
        for kind in ("label", "event", "ndc"):
            both = [desk.search("openfda", kind=kind, limit=50).items for desk in (live, mirrored)]
            assert {i.id: (i.title, i.url, i.version, i.fields) for i in both[0]} == {
                i.id: (i.title, i.url, i.version, i.fields) for i in both[1]
            }


def test_a_source_without_marks_is_paged_by_skip_and_says_where_that_ends(tmp_path: Path) -> None:
    def plain(asked: Asked) -> Reply:
        paging = {"skip": int(asked.one("skip", "0")), "limit": 100, "total": 30_000}
        return Reply({"meta": {**META, "results": paging}, "results": [LABELS[0]] * int(asked.one("limit"))})

    answer, _ = told(tmp_path / "a", plain, "search", limit=100)
    assert (answer.status, answer.next) == ("truncated", "100")
    answer, requests = told(tmp_path / "b", plain, "search", limit=100, next="25000")
    assert requests[0].one("skip") == "25000"
    assert (answer.status, answer.next) == ("truncated", "")
    assert "past 25000" in answer.reason
    with pytest.raises(BadQuery, match="no place"):
        told(tmp_path / "c", plain, "search", limit=100, next="25001")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"<html>Not Found</html>", 404, "web page"),
        ({"error": {"code": "NOT_FOUND", "message": "No such endpoint"}}, 404, "No such endpoint"),
        ({"message": "No matches found!"}, 404, "refused"),
        ({"error": {"code": "NOT_FOUND", "message": "No matches found!"}}, 200, "No matches found"),
        ({"error": {"code": "BAD_REQUEST", "message": "Search not supported: x"}}, 400, "Search not supported"),
        ({"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key"}}, 403, "Check the key"),
        ({"meta": META, "results": []}, 200, "without results"),
        ({"meta": META}, 200, "without results"),
        ({"results": [LABELS[0]]}, 200, "meta is no object"),
        ({"meta": {"results": {"total": 1}}, "results": [LABELS[0]]}, 200, "last_updated"),
        ({"meta": {**META, "results": {}}, "results": [LABELS[0]]}, 200, "as total"),
        ({"meta": {**META, "results": {"total": 0}}, "results": [LABELS[0]]}, 200, "says that 0 match"),
        ({"meta": {**META, "results": {"total": 9}}, "results": [LABELS[0]]}, 200, "ends after 1 of 9"),
        ({"meta": {**META, "results": {"total": 1}}, "results": ["label"]}, 200, "no object"),
        ({"meta": {**META, "results": {"total": 1}}, "results": [{"id": "x"}]}, 200, "set_id"),
        ({"meta": {**META, "results": {"total": 1}}, "results": [{**LABELS[0], "openfda": []}]}, 200, "no object"),
        ({"meta": {**META, "results": {"total": 1}}, "results": [{**LABELS[0], "warnings": [{}]}]}, 200, "warnings"),
    ],
)
def test_a_failure_is_never_an_empty_success(tmp_path: Path, body: Any, status: int, said: str) -> None:
    answer, _ = told(tmp_path, always(body, status), "search", text="metformin")
    assert answer.status == "upstream_error"
    assert said in answer.reason


def test_another_record_than_the_one_asked_for_is_a_failure(tmp_path: Path) -> None:
    body = {"meta": {**META, "results": {"total": 1}}, "results": [LABELS[0]]}
    answer, _ = told(tmp_path, always(body), "get", id=f"label/{LABELS[1]['set_id']}")
    assert answer.status == "upstream_error"
    assert LABELS[0]["set_id"] in answer.reason


def test_the_key_is_sent_and_never_shown(tmp_path: Path) -> None:
    with Upstream(simulator()) as upstream:
        configuration.write(tmp_path, "openfda", enabled=True, base=upstream.base, key=KEY)
        answer = ReferenceDesk(tmp_path, sleep=lambda _: None).search("openfda", text="metformin")
        assert upstream.requests[0].one("api_key") == KEY
    assert answer.status == "found"
    assert KEY not in str(answer.json())


def test_the_id_of_a_count_is_what_was_asked() -> None:
    request = Search.model_validate(
        {"kind": "event", "generic_name": "a & b=c", "serious": True, "since": "2026-01-01", "count_by": "reaction"}
    )
    again = counted(count_id(request, "CROHN'S DISEASE/FLARE 100%"))
    assert again == (request.model_copy(update={"limit": 10}), "CROHN'S DISEASE/FLARE 100%")
    assert counted("label/x") is None
    for wrong in (
        "event-count/reaction/",
        "event-count/mood/X",
        'event-count/reaction/a"b',
        "event-count/reaction/%ff%00",
    ):
        with pytest.raises(BadQuery):
            counted(wrong)
    assert len(Get(id=count_id(request, "X" * 200)).id) < 1500


def test_a_korean_name_is_refused_with_its_english_one() -> None:
    with pytest.raises(BadQuery, match=r"English \(metformin\)") as refused:
        check(Search.model_validate({"generic_name": "메트포르민"}))
    assert "영어" in refused.value.ko


def test_ids_and_codes_of_drugs_may_leave_the_building() -> None:
    for id in ("419def82-2154-4354-a5f9-672969617062", "02403-0841-1", "02221-1719-55", "0002-1433-80"):
        may_leave({"id": id}, lambda keys: False)


def test_a_record_of_another_shape_is_refused_with_its_place_and_the_rest_is_kept(tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(2000):
        deep = [deep]
    records = [LABELS[0], {"id": "no set id"}, "text", {**LABELS[1], "openfda": "none"}, LABELS[2]]
    path = tmp_path / "drug-label-0001-of-0001.json.zip"
    write(path, records)
    mirror = OpenFdaMirror(tmp_path)
    done = mirror.load([path])
    assert (done.stored, done.refused, done.version) == (2, 3, UPDATED)
    assert [each.place for each in mirror.refusals()] == [
        f"drug-label-0001-of-0001.json, result {n}" for n in (2, 3, 4)
    ]
    assert "set_id" in mirror.refusals()[0].reason


def test_a_damaged_file_leaves_the_mirror_as_it_was(tmp_path: Path) -> None:
    mirror = OpenFdaMirror(tmp_path)
    mirror.load(bulk(tmp_path))
    whole = orjson.dumps({"meta": META, "results": LABELS})
    for name, body in {
        "cut.json": whole[:-40],
        "html.json": b"<html>Sign in</html>",
        "empty.json": b"",
        "headless.json": orjson.dumps({"results": LABELS}),
        "foreign.json": orjson.dumps({"meta": META, "results": [{"k_number": "K1"}]}),
        "deep.json": b'{"meta": {"last_updated": "x"}, "results": ' + b"[" * 100_000,
    }.items():
        path = tmp_path / name
        path.write_bytes(body)
        with pytest.raises(BadFile):
            mirror.load([path])
    packed = tmp_path / "drug-label-0001-of-0001.json.zip"
    packed.write_bytes(packed.with_name("drug-label-0001-of-0002.json.zip").read_bytes()[:-100])
    with pytest.raises(BadFile, match="no ZIP that can be read"):
        mirror.load([packed])
    state = mirror.state()
    assert state is not None
    assert state.version == f"label {UPDATED}, event {UPDATED}, ndc {UPDATED}"
    assert mirror.search(Search.model_validate({"text": "acidosis"})).total == 1


def test_a_bomb_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    path = tmp_path / "drug-label-0001-of-0001.json.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open("drug-label-0001-of-0001.json", "w") as out:
        out.write(b'{"meta": {"last_updated": "2026-11-18"}, "results": [{"set_id": "')
        for _ in range(20):
            out.write(b"A" * (1 << 20))
        out.write(b'"}]}')
    with pytest.raises(BadFile, match="more than 16 MB"):
        OpenFdaMirror(tmp_path).load([path])


def test_kinds_are_imported_apart_and_a_missing_kind_is_said(tmp_path: Path) -> None:
    mirror = OpenFdaMirror(tmp_path)
    path = write(tmp_path / "drug-event-0001-of-0001.json.zip", EVENTS)
    mirror.load([path])
    assert mirror.search(Search.model_validate({"kind": "event"})).total == 7
    with pytest.raises(BadQuery, match="import drug-label"):
        mirror.search(Search.model_validate({"text": "metformin"}))


def test_labels_and_not_reports_are_near_a_question(tmp_path: Path) -> None:
    mirror = OpenFdaMirror(tmp_path)
    assert mirror.nearest(["nausea"], 5) == []
    mirror.load(bulk(tmp_path))
    assert [each.id for each in mirror.nearest(["nausea", "levitation"], 5)] == [f"label/{LABELS[0]['set_id']}"]

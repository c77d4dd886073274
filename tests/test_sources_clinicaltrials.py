"""ClinicalTrials.gov: its criteria, its language, its files."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import pytest

from bogam.measure.contracts.clinicaltrials import contract
from bogam.sources import settings
from bogam.sources.answer import BadQuery
from bogam.sources.clinicaltrials.criteria import split
from bogam.sources.clinicaltrials.live import parameters, plain
from bogam.sources.clinicaltrials.request import Search
from bogam.sources.clinicaltrials.study import BadStudy, item_of, years
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.clinicaltrials import STUDIES, bulk, simulator
from bogam.synthetic.upstream.server import Asked, Reply, Simulator, Upstream


@contextmanager
def live(home: Path, behaves: Simulator | None = None) -> Generator[tuple[ReferenceDesk, Upstream]]:
    with Upstream(behaves or simulator()) as upstream:
        settings.write(home, "clinicaltrials", enabled=True, base=upstream.base)
        yield ReferenceDesk(home, sleep=lambda _: None, timeout_s=2), upstream


@pytest.fixture
def mirrored(tmp_path: Path) -> ReferenceDesk:
    desk = ReferenceDesk(tmp_path)
    desk.load("clinicaltrials", bulk(tmp_path))
    return desk


# --- criteria


@pytest.mark.parametrize(
    ("criteria", "inclusion", "exclusion", "other"),
    [
        ("Inclusion Criteria:\n\n* A\n* B\n\nExclusion Criteria:\n\n* C", ["A", "B"], ["C"], []),
        ("Key Inclusion Criteria\n1. A\n2. B\nKey Exclusion Criteria\n1. C\n2. D", ["A", "B"], ["C", "D"], []),
        ("INCLUSION:\n- A\n  that goes on\n- B\nEXCLUSION:\n- C", ["A that goes on", "B"], ["C"], []),
        ("**Inclusion Criteria**\n\n(a) A\n(b) B", ["A", "B"], [], []),
        (
            "Cases\n\nInclusion criteria for cases:\n* A\n\nInclusion criteria (controls):\n* B",
            ["Inclusion criteria for cases:", "A", "Inclusion criteria (controls):", "B"],
            [],
            ["Cases"],
        ),
        ("Exclusion criteria:\n* Any exclusion criterion of part 1", [], ["Any exclusion criterion of part 1"], []),
        ("Inclusion Criteria:\n\n* One of:\n\n  * x\n  * y\n* B", ["One of:\n• x\n• y", "B"], [], []),
        ("Inclusion:\n\nAdult.\n\nConsent.\n\nExclusion:\n\nNone.", ["Adult.", "Consent."], ["None."], []),
        ("Healthy adults.", [], [], ["Healthy adults."]),
        ("선정 기준\n* 성인", [], [], ["선정 기준", "성인"]),
        ("", [], [], []),
    ],
)  # fmt: skip
def test_criteria_are_split_and_nothing_is_lost(
    criteria: str, inclusion: list[str], exclusion: list[str], other: list[str]
) -> None:
    found = split(criteria)
    assert (found["inclusion"], found["exclusion"], found.get("other", [])) == (inclusion, exclusion, other)


def test_a_sentence_that_names_a_list_is_no_heading() -> None:
    told = (
        "Exclusion Criteria:\n* A\n* Patients who meet the inclusion criteria of the parent study but refused it\n* B"
    )
    assert len(split(told)["exclusion"]) == 3


@pytest.mark.parametrize(
    "hostile", ["* " * 100_000, "a " * 100_000, "\n" * 100_000, "inclusion " * 50_000, "(" * 100_000, "*" * 200_000]
)
def test_hostile_criteria_take_no_time(hostile: str) -> None:
    started = perf_counter()
    split(hostile)
    assert perf_counter() - started < 2


def test_ages_in_years() -> None:
    assert [years(each) for each in ("18 Years", "6 Months", "2 Weeks", "1 Day", "", "N/A")] == [
        18,
        0.5,
        0.038,
        0.003,
        None,
        None,
    ]


# --- the registry's language


def test_words_are_plain_and_filters_are_written_in_its_language() -> None:
    asked = parameters(
        Search(text='x) OR AREA[Phase]"1"', age=40, sex="FEMALE", phase="phase 2, PHASE3", country="South Korea")
    )
    assert asked["query.term"] == "x or area Phase 1"
    assert asked["filter.advanced"] == (
        'AREA[LocationCountry]"South Korea" AND AREA[Phase](PHASE2 OR PHASE3) AND AREA[Sex](FEMALE OR ALL)'
        " AND (AREA[MinimumAge]RANGE[MIN, 40 years] OR AREA[MinimumAge]MISSING)"
        " AND (AREA[MaximumAge]RANGE[40 years, MAX] OR AREA[MaximumAge]MISSING)"
    )
    assert plain("not AND\x00‮ NOT") == "not and not"


def test_numbers_with_other_criteria_are_not_sent(tmp_path: Path) -> None:
    with live(tmp_path) as (desk, upstream), pytest.raises(BadQuery, match="by its number alone"):
        desk.search("clinicaltrials", text="NCT90000002", status="RECRUITING")
    assert not upstream.requests


def test_an_expression_that_cannot_be_read_is_told_as_that(tmp_path: Path) -> None:
    with live(tmp_path) as (desk, _), pytest.raises(BadQuery, match="cannot read the question"):
        desk.search("clinicaltrials", advanced="AREA[Phase](PHASE2")


def test_pages_follow_without_gap_or_double(tmp_path: Path, mirrored: ReferenceDesk) -> None:
    with live(tmp_path) as (desk, _):
        for way in ("live", "mirror"):
            seen: list[str] = []
            next_, totals = "", set[int | None]()
            for _ in range(10):
                answer = desk.ask("clinicaltrials", "search", {"limit": 3, "next": next_}, way=way)  # type: ignore[arg-type]
                seen += [each.id for each in answer.items]
                totals.add(answer.total)
                next_ = answer.next
                if not next_:
                    break
            assert len(seen) == len(set(seen)) == len(STUDIES)
            assert totals == {len(STUDIES)}
            assert answer.status == "found"


def test_a_place_belongs_to_its_question(tmp_path: Path) -> None:
    with live(tmp_path) as (desk, _):
        first = desk.search("clinicaltrials", condition="diabetes", limit=2)
        with pytest.raises(BadQuery, match="another question"):
            desk.search("clinicaltrials", condition="hypertension", limit=2, next=first.next)


@pytest.mark.parametrize("id", ["", "NCT", "NCT1234567", "NCT00000000", "90000001", "NCT9000000１", "PMID 3"])
def test_what_is_no_number_is_not_asked(mirrored: ReferenceDesk, id: str) -> None:
    with pytest.raises(BadQuery):
        mirrored.get("clinicaltrials", id)


@pytest.mark.parametrize(
    "request_",
    [
        {"status": "OPEN"},
        {"phase": "5"},
        {"near": "Seoul"},
        {"near": "95,10,5km"},
        {"age": 200},
        {"condition": "?!"},
        {"next": "2.page"},
        {"near": "37.5,127,10km"},
        {"advanced": "AREA[Phase]PHASE2"},
    ],
)
def test_what_a_mirror_cannot_be_asked(mirrored: ReferenceDesk, request_: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        mirrored.ask("clinicaltrials", "search", request_)


# --- what the registry may send wrongly


def _bent(change: Callable[[Any], Any], path: str) -> Simulator:
    straight = simulator()

    def answer(asked: Asked) -> Reply:
        reply = straight(asked)
        return Reply(change(json.loads(reply.bytes()))) if asked.path == path else reply

    return answer


_LIST = "/api/v2/studies"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda body: [], _LIST),
        (lambda body: {"totalCount": 5}, _LIST),
        (lambda body: {"studies": body["studies"]}, _LIST),
        (lambda body: {**body, "totalCount": 1}, _LIST),
        (lambda body: {**body, "totalCount": 99}, _LIST),
        (lambda body: {"studies": [], "totalCount": 5}, _LIST),
        (lambda body: {**body, "studies": body["studies"] * 2, "totalCount": 99}, _LIST),
        (lambda body: {**body, "nextPageToken": 5}, _LIST),
        (lambda body: {**body, "studies": [{"protocolSection": None}]}, _LIST),
        (lambda body: {**body, "studies": [{}]}, _LIST),
        (lambda body: {"apiVersion": "2.0.5"}, "/api/v2/version"),
        (lambda body: {"dataTimestamp": "soon"}, "/api/v2/version"),
    ],
)  # fmt: skip
def test_a_shape_that_is_not_the_documented_one_is_a_failure(
    tmp_path: Path, change: Callable[[Any], Any], path: str
) -> None:
    with live(tmp_path, _bent(change, path)) as (desk, _):
        answer = desk.search("clinicaltrials", condition="diabetes")
    assert answer.status == "upstream_error"


def test_an_empty_page_in_the_middle_is_a_failure_not_the_end(tmp_path: Path) -> None:
    def emptied(asked: Asked) -> Reply:
        return Reply({"studies": []}) if asked.one("pageToken") else simulator()(asked)

    with live(tmp_path, emptied) as (desk, _):
        first = desk.search("clinicaltrials", limit=2)
        assert desk.search("clinicaltrials", limit=2, next=first.next).status == "upstream_error"


def test_a_study_outside_the_status_asked_for_is_a_failure(tmp_path: Path) -> None:
    def every(asked: Asked) -> Reply:
        without = {name: value for name, value in asked.query.items() if name != "filter.overallStatus"}
        return simulator()(Asked(asked.method, asked.path, without, asked.headers, asked.body))

    with live(tmp_path, every) as (desk, _):
        answer = desk.search("clinicaltrials", condition="diabetes", status="RECRUITING")
    assert answer.status == "upstream_error"
    assert "not asked for" in answer.reason


def test_a_refusal_of_a_good_question_is_a_failure_not_none(tmp_path: Path) -> None:
    def refuses(asked: Asked) -> Reply:
        return (
            Reply(b"Request contains unknown parameter", 400, "text/plain")
            if asked.path == _LIST
            else simulator()(asked)
        )

    with live(tmp_path, refuses) as (desk, _):
        assert desk.search("clinicaltrials", condition="diabetes").status == "upstream_error"


def test_no_wrong_type_anywhere_in_a_study_is_more_than_a_bad_study() -> None:
    """Replace each member of a whole study by each kind of value."""
    whole = json.loads(json.dumps(STUDIES[0]))
    values: list[Any] = [None, 7, "x", [], {}, [3], [None], {"a": 1}, True, ["x"]]
    drawn = random.Random(4)

    def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        members: list[tuple[Any, Any]] = []
        if isinstance(value, dict):
            members = list(cast(dict[Any, Any], value).items())
        elif isinstance(value, list):
            members = list(enumerate(cast(list[Any], value)))
        return [path, *(each for key, member in members for each in places(member, (*path, key)))]

    for path in places(whole)[1:]:
        for value in drawn.sample(values, 5):
            study = json.loads(json.dumps(whole))
            inner = study
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
            try:
                item = item_of(study)
            except BadStudy:
                continue
            assert item.cite().quote


# --- files


def _lines(folder: Path, name: str, text: str | bytes) -> Path:
    place = folder / name
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def _forms(folder: Path) -> dict[str, Path]:
    studies = list(STUDIES)
    each = [json.dumps(study, ensure_ascii=False) for study in studies]
    pages = [{"totalCount": len(studies), "studies": studies, "nextPageToken": "x"}]
    with zipfile.ZipFile(folder / "one.zip", "w") as packed:
        packed.writestr("ctg-studies.json", json.dumps(studies))
    return {
        "list": _lines(folder, "list.json", "[\n" + ",\n".join(each) + "\n]\n"),
        "indented": _lines(folder, "indented.json", json.dumps(studies, indent=2)),
        "page": _lines(folder, "page.json", json.dumps(pages[0])),
        "lines": _lines(folder, "studies.ndjson", "\n".join(each)),
        "gzip": _lines(folder, "studies.json.gz", gzip.compress(json.dumps(studies).encode())),
        "zip of a list": folder / "one.zip",
    }


@pytest.mark.parametrize("form", ["list", "indented", "page", "lines", "gzip", "zip of a list"])
def test_every_form_of_download_gives_the_same_studies(tmp_path: Path, mirrored: ReferenceDesk, form: str) -> None:
    desk = ReferenceDesk(tmp_path / "home")
    made = desk.load("clinicaltrials", [_forms(tmp_path)[form]])
    assert (made.stored, made.refused, made.version) == (len(STUDIES), 0, "2026-10-02")
    for id in ("NCT90000001", "NCT90000009", "NCT90000011"):
        assert desk.get("clinicaltrials", id).items == mirrored.get("clinicaltrials", id).items


def test_a_line_that_is_no_json_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    good = [json.dumps(study) for study in STUDIES[:3]]
    text = "\n".join([good[0], '{"protocolSection": {oops}}', good[1], '{"protocolSection": {}}', good[2]])
    desk = ReferenceDesk(tmp_path / "home")
    made = desk.load("clinicaltrials", [_lines(tmp_path, "studies.ndjson", text)])
    mirror = desk.mirror("clinicaltrials")
    assert mirror is not None
    assert (made.stored, made.refused) == (3, 2)
    assert [each.place for each in mirror.refusals()] == ["study 2", "study 4"]


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b'{"resourceType": "Bundle"}', b"[1, 2]", b"\x1f\x8bno", b"null", b"[" * 5000]
)
def test_files_that_are_not_the_publishers_are_refused(tmp_path: Path, content: bytes) -> None:
    desk = ReferenceDesk(tmp_path / "home")
    with pytest.raises(BadFile):
        desk.load("clinicaltrials", [_lines(tmp_path, "x.json", content)])
    assert desk.state("clinicaltrials").mirror is None


def test_live_and_mirror_give_the_same_item(mirrored: ReferenceDesk) -> None:
    with contract.desk("simulator") as (desk, _):
        for study in STUDIES:
            id = study["protocolSection"]["identificationModule"]["nctId"]
            one, other = desk.get("clinicaltrials", id).items[0], mirrored.get("clinicaltrials", id).items[0]
            assert (one.document.version, one.fields) == (other.document.version, other.fields)
        found = desk.search("clinicaltrials", text="weekly insulin").items[0]
        assert found == mirrored.get("clinicaltrials", found.id).items[0]

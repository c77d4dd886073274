"""The skill deidentify, and the work on files, records and tables behind it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from bogam import Bogam
from bogam.access.decide import Refused
from bogam.access.identity import Actor, Role
from bogam.app import BadRequest
from bogam.record.r4.check import check
from bogam.skills.deidentify.reviews import Change
from bogam.skills.deidentify.work import Options, work
from bogam.synthetic import ward

DOCTOR = Actor("lee", "이지은", Role.physician)
ROOT = Actor("root", "관리자", Role.administrator)
KEY = bytes(range(32))
TODAY = date(2026, 11, 25)
NOTE = "환자명: 김서연, 등록번호 10023417\n2024-03-05 R2 박지훈\n"
WARD = ward()


CASES = Path(__file__).resolve().parents[1] / "src" / "bogam" / "skills" / "deidentify" / "cases"


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    house = Bogam(tmp_path_factory.mktemp("deid") / "home")
    for bundle in WARD.bundles[:2]:
        house.load(bundle)
    return house


def options(mode: str = "tag", **more: Any) -> Options:
    return Options(mode, KEY, TODAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_case(case: str) -> None:
    out = work([("note.txt", (CASES / case / "note.txt").read_bytes())], options())
    assert next(iter(out.contents.values())).decode() == (CASES / case / "tagged.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["mask", "tag", "surrogate"])
def test_a_bundle_comes_out_as_r4_and_shows_nobody(mode: str) -> None:
    out = work([("Kim_Seo-yeon.json", WARD.bundles[1])], options(mode))
    (name, body), *_ = out.contents.items()
    assert "Kim" not in name
    check(body, entries=True)
    for secret in ("김서연", "서연", "Seo-yeon", "10023417", "소나무로 52", "1959-03-02", "이지은", "박지훈"):
        assert secret.encode() not in body, secret
    assert len(json.loads(body)["entry"]) == len(json.loads(WARD.bundles[1])["entry"])


def test_references_lead_to_the_same_resources_as_before() -> None:
    body = next(iter(work([("a.json", WARD.bundles[1])], options("surrogate")).contents.values()))
    entries = json.loads(body)["entry"]
    urls = {entry["fullUrl"] for entry in entries}
    patient = next(entry for entry in entries if entry["resource"]["resourceType"] == "Patient")
    subjects = {entry["resource"]["subject"]["reference"] for entry in entries if "subject" in entry["resource"]}
    assert subjects <= urls | {f"Patient/{patient['resource']['id']}"}
    assert len(subjects) == 1


def test_a_birth_year_that_tells_a_great_age_goes_and_others_stay() -> None:
    made: dict[str, Any] = {}
    for born in ("1930-01-01", "1990-05-06"):
        body = json.dumps({"resourceType": "Patient", "id": "x", "birthDate": born}).encode()
        made[born] = json.loads(next(iter(work([("p.json", body)], options()).contents.values())))
    assert "birthDate" not in made["1930-01-01"]
    assert made["1990-05-06"]["birthDate"] == "1990"


def test_extensions_photographs_and_narratives_go() -> None:
    body = json.dumps(
        {
            "resourceType": "Patient",
            "id": "x",
            "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Ann Lee</div>'},
            "extension": [{"url": "http://example.org/mothersMaidenName", "valueString": "Quintero"}],
            "photo": [{"contentType": "image/png", "data": "AAAA"}],
            "address": [
                {"line": ["1 Oak St"], "city": "Boston", "state": "MA", "postalCode": "02115", "country": "US"}
            ],
        }
    ).encode()
    made = json.loads(next(iter(work([("p.json", body)], options()).contents.values())))
    assert not {"text", "extension", "photo"} & made.keys()
    assert made["address"] == [{"state": "MA", "country": "US", "postalCode": "021"}]


def test_a_table_in_cp949_keeps_its_encoding_and_columns() -> None:
    table = (
        "등록번호,환자명,입원일,약품명,메모\n"
        "10012345,김서연,2024-03-05,아스피린,보호자 이민지 님 통화\n10012345,김서연,2024-03-09,,없음\n"
    )
    out = work([("ward.csv", table.encode("cp949"))], options("surrogate"))
    rows = list(csv.reader(io.StringIO(next(iter(out.contents.values())).decode("cp949"))))
    assert rows[0] == ["등록번호", "환자명", "입원일", "약품명", "메모"]
    assert rows[1][1] == rows[2][1] != "김서연"
    assert (date.fromisoformat(rows[2][2]) - date.fromisoformat(rows[1][2])).days == 4
    assert rows[1][3] == "아스피린"
    assert "이민지" not in rows[1][4]
    kinds = {column.name: (column.kind, column.by) for column in out.report.inputs[0].columns}
    assert kinds["환자명"] == ("name", "header")


def test_cells_that_deny_a_diagnosis_stay_as_they_are() -> None:
    table = "진단,판정\n골절,골절 아님\n한센병,한센병 아님\n암,암 아님\n백혈병,백혈병 아님\n".encode()
    assert next(iter(work([("ward.csv", table)], options()).contents.values())) == table


def test_a_declared_column_goes_before_a_detected_one() -> None:
    table = b"code,name\nA1,Aspirin\n"
    out = work([("drugs.csv", table)], options(columns={"name": "keep"}))
    assert next(iter(out.contents.values())) == table


@pytest.mark.parametrize(
    ("name", "content", "columns", "told"),
    [
        ("a.json", b"{", {}, "no JSON"),
        ("a.json", b'{"resourceType":"Pateint"}', {}, "no resource type"),
        ("a.csv", b"", {}, "a.csv: .*empty"),
        ("empty.txt", b" \n", {}, "empty.txt: .*empty"),
        ("bin.dat", bytes(range(256)), {}, "bin.dat: .*NUL"),
        ("bin.txt", bytes(range(1, 256)) * 2, {}, "bin.txt: .*binary"),
        ("cut.txt", "환자명: 김서연".encode("cp949")[:-1] + b"\n", {}, "cut.txt: .*damaged"),
        ("a.csv", b"a,b\n1,2\n", {"c": "name"}, 'No column "c"'),
        ("a.csv", b"a,b\n1,2\n", {"a": "nmae"}, 'No kind "nmae"'),
    ],
)
def test_what_cannot_be_done_is_said(
    bogam: Bogam, name: str, content: bytes, columns: dict[str, str], told: str
) -> None:
    with pytest.raises(BadRequest, match=told):
        bogam.deidentify([(name, content)], actor=ROOT, purpose="administration", mode="tag", columns=columns)


def test_a_long_line_takes_seconds_and_says_how_far_it_is() -> None:
    text = "김서연 010-1234-5678 " * 20_000
    said: list[tuple[int, int]] = []
    start = perf_counter()
    out = work([("long.txt", text.encode())], options(), progress=lambda _, done, of: said.append((done, of)))
    assert perf_counter() - start < 30
    assert len(said) > 2
    assert said[-1] == (len(text), len(text))
    assert b"1234" not in next(iter(out.contents.values()))


def test_the_log_and_the_report_hold_numbers_and_no_values(bogam: Bogam) -> None:
    done = bogam.deidentify([("김서연.txt", NOTE.encode())], actor=ROOT, purpose="administration", mode="tag")
    assert done.report.by_category == {"date": 1, "name": 2, "record-number": 1}
    said = bogam.audit.entries(action="deidentify")[0]
    for text in (said.detail, said.target, json.dumps(done.report.json()), done.report.markdown()):
        assert not any(secret in text for secret in ("서연", "10023417", "박지훈", "2024-03"))
    assert "record-number/record-number" in said.detail


def test_values_are_listed_only_where_somebody_asks() -> None:
    shown = work([("n.txt", NOTE.encode())], options(show=True)).report.markdown()
    assert "10023417" in shown


def test_a_record_is_opened_only_by_who_may_read_it(bogam: Bogam) -> None:
    out = bogam.deidentify(actor=DOCTOR, purpose="operations", mode="tag", patient="p01")
    assert "서연".encode() not in next(iter(out.contents.values()))
    with pytest.raises(Refused):
        bogam.deidentify(actor=DOCTOR, purpose="treatment", mode="tag", patient="p01")
    with pytest.raises(Refused):
        bogam.deidentify(actor=ROOT, purpose="administration", mode="tag", patient="p01")


def test_the_key_is_the_owners_alone(bogam: Bogam) -> None:
    bogam.deidentify([("n.txt", NOTE.encode())], actor=ROOT, purpose="administration", mode="surrogate")
    assert (bogam.home / "deid.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_draft_cites_every_finding_and_says_what_was_not_found(bogam: Bogam, language: str) -> None:
    made = bogam.run("deidentify", patient="p01", actor=DOCTOR, purpose="treatment", language=language)
    assert made.claims
    assert {claim.support.state for claim in made.claims} == {"supported"}
    assert all(len(claim.citations) == 1 and claim.section for claim in made.claims)
    assert {claim.kind for claim in made.missing} >= {"missing.identifiers"}
    assert made.id == bogam.run("deidentify", patient="p01", actor=DOCTOR, purpose="treatment", language=language).id


def test_a_review_remembers_what_a_person_changed(bogam: Bogam) -> None:
    def review(change: Change | None = None) -> Any:
        return bogam.review(
            actor=DOCTOR, purpose="operations", mode="tag", text="Dr. Emily Park. bluebell agrees.", change=change
        )

    first = review()
    (finding,) = first.findings
    added = review(Change("add", words="bluebell"))
    assert "bluebell" not in added.result.text
    confirmed = review(Change("confirm"))
    assert confirmed.changes.confirmed[0] == "lee"
    gone = review(Change("remove", finding.start, finding.end))
    assert gone.changes.confirmed is None
    assert "Emily Park" in gone.result.text
    assert [each.start for each in review().removed] == [finding.start]
    assert "Emily Park" not in review(Change("restore", finding.start, finding.end)).result.text

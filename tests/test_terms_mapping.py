"""Mapping a hospital's local codes: reading its list, candidates with reasons, abstention, decisions, ConceptMap."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bogam import Actor, Bogam
from bogam.access.decide import Refused
from bogam.access.identity import Role
from bogam.app import BadRequest, Unknown
from bogam.record.r4.check import check
from bogam.terms.imported.piece import Bad
from bogam.terms.mapping import local
from bogam.terms.mapping.local import Local
from bogam.terms.mapping.matcher import Matcher, Target
from bogam.terms.mapping.wording import wordings

ADMIN = Actor("ada", "Ada", Role.administrator)
CODER = Actor("cho", "조코더", Role.coder)
NURSE = Actor("park", "박간호", Role.nurse)
DIAGNOSES = """코드,명칭,단위,검체
D1,급성충수염,,
D2,HTN,,
D3,xqzzt wvvk,,
D4,T2DM w/ CKD,,
D5
D1,두 번째,,
,없음,,
=1+1,폐렴,,
"""


def glucose() -> list[Target]:
    def lab(code: str, name: str, unit: str, specimen: str) -> Target:
        return Target(code, name, name, True, {"unit": unit, "specimen": specimen})

    return [
        lab("1", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", "Ser/Plas"),
        lab("2", "Glucose [Moles/volume] in Serum or Plasma", "mmol/L", "Ser/Plas"),
        lab("3", "Glucose [Mass/volume] in Urine", "mg/dL", "Urine"),
        lab("4", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", "Ser/Plas"),
    ]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (Local("a", "혈당", "mg/dL", "혈청"), "1"), (Local("b", "Glucose", "mmol/L", "serum"), "2"),
        (Local("c", "glucose", "mg/dl", "소변"), "3"), (Local("d", "크레아티닌", "mg/dL", "SERUM"), "4"),
    ],
)  # fmt: skip
def test_unit_and_specimen_decide_between_the_same_words(item: Local, code: str) -> None:
    answer = Matcher(glucose()).answers([item])[0]
    assert answer.candidates[0].code == code
    assert any(reason.startswith(("unit", "specimen")) for reason in answer.candidates[0].reasons)


def test_words_that_exclude_each_other_speak_against_a_candidate() -> None:
    targets = [
        Target("R", "Pain in right knee", "Pain in right knee"),
        Target("L", "Pain in left knee", "Pain in left knee"),
    ]
    answer = Matcher(targets).answers([Local("x", "knee pain, lt")])[0]
    assert answer.candidates[0].code == "L"
    assert "right, not left" in answer.candidates[1].reasons


def test_nothing_to_match_with_is_an_abstention() -> None:
    answer = Matcher([]).answers([Local("x", "anything")])[0]
    assert answer.abstained
    assert answer.candidates == ()


def test_wordings() -> None:
    assert wordings("T2DM w/ CKD")[0].startswith("type 2 diabete mellitu") or "type 2" in wordings("T2DM w/ CKD")[0]
    assert "type 2" in " ".join(wordings("2형 당뇨병"))
    assert "fracture" in wordings("fx")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-8-sig", "utf-16"])
def test_a_list_is_read_in_any_usual_encoding_and_bad_rows_are_told(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "진단.csv"
    path.write_bytes(DIAGNOSES.encode(encoding))
    rows = list(local.read(path))
    taken = [row for row in rows if isinstance(row, Local)]
    assert [row.code for row in taken] == ["D1", "D2", "D3", "D4", "=1+1"]
    reasons = [row.reason for row in rows if isinstance(row, Bad)]
    assert reasons == ["fewer columns than headings", "D1 stands in the file twice; the first is kept", "no code"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    made = Bogam(tmp_path_factory.mktemp("house") / "ward")
    path = made.home / "진단.csv"
    path.write_text(DIAGNOSES, "utf-8")
    with made.mapping("make", actor=CODER, purpose="payment") as desk:
        desk.make(path, system="icd-10-cm", by=CODER.id, name="진단명")
    return made


def test_from_a_file_to_a_concept_map(house: Bogam) -> None:
    asks = {"actor": CODER, "purpose": "payment"}
    with house.mapping("review", **asks) as desk:
        items = {item.code: item for item in desk.items(1)}
        assert desk.map(1).counts == {"open": 4, "abstained": 1}
        assert len(desk.map(1).bad) == 3
    assert items["D3"].state == "abstained"
    assert items["D1"].candidates[0].code == "K35.80"
    assert items["D4"].candidates[0].code == "E11.22"
    with house.mapping("approve", **asks) as desk:
        assert desk.choose(items["D1"].id, 0, by="cho").target == "K35.80"
        assert desk.none(items["D3"].id, by="cho").state == "none"
        assert desk.approve(items["D2"].id, "i10", by="cho").target == "I10"
        assert desk.approve(items["D2"].id, "I15.0", by="cho").target == "I15.0"
        assert desk.undo(items["D2"].id).target == "I10"
        assert desk.undo(items["D2"].id).state == "open"
        assert [item.code for item in desk.above(1, 0.9)] == ["D2", "D4", "=1+1"]
        assert desk.approve_all([items["D2"].id], by="cho") == 1
        body = desk.export(1, "fhir")
    check(body)
    made = json.loads(body)
    elements = {each["code"]: each["target"][0] for each in made["group"][0]["element"]}
    assert made["status"] == "draft"
    assert elements["D1"]["code"] == "K35.80"
    assert "approved by cho" in elements["D1"]["comment"]
    assert {each["url"].rpartition(":")[2] for each in elements["D1"]["extension"]} == {
        "method", "score", "approved-by", "approved-at",
    }  # fmt: skip
    assert elements["D3"]["equivalence"] == "unmatched"
    assert "code" not in elements["D3"]
    assert elements["D4"] == {"equivalence": "unmatched", "comment": "Not decided yet."}


def test_a_table_cannot_carry_a_formula(house: Bogam) -> None:
    with house.mapping("export", actor=ADMIN, purpose="administration") as desk:
        rows = list(csv.reader(io.StringIO(desk.export(1, "csv").decode("utf-8-sig"))))
    assert rows[-1][0] == "'=1+1"


def test_what_does_not_exist_is_told_and_who_may_not_is_refused(house: Bogam) -> None:
    asks = {"actor": CODER, "purpose": "payment"}
    with pytest.raises(Unknown, match="No map 9"), house.mapping("x", **asks) as desk:
        desk.map(9)
    with pytest.raises(Unknown, match="No item 999"), house.mapping("x", **asks) as desk:
        desk.none(999, by="cho")
    with pytest.raises(BadRequest, match="number 9"), house.mapping("x", **asks) as desk:
        desk.choose(1, 8, by="cho")
    with pytest.raises(BadRequest, match="I10 has no subdivisions"), house.mapping("x", **asks) as desk:
        desk.approve(1, "I10.9", by="cho")
    empty = house.home / "empty.csv"
    empty.write_text("code,name\n,HTN\n")
    with (
        pytest.raises(BadRequest, match="could be taken: no code"),
        house.mapping("x", **asks) as desk,
    ):
        desk.make(empty, system="icd-10-cm", by="cho")
    with pytest.raises(BadRequest, match="bogam terms import loinc"), house.mapping("x", **asks) as desk:
        desk.make(house.home / "진단.csv", system="loinc", by="cho")
    with pytest.raises(Refused), house.mapping("x", actor=NURSE, purpose="treatment"):
        pass
    log = house.audit.entries(limit=50)
    assert {entry.action for entry in log} >= {"map"}
    assert any(entry.outcome == "refuse" for entry in log)

"""Whole notes: sections, sentences, entities with what belongs to them, English and Korean."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.text.note import LIMIT, read_note
from bogam.text.reading import Entity, NoteReading

_KOREAN = """[입원초진기록] 2026-11-12 14:20
C/C) dyspnea, fever (3일 전부터)
P/I) 상기 67세 여자 환자 DM, HTN 과거력 있는 분으로 3일 전부터 발열, 기침 있어 내원. 흉통, 오심 없음.
Allergy) 페니실린 (발진)
Medication) metformin 500mg bid, amlodipine 5mg qd
V/S) BP 98/60 - HR 112 - BT 38.7, SpO2 91%
Lab) WBC 15.2 / Cr 1.4 mg/dL (H) / K 3.2 mmol/L
A)
#1. Pneumonia, RLL
P)
- ceftriaxone 2g IV q24h 7일간
- DM으로 insulin 조절, aspirin을 유지"""

_ENGLISH = """CHIEF COMPLAINT

Cough.

PAST MEDICAL HISTORY: Hypertension.
Allergies: NKDA
MEDICATIONS
- lisinopril 10 mg PO daily

Assessment & Plan
Left knee osteoarthritis. Return if fever develops."""


def _found(reading: NoteReading, words: str) -> Entity:
    return next(each for each in reading.entities if reading.text[each.start : each.end] == words)


def _attributes(reading: NoteReading, words: str) -> dict[str, str]:
    return {each.name: reading.text[each.start : each.end] for each in _found(reading, words).attributes}


def test_a_korean_admission_note() -> None:
    reading = read_note(_KOREAN)
    assert [part.key for part in reading.sections] == [
        "admission-note", "chief-complaint", "history", "allergies", "medications", "vitals", "results", "assessment",
        "plan",
    ]  # fmt: skip
    assert _attributes(reading, "metformin") == {"dose": "500mg", "frequency": "bid"}
    assert _attributes(reading, "ceftriaxone") == {
        "dose": "2g", "route": "IV", "frequency": "q24h", "duration": "7일간",
    }  # fmt: skip
    assert _attributes(reading, "Cr") == {"value": "1.4", "unit": "mg/dL", "flag": "H"}
    assert _attributes(reading, "페니실린") == {"reaction": "발진"}
    pressures = [(each.key, each.number) for each in reading.entities if each.key in ("sbp", "dbp")]
    assert pressures == [("sbp", 98.0), ("dbp", 60.0)]
    assert [_found(reading, words).assertion for words in ("발열", "흉통", "오심", "HTN")] == [
        "present", "absent", "absent", "historical",
    ]  # fmt: skip
    assert _found(reading, "aspirin").key == "d:aspirin"
    assert {each.key for each in reading.entities if each.section == "plan"} >= {"diabetes", "d:insulin"}


def test_an_english_note() -> None:
    reading = read_note(_ENGLISH)
    assert [part.key for part in reading.sections] == [
        "chief-complaint", "past-history", "allergies", "medications", "assessment-and-plan",
    ]  # fmt: skip
    assert _found(reading, "Hypertension").assertion == "historical"
    assert _found(reading, "fever").assertion == "hypothetical"
    assert _attributes(reading, "osteoarthritis").get("side", _attributes(reading, "knee").get("side")) == "Left"
    allergy = _found(reading, "NKDA")
    assert (allergy.kind, allergy.key, allergy.assertion) == ("allergy", "none-known", "absent")


@pytest.mark.parametrize(
    "line", ["NKDA", "Allergies: none", "No known drug allergies.", "Allergy) 없음", "알레르기 없음", "알레르기: 없음"]
)
def test_no_known_allergy(line: str) -> None:
    assert [(each.kind, each.key) for each in read_note(line).entities] == [("allergy", "none-known")]


@pytest.mark.parametrize("line", ["allergic to penicillin", "PCN allergy (rash)", "알레르기: 페니실린(발진)"])
def test_an_allergen(line: str) -> None:
    assert [(each.kind, each.key) for each in read_note(line).entities] == [("allergy", "d:penicillin")]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Seen by Dr. Kim. Stable.", ["Seen by Dr. Kim.", "Stable."]),
        ("Hb 3.5 today. No bleeding.", ["Hb 3.5 today.", "No bleeding."]),
        ("1. HTN\n2. DM", ["HTN", "DM"]),
        ("- 두통 호소함\n- 오심 없음", ["두통 호소함", "오심 없음"]),
        ("발열 지속됨. 기침 없음.", ["발열 지속됨.", "기침 없음."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in read_note(text).sentences] == sentences


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(_KOREAN.split() + _ENGLISH.split() + ["\n", "(", "# "])).map(" ".join)
)
def test_every_place_lies_where_it_should(text: str) -> None:
    reading = read_note(text)
    assert all(part.start <= part.body <= part.end <= len(text) for part in reading.sections)
    assert all(0 <= start < end <= len(text) for start, end in reading.sentences)
    for entity in reading.entities:
        start, end = reading.sentences[entity.sentence]
        assert start <= entity.start < entity.end <= end
        assert all(start <= each.start < each.end <= end for each in entity.attributes)
    assert [each.start for each in reading.entities] == sorted(each.start for each in reading.entities)


@pytest.mark.parametrize(
    "unit", ["a", "없음 ", "no fever ", "(", "1 ", "#\n", "페니실린 알레르기 ", "BP 120/80 ", "가", "\x00", "‮"]
)
def test_a_hostile_note_is_read_in_time(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    start = time.process_time()
    read_note(text)
    assert time.process_time() - start < 10


def test_what_is_longer_than_any_note_is_said_to_be_unread() -> None:
    assert read_note("x" * (LIMIT + 7)).unread == 7


def _values(text: str) -> list[tuple[str, float | None, str]]:
    return [
        (each.key, each.number, each.assertion) for each in read_note(text).entities if each.kind in ("lab", "vital")
    ]


_STRING = [("sbp", 120), ("dbp", 80), ("heart-rate", 72), ("respiratory-rate", 20), ("temperature", 36.5)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("V/S) 120/80-72-20-36.5", _STRING),
        ("BP 120/80-72-20-36.5", _STRING),
        ("P 80 R 20 T 36.5", [("heart-rate", 80), ("respiratory-rate", 20), ("temperature", 36.5)]),
        ("SpO2 94% (O2 2.9 L/min)", [("spo2", 94), ("oxygen-flow", 2.9)]),
        ("P 4.2 mg/dL, K 4.7", [("phosphate", 4.2), ("potassium", 4.7)]),
        ("hs-TnI 247 ng/L / CK-MB 8.0 ng/mL", [("troponin", 247), ("ck-mb", 8)]),
        ("2026/11-12-20-30", []),
        ("tel. 120/80-7220", []),
    ],
)  # fmt: skip
def test_values(text: str, values: list[tuple[str, float]]) -> None:
    assert _values(text) == [(key, number, "present") for key, number in values]


@pytest.mark.parametrize(
    "text", ["Target SpO2 88-92%", "SpO2 88-92% target", "SpO2 94% 이상 유지", "목표 혈압 130/80", "keep MAP > 65"]
)
def test_a_value_to_aim_for_was_not_measured(text: str) -> None:
    assert {said for _, number, said in _values(text) if number is not None} == {"hypothetical"}


@pytest.mark.parametrize("text", ["lactate q6h f/u", "repeat lactate 6-hourly", "Lactate every 6 hours"])
def test_an_order_is_no_value(text: str) -> None:
    assert _values(text) == [("lactate", None, "present")]


@pytest.mark.parametrize(
    ("text", "drug", "said"),
    [
        ("Stopped warfarin a week ago because of heartburn.", "warfarin", "historical"),
        ("amlodipine 속쓰림으로 1주 전 자의로 중단함.", "amlodipine", "historical"),
        ("Hold metformin and losartan", "losartan", "historical"),
        ("metformin, losartan hold", "metformin", "historical"),
        ("sertraline 중단, escitalopram 10mg으로 변경", "sertraline", "historical"),
        ("sertraline 중단, escitalopram 10mg으로 변경", "escitalopram", "present"),
        ("Sitagliptin stopped, insulin glargine 12 units at bedtime", "insulin glargine", "present"),
        ("warfarin 중단 예정", "warfarin", "present"),
        ("aspirin 유지", "aspirin", "present"),
    ],
)
def test_a_drug_that_was_stopped_or_is_held(text: str, drug: str, said: str) -> None:
    assert _found(read_note(text), drug).assertion == said


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Rt. CVA tenderness(+)", {"cva-tenderness"}),
        ("Hx of CVA", {"stroke"}),
        ("SpO2 97% on RA", {"spo2"}),
        ("falls asleep in meetings", set[str]()),
        ("As needed", set[str]()),
        ("혈액종양내과 협진", set[str]()),
        ("HD#3", set[str]()),
    ],
)
def test_what_a_name_means_in_its_place(text: str, keys: set[str]) -> None:
    assert {each.key for each in read_note(text).entities} == keys


def test_a_reaction_belongs_to_its_allergen() -> None:
    reading = read_note("Allergy) 메밀 (두드러기)")
    assert [(each.kind, each.key) for each in reading.entities] == [("allergy", "buckwheat")]
    assert _attributes(reading, "메밀") == {"reaction": "두드러기"}

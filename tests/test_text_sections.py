"""Headings of notes, English and Korean, with and without punctuation; and what looks like one and is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.text.sections import heading_key, sections


def _read(text: str) -> list[tuple[str, str]]:
    return [(part.key, text[part.body : part.end].strip()) for part in sections(text)]


@pytest.mark.parametrize(
    ("line", "key", "body"),
    [
        ("Chief complaint: fever", "chief-complaint", "fever"),
        ("C/C) 발열", "chief-complaint", "발열"),
        ("C.C. : fever", "chief-complaint", "fever"),
        ("주소: 두통", "chief-complaint", "두통"),
        ("주호소) 두통", "chief-complaint", "두통"),
        ("P/I> 3일 전부터 기침", "history", "3일 전부터 기침"),
        ("HPI 3 days of cough", "history", "3 days of cough"),
        ("현병력 : 3일 전부터 기침", "history", "3일 전부터 기침"),
        ("Past medical history - HTN", "past-history", "HTN"),
        ("과거력) HTN", "past-history", "HTN"),
        ("PSH: appendectomy", "surgical-history", "appendectomy"),
        ("가족력: 부친 위암", "family-history", "부친 위암"),
        ("Allergies: NKDA", "allergies", "NKDA"),
        ("알러지) 없음", "allergies", "없음"),
        ("복용약: metformin", "medications", "metformin"),
        ("퇴원약) aspirin", "discharge-medications", "aspirin"),
        ("V/S BP 98/60", "vitals", "BP 98/60"),
        ("Exam: lungs clear", "exam", "lungs clear"),
        ("ROS) cough(+)", "review-of-systems", "cough(+)"),
        ("**Assessment:** CHF", "assessment", "CHF"),
        ("A/P: admit", "assessment-and-plan", "admit"),
        ("Assessment & Plan: admit", "assessment-and-plan", "admit"),
        ("[간호기록] 통증 호소", "nursing", "통증 호소"),
        ("■ 검사결과: Hb 9.8", "results", "Hb 9.8"),
        ("치료: 항생제", "plan", "항생제"),
        ("P) abx", "plan", "abx"),
    ],
)
def test_a_heading_and_what_stands_under_it(line: str, key: str, body: str) -> None:
    found = _read(line)
    assert [each[0] for each in found] == [key]
    assert found[0][1].lstrip("-: ") == body


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("PLAN", "plan"),
        ("Plan", "plan"),
        ("# Plan", "plan"),
        ("과거력", "past-history"),
        ("[퇴원요약]", "discharge-note"),
    ],
)
def test_a_line_of_its_own_heads_the_next(title: str, key: str) -> None:
    assert _read(f"{title}\n첫 줄\nsecond line") == [(key, "첫 줄\nsecond line")]


@pytest.mark.parametrize(
    "line",
    [
        "plan to admit",
        "allergy to penicillin",
        "impression of pneumonia",
        "He has a history of: DM",
        "PMHx of HTN and DM",
        "진단은 폐렴임",
        "과거력상 HTN 있음",
        "검사 시행함",
        "S/P appendectomy",
        "P 80",
        "a. first",
        "BP: 120/80",
        "fever: yes",
        "K > 5.0",
        "at 10:30 seen by Dr. Kim",
    ],
)
def test_no_heading(line: str) -> None:
    assert [part.key for part in sections(line)] == [""]


def test_headings_within_a_line() -> None:
    assert _read("Impression: CHF. Plan: admit.") == [("diagnosis", "CHF."), ("plan", "admit.")]


def test_soap_by_letters() -> None:
    assert _read("S: cough\nO: BT 38.1\nA: CAP\nP: antibiotics") == [
        ("subjective", "cough"), ("objective", "BT 38.1"), ("assessment", "CAP"), ("plan", "antibiotics"),
    ]  # fmt: skip


def test_an_unknown_heading_gives_its_own_words() -> None:
    assert [part.key for part in sections("# Social Work Visit\nSeen today")] == ["social-work-visit"]


def test_a_key_does_not_depend_on_how_a_heading_is_written() -> None:
    assert {heading_key(each) for each in ("P/I)", "p.i", "HPI", "현병력", "현 병력")} == {"history"}
    assert heading_key("weather") == heading_key("x" * 500) == ""


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["C/C)", "P>", "\n", "Plan", "[", "]", "# ", "과거력"])).map("".join)
)
def test_sections_cover_the_text_without_gaps(text: str) -> None:
    parts = sections(text)
    assert "".join(text[part.start : part.end] for part in parts) == text
    assert all(part.start <= part.body <= part.end for part in parts)


@pytest.mark.parametrize("unit", ["A:", "[", "# ", "plan ", "P) ", "\n", "가 ", "  :"])
def test_a_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    start = time.process_time()
    sections(unit * 20_000)
    assert time.process_time() - start < 5

"""Atoms: numbers, units, dates, frequencies, drugs and denials found in English and Korean text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.terms.units import canonical
from bogam.text.atoms import atoms, read
from bogam.text.dates import dates
from bogam.text.polarity import AFFIRMED, DENIED, UNCERTAIN
from bogam.text.quantities import frequencies, quantities, same_number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4.1 mmol/L", [("4.1", "mmol/l", "")]),
        ("BP 120/80 mmHg", [("120", "mmhg", ""), ("80", "mmhg", "")]),
        ("1,200 mL", [("1200", "ml", "")]),
        ("37.8℃", [("37.8", "°c", "")]),
        ("98 %", [("98", "%", "")]),
        ("0.5–1.6 mg/dL", [("0.5", "mg/dl", ""), ("1.6", "mg/dl", "")]),
        ("<0.01 ng/mL", [("0.01", "ng/ml", "<")]),
        ("38도 이상", [("38", "°c", ">=")]),
        ("T-score -3.7", [("-3.7", None, "")]),
        ("５００ｍｇ", [("500", "mg", "")]),
        ("WBC 12.3 x10^3/µL", [("12.3", "10*3/ul", "")]),
        ("67세", [("67", "a", "")]),
        ("two tablets", [("2", "tab", "")]),
        ("Marine542 Ai120", []),
        ("HbA1c", []),
    ],
)
def test_quantities(text: str, found: list[tuple[str, str | None, str]]) -> None:
    assert [(each.digits, each.unit, each.comparator) for each in read(text).quantities] == found


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("q8h", 3),
        ("every 8 hours", 3),
        ("8시간마다", 3),
        ("BID", 2),
        ("twice daily", 2),
        ("하루 2회", 2),
        ("2회/일", 2),
        ("qod", 0.5),
        ("주 3회", 3 / 7),
    ],
)
def test_frequencies(text: str, rate: float) -> None:
    assert [each.high for each in frequencies(text)] == [pytest.approx(rate)]


def test_a_bare_count_is_no_frequency() -> None:
    assert frequencies("총 3회 시행") == ()
    assert quantities("3회")[0].unit == "times"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2026-11-20T06:10:00+09:00", (2026, 11, 20, 6, 10)),
        ("2026년 11월 20일 오후 3시 5분", (2026, 11, 20, 15, 5)),
        ("11월 20일", (None, 11, 20, None, None)),
        ("Nov 20, 2026", (2026, 11, 20, None, None)),
        ("20-Nov-2026", (2026, 11, 20, None, None)),
        ("11/20/2026", (2026, 11, 20, None, None)),
        ("06:10", (None, None, None, 6, 10)),
        ("2026.11.20", (2026, 11, 20, None, None)),
    ],
)
def test_dates(text: str, parts: tuple[int | None, ...]) -> None:
    assert [when.readings for when in dates(text)] == [(parts,)]


def test_an_ambiguous_date_has_both_readings() -> None:
    assert {reading[1:3] for reading in dates("05/06/2026")[0].readings} == {(5, 6), (6, 5)}


@pytest.mark.parametrize(
    ("one", "other"),
    [("MG/DL", "mg/dl"), ("mcg", "µg"), ("Cel", "℃"), ("10*3/uL", "K/uL"), ("10*9/L", "x10^3/uL"), ("mm[Hg]",
    "mmHg"), ("회/분", "bpm"),
     ("mL/min/{1.73_m2}", "mL/min/1.73m²"), ("UNT/ML", "units/mL"), ("{score}", "")],
)  # fmt: skip
def test_units_that_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [("mg", "mcg"), ("mg/dL", "mmol/L"), ("g/dL", "g/L"), ("U/L", "IU/L"), ("d", "wk")]
)
def test_units_that_are_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("claimed", "cited", "same"),
    [("4.3", "4.339606", True), ("4.10", "4.1", True), ("137", "137.27", True), ("4", "4.1", False), ("12",
    "12.5", False), ("0.13", "0.125", False),
     ("1851", "1851.54028", False), ("1852", "1851.54028", True), ("4.4", "4.339606", False)],
)  # fmt: skip
def test_rounding(claimed: str, cited: str, same: bool) -> None:
    assert same_number(claimed, cited) is same


@pytest.mark.parametrize(
    ("text", "key", "state"),
    [
        ("Denies chest pain, dyspnea, or cough", "cough", DENIED),
        ("No fever but has cough", "cough", AFFIRMED),
        ("Fever was not seen", "fever", DENIED),
        ("흉통은 없으며 호흡곤란 호소", "chest-pain", DENIED),
        ("흉통은 없으며 호흡곤란 호소", "dyspnea", AFFIRMED),
        ("기침, 발열 없음", "fever", DENIED),
        ("기침, 발열 없음", "cough", UNCERTAIN),
        ("폐렴이 아니라 기관지염", "bronchitis", AFFIRMED),
        ("NKDA", "allergy", DENIED),
    ],
)
def test_denial(text: str, key: str, state: int) -> None:
    reading = read(text)
    assert [reading.polarity.at(each.start) for each in reading.keys if each.name == key] == [state]


def test_atoms_stand_where_they_say() -> None:
    text = "좌측 무릎 통증으로 acetaminophen 650 mg q6h, 2026-11-20 시작 (I10)."
    found = {atom.kind: text[atom.start : atom.end] for atom in atoms(text) if atom.kind not in ("term", "status")}
    assert found == {
        "side": "좌",
        "drug": "acetaminophen",
        "number": "650 mg",
        "frequency": "q6h",
        "date": "2026-11-20",
        "code": "I10",
    }


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for atom in atoms(text):
        assert 0 <= atom.start <= atom.end <= len(text)


@given(st.text(alphabet="0123456789.,-/: 년월일mgdLq회없not한두", max_size=80))
def test_any_figures_can_be_read(text: str) -> None:
    atoms(text)

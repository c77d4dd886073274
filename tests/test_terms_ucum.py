"""Units convert by UCUM and by molar mass; what cannot be compared is refused with its reason."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.terms.ucum import UnitError, convert, molar_mass, same, substance, ucum

PAIRS = [
    (100, "mg/dL", 5.55, "mmol/L", "glucose"), (126, "mg/dl", 7.0, "mmol/L", "공복혈당"),
    (200, "mg/dL", 5.17, "mmol/L", "총 콜레스테롤"), (150, "mg/dL", 1.69, "mmol/L", "triglycerides"),
    (1.0, "mg/dL", 88.4, "umol/L", "creatinine"), (14, "mg/dL", 5.0, "mmol/L", "BUN"),
    (10, "mg/dL", 2.50, "mmol/L", "calcium"), (10, "mg/dL", 5.0, "mEq/L", "calcium"),
    (140, "mEq/L", 140, "mmol/L", "sodium"), (1.0, "mg/dL", 17.1, "umol/L", "bilirubin"),
    (6.0, "mg/dL", 357, "umol/L", "uric acid"), (6.5, "%", 47.5, "mmol/mol", "HbA1c"),
    (7.2, "K/uL", 7.2, "10*9/L", ""), (98.6, "[degF]", 37.0, "Cel", ""), (7.5, "mm[Hg]", 1.0, "kPa", ""),
    (1000, "mcg", 1, "mg", ""), (150, "lb", 68.0, "kg", ""), (250, "pg/mL", 250, "ng/L", ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "other", "other_unit", "of"), PAIRS)
def test_known_pairs_compare_both_ways(value: float, unit: str, other: float, other_unit: str, of: str) -> None:
    assert same(value, unit, other, other_unit, of)
    assert same(other, other_unit, value, unit, of)
    assert not same(value * 1.05, unit, other, other_unit, of)


@pytest.mark.parametrize(
    ("unit", "to", "of", "why"),
    [
        ("mg/dL", "mmol/L", "", "molar mass"), ("mg/dL", "mmol/L", "CRP", "molar mass"),
        ("mg/dL", "mm[Hg]", "glucose", "same thing"), ("U/L", "[IU]/L", "", "arbitrary"),
        ("meq/L", "mmol/L", "", "charge"), ("meq/L", "mmol/L", "glucose", "charge"),
        ("ng/mL{FEU}", "mg/L{DDU}", "", "marked"), ("foo", "mg", "", "no unit"), ("mg/", "mg", "", "no unit"),
        ("", "mg", "", "no unit"), ("정", "mg", "", "no unit"), ("mg" * 99, "mg", "", "no unit"),
        ("(" * 59, "mg", "", "no unit"),
    ],
)  # fmt: skip
def test_what_does_not_compare_is_refused_with_the_reason(unit: str, to: str, of: str, why: str) -> None:
    with pytest.raises(UnitError, match=why) as caught:
        convert(1.0, unit, to, of)
    assert any("가" <= sign <= "힣" for sign in caught.value.reason_ko)


def test_thousands_are_not_kelvin_and_case_is_forgiven() -> None:
    assert ucum("K/uL") == "10*3/uL"
    assert ucum("MG/DL") == "mg/dL"
    assert ucum("℃") == "Cel"
    assert ucum("mL/min/1.73m2") == ucum("mL/min/{1.73_m2}")
    assert ucum("{score}") in ("1", "{score}")


def test_molar_masses_come_from_formulas() -> None:
    assert molar_mass("C6H12O6") == pytest.approx(180.156)
    assert molar_mass("C27H46O") == pytest.approx(386.66, abs=0.01)
    found = substance("Glucose [Mass/volume] in Serum or Plasma")
    assert found is not None
    assert found.key == "glucose"
    assert substance("glucose and creatinine") is None
    assert substance("") is None


@given(st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_unit_or_is_refused(text: str) -> None:
    with suppress(UnitError):
        assert convert(1.0, text, text) == 1.0


def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    script = "import sys, bogam.terms.ucum; print(*(name for name in ('pint', 'ucumvert') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

"""Small FHIR elements: codes, quantities, ranges, dosages, instants."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bogam.synthetic.catalog.drugs import FREQUENCIES, ROUTES, UNITS
from bogam.synthetic.catalog.tests import Test
from bogam.synthetic.people import Json

HL7: Final = "http://terminology.hl7.org/CodeSystem/"
SCT: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ICD: Final = "http://hl7.org/fhir/sid/icd-10"
ATC: Final = "http://www.whocc.no/atc"
CVX: Final = "http://hl7.org/fhir/sid/cvx"

Value = float | int
Bounds = tuple[float | None, float | None]

_READABLE: Final = {
    "Cel": "°C",
    "mm[Hg]": "mmHg",
    "10*3/uL": "10^3/uL",
    "mL/min/{1.73_m2}": "mL/min/1.73m2",
    "{INR}": "INR",
    "{score}": "score",
    "m[IU]/L": "mIU/L",
    "[IU]/mL": "IU/mL",
    "[pH]": "pH",
    "/[HPF]": "/HPF",
}
_CHILDLESS: Final = frozenset({"hr", "rr", "sbp", "dbp", "bmi", "hb"})
"""Tests whose adult range says nothing about a child."""


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def coded(system: str, code: str) -> Json:
    """Build a CodeableConcept of an HL7 terminology code."""
    return {"coding": [{"system": HL7 + system, "code": code}]}


def rounded(value: Value, test: Test) -> Value:
    """Round as the test is reported; a test without decimals gives a whole number."""
    return round(value, test.decimals) if test.decimals else round(value)


def unit(test: Test) -> str:
    """Return the unit as people write it."""
    return _READABLE.get(test.unit, test.unit)


def quantity(value: Value, test: Test) -> Json:
    return {"value": value, "unit": unit(test), "system": UCUM, "code": test.unit}


def bounds(test: Test, sex: str, adult: bool) -> Bounds:
    """Return the reference range for this patient, (None, None) where the table's does not apply."""
    if not adult and test.key in _CHILDLESS:
        return None, None
    if sex == "M" and test.key == "hb":
        return 13.0, 17.0
    return test.low, test.high


def ranges(test: Test, limits: Bounds) -> dict[str, Any]:
    """Return ``referenceRange`` as a keyword, or nothing where there is no range."""
    sides = {
        name: quantity(rounded(v, test), test) for name, v in zip(("low", "high"), limits, strict=True) if v is not None
    }
    return {"referenceRange": [sides]} if sides else {}


def interpretation(value: Value, test: Test, limits: Bounds) -> list[Json] | None:
    """Return HL7 v3 ObservationInterpretation by range and critical limits; None where there is no range."""
    low, high = limits
    if low is None and high is None:
        return None
    if test.critical_low is not None and value < test.critical_low:
        code = "LL"
    elif test.critical_high is not None and value > test.critical_high:
        code = "HH"
    elif low is not None and value < low:
        code = "L"
    elif high is not None and value > high:
        code = "H"
    else:
        code = "N"
    return [coded("v3-ObservationInterpretation", code)]


def dosage(dose: str, freq: str, route: str, prn: bool, korean: bool) -> Json:
    """Build a Dosage with its text and its structure from e.g. ``500 mg``, ``bid``, ``po``."""
    number, name = dose.split(" ", 1)
    value: Value = float(number) if "." in number else int(number)
    amount = {"value": value, "unit": name, "system": UCUM, "code": UNITS[name]}
    en_freq, ko_freq, repeat = FREQUENCIES[freq]
    code, en_route, ko_route = ROUTES[route]
    if korean:
        text = f"1회 {dose} {ko_freq} {ko_route}" if repeat else f"{dose} {ko_route} {ko_freq}"
        text += " (필요시)" if prn else ""
    else:
        text = f"{dose} {en_route} {en_freq}{' as needed' if prn else ''}"
    timing = {"repeat": repeat} if repeat else {"code": {"text": ko_freq if korean else en_freq}}
    rate = {"rateQuantity": amount} if "/" in name else {"doseQuantity": amount}
    way = {"coding": [{"system": SCT, "code": code}], "text": ko_route if korean else en_route}
    return {"text": text, "timing": timing, "asNeededBoolean": prn, "route": way, "doseAndRate": [rate]}

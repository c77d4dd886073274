"""What is indexed of a resource, and whose record it is part of."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.record.json import decode
from bogam.record.r4 import definitions, primitives
from bogam.record.r4.check import CheckError, check
from bogam.record.search import index, plan
from bogam.record.search.values import FIRST, LAST, norm, span


def rows(resource: dict[str, Any]) -> index.IndexRows:
    body = json.dumps(resource).encode()
    check(body)
    return index.rows(resource["resourceType"], decode(body))


def observation(**references: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **references}


def to(*refs: str) -> list[dict[str, str]]:
    return [{"reference": ref} for ref in refs]


def appointment(*refs: str) -> dict[str, Any]:
    taking = [{"status": "accepted", "actor": actor} for actor in to(*refs)]
    return {"resourceType": "Appointment", "status": "booked", "participant": taking}


COVERAGE = {
    "resourceType": "Coverage",
    "status": "active",
    "policyHolder": {"reference": "Patient/parent"},
    "beneficiary": {"reference": "Patient/child"},
    "payor": to("Organization/o"),
}


@pytest.mark.parametrize(
    ("resource", "patient"),
    [
        ({"resourceType": "Patient", "id": "p"}, "p"),
        (observation(subject=to("Patient/p")[0]), "p"),
        (observation(subject=to("http://h/fhir/Patient/p/_history/3")[0]), "p"),
        (observation(subject=to("Group/g")[0], performer=to("Practitioner/d", "Patient/q")), "q"),
        (observation(subject={"display": "nobody"}), None),
        (COVERAGE, "child"),
        (appointment("Location/l", "Patient/p"), "p"),
        ({"resourceType": "Device", "patient": to("Patient/p")[0]}, "p"),
        ({"resourceType": "Practitioner"}, None),
    ],
)
def test_knows_whose_record_a_resource_is_in(resource: dict[str, Any], patient: str | None):
    assert rows(resource).patient == patient


def test_every_place_has_a_number_of_its_own():
    places: dict[int, set[str]] = {}
    for name in definitions.resources():
        for parameter in plan.parameters(name).values():
            for place in parameter.places:
                places.setdefault(place.key, set()).add(f"{name} {place.type}")
    assert all(len(names) == 1 for names in places.values())
    assert len(places) > 2000


def test_parameters_that_share_a_path_share_its_rows():
    parameters = plan.parameters("Observation")
    assert parameters["patient"].keys == parameters["subject"].keys
    assert set(parameters["combo-code"].keys) == {*parameters["code"].keys, *parameters["component-code"].keys}


@pytest.mark.parametrize(
    ("text", "low", "high", "shift"),
    [
        ("1970", 0, 365 * 86_400_000, None),
        ("1970-02", 31 * 86_400_000, 59 * 86_400_000, None),
        ("1970-01-01", 0, 86_400_000, None),
        ("1970-01-01T09:00:00+09:00", 0, 1000, 32_400_000),
        ("1970-01-01T00:00:01.500Z", 1500, 1501, 0),
        ("1970-01-01T00:00:00.123456789Z", 123, 124, 0),
        ("1969-12-31T23:59:60Z", -1000, 0, 0),
        ("9999-12-31", LAST - 86_400_000, LAST, None),
        ("9999", LAST - 365 * 86_400_000, LAST, None),
        ("0001", FIRST, FIRST + 365 * 86_400_000, None),
    ],
)
def test_a_time_covers_what_its_precision_says(text: str, low: int, high: int, shift: int | None):
    assert span(text) == (low, high, shift)


@settings(max_examples=500, deadline=None)
@given(st.from_regex(primitives.PATTERNS["dateTime"], fullmatch=True))
def test_every_valid_time_is_indexed(text: str):
    low, high, shift = span(text)
    assert low < high
    assert FIRST - 15 * 3_600_000 <= low <= LAST + 15 * 3_600_000
    assert shift is None or abs(shift) <= 14 * 3_600_000


def test_text_is_compared_without_case_accents_and_width():
    assert norm("  MÜLLER  Ｋａｒｌ ") == "muller karl"
    assert norm("김영희") == "김영희"
    assert norm("ﬁ") == "fi"


MEMBERS = ("coding", "text", "value", "system", "code", "start", "end", "reference", "given", "family", "url", "low")
VALUES = st.recursive(
    st.sampled_from(["2019", "2019-01-01T00:00:00Z", "Patient/1", "x", "", 1, 2.5, -7, True, None, "#a"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(["Observation", "Patient", "Condition", "Encounter", "MedicationRequest", "Goal"]), st.data())
def test_whatever_is_accepted_can_be_indexed(kind: str, draw: st.DataObject):
    least = {
        "Observation": {"status": "final", "code": {"text": "x"}},
        "Condition": {"subject": {"reference": "Patient/1"}},
        "Encounter": {"status": "planned", "class": {"code": "AMB"}},
        "MedicationRequest": {
            "status": "active",
            "intent": "order",
            "subject": {"display": "x"},
            "medicationCodeableConcept": {"text": "y"},
        },
        "Goal": {"lifecycleStatus": "active", "description": {"text": "x"}, "subject": {"display": "x"}},
    }
    members = draw.draw(st.dictionaries(st.sampled_from(sorted(definitions.elements(kind))), VALUES, max_size=3))
    body = json.dumps({"resourceType": kind, **least.get(kind, {}), **members}).encode()
    try:
        check(body)
    except CheckError:
        return
    index.rows(kind, decode(body))


@pytest.mark.data
def test_public_data_is_indexed(data: Path):
    counts = {"token": 0, "reference": 0, "string": 0, "date": 0, "quantity": 0}
    with tarfile.open(next((data / "synthea").glob("*.tar.gz"))) as tar:
        for member in list(tar)[:6]:
            file = tar.extractfile(member)
            for entry in decode(file.read())["entry"] if file else ():
                found = index.rows(entry["resource"]["resourceType"], entry["resource"])
                for name in counts:
                    counts[name] += len(getattr(found, name))
    assert min(counts.values()) > 100

"""What `check` accepts and refuses, and how it says so."""

from __future__ import annotations

import copy
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.record.r4 import definitions, structs, walk
from bogam.record.r4.check import Checked, CheckError, check

OBSERVATION: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "a1",
    "status": "final",
    "category": [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
    ],
    "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0", "display": "Glucose"}], "text": "혈당"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2019-03-01T08:30:00+09:00",
    "valueQuantity": {"value": 5.40, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    "component": [{"code": {"text": "part"}, "valueString": "x"}],
}
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "name": [{"family": "이", "given": ["영희"]}]}
URL = "http://example.org/x"


def problems(resource: Any) -> list[tuple[str, str]]:
    """What `check` says, and that both of its ways agree on it."""
    body = resource if isinstance(resource, bytes) else json.dumps(resource, ensure_ascii=False).encode()
    try:
        check(body)
    except CheckError as error:
        return error.problems
    assert walk.examine(body, entries=False)[2] == []
    return []


def observation(**changes: Any) -> dict[str, Any]:
    found = copy.deepcopy(OBSERVATION) | changes
    return {name: value for name, value in found.items() if value is not ...}


def test_returns_type_and_id():
    assert check(json.dumps(OBSERVATION).encode()) == Checked("Observation", "a1")
    assert check(b'{"resourceType":"Patient"}') == Checked("Patient", None)
    assert check(b' {"id":"x",\n"resourceType" : "Patient"}\n') == Checked("Patient", "x")


@pytest.mark.parametrize(
    ("changes", "pointer", "reason"),
    [
        (
            {"status": "done"},
            "/status",
            'Observation.status is "done"; allowed: registered, preliminary, final, amended, corrected, cancelled, '
            "entered-in-error, unknown",
        ),
        ({"status": ...}, "", "Observation.status is missing; R4 requires it"),
        ({"colour": 1}, "/colour", 'Observation has no element "colour" in R4'),
        ({"subjects": {}}, "/subjects", 'Observation has no element "subjects" in R4; did you mean subject?'),
        ({"code": [{"text": "x"}]}, "/code", "Observation.code is a list; R4 allows only one"),
        ({"category": {"text": "x"}}, "/category", "Observation.category is an object; it must be a list"),
        ({"category": []}, "/category", "Observation.category is an empty list; leave it out when there is no value"),
        ({"code": {}}, "/code", "Observation.code is an empty object; leave it out when there is no value"),
        ({"code": "x"}, "/code", 'Observation.code is the string "x"; it must be an object'),
        ({"code": None}, "/code", "Observation.code is null; it must be an object"),
        ({"issued": ""}, "/issued", "Observation.issued is empty; leave the element out when there is no value"),
        (
            {"valueString": "x"},
            "/valueString",
            "Observation has valueQuantity and valueString; only one of value[x] may be there",
        ),
        (
            {"valueQuantity": {"value": "5.4"}},
            "/valueQuantity/value",
            'Observation.valueQuantity.value is the string "5.4"; it must be a number',
        ),
        (
            {"valueQuantity": ..., "valueInteger": 1.0},
            "/valueInteger",
            "Observation.valueInteger is 1.0; it must be a whole number without fraction or exponent",
        ),
        (
            {"valueQuantity": ..., "valueInteger": 2**31},
            "/valueInteger",
            "Observation.valueInteger is 2147483648; it must be from -2,147,483,648 to 2,147,483,647",
        ),
        (
            {"valueQuantity": ..., "valueBoolean": 1},
            "/valueBoolean",
            "Observation.valueBoolean is the number 1; it must be true or false",
        ),
        (
            {"id": "a b"},
            "/id",
            'Observation.id is "a b", which is not an id: 1 to 64 letters, digits, hyphens and dots',
        ),
        (
            {"subject": {"reference": "#p"}},
            "/subject/reference",
            'Observation.subject.reference is "#p", but no contained resource has that id',
        ),
        (
            {"text": {"status": "generated", "div": "x"}},
            "/text/div",
            'Observation.text.div is "x", which is not a narrative that begins with <div',
        ),
        (
            {"extension": [{"url": URL}]},
            "/extension/0",
            "Observation.extension must have either a value or extensions of its own",
        ),
        (
            {"component": [{"code": {"text": "a"}, "code2": 1}]},
            "/component/0/code2",
            'Observation.component has no element "code2" in R4; did you mean code?',
        ),
    ],
)
def test_says_what_is_wrong_and_where(changes: dict[str, Any], pointer: str, reason: str):
    assert problems(observation(**changes)) == [(pointer, reason)]


def test_finds_every_problem():
    wrong = observation(status="done", code=..., subject={"reference": "nowhere"})
    with pytest.raises(CheckError) as caught:
        check(json.dumps(wrong).encode())
    assert caught.value.problems[0] == (caught.value.pointer, caught.value.reason)
    assert {pointer for pointer, _ in problems(wrong)} == {"/status", "", "/subject/reference"}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2019", True),
        ("2019-02", True),
        ("2019-02-28", True),
        ("2020-02-29", True),
        ("2000-02-29", True),
        ("2019-02-30", False),
        ("2019-02-29", False),
        ("1900-02-29", False),
        ("2019-04-31", False),
        ("2019-13", False),
        ("0000", False),
        ("0001-01-01", True),
        ("19-01-01", False),
        ("2019-2-1", False),
        ("2019-02-01T08:30:00Z", True),
        ("2019-02-01T08:30:00.123456789-05:00", True),
        ("2019-02-01T23:59:60Z", True),
        ("2019-02-01T08:30:00", False),
        ("2019-02-01T08:30Z", False),
        ("2019-02-01T24:00:00Z", False),
        ("2019-02-01T08:30:00+15:00", False),
        ("2019-02-01 08:30:00Z", False),
        ("2019-02-0٣", False),
        ("2019-02-01\n", False),
    ],
)
def test_dates_must_exist(text: str, valid: bool):
    assert (problems(observation(effectiveDateTime=text)) == []) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("Patient/1", True),
        ("Patient/1/_history/2", True),
        ("http://example.org/fhir/Patient/1", True),
        ("urn:uuid:0c2a34a4-d948-4917-98b8-f44a77e459d8", True),
        ("urn:oid:1.2.3", True),
        ("Practitioner?identifier=http://x|1", True),
        ("urn:uuid:123", False),
        ("Patient", False),
        ("Patient/", False),
        ("Person Patient/1", False),
        ("Unknown/1", False),
        ("/Patient/1", False),
        ("Patient/1 ", False),
    ],
)
def test_references_have_a_form(text: str, valid: bool):
    assert (problems(observation(subject={"reference": text})) == []) is valid


def test_a_primitive_may_be_only_an_extension():
    why = {"extension": [{"url": URL, "valueCode": "unknown"}]}
    assert problems(observation(status=..., _status=why)) == []
    assert problems(observation(effectiveDateTime=..., _effectiveDateTime=why)) == []
    assert problems(observation(effectivePeriod={"start": "2019"}, effectiveDateTime=..., _effectiveDateTime=why))
    assert problems(observation(_subject=why))[0][0] == "/_subject"


def test_null_stands_only_beside_an_extension():
    why = {"extension": [{"url": URL, "valueCode": "masked"}]}
    name = {"given": ["a", None], "_given": [None, why]}
    assert problems(PATIENT | {"name": [name]}) == []
    assert problems(PATIENT | {"name": [{"given": ["a", None]}]})[0][0] == "/name/0/given/1"
    assert problems(PATIENT | {"name": [name | {"_given": [None, None]}]})
    assert problems(PATIENT | {"name": None})[0][0] == "/name"


def test_contained_resources_are_checked():
    inner = {"resourceType": "Patient", "id": "p", "gender": "female"}
    outer = observation(contained=[inner], subject={"reference": "#p"})
    assert problems(outer) == []
    assert problems(observation(contained=[inner | {"gender": "f"}]))[0][0] == "/contained/0/gender"
    nested = inner | {"contained": [{"resourceType": "Patient", "id": "q"}]}
    assert "cannot contain" in problems(observation(contained=[nested]))[0][1]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "x", "resource": inner | {"gender": "f"}}]}
    assert problems(parameters)[0][0] == "/parameter/0/resource/gender"


def test_entries_of_a_bundle_are_checked_when_asked():
    entry = {"resource": PATIENT | {"gender": "f"}}
    bundle = json.dumps({"resourceType": "Bundle", "type": "batch", "entry": [entry]}).encode()
    assert check(bundle).type == "Bundle"
    with pytest.raises(CheckError, match="gender"):
        check(bundle, entries=True)
    within = {"resourceType": "Parameters", "parameter": [{"name": "x", "resource": json.loads(bundle)}]}
    assert problems(within)[0][0] == "/parameter/0/resource/entry/0/resource/gender"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"resourceType":"Patient"} x', "not JSON"),
        (b"[]", "a resource is an object"),
        (b"{}", 'no "resourceType"'),
        (b'{"resourceType":"Pationt"}', "did you mean Patient?"),
        (b'{"resourceType":["Patient"]}', "is of type a list"),
        (b'{"resourceType":"SubscriptionStatus"}', "R4 does not know"),
        (b'\xef\xbb\xbf{"resourceType":"Patient"}', "byte order mark"),
        (b'{"resourceType":"Patient","id":"\xff"}', "not UTF-8: byte 0xff at offset 32"),
        (b'{"resourceType":"Patient","name":[{"text":"\\ud800"}]}', "surrogate"),
        (b'{"resourceType":"Patient","name":[{"text":"a\\u0000"}]}', "control character"),
        (b'{"resourceType":"Patient","name":[{"text":"a\\f"}]}', "control character"),
        (b'{"resourceType":"Patient","id":"a","id":"a"}', "appears twice"),
        (b'{"resourceType":"Patient","id":"a","\\u0069d":"b"}', "appears twice"),
        (b'{"resourceType":"Patient","name":[{"text":"\\u0022\\u0022","text":""}]}', "appears twice"),
        (b'{"resourceType":"Patient","resourceType":"Patient"}', "appears twice"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "deeper than 100"),
        (b"[" * 200_000, "deeper than 100"),
        (b'{"resourceType":"Patient","extension":NaN}', "NaN"),
    ],
)
def test_refuses_what_is_no_resource(body: bytes, reason: str):
    assert reason in problems(body)[0][1]


def quantity(number: bytes) -> bytes:
    return b'{"resourceType":"Observation","status":"final","code":{"text":"a"},"valueQuantity":{"value":%s}}' % number


@pytest.mark.parametrize(
    "number", [b"1" * 100, b"0." + b"1" * 5000, b"1e400", b"-1E999", b"NaN", b"Infinity", b"01", b"+1", b"1."]
)
def test_refuses_absurd_numbers(number: bytes):
    assert problems(quantity(number))


@pytest.mark.parametrize("number", [b"0", b"-0.0", b"1e5", b"5.400", b"1" * 60, b"0." + b"1" * 99, b"1e-400"])
def test_accepts_other_numbers(number: bytes):
    assert problems(quantity(number)) == []


def test_depth_is_counted_exactly():
    def nested(levels: int) -> bytes:
        opening, closing = b'[{"url":"a","extension":', b"}]"
        inner = b'[{"url":"x","valueString":"{[}]"}]'
        return b'{"resourceType":"Patient","extension":' + opening * levels + inner + closing * levels + b"}"

    assert problems(nested(48)) == []
    assert "deeper" in problems(nested(50))[0][1]


def test_modified_definitions_of_the_package_are_left_out():
    assert "url" not in definitions.elements("Binary")
    assert "whyStopped" not in definitions.elements("ResearchStudy")
    assert "definitionReference" in definitions.elements("EvidenceVariable.characteristic")
    assert len(definitions.resources()) == 146


def test_every_type_has_a_decoder():
    for name in definitions.resources():
        assert structs.decoder(name)


# --- beside other judges


def resources(data: Path, folder: str) -> Iterator[bytes]:
    for archive in sorted((data / folder).glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                file = tar.extractfile(member)
                for text in (
                    (file.read().splitlines() if member.name.endswith(".ndjson") else [file.read()]) if file else ()
                ):
                    content = json.loads(text)
                    if content.get("resourceType") == "Bundle":
                        for entry in content.get("entry", []):
                            if "resource" in entry:
                                yield json.dumps(entry["resource"]).encode()
                    if "resourceType" in content:
                        yield text


@pytest.mark.data
@pytest.mark.parametrize(("folder", "least"), [("synthea", 12_000), ("bulk-fhir", 7_000), ("davinci-pas", 100)])
def test_accepts_public_data(data: Path, folder: str, least: int):
    count = 0
    for body in resources(data, folder):
        check(body)
        count += 1
    assert count > least


def mutants() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for path in ([], ["code"], ["code", "coding", 0], ["component", 0], ["valueQuantity"], ["subject"]):
        at: Any = OBSERVATION
        for step in path:
            at = at[step]
        for name in at:
            if name == "resourceType":
                continue
            for label, value in {
                "drop": ...,
                "object": {"zzz": 1},
                "list": [[]],
                "number": 7,
                "true": True,
                "null": None,
                "empty": "",
            }.items():
                mutant = copy.deepcopy(OBSERVATION)
                place: Any = mutant
                for step in path:
                    place = place[step]
                if value is ...:
                    del place[name]
                else:
                    place[name] = value
                found.append((f"{label} {path} {name}", mutant))
        mutant = copy.deepcopy(OBSERVATION)
        place = mutant
        for step in path:
            place = place[step]
        place["unknownName"] = "x"
        found.append((f"unknown {path}", mutant))
    found.append(("code [] status", copy.deepcopy(OBSERVATION) | {"status": "done"}))
    return found


LAXER = {
    "null": "fhir.resources passes over null, which FHIR has only in lists of primitives",
    "number [] effectiveDateTime": "fhir.resources takes a number for a moment since 1970",
    "empty ['code', 'coding', 0] system": "fhir.resources takes an empty URI",
    "empty ['valueQuantity'] system": "fhir.resources takes an empty URI",
    "drop ['subject'] reference": "fhir.resources takes an empty object",
    "code": "fhir.resources does not know the value sets",
}
"""Where `check` refuses what fhir.resources accepts, and why. The other way round never happens."""


def test_agrees_with_fhir_resources_on_mutated_resources():
    models = pytest.importorskip("fhir.resources.R4B")
    model = models.get_fhir_model_class("Observation")
    apart: list[str] = []
    both = 0
    for label, mutant in mutants():
        ours = problems(mutant) == []
        try:
            model.model_validate_json(json.dumps(mutant))
            theirs = True
        except ValueError:
            theirs = False
        if ours == theirs:
            both += 1
        elif ours or not (label in LAXER or label.split()[0] in LAXER):
            apart.append(label)
    assert apart == []
    assert both > 100


# --- anything at all


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_checked_or_refused(body: bytes):
    problems(body)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["final", "Patient/1", "2019"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*OBSERVATION, "coding", "text", "value", "extension", "url", "_status"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(definitions.elements("Observation"))), json_values)
def test_any_member_is_checked_or_refused(name: str, value: Any):
    problems(json.dumps(observation(**{name: value})).encode())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_bytes_are_checked_or_refused(draw: st.DataObject):
    body = bytearray(json.dumps(OBSERVATION, ensure_ascii=False).encode())
    for _ in range(draw.draw(st.integers(1, 4))):
        place = draw.draw(st.integers(0, len(body) - 1))
        body[place : place + draw.draw(st.integers(0, 2))] = draw.draw(st.binary(max_size=3))
    problems(bytes(body))

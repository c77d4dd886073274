"""FHIR search on a small record of which every answer is known."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.record.r4.check import check
from bogam.record.schema import indexes
from bogam.record.search.query import MAX_COUNT, Page, SearchError, search
from bogam.record.store import Incoming, Store

BASE = "http://here/fhir"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def observation(id: str, patient: str, code: str, at: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    coding = {"system": LOINC, "code": code, "display": {"2339-0": "Glucose", "8302-2": "Body height"}[code]}
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [coding]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


RESOURCES: list[dict[str, Any]] = [
    {
        "resourceType": "Patient",
        "id": "lee",
        "identifier": [{"system": "urn:mrn", "value": "001,2"}],
        "name": [{"family": "이", "given": ["영희"]}],
        "gender": "female",
        "birthDate": "1960-05-01",
        "telecom": [{"system": "phone", "value": "02-123"}, {"system": "email", "value": "a@b"}],
        "managingOrganization": {"reference": "Organization/h"},
    },
    {
        "resourceType": "Patient",
        "id": "muller",
        "identifier": [{"system": "urn:other", "value": "002"}],
        "name": [{"family": "Müller-Lüdenscheidt", "given": ["José", "Karl"]}],
        "gender": "male",
        "birthDate": "1980",
        "deceasedDateTime": "2023-01-01",
        "address": [{"line": ["Main St 5"], "city": "Berlin"}],
    },
    {"resourceType": "Organization", "id": "h", "name": "Seoul Hospital"},
    {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Who"}]},
    observation("g1", "lee", "2339-0", "2024-03-01T08:00:00+09:00", 5.4, "mmol/L"),
    observation("g2", "lee", "2339-0", "2024-03-02", 9.0, "mmol/L", performer=[{"reference": "Practitioner/dr"}]),
    observation("g3", "muller", "2339-0", "2024-02-29T23:30:00Z", 98, "mg/dL", status="preliminary"),
    observation("h1", "lee", "8302-2", "2024-01", 160, "cm"),
    {
        "resourceType": "Observation",
        "id": "bp",
        "status": "final",
        "code": {"text": "Blood pressure panel"},
        "subject": {"reference": "Patient/lee"},
        "effectivePeriod": {"start": "2024-05-01T00:00:00Z"},
        "component": [
            {
                "code": {"coding": [{"system": LOINC, "code": "8480-6"}]},
                "valueQuantity": {"value": 140, "code": "mm[Hg]", "system": UCUM},
            }
        ],
    },
    {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": {"coding": [{"system": "urn:status", "code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "73211009", "display": "Diabetes mellitus"}]},
        "subject": {"reference": "Patient/lee"},
        "onsetAge": {"value": 50, "unit": "a"},
        "encounter": {"reference": "Encounter/e1"},
    },
    {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"system": "urn:class", "code": "IMP"},
        "subject": {"reference": "Patient/lee"},
        "period": {"start": "2024-02-28", "end": "2024-03-05"},
        "meta": {"profile": ["http://profiles/enc"], "tag": [{"code": "test"}]},
    },
    {
        "resourceType": "Appointment",
        "id": "ap",
        "status": "booked",
        "participant": [
            {"actor": {"reference": "Practitioner/dr"}, "status": "accepted"},
            {"actor": {"reference": "Patient/muller"}, "status": "accepted"},
        ],
        "start": "2024-06-01T09:00:00+09:00",
        "end": "2024-06-01T10:00:00+09:00",
    },
    {
        "resourceType": "RiskAssessment",
        "id": "r1",
        "status": "final",
        "subject": {"reference": "Patient/lee"},
        "prediction": [{"probabilityDecimal": 0.25}],
    },
    {
        "resourceType": "Questionnaire",
        "id": "q1",
        "status": "active",
        "url": "http://q/1",
    },
    {
        "resourceType": "ActivityDefinition",
        "id": "ad",
        "status": "active",
        "relatedArtifact": [
            {"type": "derived-from", "resource": "http://q/0|2"},
            {"type": "citation", "resource": "http://q/9"},
        ],
    },
]


def incoming(resource: dict[str, Any]) -> Incoming:
    body = json.dumps(resource).encode()
    check(body)
    return Incoming(resource["resourceType"], resource["id"], body)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(tmp_path_factory.mktemp("search") / "records.sqlite")
    made.put([incoming(each) for each in RESOURCES], "2024-07-01T00:00:00.000Z")
    return made


def run(store: Store, address: str, **more: Any) -> Page:
    kind, _, query = address.partition("?")
    return search(store, kind, parse_qsl(query, keep_blank_values=True), base=BASE, **more)


def ids(store: Store, address: str, **more: Any) -> set[str]:
    return {each.id for each in run(store, address, **more).resources}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Patient", "lee muller"),
        ("Patient?_id=lee,nobody", "lee"),
        ("Patient?_lastUpdated=ge2024-07-01", "lee muller"),
        ("Patient?_lastUpdated=gt2024-07-01", ""),
        ("Patient?_lastUpdated=2024", "lee muller"),
        ("Patient?_lastUpdated=lt9999-12-31", "lee muller"),
        ("Patient?_lastUpdated=gt0001-01-01T00:00:00%2B14:00", "lee muller"),
        ("Patient?_lastUpdated=2024-07-01T00:00:00Z,0500", "lee muller"),
        # token
        ("Patient?gender=female", "lee"),
        ("Patient?gender=http://hl7.org/fhir/administrative-gender|female", "lee"),
        ("Patient?gender:not=female", "muller"),
        ("Patient?gender=female,male", "lee muller"),
        ("Patient?gender=female&gender=male", ""),
        ("Patient?identifier=002", "muller"),
        ("Patient?identifier=urn:other|002", "muller"),
        ("Patient?identifier=urn:mrn|002", ""),
        ("Patient?identifier=urn:mrn|001\\,2", "lee"),
        ("Patient?identifier=urn:mrn|", "lee"),
        ("Patient?identifier=|002", ""),
        ("Patient?deceased=true", "muller"),
        ("Patient?deceased=false", "lee"),
        ("Patient?phone=02-123", "lee"),
        ("Patient?phone=a@b", ""),
        ("Patient?email=a@b", "lee"),
        ("Patient?telecom=a@b", "lee"),
        ("Patient?address:missing=true", "lee"),
        ("Patient?address:missing=false", "muller"),
        ("Observation?code=2339-0", "g1 g2 g3"),
        ("Observation?code=http://loinc.org|2339-0&status=final", "g1 g2"),
        ("Observation?code=http://other|2339-0", ""),
        ("Observation?code:text=gluc", "g1 g2 g3"),
        ("Observation?code:text=pressure", "bp"),
        ("Observation?code:not=2339-0", "h1 bp"),
        ("Observation?combo-code=8480-6,8302-2", "h1 bp"),
        ("Encounter?_tag=test", "e1"),
        ("Encounter?class=IMP", "e1"),
        # string
        ("Patient?family=mull", "muller"),
        ("Patient?family=MÜLL", "muller"),
        ("Patient?family=denscheidt", ""),
        ("Patient?family:contains=LUDENS", "muller"),
        ("Patient?family:exact=Müller-Lüdenscheidt", "muller"),
        ("Patient?family:exact=müller-lüdenscheidt", ""),
        ("Patient?given=jose", "muller"),
        ("Patient?given=kar", "muller"),
        ("Patient?name=이", "lee"),
        ("Patient?name=이영희", "lee"),
        ("Patient?name=jose karl mull", "muller"),
        ("Patient?address=berl", "muller"),
        ("Patient?address-city=berl&name=jos", "muller"),
        ("Patient?name=100%25", ""),
        ("Patient?family:contains=_", ""),
        # reference
        ("Observation?patient=lee", "g1 g2 h1 bp"),
        ("Observation?patient=Patient/lee", "g1 g2 h1 bp"),
        ("Observation?subject=http://here/fhir/Patient/muller", "g3"),
        ("Observation?subject:Patient=muller", "g3"),
        ("Observation?subject=muller,lee&code=8302-2", "h1"),
        ("Observation?performer=dr", "g2"),
        ("Observation?performer:missing=true", "g1 g3 h1 bp"),
        ("Appointment?patient=muller", "ap"),
        ("Appointment?practitioner=dr", "ap"),
        ("Appointment?actor=Practitioner/dr", "ap"),
        ("Observation?patient.family=이", "g1 g2 h1 bp"),
        ("Observation?subject:Patient.birthdate=lt1970&code=2339-0", "g1 g2"),
        ("Observation?subject.gender=male", "g3"),
        ("Observation?patient.organization.name=seoul", "g1 g2 h1 bp"),
        ("Condition?encounter.date=2024-03", ""),
        ("Condition?encounter.date=ge2024-03", "c1"),
        ("Patient?_has:Observation:patient:code=8302-2", "lee"),
        ("Patient?_has:Condition:patient:code=73211009&gender=male", ""),
        ("ActivityDefinition?derived-from=http://q/0", "ad"),
        ("ActivityDefinition?derived-from=http://q/0|2", "ad"),
        ("ActivityDefinition?derived-from=http://q/0|3", ""),
        ("ActivityDefinition?derived-from=http://q/9", ""),
        # date
        ("Patient?birthdate=1960-05-01", "lee"),
        ("Patient?birthdate=1980", "muller"),
        ("Patient?birthdate=1980-01-01", ""),
        ("Patient?birthdate=ge1960-05-01&birthdate=lt1961", "lee"),
        ("Patient?birthdate=ne1980", "lee"),
        ("Patient?birthdate=sa1960-05-01", "muller"),
        ("Patient?birthdate=eb1980", "lee"),
        ("Patient?birthdate=gt1980-06", "muller"),
        ("Patient?birthdate=le1960-05", "lee"),
        ("Observation?date=2024-03-01", "g1"),
        ("Observation?date=2024-02-29", "g3"),
        ("Observation?date=ge2024-03-01T08:00:00%2B09:00", "g1 g2 g3 bp"),
        ("Observation?date=2024-02-29T23:00:00Z", "g1"),
        ("Observation?date=2024-03-01T08:00", "g1"),
        ("Observation?date=ge2024-05", "bp"),
        ("Observation?date=ge2030", "bp"),
        ("Observation?date=2024-03-01,2024-03-02", "g1 g2"),
        ("Encounter?date=sa2024-02-27&date=eb2024-03-06", "e1"),
        ("Encounter?date=2024", "e1"),
        # quantity and number
        ("Observation?value-quantity=5.4", "g1"),
        ("Observation?value-quantity=5", "g1"),
        ("Observation?value-quantity=5.40", "g1"),
        ("Observation?value-quantity=5.41", ""),
        ("Observation?value-quantity=gt8||mmol/L", "g2"),
        ("Observation?value-quantity=ge9|http://unitsofmeasure.org|mmol/L", "g2"),
        ("Observation?value-quantity=lt100", "g1 g2 g3"),
        ("Observation?value-quantity=ap100", "g3"),
        ("Observation?value-quantity=ne5.4", "g2 g3 h1"),
        ("Observation?combo-value-quantity=ge140", "h1 bp"),
        ("Condition?onset-age=50", "c1"),
        ("RiskAssessment?probability=gt0.2", "r1"),
        ("RiskAssessment?probability=gt0.25", ""),
        # uri
        ("Questionnaire?url=http://q/1", "q1"),
        ("Questionnaire?url:below=http://q", "q1"),
        ("Encounter?_profile=http://profiles/enc", "e1"),
    ],
)
def test_finds(store: Store, address: str, expected: str):
    assert ids(store, address) == set(expected.split())


@pytest.mark.parametrize(
    ("address", "parameter", "words"),
    [
        ("Nothing", "Nothing", "no resource type"),
        ("Patient?colour=red", "colour", 'Patient has no search parameter "colour". Known: _id, _lastUpdated'),
        ("Patient?phonetic=x", "phonetic", "no search parameter"),
        ("Patient?gender=", "gender", "empty value"),
        ("Patient?gender:exact=x", "gender:exact", 'no modifier "exact". Known: missing, not, text'),
        ("Patient?family:missing=maybe", "family:missing", "true or false"),
        ("Patient?birthdate=2019-02-30", "birthdate", "does not exist"),
        ("Patient?birthdate=yesterday", "birthdate", "no date"),
        ("Patient?birthdate=20190230", "birthdate", "no date"),
        ("Observation?value-quantity=high", "value-quantity", "no number"),
        ("Observation?value-quantity=5|mg", "value-quantity", "number|system|code"),
        ("Observation?patient=Group/1", "patient", "leads to Patient"),
        ("Observation?subject:Patient=Group/1", "subject:Patient", "asks for a Patient"),
        ("Observation?code.text=x", "code.text", "is no reference"),
        ("Observation?subject.colour=x", "subject.colour", "Nothing that"),
        ("Observation?patient.link.link.link.link.name=x", "link.link.name", "more than 3 references"),
        ("Patient?_has:Observation:code:status=final", "_has:Observation:code:status", "does not lead to Patient"),
        ("Patient?_sort=gender", "_sort", "not supported"),
        ("Patient?_count=many", "_count", "whole number"),
        ("Patient?_include:iterate=Patient:organization", "_include:iterate", "not supported"),
        ("Patient?_include=Observation:subject", "_include", "this searches Patient"),
        ("Patient?_include=Patient:*", "_include", "Type:parameter"),
        ("Patient?_revinclude=Observation:code", "_revinclude", "no reference"),
        ("Patient?_text=x", "_text", "full text"),
        ("Patient?_summary=data", "_summary", "count and false"),
        ("Patient?_page=x", "_page", "damaged"),
        ("Patient?_page=WzFd", "_page", "damaged"),
        ("Patient?_page=WzEsMiwzXQ", "_page", "does not fit"),
    ],
)
def test_refuses(store: Store, address: str, parameter: str, words: str):
    with pytest.raises(SearchError) as caught:
        run(store, address)
    assert words in caught.value.reason
    assert caught.value.parameter == parameter


def test_lenient_passes_over_what_is_unknown(store: Store):
    page = run(store, "Patient?colour=red&gender=male", lenient=True)
    assert [each.id for each in page.resources] == ["muller"]
    assert page.ignored == ("colour",)
    with pytest.raises(SearchError):
        run(store, "Patient?gender:exact=x", lenient=True)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Observation?_sort=date", "h1 g1 g3 g2 bp"),
        ("Observation?_sort=-date", "bp g2 g3 g1 h1"),
        ("Observation?_sort=value-quantity", "g1 g2 g3 h1 bp"),
        ("Observation?_sort=-value-quantity", "h1 g3 g2 g1 bp"),
        ("Patient?_sort=family", "muller lee"),
        ("Observation?_sort=-_id", "h1 g3 g2 g1 bp"),
        ("Observation?_sort=_lastUpdated,-_id", "h1 g3 g2 g1 bp"),
    ],
)
def test_sorts_and_pages(store: Store, address: str, expected: str):
    assert [each.id for each in run(store, address).resources] == expected.split()
    following, found = f"{BASE}/{address}&_count=2", list[str]()
    while following:
        parts = urlsplit(following)
        page = run(store, f"{parts.path.rsplit('/', 1)[1]}?{parts.query}")
        assert page.total == len(expected.split())
        found += [each.id for each in page.resources]
        following = page.next or ""
    assert found == expected.split()


def test_pages_stand_still_while_resources_are_stored(tmp_path: Path):
    store = Store(tmp_path / "records.sqlite")
    many = [observation(f"o{n:02}", "lee", "2339-0", f"2024-01-{n + 10}", n, "cm") for n in range(0, 20, 2)]
    store.put([incoming(each) for each in many], "2024-07-01T00:00:00.000Z")
    first = run(store, "Observation?_sort=date&_count=4")
    store.put([incoming(observation("new", "lee", "2339-0", "2024-01-05", 1, "cm"))], "2024-07-02T00:00:00.000Z")
    assert first.next is not None
    second = run(store, f"Observation?{urlsplit(first.next).query}")
    assert [each.id for each in second.resources] == ["o08", "o10", "o12", "o14"]
    assert second.total == first.total == 10


def test_an_older_version_is_not_found(tmp_path: Path):
    store = Store(tmp_path / "records.sqlite")
    old = observation("o", "lee", "2339-0", "2024-01-01", 1, "cm")
    store.put([incoming(old)], "2024-07-01T00:00:00.000Z")
    new = observation("o", "muller", "8302-2", "2025-01-01", 2, "cm")
    store.put([incoming(new)], "2024-07-02T00:00:00.000Z")
    for address in ("patient=lee", "code=2339-0", "date=2024", "value-quantity=1"):
        assert ids(store, f"Observation?{address}") == set()
    assert [each.version for each in run(store, "Observation?patient=muller").resources] == [2]
    with store.engine.connect() as db:
        for table in indexes:
            assert db.execute(table.select().where(table.c.resource == 1)).all() == []


def test_counts_and_limits(store: Store):
    assert run(store, "Observation?_summary=count") == Page(total=5)
    assert run(store, "Observation?_count=0").total == 5
    assert run(store, "Observation?_total=none").total is None
    assert len(run(store, "Observation?_count=3").resources) == 3
    assert len(run(store, f"Observation?_count={MAX_COUNT * 10}").resources) == 5


def test_includes_what_is_referred_to(store: Store):
    page = run(store, "Observation?code=2339-0&_include=Observation:subject&_include=Observation:performer")
    assert [each.ref for each in page.included] == ["Patient/lee", "Patient/muller", "Practitioner/dr"]
    page = run(store, "Observation?_id=g2&_include=Observation:subject:Group")
    assert page.included == ()
    page = run(store, "Patient?_id=lee&_revinclude=Condition:subject&_revinclude=Encounter:patient")
    assert [each.ref for each in page.included] == ["Condition/c1", "Encounter/e1"]


def test_shows_only_the_patients_that_may_be_seen(store: Store):
    mine = {"patients": {"muller"}}
    assert ids(store, "Patient", **mine) == {"muller"}
    assert ids(store, "Observation", **mine) == {"g3"}
    assert run(store, "Observation?_summary=count", **mine).total == 1
    assert ids(store, "Observation?patient.family=이", **mine) == set()
    assert ids(store, "Practitioner", **mine) == {"dr"}
    assert ids(store, "Patient?_has:Observation:patient:code=8302-2", **mine) == set()
    included = run(store, "Appointment?_include=Appointment:actor&_revinclude=Provenance:target", **mine).included
    assert [each.ref for each in included] == ["Patient/muller", "Practitioner/dr"]
    assert ids(store, "Organization?_has:Patient:organization:gender=female", **mine) == set()
    withheld = {"withheld": {"lee"}}
    assert ids(store, "Observation", **withheld) == {"g3"}
    assert run(store, "Organization?_revinclude=Patient:organization", **withheld).included == ()


def test_text_in_a_value_is_never_sql(store: Store):
    for value in ("' OR 1=1 --", '"; DROP TABLE resource; --', "%", "_", "\\", "x' UNION SELECT body FROM resource"):
        for name in ("family", "identifier", "family:contains", "_id", "general-practitioner"):
            assert ids(store, f"Patient?{name}=" + value.replace("%", "%25").replace(";", "%3B")) <= set()


NAMES = (
    *("code", "date", "patient", "patient.name", "value-quantity", "birthdate", "family", "code:text", "identifier"),
    *("_sort", "_count", "_include", "_id", "_page", "_lastUpdated", "_elements", "name:contains"),
    *("subject:Patient.birthdate", "_has:Condition:patient:code"),
)
VALUES = ("ge2019", "1|2|3", "a\\,b", "-date", "9" * 400, "0001", "9999-12-31", "eq", "5e99", "\x00", "\ud800")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["Observation", "Patient", "Condition"]),
    st.lists(
        st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), st.text(max_size=12) | st.sampled_from(VALUES)),
        max_size=4,
    ),
    st.booleans(),
)
def test_any_search_is_answered_or_refused(store: Store, kind: str, parameters: list[tuple[str, str]], lenient: bool):
    with suppress(SearchError):
        search(store, kind, parameters, base=BASE, lenient=lenient)

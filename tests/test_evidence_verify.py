"""Verification: what it supports, and what it catches."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pytest

from bogam.evidence.claim import Claim
from bogam.evidence.verify import verify
from bogam.measure.corruption import KINDS, corrupt
from bogam.measure.statements import invented
from bogam.record.citation import Citation
from bogam.record.json import point, text
from bogam.record.store import Resource
from evidence_sentences import MORE, SENTENCES


@dataclass(frozen=True)
class Held:
    ref: str
    version: int
    sha: str
    body: bytes


class Record:
    """A few resources, and citations of them."""

    def __init__(self, *resources: dict[str, Any]) -> None:
        self.held: dict[str, Held] = {}
        for resource in resources:
            body = json.dumps(resource, ensure_ascii=False).encode()
            ref = f"{resource['resourceType']}/{resource['id']}"
            self.held[ref] = Held(ref, 1, sha256(body).hexdigest(), body)

    def fetch(self, source: str, version: str) -> Held | None:
        found = self.held.get(source)
        return found if found is not None and version == str(found.version) else None

    def cite(self, ref: str, pointer: str, quote: str | None = None) -> Citation:
        held = self.held[ref]
        whole = text(point(json.loads(held.body, parse_float=str), pointer))
        start = 0 if quote is None else whole.index(quote)
        found = whole if quote is None else quote
        return Citation(ref, "1", held.sha, pointer, start, start + len(found), found)

    def check(self, claim: str, *places: tuple[str, str] | Citation, as_of: str = "", **more: str) -> Claim:
        citations = tuple(place if isinstance(place, Citation) else self.cite(*place) for place in places)
        return verify([Claim(claim, citations, **more)], self.fetch, as_of=as_of)[0]


def note(words: str) -> Record:
    return Record({"resourceType": "Basic", "id": "n", "note": [{"text": words}]})


@pytest.mark.parametrize(("source", "claim", "wrong"), SENTENCES + MORE)
def test_sentence_written_by_hand(source: str, claim: str, wrong: str) -> None:
    found = note(source).check(claim, ("Basic/n", "/note/0/text")).support
    kinds = {failure.kind for failure in found.failed}
    if wrong:
        assert found.state == "unsupported", found
        assert wrong == "any" or wrong in kinds or {wrong, *kinds} <= {"number", "dose", "unit"}, found
    else:
        assert found.state == "supported", found.failed


def potassium(id: str, value: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": id, "status": "final", "code": {"text": "Potassium"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": float(value), "unit": "mmol/L", "code": "mmol/L"}, **more,
    }  # fmt: skip


VALUE, UNIT, DAY, NAME = "/valueQuantity/value", "/valueQuantity/unit", "/effectiveDateTime", "/code/text"
LABS = Record(
    potassium("k1", "4.1", "2026-11-20T06:10:00+09:00"),
    potassium("k2", "2.3", "2026-11-21T06:10:00+09:00"),
    {
        "resourceType": "Observation", "id": "na", "status": "final", "code": {"text": "Sodium"},
        "effectiveDateTime": "2026-11-20",
        "valueQuantity": {"value": 140, "unit": "mmol/L"},
    },
    {
        "resourceType": "Observation", "id": "bp", "status": "final", "code": {"text": "Blood Pressure"},
        "effectiveDateTime": "2026-11-20",
        "component": [
            {"code": {"text": "Diastolic Blood Pressure"}, "valueQuantity": {"value": 80.89, "unit": "mm[Hg]"}},
            {"code": {"text": "Systolic Blood Pressure"}, "valueQuantity": {"value": 119.2192, "unit": "mm[Hg]"}},
        ],
    },
    {"resourceType": "Observation", "id": "hi", "status": "final", "code": {"text": "Glucose"},
    "effectiveDateTime": "2026-11-20",
     "valueQuantity": {"value": 180, "unit": "mg/dL"}, "referenceRange": [{"low": {"value": 70},
     "high": {"value": 110}}]},
)  # fmt: skip


def cited(id: str, *pointers: str) -> list[tuple[str, str]]:
    return [(f"Observation/{id}", pointer) for pointer in pointers]


@pytest.mark.parametrize(
    ("claim", "places", "wrong"),
    [
        ("Potassium 4.1 mmol/L on 2026-11-20.", cited("k1", VALUE, DAY), None),
        ("칼륨 4.1 mmol/L (11월 20일 06:10).", cited("k1", NAME, VALUE, UNIT, DAY), None),
        ("Potassium 4.1 mmol/L.", cited("k1", VALUE), None),
        ("Potassium 4.1 mmol/L on 2026-11-20.", cited("k1", VALUE), "date"),
        ("Sodium 4.1 mmol/L.", cited("k1", VALUE), "term"),
        ("Sodium 4.1 mmol/L.", [*cited("k1", VALUE), *cited("na", VALUE)], "number"),
        ("Potassium 4.1 mg/dL.", cited("k1", VALUE, UNIT), "unit"),
        ("Potassium 4.1 mmol/L (2026-11-21).", cited("k1", VALUE, DAY), "date"),
        ("Potassium 4.1 → 2.3 mmol/L.", [*cited("k1", VALUE), *cited("k2", VALUE)], None),
        ("Potassium fell from 4.1 to 2.3 mmol/L.", [*cited("k1", VALUE), *cited("k2", VALUE)], None),
        ("Potassium rose from 4.1 to 2.3 mmol/L.", [*cited("k1", VALUE), *cited("k2", VALUE)], "term"),
        ("Potassium fell by 1.8 mmol/L.", [*cited("k1", VALUE), *cited("k2", VALUE)], None),
        ("Potassium fell by 1.5 mmol/L.", [*cited("k1", VALUE), *cited("k2", VALUE)], "number"),
        ("K 4.1 (2026-11-21) → 2.3 (2026-11-20)", [*cited("k1", VALUE, DAY), *cited("k2", VALUE, DAY)], "date"),
        ("K 4.1 (2026-11-20) → 2.3 (2026-11-21)", [*cited("k1", VALUE, DAY), *cited("k2", VALUE, DAY)], None),
        ("Blood pressure 119/81 mmHg.", cited("bp", "/component/0" + VALUE, "/component/1" + VALUE), None),
        ("Blood pressure 81/119 mmHg.", cited("bp", "/component/0" + VALUE, "/component/1" + VALUE), "number"),
        ("혈압 119/80 mmHg.", cited("bp", "/component/0" + VALUE, "/component/1" + VALUE), "number"),
        ("Glucose 180 mg/dL, high.", cited("hi", VALUE), None),
        ("Glucose 180 mg/dL, normal.", cited("hi", VALUE), "term"),
        ("Glucose 180 mg/dL, low.", cited("hi", VALUE), "term"),
    ],
)
def test_values_of_observations(claim: str, places: list[tuple[str, str]], wrong: str | None) -> None:
    support = LABS.check(claim, *places).support
    assert (wrong is None) == (support.state == "supported"), support
    assert wrong is None or wrong in {failure.kind for failure in support.failed}


def test_two_values_and_no_date_to_tell_them_apart_conflict() -> None:
    support = LABS.check("Potassium is 4.1 mmol/L.", *cited("k1", VALUE), *cited("k2", VALUE)).support
    assert support.state == "conflicting"
    assert "2.3" in support.failed[0].found


def order(id: str, name: str, status: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id, "status": status, "medicationCodeableConcept": {"text": name}, "authoredOn": "2026-01-02",
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                               "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}]}], **more,
    }  # fmt: skip


DRUGS = Record(
    order("a", "Metformin hydrochloride 500 MG Oral Tablet", "active"),
    order("b", "Warfarin Sodium 5 MG Oral Tablet", "stopped"),
    order("c", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", "active"),
    {"resourceType": "AllergyIntolerance", "id": "p", "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"text": "Penicillin"}},
    {"resourceType": "AllergyIntolerance", "id": "n", "code": {"coding": [{"code": "716186003",
    "display": "No known allergy"}]}},
    {
        "resourceType": "Condition", "id": "r", "code": {"text": "Pneumonia"}, "onsetDateTime": "2020-01-01",
        "verificationStatus": {"coding": [{"code": "refuted"}]},
    },
    {"resourceType": "Condition", "id": "x", "code": {"text": "Asthma"},
    "clinicalStatus": {"coding": [{"code": "resolved"}]}},
    {"resourceType": "Patient", "id": "m", "gender": "female", "birthDate": "1959-05-06"},
)  # fmt: skip
DRUG = "/medicationCodeableConcept/text"
REPEAT = "/dosageInstruction/0/timing/repeat/"


@pytest.mark.parametrize(
    ("claim", "places", "wrong"),
    [
        (
            "Metformin 500 mg twice daily.",
            [("MedicationRequest/a", DRUG), ("MedicationRequest/a", REPEAT + "frequency")],
            None,
        ),
        (
            "메트포르민 500 mg 하루 2회, 복용 중.",
            [("MedicationRequest/a", DRUG), ("MedicationRequest/a", REPEAT + "frequency")],
            None,
        ),
        (
            "Metformin 500 mg three times a day.",
            [("MedicationRequest/a", DRUG), ("MedicationRequest/a", REPEAT + "frequency")],
            "dose",
        ),
        ("Metformin 850 mg.", [("MedicationRequest/a", DRUG)], "dose"),
        ("Metformin 5 mg.", [("MedicationRequest/a", DRUG), ("MedicationRequest/b", DRUG)], "dose"),
        ("Warfarin 5 mg, stopped.", [("MedicationRequest/b", DRUG)], None),
        ("와파린 5 mg 중단.", [("MedicationRequest/b", DRUG)], None),
        ("Currently on warfarin 5 mg; active.", [("MedicationRequest/b", DRUG)], "negation"),
        ("Metformin was stopped.", [("MedicationRequest/a", DRUG)], "negation"),
        ("Does not take metformin.", [("MedicationRequest/a", DRUG)], "negation"),
        (
            "Metformin is active and warfarin stopped.",
            [("MedicationRequest/a", DRUG), ("MedicationRequest/b", DRUG)],
            None,
        ),
        (
            "Metformin stopped, warfarin active.",
            [("MedicationRequest/a", DRUG), ("MedicationRequest/b", DRUG)],
            "negation",
        ),
        ("Augmentin.", [("MedicationRequest/c", DRUG)], None),
        ("Clavulanate 250 mg.", [("MedicationRequest/c", DRUG)], "dose"),
        ("Clavulanate 125 mg.", [("MedicationRequest/c", DRUG)], None),
        ("Allergic to penicillin.", [("AllergyIntolerance/p", "/code/text")], None),
        ("페니실린 알레르기 없음.", [("AllergyIntolerance/p", "/code/text")], "negation"),
        ("Allergic to sulfonamides.", [("AllergyIntolerance/p", "/code/text")], "term"),
        ("알려진 알레르기 없음.", [("AllergyIntolerance/n", "/code/coding/0/display")], None),
        ("Has a known allergy.", [("AllergyIntolerance/n", "/code/coding/0/display")], "negation"),
        ("Pneumonia.", [("Condition/r", "/code/text")], "negation"),
        ("Pneumonia was refuted.", [("Condition/r", "/code/text")], None),
        ("Asthma, active.", [("Condition/x", "/code/text")], "negation"),
        ("천식, 현재 활성.", [("Condition/x", "/code/text")], "negation"),
        ("Asthma, resolved.", [("Condition/x", "/code/text")], None),
        ("67-year-old woman.", [("Patient/m", "/birthDate"), ("Patient/m", "/gender")], None),
        ("67세 여성.", [("Patient/m", "/birthDate"), ("Patient/m", "/gender")], None),
        ("76세 여성.", [("Patient/m", "/birthDate"), ("Patient/m", "/gender")], "number"),
        ("67세 남성.", [("Patient/m", "/birthDate"), ("Patient/m", "/gender")], "term"),
    ],
)
def test_drugs_allergies_conditions_and_people(claim: str, places: list[tuple[str, str]], wrong: str | None) -> None:
    support = DRUGS.check(claim, *places, as_of="2026-11-20").support
    assert (wrong is None) == (support.state == "supported"), support
    assert wrong is None or wrong in {failure.kind for failure in support.failed}


def test_denial_and_side_are_read_from_the_sentence_around_the_span() -> None:
    record = note("No evidence of pneumonia. Left knee pain.")
    assert (
        record.check("Pneumonia.", record.cite("Basic/n", "/note/0/text", "pneumonia")).support.failed[0].kind
        == "negation"
    )
    assert (
        record.check("Right knee pain.", record.cite("Basic/n", "/note/0/text", "knee pain")).support.failed[0].kind
        == "side"
    )


def test_a_number_outside_the_span_does_not_count() -> None:
    record = note("Potassium 4.1, sodium 140.")
    assert (
        record.check("Sodium 140.", record.cite("Basic/n", "/note/0/text", "Potassium 4.1")).support.state
        == "unsupported"
    )


def test_a_span_may_not_cut_a_number() -> None:
    record = note("Potassium 14.1.")
    assert record.check("Potassium 4.1.", record.cite("Basic/n", "/note/0/text", "4.1")).support.state == "unsupported"


def test_a_claim_is_held_to_the_sentence_that_it_repeats() -> None:
    words = "Onset of his knee pain began 6 weeks ago. Ankle swelling began 6 days ago after a fall."
    support = note(words).check("Onset of his knee pain began 6 days ago.", ("Basic/n", "/note/0/text")).support
    assert support.state == "unsupported"


def test_a_claim_that_quotes_all_of_a_long_citation_is_held_to_all_of_it() -> None:
    line = "Slipped at home and came with hip pain and gait disturbance. Head trauma(-)."
    record = note(line)
    citation = record.cite("Basic/n", "/note/0/text", line)
    assert record.check(f"“{line}”", citation).support.state == "supported"
    beside = (f"“{line}” {more}" for more in ("Fever.", "No hip pain.", "Head trauma.", "Left hip pain."))
    for wrong in (*beside, f"“{line.replace('(-)', '')}”", f"“{line.replace('(-)', '(+)')}”"):
        assert record.check(wrong, citation).support.state == "unsupported", wrong


def test_no_citation_is_no_support() -> None:
    assert DRUGS.check("Metformin.").support.failed[0].kind == "citation"


def test_an_absence_says_what_was_searched() -> None:
    found = DRUGS.check("No weight recorded.", kind="missing.weight", searched="Observation: 0 of 3")
    assert found.support.state == "absence"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"quote": "Warfarin"}, "it says"),
        ({"pointer": "/code/nothing"}, "leads nowhere"),
        ({"pointer": "/code"}, "cannot be quoted"),
        ({"version": "2"}, "no such version"),
        ({"source": "Condition/none"}, "no such version"),
        ({"sha": "0" * 64}, "digest"),
        ({"end": 900}, "outside"),
        ({"end": 0, "quote": ""}, "quotes nothing"),
    ],
)
def test_a_citation_that_does_not_resolve_is_told(change: dict[str, Any], why: str) -> None:
    citation = replace(DRUGS.cite("Condition/x", "/code/text"), **change)
    support = DRUGS.check("Asthma.", citation).support
    assert support.state == "unsupported"
    assert support.failed[0].kind == "citation"
    assert why in support.failed[0].found


def test_changed_bytes_are_told() -> None:
    record = note("Asthma.")
    citation = record.cite("Basic/n", "/note/0/text")
    held = record.held["Basic/n"]
    record.held["Basic/n"] = Held(held.ref, 1, held.sha, held.body.replace(b"Asthma", b"Gout  "))
    assert "no longer match" in record.check("Asthma.", citation).support.failed[0].found


def test_corruptions_of_invented_notes_are_caught_and_true_statements_kept() -> None:
    rng = random.Random(7)
    statements, held = invented(700, rng)

    def fetch(source: str, version: str) -> Resource | None:
        return held.get(source)

    kept = verify([statement.claim for statement in statements], fetch)
    assert sum(claim.support.state != "supported" for claim in kept) <= 7
    names = ["Clopidogrel 75 MG Oral Tablet", "Naproxen sodium 220 MG Oral Tablet", "Digoxin 0.125 MG Oral Tablet"]
    broken = [
        replace(statement.claim, text=text)
        for statement in statements
        for kind in KINDS
        if (text := corrupt(statement, kind, names, rng)) is not None and text != statement.claim.text
    ]
    assert len(broken) > 700
    missed = [claim.text for claim in verify(broken, fetch) if claim.support.state == "supported"]
    assert len(missed) <= 0.02 * len(broken), missed

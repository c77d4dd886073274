"""The record summary: its cases, its rules one by one, and what it does on whole sets of patients."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify_draft
from bogam.record.load import load
from bogam.record.store import Resource, Store
from bogam.record.timeline import timeline
from bogam.skills.record_summary import skill
from bogam.skills.record_summary.schema import Request
from bogam.skills.record_summary.words import SECTIONS
from bogam.skills.writing.compose import clean, rounded
from bogam.skills.writing.words import PHRASES
from bogam.synthetic import ward
from bogam.text import chart
from bogam.text.chart import with_mentions

CASES = Path(__file__).resolve().parents[1] / "src" / "bogam" / "skills" / "record_summary" / "cases"
HOLE = re.compile(r"\{(\w+)\}")


def stored(*bodies: dict[str, Any]) -> list[Resource]:
    """Make stored resources of the patient that is among ``bodies``."""
    owner = next((body["id"] for body in bodies if body["resourceType"] == "Patient"), None)
    made: list[Resource] = []
    for body in bodies:
        raw = orjson.dumps(body)
        made.append(
            Resource(body["resourceType"], body["id"], 1, owner, raw, sha256(raw).hexdigest(), "2026-11-20T12:00:00Z")
        )
    return made


def draft(*bodies: dict[str, Any], **request: Any) -> Draft:
    """Draft and verify a summary; every claim must hold."""
    resources = stored(*bodies)
    by_ref = {resource.ref: resource for resource in resources}
    made = verify_draft(
        skill.draft(with_mentions(timeline(resources)), Request(**request)), lambda source, _: by_ref.get(source)
    )
    for claim in (*made.claims, *made.missing, *made.conflicts):
        assert claim.support.state in ("supported", "absence"), (claim.text, claim.support)
        assert claim.citations or claim.searched, claim.text
    return made


def shown(made: Draft) -> str:
    """Write a draft as the cases do."""
    lines = [f"# {made.title}", "", made.subject, "", f"({made.as_of or '–'})"]
    for section in made.sections:
        lines += ["", f"## {section.title}" + (f" (+{section.left_out})" if section.left_out else "")]
        lines += [f"- {claim.text}" for claim in made.claims if claim.section == section.key]
    for title, claims in (("conflicts", made.conflicts), ("missing", made.missing)):
        lines += ["", f"## {title}", *(f"- {claim.kind}: {claim.text}" for claim in claims)]
    return "\n".join(lines) + "\n"


# --- the cases


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_case(case: str, language: str) -> None:
    bundle = orjson.loads((CASES / case / "record.json").read_bytes())
    made = draft(*(entry["resource"] for entry in bundle["entry"]), language=language)
    assert shown(made) == (CASES / case / f"draft.{language}.md").read_text(encoding="utf-8")


# --- small records


PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"text": "Ann Lee"}],
    "gender": "female",
    "birthDate": "1950-05-02",
}


def concept(text: str, code: str = "") -> dict[str, Any]:
    return {"text": text} | ({"coding": [{"system": "http://loinc.org", "code": code}]} if code else {})


def condition(id_: str, text: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id_,
        "clinicalStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": status}]
        },
        "code": concept(text),
        "subject": {"reference": "Patient/p"},
        **more,
    }


def drug(id_: str, text: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": "Patient/p"},
        "authoredOn": "2026-11-01",
        **more,
    }


def dosed(text: str) -> dict[str, Any]:
    return {"dosageInstruction": [{"text": text}]}


def allergy(id_: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": id_,
        "clinicalStatus": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}
            ]
        },
        "category": ["medication"],
        "code": concept(text),
        "patient": {"reference": "Patient/p"},
        **more,
    }


def result(id_: str, text: str, code: str, value: float, unit: str = "", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
        ],
        "code": concept(text, code),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-11-19T08:00:00Z",
        "valueQuantity": {"value": value} | ({"unit": unit} if unit else {}),
        **more,
    }


def kinds(made: Draft) -> list[str]:
    return [claim.kind for claim in made.conflicts]


@pytest.mark.parametrize(
    ("allergen", "given", "kind"),
    [
        ("Amoxicillin", "Amoxicillin 500 mg capsule", "conflict.drug-allergy"),
        ("아목시실린", "Amoxicillin 500 mg capsule", "conflict.drug-allergy"),
        ("Penicillin", "아목시실린/클라불란산정 625mg", "conflict.drug-allergy-class"),
        ("Penicillin", "Cefaclor 250 mg capsule", "conflict.drug-allergy-class"),
        ("Ibuprofen", "Naproxen 500 mg tablet", "conflict.drug-allergy-class"),
        ("Sulfonamide antibiotics", "Sulfamethoxazole/trimethoprim 800 mg", "conflict.drug-allergy-class"),
        ("Zorvatrexel", "Zorvatrexel 10 mg tablet", "conflict.drug-allergy"),
        ("Penicillin", "Meropenem 1 g injection", None),
        ("Penicillin", "Ceftriaxone 2 g injection", None),
        ("Sulfonamide antibiotics", "Furosemide 40 mg tablet", None),
        ("Peanut", "Metformin 500 mg tablet", None),
        ("House dust mite", "Budesonide inhaler", None),
    ],
)
def test_drug_against_allergy(allergen: str, given: str, kind: str | None) -> None:
    made = draft(PATIENT, allergy("a", allergen), drug("m", given, **dosed("1T qd")))
    assert kinds(made) == ([kind] if kind else [])
    if kind:
        assert {c.source for c in made.conflicts[0].citations} == {"AllergyIntolerance/a", "MedicationRequest/m"}


@pytest.mark.parametrize("change", ["stopped", "refuted", "resolved"])
def test_no_conflict_when_either_side_is_over(change: str) -> None:
    given = drug("m", "Amoxicillin 500 mg", "stopped" if change == "stopped" else "active")
    known = allergy("a", "Amoxicillin")
    system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
    if change == "refuted":
        known["verificationStatus"] = {"coding": [{"system": f"{system}verification", "code": "refuted"}]}
        del known["clinicalStatus"]
    if change == "resolved":
        known["clinicalStatus"]["coding"][0]["code"] = "resolved"
    assert kinds(draft(PATIENT, known, given)) == []


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (
            drug("1", "푸로세미드정 40mg", **dosed("40 mg qd")),
            drug("2", "Lasix 40 mg tablet", **dosed("40 mg bid")),
            True,
        ),
        (drug("1", "Paracetamol 500 mg tablet"), drug("2", "Tramadol / paracetamol tablet"), True),
        (drug("1", "Simvastatin 10 mg", **dosed("10 mg")), drug("2", "Simvastatin 20 mg", **dosed("20 mg")), True),
        (drug("1", "인슐린글라진주"), drug("2", "란투스주"), True),
        (drug("1", "Insulin glargine"), drug("2", "Insulin lispro"), False),
        (drug("1", "Hydrocortisone 20 mg tablet"), drug("2", "Hydrocortisone 1% cream"), False),
        (drug("1", "Furosemide 40 mg tablet"), drug("2", "Furosemide 10 MG/ML Injection"), False),
        (drug("1", "Simvastatin 10 mg", authoredOn="2025-10-01"), drug("2", "Simvastatin 10 mg"), False),
        (drug("1", "Warfarin 2 mg", "stopped"), drug("2", "Warfarin 5 mg"), False),
        (drug("1", "Oxycodone 10 MG Extended Release Tablet"), drug("2", "Oxycodone 5 mg tablet"), False),
        (drug("1", "Sodium chloride 0.9% 1 L"), drug("2", "Sodium chloride 0.9% 100 mL"), False),
    ],
)
def test_same_drug_twice(one: dict[str, Any], other: dict[str, Any], conflict: bool) -> None:
    made = draft(PATIENT, one, other)
    assert kinds(made) == (["conflict.duplicate-drug"] if conflict else [])


@pytest.mark.parametrize(
    ("observation", "conflict"),
    [
        (result("o", "Potassium", "2823-3", 52, "mmol/L"), True),
        (result("o", "Potassium", "2823-3", 7.9, "mmol/L"), False),
        (result("o", "Hemoglobin", "718-7", 131, "g/dL"), True),
        (result("o", "Hemoglobin", "718-7", 131, "g/L"), False),
        (result("o", "Body height", "8302-2", 17, "cm"), True),
        (result("o", "Ferritin", "2276-4", -3, "ng/mL"), True),
        (result("o", "Base excess", "1925-7", -3, "mmol/L"), False),
        (result("o", "Potassium", "2823-3", 52, "mmol/L", status="entered-in-error"), False),
    ],
)
def test_value_that_cannot_be(observation: dict[str, Any], conflict: bool) -> None:
    assert ("conflict.impossible-value" in kinds(draft(PATIENT, observation))) is conflict


def test_the_same_impossible_value_is_told_once_and_cited_every_time() -> None:
    many = [
        result(f"o{n}", "Protein", "2885-2", 60 + n, "g/dL", effectiveDateTime=f"20{n + 10}-01-01") for n in range(6)
    ]
    (claim,) = draft(PATIENT, *many).conflicts
    assert {c.source for c in claim.citations} == {f"Observation/o{n}" for n in range(6)}


def test_diastolic_above_systolic() -> None:
    pressure = result("o", "Blood pressure", "85354-9", 0)
    del pressure["valueQuantity"]
    pressure["component"] = [
        {"code": concept("Systolic blood pressure", "8480-6"), "valueQuantity": {"value": 70, "unit": "mmHg"}},
        {"code": concept("Diastolic blood pressure", "8462-4"), "valueQuantity": {"value": 110, "unit": "mmHg"}},
    ]
    assert kinds(draft(PATIENT, pressure)) == ["conflict.impossible-value"]


@pytest.mark.parametrize(
    ("entry", "conflict"),
    [
        (condition("c", "Gastritis", "resolved", onsetDateTime="2025-03-01", abatementDateTime="2025-02-01"), True),
        (condition("c", "Gastritis", "resolved", onsetDateTime="2025-03", abatementDateTime="2025-03-20"), False),
        (condition("c", "Gastritis", "resolved", onsetDateTime="2025-03-01", abatementDateTime="2025-03-01"), False),
        (drug("m", "Paracetamol 500 mg", "stopped", authoredOn="1948-01-01"), True),
        (condition("c", "Congenital heart defect", onsetDateTime="1950"), False),
    ],
)
def test_dates_in_the_wrong_order(entry: dict[str, Any], conflict: bool) -> None:
    assert kinds(draft(PATIENT, entry)) == (["conflict.date-order"] if conflict else [])


def test_measured_after_death_but_not_certified_after_death() -> None:
    died = PATIENT | {"deceasedDateTime": "2026-11-10T10:00:00Z"}
    late = result("o", "Sodium", "2951-2", 138, "mmol/L")
    assert kinds(draft(died, late)) == ["conflict.date-order"]
    cause = late | {"category": [], "code": concept("Cause of Death", "69453-9"), "valueString": "Sepsis"}
    del cause["valueQuantity"]
    assert kinds(draft(died, cause)) == []


@pytest.mark.parametrize(
    ("entries", "conflict"),
    [
        ([condition("1", "Type 1 diabetes mellitus"), condition("2", "Type 2 diabetes mellitus")], True),
        ([condition("1", "제1형 당뇨병"), condition("2", "제2형 당뇨병")], True),
        ([condition("1", "Type 1 diabetes mellitus", "resolved"), condition("2", "Type 2 diabetes mellitus")], False),
        ([allergy("1", "No known allergies"), allergy("2", "Latex")], True),
        ([allergy("1", "No known drug allergy"), allergy("2", "Latex") | {"category": ["environment"]}], False),
        (
            [
                condition("1", "Asthma", onsetDateTime="2010-01-01"),
                condition("2", "Asthma", "resolved", onsetDateTime="2010-01-01", abatementDateTime="2020-01-01"),
            ],
            True,
        ),
        (
            [
                condition("1", "Asthma", onsetDateTime="2022-01-01"),
                condition("2", "Asthma", "resolved", onsetDateTime="2010-01-01", abatementDateTime="2020-01-01"),
            ],
            False,
        ),
        ([condition("1", "Normal pregnancy", onsetDateTime="2026-09-01")], True),
        ([condition("1", "Neoplasm of prostate")], True),
        ([condition("1", "Fracture of left hip", onsetDateTime="2026-11-01")], False),
    ],
)
def test_contradictions(entries: list[dict[str, Any]], conflict: bool) -> None:
    assert kinds(draft(PATIENT, *entries)) == (["conflict.contradiction"] if conflict else [])


@pytest.mark.parametrize(("side", "conflict"), [("Right", True), ("Left", False), ("", False)])
def test_operation_on_the_other_side(side: str, conflict: bool) -> None:
    broken = condition("1", "Fracture of left hip", onsetDateTime="2026-11-01")
    operation = {
        "resourceType": "Procedure",
        "id": "2",
        "status": "completed",
        "code": concept(f"{side} hip hemiarthroplasty".strip()),
        "subject": {"reference": "Patient/p"},
        "performedDateTime": "2026-11-02",
    }
    assert kinds(draft(PATIENT, broken, operation)) == (["conflict.contradiction"] if conflict else [])


def gaps(made: Draft) -> set[str]:
    return {claim.kind for claim in made.missing}


def test_no_allergy_list_is_not_no_allergies() -> None:
    assert "missing.allergies" in gaps(draft(PATIENT))
    none = draft(PATIENT, allergy("a", "No known allergies"))
    assert "missing.allergies" not in gaps(none)
    assert any(claim.section == "allergies" for claim in none.claims)


def test_gaps_of_an_empty_chart() -> None:
    made = draft({"resourceType": "Patient", "id": "p"})
    assert gaps(made) == {
        "missing.allergies", "missing.birth-date", "missing.gender", "missing.name", "missing.medications",
        "missing.problems", "missing.vitals", "missing.weight",
    }  # fmt: skip
    assert all(claim.support.state == "absence" and claim.searched for claim in made.missing)


def test_dose_and_reason_are_missed_where_they_are_missing() -> None:
    full = drug("1", "Metformin 500 mg", **dosed("500 mg bid"), reasonCode=[{"text": "Diabetes"}])
    assert not {"missing.dose", "missing.medication-reason"} & gaps(draft(PATIENT, full))
    bare = draft(PATIENT, full, drug("2", "Warfarin 5 mg"))
    claims = {claim.kind: claim for claim in bare.missing}
    for kind in ("missing.dose", "missing.medication-reason"):
        assert {c.source for c in claims[kind].citations} == {"MedicationRequest/2"}


def test_missing_unit_not_for_what_has_none() -> None:
    assert "missing.unit" in gaps(draft(PATIENT, result("o", "Magnesium", "19123-9", 2.0)))
    assert "missing.unit" not in gaps(draft(PATIENT, result("o", "INR", "6301-6", 1.1)))


def test_order_without_result_and_appointment_in_the_past() -> None:
    order = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "status": "active",
        "intent": "order",
        "code": concept("Blood culture"),
        "subject": {"reference": "Patient/p"},
        "authoredOn": "2026-11-18",
    }
    visit = {
        "resourceType": "Appointment",
        "id": "v",
        "status": "booked",
        "description": "Heart clinic",
        "start": "2026-10-01T09:00:00Z",
        "participant": [{"actor": {"reference": "Patient/p"}, "status": "accepted"}],
    }
    value = result("o", "Sodium", "2951-2", 140, "mmol/L")
    assert {"missing.result-pending", "missing.follow-up-overdue"} <= gaps(draft(PATIENT, order, visit, value))
    answered = value | {"basedOn": [{"reference": "ServiceRequest/s"}]}
    assert "missing.result-pending" not in gaps(draft(PATIENT, order, answered))


# --- notes


def note(text: str, date: str = "2026-11-19T10:00:00Z", id_: str = "n", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": id_,
        "status": "current",
        "type": concept("Clinic note"),
        "subject": {"reference": "Patient/p"},
        "date": date,
        "author": [{"display": "Ann Grant"}],
        "content": [{"attachment": {"contentType": "text/plain", "data": orjson_base64(text)}}],
        **more,
    }


LISTED = drug("m", "Metformin 500 mg", **dosed("500 mg bid"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Medications: metformin 500 mg PO bid, warfarin 3 mg PO qd", "conflict.note-drug"),
        ("Medication) metformin 500 mg bid, 와파린 3 mg qd", "conflict.note-drug"),
        ("타 병원 처방 apixaban 5 mg bid 복용 중.", "conflict.note-drug"),
        ("Takes apixaban 5 mg twice daily.", "conflict.note-drug"),
        ("Medications: Glucophage 500 mg PO bid", None),
        ("Medication) 메트포르민 500 mg bid", None),
        ("Plan: consider warfarin", None),
        ("P)\n- warfarin 3 mg start 예정", None),
        ("Medications: metformin 500 mg bid. Warfarin was stopped in May.", None),
        ("Takes no warfarin.", None),
        ("Mother takes warfarin 3 mg daily.", None),
        ("Metformin was stopped two weeks ago.", "conflict.note-stopped"),
        ("She stopped taking metformin because of nausea.", "conflict.note-stopped"),
        ("metformin 구역으로 2주 전부터 중단함.", "conflict.note-stopped"),
        ("Stop metformin if vomiting.", None),
        ("losartan 중단, metformin 유지", None),
        ("metformin 중단 예정", None),
        ("Continue metformin. Smoking stopped.", None),
    ],
)
def test_drugs_of_a_note_against_the_list(text: str, kind: str | None) -> None:
    assert kinds(draft(PATIENT, LISTED, note(text))) == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("entry", "text", "conflict"),
    [
        (allergy("a", "Penicillin"), "Allergies: NKDA", True),
        (allergy("a", "페니실린"), "Allergy) 없음", True),
        (allergy("a", "Peanut", category=["food"]), "Allergies: NKDA", False),
        (allergy("a", "Penicillin", recordedDate="2026-11-20"), "Allergies: NKDA", False),
        (allergy("a", "No known allergies"), "Allergies: NKDA", False),
        (allergy("a", "No known allergies"), "Allergies: penicillin (rash)", True),
        (allergy("a", "알려진 알레르기 없음"), "Allergy) 페니실린 (두드러기)", True),
        (allergy("a", "Latex", category=["environment"]), "Allergies: penicillin (rash)", True),
        (allergy("a", "Penicillin"), "Allergy) 페니실린 (두드러기)", False),
        (allergy("a", "Penicillin"), "Allergies: amoxicillin (rash)", False),
    ],
)
def test_allergies_of_a_note_against_the_list(entry: dict[str, Any], text: str, conflict: bool) -> None:
    made = draft(PATIENT, entry, note(text))
    assert kinds(made) == (["conflict.note-allergy"] if conflict else [])
    for claim in made.conflicts:
        assert {c.source for c in claim.citations} == {"DocumentReference/n", "AllergyIntolerance/a"}


def test_a_drug_that_the_record_stopped_or_that_a_newer_note_no_longer_lists_is_no_conflict() -> None:
    warfarin = "Medications: warfarin 3 mg PO qd, metformin 500 mg PO bid"
    ended = drug("w", "Warfarin 3 mg", "stopped")
    assert kinds(draft(PATIENT, LISTED, ended, note(warfarin))) == []
    newer = note("Medications: metformin 500 mg PO bid", "2026-11-20T10:00:00Z", "n2")
    assert kinds(draft(PATIENT, LISTED, note(warfarin), newer)) == []
    gone = note(warfarin, status="entered-in-error")
    assert kinds(draft(PATIENT, LISTED, gone)) == []


def test_what_only_a_note_says_is_listed_as_read_from_it() -> None:
    text = (
        "PMH: atrial fibrillation\nAllergies: penicillin\nMedications: warfarin 3 mg PO qd\nAssessment:\n1. Pneumonia\n"
    )
    english = draft(PATIENT, note(text), language="en")
    told = {claim.section: claim.text for claim in english.claims if "read from a note" in claim.text}
    assert told == {
        "problems": "Pneumonia, read from a note: Clinic note, 2026-11-19, Ann Grant",
        "medications": "warfarin, 3 mg PO qd, read from a note: Clinic note, 2026-11-19, Ann Grant",
        "allergies": "penicillin, read from a note: Clinic note, 2026-11-19, Ann Grant",
        "history": "atrial fibrillation, read from a note: Clinic note, 2026-11-19, Ann Grant",
    }
    korean = draft(PATIENT, note(text), language="ko")
    assert sum("기록지에서 읽음" in claim.text for claim in korean.claims) == 4
    recorded = [
        condition("1", "폐렴"),
        condition("2", "심방세동"),
        allergy("a", "Penicillin V"),
        drug("w", "쿠마딘정 3mg"),
    ]
    assert "read from a note" not in shown(draft(PATIENT, note(text), *recorded, language="en"))


def test_notes_that_were_not_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "MOST", 10)
    assert "missing.notes-not-read" in gaps(draft(PATIENT, note("Assessment: pneumonia")))


# --- order, length, time


def test_problems_in_order_of_importance() -> None:
    stay = {
        "resourceType": "Encounter",
        "id": "e",
        "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2026-11-18T08:00:00Z"},
    }
    made = draft(
        PATIENT,
        stay,
        condition("1", "Viral sinusitis (disorder)", onsetDateTime="2026-11-15"),
        condition("2", "Hypertension", onsetDateTime="2001-01-01"),
        condition("3", "Heart failure", onsetDateTime="2015-01-01"),
        condition("4", "Ankle sprain", onsetDateTime="2026-11-18", encounter={"reference": "Encounter/e"}),
        condition("5", "Full-time employment (finding)", onsetDateTime="2026-11-01"),
        condition("6", "Sepsis", onsetDateTime="1971-01-01"),
    )
    told = [claim.text.split(",")[0] for claim in made.claims if claim.section == "problems"]
    assert told == ["Ankle sprain", "Heart failure", "Hypertension", "Viral sinusitis", "Sepsis"]
    assert next(s.left_out for s in made.sections if s.key == "problems") == 1


def many() -> list[dict[str, Any]]:
    entries = [condition(f"c{n}", f"Problem {chr(65 + n)}") for n in range(20)]
    entries += [drug(f"m{n}", f"Drug{chr(65 + n)} tablet", **dosed("one daily")) for n in range(25)]
    return [PATIENT, *entries, *(allergy(f"a{n}", f"Food {chr(65 + n)}") for n in range(12))]


@pytest.mark.parametrize("request_", [{"length": "short"}, {"length": "page"}, {"items": 1}])
def test_what_has_no_room_is_counted(request_: dict[str, Any]) -> None:
    made, full = draft(*many(), **request_), draft(*many(), length="full")
    whole = {s.key: sum(c.section == s.key for c in full.claims) + s.left_out for s in full.sections}
    for section in made.sections:
        told = sum(claim.section == section.key for claim in made.claims)
        assert told + section.left_out == whole[section.key], section.key
    assert sum(claim.section == "allergies" for claim in made.claims) == 12


def test_speaks_from_the_day_asked_for() -> None:
    early = condition("1", "Hypertension", onsetDateTime="2001-01-01")
    late = condition("2", "Heart failure", onsetDateTime="2015-01-01")
    made = draft(PATIENT, early, late, as_of=date(2010, 5, 1))
    assert made.as_of == "2010-05-01"
    assert "59 years old" in made.claims[0].text
    assert "Heart failure" not in shown(made)
    assert "missing.later-entries" in gaps(made)


@pytest.mark.parametrize(
    ("birth", "told"), [("2026-10-30", "20 days old"), ("2025-12-21", "10 months old"), ("2020-11-20", "5 years old")]
)
def test_age(birth: str, told: str) -> None:
    seen = result("o", "Sodium", "2951-2", 140, "mmol/L")
    assert told in draft(PATIENT | {"birthDate": birth}, seen).claims[0].text


def test_same_record_same_bytes() -> None:
    resources = stored(*many())
    first = skill.draft(timeline(resources), Request())
    second = skill.draft(timeline(list(reversed(resources))), Request())
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert first.id != skill.draft(timeline(resources), Request(language="ko")).id


def test_another_request_type_is_refused() -> None:
    with pytest.raises(TypeError, match="record-summary takes its own Request"):
        skill.draft(timeline(stored(PATIENT)), msgspec.convert({}, type=_Empty))  # type: ignore[arg-type]


class _Empty(msgspec.Struct):
    pass


# --- words


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("49.22893532822815", "49.2"), ("4.10", "4.10"), ("140", "140"), ("8.982638", "8.98"), ("0.0123456", "0.0123"),
        ("-2.5512", "-2.55"), ("0.5733", "0.573"), ("99.951", "100.0"), ("1e-7", "1e-7"), ("0.000", "0.0"),
    ],
)  # fmt: skip
def test_rounding(written: str, told: str) -> None:
    assert rounded(written) == told


def test_every_phrase_is_in_both_languages_with_the_same_holes() -> None:
    for key, phrase in PHRASES.items():
        assert set(phrase) == {"en", "ko"}, key
        assert sorted(HOLE.findall(phrase["en"])) == sorted(HOLE.findall(phrase["ko"])), key
    assert all(set(title) == {"en", "ko"} for title in SECTIONS.values())


def test_hidden_characters_do_not_reach_a_sentence() -> None:
    entry = condition("c", "Hyper\u202etension\u200b\n\n# forged\u0007")
    made = skill.draft(timeline(stored(PATIENT, entry)), Request())
    told = next(claim.text for claim in made.claims if claim.section == "problems")
    assert told.startswith("Hypertension # forged")
    assert clean(told) == told


def test_note_is_quoted_from_its_assessment() -> None:
    text = "S) fever\nA)\n#1. urosepsis\n#2. AKI\nP)\n- fluids\n"
    note = {
        "resourceType": "DocumentReference",
        "id": "n",
        "status": "current",
        "type": concept("Progress note"),
        "subject": {"reference": "Patient/p"},
        "date": "2026-11-19T10:00:00Z",
        "content": [{"attachment": {"contentType": "text/plain", "data": orjson_base64(text)}}],
    }
    (claim,) = [claim for claim in draft(PATIENT, note).claims if claim.section == "notes"]
    assert claim.text == "2026-11-19, Progress note, “urosepsis / AKI”"
    assert "urosepsis" in {c.quote for c in claim.citations}


def orjson_base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode()


# --- whole sets of patients


def drafts(store: Store, **request: Any) -> Iterator[Draft]:
    for patient in store.patient_ids():
        resources = store.patient(patient)
        by_ref = {resource.ref: resource for resource in resources}
        made = skill.draft(with_mentions(timeline(resources)), Request(**request))
        yield verify_draft(made, lambda source, _, by_ref=by_ref: by_ref.get(source))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_ward_is_read_without_a_false_conflict(tmp_path: Path, language: str) -> None:
    made = ward()
    store = Store(tmp_path / "ward.sqlite")
    for bundle in made.bundles:
        load(store, bundle)
    seen = {one.patient: one for one in drafts(store, language=language)}
    claims = [c for one in seen.values() for c in (*one.claims, *one.missing, *one.conflicts)]
    assert [c.text for c in claims if c.support.state not in ("supported", "absence")] == []
    told = {patient: {c.kind for c in (*one.missing, *one.conflicts)} for patient, one in seen.items()}
    found = [planted.kind in told[planted.patient] for planted in made.planted]
    assert sum(found) >= 0.95 * len(found)
    planted = {(p.patient, p.kind) for p in made.planted}
    extra = [
        (one.patient, c.text) for one in seen.values() for c in one.conflicts if (one.patient, c.kind) not in planted
    ]
    assert len(extra) <= len(seen) / 20, extra


@pytest.mark.data
@pytest.mark.parametrize("language", ["en", "ko"])
def test_public_patients(data: Path, tmp_path: Path, language: str) -> None:
    store = Store(tmp_path / "public.sqlite")
    source = data / "synthea"
    load(store, source if source.exists() else next(iter(sorted(data.glob("synthea*")))))
    seen = list(drafts(store, language=language))
    assert len(seen) == 40
    claims = [c for one in seen for c in (*one.claims, *one.missing, *one.conflicts)]
    assert [c.text for c in claims if c.support.state not in ("supported", "absence")] == []
    conflicts = [c for one in seen for c in one.conflicts]
    # Looked at, and true: the set gives protein in g/L the unit g/dL, and one drug is dated 50 years before the birth.
    assert [c.text for c in conflicts if "Protein [Mass/volume]" not in c.text and "Ampicillin" not in c.text] == []


def test_an_edited_number_is_caught() -> None:
    made = skill.draft(timeline(stored(PATIENT, result("o", "Potassium", "2823-3", 6.1, "mmol/L"))), Request())
    by_ref = {r.ref: r for r in stored(PATIENT, result("o", "Potassium", "2823-3", 6.1, "mmol/L"))}
    wrong = replace(made, claims=tuple(replace(c, text=c.text.replace("6.1", "6.7")) for c in made.claims))
    checked = verify_draft(wrong, lambda source, _: by_ref.get(source))
    (claim,) = [c for c in checked.claims if c.section == "results"]
    assert claim.support.state == "unsupported"

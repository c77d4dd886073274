"""The documents of a stay: hand-off, admission, progress, transfer and discharge, on small records and on the ward."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify, verify_draft
from bogam.record.store import Resource
from bogam.record.timeline import timeline
from bogam.skills.skill import skills
from bogam.skills.stay.words import PHRASES, SECTIONS
from bogam.synthetic.ward import ward
from bogam.terms import news2
from bogam.text.chart import with_mentions
from test_skills_record_summary import CASES as RECORDS
from test_skills_record_summary import shown

NAMES = ("handoff", "admission-note", "progress-note", "transfer-summary", "discharge-summary")
HOLE = re.compile(r"\{(\w+)\}")


def stored(*bodies: dict[str, Any]) -> list[Resource]:
    made: list[Resource] = []
    for body in bodies:
        raw = orjson.dumps(body)
        sha = sha256(raw).hexdigest()
        made.append(Resource(body["resourceType"], body["id"], 1, "p", raw, sha, "2026-11-25T00:00:00Z"))
    return made


def draft(skill: str, *bodies: dict[str, Any], **request: Any) -> Draft:
    """Draft and verify; every sentence must hold."""
    return drafted(skill, stored(*bodies), **request)


def drafted(skill: str, resources: list[Resource], **request: Any) -> Draft:
    by_ref = {resource.ref: resource for resource in resources}
    maker = skills()[skill]
    chart = with_mentions(timeline(resources))
    made = verify_draft(maker.draft(chart, maker.request(**request)), lambda source, _: by_ref.get(source))
    for claim in (*made.claims, *made.missing, *made.conflicts):
        assert claim.citations or claim.searched, claim.text
    return made


def said(made: Draft, section: str) -> list[str]:
    return [claim.text for claim in made.claims if claim.section == section]


def kinds(made: Draft) -> set[str]:
    return {claim.kind for claim in made.missing}


PERSON = {"resourceType": "Patient", "id": "p", "name": [{"text": "Ann Lee"}], "gender": "female"} | {
    "birthDate": "1960-05-01"
}


def visit(id: str, kind: str, start: str, end: str = "", **more: Any) -> dict[str, Any]:
    period = {"start": start} | ({"end": end} if end else {})
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished" if end else "in-progress",
        "class": {"code": kind},
        "subject": {"reference": "Patient/p"},
        "period": period,
    } | more


def vital(id: str, code: str, name: str, value: float, unit: str, at: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": name},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"},
    }


def signs(at: str, *, rr: float, spo2: float, o2: float, sbp: float, hr: float, bt: float) -> list[dict[str, Any]]:
    return [
        vital("rr", "9279-1", "Respiratory rate", rr, "/min", at),
        vital("spo2", "59408-5", "Oxygen saturation", spo2, "%", at),
        vital("o2", "3151-8", "Inhaled oxygen flow rate", o2, "L/min", at),
        vital("sbp", "8480-6", "Systolic blood pressure", sbp, "mm[Hg]", at),
        vital("hr", "8867-4", "Heart rate", hr, "/min", at),
        vital("bt", "8310-5", "Body temperature", bt, "Cel", at),
    ]


def order(id: str, drug: str, start: str, dose: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"text": drug},
        "subject": {"reference": "Patient/p"},
        "authoredOn": start,
        "dosageInstruction": [{"text": dose}],
    } | more


def note(id: str, at: str, text: str, title: str = "Progress note", author: str = "Kim Resident") -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": {"text": title},
        "subject": {"reference": "Patient/p"},
        "date": at,
        "author": [{"display": author}],
        "content": [{"attachment": {"contentType": "text/plain", "data": b64encode(text.encode()).decode()}}],
    }


IN = visit("in", "IMP", "2026-11-18T10:00:00Z", reasonCode=[{"text": "Pneumonia"}])
OUT = visit("in", "IMP", "2026-11-10T10:00:00Z", "2026-11-15T10:00:00Z", reasonCode=[{"text": "Pneumonia"}])
NOW = "2026-11-20T08:00:00Z"


# --- the cases: small records of the record summary, and what is written of them


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("case", "language"), [("korean-ward", "ko"), ("ward-takeover", "en")])
def test_case(name: str, case: str, language: str) -> None:
    bundle = orjson.loads((RECORDS / case / "record.json").read_bytes())
    made = drafted(name, stored(*(entry["resource"] for entry in bundle["entry"])), language=language)
    assert shown(made) == (skills()[name].folder / "cases" / case / f"draft.{language}.md").read_text("utf-8")


# --- NEWS2


@pytest.mark.parametrize(
    ("parameter", "value", "points"),
    [
        ("respiratory-rate", 8, 3), ("respiratory-rate", 9, 1), ("respiratory-rate", 20, 0),
        ("respiratory-rate", 21, 2), ("respiratory-rate", 25, 3), ("spo2", 91, 3), ("spo2", 92, 2), ("spo2", 95, 1),
        ("spo2", 96, 0), ("oxygen", 0, 0), ("oxygen", 0.5, 2), ("sbp", 90, 3), ("sbp", 100, 2), ("sbp", 110, 1),
        ("sbp", 219, 0), ("sbp", 220, 3), ("heart-rate", 40, 3), ("heart-rate", 50, 1), ("heart-rate", 90, 0),
        ("heart-rate", 110, 1), ("heart-rate", 130, 2), ("heart-rate", 131, 3), ("gcs", 14, 3), ("gcs", 15, 0),
        ("temperature", 35.0, 3), ("temperature", 35.1, 1), ("temperature", 36.1, 0), ("temperature", 38.0, 0),
        ("temperature", 38.1, 1), ("temperature", 39.0, 1), ("temperature", 39.1, 2),
    ],
)  # fmt: skip
def test_news2_gives_the_points_of_the_published_chart(parameter: str, value: float, points: int) -> None:
    assert news2.points(parameter, value) == points


def test_illness_severity_is_a_score_with_its_reason_and_says_what_is_not_recorded() -> None:
    made = draft("handoff", PERSON, IN, *signs(NOW, rr=26, spo2=90, o2=4, sbp=95, hr=118, bt=38.4))
    first = next(claim for claim in made.claims if claim.section == "severity")
    assert first.text.startswith("Unstable: NEWS2 at least 13 (high risk): ")
    assert "in the red band: Respiratory rate, Oxygen saturation" in first.text
    assert "not recorded: consciousness" in first.text
    assert first.support.state == "supported"


def test_a_wrong_score_is_not_supported() -> None:
    resources = stored(PERSON, IN, *signs(NOW, rr=26, spo2=90, o2=4, sbp=95, hr=118, bt=38.4))
    by_ref = {resource.ref: resource for resource in resources}
    maker = skills()["handoff"]
    made = maker.draft(timeline(resources), maker.request())
    first = next(claim for claim in made.claims if claim.section == "severity")
    for wrong in ("NEWS2 at least 12", "NEWS2 13"):  # another sum; a whole score that two values short cannot be
        text = first.text.replace("NEWS2 at least 13", wrong)
        (checked,) = verify([Claim(text, first.citations)], lambda source, _: by_ref.get(source), as_of=made.as_of)
        assert checked.support.state == "unsupported", text


def test_stable_is_said_only_where_all_of_it_is_recorded() -> None:
    well = signs(NOW, rr=16, spo2=98, o2=0, sbp=124, hr=72, bt=36.8)
    unknown = draft("handoff", PERSON, IN, *well)
    assert said(unknown, "severity")[0].startswith("NEWS2 at least 0, too little recorded to call it stable")
    known = draft("handoff", PERSON, IN, *well, vital("gcs", "9269-2", "Glasgow coma scale", 15, "{score}", NOW))
    assert said(known, "severity")[0].startswith("Stable: NEWS2 0: ")


def test_without_vital_signs_it_says_that_not_enough_is_recorded() -> None:
    made = draft("handoff", PERSON, IN)
    assert next(s.title for s in made.sections if s.key == "severity").endswith("not enough recorded")
    assert "missing.severity" in kinds(made)


def test_children_get_no_adult_score() -> None:
    child = PERSON | {"birthDate": "2019-05-01"}
    made = draft("handoff", child, IN, *signs(NOW, rr=26, spo2=95, o2=0, sbp=95, hr=118, bt=38.4))
    assert not any("NEWS2" in claim.text for claim in made.claims)
    assert "missing.severity" in kinds(made)
    titles = {"en": "no score: NEWS2 is for 16 and over", "ko": "점수 없음: NEWS2는 만 16세 이상에만 사용"}
    for language, why in titles.items():
        section = next(s for s in draft("handoff", child, IN, language=language).sections if s.key == "severity")
        assert section.title.endswith(why)


def test_what_was_searched_is_told_in_the_language_of_the_draft() -> None:
    for language, words in {"en": "lines of notes of the stay: 0", "ko": "이번 재원 기록지의 줄 수: 0"}.items():
        made = draft("handoff", PERSON, IN, language=language)
        assert next(c for c in made.missing if c.kind == "missing.contingency").searched == words


# --- hand-off


PLAN = """[Progress note] 2026-11-20 07:00
S: Slept.
P:
- Repeat lactate at 14:00
- If SBP < 90, call the resident
Kim Resident"""


def test_contingency_is_what_a_note_says_and_nothing_else() -> None:
    made = draft("handoff", PERSON, IN, note("n", "2026-11-20T07:00:00Z", PLAN))
    assert said(made, "awareness") == [
        "2026-11-20 07:00, Kim Resident (Progress note), “If SBP < 90, call the resident”"
    ]
    assert said(made, "actions") == ["2026-11-20 07:00, Kim Resident (Progress note), “Repeat lactate at 14:00”"]
    assert "missing.contingency" not in kinds(made)
    assert "missing.contingency" in kinds(draft("handoff", PERSON, IN))


def test_a_hand_off_leads_with_severity_and_allergies() -> None:
    for form in ("ipass", "sbar"):
        keys = [section.key for section in draft("handoff", PERSON, IN, form=form).sections]
        assert keys[0] == "severity"
        assert "allergies" in keys[:3]
    empty = next(s for s in draft("handoff", PERSON, IN).sections if s.key == "allergies")
    assert empty.title == "P · Allergies – no entry in the record"


def test_what_is_normal_and_told_by_the_score_is_counted_not_told_again() -> None:
    def lab(id: str, name: str, value: float, flag: str = "") -> dict[str, Any]:
        made = vital(id, f"{id}-1", name, value, "mmol/L", NOW) | {"category": [{"coding": [{"code": "laboratory"}]}]}
        return made | ({"interpretation": [{"coding": [{"code": flag}]}]} if flag else {})

    bodies = [lab(f"h{n}", f"Value {n}", 1.5 + n, "H") for n in range(9)]
    made = draft(
        "handoff", PERSON, IN, *signs(NOW, rr=16, spo2=98, o2=0, sbp=124, hr=72, bt=36.8), *bodies, lab("n", "Calm", 4)
    )
    assert len(said(made, "now")) == 6
    assert next(s for s in made.sections if s.key == "now").left_out == 6 + 3 + 1


def test_what_a_conflict_or_a_list_tells_is_not_quoted_again() -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "code": {"text": "Penicillin"},
        "patient": {"reference": "Patient/p"},
        "recordedDate": "2020-01-01",
    }
    words = "Slept well.\nNo known drug allergies."
    made = draft("handoff", PERSON, IN, allergy, note("n", NOW, words, "Nursing note", "Jo Nurse"))
    assert any("No known drug allergies" in claim.text for claim in made.conflicts)
    assert said(made, "awareness") == ["2026-11-20 08:00, Jo Nurse (Nursing note), “Slept well.”"]


def test_a_hand_off_of_a_stay_that_is_over_says_so() -> None:
    for name in ("handoff", "transfer-summary"):
        assert "missing.stay-over" in kinds(draft(name, PERSON, OUT))
        assert "missing.stay-over" not in kinds(draft(name, PERSON, IN))


def test_the_dead_get_neither_instructions_nor_plans() -> None:
    died = PERSON | {"deceasedDateTime": "2026-11-15T10:00:00Z"}
    made = draft("discharge-summary", died, OUT)
    assert not {"missing.follow-up", "missing.instructions"} & kinds(made)
    plan = note("n", "2026-11-14T07:00:00Z", PLAN)
    assert not said(draft("handoff", died, OUT, plan), "actions")


def test_an_admission_note_tells_no_problem_of_later_days() -> None:
    def problem(id: str, name: str, at: str) -> dict[str, Any]:
        return {
            "resourceType": "Condition",
            "id": id,
            "code": {"text": name},
            "subject": {"reference": "Patient/p"},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "onsetDateTime": at,
        }

    early, late = problem("e", "Pneumonia", "2026-11-18"), problem("l", "Delirium", "2026-11-20")
    told = said(draft("admission-note", PERSON, IN, early, late), "problems")
    assert [text.split(",")[0] for text in told] == ["Pneumonia"]


def test_both_forms_leave_a_place_for_what_the_receiver_reads_back() -> None:
    for form in ("ipass", "sbar"):
        made = draft("handoff", PERSON, IN, form=form)
        assert made.sections[-1].key == "synthesis"
        assert not said(made, "synthesis")


def test_only_the_hours_asked_for_are_told_as_changes() -> None:
    bodies = (
        PERSON,
        IN,
        order("a", "ceftriaxone", "2026-11-18T12:00:00Z", "2 g once daily"),
        order("b", "furosemide", "2026-11-20T06:00:00Z", "40 mg once"),
        note("n", NOW, "S: better"),
    )
    assert said(draft("handoff", *bodies), "changes") == ["2026-11-20 06:00, started furosemide, 40 mg once"]
    assert len(said(draft("handoff", *bodies, since=72), "changes")) == 2
    assert len(said(draft("handoff", *bodies, setting="ed-to-ward"), "changes")) == 2


# --- discharge


def test_medication_changes_are_those_against_before_the_admission() -> None:
    made = draft(
        "discharge-summary",
        PERSON,
        OUT,
        order("keep", "atorvastatin 20 mg", "2026-06-01T09:00:00Z", "20 mg once daily"),
        order("old", "furosemide 40 mg", "2026-06-01T09:00:00Z", "40 mg once daily", "stopped"),
        order("more", "furosemide 40 mg", "2026-11-15T09:30:00Z", "80 mg once daily"),
        order(
            "off", "metformin 500 mg", "2026-06-01T09:00:00Z", "500 mg twice daily", "stopped",
            statusReason={"text": "Kidney injury"},
        ),
        order("quiet", "losartan 50 mg", "2026-06-01T09:00:00Z", "50 mg once daily", "stopped"),
        order("new", "apixaban 5 mg", "2026-11-12T09:00:00Z", "5 mg twice daily"),
        order(
            "iv", "ceftriaxone 2 g", "2026-11-10T12:00:00Z", "2 g once daily", "completed",
            dispenseRequest={"validityPeriod": {"start": "2026-11-10T12:00:00Z", "end": "2026-11-14T12:00:00Z"}},
        ),
    )  # fmt: skip
    assert [text.split(",")[0] for text in said(made, "drugs-new")] == ["apixaban 5 mg"]
    assert [text.split(",")[0] for text in said(made, "drugs-continued")] == ["atorvastatin 20 mg"]
    changed = said(made, "drugs-changed")
    assert len(changed) == 1
    assert "80 mg once daily" in changed[0]
    assert "before admission: 40 mg once daily" in changed[0]
    stopped = said(made, "drugs-stopped")
    assert {text.split(",")[0] for text in stopped} == {"losartan 50 mg", "metformin 500 mg"}
    assert any("because: Kidney injury" in text for text in stopped)
    assert [text.split(",")[0] for text in said(made, "drugs-hospital")] == ["ceftriaxone 2 g"]
    reasons = next(claim for claim in made.missing if claim.kind == "missing.stop-reason")
    assert "losartan" in reasons.text
    assert "metformin" not in reasons.text


def test_a_drug_stopped_for_another_form_in_hospital_is_told_as_both() -> None:
    oral = order("po", "furosemide 40 mg", "2026-06-01T09:00:00Z", "40 mg once daily", "stopped")
    made = draft(
        "discharge-summary", PERSON, OUT, oral,
        order("iv", "furosemide injection", "2026-11-10T12:00:00Z", "40 mg IV every 12 hours", "stopped"),
    )  # fmt: skip
    assert said(made, "drugs-stopped")[0].startswith("furosemide 40 mg, 40 mg once daily")
    assert said(made, "drugs-hospital")[0].startswith("furosemide injection, 40 mg IV every 12 hours")


def test_a_patient_who_is_still_in_hospital_gets_a_draft_that_says_so() -> None:
    assert "missing.discharge" in kinds(draft("discharge-summary", PERSON, IN))
    over = draft("discharge-summary", PERSON, OUT)
    assert "missing.discharge" not in kinds(over)
    assert {"missing.follow-up", "missing.instructions", "missing.disposition"} <= kinds(over)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_stay_each_says_so(name: str) -> None:
    clinic = visit("amb", "AMB", "2026-11-01T10:00:00Z", "2026-11-01T10:20:00Z")
    assert "missing.inpatient-encounter" in kinds(draft(name, PERSON, clinic))
    assert "missing.inpatient-encounter" in kinds(draft(name, PERSON))


def test_the_last_result_of_the_stay_stands_with_its_first() -> None:
    def creatinine(id: str, at: str, value: float) -> dict[str, Any]:
        made = vital(id, "2160-0", "Creatinine", value, "mg/dL", at)
        return made | {"category": [{"coding": [{"code": "laboratory"}]}]}

    made = draft(
        "discharge-summary", PERSON, OUT,
        creatinine("a", "2026-11-10T11:00:00Z", 2.4),
        creatinine("b", "2026-11-12T11:00:00Z", 1.9),
        creatinine("c", "2026-11-15T06:00:00Z", 1.1),
        creatinine("d", "2026-11-18T06:00:00Z", 1.0),
    )  # fmt: skip
    assert said(made, "results") == ["Creatinine 1.1 mg/dL (2026-11-15), down from 2.4 mg/dL on 2026-11-10"]


def test_a_peak_between_the_first_and_the_last_result_is_told() -> None:
    def troponin(id: str, at: str, value: float) -> dict[str, Any]:
        made = vital(id, "89579-7", "Troponin I", value, "ng/L", at)
        return made | {"category": [{"coding": [{"code": "laboratory"}]}]}

    points = [
        troponin("a", "2026-11-10T11:00:00Z", 416),
        troponin("b", "2026-11-10T20:00:00Z", 15695),
        troponin("c", "2026-11-11T08:00:00Z", 90),
        troponin("d", "2026-11-12T08:00:00Z", 7017),
    ]
    told = "Troponin I 7017 ng/L (2026-11-12 08:00), first 416 ng/L on 2026-11-10 11:00"
    high, low = ", highest 15695 ng/L on 2026-11-10 20:00", ", lowest 90 ng/L on 2026-11-11 08:00"
    for name in ("discharge-summary", "transfer-summary"):
        made = draft(name, PERSON, OUT, *points)
        assert said(made, "results") == [told + high + low]
        claim = next(c for c in made.claims if c.section == "results")
        assert {"Observation/a", "Observation/b", "Observation/c", "Observation/d"} <= {
            each.source for each in claim.citations
        }
        assert claim.support.state == "supported"


# --- diagnoses


def diagnosis(id: str, name: str, at: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id,
        "code": {"text": name},
        "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"code": status}]},
        "onsetDateTime": at,
    } | more


def test_no_active_diagnosis_is_lost_and_the_principal_one_comes_first() -> None:
    chronic = [diagnosis(f"c{n}", f"Chronic disease {n}", "2019") for n in range(14)]
    pneumonia = diagnosis("a", "Pneumonia", "2026-11-10")
    injury = diagnosis("b", "Acute kidney injury", "2026-11-11", "resolved", abatementDateTime="2026-11-14")
    later = diagnosis("z", "Sinusitis", "2026-11-18")
    for name in ("discharge-summary", "transfer-summary"):
        made = draft(name, PERSON, OUT, *chronic, pneumonia, injury, later)
        told = [text.split(",")[0] for text in said(made, "diagnoses")]
        assert told[:2] == ["Pneumonia", "Acute kidney injury"]
        assert set(told[2:]) == {f"Chronic disease {n}" for n in range(14)}
        assert next(s for s in made.sections if s.key == "diagnoses").left_out == 1


def test_a_progress_note_names_the_other_active_problems_in_one_line() -> None:
    bodies = (diagnosis("a", "Pneumonia", "2026-11-18"), diagnosis("b", "Cirrhosis", "2019"))
    unsure = diagnosis("c", "Asthma", "2018", verificationStatus={"coding": [{"code": "provisional"}]})
    made = draft("progress-note", PERSON, IN, *bodies, unsure)
    assert said(made, "assessment") == [
        "Pneumonia, since 2026-11-18",
        "Other active problems: Cirrhosis, Asthma, unconfirmed",
    ]


# --- plans


def test_a_plan_of_a_stay_that_is_over_is_no_plan_of_today() -> None:
    plan = note("n", "2026-11-14T07:00:00Z", PLAN)
    for name, section in (("progress-note", "plan"), ("handoff", "actions")):
        made = draft(name, PERSON, OUT, plan)
        assert not said(made, section)
        assert made.sections[0].key == "out"
        assert said(made, "out") == ["the last hospital visit ended 2026-11-15 10:00"]
        assert next(c for c in made.claims if c.section == "out").support.state == "supported"
        undated = draft(name, PERSON, OUT | {"period": {"start": "2026-11-10T10:00:00Z"}}, plan)
        assert said(undated, "out") == ["the last hospital visit is over, undated"]
        assert "No hospital stay" in said(draft(name, PERSON), "out")[0]
        assert not said(draft(name, PERSON, IN, plan), "out")


def test_what_is_told_as_done_is_no_plan() -> None:
    text = "S: pain\nP:\n- Aspirin 300 mg given\n- Cath lab activated\n- 항생제 투여함\n- Echo when troponin is sent"
    made = draft("progress-note", PERSON, IN, note("n", NOW, text))
    assert [t.rsplit(", ", 1)[1] for t in said(made, "plan")] == ["“Echo when troponin is sent”"]


def test_a_plan_of_the_emergency_note_ends_with_the_next_note() -> None:
    first = note("a", "2026-11-18T10:30:00Z", "P:\n- Give fluids", "Emergency department note")
    nurse = note("b", "2026-11-18T12:00:00Z", "Slept.", "Nursing note", "Jo Nurse")
    later = note("c", "2026-11-19T08:00:00Z", "S: Better today.")
    assert len(said(draft("progress-note", PERSON, IN, first, nurse), "plan")) == 1
    made = draft("progress-note", PERSON, IN, first, nurse, later)
    assert not said(made, "plan")
    assert "missing.plan" in kinds(made)


def test_a_progress_note_speaks_from_its_day() -> None:
    first = note("a", "2026-11-19T08:00:00Z", "S: Short of breath.\nP:\n- Oxygen 2 L")
    second = note("b", "2026-11-20T08:00:00Z", "S: Better today.\nP:\n- Stop oxygen")
    then = draft("progress-note", PERSON, IN, first, second, as_of="2026-11-19")
    assert said(then, "subjective") == ["2026-11-19 08:00, Kim Resident (Progress note), “Short of breath.”"]
    newest = draft("progress-note", PERSON, IN, first, second)
    assert said(newest, "subjective") == ["2026-11-20 08:00, Kim Resident (Progress note), “Better today.”"]


# --- all of them


def test_every_word_exists_in_both_languages_with_the_same_holes() -> None:
    for key, phrase in (*PHRASES.items(), *SECTIONS.items()):
        assert set(phrase) == {"en", "ko"}, key
        assert set(HOLE.findall(phrase["en"])) == set(HOLE.findall(phrase["ko"])), key


@pytest.fixture(scope="module")
def charts() -> list[list[Resource]]:
    return list(_charts())


def _charts() -> Iterator[list[Resource]]:
    for bundle in ward(patients=20).bundles[1:]:
        bodies = [entry["resource"] for entry in orjson.loads(bundle)["entry"]]
        yield stored(*bodies)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_sentence_on_the_ward_is_borne_out_by_what_it_cites(
    charts: list[list[Resource]], name: str, language: str
) -> None:
    for resources in charts:
        made = drafted(name, resources, language=language)
        for claim in made.claims:
            absent = claim.section == "out" and not claim.citations
            assert claim.support.state == ("absence" if absent else "supported"), (claim.text, claim.support)
        assert drafted(name, resources, language=language) == made


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_for(name: str) -> None:
    folder: Path = skills()[name].folder
    for part in ("README.md", "prompt.md"):
        assert (folder / part).read_text("utf-8").strip()
    with pytest.raises(TypeError):
        skills()[name].draft(timeline(stored(PERSON)), skills()["record-summary"].request())

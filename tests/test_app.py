"""The one path, through the public face."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bogam import Actor, Bogam
from bogam.access.decide import Refused
from bogam.access.identity import Role
from bogam.app import BadRequest, Unknown
from bogam.evidence.drafts import DraftChanged

ME = Actor("kim", "김의사", Role.physician)
NURSE = Actor("park", "박간호", Role.nurse)
AUDITOR = Actor("audit", "Avery Auditor", Role.auditor)
SUMMARY = {"patient": "p1", "actor": ME, "purpose": "treatment"}


def _coded(system: str, code: str, text: str) -> dict[str, object]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def _bundle() -> bytes:
    patient = {"reference": "Patient/p1"}
    resources = [
        {
            "resourceType": "Patient",
            "id": "p1",
            "name": [{"text": "김서연"}],
            "gender": "female",
            "birthDate": "1959-03-02",
        },
        {
            "resourceType": "Condition",
            "id": "c1",
            "clinicalStatus": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
            },
            "code": _coded("http://hl7.org/fhir/sid/icd-10", "E11.9", "제2형 당뇨병"),
            "subject": patient,
            "onsetDateTime": "2015-04-01",
        },
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "category": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                            "code": "laboratory",
                        }
                    ]
                }
            ],
            "code": _coded("http://loinc.org", "4548-4", "Hemoglobin A1c"),
            "subject": patient,
            "effectiveDateTime": "2026-11-01T09:00:00+09:00",
            "valueQuantity": {"value": 8.2, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
            "referenceRange": [{"high": {"value": 6.5, "unit": "%"}}],
        },
    ]
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, ensure_ascii=False).encode()


@pytest.fixture
def bogam(tmp_path: Path) -> Bogam:
    opened = Bogam(tmp_path / "ward")
    report = opened.load(_bundle(), name="bundle.json")
    assert (report.new, report.quarantined) == (3, 0)
    return opened


def test_the_four_lines_of_the_design_work_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bundle.json").write_bytes(_bundle())
    me = ME
    b = Bogam("ward")
    b.load("bundle.json")
    draft = b.run("record-summary", patient="p1", actor=me, purpose="treatment")
    filed = b.sign(draft.id, actor=me)
    assert filed.state == "signed"
    type, id = filed.composition.split("/")
    assert b.read(type, id, actor=me, purpose="treatment").json()["status"] == "final"
    assert filed.composition in b.store.of_type("Provenance")[0].body.decode()


def test_same_record_same_bytes(bogam: Bogam) -> None:
    first = bogam.run("record-summary", **SUMMARY)
    assert bogam.run("record-summary", **SUMMARY) == first
    assert len(bogam.drafts(actor=ME, purpose="treatment")) == 1


def test_an_edit_with_a_wrong_number_is_shown_as_unsupported_and_can_be_undone(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    index = next(place for place, claim in enumerate(draft.claims) if "8.2" in claim.text)
    edited = bogam.edit(draft.id, actor=ME, texts={index: draft.claims[index].text.replace("8.2", "9.2")})
    assert edited.draft.claims[index].support.state == "unsupported"
    assert any("9.2" in failure.text for failure in edited.draft.claims[index].support.failed)
    undone = bogam.undo(draft.id, actor=ME)
    assert undone.draft == draft


def test_a_removed_sentence_is_gone_and_the_rest_stay(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    edited = bogam.edit(draft.id, actor=ME, texts={0: None})
    assert edited.draft.claims == draft.claims[1:]


def test_signing_another_revision_than_the_one_seen_is_refused(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    bogam.edit(draft.id, actor=ME, texts={0: None})
    with pytest.raises(DraftChanged, match="revision 2"):
        bogam.sign(draft.id, actor=ME, revision=1)


def test_a_closed_draft_cannot_be_closed_again(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    with pytest.raises(BadRequest, match="reason"):
        bogam.reject(draft.id, actor=ME, reason=" ")
    bogam.reject(draft.id, actor=ME, reason="Wrong patient")
    with pytest.raises(DraftChanged, match="rejected"):
        bogam.sign(draft.id, actor=ME)


def test_an_interrupted_filing_is_finished_on_opening(bogam: Bogam, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = bogam.run("record-summary", **SUMMARY)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(bogam.store, "put", fail)
    with pytest.raises(OSError, match="disk full"):
        bogam.sign(draft.id, actor=ME)
    again = Bogam(bogam.home)
    type, id = again.draft(draft.id, actor=ME, purpose="treatment").composition.split("/")
    assert again.read(type, id, actor=ME, purpose="treatment").json()["status"] == "final"


def test_refusals_say_why_and_are_in_the_log(bogam: Bogam) -> None:
    with pytest.raises(Refused) as refused:
        bogam.timeline("p1", actor=AUDITOR, purpose="oversight")
    assert refused.value.decision.reason
    entries = bogam.read_audit(actor=AUDITOR, purpose="oversight", patient="p1")
    refusals = [(entry.actor, entry.action, entry.patient) for entry in entries if entry.outcome == "refuse"]
    assert refusals == [("audit", "read", "p1")]


def test_every_step_is_in_the_log_and_the_log_is_whole(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    bogam.sign(draft.id, actor=ME)
    actions = [entry.action for entry in bogam.read_audit(actor=AUDITOR, purpose="oversight", patient="p1")]
    assert {"run", "sign"} <= set(actions)
    assert bogam.verify_audit(actor=AUDITOR, purpose="oversight").ok


def test_unknown_things_are_told_by_name(bogam: Bogam) -> None:
    with pytest.raises(Unknown, match='No patient "p9"'):
        bogam.run("record-summary", patient="p9", actor=ME, purpose="treatment")
    with pytest.raises(Unknown, match=r"Known: .*record-summary"):
        bogam.run("record-sumary", **SUMMARY)
    with pytest.raises(BadRequest, match="language"):
        bogam.run("record-summary", **SUMMARY, language="fr")


def test_a_patient_sees_their_own_record_alone(bogam: Bogam) -> None:
    own = Actor("p1", "김서연", Role.patient, patient="p1")
    other = Actor("p2", "박민호", Role.patient, patient="p2")
    assert bogam.patients(actor=own, purpose="patient-request").total == 1
    assert bogam.patients(actor=other, purpose="patient-request").total == 0
    with pytest.raises(Refused):
        bogam.timeline("p1", actor=other, purpose="patient-request")


def test_a_coder_edits_codes_and_nothing_that_a_clinician_writes(bogam: Bogam) -> None:
    coder = Actor("coder", "Casey Coder", Role.coder)
    asks = {"actor": coder, "purpose": "payment"}
    handoff = bogam.run("handoff", **SUMMARY)
    changes = (
        lambda: bogam.edit(handoff.id, texts={0: None}, **asks),
        lambda: bogam.amend(handoff.id, change=lambda draft: draft, **asks),
        lambda: bogam.undo(handoff.id, **asks),
    )
    for change in changes:
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.decision.code == "skill-not-for-role"
    assert bogam.draft(handoff.id, **asks).draft == handoff
    codes = bogam.run("coding", patient="p1", **asks)
    assert bogam.edit(codes.id, texts={0: None}, **asks).revision == 2


def test_a_patient_sees_what_is_signed_and_runs_the_summary_alone(bogam: Bogam) -> None:
    asks = {"actor": Actor("p1", "김서연", Role.patient, patient="p1"), "purpose": "patient-request"}
    handoff = bogam.run("handoff", **SUMMARY)
    assert bogam.drafts(state=None, **asks) == []
    assert bogam.waiting(**asks) == 0
    for look in (lambda: bogam.draft(handoff.id, **asks), lambda: bogam.export(handoff.id, "text", **asks)):
        with pytest.raises(Refused) as refused:
            look()
        assert refused.value.decision.code == "not-signed"
    for skill in ("handoff", "coding", "discharge-summary"):
        with pytest.raises(Refused, match="record-summary only"):
            bogam.run(skill, patient="p1", **asks)
    bogam.sign(handoff.id, actor=ME)
    assert [each.draft.id for each in bogam.drafts(state=None, **asks)] == [handoff.id]
    assert bogam.export(handoff.id, "text", **asks)
    own = bogam.run("record-summary", patient="p1", **asks)
    assert bogam.draft(own.id, **asks).draft == own
    bogam.edit(own.id, actor=ME, texts={0: None})
    with pytest.raises(Refused, match="not signed"):
        bogam.draft(own.id, **asks)
    with pytest.raises(Refused, match="not signed"):
        bogam.run("record-summary", patient="p1", **asks)


def test_the_list_finds_by_name_and_by_problem(bogam: Bogam) -> None:
    for text in ("서연", "당뇨", ""):
        assert bogam.patients(actor=ME, purpose="treatment", text=text).total == 1
    assert bogam.patients(actor=ME, purpose="treatment", text="100%").total == 0


def test_a_draft_that_was_only_shown_waits_for_nobody_until_it_is_asked_for(bogam: Bogam) -> None:
    shown = bogam.run_request("record-summary", {}, patient="p1", actor=ME, purpose="treatment", wait=False)
    assert bogam.drafts(actor=ME, purpose="treatment") == []
    assert bogam.run("record-summary", **SUMMARY) == shown
    assert [each.draft.id for each in bogam.drafts(actor=ME, purpose="treatment")] == [shown.id]


def test_after_a_rejection_the_same_work_can_be_asked_for_anew(bogam: Bogam) -> None:
    first = bogam.run("record-summary", **SUMMARY)
    bogam.reject(first.id, actor=ME, reason="Too long")
    second = bogam.run("record-summary", **SUMMARY)
    assert second.id != first.id
    assert second.claims == first.claims
    assert bogam.draft(first.id, actor=ME, purpose="treatment").state == "rejected"


def test_a_signed_summary_is_no_evidence_for_the_next_one(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    bogam.sign(draft.id, actor=ME)
    assert bogam.run("record-summary", **SUMMARY).evidence_hash == draft.evidence_hash


def test_what_its_sources_do_not_bear_out_is_signed_only_knowingly(bogam: Bogam) -> None:
    draft = bogam.run("record-summary", **SUMMARY)
    index = next(place for place, claim in enumerate(draft.claims) if "8.2" in claim.text)
    bogam.edit(draft.id, actor=ME, texts={index: draft.claims[index].text.replace("8.2", "9.2")})
    with pytest.raises(BadRequest, match=r"9\.2"):
        bogam.sign(draft.id, actor=ME)
    assert bogam.sign(draft.id, actor=ME, despite=True).state == "signed"
    anew = bogam.run("record-summary", **SUMMARY)
    assert anew.id != draft.id
    assert anew.claims == draft.claims

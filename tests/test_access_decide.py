"""The table of permissions, and what consent does to it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.access.consent import Consent, Rule, Statement
from bogam.access.decide import CLINICAL, LOG_EMERGENCY, PERMITTED, Decision, Refused, Work, decide, table
from bogam.access.identity import Action, Actor, Purpose, Role

PAGE = Path(__file__).resolve().parents[1] / "docs" / "access.md"


def someone(role: Role, patient: str | None = None) -> Actor:
    return Actor("u1", "Someone", role, patient)


def own(role: Role) -> Actor:
    return someone(role, "p1" if role is Role.patient else None)


rules = st.builds(
    Rule,
    st.booleans(),
    st.none() | st.frozensets(st.sampled_from(Purpose)),
    st.none() | st.frozensets(st.sampled_from(Action)),
    st.none() | st.frozensets(st.sampled_from([f"role:{role}" for role in Role] + ["u1", "Practitioner/d1"])),
)
consents = st.none() | st.builds(
    Consent,
    st.lists(
        st.builds(Statement, st.just("Consent/c1"), st.none() | rules, st.lists(rules, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
)
actors = st.builds(
    Actor, st.just("u1"), st.text(max_size=5), st.sampled_from(Role), st.none() | st.sampled_from(["", "p1", "p2"])
)
patients = st.none() | st.sampled_from(["", "p1", "p2"])


@given(actors, st.sampled_from(Purpose), patients, st.sampled_from(Action), consents)
def test_nothing_is_allowed_that_is_not_in_the_table(
    actor: Actor, purpose: Purpose, patient: str | None, action: Action, consent: Consent | None
) -> None:
    decision = decide(actor, purpose, patient, action, consent)
    if decision.allow:
        assert action in PERMITTED[actor.role, purpose]
        assert actor.role is not Role.patient or (patient == actor.patient and patient)
    assert decision.reason.endswith(".")
    assert decision.reason_ko.endswith(".")
    assert (LOG_EMERGENCY in decision.obligations) == (decision.allow and purpose is Purpose.emergency)


@given(actors, st.text(), patients, st.text(), consents)
def test_any_text_gets_an_answer(
    actor: Actor, purpose: str, patient: str | None, action: str, consent: Consent | None
) -> None:
    if purpose not in tuple(Purpose) or action not in tuple(Action):
        assert decide(actor, purpose, patient, action, consent).code == "unknown-request"


@given(actors, st.sampled_from(Purpose), patients, st.sampled_from(Action), consents)
def test_consent_never_opens_what_the_table_closes(
    actor: Actor, purpose: Purpose, patient: str | None, action: Action, consent: Consent | None
) -> None:
    if not decide(actor, purpose, patient, action).allow:
        assert not decide(actor, purpose, patient, action, consent).allow


def test_every_cell_of_the_table_is_allowed() -> None:
    for role, purpose, action in product(Role, Purpose, Action):
        expected = action in PERMITTED.get((role, purpose), ())
        assert decide(own(role), purpose, "p1", action).allow is expected, (role, purpose, action)


@pytest.mark.parametrize(
    ("role", "purpose", "action", "code"),
    [
        (Role.nurse, "treatment", "sign", "action-not-for-purpose"),
        (Role.nurse, "treatment", "reject", "action-not-for-purpose"),
        (Role.coder, "payment", "sign", "action-not-for-purpose"),
        (Role.coder, "treatment", "read", "purpose-not-for-role"),
        (Role.researcher, "research", "read", "no-research-consent"),
        (Role.auditor, "oversight", "read", "action-not-for-purpose"),
        (Role.administrator, "administration", "read", "action-not-for-purpose"),
        (Role.administrator, "treatment", "read", "purpose-not-for-role"),
        (Role.physician, "administration", "manage-users", "purpose-not-for-role"),
        (Role.coder, "emergency", "read", "purpose-not-for-role"),
    ],
)
def test_refusals_have_stable_codes(role: Role, purpose: str, action: str, code: str) -> None:
    assert decide(own(role), purpose, "p1", action).code == code


def test_a_patient_sees_the_own_record_only() -> None:
    me = someone(Role.patient, "p1")
    assert decide(me, "patient-request", "p1", "read").allow
    assert decide(me, "patient-request", "p2", "read").code == "not-own-record"
    assert decide(me, "patient-request", None, "search").code == "not-own-record"
    assert decide(someone(Role.patient), "patient-request", "p1", "read").code == "no-own-record"


def test_a_denial_gives_way_to_an_emergency_and_to_nothing_else() -> None:
    consent = Consent((Statement("Consent/7", Rule(False)),))
    refused = decide(someone(Role.physician), "treatment", "p1", "read", consent)
    assert refused.code == "consent-denies"
    assert "Consent/7" in refused.reason
    assert "emergency" in refused.reason
    assert "Consent/7" in refused.reason_ko
    broken = decide(someone(Role.physician), "emergency", "p1", "read", consent)
    assert (broken.allow, broken.code, broken.obligations) == (True, "emergency-override", (LOG_EMERGENCY,))
    assert "emergency" not in decide(someone(Role.coder), "payment", "p1", "read", consent).reason
    assert decide(own(Role.patient), "patient-request", "p1", "read", consent).allow


def test_consent_is_asked_for_every_clinical_action_and_no_other() -> None:
    consent = Consent((Statement("Consent/7", Rule(False)),))
    for (role, purpose), allowed in PERMITTED.items():
        if purpose is Purpose.emergency or role is Role.patient:
            continue
        for action in allowed:
            assert decide(someone(role), purpose, "p1", action, consent).allow is (action not in CLINICAL)


def test_a_researcher_is_told_which_of_two_doors_is_shut() -> None:
    researcher = someone(Role.researcher)
    yes = Consent((Statement("Consent/1", Rule(True, frozenset({Purpose.research}))),))
    assert decide(researcher, "research", "p1", "read", yes).code == "identified-data"
    assert decide(researcher, "research", "p1", "read", Consent()).code == "no-research-consent"
    assert decide(researcher, "research", None, "count").allow


@pytest.mark.parametrize(
    ("role", "purpose", "action", "work", "code"),
    [
        (Role.coder, "payment", "edit", Work("handoff"), "skill-not-for-role"),
        (Role.coder, "payment", "edit", Work("coding"), "allowed"),
        (Role.coder, "payment", "read", Work("handoff"), "allowed"),
        (Role.reviewer, "payment", "edit", Work("discharge-summary"), "skill-not-for-role"),
        (Role.reviewer, "payment", "edit", Work("coding"), "allowed"),
        (Role.nurse, "treatment", "edit", Work("handoff"), "allowed"),
        (Role.patient, "patient-request", "run", Work("handoff"), "skill-not-for-role"),
        (Role.patient, "patient-request", "run", Work("coding"), "skill-not-for-role"),
        (Role.patient, "patient-request", "run", Work("record-summary"), "allowed"),
        (Role.patient, "patient-request", "read", Work("record-summary"), "not-signed"),
        (Role.patient, "patient-request", "read", Work("record-summary", own=True), "allowed"),
        (Role.patient, "patient-request", "export", Work("record-summary", own=True), "not-signed"),
        (Role.patient, "patient-request", "export", Work("handoff", signed=True), "allowed"),
        (Role.patient, "patient-request", "edit", Work("handoff", own=True), "action-not-for-purpose"),
    ],
)
def test_a_draft_is_open_to_those_whose_work_it_is(role: Role, purpose: str, action: str, work: Work, code: str):
    decision = decide(own(role), purpose, "p1", action, work=work)
    assert (decision.code, decision.allow) == (code, code == "allowed")
    assert decision.reason
    assert decision.reason_ko


def test_a_refusal_carries_its_decision() -> None:
    decision = Decision(False, "x", "Because.", "그래서.")
    assert str(Refused(decision)) == "Because."
    assert Refused(decision).decision is decision


def test_the_page_shows_the_table_of_the_code() -> None:
    assert table() in PAGE.read_text("utf-8"), (
        "docs/access.md: replace the table with that of bogam.access.decide.table()"
    )

"""FHIR R4 Consent, as senders write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bogam.access.consent import Consent, consent_of
from bogam.access.decide import decide
from bogam.access.identity import Action, Actor, Purpose, Role

REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)

physician = Actor("kim", "김", Role.physician, practitioner="d1")
other = Actor("park", "박", Role.physician, practitioner="d2")
nurse = Actor("choi", "최", Role.nurse)
coder = Actor("song", "송", Role.coder)
researcher = Actor("yoon", "윤", Role.researcher)


@dataclass(frozen=True)
class Stored:
    body: dict[str, Any] = field(default_factory=dict[str, Any])
    type: str = "Consent"
    ref: str = "Consent/c1"

    def json(self) -> Any:
        return self.body


def read(provision: dict[str, Any] | None = None, **more: Any) -> Consent:
    body = {"resourceType": "Consent", "status": "active", "provision": provision or {}} | more
    return consent_of([Stored(body)], AT)


def purposes(*codes: str, system: str = REASON) -> list[dict[str, str]]:
    return [{"system": system, "code": code} for code in codes]


def verdict(consent: Consent, actor: Actor, purpose: Purpose, action: Action = Action.read) -> bool | None:
    return consent.statements[0].verdict(actor, purpose, action) if consent.statements else None


def test_a_denied_purpose_is_denied_and_others_are_left_alone() -> None:
    consent = read({"type": "deny", "purpose": purposes("HPAYMT")})
    assert verdict(consent, coder, Purpose.payment) is False
    assert verdict(consent, physician, Purpose.treatment) is None
    assert not decide(coder, "payment", "p1", "read", consent).allow
    assert decide(physician, "treatment", "p1", "read", consent).allow


def test_children_of_a_purpose_count_as_the_purpose() -> None:
    assert verdict(read({"type": "deny", "purpose": purposes("CLMATTCH")}), coder, Purpose.payment) is False
    assert verdict(read({"type": "deny", "purpose": purposes("TREAT")}), physician, Purpose.emergency) is False
    assert verdict(read({"type": "deny", "purpose": purposes("ETREAT")}), physician, Purpose.treatment) is None


def test_a_purpose_in_an_unknown_language_denies_everything_and_permits_nothing() -> None:
    unknown = purposes("7", system="urn:local")
    assert verdict(read({"type": "deny", "purpose": unknown}), physician, Purpose.treatment) is False
    assert verdict(read({"type": "permit", "purpose": unknown}), researcher, Purpose.research) is None
    marketing = purposes("HMARKT")
    assert verdict(read({"type": "deny", "purpose": marketing}), physician, Purpose.treatment) is None


def test_a_person_can_be_shut_out_by_reference_or_identifier() -> None:
    role = {"text": "recipient"}
    for reference in ({"reference": "Practitioner/d1"}, {"identifier": {"value": "kim"}}):
        consent = read(
            {"type": "permit", "provision": [{"type": "deny", "actor": [{"role": role, "reference": reference}]}]}
        )
        assert verdict(consent, physician, Purpose.treatment) is False
        assert verdict(consent, other, Purpose.treatment) is True


def test_a_role_can_be_shut_out() -> None:
    actor = {"role": {"coding": [{"code": "nurse"}]}, "reference": {"display": "all nurses"}}
    consent = read({"type": "deny", "actor": [actor]})
    assert verdict(consent, nurse, Purpose.treatment) is False
    assert verdict(consent, physician, Purpose.treatment) is None


def test_another_organization_is_not_us() -> None:
    actor = {"role": {"text": "recipient"}, "reference": {"reference": "Organization/elsewhere"}}
    assert verdict(read({"type": "deny", "actor": [actor]}), physician, Purpose.treatment) is None


def test_exceptions_go_before_the_root_and_take_its_purposes() -> None:
    mine = {"role": {"text": "x"}, "reference": {"reference": "Practitioner/d1"}}
    consent = read({"type": "deny", "purpose": purposes("TREAT"), "provision": [{"type": "permit", "actor": [mine]}]})
    assert verdict(consent, physician, Purpose.treatment) is True
    assert verdict(consent, other, Purpose.treatment) is False
    assert verdict(consent, physician, Purpose.research) is None


def test_of_two_exceptions_the_denial_wins() -> None:
    consent = read(
        {"type": "permit", "provision": [{"type": "permit"}, {"type": "deny", "purpose": purposes("HRESCH")}]}
    )
    assert verdict(consent, researcher, Purpose.research) is False
    assert verdict(consent, physician, Purpose.treatment) is True


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"start": "2026"}, False),
        ({"start": "2027"}, None),
        ({"end": "2026-11"}, False),
        ({"end": "2026-11-20"}, False),
        ({"end": "2026-11-19"}, None),
        ({"end": "2026-11-20T17:59:00+09:00"}, None),
        ({"start": "2026-11-20T18:00:00+09:00"}, False),
    ],
)
def test_periods(period: dict[str, str], expected: bool | None) -> None:
    assert verdict(read({"type": "deny", "period": period}), physician, Purpose.treatment) is expected


def test_what_is_not_active_or_not_about_privacy_does_not_count() -> None:
    assert not read({"type": "deny"}, status="inactive").statements
    assert not read({"type": "deny"}, scope={"coding": [{"code": "adr"}]}).statements
    assert not read({"type": "deny"}, scope={"coding": [{"code": "treatment"}]}).statements
    assert consent_of([Stored({}, type="Observation")]) == Consent()


def test_consent_to_research_permits_research_only() -> None:
    consent = read({"type": "permit"}, scope={"coding": [{"code": "research"}]})
    assert consent.permits(researcher, Purpose.research, Action.read)
    assert not consent.permits(physician, Purpose.treatment, Action.read)


def test_the_policy_gives_the_root_its_type() -> None:
    out, into = ({"coding": [{"code": code}]} for code in ("OPTOUT", "OPTIN"))
    assert verdict(read({}, policyRule=out), physician, Purpose.treatment) is False
    assert verdict(read({}, policyRule=into), physician, Purpose.treatment) is True
    assert verdict(read({}), physician, Purpose.treatment) is None
    assert verdict(read({}, category=[{"coding": [{"code": "emrgonly"}]}]), physician, Purpose.treatment) is False


def test_part_of_the_record_denied_is_all_denied_and_part_permitted_is_none() -> None:
    narrow = {"securityLabel": [{"code": "PSY"}], "purpose": purposes("HRESCH")}
    assert verdict(read({"type": "deny"} | narrow), researcher, Purpose.research) is False
    assert verdict(read({"type": "permit"} | narrow), researcher, Purpose.research) is None


def test_actions() -> None:
    consent = read({"type": "deny", "action": [{"coding": [{"code": "disclose"}]}]})
    assert verdict(consent, physician, Purpose.treatment, Action.export) is False
    assert verdict(consent, physician, Purpose.treatment, Action.read) is None
    unknown = read({"type": "deny", "action": [{"text": "?"}]})
    assert verdict(unknown, physician, Purpose.treatment, Action.read) is False


def test_one_denial_outweighs_permissions_elsewhere() -> None:
    permit = Stored({"status": "active", "provision": {"type": "permit"}}, ref="Consent/a")
    deny = Stored({"status": "active", "provision": {"type": "deny"}}, ref="Consent/b")
    consent = consent_of([deny, permit], AT)
    assert consent.denial(physician, Purpose.treatment, Action.read) == "Consent/b"
    assert not consent.permits(physician, Purpose.treatment, Action.read)

"""A patient's consent to the use of the record, from FHIR R4 Consent resources.

What is read: ``status``, ``scope``, ``category``, ``policyRule``, and the provision with one level of nested
provisions: type, period, actor, action, purpose. What a provision restricts further (``class``, ``code``, ``data``,
``dataPeriod``, ``securityLabel``) is not applied piece by piece; to be on the safe side such a denial holds for the
whole record, and such a permission is not counted.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from bogam.access.identity import Action, Actor, Purpose, Role

_ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

_PURPOSES: Final[dict[str, frozenset[Purpose]]] = {
    **dict.fromkeys(["TREAT"], frozenset({Purpose.treatment, Purpose.emergency})),
    **dict.fromkeys(["CLINTRL", "COC", "POPHLTH"], frozenset({Purpose.treatment})),
    **dict.fromkeys(["ETREAT", "BTG", "ERTREAT"], frozenset({Purpose.emergency})),
    **dict.fromkeys(
        ["HPAYMT", "CLMATTCH", "COVAUTH", "COVERAGE", "REMITADV", "ELIGDTRM", "ELIGVER", "ENROLLM", "MILDCRG"],
        frozenset({Purpose.payment}),
    ),
    **dict.fromkeys(["HOPERAT", "CAREMGT", "HQUALIMP", "PATSFTY", "PERFMSR"], frozenset({Purpose.operations})),
    **dict.fromkeys(["HRESCH", "BIORCH", "CLINTRCH", "DSRCH", "POARCH", "TRANSRCH"], frozenset({Purpose.research})),
    **dict.fromkeys(["CLINTRCHNPC", "CLINTRCHPC", "PRECLINTRCH"], frozenset({Purpose.research})),
    **dict.fromkeys(["PATRQT", "FAMRQT", "PWATRNY", "SUPNWK"], frozenset({Purpose.patient_request})),
}
"""Codes of HL7 v3 PurposeOfUse, with their children. Its other codes (marketing, law, …) are no purpose of ours."""

_ROLES: Final[dict[str, Role]] = {**{role.value: role for role in Role}, "doctor": Role.physician}

_ACTIONS: Final[dict[str, frozenset[Action]]] = {
    "collect": frozenset({Action.add}),
    "access": frozenset({Action.list, Action.count_patients, Action.read, Action.search, Action.run, Action.export}),
    "use": frozenset({Action.list, Action.count_patients, Action.read, Action.search, Action.run, Action.export})
    | {Action.edit, Action.add, Action.sign, Action.reject, Action.deidentify},
    "disclose": frozenset({Action.export}),
    "correct": frozenset({Action.edit, Action.add, Action.sign, Action.reject}),
}

_PEOPLE: Final = ("Practitioner/", "PractitionerRole/", "Patient/", "RelatedPerson/")
_NARROWING: Final = ("class", "code", "data", "dataPeriod", "securityLabel")


class Stored(Protocol):
    """A stored resource, as far as it is needed here."""

    @property
    def type(self) -> str: ...
    @property
    def ref(self) -> str: ...
    def json(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision. None means that the provision does not restrict this: every purpose, every action, everyone.

    ``actors`` holds ``role:nurse``, ``Practitioner/12`` and identifier values.
    """

    permit: bool
    purposes: frozenset[Purpose] | None = None
    actions: frozenset[Action] | None = None
    actors: frozenset[str] | None = None

    def meets(self, actor: Actor, purpose: Purpose, action: Action) -> bool:
        """Say whether the rule speaks about this request."""
        if self.purposes is not None and purpose not in self.purposes:
            return False
        if self.actions is not None and action not in self.actions:
            return False
        if self.actors is None:
            return True
        names = {f"role:{actor.role.value}", actor.id, f"Practitioner/{actor.practitioner or ''}"}
        return not names.isdisjoint(self.actors)


@dataclass(frozen=True, slots=True)
class Statement:
    """One Consent resource: its root rule, and the exceptions to it."""

    source: str
    root: Rule | None
    exceptions: tuple[Rule, ...] = ()

    def verdict(self, actor: Actor, purpose: Purpose, action: Action) -> bool | None:
        """Return True for permit, False for deny, None for silence. Exceptions go before the root, denials first."""
        met = [rule.permit for rule in self.exceptions if rule.meets(actor, purpose, action)]
        if met:
            return all(met)
        if self.root is not None and self.root.meets(actor, purpose, action):
            return self.root.permit
        return None


@dataclass(frozen=True, slots=True)
class Consent:
    """All that a patient has consented to and refused. One denial outweighs every permission elsewhere."""

    statements: tuple[Statement, ...] = ()

    def denial(self, actor: Actor, purpose: Purpose, action: Action) -> str | None:
        """Return the Consent (``Consent/12``) that denies the request, or None."""
        for each in self.statements:
            if each.verdict(actor, purpose, action) is False:
                return each.source
        return None

    def permits(self, actor: Actor, purpose: Purpose, action: Action) -> bool:
        """Say whether a Consent permits the request expressly and none denies it."""
        verdicts = {each.verdict(actor, purpose, action) for each in self.statements}
        return True in verdicts and False not in verdicts


def consent_of(resources: Iterable[Stored], at: datetime | None = None) -> Consent:
    """Read a patient's Consent resources; those of other types are passed over.

    Parameters
    ----------
    at
        The moment for which the consent is wanted (aware); the present by default. Provisions out of their period, and
        Consents that are not ``active``, do not count.
    """
    moment = at or datetime.now(UTC)
    found = (_statement(each.ref, each.json(), moment) for each in resources if each.type == "Consent")
    return Consent(tuple(sorted((each for each in found if each is not None), key=lambda each: each.source)))


def _statement(source: str, body: dict[str, Any], at: datetime) -> Statement | None:
    scope, category = _codes(body.get("scope")), {code for each in _many(body, "category") for code in _codes(each)}
    # Consent to a treatment and an advance directive are consents too, but say nothing of who may see the record.
    if body.get("status") != "active" or scope & {"adr", "treatment"}:
        return None
    provision = _one(body, "provision")
    if not _in_period(provision, at):
        return None
    permit = _root_type(provision, _codes(body.get("policyRule")), category)
    research = frozenset({Purpose.research}) if scope & {"research"} or category & {"research", "RESEARCH"} else None
    outer = _rule(provision, permit is not False, at, Rule(True, research))
    exceptions = tuple(
        rule
        for nested in _many(provision, "provision")
        if (rule := _rule(nested, nested.get("type") != "deny", at, outer or Rule(True, research))) is not None
    )
    return Statement(source, None if permit is None else outer, exceptions)


def _root_type(provision: dict[str, Any], policy: set[str], category: set[str]) -> bool | None:
    """R4 leaves the root's type to the policy (opt-in, opt-out); senders write it at the root all the same."""
    if provision.get("type") in ("permit", "deny"):
        return provision["type"] == "permit"
    if policy & {"OPTOUT", "OPTOUTE"} or "emrgonly" in category:
        return False
    return True if policy & {"OPTIN", "OPTINR"} else None


def _rule(provision: dict[str, Any], permit: bool, at: datetime, outer: Rule) -> Rule | None:
    """Read a provision. What it leaves open it takes from ``outer``; a denial takes no actors, lest it shrinks."""
    if not _in_period(provision, at):
        return None
    if permit and any(key in provision for key in _NARROWING):
        return None
    actors = _actors(provision)
    if actors is None and permit:
        actors = outer.actors
    purposes, actions = _purposes(provision), _actions(provision)
    return Rule(
        permit,
        outer.purposes if purposes is None else purposes,
        outer.actions if actions is None else actions,
        actors,
    )


def _in_period(provision: dict[str, Any], at: datetime) -> bool:
    period = _one(provision, "period")
    start, end = _moment(period.get("start"), last=False), _moment(period.get("end"), last=True)
    return (start is None or start <= at) and (end is None or at <= end)


def _purposes(provision: dict[str, Any]) -> frozenset[Purpose] | None:
    if not provision.get("purpose"):
        return None
    found: set[Purpose] = set()
    for coding in _many(provision, "purpose"):
        code = str(coding.get("code", ""))
        if code == "PurposeOfUse":
            return None
        if code in _PURPOSES:
            found |= _PURPOSES[code]
        elif coding.get("system") != _ACT_REASON and provision.get("type") == "deny":
            return None  # a purpose in an unknown language may be any
    return frozenset(found)


def _actions(provision: dict[str, Any]) -> frozenset[Action] | None:
    if not provision.get("action"):
        return None
    codes = {code for each in _many(provision, "action") for code in _codes(each)}
    if not codes <= _ACTIONS.keys() and provision.get("type") == "deny":
        return None
    return frozenset(action for code in codes for action in _ACTIONS.get(code, ()))


def _actors(provision: dict[str, Any]) -> frozenset[str] | None:
    if not provision.get("actor"):
        return None
    found: set[str] = set()
    for each in _many(provision, "actor"):
        reference = _one(each, "reference")
        target = str(reference.get("reference", ""))
        identifier = str(_one(reference, "identifier").get("value", ""))
        if target.startswith(_PEOPLE) or identifier:
            found |= {part for part in (target, identifier) if part}
        elif not target:
            found |= {f"role:{_ROLES[code].value}" for code in _codes(each.get("role")) if code in _ROLES}
    return frozenset(found)


def _one(body: dict[str, Any], key: str) -> dict[str, Any]:
    return body.get(key) or {}


def _many(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return body.get(key) or []


def _codes(concept: dict[str, Any] | None) -> set[str]:
    if not concept:
        return set()
    codes = {str(coding.get("code", "")) for coding in _many(concept, "coding")}
    return {code for code in codes | {str(concept.get("text", ""))} if code}


def _moment(text: str | None, *, last: bool) -> datetime | None:
    """Read a FHIR dateTime; of a partial one the first moment or the last. None when there is none or it is no date."""
    if not text:
        return None
    try:
        if len(text) > len("2026-11-20"):
            exact = datetime.fromisoformat(text)
            return exact if exact.tzinfo else exact.replace(tzinfo=UTC)
        year, *rest = (int(part) for part in text.split("-"))
        month = rest[0] if rest else (12 if last else 1)
        day = rest[1] if len(rest) > 1 else (calendar.monthrange(year, month)[1] if last else 1)
        first = datetime(year, month, day, tzinfo=UTC)
        return first + timedelta(days=1, milliseconds=-1) if last else first
    except ValueError:
        return None

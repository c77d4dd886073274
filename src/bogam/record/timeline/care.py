"""Reads Encounter, Procedure, Immunization, Device, DeviceUseStatement, CarePlan and Goal."""

from __future__ import annotations

from typing import Final

from bogam.record.citation import Field
from bogam.record.facts import CarePlan, Device, Encounter, Immunization, Procedure
from bogam.record.timeline.links import Record, encounter, fallback
from bogam.record.timeline.node import Node

_ENCOUNTER: Final = {
    "planned": "planned",
    "arrived": "in-progress",
    "triaged": "in-progress",
    "in-progress": "in-progress",
    "onleave": "in-progress",
    "finished": "finished",
    "cancelled": "cancelled",
}
_PROCEDURE: Final = {
    "preparation": "planned",
    "in-progress": "in-progress",
    "on-hold": "in-progress",
    "not-done": "not-done",
    "stopped": "stopped",
    "completed": "completed",
}
_DEVICE: Final = {
    "active": "active",
    "intended": "inactive",
    "on-hold": "inactive",
    "inactive": "inactive",
    "completed": "inactive",
    "stopped": "inactive",
}
_PLAN: Final = {
    "draft": "planned",
    "proposed": "planned",
    "planned": "planned",
    "active": "active",
    "accepted": "active",
    "on-hold": "on-hold",
    "completed": "completed",
    "revoked": "revoked",
    "cancelled": "revoked",
    "rejected": "revoked",
}
_ATTENDING: Final = ("ATND", "PPRF", "ADM", "CON")
"""Participation types, the one who answers for the patient first."""
_ELSEWHERE: Final = frozenset({"planned", "reserved"})


def encounter_fact(node: Node, record: Record) -> tuple[Encounter, ...]:
    """Read an Encounter."""
    when = node.span("period")
    stay = node.child("hospitalization")
    reasons = record.reasons(node)
    if not reasons:
        named = (record.title(one.child("condition")) for one in node.children("diagnosis"))
        reasons = tuple(field for field in named if field)
    fact = Encounter(
        origin=node.origin,
        name=node.name("type", "serviceType", "class") or fallback(node),
        codes=node.codings("type"),
        status=_ENCOUNTER.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        kind=node.code("class"),
        reasons=reasons,
        location=_location(node, record),
        disposition=stay.name("dischargeDisposition") if stay else None,
        attending=_attending(node, record),
    )
    return (fact,)


def _location(node: Node, record: Record) -> Field | None:
    """Where the patient is or was last; the provider where no location is recorded."""
    places = [one for one in node.children("location") if one.word("status") not in _ELSEWHERE]
    places.sort(key=lambda one: one.word("status") == "active")
    found = (record.person(one.child("location")) for one in reversed(places))
    return next((field for field in found if field), None) or record.person(node.child("serviceProvider"))


def _attending(node: Node, record: Record) -> Field | None:
    def rank(participant: Node) -> int:
        kinds = {coding.code.text for coding in participant.codings("type")}
        return next((place for place, kind in enumerate(_ATTENDING) if kind in kinds), len(_ATTENDING))

    found = (record.person(one.child("individual")) for one in sorted(node.children("participant"), key=rank))
    return next((field for field in found if field), None)


def procedure(node: Node, record: Record) -> tuple[Procedure, ...]:
    """Read a Procedure."""
    when = node.span("performedDateTime", "performedPeriod", "performedString")
    fact = Procedure(
        origin=node.origin,
        name=node.name("code", "category") or fallback(node),
        codes=node.codings("code"),
        status=_PROCEDURE.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        body_site=node.name("bodySite"),
        reason=record.reason(node) or node.name("statusReason"),
        outcome=node.name("outcome"),
    )
    return (fact,)


def immunization(node: Node, record: Record) -> tuple[Immunization, ...]:
    """Read an Immunization."""
    given = node.span("occurrenceDateTime", "occurrenceString", "recorded")
    status = node.word("status")
    fact = Immunization(
        origin=node.origin,
        name=node.name("vaccineCode") or fallback(node),
        codes=node.codings("vaccineCode"),
        status=status if status in ("completed", "not-done") else "unknown",
        status_field=node.leaf("status"),
        start=given.start,
        at=given.at,
        encounter=encounter(node),
    )
    return (fact,)


def device(node: Node, record: Record) -> tuple[Device, ...]:
    """Read a Device. When it was implanted or handed out is not in it, so it has no start."""
    fact = Device(
        origin=node.origin,
        name=node.name("deviceName", "type", "modelNumber") or fallback(node),
        codes=node.codings("type"),
        status=_DEVICE.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
    )
    return (fact,)


def device_use(node: Node, record: Record) -> tuple[Device, ...]:
    """Read a DeviceUseStatement, named after the device that it is about."""
    when = node.span("timingDateTime", "timingPeriod", "timingTiming", "recordedOn")
    used = node.child("device")
    target = record.target(used)
    fact = Device(
        origin=node.origin,
        name=record.title(used) or fallback(node),
        codes=target.codings("type") if target else (),
        status=_DEVICE.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
    )
    return (fact,)


def care_plan(node: Node, record: Record) -> tuple[CarePlan, ...]:
    """Read a CarePlan. US Core's category "assess-plan" says nothing and does not serve as its name."""
    when = node.span("period", "created")
    named = next(
        (
            field
            for one in node.children("category")
            if all(coding.code.text != "assess-plan" for coding in one.coded()) and (field := one.words())
        ),
        None,
    )
    fact = CarePlan(
        origin=node.origin,
        name=node.name("title") or named or node.name("description") or fallback(node),
        codes=node.codings("category"),
        status=_PLAN.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        activities=tuple(field for one in node.children("activity") if (field := _activity(one, record))),
    )
    return (fact,)


def goal(node: Node, record: Record) -> tuple[CarePlan, ...]:
    """Read a Goal."""
    when = node.span("startDate", "statusDate")
    fact = CarePlan(
        origin=node.origin,
        name=node.name("description") or fallback(node),
        codes=node.codings("description"),
        status=_PLAN.get(node.word("lifecycleStatus"), "unknown"),
        status_field=node.leaf("lifecycleStatus"),
        start=when.start,
        at=when.at,
        kind="goal",
    )
    return (fact,)


def _activity(node: Node, record: Record) -> Field | None:
    detail = node.child("detail")
    return (detail.name("code", "description") if detail else None) or record.title(node.child("reference"))

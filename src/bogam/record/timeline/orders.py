"""Reads what was asked for: ServiceRequest, DeviceRequest, NutritionOrder, Appointment and Task."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bogam.record.citation import Field
from bogam.record.facts import Coding, Order
from bogam.record.timeline.links import Record, encounter, fallback, literal
from bogam.record.timeline.node import NEVER, Node, Span

_STATUS: Final = {
    "draft": "pending",
    "active": "pending",
    "on-hold": "pending",
    "completed": "done",
    "revoked": "cancelled",
    # Appointment
    "proposed": "pending",
    "pending": "pending",
    "booked": "pending",
    "arrived": "pending",
    "checked-in": "pending",
    "waitlist": "pending",
    "fulfilled": "done",
    "cancelled": "cancelled",
    "noshow": "cancelled",
    # Task
    "requested": "pending",
    "received": "pending",
    "accepted": "pending",
    "ready": "pending",
    "in-progress": "pending",
    "rejected": "cancelled",
    "failed": "cancelled",
}
_ANSWERS: Final = ("Observation", "DiagnosticReport", "Procedure", "ImagingStudy", "Encounter", "Immunization")
_NO_ANSWER: Final = frozenset({"registered", "cancelled", "preparation", "not-done", "planned"})
_OCCURRENCE: Final = ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming")


def answered(nodes: Iterable[Node]) -> frozenset[str]:
    """Return ``Type/id`` of every order that a result, report, procedure or visit is based on."""
    found: set[str] = set()
    for node in nodes:
        value = node.value
        if ("basedOn" in value or "appointment" in value) and node.word("resourceType") in _ANSWERS:
            if node.word("status") in _NO_ANSWER:
                continue
            for key in ("basedOn", "appointment"):
                found.update(ref for one in node.children(key) if (ref := literal(one.word("reference"))))
    return frozenset(found)


def service_request(node: Node, record: Record) -> tuple[Order, ...]:
    """Read a ServiceRequest."""
    name = node.name("code", "orderDetail", "category")
    return (_order(node, record, name, node.codings("code"), "authoredOn", node.span(*_OCCURRENCE)),)


def device_request(node: Node, record: Record) -> tuple[Order, ...]:
    """Read a DeviceRequest."""
    name, codes = record.coded(node, "code")
    return (_order(node, record, name, codes, "authoredOn", node.span(*_OCCURRENCE)),)


def nutrition_order(node: Node, record: Record) -> tuple[Order, ...]:
    """Read a NutritionOrder: the diet, formula or supplement that comes first."""
    parts = (("oralDiet", "type"), ("enteralFormula", "baseFormulaType"), ("supplement", "type"))
    for part, kind in parts:
        ordered = node.child(part)
        if ordered and (name := ordered.name(kind, "productName", "baseFormulaProductName", "instruction")):
            return (_order(node, record, name, ordered.codings(kind), "dateTime", NEVER),)
    return (_order(node, record, node.name("note"), (), "dateTime", NEVER),)


def appointment(node: Node, record: Record) -> tuple[Order, ...]:
    """Read an Appointment."""
    name = node.name("serviceType", "description", "appointmentType", "specialty", "reasonCode")
    due = node.span("start", "requestedPeriod")
    return (_order(node, record, name, node.codings("serviceType"), "created", due),)


def task(node: Node, record: Record) -> tuple[Order, ...]:
    """Read a Task. It is due when its restriction or its execution period ends."""
    periods = (node.path("restriction", "period"), node.child("executionPeriod"))
    spans = [period.period() for period in periods if period]
    due = next((Span(one.end, one.end_at, None, None) for one in spans if one.end), NEVER)
    name = node.name("code", "description") or record.title(node.child("focus"))
    return (_order(node, record, name, node.codings("code"), "authoredOn", due),)


def _order(node: Node, record: Record, name: Field | None, codes: tuple[Coding, ...], written: str, due: Span) -> Order:
    when = node.span(written)
    ref = f"{node.word('resourceType')}/{node.word('id')}"
    status = _STATUS.get(node.word("status"), "unknown")
    return Order(
        origin=node.origin,
        name=name or fallback(node),
        codes=codes,
        status="cancelled" if node.value.get("doNotPerform") is True else status,
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        encounter=encounter(node),
        due=due.start or due.end,
        due_at=due.at if due.start else due.end_at,
        answered=ref in record.answered,
        reason=record.reason(node),
        priority=node.leaf("priority"),
    )

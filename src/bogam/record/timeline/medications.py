"""Reads MedicationRequest, MedicationStatement, MedicationAdministration and MedicationDispense."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from bogam.record.citation import Field
from bogam.record.facts import Dosage, Medication
from bogam.record.timeline.links import Record, encounter, fallback
from bogam.record.timeline.node import Node, number

_STATUS: Final = {
    "active": "current",
    "in-progress": "current",
    "on-hold": "on-hold",
    "cancelled": "stopped",
    "stopped": "stopped",
    "not-taken": "stopped",
    "not-done": "stopped",
    "declined": "stopped",
    "completed": "completed",
    "draft": "planned",
    "intended": "planned",
    "preparation": "planned",
}
_PROPOSED: Final = frozenset({"proposal", "plan", "option"})
_DAYS: Final = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}
_DAYS_IN_WORDS: Final = {"day": "d", "days": "d", "일": "d", "week": "wk", "weeks": "wk", "주": "wk", "month": "mo"}
_CENTURY: Final = 36525.0


def request(node: Node, record: Record) -> tuple[Medication, ...]:
    """Read a MedicationRequest."""
    status = _STATUS.get(node.word("status"), "unknown")
    if status == "current" and node.word("intent") in _PROPOSED:
        status = "planned"
    prohibited = node.leaf("doNotPerform") if node.value.get("doNotPerform") is True else None
    fact = _medication(node, record, "request", "dosageInstruction", "stopped" if prohibited else status, "authoredOn")
    dispensed = node.child("dispenseRequest")
    supply = _days(dispensed.child("expectedSupplyDuration")) if dispensed else None
    if dispensed and supply and fact.end_at is None:
        refills = number(dispensed.value.get("numberOfRepeatsAllowed")) or 0.0
        # As much again: a refill comes late, or the tablets last longer than they were meant to.
        fact = replace(fact, end_at=_after(fact.at, 2 * supply * (1 + max(refills, 0.0))))
    return (replace(fact, do_not_perform=prohibited) if prohibited else fact,)


def statement(node: Node, record: Record) -> tuple[Medication, ...]:
    """Read a MedicationStatement."""
    status = _STATUS.get(node.word("status"), "unknown")
    when = ("effectiveDateTime", "effectivePeriod", "dateAsserted")
    return (_medication(node, record, "statement", "dosage", status, *when),)


def administration(node: Node, record: Record) -> tuple[Medication, ...]:
    """Read a MedicationAdministration."""
    status = _STATUS.get(node.word("status"), "unknown")
    return (_medication(node, record, "administration", "dosage", status, "effectiveDateTime", "effectivePeriod"),)


def dispense(node: Node, record: Record) -> tuple[Medication, ...]:
    """Read a MedicationDispense."""
    status = _STATUS.get(node.word("status"), "unknown")
    when = ("whenHandedOver", "whenPrepared")
    fact = _medication(node, record, "dispense", "dosageInstruction", status, *when)
    supply = _days(node.child("daysSupply"))
    return (replace(fact, end_at=_after(fact.at, 2 * supply)) if supply and fact.end_at is None else fact,)


def ended(fact: Medication, latest: datetime | None) -> Medication:
    """Return ``fact`` as completed when it is current and its period of use was over at ``latest``."""
    over = fact.status == "current" and fact.end_at is not None and latest is not None and fact.end_at < latest
    return replace(fact, status="completed") if over else fact


def _medication(
    node: Node,
    record: Record,
    kind: Literal["request", "statement", "administration", "dispense"],
    dosage_key: str,
    status: str,
    *when: str,
) -> Medication:
    name, codes = record.coded(node, "medication")
    taken = node.span(*when)
    dosage = node.child(dosage_key)
    timing = dosage.path("timing", "repeat") if dosage else None
    bounds = timing.child("boundsPeriod") if timing else None
    use = bounds.period() if bounds else None
    end, end_at = (use.end, use.end_at) if use and use.end else (taken.end, taken.end_at)
    if end is None and timing and (days := _days(timing.child("boundsDuration"))):
        end_at = _after(use.at if use and use.at else taken.at, days)
    return Medication(
        origin=node.origin,
        name=name or fallback(node),
        codes=codes,
        status=status,
        status_field=node.leaf("status"),
        start=taken.start,
        at=taken.at,
        end=end,
        end_at=end_at,
        encounter=encounter(node),
        dosage=_dosage(dosage) if dosage else None,
        reason=record.reason(node),
        stop_reason=node.name("statusReason", "statusReasonCodeableConcept"),
        kind=kind,
    )


def _dosage(node: Node) -> Dosage | None:
    # MedicationAdministration has the dose in the dosage itself, all others in doseAndRate.
    given = node.child("doseAndRate") or node
    dose = given.child("doseQuantity") or given.child("dose")
    limits = given.child("doseRange")
    low, high = (limits.child("low"), limits.child("high")) if limits else (None, None)
    dose = dose or low or high
    rate = given.child("rateQuantity") or given.path("rateRatio", "numerator")
    timing = node.child("timing")
    repeat = timing.child("repeat") if timing else None
    dosage = Dosage(
        text=node.name("text", "patientInstruction"),
        value=dose.leaf("value") if dose else None,
        unit=_unit(dose),
        route=node.name("route"),
        frequency=repeat.leaf("frequency") if repeat else None,
        period=repeat.leaf("period") if repeat else None,
        period_unit=repeat.leaf("periodUnit") if repeat else None,
        as_needed=node.leaf("asNeededBoolean")
        if node.value.get("asNeededBoolean") is True
        else node.name("asNeededCodeableConcept"),
        value_to=high.leaf("value") if high and low else None,
        timing=timing.name("code") if timing else None,
        rate=rate.leaf("value") if rate else None,
        rate_unit=_unit(rate),
    )
    return dosage if dosage != _EMPTY else None


_EMPTY: Final = Dosage()


def _unit(quantity: Node | None) -> Field | None:
    return (quantity.leaf("unit") or quantity.leaf("code")) if quantity else None


def _days(duration: Node | None) -> float | None:
    """A Duration in days. Without a unit it is days, as ``daysSupply`` often comes."""
    value = number(duration.value.get("value")) if duration else None
    if duration is None or value is None or value <= 0:
        return None
    unit = duration.word("code") or duration.word("unit") or "d"
    days = value * _DAYS.get(_DAYS_IN_WORDS.get(unit.lower(), unit), 0.0)
    return days if 0 < days <= _CENTURY else None


def _after(start: datetime | None, days: float) -> datetime | None:
    try:
        return start + timedelta(days=days) if start else None
    except OverflowError:
        return None

"""Puts a patient's facts together, in order."""

from __future__ import annotations

import gc
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bogam.record import facts
from bogam.record.citation import Origin
from bogam.record.facts import Fact, Medication, Person, Timeline
from bogam.record.timeline import care, documents, medications, orders, problems, results
from bogam.record.timeline.links import COUNTED, Record
from bogam.record.timeline.node import Node, moment
from bogam.record.timeline.person import person
from bogam.record.timeline.resuscitation import resuscitation

if TYPE_CHECKING:
    from bogam.record.store import Resource

F = TypeVar("F", bound=Fact)

_READERS: Final[dict[str, Callable[[Node, Record], tuple[Fact, ...]]]] = {
    "AllergyIntolerance": problems.allergy,
    "Appointment": orders.appointment,
    "CarePlan": care.care_plan,
    "Composition": documents.composition,
    "Condition": problems.condition,
    "Device": care.device,
    "DeviceRequest": orders.device_request,
    "DeviceUseStatement": care.device_use,
    "DiagnosticReport": documents.diagnostic_report,
    "DocumentReference": documents.document_reference,
    "Encounter": care.encounter_fact,
    "FamilyMemberHistory": problems.family,
    "Flag": problems.flag,
    "Goal": care.goal,
    "ImagingStudy": documents.imaging_study,
    "Immunization": care.immunization,
    "MedicationAdministration": medications.administration,
    "MedicationDispense": medications.dispense,
    "MedicationRequest": medications.request,
    "MedicationStatement": medications.statement,
    "NutritionOrder": orders.nutrition_order,
    "Observation": results.result,
    "Procedure": care.procedure,
    "ServiceRequest": orders.service_request,
    "Task": orders.task,
}
_UNHAPPENED: Final = frozenset({"planned", "pending", "cancelled"})
_LAST: Final = float("-inf")

_LINKS: Final = re.compile(
    rb'"reference"\s*:\s*"((?:Practitioner|PractitionerRole|Location|Organization|Medication|Device)\\?/[A-Za-z0-9.\-]{1,64})'
    rb'|"url"\s*:\s*"[^"]{0,2000}?(Binary\\?/[A-Za-z0-9.\-]{1,64})'
)
_LINKING: Final = frozenset(
    {
        "Composition",
        "DeviceRequest",
        "DeviceUseStatement",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
    }
)
"""The types whose facts name people, places, drugs and attachments that stand outside the patient's compartment."""


FILED: Final = b'"urn:bogam:tag"'
"""In ``meta.tag`` of the documents that were signed here."""


def timeline(resources: Sequence[Resource], linked: Mapping[str, Resource] | None = None) -> Timeline:
    """Read a patient's resources (FHIR R4) into typed facts, each value with its exact place.

    A resource that passed the structure check makes no error, whatever it leaves out. What makes no fact is counted
    in ``other``, what is marked entered-in-error in ``retracted``. What Bogam filed itself is passed over: a summary
    rests on the record, not on the summary before it.

    Parameters
    ----------
    resources
        Current versions: the Patient and its compartment, in any order.
    linked
        By ``Type/id``, what they refer to outside the compartment; see `wanted`. Only ``get`` is called.
    """
    with _without_collection():
        return _timeline([one for one in resources if not _filed(one)], linked or {})


def _filed(resource: Resource) -> bool:
    return resource.type in ("Composition", "Provenance") and FILED in resource.body


@contextmanager
def _without_collection() -> Generator[None]:
    """Hold the garbage collector off: it would search 50,000 new objects ten times over, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _timeline(resources: Sequence[Resource], linked: Mapping[str, Resource]) -> Timeline:
    record = Record(resources, linked)
    record.answered = orders.answered(record.nodes.values())
    gathered = _gather(resources, record)
    found, latest = gathered.found, gathered.latest
    who = person(gathered.patient) if gathered.patient else _nobody(resources)
    flags = _ordered(found, facts.Flag)
    return Timeline(
        person=replace(who, resuscitation=resuscitation(record, flags)),
        conditions=_ordered(found, facts.Condition),
        medications=tuple(medications.ended(fact, latest) for fact in _ordered(found, Medication)),
        allergies=_ordered(found, facts.Allergy),
        results=_ordered(found, facts.Result),
        encounters=_ordered(found, facts.Encounter),
        procedures=_ordered(found, facts.Procedure),
        immunizations=_ordered(found, facts.Immunization),
        devices=_ordered(found, facts.Device),
        care_plans=_ordered(found, facts.CarePlan),
        orders=_ordered(found, facts.Order),
        reports=_ordered(found, facts.Report),
        notes=_ordered(found, facts.Note),
        family=_ordered(found, facts.Family),
        flags=flags,
        other=tuple(sorted(gathered.other.items())),
        resources=len(resources),
        sha=_sha([*resources, *record.followed.values()]),
        latest=latest,
        retracted=gathered.retracted,
    )


@dataclass(slots=True)
class _Gathered:
    found: dict[type[Fact], list[Fact]] = field(default_factory=dict[type[Fact], list[Fact]])
    other: Counter[str] = field(default_factory=Counter[str])
    patient: Node | None = None
    latest: datetime | None = None
    retracted: int = 0


def _gather(resources: Sequence[Resource], record: Record) -> _Gathered:
    """Read every resource: its facts by kind, and what makes none counted."""
    gathered = _Gathered()
    for resource in resources:
        node = record.nodes.get(resource.ref) if resource.type not in COUNTED else None
        if resource.type == "Patient" and gathered.patient is None and node:
            gathered.patient = node
            continue
        if node and _retracted(node):
            gathered.retracted += 1
            continue
        read = _READERS.get(resource.type)
        made = read(node, record) if read and node else ()
        if not made:
            gathered.other[resource.type] += 1
        for fact in made:
            gathered.found.setdefault(type(fact), []).append(fact)
            gathered.latest = _later(gathered.latest, fact, resource.updated)
    return gathered


def wanted(resources: Iterable[Resource]) -> set[str]:
    """Return ``Type/id`` of what a timeline of ``resources`` looks up outside them: people, places, drugs, Binaries."""
    found: set[str] = set()
    for resource in resources:
        if resource.type in _LINKING:
            for match in _LINKS.finditer(resource.body):
                found.add((match[1] or match[2]).replace(b"\\", b"").decode())
    return found


def _retracted(node: Node) -> bool:
    value = node.value
    if value.get("status") == "entered-in-error" or value.get("docStatus") == "entered-in-error":
        return True
    verification = node.code("verificationStatus") if "verificationStatus" in value else None
    return (verification is not None and verification.text == "entered-in-error") or (
        value.get("lifecycleStatus") == "entered-in-error"
    )


def _later(latest: datetime | None, fact: Fact, updated: str) -> datetime | None:
    """The later of ``latest`` and the moments at which ``fact`` was, none of them after it was stored."""
    if fact.status in _UNHAPPENED and type(fact) is not facts.Order:
        return latest
    # The end of a course of tablets or of a plan is foreseen; that of a stay or an operation has been.
    for at in (fact.at, fact.end_at if type(fact) in _ENDING else None):
        if at is not None and (latest is None or at > latest):
            stored = moment(updated) if updated else None
            if stored is None or at <= stored:
                latest = at
    return latest


_ENDING: Final = frozenset({facts.Encounter, facts.Procedure, facts.Condition, facts.Result})


def _ordered(found: Mapping[type[Fact], list[Any]], kind: type[F]) -> tuple[F, ...]:
    """Newest first, undated last, ties by source and place."""
    made: list[F] = found.get(kind, [])
    # By timestamp, because comparing datetimes of different zones is slow.
    made.sort(key=lambda fact: (-fact.at.timestamp() if fact.at else -_LAST, fact.origin.source, fact.name.pointer))
    return tuple(made)


def _nobody(resources: Sequence[Resource]) -> Person:
    """The person of a compartment whose Patient is not here."""
    id = next((resource.patient for resource in resources if resource.patient), "")
    return Person(origin=Origin(f"Patient/{id}", "0", ""), id=id, name=None)


def _sha(read: Iterable[Resource]) -> str:
    lines = sorted(f"{one.type}/{one.id}\t{one.version}\t{one.sha}" for one in read)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

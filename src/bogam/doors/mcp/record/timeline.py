"""patient_overview and patient_timeline: the typed facts of one patient, in slices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bogam.access.identity import Action
from bogam.doors.mcp.record.rows import Allowed, row, type_of
from bogam.doors.mcp.schema import output
from bogam.doors.mcp.tool import Call, Tool
from bogam.record.facts import Fact, Timeline

Kind = Literal[
    "conditions",
    "medications",
    "allergies",
    "results",
    "encounters",
    "procedures",
    "immunizations",
    "devices",
    "care_plans",
    "orders",
    "reports",
    "notes",
    "family",
    "flags",
    "mentions",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_TYPES: Final[dict[Kind, str]] = {
    "conditions": "Condition",
    "medications": "MedicationRequest",
    "allergies": "AllergyIntolerance",
    "results": "Observation",
    "encounters": "Encounter",
    "procedures": "Procedure",
    "immunizations": "Immunization",
    "devices": "Device",
    "care_plans": "CarePlan",
    "orders": "ServiceRequest",
    "reports": "DiagnosticReport",
    "notes": "DocumentReference",
    "family": "FamilyMemberHistory",
    "flags": "Flag",
    "mentions": "DocumentReference",
}
"""The type of resource that a kind mostly stands in: a token must allow it to be asked for by name."""
_GLANCE: Final[tuple[tuple[Kind, frozenset[str], int], ...]] = (
    ("flags", frozenset({"active"}), 10),
    ("allergies", frozenset(), 20),
    ("conditions", frozenset({"active"}), 15),
    ("medications", frozenset({"current", "planned", "on-hold"}), 20),
    ("encounters", frozenset(), 3),
    ("results", frozenset(), 12),
    ("orders", frozenset({"pending"}), 8),
    ("notes", frozenset(), 4),
)
"""What an overview shows: of which kind those of which status (all, where none is named), and how many."""


class Overview(BaseModel):
    """Whose overview."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    patient: str = Field(min_length=1, max_length=64)


class Slice(BaseModel):
    """Which part of a patient's timeline."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    patient: str = Field(min_length=1, max_length=64)
    kinds: list[Kind] = Field(default_factory=list[Kind], description="All when empty")
    text: str = Field("", max_length=200, description="Words that its name has")
    since: date | None = None
    until: date | None = None
    limit: int = Field(40, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


def _timeline(call: Call, patient: str) -> Timeline:
    call.keep_to(patient, Action.read)
    return call.bogam.timeline(patient, actor=call.asker.actor, purpose=call.asker.purpose)


def _allowed(call: Call) -> Allowed:
    patient: str = call.request.patient
    return lambda type: call.asker.may(f"{type}.r", patient)


def _overview(call: Call) -> dict[str, Any]:
    chart, allowed = _timeline(call, call.request.patient), _allowed(call)
    person = chart.person
    made: dict[str, Any] = {
        "id": person.id,
        "name": person.display,
        "birth_date": person.birth_date.text if person.birth_date else "not recorded",
        "gender": person.gender.text if person.gender else "not recorded",
        "resuscitation": person.resuscitation.text if person.resuscitation and allowed("Observation") else None,
        "last_entry": chart.latest.isoformat() if chart.latest else None,
    }
    counts: dict[str, int] = {}
    for kind in KINDS:
        facts: tuple[Fact, ...] = getattr(chart, kind)
        counts[kind] = sum(allowed(type_of(each)) for each in facts)
    for kind, statuses, most in _GLANCE:
        facts = getattr(chart, kind)
        shown = [each for each in facts if allowed(type_of(each)) and (not statuses or each.status in statuses)]
        made[kind] = [row(each, allowed) for each in shown[:most]]
        if len(shown) > most:
            made.setdefault("not_shown", {})[kind] = len(shown) - most
    made["recorded"] = {kind: count for kind, count in counts.items() if count}
    made["rest"] = "patient_timeline has all kinds in slices; a draft tool makes a verified summary."
    return {key: value for key, value in made.items() if value is not None}


def _slices(call: Call) -> dict[str, Any]:
    asked: Slice = call.request
    chart, allowed = _timeline(call, asked.patient), _allowed(call)
    found = [(kind, fact) for kind, fact in _facts(chart, asked) if allowed(type_of(fact))]
    found.sort(key=lambda each: each[1].at or _LONG_AGO, reverse=True)
    page = found[asked.offset : asked.offset + asked.limit]
    told: dict[str, Any] = {"total": len(found), "facts": [{"kind": kind} | row(fact, allowed) for kind, fact in page]}
    shown = asked.offset + len(page)
    return told | ({"next_offset": shown} if shown < len(found) else {})


_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


def _facts(chart: Timeline, asked: Slice) -> Iterator[tuple[Kind, Fact]]:
    since = datetime.combine(asked.since, time.min, UTC) if asked.since else None
    until = datetime.combine(asked.until, time.max, UTC) if asked.until else None
    words = asked.text.casefold().split()
    # What the notes mention stands in the notes already: it is shown when it is asked for.
    for kind in asked.kinds or [each for each in KINDS if each != "mentions"]:
        facts: tuple[Fact, ...] = getattr(chart, kind)
        for fact in facts:
            dated = (since is None and until is None) or fact.at is not None
            if not dated or (since and fact.at and fact.at < since) or (until and fact.at and fact.at > until):
                continue
            if all(word in fact.name.text.casefold() for word in words):
                yield kind, fact


overview: Final = Tool(
    "patient_overview",
    "One patient at a glance: allergies, active problems, current drugs, latest results, pending orders.",
    Overview,
    output(id="string", name="string", recorded="object", not_shown="object"),
    lambda _: ("Patient.r",),
    _overview,
)
slices: Final = Tool(
    "patient_timeline",
    "A patient's facts, newest first, by kind, name and date; each with the place it stands at.",
    Slice,
    output(total="integer", facts="array", next_offset="integer"),
    lambda asked: tuple(f"{_TYPES[kind]}.r" for kind in asked.kinds) or ("Patient.r",),
    _slices,
)

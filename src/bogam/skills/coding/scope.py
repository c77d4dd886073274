"""What a coding draft looks at: the notes and diagnoses of one encounter, one note, or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bogam.record.facts import Condition, Encounter, Note, Timeline
from bogam.record.transcript import is_transcript
from bogam.skills.coding.guideline import Setting
from bogam.skills.coding.schema import Request
from bogam.skills.coding.words import WORDS
from bogam.skills.writing.reading import Reading, read, setting


@dataclass(frozen=True, slots=True)
class Scope:
    """The notes and diagnoses looked at. ``encounter`` is None for all of them, or for what belongs to none.

    Of an encounter they are its own, those of the emergency visit that led to it, and active diagnoses that are
    recorded for no encounter in particular.
    """

    notes: tuple[Note, ...]
    conditions: tuple[Condition, ...]
    encounter: Encounter | None
    setting: Setting
    known: bool = True
    """False when what was asked for is not in the record."""


def scope(reading: Reading, asked: str) -> Scope:
    """Return the scope that a request names.

    An uncertain diagnosis counts by where the encounter takes place; without one, the stricter rule (outpatient) holds.
    """
    timeline = reading.timeline
    void = ("superseded", "entered-in-error")
    notes = tuple(note for note in timeline.notes if note.status not in void and not is_transcript(note))
    if asked == "all":
        return Scope(notes, timeline.conditions, None, "outpatient")
    if asked.startswith(("DocumentReference/", "Composition/", "DiagnosticReport/")):
        one = tuple(note for note in notes if note.origin.source == asked)
        stay = _encounter(timeline, one[0].encounter) if one and one[0].encounter else None
        return Scope(one, (), stay, _setting(stay), bool(one))
    if asked:
        ref = asked if asked.startswith("Encounter/") else f"Encounter/{asked}"
        stay = _encounter(timeline, ref)
        return _of_encounter(reading, notes, stay) if stay else Scope((), (), None, "outpatient", False)
    busy = {each.encounter for each in (*notes, *timeline.conditions)}
    stay = reading.stay if reading.stay is not None and reading.stay.origin.source in busy else None
    stay = stay or next((each for each in timeline.encounters if each.origin.source in busy), None)
    return _of_encounter(reading, notes, stay) if stay else Scope(notes, timeline.conditions, None, "outpatient")


def _of_encounter(reading: Reading, notes: tuple[Note, ...], stay: Encounter) -> Scope:
    refs = {stay.origin.source, *(each.origin.source for each in reading.timeline.encounters if _led_to(each, stay))}
    return Scope(
        tuple(note for note in notes if note.encounter in refs),
        tuple(
            each
            for each in reading.timeline.conditions
            if each.encounter in refs or (each.encounter is None and each.status == "active")
        ),
        stay,
        _setting(stay),
    )


_SAME_EPISODE: Final = timedelta(days=1)


def _led_to(visit: Encounter, stay: Encounter) -> bool:
    """Say whether an emergency visit ended in this admission: it began within a day before."""
    if setting(visit) != "emergency" or setting(stay) != "inpatient" or visit.at is None or stay.at is None:
        return False
    return timedelta(0) <= stay.at - visit.at <= _SAME_EPISODE


def _encounter(timeline: Timeline, ref: str | None) -> Encounter | None:
    return next((each for each in timeline.encounters if each.origin.source == ref), None)


def _setting(stay: Encounter | None) -> Setting:
    return "inpatient" if stay is not None and setting(stay) == "inpatient" else "outpatient"


def looked_at(timeline: Timeline, request: Request) -> Scope:
    """Return the scope of a request over a whole timeline, as the skill would take it."""
    return scope(read(timeline, request, WORDS), request.scope)

"""Medications in the groups that a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bogam.doors.web.view.events import dose, said
from bogam.record.facts import Medication, Mention, Timeline
from bogam.skills.record_summary import noted as only
from bogam.skills.record_summary.schema import Request
from bogam.skills.record_summary.words import WORDS
from bogam.skills.writing.reading import read

_ORDER = ("current", "on-hold", "planned", "stopped", "completed", "unknown")


@dataclass(frozen=True, slots=True)
class Line:
    """A medication with its dose as recorded."""

    fact: Medication
    dose: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A drug or an allergy that only a note names, with the words that belong to it."""

    fact: Mention
    words: str


def noted(timeline: Timeline) -> list[Noted]:
    """Return the drugs and allergies that only notes name."""
    reading = read(timeline, Request(), WORDS)
    return [Noted(each, said(each)) for each in (*only.allergies(reading), *only.drugs(reading))]


def grouped(medications: Sequence[Medication]) -> list[tuple[str, list[Line]]]:
    """Return (status, medications) in the order a reader asks for them, leaving out empty groups."""
    groups = [(name, [Line(each, dose(each.dosage)) for each in medications if each.status == name]) for name in _ORDER]
    return [group for group in groups if group[1]]

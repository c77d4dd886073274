"""Medications in the groups that a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bogam.doors.web.view.events import dose
from bogam.record.facts import Medication

_ORDER = ("current", "on-hold", "planned", "stopped", "completed", "unknown")


@dataclass(frozen=True, slots=True)
class Line:
    """A medication with its dose as recorded."""

    fact: Medication
    dose: str


def grouped(medications: Sequence[Medication]) -> list[tuple[str, list[Line]]]:
    """Return (status, medications) in the order a reader asks for them, leaving out empty groups."""
    groups = [(name, [Line(each, dose(each.dosage)) for each in medications if each.status == name]) for name in _ORDER]
    return [group for group in groups if group[1]]

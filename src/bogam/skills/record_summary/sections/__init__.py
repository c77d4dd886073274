"""The sections of the summary, in reading order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bogam.skills.record_summary.sections.allergies import allergies
from bogam.skills.record_summary.sections.background import background
from bogam.skills.record_summary.sections.medications import medications, stopped
from bogam.skills.record_summary.sections.notes import notes, reports
from bogam.skills.record_summary.sections.pending import pending
from bogam.skills.record_summary.sections.person import person
from bogam.skills.record_summary.sections.problems import history, problems
from bogam.skills.record_summary.sections.results import results, vitals
from bogam.skills.record_summary.sections.visits import devices, encounters, immunizations, plans, procedures
from bogam.skills.writing.reading import Part, Reading

SECTIONS: Final[tuple[Callable[[Reading], Part], ...]] = (
    person,
    problems,
    medications,
    allergies,
    results,
    vitals,
    reports,
    pending,
    stopped,
    encounters,
    procedures,
    notes,
    history,
    background,
    plans,
    devices,
    immunizations,
)

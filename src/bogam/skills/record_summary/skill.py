"""The record summary: what a physician who takes over this patient needs, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.draft import Draft
from bogam.record.facts import Timeline
from bogam.skills.record_summary.conflicts import conflicts
from bogam.skills.record_summary.missing import missing
from bogam.skills.record_summary.schema import Request
from bogam.skills.record_summary.sections import SECTIONS
from bogam.skills.record_summary.words import WORDS
from bogam.skills.writing.draft import put_together
from bogam.skills.writing.reading import read

ENGINE: Final = "built-in record-summary 2"
"""Raised with every change of what the same record gives."""


class RecordSummary:
    """The skill ``record-summary``. Deterministic: the same record and request give the same bytes."""

    name = "record-summary"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        """Summarise a patient's timeline. The claims come back unchecked.

        Raises
        ------
        TypeError
            When ``request`` is not this skill's `Request`.
        """
        if not isinstance(request, Request):
            raise TypeError(f"record-summary takes its own Request, not a {type(request).__name__}")
        reading = read(evidence, request, WORDS)
        parts = [section(reading) for section in SECTIONS]
        found = {"missing": missing(reading), "conflicts": conflicts(reading)}
        return put_together(self.name, ENGINE, request, reading, parts, **found)


skill: Final = RecordSummary()

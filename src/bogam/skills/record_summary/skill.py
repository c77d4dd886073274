"""The record summary: what a physician who takes over this patient needs, on one page."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.draft import Draft
from bogam.record.facts import Timeline
from bogam.skills.record_summary.compose import clean
from bogam.skills.record_summary.conflicts import conflicts
from bogam.skills.record_summary.missing import missing
from bogam.skills.record_summary.reading import Reading, read
from bogam.skills.record_summary.schema import Request
from bogam.skills.record_summary.sections import SECTIONS
from bogam.skills.record_summary.sections.person import age
from bogam.skills.record_summary.words import PHRASES, TITLE

ENGINE: Final = "built-in record-summary 1"
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
        reading = read(evidence, request)
        parts = [part for part in (section(reading) for section in SECTIONS) if part.claims or part.left_out]
        return Draft(
            id=self._id(evidence, request),
            skill=self.name,
            patient=evidence.person.id,
            language=request.language,
            title=TITLE[request.language],
            subject=_subject(reading),
            sections=tuple(reading.heading(part) for part in parts),
            claims=tuple(claim for part in parts for claim in part.claims),
            missing=missing(reading),
            conflicts=conflicts(reading),
            engine=ENGINE,
            evidence_hash=evidence.sha,
            as_of=reading.as_of.isoformat() if reading.as_of is not None else "",
        )

    def _id(self, evidence: Timeline, request: Request) -> str:
        parts = (self.name, evidence.person.id, request.model_dump_json(), ENGINE, evidence.sha)
        return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _subject(reading: Reading) -> str:
    """Identify the patient in one line: name, record number, birth date, sex, age."""
    who = reading.timeline.person
    known = [
        clean(who.display or (who.name.text if who.name else "")) or None,
        next((clean(value.text) for label, value in who.identifiers if label.upper() in ("MR", "MRN")), None),
        who.birth_date.text[:10] if who.birth_date else None,
    ]
    if who.gender is not None and who.gender.text in ("male", "female"):
        known.append(PHRASES[who.gender.text][reading.language].replace("{x}", ""))
    alive = who.deceased is None or who.deceased.text == "false"
    aged = age(who.birth_date.text, reading.as_of) if who.birth_date and alive else None
    if aged is not None:
        known.append(PHRASES[aged[0]][reading.language].replace("{n}", str(aged[1])))
    return " · ".join(part for part in known if part) or who.id


skill: Final = RecordSummary()

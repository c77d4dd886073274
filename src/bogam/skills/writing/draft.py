"""Put a draft together from its parts."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.skills.writing.person import subject
from bogam.skills.writing.reading import Part, Reading


def put_together(
    skill: str,
    engine: str,
    request: BaseModel,
    reading: Reading,
    parts: Iterable[Part],
    *,
    missing: tuple[Claim, ...],
    conflicts: tuple[Claim, ...],
) -> Draft:
    """Return the draft of ``skill``. A part without a sentence is a section only if it left some out or has a place.

    The id comes from skill, patient, request, engine and evidence, so that the same work is the same draft.
    """
    kept = [part for part in parts if part.claims or part.left_out or part.place]
    evidence = reading.timeline
    identity = (skill, evidence.person.id, request.model_dump_json(), engine, evidence.sha)
    return Draft(
        id=sha256("\n".join(identity).encode()).hexdigest()[:24],
        skill=skill,
        patient=evidence.person.id,
        language=reading.language,
        title=reading.words.title[reading.language],
        subject=subject(reading),
        sections=tuple(reading.heading(part) for part in kept),
        claims=tuple(claim for part in kept for claim in part.claims),
        missing=missing,
        conflicts=conflicts,
        engine=engine,
        evidence_hash=evidence.sha,
        as_of=reading.as_of.isoformat() if reading.as_of is not None else "",
    )

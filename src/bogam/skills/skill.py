"""What a skill is, and how the installed ones are found."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from bogam.evidence.draft import Draft
from bogam.record.facts import Timeline


class Skill(Protocol):
    """One clinical job. The object that an entry point of the group ``bogam.skills`` names.

    ``folder`` holds README.md (shown on its page), prompt.md and cases/. ``request`` is the pydantic model of its
    request; every field has a default, so that a skill runs with a patient alone. ``draft`` is pure: no I/O, no clock;
    the draft's claims come back unchecked and the caller verifies them.
    """

    name: str
    folder: Path
    request: type[BaseModel]

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft: ...


@cache
def skills() -> dict[str, Skill]:
    """Return the installed skills by name."""
    return {point.name: point.load() for point in entry_points(group="bogam.skills")}

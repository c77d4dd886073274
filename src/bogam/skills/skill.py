"""What a skill is, and how the installed ones are found."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

from bogam.evidence.draft import Draft
from bogam.evidence.retrieval.need import NOTHING, Gathered, Need
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


@runtime_checkable
class Informed(Protocol):
    """A skill that needs to know something beside the record: passages of the library, items of sources.

    ``needs`` says what, from the record and the request; it is gathered, never live, and handed to ``draft``, which
    stays pure. ``evidence`` is None where no patient is asked about; a skill that cannot do without one says so in its
    draft. With its default for ``knowledge`` an informed skill is a `Skill` too.
    """

    def needs(self, evidence: Timeline | None, request: BaseModel) -> tuple[Need, ...]: ...

    def draft(self, evidence: Timeline | None, request: BaseModel, knowledge: Gathered = NOTHING) -> Draft: ...


@cache
def skills() -> dict[str, Skill]:
    """Return the installed skills by name."""
    return {point.name: point.load() for point in entry_points(group="bogam.skills")}

"""A draft: what a skill makes, before and after a person has signed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bogam.evidence.claim import Claim
from bogam.record.citation import Citation

Language = Literal["ko", "en"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a draft. ``left_out`` counts the items that the chosen length did not have room for.

    With ``place`` it is shown even when it is empty: a person writes there.
    """

    key: str
    title: str
    left_out: int = 0
    place: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a skill makes. ``missing`` and ``conflicts`` are results: what is not in the chart matters too.

    Parameters
    ----------
    id
        Derived from skill, patient, request, engine and evidence hash: the same work has the same id.
    skill, patient, language
        Which skill made it, the Patient id, and the language of its sentences.
    title
        Document title in that language.
    subject
        One line that identifies the patient, for headings and exports.
    sections
        In reading order; each claim names its section.
    claims, missing, conflicts
        Sentences with their citations. ``missing`` claims are absences.
    engine
        ``built-in`` with its version, or the language model that was used.
    evidence_hash
        SHA-256 over the versions of everything that was read.
    as_of
        ISO date the draft speaks from (by default the last entry of the record).
    """

    id: str
    skill: str
    patient: str
    language: Language
    title: str
    subject: str
    sections: tuple[Section, ...]
    claims: tuple[Claim, ...]
    missing: tuple[Claim, ...]
    conflicts: tuple[Claim, ...]
    engine: str
    evidence_hash: str
    as_of: str

    @property
    def from_sources(self) -> bool:
        """Whether it was made out of outside sources: its evidence hash then has a second part, theirs."""
        return "." in self.evidence_hash


@dataclass(frozen=True, slots=True)
class Signature:
    """Who closed a draft, when (ISO 8601 with zone), and how. ``reason`` is given for a rejection."""

    actor: str
    name: str
    role: str
    at: str
    verdict: Literal["signed", "rejected"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A draft as kept: its revision (1 is the skill's, each edit adds one), state, times, and signature when closed.

    ``shown`` is a draft that was made because somebody opened a page: it waits for nobody until it is asked for, edited
    or signed. ``waiting`` waits for a signature.
    """

    draft: Draft
    revision: int
    state: Literal["shown", "waiting", "signed", "rejected"]
    made_at: str
    made_by: str
    edited_by: str = ""
    signature: Signature | None = None
    composition: str = ""
    """``Composition/ID`` once filed in the record."""

    @property
    def open(self) -> bool:
        """Whether it can still be edited, signed and rejected."""
        return self.state in ("shown", "waiting")


def cited_in(draft: Draft) -> list[Citation]:
    """Return all citations of a draft, in order."""
    return [each for claim in (*draft.claims, *draft.missing, *draft.conflicts) for each in claim.citations]

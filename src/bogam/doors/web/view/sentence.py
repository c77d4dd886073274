"""The sentences of a draft as a page shows them: state, sources, and the name each goes by in links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bogam.doors.web.words import Words
from bogam.evidence.claim import Claim, Failure
from bogam.evidence.draft import Draft, Section
from bogam.record.citation import Citation

SIGNS: Final = {"supported": "✓", "unsupported": "✕", "conflicting": "✕", "absence": "○", "unchecked": "?"}
_PARTS: Final = {"c": "claims", "x": "conflicts", "m": "missing"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim. ``name`` is ``c3`` for the fourth of the claims, ``x0`` for a conflict, ``m0`` for what is missing.

    ``sources`` are its citations grouped by the source they stand in, in the order of their first citation.
    """

    name: str
    index: int
    claim: Claim
    sources: tuple[tuple[Citation, ...], ...]

    @property
    def state(self) -> str:
        return self.claim.support.state

    @property
    def sign(self) -> str:
        return SIGNS[self.state]

    @property
    def failed(self) -> tuple[Failure, ...]:
        return self.claim.support.failed

    def label(self, words: Words) -> str:
        """Return what its sources are, by kind, and how many where several: ``Lab 2 · Note``."""
        counts: dict[str, int] = {}
        for source in self.sources:
            kind = source[0].source.partition("/")[0].partition(":")[0]
            counts[kind] = counts.get(kind, 0) + 1
        named = ((words.get(f"type.{kind}", kind), count) for kind, count in counts.items())
        return " · ".join(f"{name} {count}" if count > 1 else name for name, count in named)


def sentence(part: str, index: int, claim: Claim) -> Sentence:
    """Make one sentence; ``part`` is c, x or m."""
    groups: dict[tuple[str, str], list[Citation]] = {}
    for citation in claim.citations:
        groups.setdefault((citation.source, citation.version), []).append(citation)
    return Sentence(f"{part}{index}", index, claim, tuple(tuple(group) for group in groups.values()))


def numbered(draft: Draft) -> dict[str, Sentence]:
    """Return all sentences of ``draft`` by name."""
    return {each.name: each for part, member in _PARTS.items() for each in _each(part, getattr(draft, member))}


def by_section(draft: Draft, sentences: dict[str, Sentence]) -> list[tuple[Section, list[Sentence]]]:
    """Return the sections that have something to show, or a place to write in, each with its sentences."""
    parts = [
        (section, [each for each in _claims(sentences) if each.claim.section == section.key])
        for section in draft.sections
    ]
    return [(section, found) for section, found in parts if found or section.left_out or section.place]


def tally(sentences: dict[str, Sentence]) -> dict[str, int]:
    """Count the sentences by state, conflicts and missing apart."""
    counts = {"supported": 0, "unsupported": 0, "absence": 0, "conflicts": 0, "missing": 0}
    for each in sentences.values():
        part = {"x": "conflicts", "m": "missing"}.get(each.name[0], each.state)
        if part == "unchecked" or part == "conflicting":
            part = "unsupported"
        counts[part] += 1
    return counts


def _claims(sentences: dict[str, Sentence]) -> Iterator[Sentence]:
    return (each for each in sentences.values() if each.name.startswith("c"))


def _each(part: str, claims: Sequence[Claim]) -> Iterator[Sentence]:
    return (sentence(part, index, claim) for index, claim in enumerate(claims))

"""What a skill needs to know beside the record, and what was found: gathered before the draft, which stays pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from bogam.evidence.retrieval.find import Hit
from bogam.sources.answer import Answer, Item
from bogam.sources.reference_desk import Act


@dataclass(frozen=True, slots=True)
class Question:
    """Passages that bear on a question, out of the library and the mirrors.

    Parameters
    ----------
    text
        The question, in Korean or English.
    sources
        Names of sources; empty means the library and every mirror.
    limit
        Most passages.
    answers
        Only passages that answer it; otherwise those that share something with it too.
    """

    text: str
    sources: tuple[str, ...] = ()
    limit: int = 8
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Consult:
    """A source asked for items, by its own search or by id; from its mirror or what is built in, never live."""

    source: str
    act: Act
    request: Mapping[str, Any] = field(default_factory=dict[str, Any])


Need = Question | Consult


@dataclass(frozen=True, slots=True)
class Looked:
    """A source that was looked through: its date, and how many documents it holds whose text can be read."""

    source: str
    title: str
    dated: str
    items: int


@dataclass(frozen=True, slots=True)
class Coming:
    """A version of a library document that is not yet in force, or was replaced by the one that was read."""

    ref: str
    title: str
    dated: str
    version: str
    sha: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for the needs of a skill, in their order."""

    hits: tuple[tuple[Hit, ...], ...] = ()
    answers: tuple[Answer | None, ...] = ()
    """The answer to each `Consult`; None for a `Question`, and for a source that is not mirrored here."""
    looked: tuple[Looked, ...] = ()
    coming: tuple[Coming, ...] = ()

    def items(self, refs: Set[str]) -> list[Item]:
        """Return the items, of those found, that have these addresses and must be kept to stay citable."""
        found = {hit.passage.ref: hit.passage.item for group in self.hits for hit in group if hit.passage.item}
        found |= {item.ref: item for answer in self.answers if answer for item in answer.items}
        return [item for ref, item in found.items() if ref in refs]

    @property
    def sha(self) -> str:
        """SHA-256 over the versions of everything that was found and looked through."""
        found = {(hit.passage.ref, hit.passage.text.origin.sha) for group in self.hits for hit in group}
        found |= {(item.ref, item.document.sha) for answer in self.answers if answer for item in answer.items}
        lines = [
            *sorted(f"{ref}\t{sha}" for ref, sha in found),
            *(f"{e.source}\t{e.dated}\t{e.items}" for e in self.looked),
        ]
        return sha256("\n".join(lines).encode()).hexdigest()


NOTHING: Gathered = Gathered()

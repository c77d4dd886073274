"""Quotations: the sentences of a passage that bear on a question, grouped by document and heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Language, Section
from bogam.evidence.retrieval.features import Concept, features
from bogam.evidence.retrieval.find import Hit, share
from bogam.evidence.retrieval.passage import Passage
from bogam.record.citation import Field
from bogam.skills.answering.words import say
from bogam.text.sentences import sentences

_WHOLE: Final = 280
"""Code points of a passage that is quoted whole."""
_NEAR_BEST: Final = 0.75
_MOST: Final = 2
_PLAIN: Final = frozenset({"text", "abstract", "sections", "content"})
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a passage, where it stands."""

    passage: Passage
    words: Field

    def claim(self, section: str, kind: str = "statement") -> Claim:
        return Claim(self.words.text, (self.words.cite(),), section=section, kind=kind)


def quotable(passage: Passage) -> bool:
    """Whether a passage is what its source says to a reader.

    An entry of an index alone (``extent``) holds words of Bogam's own about what is not held; criteria of eligibility
    say who entered a trial, not whom a treatment is for.
    """
    if passage.item is not None and "extent" in passage.item.fields:
        return False
    return "/fields/eligibility" not in passage.text.pointer


def quoted(hit: Hit, asked: Sequence[Concept]) -> list[Quoted]:
    """Return what a passage says to a question: all of a short one, of a long one the sentences that cover most."""
    text = hit.passage.text
    bounds = sentences(text.text)
    if len(text.text) <= _WHOLE or len(bounds) < 2:
        return [Quoted(hit.passage, text)]
    told = [sum(share(each, frozenset(features(text.text[a:b]))) for each in asked) for a, b in bounds]
    best = max(told)
    chosen = [bound for bound, value in zip(bounds, told, strict=True) if value >= _NEAR_BEST * best and value > 0]
    return [Quoted(hit.passage, text.part(a, b)) for a, b in (chosen or list(bounds))[:_MOST]]


def by_document(found: Iterable[Quoted], language: Language) -> tuple[list[Section], list[Claim]]:
    """Group quotations by document and heading, the best first, each group in reading order."""
    groups: dict[tuple[str, str, str], list[Quoted]] = {}
    for each in found:
        place = (each.passage.ref, each.passage.text.origin.version, each.passage.heading)
        groups.setdefault(place, []).append(each)
    sections: list[Section] = []
    claims: list[Claim] = []
    for number, group in enumerate(groups.values(), 1):
        key = f"source-{number}"
        group.sort(key=lambda each: ([int(n) for n in _DIGITS.findall(each.words.pointer)], each.words.offset))
        sections.append(Section(key, named(group, language)))
        claims.extend(each.claim(key) for each in group)
    return sections, claims


def named(group: Sequence[Quoted], language: Language) -> str:
    """Return a heading: the document's title, the headings above in it, its address, its date, and the pages."""
    first = group[0].passage
    pages = sorted({each.passage.page for each in group if each.passage.page})
    parts = [" › ".join((first.title, *above(first))), first.ref, dated(first, language)]
    if first.item is not None and first.item.fields.get("peer_reviewed") is False:
        parts.append(say("preprint", language))
    if pages:
        parts.append(say("pages" if len(pages) > 1 else "page", language, x=", ".join(map(str, pages))))
    return " · ".join(part for part in parts if part)


def above(passage: Passage) -> list[str]:
    """Return the headings above a passage, without the title; of an item without headings, the field's name."""
    told = [part.strip() for part in passage.heading.split(" > ") if part.strip()]
    if not told and passage.item is not None:
        names = [part for part in passage.text.pointer.split("/")[2:] if not part.isdigit() and part not in _PLAIN]
        told = [part.replace("_", " ") for part in names]
    return told[1:] if told and told[0] == passage.title else told


def dated(passage: Passage, language: Language) -> str:
    """Say from when a document applies, or which version of it this is."""
    if not passage.dated:
        return say("undated", language)
    return say("effective" if passage.source == "library" else "dated", language, x=passage.dated)

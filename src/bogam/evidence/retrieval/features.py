"""What a text is found by: its words, and the keys that are equal across English, Korean and abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from bogam.terms import drugs, guidance
from bogam.terms.concepts import Key, keys, with_parents
from bogam.text.tokens import placed, tokens

ENGINE: Final = "4"
"""Changes when a text is read otherwise: kept indexes are then made again."""
_LONGEST: Final = 8000
_ABBREVIATED: Final = re.compile(r"['’](?:s|t|m|d|re|ve|ll)", re.IGNORECASE)
"""What is left of a word behind an apostrophe."""


class Concept(NamedTuple):
    """One thing that a question asks about.

    Parameters
    ----------
    words
        As the question says it.
    tokens
        Its words as an index has them.
    keys
        The keys that stand for it, those of one place together: a text has it when it has one of each place.
    named
        Whether it is a drug or a term of the lexicon: a passage without it is about something else.
    common
        Whether it tells little of what the question is about.
    asking
        Whether it is a word to ask with, not a thing that is asked about.
    wider
        Keys of what it is a kind of: a text that has one of them may speak of it.
    """

    words: str
    tokens: tuple[str, ...]
    keys: tuple[frozenset[str], ...]
    named: bool
    common: bool = False
    asking: bool = False
    wider: frozenset[str] = frozenset()


@cache
def _common() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return common words: English ones by their stem, and the beginnings of Korean ones."""
    text = (files("bogam.evidence.retrieval") / "common.txt").read_text("utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    english = frozenset(token for word in words if word < "가" for token in tokens(word))
    return english, tuple(word for word in words if word >= "가")


def _tells_little(words: str, found: tuple[str, ...]) -> bool:
    english, korean = _common()
    return all(each in english for each in found) if words < "가" else words.startswith(korean)


def normal(text: str) -> str:
    """Return a text in composed, ordinary-width form, not longer than is read."""
    return unicodedata.normalize("NFKC", text[:_LONGEST])


def features(text: str) -> list[str]:
    """Return the features of a text: its tokens, ``k:`` keys of terms and drugs, ``m:`` the classes
    that its drugs are of, ``g:`` keys of guidance."""
    text = normal(text)
    found = tokens(text)
    for key in keys(text):
        found.extend(_told(key))
    for each in guidance.said(text):
        found.append(f"g:{each.key}")
        found.extend(f"g:{name}" for name in guidance.wider(each.key))
    return found


@lru_cache(maxsize=16384)
def held_features(text: str) -> frozenset[str]:
    """Return the features of a text without order."""
    return frozenset(features(text))


def _told(key: Key) -> tuple[str, ...]:
    """Return what a text tells by a key: the term and what it is a kind of, the drug and the classes it stands for."""
    if key.name[:2] == "w:":
        return ()
    if key.name[:2] == "d:":
        return (f"k:{key.name}", *(f"m:{each}" for each in drugs.classes(key.name[2:])))
    return tuple(f"k:{name}" for name in with_parents(frozenset({key.name})))


def _asked(name: str) -> tuple[str, ...]:
    """Return what answers a key: a drug or term by itself, a class by itself or by one of its drugs."""
    return (f"k:{name}", f"m:{name[2:]}") if name[:2] == "c:" else (f"k:{name}",)


class _Mark(NamedTuple):
    """A key that a question names at a place."""

    start: int
    end: int
    key: str
    kind: str


@lru_cache(maxsize=512)
def concepts(question: str) -> tuple[Concept, ...]:
    """Return what a question asks about, in its order; words that tell nothing are left out."""
    text = normal(question)
    marks = [
        _Mark(key.start, key.end, each, "subject" if key.strong else "")
        for key in keys(text)
        if key.name[:2] != "w:"
        for each in _asked(key.name)
    ]
    marks.extend(_by_parts(guidance.said(text)))
    runs = [run for run in placed(text) if run[2] and not _ABBREVIATED.fullmatch(text, max(0, run[0] - 1), run[1])]
    bounds = sorted([(start, end) for start, end, *_ in marks] + [(start, end) for start, end, _ in runs])
    groups: list[tuple[int, int]] = []
    for start, end in bounds:
        if groups and start < groups[-1][1]:
            groups[-1] = (groups[-1][0], max(end, groups[-1][1]))
        else:
            groups.append((start, end))
    return tuple(_concept(text, start, end, marks, runs) for start, end in groups)


def _by_parts(said: Sequence[guidance.Said]) -> Iterator[_Mark]:
    """Yield what is named: a name of several parts by its parts, each of which the key of the whole stands for too."""
    for whole in (each for each in said if not each.inside):
        within = [each for each in said if each.inside and whole.start <= each.start and each.end <= whole.end]
        parts = [each for at, each in enumerate(within) if all(each.start >= other.end for other in within[:at])]
        if len(parts) < 2:
            yield _Mark(whole.start, whole.end, f"g:{whole.key}", whole.kind)
            continue
        for part in parts:
            yield _Mark(part.start, part.end, f"g:{whole.key}", part.kind)
        yield from (_Mark(each.start, each.end, f"g:{each.key}", each.kind) for each in within)


def _concept(
    text: str,
    start: int,
    end: int,
    marks: Sequence[_Mark],
    runs: Sequence[tuple[int, int, tuple[str, ...]]],
) -> Concept:
    within = [mark for mark in marks if start <= mark.start < end]
    found = tuple(token for at, _, each in runs if start <= at < end for token in each)
    kinds = {mark.kind for mark in within}
    words = text[start:end]
    return Concept(
        words,
        found,
        _places(within),
        named="subject" in kinds,
        common=kinds <= {"asking"} and _tells_little(words.lower(), found),
        asking=kinds == {"asking"},
        wider=frozenset[str]().union(*(_wider(mark.key) for mark in within)),
    )


def _places(marks: Sequence[_Mark]) -> tuple[frozenset[str], ...]:
    """Return the keys of each place, where names that overlap are one; a drug stands for itself alone."""
    places: dict[int, set[str]] = {}
    last = (-1, -1)
    for mark in sorted(marks):
        if mark.start < last[1]:
            places[last[0]].add(mark.key)
        else:
            places[mark.start] = {mark.key}
            last = (mark.start, mark.end)
    drug = {place: {key for key in held if key.startswith("k:d:")} for place, held in places.items()}
    return tuple(frozenset(drug[place] or held) for place, held in places.items())


def _wider(key: str) -> frozenset[str]:
    """Return the keys of what a thing is a kind of: a drug of its classes."""
    kind, _, name = key.partition(":")
    if kind == "g":
        return frozenset(f"g:{each}" for each in guidance.wider(name))
    if name.startswith("d:"):
        return frozenset(f"k:c:{each}" for each in drugs.classes(name[2:]))
    return frozenset()

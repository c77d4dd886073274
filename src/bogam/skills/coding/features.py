"""What speaks for a code in a text: the phrases that stand there, and what they meant in the training cases."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from bogam.skills.coding.phrases import Hit, Phrase, Phrases, sentences

NAMES: Final = (
    "share of cases with this phrase", "cases with this phrase and code", "cases with this phrase", "words",
    "places", "spread", "denied", "share of what the phrase meant", "where it first stands", "all phrases together",
    "share where nothing longer stands", "phrases", "words of the title", "codes of the title", "title's spread",
    "title's rarest word", "title denied", "how frequent the code is", "length of the code",
    "less than the best of its category",
)  # fmt: skip
_DENIAL: Final = re.compile(
    r"\b(?:no|not|without|den(?:y|ies|ied)|absence|negative|neither|nor|ruled? out|free of|discard(?:ed)?"
    r"|exclud(?:ed?|ing))\b",
    re.I,
)
_BEFORE: Final = 60


@dataclass(slots=True)
class Tables:
    """What the training cases and the titles of ICD-10-CM say about phrases.

    ``seen`` counts the cases in which each phrase stands, ``widest`` those in which it stands without being part of a
    longer one, ``meant`` the cases in which it was what a code rested on. ``title_codes`` are the codes that a
    phrase is the whole title or inclusion term of, ``title_words`` in how many cases its rarest word stands, ``prior``
    how many cases have each code.
    """

    phrases: list[Phrase] = field(default_factory=list[Phrase])
    seen: list[int] = field(default_factory=list[int])
    widest: list[int] = field(default_factory=list[int])
    meant: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    titles: list[Phrase] = field(default_factory=list[Phrase])
    title_codes: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    title_words: list[int] = field(default_factory=list[int])
    prior: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Own:
    """What one training case itself put into the tables, to be left out when it is looked at."""

    pairs: frozenset[tuple[int, str]]
    codes: frozenset[str]


class Found(NamedTuple):
    """The phrases and titles that stand in a text, by their number in the tables."""

    text: str
    phrases: dict[int, list[Hit]]
    titles: dict[int, list[Hit]]


class Case(NamedTuple):
    """The codes that something speaks for, their features (codes, NAMES), and the hits that speak for each."""

    codes: list[str]
    features: np.ndarray
    hits: list[list[Hit]]


class Finder:
    """Finds the phrases of some tables in texts."""

    def __init__(self, tables: Tables) -> None:
        self._phrases = Phrases(tables.phrases, slack=5)
        self._titles = Phrases(tables.titles, slack=4)

    def find(self, text: str) -> Found:
        """Return what stands in ``text``."""
        tokens = sentences(text)
        return Found(text, self._phrases.find(tokens), self._titles.find(tokens))


def widest(hits: dict[int, list[Hit]], phrases: Sequence[Phrase]) -> frozenset[int]:
    """Return the phrases that stand somewhere without being part of a longer one found there."""
    by_sentence: dict[int, list[tuple[Hit, int]]] = {}
    for number, places in hits.items():
        for hit in places:
            by_sentence.setdefault(hit.sentence, []).append((hit, number))
    alone: set[int] = set()
    for there in by_sentence.values():
        long = [(hit, frozenset(phrases[number])) for hit, number in there if len(phrases[number]) > 1]
        for hit, number in there:
            own = frozenset(phrases[number])
            if number not in alone and not any(
                other.start <= hit.start and hit.end <= other.end and own < whole for other, whole in long
            ):
                alone.add(number)
    return frozenset(alone)


_NOTHING: Final = Own(frozenset(), frozenset())


def features(found: Found, tables: Tables, own: Own = _NOTHING) -> Case:
    """Return the codes that something in a text speaks for, with their features.

    Parameters
    ----------
    own
        What this very text put into the tables, left out so that a training case does not know its own answer.
    """
    mine = 1 if own is not _NOTHING else 0
    meant = {number: _meant(tables.meant[number], number, own) for number in found.phrases}
    hits = {number: places for number, places in found.phrases.items() if meant[number]}
    alone = widest(hits, tables.phrases)
    by_code: dict[str, list[tuple[tuple[float, ...], float, list[Hit]]]] = {}
    length = max(1, len(found.text))
    for number, places in hits.items():
        total, seen = sum(meant[number].values()), max(0, tables.seen[number] - mine)
        wide = max(0, tables.widest[number] - mine)
        size = len(tables.phrases[number])
        told = (
            float(seen), float(size), float(len(places)), min(hit.width for hit in places) / size,
            _denied(found.text, places), min(hit.start for hit in places) / length,
        )  # fmt: skip
        for code, count in meant[number].items():
            share = count / (max(seen, count) + 1)
            row = (share, float(count), *told[:5], count / total, told[5])
            bare = count / (max(wide, count) + 1) if number in alone else 0.0
            by_code.setdefault(code, []).append((row, bare, places))
    titles: dict[str, list[int]] = {}
    for number in found.titles:
        for code in tables.title_codes[number]:
            titles.setdefault(code, []).append(number)
    return _rows(found, tables, own, by_code, titles)


def _meant(meant: dict[str, int], number: int, own: Own) -> dict[str, int]:
    if not own.pairs:
        return meant
    left = {code: count - ((number, code) in own.pairs) for code, count in meant.items()}
    return {code: count for code, count in left.items() if count > 0}


def _rows(
    found: Found,
    tables: Tables,
    own: Own,
    by_code: dict[str, list[tuple[tuple[float, ...], float, list[Hit]]]],
    titles: dict[str, list[int]],
) -> Case:
    codes = sorted({*by_code, *titles})
    rows: list[tuple[float, ...]] = []
    hits: list[list[Hit]] = []
    for code in codes:
        said = sorted(by_code.get(code, ()), key=lambda each: -each[0][0])
        best = said[0][0] if said else (0.0,) * 9
        together = 1 - math.prod(1 - min(0.98, row[0]) for row, _, _ in said)
        bare = max((share for _, share, _ in said), default=0.0)
        prior = math.log1p(tables.prior.get(code, 0) - (code in own.codes))
        rows.append((*best, together, bare, len(said), *_title(found, tables, own, titles.get(code, ())), prior,
                     len(code)))  # fmt: skip
        places = [hit for _, _, there in said for hit in there]
        hits.append(places or [hit for number in titles.get(code, ()) for hit in found.titles[number]])
    best_of: dict[str, float] = {}
    for code, row in zip(codes, rows, strict=True):
        best_of[code[:3]] = max(best_of.get(code[:3], 0.0), row[9])
    table = np.array([(*row, row[9] - best_of[code[:3]]) for code, row in zip(codes, rows, strict=True)], dtype=float)
    return Case(codes, table.reshape(len(codes), len(NAMES)), hits)


def _title(found: Found, tables: Tables, own: Own, numbers: Iterable[int]) -> tuple[float, ...]:
    mine = 1 if own is not _NOTHING else 0
    rows = [
        (
            len(tables.titles[number]),
            len(tables.title_codes[number]),
            min(hit.width for hit in found.titles[number]) / len(tables.titles[number]),
            math.log1p(max(0, tables.title_words[number] - mine)),
            _denied(found.text, found.titles[number]),
        )
        for number in numbers
    ]
    if not rows:
        return 0.0, 0.0, 9.0, 9.0, 2.0
    words, shared, spread, rarest, denied = zip(*rows, strict=True)
    return max(words), min(shared), min(spread), min(rarest), min(denied)


def _denied(text: str, places: Sequence[Hit]) -> float:
    """Return the share of places that a denial stands shortly before, in the same line."""
    count = 0
    for hit in places[:50]:
        before = text[max(0, hit.start - _BEFORE) : hit.start]
        count += _DENIAL.search(before.rpartition("\n")[2]) is not None
    return count / min(len(places), 50)

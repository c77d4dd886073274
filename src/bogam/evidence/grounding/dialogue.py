"""A dialogue prepared for being asked whether it bears out a sentence."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from bogam.evidence.grounding.said import Said, said
from bogam.record.transcript import Turn, turns
from bogam.terms.concepts import keys, with_parents

_SPOKEN: Final = re.compile(r"[a-z']+|[가-힣]+|[\d.]*\d")
_PERSON_WORDS: Final = "the a an i my me you your yours their his her he she they patient patient's"
_PERSONS: Final = frozenset(_PERSON_WORDS.split())
"""Words that a note changes when it repeats what was said."""
_QUOTED: Final = re.compile(r'"([^"]*)"')
_FEWEST: Final = 3
"""Words that make a repetition."""
_ANSWER: Final = 8
"""Words of the longest answer that means nothing without its question."""


_BEFORE: Final = 220
_BEHIND: Final = 160
_REACH: Final = 50
"""Code points before and behind a number that may say what it is of, and over which that fades."""


class Dialogue:
    """Some turns of a dialogue, without those that were heard badly.

    Parameters
    ----------
    text
        The whole dialogue.
    spans
        The code points that are cited; the turns that they touch count, and the question before a short answer. All
        of it when None.
    """

    def __init__(self, text: str, spans: Sequence[tuple[int, int]] | None = None) -> None:
        every = turns(text)
        touched = tuple(t for t in every if spans is None or any(a < t.end and t.start < b for a, b in spans))
        heard = [turn for turn in _with_questions(text, every, touched, spans is None) if not turn.marked]
        self.turns = tuple(heard)
        parts: list[str] = []
        self.starts: list[int] = []
        at = 0
        for turn in heard:
            self.starts.append(at)
            parts.append(text[turn.start : turn.end])
            at += turn.end - turn.start + 1
        self.text = "\n".join(parts)

    def turn_at(self, place: int) -> int:
        """Return the index of the turn that code point ``place`` of ``text`` is in."""
        return bisect_right(self.starts, place) - 1

    def words(self, index: int) -> str:
        """Return what was said in turn ``index``."""
        end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end]

    @cached_property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """The keys of all words (see `bogam.terms.concepts`) and where they stand."""
        return tuple((key.name, key.start) for key in keys(self.text))

    @cached_property
    def _places(self) -> list[int]:
        return [place for _, place in self.keys]

    @cached_property
    def names(self) -> frozenset[str]:
        """All keys with what they imply."""
        return with_parents(frozenset(name for name, _ in self.keys))

    @cached_property
    def by_turn(self) -> tuple[frozenset[str], ...]:
        """The keys of each turn."""
        found: list[set[str]] = [set() for _ in self.turns]
        for name, place in self.keys:
            found[self.turn_at(place)].add(name)
        return tuple(with_parents(frozenset(names)) for names in found)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first letters of all words: what a stemmer would make equal, and its mistakes."""
        return frozenset(beginning(word) for word in self.text.lower().replace("\n", " ").split())

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """The numbers that may have been said."""
        return said(self.text)

    @cached_property
    def starts_of(self) -> dict[float, list[int]]:
        """Where each value of `said` begins, in order."""
        found: dict[float, list[int]] = {}
        for each in sorted(self.said, key=lambda one: one.start):
            found.setdefault(each.value, []).append(each.start)
        return found

    @cached_property
    def closeness(self) -> tuple[dict[str, float], ...]:
        """For each of `said` the keys around it, and how close each stands: 1 beside it, towards 0 with distance."""
        return tuple(self._close_to(each) for each in self.said)

    def repeats(self, words: str) -> bool:
        """Whether ``words`` were said just so, but for who speaks of whom."""
        own = _plain(words)
        return len(own.split()) >= _FEWEST and f" {own} " in self._plainly

    def is_quoted(self, sentence: str, place: int) -> bool:
        """Whether ``place`` lies in quotation marks of ``sentence`` around words that were said."""
        within = (each for each in _QUOTED.finditer(sentence) if each.start() <= place < each.end())
        return any(f" {_plain(each[1])} " in self._plainly for each in within)

    @cached_property
    def _plainly(self) -> str:
        return f" {_plain(self.text)} "

    def _close_to(self, said: Said) -> dict[str, float]:
        low, high = bisect_left(self._places, said.start - _BEFORE), bisect_right(self._places, said.end + _BEHIND)
        found: dict[str, float] = {}
        for name, place in self.keys[low:high]:
            value = math.exp(-max(said.start - place, place - said.end, 0) / _REACH)
            for each in with_parents(frozenset((name,))):
                found[each] = max(found.get(each, 0.0), value)
        return found

    def near(self, start: int, end: int) -> frozenset[str]:
        """Return the keys that stand between two code points."""
        low, high = bisect_left(self._places, start), bisect_right(self._places, end)
        return with_parents(frozenset(name for name, _ in self.keys[low:high]))


def _plain(words: str) -> str:
    return " ".join(word for word in _SPOKEN.findall(words.lower()) if word not in _PERSONS)


def beginning(word: str) -> str:
    """Return the first five letters of a word."""
    return word[:5]


def _with_questions(text: str, every: Sequence[Turn], chosen: Sequence[Turn], whole: bool) -> list[Turn]:
    if whole:
        return list(chosen)
    wanted = set(chosen)
    for before, turn in pairwise(every):
        if turn in chosen and not turn.marked and len(text[turn.start : turn.end].split()) <= _ANSWER:
            wanted.add(before)
    return [turn for turn in every if turn in wanted]

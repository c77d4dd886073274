"""Find known phrases in a text: all their words within one sentence, close together, in any order.

"chronic renal failure", "renal failure, chronic" and "failure of the chronic renal type" are one phrase.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

Phrase = tuple[str, ...]
"""The stems of a phrase's words, each once; the rarest first, so that it is looked up by that."""


class Token(NamedTuple):
    """A word's stem, and the code points where the word stands."""

    stem: str
    start: int
    end: int


class Hit(NamedTuple):
    """Where a phrase stands: code points, the sentence's number, and how many words lie between its ends."""

    start: int
    end: int
    sentence: int
    width: int


_WORD: Final = re.compile(r"[A-Za-z0-9À-ÖØ-öø-ÿ]+")
_STOP: Final = re.compile(r"[.;]\s|\n")
_LONGEST: Final = 200
"""Words of a sentence; longer ones are cut, so that time stays linear in the length of a text."""

LINKING: Final = frozenset({
    "the", "of", "and", "in", "with", "to", "a", "an", "or", "on", "for", "at", "by", "from", "is", "was", "were",
    "are", "be", "been", "has", "had", "which", "that", "this", "no", "not",
})  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a word in small letters without accents and without a plural's ending."""
    word = word.lower()
    if not word.isascii():
        word = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words between two code points of ``text``."""
    stop = len(text) if end is None else end
    return [Token(stem(match[0]), match.start(), match.end()) for match in _WORD.finditer(text, start, stop)]


def sentences(text: str) -> list[list[Token]]:
    """Return the words of ``text`` sentence by sentence; one that is very long counts as several."""
    found: list[list[Token]] = []
    start = 0
    for end in (*(match.end() for match in _STOP.finditer(text)), len(text)):
        tokens = words(text, start, end)
        found += [tokens[at : at + _LONGEST] for at in range(0, len(tokens), _LONGEST)]
        start = end
    return found


def content(stems: Iterable[str]) -> frozenset[str]:
    """Return the stems that carry meaning."""
    return frozenset(each for each in stems if each not in LINKING)


class Phrases:
    """Phrases to be found in texts.

    Parameters
    ----------
    known
        The phrases; each is told by its place in this sequence.
    slack
        How many other words may stand among those of a phrase.
    """

    def __init__(self, known: Sequence[Phrase], slack: int = 3) -> None:
        self._known = known
        self._slack = slack
        self._by_first: dict[str, list[int]] = {}
        for number, phrase in enumerate(known):
            self._by_first.setdefault(phrase[0], []).append(number)

    def find(self, text: Sequence[Sequence[Token]]) -> dict[int, list[Hit]]:
        """Return where each phrase stands in the sentences of a text."""
        hits: dict[int, list[Hit]] = {}
        for number, tokens in enumerate(text):
            places: dict[str, list[int]] = {}
            for at, token in enumerate(tokens):
                places.setdefault(token.stem, []).append(at)
            for word in places:
                for known in self._by_first.get(word, ()):
                    for low, high in self._spans(self._known[known], places):
                        hit = Hit(tokens[low].start, tokens[high].end, number, high - low + 1)
                        hits.setdefault(known, []).append(hit)
        return hits

    def _spans(self, phrase: Phrase, places: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
        if any(other not in places for other in phrase[1:]):
            return
        for at in places[phrase[0]]:
            low = high = at
            for other in phrase[1:]:
                near = _nearest(places[other], at)
                low, high = min(low, near), max(high, near)
            if high - low < len(phrase) + self._slack:
                yield low, high


def _nearest(places: list[int], at: int) -> int:
    after = bisect_left(places, at)
    if after == 0:
        return places[0]
    if after == len(places) or at - places[after - 1] <= places[after] - at:
        return places[after - 1]
    return places[after]

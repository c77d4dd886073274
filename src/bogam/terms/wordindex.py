"""A word index in memory: which names hold words that begin as a query's do, best first, while it is being typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

_WORD: Final = re.compile(r"[^\W_]+")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST: Final = 400
_MOST_WORDS: Final = 24
_BEGUN: Final = 0.8
"""What a word that only begins with the query's counts against one that is the query's."""
_GUESSED: Final = 0.6
"""What a word counts that is within a slip or two of the query's."""
_UNKNOWN: Final = 200
"""A word that nothing holds weighs as one that so many names hold (or half of them, where there are fewer)."""
EMPTY: Final = frozenset(
    (
        "unspecified", "specified", "nos", "nec", "of", "the", "and", "or", "in", "on", "to", "by", "with", "without",
        "for", "due", "a", "an", "not", "other", "organism", "site",
    )
)  # fmt: skip
"""Words that tell little about what a name means: they count, but little."""
_LITTLE: Final = 0.15


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents and in ordinary width."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign))).lower()


def words(text: str) -> list[str]:
    """Split ``text`` into folded words; an English plural loses its s."""
    return [_singular(word) for word in _WORD.findall(fold(text[:_LONGEST]))]


@lru_cache(maxsize=65536)
def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def slips(one: str, other: str, most: int) -> int:
    """Return how many letters differ (insert, delete, change, swap of neighbours), or ``most`` + 1 when more do.

    Optimal string alignment (Damerau 1964; Levenshtein 1966).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


class WordIndex(msgspec.Struct, frozen=True):
    """Names by their words. ``postings`` of word i (int32) are ``starts[i]`` to ``starts[i + 1]``; the vocabulary is
    sorted, so that words with a common beginning have their postings side by side."""

    vocabulary: list[str]
    starts: bytes
    postings: bytes
    weights: bytes
    """For each name, the sum of the weights of its words (float32)."""

    @classmethod
    def of(cls, names: Sequence[str]) -> WordIndex:
        """Index ``names``. What stands in brackets counts little: ICD means that it may be there or not."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        split = [dict.fromkeys(words(name)) for name in names]
        for place, found in enumerate(split):
            for word in found:
                places[word].append(place)
        vocabulary = sorted(places)
        starts = np.zeros(len(vocabulary) + 1, np.int32)
        starts[1:] = np.cumsum([len(places[word]) for word in vocabulary])
        postings = np.array([place for word in vocabulary for place in places[word]], np.int32)
        rarity = {word: _weight(word, len(names), len(places[word])) for word in vocabulary}
        weights = np.zeros(len(names), np.float32)
        for place, (name, found) in enumerate(zip(names, split, strict=True)):
            needed = set(words(_ASIDE.sub(" ", name))) if "(" in name else found
            weights[place] = sum(rarity[word] * (1.0 if word in needed else _LITTLE) for word in found)
        return cls(vocabulary, starts.tobytes(), postings.tobytes(), weights.tobytes())


def _rarity(names: int, holding: int) -> float:
    """Return the weight of a word that ``holding`` of ``names`` hold: Robertson's idf (BM25), never below zero."""
    return float(np.log1p((names - holding + 0.5) / (holding + 0.5)))


def _weight(word: str, names: int, holding: int) -> float:
    return _rarity(names, holding) * (_LITTLE if word in EMPTY else 1.0)


class Finder:
    """Answers queries over a `WordIndex`. Pure look-ups in memory; safe to share between threads."""

    def __init__(self, index: WordIndex) -> None:
        self._vocabulary = index.vocabulary
        self._starts: NDArray[Any] = np.frombuffer(index.starts, np.int32)
        self._postings: NDArray[Any] = np.frombuffer(index.postings, np.int32)
        self._weights: NDArray[Any] = np.frombuffer(index.weights, np.float32)
        self._grams: dict[str, list[int]] = {}

    def scores(self, query: str) -> NDArray[Any] | None:
        """Return for each name how well it fits ``query``, 0 to 1; None when no word of the query is known.

        The score is the share of the query's weight that the name holds, times how much of the name the query covers.
        """
        asked = list(dict.fromkeys(words(query)))[:_MOST_WORDS]
        held = np.zeros(len(self._weights), np.float32)
        whole = 0.0
        for word in asked:
            weight = self._hold(word, held)
            whole += weight
        if not asked or not held.any():
            return None
        share = held / max(whole, 1e-6)
        cover = held / np.maximum(self._weights, 1e-6)
        return share * share * (0.5 + 0.5 * np.minimum(cover, 1.0))

    def _hold(self, word: str, held: NDArray[Any]) -> float:
        """Add what names hold of ``word`` to ``held``; return the word's weight."""
        names = len(self._weights)
        first = bisect_left(self._vocabulary, word)
        last = bisect_left(self._vocabulary, word + "\U0010ffff")
        exact = first < len(self._vocabulary) and self._vocabulary[first] == word
        if first == last:
            unknown = _rarity(names, min(_UNKNOWN, names // 2))
            near = self.nearest(word)
            for each in near:
                place = bisect_left(self._vocabulary, each)
                at = self._of(place, place + 1)
                held[at] += _GUESSED * unknown
            return unknown
        begun = self._of(first, last)
        if not exact:
            weight = _rarity(names, len(begun))
            held[begun] += _BEGUN * weight
            return weight
        own = self._of(first, first + 1)
        weight = _weight(word, names, len(own))
        if len(begun) == len(own) or len(word) < 3:
            held[own] += weight
            return weight
        less = min(_BEGUN * weight, _rarity(names, len(begun)))
        held[begun] += less
        held[own] += weight - less
        return weight

    def _of(self, first: int, last: int) -> NDArray[Any]:
        return self._postings[self._starts[first] : self._starts[last]]

    def knows(self, word: str) -> bool:
        """Tell whether a known word begins with ``word``."""
        first = bisect_left(self._vocabulary, word)
        return first < len(self._vocabulary) and self._vocabulary[first].startswith(word)

    def nearest(self, word: str, most: int = 3) -> list[str]:
        """Return known words within one slip of ``word`` (two from seven letters on), nearest first."""
        allowed = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
        if not allowed:
            return []
        grams = self._by_gram()
        shared: defaultdict[int, int] = defaultdict(int)
        for gram in _grams(word):
            for place in grams.get(gram, ()):
                shared[place] += 1
        likely = sorted(shared, key=lambda place: (-shared[place], len(self._vocabulary[place]), place))[:60]
        near = [(slips(word, self._vocabulary[place], allowed), self._vocabulary[place]) for place in likely]
        return [each for count, each in sorted(near, key=lambda item: item[0]) if count <= allowed][:most]

    def _by_gram(self) -> dict[str, list[int]]:
        if not self._grams:
            made: defaultdict[str, list[int]] = defaultdict(list)
            for place, known in enumerate(self._vocabulary):
                if len(known) > 3:
                    for gram in _grams(known):
                        made[gram].append(place)
            self._grams = dict(made)
        return self._grams


def _grams(word: str) -> set[str]:
    padded = f"_{word[:40]}_"
    return {padded[at : at + 2] for at in range(len(padded) - 1)}

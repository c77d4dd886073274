"""Find in the English translation the words that an annotator marked in the Spanish original.

The Spanish text itself is not at hand, only the marked words and where they began. So each is looked for near the
same relative place, by what its words usually turn into (IBM model 1, Brown et al. 1993, estimated on these very
windows) and by how alike two words are once Spanish spelling is made Latin ("orquiepididimitis"). Used in training
only.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from bogam.skills.coding.codiesp import Case, Said
from bogam.skills.coding.phrases import LINKING, Token, words

ROUNDS: Final = 5
_SPANISH: Final = frozenset({
    "de", "la", "el", "en", "y", "a", "del", "los", "las", "con", "por", "un", "una", "o", "al", "se", "que", "su",
    "para",
})  # fmt: skip
_SPELLING: Final = (
    ("ph", "f"), ("th", "t"), ("rh", "r"), ("y", "i"), ("ae", "e"), ("oe", "e"), ("ch", "c"), ("k", "c"), ("qu", "c"),
    ("h", ""), ("ll", "l"), ("ss", "s"), ("ct", "c"), ("cc", "c"), ("mm", "m"), ("tt", "t"), ("pp", "p"), ("ff", "f"),
    ("nn", "n"), ("z", "c"),
)  # fmt: skip
_USUAL_LENGTH: Final = 0.9
"""Code points of English for one of Spanish, before a case's own ratio is known."""


class Aligned(NamedTuple):
    """The English words for a marked place: stems, and how sure it is (0 to about 0.8 for each Spanish word)."""

    code: str
    stems: tuple[str, ...]
    score: float


@lru_cache(maxsize=65536)
def _trigrams(word: str) -> frozenset[str]:
    for written, plain in _SPELLING:
        word = word.replace(written, plain)
    word = "^" + word
    return frozenset(word[at : at + 3] for at in range(len(word) - 2))


@lru_cache(maxsize=1 << 20)
def likeness(spanish: str, english: str) -> float:
    """Return how alike two words are, 0 to 1: Dice's coefficient of their letter trigrams in plain spelling."""
    one, other = _trigrams(spanish), _trigrams(english)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@dataclass(slots=True)
class _Marked:
    case: int
    said: Said
    words: list[str]


def align(cases: Sequence[Case]) -> list[list[Aligned]]:
    """Return for each case the English words of the places marked in it; what cannot be found is left out."""
    texts = [words(case.text) for case in cases]
    marked = [
        _Marked(number, said, [word.stem for word in words(said.spanish) if word.stem not in _SPANISH])
        for number, case in enumerate(cases)
        for said in case.said
    ]
    ratios = [_USUAL_LENGTH] * len(cases)
    turns: dict[str, dict[str, float]] = {}
    found: list[list[Aligned]] = []
    for step in range(ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        anchors: list[list[float]] = [[] for _ in cases]
        found = [[] for _ in cases]
        for each in marked:
            tokens, centre = texts[each.case], each.said.place * ratios[each.case]
            weights = _weigh(each.words, tokens, centre, 260 if step < 2 else 170, turns, counts)
            best = _span(cases[each.case].text, tokens, weights)
            if best is None:
                continue
            low, high, total = best
            score = total / max(1, len(each.words))
            found[each.case].append(Aligned(each.said.code, tuple(token.stem for token in tokens[low:high]), score))
            if score > 0.15 and each.said.place > 200:
                anchors[each.case].append(tokens[low].start / each.said.place)
        ratios = [
            float(np.median(points)) if len(points) > 2 else old for points, old in zip(anchors, ratios, strict=True)
        ]
        turns = {
            word: {other: count / sum(into.values()) for other, count in into.items()} for word, into in counts.items()
        }
    return found


def _weigh(
    spanish: Sequence[str],
    tokens: Sequence[Token],
    centre: float,
    reach: float,
    turns: dict[str, dict[str, float]],
    counts: dict[str, dict[str, float]],
) -> dict[int, float]:
    """Return how much each English word near ``centre`` stands for the Spanish ones; add it to ``counts``."""
    near = [at for at, token in enumerate(tokens) if abs(token.start - centre) < reach and token.stem not in LINKING]
    weights: dict[int, float] = defaultdict(float)
    for word in spanish:
        into = turns.get(word, {})
        scores = [
            (into.get(tokens[at].stem, 0.0) if turns else 0.25 / len(near))
            + 0.6 * max(0.0, likeness(word, tokens[at].stem) - 0.3)
            + 1e-4
            for at in near
        ]
        scores = [
            score * math.exp(-abs(tokens[at].start - centre) / 120) for at, score in zip(near, scores, strict=True)
        ]
        total = sum(scores) + 0.02
        for at, score in zip(near, scores, strict=True):
            counts[word][tokens[at].stem] += score / total
            weights[at] += score / total
    return weights


_LONGEST: Final = 8


def _span(text: str, tokens: Sequence[Token], weights: dict[int, float]) -> tuple[int, int, float] | None:
    """Return the run of words with the most weight, less a price for each word, and that weight."""
    best, most = None, 0.0
    for low in sorted(weights):
        if weights[low] < 0.12:
            continue
        total = 0.0
        for high in range(low, min(len(tokens), low + _LONGEST)):
            if "\n" in text[tokens[low].end : tokens[high].start]:
                break
            if high in weights:
                total += min(weights[high], 1.0) - 0.22
            else:
                total -= 0.02 if tokens[high].stem in LINKING else 0.25
            if total > most + 1e-9:
                best, most = (low, high + 1), total
    return None if best is None else (*best, most)

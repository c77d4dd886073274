"""Which sentences a note of this dialogue would have: how likely each of their words is to stand in it.

A linear model gives for each word of a candidate sentence the probability that a note has the word. Sentences are
taken one by one, each time the one that raises the expected ROUGE-1 F1 (Lin 2004) of the whole the most, until none
does. Only the dialogue's own sentences are candidates: nothing comes from another patient's note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bogam.skills.visit_note.hashing import column, sparse, words
from bogam.skills.visit_note.statements import Candidate

BITS: Final = 17
_AGAIN: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "to",
        "in",
        "is",
        "was",
        "has",
        "had",
        "with",
        "for",
        "on",
        "at",
        "he",
        "she",
        "his",
        "her",
        "patient",
        "no",
        "not",
        "denies",
        "that",
        "this",
        "it",
        "or",
    ]
)
"""Words that a note repeats; others count once, mostly."""


@dataclass(slots=True)
class Worth:
    """Weights of word features, shape ``(2 ** BITS,)``; how long notes are; how much a word said again counts."""

    weights: np.ndarray
    shift: float
    length: dict[str, tuple[float, float]]
    again: tuple[float, float] = (0.25, 0.7)

    def chances(self, found: Sequence[Candidate], part: str) -> list[np.ndarray]:
        """Return for each candidate the probability of each of its words. ``part``: of the note, or its header."""
        rows = features(found, part)
        sizes = [len(row) for row in rows]
        flat = [at for row in rows for at in row]
        if not flat:
            return [np.zeros(0) for _ in rows]
        odds = np.array([self.weights[at].sum() for at in flat]) + self.shift
        chance = 1 / (1 + np.exp(-odds))
        return np.split(chance, np.cumsum(sizes)[:-1])

    def expected(self, found: Sequence[Candidate], part: str) -> float:
        """Return how many words a note of a dialogue of this size has."""
        slope, shift = self.length.get(part) or self.length[""]
        return float(np.exp(slope * np.log1p(_size(found)) + shift))

    def choose(self, found: Sequence[Candidate], part: str, supported: Callable[[Candidate], bool]) -> list[int]:
        """Return the numbers of the candidates to take, in the order of the dialogue; only ``supported`` ones."""
        chances = self.chances(found, part)
        length = self.expected(found, part)
        own = [words(each.text) for each in found]
        left: set[int] = set(range(len(found)))
        taken: list[int] = []
        seen: Counter[str] = Counter()
        match = size = best = 0.0
        while left:
            pick = -1
            gain = 0.0
            for at in sorted(left):
                more = self._match(own[at], chances[at], seen)
                score = 2 * (match + more) / (size + len(own[at]) + length)
                if score > best + 1e-9 and (pick < 0 or score > gain):
                    pick, gain = at, score
            if pick < 0:
                break
            if not supported(found[pick]):
                left.discard(pick)
                continue
            match += self._match(own[pick], chances[pick], seen)
            size += len(own[pick])
            best = gain
            seen.update(own[pick])
            taken.append(pick)
            left.difference_update([at for at, each in enumerate(found) if each.of == found[pick].of])
        return sorted(taken)

    def _match(self, own: Sequence[str], chance: np.ndarray, seen: Counter[str]) -> float:
        total = 0.0
        new: Counter[str] = Counter()
        for word, each in zip(own, chance.tolist(), strict=True):
            times = seen[word] + new[word]
            total += each * self.again[word in _AGAIN] ** times if times else each
            new[word] += 1
        return total


def _size(found: Sequence[Candidate]) -> int:
    longest: dict[int, int] = {}
    for each in found:
        longest[each.of] = max(longest.get(each.of, 0), len(words(each.text)))
    return sum(longest.values())


def features(found: Sequence[Candidate], part: str) -> list[list[np.ndarray]]:
    """Return for each word of each candidate the columns of its features."""
    often: Counter[str] = Counter()
    for each in {candidate.of: candidate for candidate in found}.values():
        often.update(set(words(each.text)))
    last = max((each.turn for each in found), default=0) or 1
    return [_of(each, part, often, last) for each in found]


def _of(candidate: Candidate, part: str, often: Counter[str], last: int) -> list[np.ndarray]:
    own = ["<", *words(candidate.text), ">"]
    place = min(9, candidate.turn * 10 // last)
    asked = words(candidate.asked)
    size = int(np.log2(len(own)))
    shared = [
        f"p|{part}|{candidate.kind}|{candidate.speaker}",
        f"l|{part}|{candidate.kind}|{size}",
        f"t|{part}|{place}|{candidate.speaker}",
        f"q|{part}|{' '.join(asked[:2])}",
        *(f"qw|{part}|{word}" for word in asked[-8:]),
    ]
    base = [column(name, BITS) for name in shared]
    context = [column(f"s|{part}|{word}", BITS) for word in own[1:-1]][:30]
    found: list[np.ndarray] = []
    for at in range(1, len(own) - 1):
        word = own[at]
        names = (
            f"w|{word}",
            f"w|{part}|{word}",
            f"k|{part}|{candidate.kind}|{word}",
            f"b|{own[at - 1]} {word}",
            f"n|{word} {own[at + 1]}",
            f"x|{part}|{word[-3:]}|{len(word)}",
            f"o|{part}|{min(often[word], 4)}",
            f"g|{part}|{word.isdigit()}|{at == 1}",
            f"y|{word}|{candidate.speaker}|{place // 3}",
        )
        found.append(np.array([column(name, BITS) for name in names] + base + context, np.int32))
    return found


def fit(
    dialogues: Sequence[Sequence[Candidate]], parts: Sequence[str], notes: Sequence[str], strength: float = 1e-5
) -> Worth:
    """Fit the words' model by logistic regression, and the length of notes by least squares of their logarithms."""
    from sklearn.linear_model import SGDClassifier

    rows: list[list[tuple[int, float]]] = []
    answers: list[bool] = []
    for found, part, note in zip(dialogues, parts, notes, strict=True):
        there = set(words(note))
        for candidate, each in zip(found, features(found, part), strict=True):
            rows += [[(at, 1.0) for at in word.tolist()] for word in each]
            answers += [word in there for word in words(candidate.text)]
    made: Any = SGDClassifier
    fitted = made(loss="log_loss", alpha=strength, max_iter=6, tol=None, average=True, random_state=0)
    fitted.fit(sparse(rows, BITS), answers)
    return Worth(fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]), _lengths(dialogues, parts, notes))


_FEW: Final = 12


def _lengths(
    dialogues: Sequence[Sequence[Candidate]], parts: Sequence[str], notes: Sequence[str]
) -> dict[str, tuple[float, float]]:
    pairs: dict[str, list[tuple[float, float]]] = {"": []}
    for found, part, note in zip(dialogues, parts, notes, strict=True):
        pair = (float(np.log1p(_size(found))), float(np.log(max(1, len(words(note))))))
        pairs[""].append(pair)
        pairs.setdefault(part, []).append(pair)
    made: dict[str, tuple[float, float]] = {}
    for part, some in pairs.items():
        x, y = np.array(some).T
        spread = float(((x - x.mean()) ** 2).sum())
        slope = float(((x - x.mean()) * (y - y.mean())).sum() / (spread + 1)) if len(some) >= _FEW else 0.0
        made[part] = (slope, float(y.mean() - slope * x.mean()))
    return made

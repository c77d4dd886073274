"""Candidates for a local name among the names of a code system, ranked, each with its reason.

Two views are combined: how alike the letters are (character trigrams, TF-IDF, cosine; robust to typing errors and cut
off words), and how much of the words' weight is shared (robust to word order). Unit and specimen then speak for or
against a laboratory code. Whether the best candidate is likely enough to be proposed at all is a logistic function of
its score, its lead and its coverage, fitted on distorted names of ICD-10-CM (`bogam measure terms` says how well).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from bogam.terms.mapping.agreement import clashes, specimens_agree, units_agree
from bogam.terms.mapping.local import Local
from bogam.terms.mapping.wording import wordings
from bogam.terms.wordindex import EMPTY, Finder, WordIndex, words

_WORD: Final = re.compile(r"[^\W_]+")
_POOL: Final = 40
_AT_ONCE: Final = 64
_WAYS: Final = 8
_OWN: Final = 2
"""So many wordings are the name's own: as written, and its first name in English. Further ones are looser synonyms."""
_SAYS_LITTLE: Final = EMPTY - {"other", "without", "not"}
_INCOMPLETE: Final = 0.03
_CLASH: Final = 0.15
_LETTERS: Final = 0.5
"""The share of the letters' view; the rest is the words'. Chosen on the development set."""
WEIGHTS: Final = (-7.67, 10.99, 4.96, 1.88)
"""Of the logistic function: constant, score, lead over the next other code, exact. Fitted on the development set."""
PROPOSED: Final = 0.7
"""A best candidate less likely than this is not proposed: the item is abstained on. Chosen on the development
set, so that no more than three in a hundred proposals are wrong there."""


@dataclass(frozen=True, slots=True)
class Target:
    """One name of a standard code. ``billable`` and ``extra`` are what the system says of it."""

    code: str
    name: str
    words: str
    billable: bool = True
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A standard code that may be meant. ``score`` is 0 to 1; ``words`` the name that fitted; ``reasons`` why."""

    code: str
    name: str
    words: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The candidates for one local name, best first. ``likely`` is the probability that the first is right."""

    candidates: tuple[Candidate, ...]
    likely: float

    @property
    def abstained(self) -> bool:
        """Whether no candidate is likely enough to be proposed."""
        return self.likely < PROPOSED


class Matcher:
    """Matches local names against ``targets``. Built once; ``answers`` may be called often."""

    def __init__(self, targets: Iterable[Target]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second

        self._targets = list(targets)
        plain = [" ".join(words(target.words)) for target in self._targets]
        self._exact: dict[str, list[int]] = {}
        self._core: dict[str, list[int]] = {}
        for place, text in enumerate(plain):
            self._exact.setdefault(_sorted(text), []).append(place)
            self._core.setdefault(_sorted(text, _SAYS_LITTLE), []).append(place)
        self._finder = Finder(WordIndex.of([target.words for target in self._targets]))
        options: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (3, 3), "sublinear_tf": True}
        vectorizer: Any = TfidfVectorizer(**options, dtype=cast(Any, np.float32), lowercase=False)
        self._vectorizer = vectorizer
        self._letters: Any = vectorizer.fit_transform(plain or ["nothing"]).T.tocsr()

    def answers(self, items: Sequence[Local], limit: int = 5) -> list[Answer]:
        """Return an answer for each item, in order."""
        found: list[Answer] = []
        for start in range(0, len(items), _AT_ONCE):
            found += self._some(items[start : start + _AT_ONCE], limit)
        return found

    def _some(self, items: Sequence[Local], limit: int) -> list[Answer]:
        if not self._targets:
            return [Answer((), 0.0) for _ in items]
        ways = [list(dict.fromkeys(self._corrected(text) for text in _ways(item))) for item in items]
        texts = [text for way in ways for text in way]
        alike: NDArray[Any] = (self._vectorizer.transform(texts) @ self._letters).toarray()
        found: list[Answer] = []
        at = 0
        for item, way in zip(items, ways, strict=True):
            found.append(self._one(item, way, alike[at : at + len(way)], limit))
            at += len(way)
        return found

    def _corrected(self, text: str) -> str:
        """Put the nearest known word in the place of one that no name holds or begins with."""
        return " ".join(
            word if self._finder.knows(word) else (self._finder.nearest(word, 1) or [word])[0] for word in text.split()
        )

    def _one(self, item: Local, way: Sequence[str], alike: NDArray[Any], limit: int) -> Answer:
        best: Any = np.zeros(alike.shape[1], np.float32)
        for text, letters in zip(way, alike, strict=True):
            shared = self._finder.scores(text)
            both = letters * _LETTERS if shared is None else letters * _LETTERS + shared * (1 - _LETTERS)
            best = np.maximum(best, both)
        exact = {place for text in way[:_OWN] for place in self._exact.get(_sorted(text), ())}
        core = {place for text in way[:_OWN] for place in self._core.get(_sorted(text, _SAYS_LITTLE), ())}
        for place in core:
            best[place] = max(float(best[place]), 0.99)
        for place in exact:
            best[place] = 1.0
        pool = min(_POOL * 2, len(best))
        nearest: list[int] = np.argpartition(-best, pool - 1)[:pool].tolist()
        ranked = sorted(
            (self._candidate(item, place, float(best[place]), place in exact) for place in nearest if best[place] > 0),
            key=lambda each: (-each[0], each[1].code),
        )
        distinct: dict[str, tuple[float, Candidate]] = {}
        for score, candidate in ranked:
            distinct.setdefault(candidate.code, (score, candidate))
        top = list(distinct.values())
        return Answer(
            tuple(candidate for _, candidate in top[:limit]), likely(features(top, bool(exact))) if top else 0.0
        )

    def _candidate(self, item: Local, place: int, score: float, exact: bool) -> tuple[float, Candidate]:
        target = self._targets[place]
        reasons = ["same words" if exact else _shared(item, target)]
        total = score
        if not target.billable:
            total -= _INCOMPLETE
            reasons.append("not a complete code")
        for word, other in clashes(item, target.words):
            total -= _CLASH
            reasons.append(f"{other}, not {word}")
        for told in (units_agree(item.unit, target.extra), specimens_agree(item, target.extra)):
            if told is not None:
                total += told[0]
                reasons.append(told[1])
        shown = Candidate(
            target.code, target.name, target.words, round(max(0.0, min(1.0, total)), 4), tuple(filter(None, reasons))
        )
        return total, shown


def features(top: Sequence[tuple[float, Candidate]], exact: bool) -> tuple[float, float, float]:
    """Return what the likelihood is judged by: score, lead over the next code that does not say the same, exact."""
    first = top[0]
    said = " ".join(words(first[1].words))
    rest = [
        score
        for score, candidate in top[1:]
        if candidate.code[:3] != first[1].code[:3] or " ".join(words(candidate.words)) != said
    ]
    lead = first[0] - (rest[0] if rest else 0.0)
    return (first[0], lead, float(exact))


def likely(told: tuple[float, float, float]) -> float:
    """Return the probability that the best candidate is right."""
    total = WEIGHTS[0] + sum(weight * value for weight, value in zip(WEIGHTS[1:], told, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _ways(item: Local) -> list[str]:
    ways = list(wordings(item.name))
    if item.english:
        ways += [each for each in wordings(item.english) if each not in ways]
    if item.specimen:
        ways += [f"{way} {wordings(item.specimen)[-1]}" for way in ways[:3]]
    return ways[:_WAYS]


def _sorted(text: str, without: frozenset[str] = frozenset()) -> str:
    found = sorted(text.split())
    return " ".join([word for word in found if word not in without] or found)


def _shared(item: Local, target: Target) -> str:
    """Return which words fitted, as a reason."""
    written = {words(each)[0]: each for each in _WORD.findall(target.words)}
    best: list[str] = max(([word for word in way.split() if word in written] for way in _ways(item)), key=len)
    return f"shared: {', '.join(dict.fromkeys(written[word] for word in best))}" if best else "similar letters"

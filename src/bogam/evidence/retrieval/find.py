"""Chooses the passages that answer a question, or none when none does."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bogam.evidence.retrieval.features import Concept, concepts, features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.passage import Passage
from bogam.evidence.retrieval.rank import Vector, rank

ENOUGH: Final = 0.44
"""How much of a question a passage must cover to answer it: the least at which every unanswerable question among the
development questions was refused."""
_CANDIDATES: Final = 40
_OWN: Final = 0.6
"""What a passage's own words count beside those of its headings and title."""
_RESULT: Final = 0.3
"""What it counts that a part of an abstract tells results and not what was known before; set by hand."""
_RESULTS: Final = re.compile(r"(?:result|conclusion|finding|interpretation|결과|결론)", re.IGNORECASE)
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``cover`` is the share of the question that it covers, 0 to 1; ``answers``: that is enough, and
    every drug and subject that the question names is there."""

    passage: Passage
    score: float
    cover: float
    answers: bool


def find(
    index: Index, at: Callable[[int], Passage], question: str, near: Vector | None = None, limit: int = 10
) -> list[Hit]:
    """Return the best passages of an index for a question, those that answer it first.

    Parameters
    ----------
    at
        Returns the passage of a number of the index.
    near
        Cosine of the question and every passage, where there are dense vectors.
    """
    asked = concepts(question)
    ranked = rank(index, asked, near)
    order: list[int] = np.argsort(-ranked.score, kind="stable")[:_CANDIDATES].tolist()
    whole = sum(ranked.weights) or 1.0
    found: list[Hit] = []
    for number in order:
        cover = float(ranked.cover[number])
        if cover <= 0:
            continue
        passage = at(number)
        own = frozenset(features(passage.text.text))
        around = own.union(features(passage.heading), features(passage.title))
        told = sum(w * share(each, own) for each, w in zip(asked, ranked.weights, strict=True)) / whole
        about = all(share(each, around) >= _HALF for each in asked if each.named)
        score = (
            float(ranked.score[number])
            + _OWN * told
            + _RESULT * bool(not passage.page and _RESULTS.match(passage.heading))
        )
        found.append(Hit(passage, score, cover, about and cover >= ENOUGH))
    found.sort(key=lambda each: (not each.answers, -each.score))
    return found[:limit]


def share(concept: Concept, held: frozenset[str]) -> float:
    """Return how much of a concept a text with these features has, 0 to 1."""
    by_key = sum(bool(place & held) for place in concept.keys) / len(concept.keys) if concept.keys else 0.0
    words = set(concept.tokens)
    by_word = len(words & held) / len(words) if words else 0.0
    return max(by_key, by_word if by_word >= _HALF else 0.0)


def text_features(passage: Passage) -> Sequence[str]:
    """Return what a passage is indexed by: its own words twice, those of its headings and title once."""
    return [*2 * features(passage.text.text), *features(passage.heading), *features(passage.title)]

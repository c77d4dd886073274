"""Ranks passages for a question: how much of what is asked a passage covers, BM25, and where installed dense vectors.

The weights and the threshold were chosen on the development questions (``measure/sets/ask/development.tsv``), which
ask of other documents than those that are measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.features import Concept
from bogam.evidence.retrieval.index import Index

NAMED: Final = 1.5
"""What a drug or a term counts against another word of the same rarity."""
_HALF: Final = 0.5
_BM25: Final = 0.35
_DENSE: Final = 0.5
_FEWEST: Final = 50
"""Texts from which on it can be told how rare a word is."""

Vector = NDArray[np.float32]


class Ranked(NamedTuple):
    """Scores of every text, shape ``(size,)`` each: ``cover`` is 0 to 1, ``score`` ranks."""

    cover: Vector
    score: Vector
    weights: tuple[float, ...]


def asked_features(asked: Sequence[Concept]) -> list[str]:
    """Return all features of a question's concepts."""
    return [feature for each in asked for feature in (*each.tokens, *(key for place in each.keys for key in place))]


def matches(index: Index, concept: Concept) -> Vector:
    """Return for every text how much of a concept it has, 0 to 1."""
    by_key = np.zeros(index.size, np.float32)
    for place in concept.keys:
        held = np.zeros(index.size, bool)
        for key in place:
            held[index.holders(key)] = True
        by_key += held / len(concept.keys)
    by_word = np.zeros(index.size, np.float32)
    for token in dict.fromkeys(concept.tokens):
        by_word[index.holders(token)] += 1 / len(set(concept.tokens))
    by_word[by_word < _HALF] = 0
    return np.maximum(by_key, by_word)


def rank(index: Index, asked: Sequence[Concept], near: Vector | None = None) -> Ranked:
    """Score every text of an index for a question.

    Parameters
    ----------
    near
        Cosine of question and text by dense vectors, where there are any.
    """
    if not asked or not index.size:
        empty = np.zeros(index.size, np.float32)
        return Ranked(empty, empty, ())
    held = [matches(index, each) for each in asked]
    weights = tuple(_weight(each, index.size, found) for each, found in zip(asked, held, strict=True))
    whole = sum(weights) or 1.0
    cover = np.asarray(
        sum((weight * found for weight, found in zip(weights, held, strict=True)), np.zeros(index.size)) / whole,
        np.float32,
    )
    lexical = index.scores(asked_features(asked))
    top = float(lexical.max()) or 1.0
    score = cover + _BM25 * lexical / top
    if near is not None:
        score = score + _DENSE * near
    return Ranked(cover, np.asarray(score, np.float32), weights)


def _weight(concept: Concept, size: int, held: Vector) -> float:
    """Return what a concept counts: how rare it is (Robertson's idf), and more for what is named."""
    count = int((held >= _HALF).sum())
    rare = float(np.log1p((size - count + 0.5) / (count + 0.5))) if size >= _FEWEST else 1.0
    return rare * (NAMED if concept.named else 1.0)

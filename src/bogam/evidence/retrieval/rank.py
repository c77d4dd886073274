"""Ranks passages for a question: how much of what is asked a passage covers, BM25, and where installed dense vectors.

The weights were chosen on development questions (see ``CARD.md`` here), which ask of other documents than those that
are measured.
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
PLAIN: Final = 0.7
"""What a word that is no term counts."""
ASKING: Final = 0.7
"""What a word to ask with counts."""
COMMON: Final = 0.25
"""What a word that tells little counts."""
WIDER: Final = 0.4
"""How much of a thing a text has that speaks only of what it is a kind of."""
ELSEWHERE: Final = 0.5
"""What counts that a document says a thing in another of its passages."""
_HALF: Final = 0.5
_BM25: Final = 0.35
_DENSE: Final = 0.5
_CANDIDATES: Final = 40
_TOGETHER: Final = 3
"""Texts of a document that tell what it is about."""
_FEWEST: Final = 50
"""Texts from which on it can be told how rare a word is."""

Vector = NDArray[np.float32]


class Ranked(NamedTuple):
    """Scores of every text, shape ``(size,)`` each: ``cover`` is 0 to 1, ``score`` ranks, ``lexical`` is BM25;
    ``around`` is the share of each concept in the text's document, shape ``(concepts, size)``; ``about`` is how well
    the best texts of its document do by BM25, 1 for the best document; ``top`` is the greatest BM25, or 1 where no word
    is found."""

    cover: Vector
    score: Vector
    lexical: Vector
    around: Vector
    weights: tuple[float, ...]
    about: Vector
    top: float = 1.0

    def candidates(self) -> list[int]:
        """Return the numbers of the texts that are worth a closer look, the best first."""
        best: list[int] = np.argsort(-self.score, kind="stable")[:_CANDIDATES].tolist()
        return [each for each in best if self.score[each] > 0]


def asked_features(asked: Sequence[Concept]) -> list[str]:
    """Return all features of a question's concepts."""
    return [feature for each in asked for feature in (*each.tokens, *(key for place in each.keys for key in place))]


def matches(index: Index, concept: Concept) -> Vector:
    """Return for every text how much of a concept it has, 0 to 1."""
    by_word = np.zeros(index.size, np.float32)
    for token in dict.fromkeys(concept.tokens):
        by_word[index.holders(index.nearest(token))] += 1 / len(set(concept.tokens))
    by_kind = WIDER * _of_places(index, [concept.wider])
    by_word[by_word < _HALF] = 0
    return np.maximum.reduce([_of_places(index, concept.keys), by_word, by_kind])


def _of_places(index: Index, places: Sequence[frozenset[str]]) -> Vector:
    """Return for every text the share of places of which it has a key."""
    found = np.zeros(index.size, np.float32)
    for place in places:
        held = np.zeros(index.size, bool)
        for key in place:
            held[index.holders(key)] = True
        found += held / np.float32(len(places))
    return found


def rank(
    index: Index,
    asked: Sequence[Concept],
    near: Vector | None = None,
    documents: NDArray[np.int64] | None = None,
) -> Ranked:
    """Score every text of an index for a question.

    Parameters
    ----------
    near
        Cosine of question and text by dense vectors, where there are any.
    documents
        The number of the document that each text is of, from 0, shape ``(size,)``; by default each is its own.
    """
    if not asked or not index.size:
        empty = np.zeros(index.size, np.float32)
        return Ranked(empty, empty, empty, np.zeros((0, index.size), np.float32), (), empty)
    held = np.stack([matches(index, each) for each in asked])
    around = held if documents is None else _by_document(held, documents)
    weights = tuple(_weight(each, index.size, found) for each, found in zip(asked, held, strict=True))
    share = np.asarray(weights, np.float32) / (sum(weights) or 1.0)
    cover = np.asarray(share @ held, np.float32)
    lexical = index.scores(asked_features(asked))
    top = float(lexical.max()) or 1.0
    score = cover + _BM25 * lexical / top
    if documents is not None:
        score = score + ELSEWHERE * (share @ np.maximum(around - held, 0))
    if near is not None:
        score = score + _DENSE * near
    about = lexical / top if documents is None else _about(lexical, documents)
    return Ranked(cover, np.asarray(score, np.float32), lexical, around, weights, about, top)


def _by_document(held: Vector, documents: NDArray[np.int64]) -> Vector:
    """Return for every text how much of each concept its document has somewhere."""
    best = np.zeros((held.shape[0], int(documents.max()) + 1), np.float32)
    for row, found in zip(best, held, strict=True):
        np.maximum.at(row, documents, found)
    return best[:, documents]


def _about(lexical: Vector, documents: NDArray[np.int64]) -> Vector:
    """Return for every text the BM25 of the best texts of its document together, 1 for the best document."""
    order = np.lexsort((-lexical, documents))
    first = np.flatnonzero(np.diff(documents[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
    best = np.bincount(documents[order], np.where(place < _TOGETHER, lexical[order], 0), int(documents.max()) + 1)
    return np.asarray((best / (best.max() or 1.0))[documents], np.float32)


def _weight(concept: Concept, size: int, held: Vector) -> float:
    """Return what a concept counts: how rare it is (Robertson's idf), and more for what is named."""
    count = int((held >= _HALF).sum())
    rare = float(np.log1p((size - count + 0.5) / (count + 0.5))) if size >= _FEWEST else 1.0
    if concept.common:
        return rare * COMMON
    if concept.asking:
        return rare * ASKING
    return rare * (NAMED if concept.named else 1.0 if concept.keys else PLAIN)

"""How near a text comes to what is asked by meaning, where it says it in words that no table holds to be the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.features import Concept, held_features
from bogam.terms import meanings

_FAR: Final = 0.3
_SAME: Final = 0.9
"""Cosines of two meanings from which on they have something, and all, in common."""

Vector = NDArray[np.float32]


@lru_cache(maxsize=16384)
def _rows(text: str) -> meanings.Rows:
    return _known(held_features(text))


def _known(features: frozenset[str]) -> meanings.Rows:
    return meanings.rows(each[2:] for each in features if each[:2] == "g:")


class Meant:
    """The meanings of what a question asks about.

    Parameters
    ----------
    weights
        What each concept counts.
    """

    def __init__(self, asked: Sequence[Concept], weights: Sequence[float]) -> None:
        self._places = [
            [meanings.vectors(known) for place in each.keys if len(known := _known(place))] for each in asked
        ]
        means = [w * np.concatenate(each).mean(0) for each, w in zip(self._places, weights, strict=True) if each]
        self._whole = _unit(np.sum(means, axis=0)) if means else None

    def shares(self, text: str) -> Vector:
        """Return how near a text comes to each concept, 0 to 1, shape ``(concepts,)``."""
        held = meanings.vectors(_rows(text))
        if not len(held):
            return np.zeros(len(self._places), np.float32)
        best = [np.mean([(place @ held.T).max() for place in each]) if each else 0.0 for each in self._places]
        return np.clip((np.array(best, np.float32) - _FAR) / (_SAME - _FAR), 0, 1)

    def likeness(self, text: str) -> float:
        """Return the cosine of the whole question and a whole text; 0 where nothing is known of one."""
        held = meanings.vectors(_rows(text))
        return float(self._whole @ _unit(held.sum(0))) if self._whole is not None and len(held) else 0.0


def _unit(vector: Vector) -> Vector:
    return vector / (np.linalg.norm(vector) or 1.0)

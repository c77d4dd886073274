"""What grounding has learned: how telling a word is, and how much each sign counts."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_FILE: Final = "grounding.npz"


class Linear(NamedTuple):
    """A logistic regression over standardised signs."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weight: NDArray[np.float64]
    bias: float

    def probability(self, signs: list[float]) -> float:
        """Return the probability, 0 to 1."""
        total = float(((np.array(signs) - self.mean) / self.scale) @ self.weight) + self.bias
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


class Model(NamedTuple):
    """``idf`` by key; a key that no dialogue had weighs ``unseen``. The floors are what a check must reach."""

    idf: dict[str, float]
    unseen: float
    sentence: Linear
    number: Linear
    side: Linear
    number_floor: float
    side_floor: float
    score_floor: float

    def weight(self, key: str) -> float:
        """Return how telling a key is."""
        return self.idf.get(key, self.unseen)


@cache
def model() -> Model:
    """Return the model that is shipped."""
    with (files("bogam.evidence.grounding") / _FILE).open("rb") as file:
        return read(np.load(file, allow_pickle=False))


def read(kept: np.lib.npyio.NpzFile) -> Model:
    """Read a model from its arrays."""
    names = str(kept["keys"]).split("\n")
    number, side, score = (float(value) for value in kept["floors"])
    return Model(
        dict(zip(names, (float(value) for value in kept["idf"]), strict=True)),
        float(kept["unseen"]),
        _linear(kept["sentence"]),
        _linear(kept["number"]),
        _linear(kept["side"]),
        number,
        side,
        score,
    )


def _linear(rows: NDArray[np.float64]) -> Linear:
    return Linear(rows[0, :-1], rows[1, :-1], rows[2, :-1], float(rows[2, -1]))

"""Whether a passage answers a question: a logistic model over a few signals, with the threshold that refuses enough."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.signals import NAMES


@dataclass(frozen=True, slots=True)
class Answers:
    """The model. ``weights`` and ``bias`` are for signals as they are; ``enough`` is the least odds of an answer, in
    logits."""

    weights: NDArray[np.float64]
    bias: float
    enough: float

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the logit of each row of signals, shape ``(rows,)``."""
        return rows @ self.weights + self.bias


@cache
def model() -> Answers:
    """Return the model that ``bogam train ask`` wrote.

    Raises
    ------
    ValueError
        When it was made for other signals.
    """
    with (files("bogam.evidence.retrieval") / "answers.npz").open("rb") as file:
        held: Any = np.load(file, allow_pickle=False)
        names, weights, rest = held["names"].tolist(), held["weights"], held["rest"].tolist()
    if tuple(names) != NAMES:
        raise ValueError("answers.npz was made for other signals: run `bogam train ask`.")
    return Answers(weights, rest[0], rest[1])

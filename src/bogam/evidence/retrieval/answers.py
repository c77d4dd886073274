"""In which order passages are told, and whether one answers a question: two linear models over the same signals."""

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
    """The models, for signals as they are.

    Parameters
    ----------
    order
        Weights by which passages are ranked for one question, shape ``(len(NAMES),)``.
    weights, bias
        Of the log odds that a passage answers, for passages that rank among the first.
    enough
        The least log odds with which a passage is told as an answer.
    """

    order: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    enough: float

    def ranks(self, rows: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return what each row of signals is ranked by, the greatest first, shape ``(rows,)``."""
        return rows @ self.order

    def odds(self, rows: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return the log odds of each row of signals, shape ``(rows,)``."""
        return rows @ self.weights + self.bias


@cache
def model() -> Answers:
    """Return the models that ``bogam train ask`` wrote.

    Raises
    ------
    ValueError
        When they were made for other signals.
    """
    with (files("bogam.evidence.retrieval") / "answers.npz").open("rb") as file:
        held: Any = np.load(file, allow_pickle=False)
        names, order, weights, rest = held["names"].tolist(), held["order"], held["weights"], held["rest"].tolist()
    if tuple(names) != NAMES:
        raise ValueError("answers.npz was made for other signals: run `bogam train ask`.")
    return Answers(order, weights, rest[0], rest[1])

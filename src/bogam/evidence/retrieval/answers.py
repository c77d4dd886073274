"""In which order passages are told, and whether one answers a question: two linear models over the same signals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.signals import NAMES

STANDING: Final = ("ranked by", "ahead of the eleventh", "ahead of the next", "behind the first")
"""What the judging model sees of the ranking one, beside the signals."""
_ELEVENTH: Final = 10

Floats = NDArray[np.float64]


def standing(ranks: Floats) -> Floats:
    """Return how each passage of a question stands among the others, shape ``(len(ranks), len(STANDING))``."""
    if not len(ranks):
        return np.zeros((0, len(STANDING)))
    order = np.argsort(-ranks, kind="stable")
    sorted_ = ranks[order]
    next_ = np.append(sorted_[1:], sorted_[-1])
    made = np.empty((len(ranks), len(STANDING)))
    ahead = sorted_ - sorted_[min(_ELEVENTH, len(ranks) - 1)]
    made[order] = np.stack([sorted_, ahead, sorted_ - next_, sorted_ - sorted_[0]], axis=1)
    return made


@dataclass(frozen=True, slots=True)
class Answers:
    """The models, for signals as they are.

    Parameters
    ----------
    order
        Weights by which passages are ranked for one question, shape ``(len(NAMES),)``.
    weights, bias
        Of the log odds that a passage answers, for passages that rank among the first; over the signals and `standing`,
        shape ``(len(NAMES) + len(STANDING),)``.
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
        """Return the log odds of each row of signals, shape ``(rows,)``; ``rows`` are all candidates of a question."""
        return np.hstack([rows, standing(self.ranks(rows))]) @ self.weights + self.bias


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
    if tuple(names) != (*NAMES, *STANDING):
        raise ValueError("answers.npz was made for other signals: run `bogam train ask`.")
    return Answers(order, weights, rest[0], rest[1])

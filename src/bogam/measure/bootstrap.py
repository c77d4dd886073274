"""Intervals by resampling."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def interval(
    count: int, statistic: Callable[[np.ndarray], float], *, rounds: int = 1000, seed: int = 20261125
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a statistic (Efron 1979).

    Parameters
    ----------
    count
        How many independent units (notes, dialogues, patients) there are; they are drawn with replacement.
    statistic
        Takes the indices drawn, shape ``(count,)``, and returns the figure.
    """
    rng = np.random.default_rng(seed)
    drawn = [statistic(rng.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(values: Sequence[float], *, scale: float = 1.0, rounds: int = 1000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of ``values``, times ``scale``."""
    held = np.asarray(values, dtype=float)
    return interval(len(held), lambda drawn: scale * float(held[drawn].mean()), rounds=rounds)

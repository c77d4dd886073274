"""The National Early Warning Score 2 (Royal College of Physicians, London, 2017), as a table of points.

Transcribed from the published chart, SpO2 scale 1. Scale 2, for hypercapnic respiratory failure, is a physician's
decision that no record says by itself, so it is not used. The score is not made for those under 16 or pregnant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Band = Literal["low", "low-medium", "medium", "high"]

_TABLE: Final[dict[str, tuple[tuple[float, int], ...]]] = {
    # parameter: (at most, points), in ascending order
    "respiratory-rate": ((8, 3), (11, 1), (20, 0), (24, 2), (float("inf"), 3)),
    "spo2": ((91, 3), (93, 2), (95, 1), (float("inf"), 0)),
    "oxygen": ((0, 0), (float("inf"), 2)),
    "sbp": ((90, 3), (100, 2), (110, 1), (219, 0), (float("inf"), 3)),
    "heart-rate": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (float("inf"), 3)),
    "gcs": ((14, 3), (float("inf"), 0)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (float("inf"), 2)),
}
PARAMETERS: Final = tuple(_TABLE)
"""Per minute; %; L/min of oxygen (0: air); mmHg; per minute; Glasgow coma scale (below 15: not alert); °C."""

_STEP: Final = {"temperature": 1}
"""Decimals that the chart has; what is finer is rounded before it is looked up."""


def points(parameter: str, value: float) -> int:
    """Return the points, 0 to 3, of one parameter.

    Raises
    ------
    KeyError
        For a parameter that the score does not have.
    """
    rounded = value if parameter == "oxygen" else round(value, _STEP.get(parameter, 0))
    return next(each for most, each in _TABLE[parameter] if rounded <= most)


def total(values: Mapping[str, float]) -> int:
    """Return the score of the parameters given. Without all seven it is the least that the score can be."""
    return sum(points(name, value) for name, value in values.items())


def band(values: Mapping[str, float]) -> Band:
    """Return the clinical risk: high from 7, medium from 5, low-medium where one parameter alone scores 3, else low."""
    score = total(values)
    if score >= 5:
        return "high" if score >= 7 else "medium"
    return "low-medium" if any(points(name, value) == 3 for name, value in values.items()) else "low"

"""Results of one kind over time, for charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bogam.record.citation import Field
from bogam.record.facts import Result, Timeline

_ORDER: Final = {"vital": 0, "lab": 1, "other": 2}


@dataclass(frozen=True, slots=True)
class Point:
    """One value. ``field`` is what to cite; ``comparator`` is "<" or ">" when the true value lies beyond ``number``."""

    at: datetime
    number: float
    field: Field
    flag: str | None
    comparator: str


@dataclass(frozen=True, slots=True)
class Series:
    """Values with the same code and unit, oldest first. ``low`` and ``high`` are the newest reference range."""

    key: str
    name: Field
    category: Literal["lab", "vital", "other"]
    unit: str
    low: float | None
    high: float | None
    points: tuple[Point, ...]


def series(timeline: Timeline) -> list[Series]:
    """Return the numeric results of ``timeline`` as series: vital signs, laboratory, others; by name within each."""
    groups: dict[str, list[Result]] = {}
    for result in timeline.results:
        if result.number is not None and result.at is not None and result.status != "cancelled":
            groups.setdefault(result.key, []).append(result)
    found = [_series(key, results) for key, results in groups.items()]
    return sorted(found, key=lambda one: (_ORDER[one.category], one.name.text.lower(), one.key))


def _series(key: str, results: list[Result]) -> Series:
    newest = results[0]
    ranged = next((one for one in results if one.low_number is not None or one.high_number is not None), None)
    points = tuple(
        Point(one.at, one.number, one.value, one.flag, one.comparator.text if one.comparator else "")
        for one in reversed(results)
        if one.at is not None and one.number is not None and one.value is not None
    )
    return Series(
        key,
        newest.name,
        newest.category,
        newest.unit.text if newest.unit else "",
        ranged.low_number if ranged else None,
        ranged.high_number if ranged else None,
        points,
    )

"""Charts drawn on the server as SVG, and the same numbers for the interactive chart that replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from bogam.record.series import Series

_LEFT: Final = 44
_BOTTOM: Final = 20
_TOP: Final = 8
_RIGHT: Final = 10
_DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: where it is drawn, and whether it lies outside its range."""

    x: float
    y: float
    off: bool
    cited: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A line chart in a box of ``width`` by ``height`` units. ``band`` is (y, height) of the reference range."""

    width: int
    height: int
    line: str
    dots: tuple[Dot, ...]
    band: tuple[float, float] | None
    ticks: tuple[tuple[float, str], ...]
    dates: tuple[tuple[float, str, str], ...]


def plot(series: Series, cited: str = "", *, width: int = 600, height: int = 160) -> Plot:
    """Draw ``series``; the values read from the source ``cited`` are ringed."""
    points = series.points
    numbers = [point.number for point in points]
    low, high = _reach([*numbers, *(bound for bound in (series.low, series.high) if bound is not None)])
    times = [point.at.timestamp() for point in points]
    first, last = times[0], times[-1]
    if first == last:
        first, last = first - _DAY, last + _DAY

    def x(time: float) -> float:
        return round(_LEFT + (time - first) / (last - first) * (width - _LEFT - _RIGHT), 1)

    def y(number: float) -> float:
        return round(_TOP + (high - number) / (high - low) * (height - _TOP - _BOTTOM), 1)

    dots = tuple(
        Dot(x(time), y(point.number), point.flag not in (None, "normal"), point.field.origin.source == cited)
        for time, point in zip(times, points, strict=True)
    )
    line = " ".join(f"{dot.x:g},{dot.y:g}" for dot in dots)
    band = None
    if series.low is not None or series.high is not None:
        top = y(series.high if series.high is not None else high)
        bottom = y(series.low if series.low is not None else low)
        band = (top, round(bottom - top, 1))
    marks = sorted({_short(numbers_at) for numbers_at in (min(numbers), max(numbers))}, key=float)
    ticks = tuple((y(float(mark)), mark) for mark in marks)
    ends = points[:1] + points[1:][-1:]
    places = ("start", "end") if len(ends) > 1 else ("middle",)
    dates = tuple(
        (x(point.at.timestamp()), place, point.at.date().isoformat()) for point, place in zip(ends, places, strict=True)
    )
    return Plot(width, height, line, dots, band, ticks, dates)


def numbers(series: Series) -> dict[str, object]:
    """Return what the interactive chart needs, oldest first.

    Times are the recorded local times, written as if they were UTC: a chart shows the ward's clock wherever it is
    opened.
    """
    points = series.points
    return {
        "x": [point.at.replace(tzinfo=UTC).timestamp() for point in points],
        "y": [point.number for point in points],
        "off": [point.flag not in (None, "normal") for point in points],
        "low": series.low,
        "high": series.high,
        "unit": series.unit,
    }


def reference(series: Series) -> str:
    """Return the reference range as it is read: ``0.5–1.6``; empty for none."""
    if series.low is not None and series.high is not None:
        return f"{series.low:g}–{series.high:g}"
    return f"≥ {series.low:g}" if series.low is not None else f"≤ {series.high:g}" if series.high is not None else ""


def _reach(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return low - room, high + room


def _short(number: float) -> str:
    return f"{number:.4g}" if abs(number) < 10000 else f"{number:.0f}"

"""A result over a stay: the last value, the first, and the highest and lowest where they lie between."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.writing.compose import Piece, hidden, joined, minute, name
from bogam.skills.writing.reading import Reading
from bogam.skills.writing.values import measurement, tell_flag, tell_range, valued


def trend(reading: Reading, points: list[Result], section: str) -> Claim:
    """Write a series of one stay, newest first. A value with a comparator ("< 0.01") is no extreme."""
    newest, first = points[0], points[-1]
    between = _extremes(points)
    if not between:
        return measurement(reading, [newest, first] if first is not newest else [newest], section, ranged=True)
    shown = joined([name(newest.name), valued(newest)], " ")
    if newest.start is not None:
        when = minute(newest.start)
        shown = joined([shown, Piece(f"({when.text})", when.citations)], " ")
    line = reading.line().add(shown)
    tell_flag(line, newest)
    if newest.status == "preliminary":
        line.say("preliminary", x=hidden(newest.status_field))
    for phrase, point in (("first-was", first), *between):
        if point.start is not None:
            line.say(phrase, x=valued(point), on=minute(point.start))
    tell_range(line, newest)
    return line.claim(section)


def _extremes(points: list[Result]) -> list[tuple[str, Result]]:
    """Return the highest and the lowest of what lies between first and last, where they pass both."""
    ends = [p.number for p in (points[0], points[-1]) if p.number is not None]
    inner = [(p.number, p) for p in points[1:-1] if p.number is not None and p.comparator is None and p.start]
    if len(ends) < 2 or not inner:
        return []
    most = max(inner, key=lambda item: item[0])
    least = min(inner, key=lambda item: item[0])
    high = [("highest", most[1])] if most[0] > max(ends) else []
    low = [("lowest", least[1])] if least[0] < min(ends) else []
    return [*high, *low]

"""Results and vital signs in words: the value, how it was judged, and what it was before.

A value is called high or low only where the record does, or where its recorded reference range says so.
"""

from __future__ import annotations

from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.writing.compose import (
    Line,
    Piece,
    day,
    fill,
    hidden,
    joined,
    measured,
    minute,
    name,
    number,
    plain,
)
from bogam.skills.writing.reading import Reading, days_between
from bogam.skills.writing.words import PHRASES

SYSTOLIC: Final = "8480-6"
DIASTOLIC: Final = "8462-4"
_HEIGHT: Final = "8302-2"
_USABLE = ("final", "amended", "preliminary", "unknown")


def series(reading: Reading, *categories: str) -> list[list[Result]]:
    """Return the series of the given categories, each newest first."""
    found: dict[str, list[Result]] = {}
    for result in reading.timeline.results:
        if result.category in categories and result.status in _USABLE:
            found.setdefault(result.key or result.name.text, []).append(result)
    return list(found.values())


def coded(result: Result, code: str) -> bool:
    """Say whether a result has a code, of any system."""
    return any(coding.code.text == code for coding in result.codes)


def vital_sign(reading: Reading, points: list[Result], diastolic: dict[str, Result], section: str) -> Claim:
    """Write the newest of a vital sign; a systolic pressure together with the diastolic one of its resource."""
    newest = points[0]
    low = diastolic.get(newest.origin.source)
    if not coded(newest, SYSTOLIC) or low is None or low.value is None or newest.value is None:
        return measurement(reading, points, section)
    line = reading.line()
    pressure = fill(
        PHRASES["blood-pressure"][line.language],
        {"high": number(newest.value), "low": measured(number(low.value), newest.unit)},
    )
    line.add(dated(pressure, newest, newest))
    line.add(hidden(newest.name, low.name, low.unit))
    tell_flag(line, newest, "systolic-flag")
    tell_flag(line, low, "diastolic-flag")
    return line.claim(section)


def valued(result: Result) -> Piece:
    """Show a result's value with comparator and unit."""
    assert result.value is not None
    value = number(result.value) if result.number is not None else name(result.value)
    if result.comparator is not None:
        value = joined([plain(result.comparator), value], "")
    return measured(value, result.unit)


def tell_flag(line: Line, result: Result, of: str = "") -> None:
    """Say how a value was judged; ``of`` names the phrase that tells which of two values is meant."""
    if result.flag is None or result.flag == "normal":
        return
    basis = hidden(result.flag_field) if result.flag_from == "interpretation" else hidden(result.low, result.high)
    if of:
        word = fill(PHRASES[result.flag][line.language], {"x": basis})
        line.say(of, x=word)
    else:
        line.say(result.flag, x=basis)


def measurement(reading: Reading, points: list[Result], section: str, ranged: bool = False) -> Claim:
    """Write the newest of a series with the value before. The range is told of what is abnormal, or when ``ranged``."""
    newest = points[0]
    line = reading.line()
    earlier = next((p for p in points[1:] if p.value is not None and p.at != newest.at), None)
    if coded(newest, _HEIGHT):
        earlier = None
    if newest.value is None:
        line.add(name(newest.name))
        if newest.absent_reason is not None:
            line.say("no-value", x=name(newest.absent_reason))
    else:
        line.add(dated(joined([name(newest.name), valued(newest)], " "), newest, earlier))
        tell_flag(line, newest)
    if newest.status == "preliminary":
        line.say("preliminary", x=hidden(newest.status_field))
    if newest.value is not None:
        if earlier is not None:
            tell_trend(line, newest, earlier)
        if ranged or newest.flag not in (None, "normal"):
            tell_range(line, newest)
    elif newest.start is not None:
        line.add(day(newest.start))
    return line.claim(section)


def dated(value: Piece, newest: Result, earlier: Result | None) -> Piece:
    if newest.start is None:
        return value
    when = _when(newest, earlier)
    return joined([value, Piece(f"({when.text})", when.citations)], " ")


def _when(newest: Result, other: Result | None) -> Piece:
    """Show the time as well when another value is of the same day or the day before."""
    assert newest.start is not None
    gap = days_between(other.at, newest.at) if other is not None else None
    return minute(newest.start) if gap is not None and abs(gap) < 2 else day(newest.start)


def tell_range(line: Line, result: Result) -> None:
    if result.low is not None and result.high is not None:
        line.say("range", low=number(result.low), high=number(result.high))
    elif result.low is not None:
        line.say("range-low", low=number(result.low))
    elif result.high is not None:
        line.say("range-high", high=number(result.high))
    elif result.range_text is not None:
        line.say("range-text", x=plain(result.range_text))


def tell_trend(line: Line, newest: Result, earlier: Result) -> None:
    if earlier.start is None:
        return
    on = _when(earlier, newest) if (days_between(earlier.at, newest.at) or 9) < 2 else day(earlier.start)
    value = valued(earlier)
    same = valued(newest).text == value.text
    if newest.number is None or earlier.number is None or newest.comparator or earlier.comparator or same:
        line.say("was", x=value, on=on)
    elif newest.number > earlier.number:
        line.say("up-from", x=value, on=on)
    else:
        line.say("down-from", x=value, on=on)

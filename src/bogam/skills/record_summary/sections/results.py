"""Recent and abnormal results with their trend, and the latest vital signs.

Results are ordered: critical, then abnormal within a year, then abnormal before that that became normal within a
week, then the rest by what usually matters most (see `importance`) and the newest. A value is called high or low only
where the record does, or where its recorded reference range says so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.record_summary.compose import (
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
from bogam.skills.record_summary.importance import laboratory
from bogam.skills.record_summary.reading import Part, Reading, days_between
from bogam.skills.record_summary.sections.person import CODE_STATUS
from bogam.skills.record_summary.words import PHRASES

SYSTOLIC: Final = "8480-6"
DIASTOLIC: Final = "8462-4"
_HEIGHT: Final = "8302-2"
_SOCIAL: Final = re.compile(
    r"smok|tobacco|alcohol|housing|sexual orientation|abuse status|insurance|hospitalizations|education"
    r"|employment|income"
    r"|stress level|violence|transport|language|refugee|armed forces|migrant|hiv status|prapare|흡연|음주|직업"
    r"|결혼|동거",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def social(name: str) -> bool:
    """Say whether an observation is on how someone lives; those stand with the family and social history."""
    return _SOCIAL.search(name) is not None


_IGNORED: Final = re.compile(r"cause of death", re.IGNORECASE)
_USABLE = ("final", "amended", "preliminary", "unknown")
_VITAL_ORDER: Final = (
    "8480-6", "8867-4", "9279-1", "8310-5", "8331-1", "2708-6", "59408-5", "9269-2", "29463-7", "8302-2", "39156-5",
)  # fmt: skip


def series(reading: Reading, *categories: str) -> list[list[Result]]:
    """Return the series of the given categories, each newest first."""
    found: dict[str, list[Result]] = {}
    for result in reading.timeline.results:
        if result.category in categories and result.status in _USABLE:
            found.setdefault(result.key or result.name.text, []).append(result)
    return list(found.values())


def results(reading: Reading) -> Part:
    """One line for each series of laboratory and other measured results."""
    kept: list[tuple[tuple[float, ...], str, list[Result]]] = []
    minor = 0
    for points in series(reading, "lab", "other"):
        newest = points[0]
        if newest.value is None and newest.absent_reason is None:
            continue
        if social(newest.name.text) or _IGNORED.search(newest.name.text):
            continue
        if any(coding.code.text in CODE_STATUS for coding in newest.codes):
            continue
        age = reading.age(newest)
        if not reading.request.whole and newest.flag in (None, "normal") and laboratory(newest.name.text) == 1:
            minor += 1
            continue
        kept.append(
            (
                (_rank(points, age), -laboratory(newest.name.text), age if age is not None else 1e9),
                newest.name.text,
                points,
            )
        )
    kept.sort(key=lambda item: item[:2])
    return reading.cut("results", [item[2] for item in kept], lambda points: _write(reading, points, "results"), minor)


def _rank(points: list[Result], age: float | None) -> float:
    flag = points[0].flag
    old = age is None or age > 365
    if flag in ("critical-low", "critical-high"):
        return 3 if old else 0
    if flag in ("low", "high", "abnormal"):
        return 4 if old else 1
    if len(points) > 1 and points[1].flag not in (None, "normal"):
        gap = days_between(points[1].at, points[0].at)
        if gap is not None and gap <= 7 and not old:
            return 2
    return 7 if age is None or age > 3 * 365 else 6 if old else 5


def vitals(reading: Reading) -> Part:
    """The latest of each vital sign, blood pressure in one line."""
    found = series(reading, "vital")
    diastolic = {p.origin.source: p for points in found for p in points if _is(p, DIASTOLIC)}
    shown = [points for points in found if not (_is(points[0], DIASTOLIC) and _paired(points[0], found))]
    shown = [points for points in shown if points[0].value is not None]

    def order(points: list[Result]) -> tuple[int, float, str]:
        newest = points[0]
        codes = {coding.code.text for coding in newest.codes}
        place = next((i for i, code in enumerate(_VITAL_ORDER) if code in codes), len(_VITAL_ORDER))
        age = reading.age(newest)
        urgent = newest.flag in ("critical-low", "critical-high") and age is not None and age <= 365
        return (-1 if urgent else place), age if age is not None else 1e9, newest.name.text

    shown.sort(key=order)
    return reading.cut("vitals", shown, lambda points: _vital(reading, points, diastolic))


def _is(result: Result, code: str) -> bool:
    return any(coding.code.text == code for coding in result.codes)


def _paired(result: Result, found: list[list[Result]]) -> bool:
    return any(p.origin.source == result.origin.source and _is(p, SYSTOLIC) for points in found for p in points[:1])


def _vital(reading: Reading, points: list[Result], diastolic: dict[str, Result]) -> Claim:
    newest = points[0]
    low = diastolic.get(newest.origin.source)
    if not _is(newest, SYSTOLIC) or low is None or low.value is None or newest.value is None:
        return _write(reading, points, "vitals")
    line = reading.line()
    pressure = fill(
        PHRASES["blood-pressure"][line.language],
        {"high": number(newest.value), "low": measured(number(low.value), newest.unit)},
    )
    line.add(_dated(pressure, newest, newest))
    line.add(hidden(newest.name, low.name, low.unit))
    _flag(line, newest, "systolic-flag")
    _flag(line, low, "diastolic-flag")
    return line.claim("vitals")


def _valued(result: Result) -> Piece:
    assert result.value is not None
    value = number(result.value) if result.number is not None else name(result.value)
    if result.comparator is not None:
        value = joined([plain(result.comparator), value], "")
    return measured(value, result.unit)


def _flag(line: Line, result: Result, of: str = "") -> None:
    """Say how a value was judged; ``of`` names the phrase that tells which of two values is meant."""
    if result.flag is None or result.flag == "normal":
        return
    basis = hidden(result.flag_field) if result.flag_from == "interpretation" else hidden(result.low, result.high)
    if of:
        word = fill(PHRASES[result.flag][line.language], {"x": basis})
        line.say(of, x=word)
    else:
        line.say(result.flag, x=basis)


def _write(reading: Reading, points: list[Result], section: str) -> Claim:
    newest = points[0]
    line = reading.line()
    earlier = next((p for p in points[1:] if p.value is not None and p.at != newest.at), None)
    if _is(newest, _HEIGHT):
        earlier = None
    if newest.value is None:
        line.add(name(newest.name))
        if newest.absent_reason is not None:
            line.say("no-value", x=name(newest.absent_reason))
    else:
        line.add(_dated(joined([name(newest.name), _valued(newest)], " "), newest, earlier))
        _flag(line, newest)
    if newest.status == "preliminary":
        line.say("preliminary", x=hidden(newest.status_field))
    if newest.value is not None:
        if earlier is not None:
            _trend(line, newest, earlier)
        if section == "results" or newest.flag not in (None, "normal"):
            _range(line, newest)
    elif newest.start is not None:
        line.add(day(newest.start))
    return line.claim(section)


def _dated(value: Piece, newest: Result, earlier: Result | None) -> Piece:
    if newest.start is None:
        return value
    when = _when(newest, earlier)
    return joined([value, Piece(f"({when.text})", when.citations)], " ")


def _when(newest: Result, other: Result | None) -> Piece:
    """Show the time as well when another value is of the same day or the day before."""
    assert newest.start is not None
    gap = days_between(other.at, newest.at) if other is not None else None
    return minute(newest.start) if gap is not None and abs(gap) < 2 else day(newest.start)


def _range(line: Line, result: Result) -> None:
    if result.low is not None and result.high is not None:
        line.say("range", low=number(result.low), high=number(result.high))
    elif result.low is not None:
        line.say("range-low", low=number(result.low))
    elif result.high is not None:
        line.say("range-high", high=number(result.high))
    elif result.range_text is not None:
        line.say("range-text", x=plain(result.range_text))


def _trend(line: Line, newest: Result, earlier: Result) -> None:
    if earlier.start is None:
        return
    on = _when(earlier, newest) if (days_between(earlier.at, newest.at) or 9) < 2 else day(earlier.start)
    value = _valued(earlier)
    same = _valued(newest).text == value.text
    if newest.number is None or earlier.number is None or newest.comparator or earlier.comparator or same:
        line.say("was", x=value, on=on)
    elif newest.number > earlier.number:
        line.say("up-from", x=value, on=on)
    else:
        line.say("down-from", x=value, on=on)

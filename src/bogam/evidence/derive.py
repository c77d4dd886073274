"""The numbers that a claim may work out instead of cite: times between dates, differences, counts, a NEWS2 score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bogam.evidence.context import Measured
from bogam.terms import news2
from bogam.text.atoms import Reading
from bogam.text.dates import When, dates
from bogam.text.quantities import Quantity

_COUNTED: Final = re.compile(
    r"^\s?(?:(?:more|other|further|previous|different|recorded|active|current)\s)?(?:encounters?|visits?"
    r"|prescriptions?|results?|values?|measurements?|readings?|entries|entry|orders?"
    r"|notes?|reports?|conditions?|problems?|medications?|drugs?|allergies|records?|items?|procedures?"
    r"|immunizations?|doses|sources?|admissions?)\b|^\s?(?:more|others?|further)\b",
    re.I,
)
_CHANGE: Final = re.compile(
    r"\b(?:by|change|changed|difference|increase|decrease|higher|lower|more|less|rose|fell|drop|delta|gain"
    r"|loss)\w*\b|[+−Δ]|증가|감소|상승|하락|차이|변화",
    re.I,
)


def _day(when: When) -> datetime | None:
    year, month, day, hour, minute = when.readings[0]
    if year is None or month is None or day is None or (hour or 0) > 23:
        return None
    try:
        return datetime(year, month, day, hour or 0, minute or 0)
    except ValueError:
        return None


def is_as_of(when: When, as_of: str) -> bool:
    """Tell whether a claimed date is the day the draft speaks from."""
    moment = _moment(as_of)
    return moment is not None and any(
        reading[:3] == (moment.year, moment.month, moment.day) for reading in when.readings
    )


def _moment(as_of: str) -> datetime | None:
    found = dates(as_of)
    return _day(found[0]) if found else None


def holds(
    claim: Reading,
    number: Quantity,
    measured: Sequence[Measured],
    cited: Sequence[When],
    sources: int,
    as_of: str,
    citations: int,
) -> bool:
    """Tell whether ``number`` follows from what is cited.

    A count: of different sources cited, before a word for things counted. A difference: of two cited values of one
    unit, where the claim speaks of a change. A time: between a cited date and ``as_of``, a date of the claim, or
    another cited date. A NEWS2 score: of the cited vital signs, one value each.
    """
    return (
        _score(claim, number, measured)
        or _count(claim, number, sources, citations)
        or _difference(claim, number, measured)
        or _time(claim, number, cited, as_of)
    )


_SCORE: Final = re.compile(r"\bNEWS2(?: (?:score|at least|점수|최소)){0,2}:? \Z")


def _score(claim: Reading, number: Quantity, measured: Sequence[Measured]) -> bool:
    said = _SCORE.search(claim.text, 0, number.start)
    if said is None or not number.digits.isdigit():
        return False
    values: dict[str, float] = {}
    for each in measured:
        names = [name for name in news2.PARAMETERS if name in each.label]
        if not each.structured or each.limit or len(names) != 1:
            continue
        if values.setdefault(names[0], float(each.digits)) != float(each.digits):
            return False
    whole = len(values) == len(news2.PARAMETERS) or "least" in said[0] or "최소" in said[0]
    return bool(values) and whole and news2.total(values) == int(number.digits)


def _count(claim: Reading, number: Quantity, sources: int, citations: int) -> bool:
    counted = number.unit in ("times", "count") or (number.unit is None and _COUNTED.match(claim.text[number.end :]))
    return bool(counted) and number.digits.isdigit() and int(number.digits) in {sources, citations}


def _difference(claim: Reading, number: Quantity, measured: Sequence[Measured]) -> bool:
    begin = max(0, number.start - 24, claim.text.rfind(",", 0, number.start))
    near = claim.text[begin : number.end + 12]
    if (
        not (number.signed or _CHANGE.search(near))
        or len(measured) < 2
        or claim.text[number.end : number.end + 1] in tuple("³⁶⁹")
    ):
        return False
    places = len(number.digits.partition(".")[2])
    for index, one in enumerate(measured):
        for other in measured[index + 1 :]:
            if one.units != other.units or (number.unit is not None and number.unit not in one.units):
                continue
            gap = abs(float(one.digits) - float(other.digits))
            if gap and abs(gap - abs(number.value)) <= 0.5 * 10**-places + 1e-9:
                return True
    return False


def _time(claim: Reading, number: Quantity, cited: Sequence[When], as_of: str) -> bool:
    if number.unit not in ("a", "mo", "wk", "d", "h", "min"):
        return False
    ends = [day for when in (*claim.dates, *cited) if (day := _day(when)) is not None]
    if (moment := _moment(as_of)) is not None:
        ends.append(moment)
    starts = [day for when in cited if (day := _day(when)) is not None]
    return any(_span(min(a, b), max(a, b), number.unit, number.value) for a in starts for b in ends if a != b)


def _span(first: datetime, last: datetime, unit: str, value: float) -> bool:
    seconds = (last - first).total_seconds()
    if unit == "a":
        return _years(first.date(), last.date()) == value
    if unit == "mo":
        months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
        return months == value
    each = {"wk": 7 * 86400, "d": 86400, "h": 3600, "min": 60}[unit]
    if unit == "d" and (last.date() - first.date()).days == value:
        return True
    return int(seconds // each) == value or round(seconds / each) == value


def _years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))

"""Dates and times of day in English and Korean text, as parts that can be compared: year, month, day, hour, minute."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_Parts = tuple[int | None, int | None, int | None, int | None, int | None]


class When(NamedTuple):
    """A date, a time of day, or both. ``readings`` are the ways to read it: 04/05/2026 has two.

    Each reading is (year, month, day, hour, minute), None where it does not say. ``certain`` is False where it could as
    well be something that is no date: 11/20 may be a ratio and 2019 a plain number.
    """

    start: int
    end: int
    readings: tuple[_Parts, ...]
    certain: bool = True


_MONTHS: Final = {
    name: index
    for index, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        1,
    )
    for name in names.split()
}
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=lambda name: -len(name))) + r")\b\.?"
_CLOCK: Final = r"(?P<{0}h>[01]?\d|2[0-4]):(?P<{0}i>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?P<{0}ap>\s?[ap]\.?m\b\.?)?"
_KOREAN_CLOCK: Final = (
    r"(?:(?P<{0}half>오전|오후|새벽|아침|저녁|밤)\s?)?(?P<{0}kh>\d{{1,2}})시(?!간)(?:\s?(?P<{0}ki>\d{{1,2}})분)?"
)
_ZONE: Final = r"(?:Z\b|[+-]\d\d:?\d\d(?!\d))?"


def _with_time(date: str, name: str) -> str:
    clock = _CLOCK.format(name)
    return rf"(?:{date})(?:(?:[T ]|,? (?:at |@ ?)?){clock}{_ZONE}|\s?{_KOREAN_CLOCK.format(name)})?"


_DATE: Final = re.compile(
    "|".join(
        (
            _with_time(r"(?<![\d.])(?P<ay>(?:1[89]|20|21)\d\d)-(?P<am>0?[1-9]|1[0-2])-(?P<ad>[0-3]?\d)(?!\d)", "a"),
            _with_time(
                r"(?<![\d.])(?P<by>(?:1[89]|20|21)\d\d)(?:/|\.\s?)(?P<bm>0?[1-9]|1[0-2])(?:/"
                r"|\.\s?)(?P<bd>[0-3]?\d)(?!\d)",
                "b",
            ),
            _with_time(r"(?<![\d./])(?P<c1>[0-3]?\d)/(?P<c2>[0-3]?\d)/(?P<cy>(?:1[89]|20|21)\d\d|\d\d)(?![\d/])", "c"),
            _with_time(
                r"(?<!\d)(?P<dy>(?:1[89]|20|21)\d\d|'?\d\d)년\s?(?P<dm>0?[1-9]|1[0-2])월(?:\s?(?P<dd>[0-3]?\d)일)?", "d"
            ),
            _with_time(r"(?<!\d)(?P<em>0?[1-9]|1[0-2])월\s?(?P<ed>[0-3]?\d)일", "e"),
            _with_time(
                rf"\b(?P<fm>{_MONTH})\s?(?P<fd>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s?(?P<fy>(?:1[89]|20"
                rf"|21)\d\d)\b)?(?![:/])",
                "f",
            ),
            _with_time(
                rf"(?<![\d.])(?P<gd>[0-3]?\d)(?:st|nd|rd|th)?[ -](?:of )?(?P<gm>{_MONTH})(?:,?[ -]?(?P<gy>(?:1[89]"
                rf"|20|21)\d\d)\b)?",
                "g",
            ),
            rf"\b(?P<hm>{_MONTH}),? (?:of )?(?P<hy>(?:1[89]|20|21)\d\d)\b",
            r"(?<![\d./-])(?P<jy>(?:1[89]|20)\d\d)-(?P<jm>0[1-9]|1[0-2])(?![\d-])",
            r"(?<![\d.])(?P<ky>(?:1[89]|20|21)\d\d)년",
            r"(?<!\d)(?P<lm>0?[1-9]|1[0-2])월(?![가-힣]*\d)",
            _with_time(
                r"(?<![\d./-])(?P<mm>0?[1-9]|1[0-2])(?P<msep>[/-])(?P<md>0?[1-9]|[12]\d|3[01])(?![\d./-]|\s?(?:mm"
                r"|mg|%))",
                "m",
            ),
            r"(?<![\d.:])" + _CLOCK.format("n") + r"(?![\d:])" + _ZONE,
            r"(?<!\d)" + _KOREAN_CLOCK.format("o"),
            r"(?<![\d.,:/-])(?P<py>(?:19|20)\d\d)(?![\d.,:/]\d|\d|년|\s?(?:m[gl]|g|k?cal|u|iu|unt|ml)\b|-\d|[A-Za-z])",
        )
    ),
    re.I,
)
_QUICK: Final = re.compile(
    r"\d{4}|\d\s?[/:-]\s?\d|\d\s?[년월시]|\d\.\s?\d{1,2}\.|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]{0,6}\.?,? ?\d"
    r"|\d(?:st|nd|rd|th)?[ -](?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)


_BEGIN: Final = re.compile(
    r"(?<!\d)'?\d+|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|오전|오후|새벽|아침|저녁|밤", re.I
)


def dates(text: str) -> tuple[When, ...]:
    """Return the dates and times of day in ``text``, in order."""
    if not _QUICK.search(text):
        return ()
    found: list[When] = []
    at = 0
    while (begin := _BEGIN.search(text, at)) is not None:
        match = _DATE.match(text, begin.start())
        if match is not None and (when := _read(match)) is not None:
            found.append(when)
        at = match.end() if match is not None else begin.end()
    return tuple(found)


def iso(text: str) -> tuple[When, ...]:
    """Read a FHIR date, dateTime or instant, or as much of one as is quoted."""
    try:
        parts = (
            int(text[0:4]),
            int(text[5:7]) if len(text) >= 7 else None,
            int(text[8:10]) if len(text) >= 10 else None,
            int(text[11:13]) if len(text) >= 16 else None,
            int(text[14:16]) if len(text) >= 16 else None,
        )
    except ValueError:
        return dates(text)
    return (When(0, len(text), (parts,)),)


def _read(match: re.Match[str]) -> When | None:
    got = {name: value for name, value in match.groupdict().items() if value is not None}
    form = next(iter(got))[0]
    hour, minute = _time(got, form)
    certain = form not in "mp"
    year = _year(got.get(form + "y"))
    if form == "c":
        one, two = int(got["c1"]), int(got["c2"])
        pairs = [(one, two)] if one <= 12 else []
        pairs += [(two, one)] if two <= 12 and one != two else []
        readings = tuple((year, month, day, hour, minute) for month, day in pairs)
        return When(match.start(), match.end(), readings) if readings else None
    month = got.get(form + "m")
    number = None if month is None else int(month) if month.isdigit() else _MONTHS[month.rstrip(".").lower()]
    day = int(got[form + "d"]) if form + "d" in got else None
    if form == "m" and hour is not None:
        certain = True
    return When(match.start(), match.end(), ((year, number, day, hour, minute),), certain)


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    value = int(digits.lstrip("'"))
    return value if value > 99 else 2000 + value if value < 50 else 1900 + value


def _time(got: dict[str, str], form: str) -> tuple[int | None, int | None]:
    if form + "h" in got:
        hour, minute = int(got[form + "h"]), int(got[form + "i"])
        half = got.get(form + "ap", "").strip().lower()[:1]
    elif form + "kh" in got:
        hour = int(got[form + "kh"])
        minute = int(got[form + "ki"]) if form + "ki" in got else None
        half = "p" if got.get(form + "half", "") in ("오후", "저녁", "밤") else ""
    else:
        return None, None
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return hour, minute


def agrees(claimed: When, cited: When) -> bool:
    """Tell whether what ``claimed`` says of a moment is what ``cited`` says; it may say less, not more."""
    for reading in claimed.readings:
        for against in cited.readings:
            for part, other in zip(reading, against, strict=True):
                if part is not None and part != other:
                    break
            else:
                return True
    return False

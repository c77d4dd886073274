"""Dates and ages in notes: where they are, and the same date so many days earlier or later in the same writing.

Safe Harbor removes all elements of dates but the year, and ages over 89 (45 CFR 164.514(b)(2)(i)(C)). A year alone and
a time of day alone are not dates; a day of the week alone is not taken for one either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bogam.text.deid.finding import Finding

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NAMED: Final = (
    r"(?P<n>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_YEAR: Final = r"(?:19|20)\d\d"
_M: Final = r"(?:1[0-2]|0?[1-9])"
_D: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_WHEN: Final = (
    r"(?i:(?:on|since|until|till|through|from|by|before|after|dated?|as of|of|the|around|due|seen|admitted"
    r"|discharged|surgery"
    r"|born|dob|started|stopped|last|next|visit|appointment|collected|drawn|received|reported|signed"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?|Mon,?|Tues?,?|Wed,?|Thu(?:rs?)?,?|Fri,?"
    r"|f/u|follow[- ]?up|appt\.?|rtc|clinic"
    r"|(?:외래|내원|입원|퇴원|수술|시술|방문|예약|재진|초진|추적|다음|지난)[ ]?(?:일|예정일|날짜)?)[ ]?:?[ ])"
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a date may be written: groups y, m (or n, a name) and d; ``sure`` its confidence; ``before`` what must stand
    before it."""

    name: str
    pattern: re.Pattern[str]
    sure: float
    before: re.Pattern[str] | None = None


def _shape(name: str, pattern: str, sure: float, flags: int = 0) -> _Shape:
    return _Shape(name, re.compile(pattern, flags), sure)


_SHAPES: Final = (
    _shape("date-iso", rf"(?<![\d.-])(?P<y>{_YEAR})(?P<s>[-./])[ ]?(?P<m>{_M})(?P=s)[ ]?(?P<d>{_D})(?!\d)", 0.98),
    _shape(
        "date-compact", r"(?<![\w.-])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)", 0.85
    ),
    _shape(
        "date-numeric", rf"(?<![\d./-])(?P<m>{_M})(?P<s>[/-])(?P<d>{_D})(?P=s)(?P<y>{_YEAR}|\d\d)(?![\d/]|-\d)", 0.95
    ),
    _shape("date-numeric", rf"(?<![\d./-])(?P<d>{_D})(?P<s>[./-])(?P<m>{_M})(?P=s)(?P<y>{_YEAR})(?![\d/]|-\d)", 0.95),
    _shape(
        "date-short-year",
        rf"(?<![\d./'-])'?(?P<y>\d\d)(?P<s>[./-])[ ]?(?P<m>{_M})(?P=s)[ ]?(?P<d>{_D})(?![\d/.%-])",
        0.8,
    ),
    _shape(
        "date-korean",
        rf"(?<!\d)(?:(?P<y>{_YEAR}|'?\d\d)[ ]?년[ ]{{0,2}})?(?P<m>{_M})[ ]?월[ ]{{0,2}}(?P<d>{_D})[ ]?일(?!간)",
        0.98,
    ),
    _shape("month-korean", rf"(?<!\d)(?P<y>{_YEAR}|'?\d\d)[ ]?년[ ]{{0,2}}(?P<m>{_M})[ ]?월", 0.95),
    _shape("month-korean", rf"(?<![\d.])(?P<m>{_M})월(?!요)(?=[^가-힣]|초|중|말|경|에|부터|까지|달|의|달)", 0.8),
    _shape(
        "date-named",
        rf"\b{_NAMED}[ ]?(?P<d>{_D})(?:st|nd|rd|th)?\b(?!:)(?:,?[ ]{{1,2}}(?P<y>{_YEAR})|,?[ ]'(?P<z>\d\d))?(?!\d)",
        0.95,
        re.I,
    ),
    _shape(
        "date-named",
        rf"(?<![\d.])(?P<d>{_D})(?:st|nd|rd|th)?[ -](?:of[ ])?{_NAMED}(?:,?[ -](?P<y>{_YEAR}|\d\d(?=\b(?!:))))?(?!\d)",
        0.95,
        re.I,
    ),
    _shape("month-named", rf"\b{_NAMED},?[ ](?:of[ ])?(?P<y>{_YEAR})(?!\d)", 0.95, re.I),
    _shape(
        "month-named",
        rf"\b(?:[Ii]n|[Ss]ince|[Ll]ast|[Tt]his|[Nn]ext|[Ee]arly|[Ll]ate|[Mm]id-?|[Uu]ntil|[Bb]y)[ ]{_NAMED}",
        0.8,
    ),
    _shape("month-numeric", rf"(?<![\d./-])(?P<y>{_YEAR})[-./](?P<m>0[1-9]|1[0-2])(?![\d/-]|\.\d)", 0.85),
    _shape("month-numeric", rf"(?<![\d./-])(?P<m>0[1-9]|1[0-2])/(?P<y>{_YEAR})(?![\d/])", 0.85),
    _Shape(
        "day-and-month",
        re.compile(rf"(?<=[ :])(?P<m>{_M})/(?P<d>{_D})(?![\d/%])(?!\s?(?:pain|scale|strength))"),
        0.75,
        re.compile(rf"(?:^|[^A-Za-z]){_WHEN}\Z"),
    ),
    _shape(
        "day-and-month",
        (
            rf"(?<![\d./-])(?P<m>{_M})/(?P<d>{_D})(?=[ ]?[가-힣])(?![ ]?(?:근력|통증|점|정도|등급|회|지점|이상|이하"
            rf"|로|수준|기[^가-힣]|약|의|배|가량))"
        ),
        0.7,
    ),
    _shape(
        "day-and-month",
        rf"(?<![\d./-])(?P<m>{_M})/(?P<d>{_D})(?=[ ]?(?:부터|까지|에|경|자|일자|시행|입원|퇴원|수술|외래|내원|방문"
        rf"|검사|예정|~)"
        r"|[ ]\d\d?:\d\d)",
        0.8,
    ),
    _shape("day-and-month", rf"(?:^|\n)[ ]*[(\[]?(?P<m>{_M})/(?P<d>{_D})(?=[)\]]?(?:[ ]|:))(?![ ]?[%\d])", 0.65),
)
_PART: Final = ("y", "m", "n", "d", "z")


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: ``match`` of the shape that found it, the parts that it gives, None where it gives none."""

    match: re.Match[str]
    year: int | None
    month: int
    day: int | None

    @property
    def start(self) -> int:
        return min(self._spans())[0]

    @property
    def end(self) -> int:
        return self.match.end()

    def _spans(self) -> list[tuple[int, int]]:
        found = self.match.groupdict()
        return [self.match.span(name) for name in _PART if found.get(name)]


def _read(found: re.Match[str]) -> Written | None:
    groups = found.groupdict()
    month = _month(groups["n"]) if groups.get("n") else int(groups["m"])
    year_text = (groups.get("y") or groups.get("z") or "").lstrip("'")
    year = int(year_text) if year_text else None
    if year is not None and year < 100:
        year += 1900 if year > 50 else 2000
    day = int(groups["d"]) if groups.get("d") else None
    try:
        date(year or 2024, month, day or 1)
    except ValueError:
        return None
    return Written(found, year, month, day)


def _month(name: str) -> int:
    return next(index for index, full in enumerate(_MONTHS, 1) if full.startswith(name.lower().rstrip(".")[:3]))


_HINT: Final = re.compile(r"\d[-./]|[년월]|(?:19|20)\d{6}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)


def find(text: str) -> Iterator[Finding]:
    """Yield the dates in a folded text."""
    if not _HINT.search(text):
        return
    for shape in _SHAPES:
        for found in shape.pattern.finditer(text):
            start = found.start()
            if shape.before is not None and not shape.before.search(text[max(0, start - 16) : start]):
                continue
            written = _read(found)
            if written is not None:
                yield Finding(written.start, written.end, "date", shape.name, shape.sure)


def shifted(text: str, days: int, year: int) -> str | None:
    """Return a date as written ``days`` later in the same writing, None when ``text`` is no date.

    Parameters
    ----------
    text
        The folded words of one finding of `find`.
    year
        The year to count in where the writing gives none. A month without a day is counted from its middle.
    """
    for shape in _SHAPES:
        found = shape.pattern.search(text) or shape.pattern.search(f"in {text}") or shape.pattern.search(f"{text} 에")
        written = _read(found) if found else None
        if found is None or written is None or len(found.string.strip()) > len(found[0]) + 4:
            continue
        try:
            moved = date(written.year or year, written.month, written.day or 15) + timedelta(days=days)
        except (ValueError, OverflowError):
            return None
        return _rewritten(found, moved)
    return None


def _rewritten(found: re.Match[str], moved: date) -> str:
    values = {"y": moved.year, "z": moved.year, "m": moved.month, "d": moved.day}
    groups = found.groupdict()
    spans = sorted((found.span(name), name) for name in _PART if groups.get(name))
    text, at = "", spans[0][0][0]
    for (start, end), name in spans:
        old = found.string[start:end]
        text += found.string[at:start] + (_as(old, moved) if name == "n" else _digits(old, values[name]))
        at = end
    return text + found.string[at : found.end()]


def _as(old: str, moved: date) -> str:
    name = _MONTHS[moved.month - 1]
    short = name if len(old) > 4 or (len(old) > 3 and not old.lower().startswith("sep")) else name[: max(3, len(old))]
    if old.lower() == "may":
        short = name[:3]
    return short.upper() if old.isupper() else short.capitalize() if old[0].isupper() else short


def _digits(old: str, value: int) -> str:
    quoted = "'" if old.startswith("'") else ""
    width = len(old) - len(quoted)
    if width == 4:
        return f"{quoted}{value:04}"
    return f"{quoted}{value % 100:02}" if width == 2 else f"{quoted}{value % 100}"


_OLD: Final = re.compile(r"(?<!\d)(?:9|1[0-2])\d(?!\d)|[Nn]inety|[Hh]undred|아흔|백")
_TENS: Final = (
    r"ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a)[ ]hundred(?:[ ]and[ ]\w{3,6})?"
)
_AGES: Final = re.compile(
    r"(?<![\d.])(?P<a>9\d|1[0-2]\d)[- ]?(?:years?|yrs?|y)[- ]?(?:old\b|o\b|of[ ]age|/?o\b)|(?<![\d.])(?P<b>9\d"
    r"|1[0-2]\d)[ ]?y/?o\b"
    r"|\baged?[ ]?(?:of|:|is)?[ ]?(?P<c>9\d|1[0-2]\d)(?![\d.%])|(?<![\d.])(?:만[ ]?)?(?P<d>9\d|1[0-2]\d)[ ]?(?:세"
    r"|살)(?![가-힣]*[의]?[ ]?이하)"
    r"|\b[MF][ ]?/[ ]?(?P<e>9\d|1[0-2]\d)(?!\d)|(?<![\d./])(?P<f>9\d|1[0-2]\d)[ ]?/[ ]?[MF]\b"
    r"|나이[ ]?[:]?[ ]?(?P<g>9\d|1[0-2]\d)(?!\d)"
    rf"|\b(?P<h>{_TENS})[- ]year[- ]old"
    r"|(?P<i>아흔(?:[ ]?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉))?|백[ ]?(?:한|두|세|네)?)[ ]?살",
    re.I,
)


def ages(text: str) -> Iterator[Finding]:
    """Yield the ages over 89 in a folded text: the number alone."""
    for found in _AGES.finditer(text) if _OLD.search(text) else ():
        group = found.lastgroup
        if group is not None and found[group] is not None:
            number = found[group]
            if not number.isdigit() or int(number) > 89:
                start, end = found.span(group)
                yield Finding(start, end, "age", "great-age", 0.95)

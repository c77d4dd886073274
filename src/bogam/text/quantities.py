"""Numbers with their units, and how often something is taken, in English and Korean text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bogam.terms.units import UNIT, canonical, kind


class Quantity(NamedTuple):
    """A number as written (``digits``, without separators), its value, canonical unit (None: none) and comparator.

    ``worded`` marks a comparator given in words ("above 5"), which may be the writer's own. ``pair`` is 1 or 2 for the
    systolic and the diastolic half of a blood pressure. ``signed`` marks a written plus or minus sign.
    """

    start: int
    end: int
    digits: str
    value: float
    unit: str | None = None
    comparator: str = ""
    worded: bool = False
    pair: int = 0
    signed: bool = False


class Frequency(NamedTuple):
    """How often: ``low`` to ``high`` times a day."""

    start: int
    end: int
    low: float
    high: float


_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][+-]?\d+(?![A-Za-z\d]))?|\.\d+"
_GLUED: Final = "".join(
    rf"|(?<=\b{label})"
    for label in ("BP", "HR", "PR", "RR", "BT", "Hb", "Hgb", "Cr", "WBC", "PLT", "CRP", "BUN", "pH", "SpO2")
)
_WORDS_EN: Final[dict[str, int]] = {
    word: value
    for value, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_WORDS_KO: Final[dict[str, int]] = dict(
    zip(["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"], range(1, 11), strict=True)
)
_WORD: Final = "|".join(_WORDS_EN)
_WORD_KO: Final = "|".join(_WORDS_KO)
_BEFORE: Final = (
    r"(?P<sign><=|>=|≤|≥|<|>)|"
    r"(?P<word>(?:less|fewer|lower) than|(?:more|greater|higher) than|no (?:more|less) than|at least|at most|up to"
    r"|over|under|above|below)\s"
)
_AFTER: Final = r"\s?(?P<ko>이상|이하|미만|초과)(?!소견)"
_WORD_SIGNS: Final = (
    ("no more", "<="), ("no less", ">="), ("less", "<"), ("fewer", "<"), ("lower", "<"), ("more", ">"),
    ("greater", ">"), ("higher", ">"), ("at least", ">="), ("at most", "<="), ("up to", "<="), ("over", ">"),
    ("under", "<"), ("above", ">"), ("below", "<"), ("이상", ">="), ("이하", "<="), ("미만", "<"), ("초과", ">"),
)  # fmt: skip
_SIGNS: Final = {"≤": "<=", "≥": ">="}

_QUANTITY: Final = re.compile(
    rf"(?:(?:(?<![A-Za-z0-9.,_*^])(?<![A-Za-z]-){_GLUED}|(?<=\bx))(?P<one>{_NUMBER})|\b(?P<en>{_WORD})\b(?=[ "
    rf"-](?:to [a-z]+ )?(?:{UNIT}))"
    rf"|(?<![가-힣])(?P<kow>{_WORD_KO})(?=\s?(?:번|정|알|시간|달|차례|캡슐|포|개월|주)))"
    rf"(?:(?P<sep>\s?/\s?|\s?(?:-|~)\s?|\sto\s|\s?x(?!\s?10\s?[\^*³⁶⁹e])\s?(?=\d))(?P<two>{_NUMBER}"
    rf"|(?:{_WORD})\b)(?![\d/]))?"
    rf"(?:[ ]?-?(?P<unit>{UNIT}))?(?:{_AFTER})?",
    re.I,
)
_BEGIN: Final = re.compile(
    rf"(?<!\d)\.?\d|\b(?:{_WORD})\b|(?<![가-힣])(?:{_WORD_KO})(?=\s?[번정알시달차캡포개주])", re.I
)
_PREFIX: Final = re.compile(rf"(?:{_BEFORE})?\s?(?:(?<![\w.)\]])(?P<plus>[+-]))?\Z", re.I)
_HAS_NUMBER: Final = re.compile(rf"\d|\b(?:{_WORD})\b|[한두세네열섯곱덟홉]", re.I)

_PERIODS: Final = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.0, "min": 1 / 1440, "a": 365.0, "s": 1 / 86400}
_LATIN_CODES: Final = {
    "qd": 1, "od": 1, "daily": 1, "qday": 1, "q.d.": 1,
    "bid": 2, "b.i.d.": 2, "tid": 3, "t.i.d.": 3, "qid": 4, "q.i.d.": 4,
    "qhs": 1, "hs": 1, "qam": 1, "qpm": 1, "qod": 0.5, "nightly": 1, "weekly": 1 / 7, "monthly": 1 / 30, "hourly": 24,
    "every day": 1, "each day": 1, "every other day": 0.5, "every night": 1, "at bedtime": 1, "every week": 1 / 7,
    "every morning": 1, "every evening": 1, "every month": 1 / 30, "q.h.s.": 1, "qwk": 1 / 7, "qw": 1 / 7,
    "매일": 1, "격일": 0.5, "매주": 1 / 7, "매월": 1 / 30, "자기 전": 1, "취침 전": 1, "취침전": 1, "자기전": 1,
    "a day": 1,
}  # fmt: skip
_COUNT: Final = rf"(?:\d+(?:\.\d+)?|{_WORD})"
_SPAN: Final = r"(?P<{0}>h|hrs?|hours?|d|days?|wks?|weeks?|mo|months?|시간|일|주|개월|분|min|minutes?|years?|년)"
_FREQUENCY: Final = re.compile(
    "|".join(
        (
            rf"(?<![A-Za-z\d])q\s?(?P<a1>\d+)(?:\s?-\s?(?P<a2>\d+))?\s?{_SPAN.format('au')}\b",
            r"(?<![\d.])(?P<h1>\d+)(?:\s?-\s?(?P<h2>\d+))?-hourly\b",
            rf"\bevery\s(?P<b1>{_COUNT})(?:\s?(?:-|to|or)\s?(?P<b2>{_COUNT}))?[ -]{_SPAN.format('bu')}\b",
            rf"\b(?P<c1>{_COUNT})(?:\s?(?:-|to|or)\s?(?P<c2>{_COUNT}))?\s?(?:x|×|times)\s?(?:/|an?\s|per\s|each\s"
            rf"|every\s)?\s?(?P<cu>day|daily|d\b|week(?:ly)?|wk|hour|month(?:ly)?)\b",
            r"\b(?P<d1>once|twice|thrice)(?:\s?(?:or|to)\s?(?P<d2>twice|thrice))?\s(?:an?\s|per\s|each\s"
            r"|every\s)?(?P<du>day|daily|week(?:ly)?|night(?:ly)?|month(?:ly)?|morning|evening)\b",
            rf"(?:(?P<epre>하루(?:에)?|1일|매일|일일|일|주|매주|1주(?:일)?에?|주당|일주일에"
            rf"|월)\s?)?(?<!\d)(?P<e1>\d+|{_WORD_KO})(?:\s?[-~]\s?(?P<e2>\d+|{_WORD_KO}))?\s?(?:회|번"
            rf"|차례)(?:\s?/\s?(?P<eu>일|주|day|d|월))?",
            rf"(?<!\d)(?P<f1>\d+|{_WORD_KO})(?:\s?[-~]\s?(?P<f2>\d+))?\s?(?P<fu>시간|일|주|개월|분)\s?(?:마다|간격"
            rf"|에 (?:한|1) ?번)",
            r"(?<![A-Za-z가-힣.])(?P<g>every other day|every day|each day|every (?:night|week|morning|evening"
            r"|month)|at bedtime|nightly|weekly|monthly|hourly"
            r"|daily|q\.?d\.?|qday|b\.?i\.?d\.?|t\.?i\.?d\.?|q\.?i\.?d\.?|q\.?h\.?s\.?|hs|qam|qpm|qod|od|qwk|qw"
            r"|매일|격일|매주|매월|자기 ?전|취침 ?전)(?![A-Za-z])",
        )
    ),
    re.I,
)
_LINE: Final = re.compile(r"[^\n]+")
_MAY_REPEAT: Final = re.compile(
    r"\bq|every|each|daily|[bt]\.?i\.?d|once|twice|thrice|\bhs\b|\bod\b|bedtime|times|ly\b|\dx|\d x|[회번례]|마다"
    r"|간격|매[일주월]|격일|전",
    re.I,
)
_ONCE: Final = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


def frequencies(text: str) -> tuple[Frequency, ...]:
    """Return how-often phrases ("q8h", "twice daily", "하루 2회", "8시간마다"), in order; not a bare "3회"."""
    if not _MAY_REPEAT.search(text):
        return ()
    spans = [line.span() for line in _LINE.finditer(text) if _MAY_REPEAT.search(text, *line.span())]
    matches = (match for span in spans for match in _FREQUENCY.finditer(text, *span))
    return tuple(found for match in matches if (found := _frequency(match)) is not None)


def _amount(word: str) -> float:
    lower = word.lower()
    known = _ONCE.get(lower) or _WORDS_EN.get(lower) or _WORDS_KO.get(lower)
    return float(known) if known is not None else float(word)


def _frequency(match: re.Match[str]) -> Frequency | None:
    got = {name: value for name, value in match.groupdict().items() if value is not None}
    start, end = match.span()
    if "g" in got:
        word = re.sub(r"(?<=\w)\.", "", got["g"].lower())
        rate = float(_LATIN_CODES.get(word, _LATIN_CODES.get(word.replace(" ", ""), 1)))
        return Frequency(start, end, rate, rate)
    form = next(name[0] for name in got if name[1:] == "1")
    one = _amount(got[form + "1"])
    two = _amount(got[form + "2"]) if form + "2" in got else one
    if not one or not two:
        return None
    if form == "e":
        period = got.get("eu") or got.get("epre")
        if period is None:
            return None
        days = 7.0 if "주" in period else 30.0 if "월" in period else 1.0
    else:
        days = 1 / 24 if form == "h" else _days(got[form + "u"])
    if form in "abfh":
        return Frequency(start, end, 1 / (two * days), 1 / (one * days))
    return Frequency(start, end, one / days, two / days)


def _days(word: str) -> float:
    word = word.lower()
    for name, days in (("week", 7.0), ("month", 30.0), ("hour", 1 / 24)):
        if word.startswith(name):
            return days
    if word in ("daily", "night", "nightly", "morning", "evening"):
        return 1.0
    return _PERIODS.get(canonical(word), 1.0)


def rate(frequency: float, period: float, unit: str) -> Frequency | None:
    """Return a FHIR ``Timing.repeat`` (frequency per period and UCUM unit of time) as a `Frequency` without a place."""
    days = _PERIODS.get(unit)
    if days is None or not period or not frequency:
        return None
    each = frequency / (period * days)
    return Frequency(0, 0, each, each)


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers in ``text`` with their units and comparators; both halves of a range or a pair."""
    if not _HAS_NUMBER.search(text):
        return ()
    found: list[Quantity] = []
    at = 0
    while (begin := _BEGIN.search(text, at)) is not None:
        start = begin.start()
        match = _QUANTITY.match(text, start)
        if match is None:
            at = _past(text, begin.end())
            continue
        prefix = _PREFIX.search(text, max(at, start - 14), start) if text[start - 1 : start] in _BEFORE_ENDS else None
        found.extend(_read(match, prefix))
        at = match.end()
    return tuple(found)


_BEFORE_ENDS: Final = frozenset(" <>=≤≥+-")


def _past(text: str, at: int) -> int:
    """Step over the rest of digits that are no number of their own, as in a name like "Ai120"."""
    while at < len(text) and text[at].isdigit():
        at += 1
    return at


def _digits(match: re.Match[str], group: str) -> tuple[str, float]:
    text = match[group].replace(",", "")
    lower = text.lower()
    number = _WORDS_EN.get(lower) or _WORDS_KO.get(lower)
    return (str(number), float(number)) if number else (text, float(text))


def _comparator(match: re.Match[str], prefix: re.Match[str] | None) -> tuple[str, bool]:
    if prefix is not None and prefix["sign"]:
        return _SIGNS.get(prefix["sign"], prefix["sign"]), False
    words = (prefix["word"] if prefix is not None else None) or match["ko"]
    if not words:
        return "", False
    return next(sign for start, sign in _WORD_SIGNS if words.lower().startswith(start)), True


def _read(match: re.Match[str], prefix: re.Match[str] | None) -> list[Quantity]:
    group = "one" if match["one"] else "en" if match["en"] else "kow"
    digits, value = _digits(match, group)
    unit = None if match["unit"] is None else canonical(match["unit"].strip()) or None
    comparator, worded = _comparator(match, prefix)
    if worded and kind(unit) == "time" and prefix is not None and (prefix["word"] or "").lower() == "over":
        comparator, worded = "", False
    sign = (prefix["plus"] or "") if prefix is not None else ""
    if sign and sign != "+":
        digits, value = "-" + digits, -value
    start = prefix.start("plus") if sign and prefix is not None else match.start(group)
    if not match["two"]:
        return [Quantity(start, match.end(), digits, value, unit, comparator, worded, 0, bool(sign))]
    other, second = _digits(match, "two")
    pressure = "/" in match["sep"] and unit in (None, "mmhg") and 30 <= value <= 300 and 20 <= second <= 200
    halves = (1, 2) if pressure else (0, 0)
    if "/" in match["sep"] and not pressure and unit is None:
        return [
            Quantity(start, match.end(group), digits, value),
            Quantity(match.start("two"), match.end("two"), other, second),
        ]
    return [
        Quantity(start, match.end(group), digits, value, unit, comparator, worded, halves[0], bool(sign)),
        Quantity(match.start("two"), match.end(), other, second, unit, comparator, worded, halves[1]),
    ]


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _significant(digits: str) -> int:
    return len(digits.lstrip("-0.").replace(".", "")) if "e" not in digits.lower() else 9


_MACHINE_DECIMALS: Final = 4
_ROUNDING: Final = 0.005


def same_number(claimed: str, cited: str) -> bool:
    """Tell whether ``claimed`` (digits) is ``cited``, or ``cited`` correctly rounded to at least two significant
    digits or decimals.

    Rounding may lose half a percent; more where the record holds four or more decimals, as computed values do.
    """
    one, two = float(claimed), float(cited)
    if one == two:
        return True
    places = _decimals(claimed)
    if "e" in claimed.lower() or places >= _decimals(cited):
        return False
    if _significant(claimed) < 2 and (places < 2 or _decimals(cited) < _MACHINE_DECIMALS):
        return False
    if abs(one - two) > 0.5 * 10**-places * (1 + 1e-9):
        return False
    return _decimals(cited) >= _MACHINE_DECIMALS or abs(one - two) <= _ROUNDING * abs(two)

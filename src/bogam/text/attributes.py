"""The words that belong to an entity: value, unit, flag; dose, route, frequency, duration; side."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, NamedTuple

from bogam.terms.units import kind
from bogam.text.dates import When, dates
from bogam.text.quantities import Frequency, Quantity, frequencies, quantities
from bogam.text.reading import Attribute

_NUMBER: Final = re.compile(r"[+-]?[\d.,]*\d")
_RATE: Final = re.compile(r"\s?(?P<rate>/\s?(?:h|hr|hour|day|night))\b")
_LINK: Final = re.compile(
    r"(?:[\s:=(\[~-]|\b(?:is|was|of|at|to|level|levels|count|value|now|today|were|are|has|been|about|around"
    r"|approximately"
    r"|measured|reading|readings|on|elevated|low|high|decreased|increased|stable|normal|remains|noted|found|be"
    r"|improved|down|up"
    r"|rose|fell|from|came|back|arrival|percent|initial|initially)\b|은|는|이|가|수치|결과|측정|상|초기|내원|당시"
    r"|시|금일|오늘|로|정도|약)*"
)
_FLAG_AFTER: Final = re.compile(
    r"[\s(\[]*(?P<flag>(?:HH?|LL?)(?![A-Za-z])|[↑↓▲▼]+|(?:high|low|elevated|normal|critical|abnormal)\b|상승|저하"
    r"|감소|증가|정상|높음|낮음)",
)
_FLAG_BEFORE: Final = re.compile(
    r"(?P<flag>\b(?:high|low|elevated|decreased|reduced|increased|raised|normal|abnormal))\s+(?:serum |plasma "
    r"|blood )?\Z",
    re.I,
)
_FLAG_LINK: Final = re.compile(
    r"[\s:]*(?:level|levels|수치|count)?\s*(?:is|was|were|are|remains?|이|가|은|는)?\s*(?P<flag>elevated|high|low"
    r"|decreased|increased"
    r"|normal|abnormal|↑+|↓+|상승|저하|감소|증가|정상|높음|낮음)",
    re.I,
)
_ROUTE: Final = re.compile(
    r"(?<![A-Za-z])(?:PO|P\.O\.|IV|I\.V\.|IVPB|IVP|IM|SC|SQ|SubQ|subcut|SL|PR|NG|PV|inh|INH|neb|NEB|top|IH|IT"
    r"|ID)(?![A-Za-z])"
    r"|\b(?:po|iv|im|sc|sl|orally|oral|by mouth|intravenous(?:ly)?|intramuscular(?:ly)?|subcutaneous(?:ly)?"
    r"|sublingual(?:ly)?"
    r"|rectal(?:ly)?|topical(?:ly)?|inhal(?:ed|ation|er)|nebulized|intranasal(?:ly)?|nasal|transdermal|ophthalmic"
    r"|patch"
    r"|injection|infusion)\b"
    r"|경구|정맥(?:주사|투여)?|정주|근주|근육주사|피하(?:주사)?|설하|직장|흡입|점안|점비|도포|외용|주사"
)
_COUNT: Final = re.compile(
    r"(?<![\d.A-Za-z])\d+(?:[./]\d+)?\s?(?:T|C|P|tabs?|tablets?|caps?|capsules?|puffs?|drops?|gtt|amp|vial|pk|정"
    r"|캡슐|포|알|방울|앰플|바이알)"
    r"(?![A-Za-z])"
)
_AS_NEEDED: Final = re.compile(
    r"\b(?:p\.?r\.?n\.?|as needed|stat|once|daily)(?![A-Za-z])|필요 ?시|(?:아침|점심|저녁|매)\s?식[전후]|아침|저녁"
    r"|취침 ?전|자기 ?전"
    r"|\b(?:in the (?:morning|evening)|at (?:night|bedtime)|with meals?)\b",
    re.I,
)
_AMOUNT: Final = (
    r"(?:\d+(?:\.\d+)?(?:\s?(?:-|~|to)\s?\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|several|a few"
    r"|a couple of|an?)"
)
_DURATION: Final = re.compile(
    rf"(?:(?:for|x|×|over|since|past|last|within)\s?(?:the\s)?(?:past\s|last\s)?)?\b{_AMOUNT}[\s-]?"
    r"(?:minutes?|min|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?)\b(?!\s?[-/]?\s?old)"
    r"(?:\s(?:ago|history|duration|prior|earlier))?"
    r"|(?:\d+(?:\s?[-~]\s?\d+)?|[한두세네몇수]|다섯|여섯|열)\s?(?:시간|주일|주|개월|달|년|일|분)\s?(?:여\s?)?"
    r"(?:간(?!격)|동안|째|전부터|전|이상|정도|분(?![가-힣]))(?!\s?마다)"
    r"|(?<![가-힣])(?:하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|열흘|보름)\s?(?:간|동안|째|전부터|전|정도)",
    re.I,
)
_MAY_LAST: Final = re.compile(
    r"(?:day|week|month|year|hour|min|hr|wk|mo|yr)|[일주월년달간]|이틀|사흘|나흘|닷새|열흘|보름|하루", re.I
)
_SIDE_BEFORE: Final = re.compile(
    r"(?P<side>\b(?:left|right|bilateral|both|lt|rt)\b\.?|(?<![A-Za-z])[LR](?=\.?\s)\.?|왼쪽|오른쪽|양쪽|좌측|우측"
    r"|양측|좌|우|왼|오른)"
    r"[\s-]*(?:sided|upper|lower|middle|distal|proximal|lateral|medial|anterior|posterior|상|하|중|외|내)?[\s-]*\Z",
    re.I,
)
_SIDE_AFTER: Final = re.compile(
    r"\s?[,(]?\s?(?:on |in )?(?:the )?(?P<side>\b(?:left|right|bilateral(?:ly)?|lt|rt)\b|왼쪽|오른쪽|양쪽|좌측"
    r"|우측|양측)(?! (?:away|now|the|home))",
    re.I,
)


class Values(NamedTuple):
    """The numbers, frequencies, dates and durations of a text, each in order."""

    text: str
    quantities: tuple[Quantity, ...]
    starts: tuple[int, ...]
    frequencies: tuple[Frequency, ...]
    dates: tuple[When, ...]
    durations: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, text: str) -> Values:
        """Read the values of ``text``; digits in a date or a frequency are no quantity."""
        moments = dates(text)
        often = frequencies(text)
        rest = _blank(text, [(w.start, w.end) for w in moments if w.certain] + [(f.start, f.end) for f in often])
        numbers = quantities(rest)
        lasts = tuple(match.span() for match in _DURATION.finditer(rest)) if _MAY_LAST.search(rest) else ()
        return cls(text, numbers, tuple(number.start for number in numbers), often, moments, lasts)

    def between(self, start: int, end: int) -> tuple[Quantity, ...]:
        """Return the quantities that begin between two places."""
        return self.quantities[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        parts.append(text[at:start])
        parts.append("\x01" * (end - start))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def number_spans(text: str, quantity: Quantity) -> tuple[Attribute, ...]:
    """Return the value and, where one is written, the unit of a quantity."""
    digits = _NUMBER.match(text, quantity.start, quantity.end)
    if digits is None:
        return (Attribute("value", quantity.start, quantity.end),)
    found = [Attribute("value", quantity.start, digits.end())]
    start = digits.end()
    while start < quantity.end and text[start] in " -":
        start += 1
    if quantity.unit is not None and start < quantity.end:
        found.append(Attribute("unit", start, quantity.end))
    elif quantity.unit is None and (rate := _RATE.match(text, quantity.end)):
        found.append(Attribute("unit", *rate.span("rate")))
    return tuple(found)


def value_after(values: Values, end: int, stop: int) -> tuple[Quantity, ...]:
    """Return the quantity said of the words that end at ``end`` (both halves of a pair), if one follows them."""
    numbers = values.between(end, min(stop, end + 48))
    if not numbers:
        return ()
    first = numbers[0]
    link = _LINK.match(values.text, end, first.start)
    if link is None or values.text[link.end() : first.start].strip(" <>=≤≥" if first.comparator else ""):
        return ()
    if kind(first.unit) == "time":
        return ()
    return numbers[:2] if first.pair == 1 and len(numbers) > 1 and numbers[1].pair == 2 else (first,)


def flag(text: str, start: int, end: int, value_end: int | None, stop: int) -> tuple[Attribute, ...]:
    """Return what a note says of a value: high, low, H, L, an arrow; after the value, before or after the name."""
    match = _FLAG_AFTER.match(text, value_end, stop) if value_end is not None else _FLAG_LINK.match(text, end, stop)
    if match is None:
        match = _FLAG_BEFORE.search(text, max(0, start - 24), start)
    return (Attribute("flag", match.start("flag"), match.end("flag")),) if match is not None else ()


def drug_attributes(values: Values, start: int, end: int, stop: int, begin: int) -> tuple[Attribute, ...]:
    """Return dose, route, frequency and duration of a drug named from ``start`` to ``end``.

    They stand between the name and ``stop``, where the next drug begins; a dose may stand right before the name, not
    before ``begin``.
    """
    text = values.text
    semicolon = text.find(";", end, stop)
    stop = semicolon if semicolon >= 0 else stop
    found: list[Attribute] = []
    dose = _dose(values, start, end, stop, begin)
    if dose is not None:
        found.append(Attribute("dose", *dose))
    after = max(end, dose[1]) if dose is not None else end
    if route := _ROUTE.search(text, end, stop):
        found.append(Attribute("route", *route.span()))
    often = next(((f.start, f.end) for f in values.frequencies if end <= f.start and f.end <= stop), None)
    if often is None and (match := _AS_NEEDED.search(text, after, stop)):
        often = match.span()
    if often is not None:
        found.append(Attribute("frequency", *often))
    lasts = next((span for span in values.durations if end <= span[0] and span[1] <= stop), None)
    if lasts is not None:
        found.append(Attribute("duration", *lasts))
    return tuple(found)


def _dose(values: Values, start: int, end: int, stop: int, begin: int) -> tuple[int, int] | None:
    for number in values.between(end, stop):
        if number.unit is not None and (kind(number.unit) == "dose" or "/" in number.unit or number.unit == "%"):
            return number.start, min(number.end, stop)
    if count := _COUNT.search(values.text, end, stop):
        return count.span()
    before = [n for n in values.between(max(begin, start - 24), start) if n.end <= start]
    if before and kind(before[-1].unit) == "dose" and values.text[before[-1].end : start].strip() in ("", "of"):
        return before[-1].start, before[-1].end
    return None


def side_attribute(text: str, start: int, end: int, begin: int, stop: int) -> tuple[Attribute, ...]:
    """Return the side said of the words from ``start`` to ``end``, within ``begin`` and ``stop``."""
    match = _SIDE_BEFORE.search(text, max(begin, start - 20), start) or _SIDE_AFTER.match(
        text, end, min(stop, end + 24)
    )
    return (Attribute("side", match.start("side"), match.end("side")),) if match is not None else ()

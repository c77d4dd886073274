"""What the words around a name make of it: abbreviations that mean something else there, values only aimed at."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class _Elsewhere(NamedTuple):
    """Words before or after which a name is not what it mostly is; ``key`` is what it is there, empty for nothing."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    key: str = ""


_NOT_THERE: Final[dict[str, _Elsewhere]] = {
    "RA": _Elsewhere(re.compile(r"(?:%|\bon|\bat|\bto|\bin|SpO2|sats?|[\d(])[\s,(]*\Z", re.I), None),
    "PE": _Elsewhere(None, re.compile(r"\s?(?:[:)]|tube|shows?|showed|reveal|findings|상\b|within)", re.I)),
    "HD": _Elsewhere(None, re.compile(r"\s?(?:#|day|\d)", re.I)),
    "AGE": _Elsewhere(None, re.compile(r"\s?[:/)(]|\s\d|\s?=|\s(?:of|and|appropriate)", re.I)),
    "SI": _Elsewhere(None, re.compile(r"\s?(?:joints?|unit)", re.I)),
    "AR": _Elsewhere(
        re.compile(r"(?:\bMR|\bTR|\bAS|\bMS|EF|echo|TTE|valve|bicuspid)[^.\n]*\Z", re.I),
        re.compile(r"\s?(?:,|/)?\s?(?:MR|TR|AS|grade|Gr\b|II|III|IV|trivial)", re.I),
        "aortic-regurgitation",
    ),
    "CAP": _Elsewhere(re.compile(r"\d\s?\Z"), None),
    "MCH": _Elsewhere(re.compile(r"\bat\s\Z"), None),
    "fall": _Elsewhere(None, re.compile(r"\s(?:asleep|within|under|in(?:to)? (?:line|range))", re.I)),
    "falls": _Elsewhere(None, re.compile(r"\s(?:asleep|within|under|into)", re.I)),
    "shock": _Elsewhere(re.compile(r"\b(?:wave|electric|ICD|a|one)\s\Z", re.I), re.compile(r"\s?(?:wave|index)", re.I)),
    "cane": _Elsewhere(None, re.compile(r"\ssugar", re.I)),
    "mass": _Elsewhere(
        re.compile(r"\b(?:bone|body|muscle|fat|lean)\s\Z", re.I), re.compile(r"\s(?:index|effect)", re.I)
    ),
    "cast": _Elsewhere(re.compile(r"\b(?:hyaline|granular|RBC|WBC|muddy brown)\s\Z", re.I), None),
    "stroke": _Elsewhere(re.compile(r"\bheat\s\Z", re.I), re.compile(r"\s(?:volume|unit|scale)", re.I)),
    "output": _Elsewhere(re.compile(r"\bcardiac\s\Z", re.I), None),
}
_NEAR: Final = 40


def meant(text: str, start: int, end: int, key: str) -> str:
    """Return the key of the name from ``start`` to ``end`` in its context, empty where it is no such name there."""
    name = text[start:end]
    other = _NOT_THERE.get(name if name.isupper() else name.lower())
    if other is None:
        return key
    before = other.before is not None and other.before.search(text[max(0, start - _NEAR) : start]) is not None
    after = other.after is not None and other.after.match(text, end) is not None
    return other.key if before or after else key


_AIM_BEFORE: Final = re.compile(
    r"(?:\b(?:target(?:ing|ed)?|goals?|aim(?:ing|ed)?(?: for)?|keep(?:ing)?|maintain(?:ing)?|titrate to|desired|hold if"
    r"|hold for|if|until|notify(?: MD)?(?: if| for)?|call if|when|unless)\b(?:\s(?:of|for|an?|the|to|is|was|:))*"
    r"|목표\s?(?:는|치|치는)?|목표:)[\s:]*\Z",
    re.I,
)
_AIM_AFTER: Final = re.compile(
    r"[\s(]*(?:[<>≤≥=]+|to|at|of|is|:|above|below|over|under|around|[가을를은는이]|\s)*"
    r"(?:\b(?:target|goal)\b|목표|이상 유지|이하 유지|미만 유지|이상\s?(?:으로)?\s?유지|유지 ?목표)",
    re.I,
)
_AIM_OF: Final = re.compile(r"\s?(?:target|goal|aim|목표)", re.I)
_RANGE: Final = re.compile(r"\s?%?\s?(?:(?:-|~|to|–)\s?[\d.]+\s?%?)?(?:\s?(?:mmHg|mg/dL|L/min|bpm|회))?", re.I)


def is_aim(text: str, start: int, end: int, value_end: int, begin: int, stop: int) -> bool:
    """Tell whether a value is one to aim for or to act upon, and not one that was measured.

    Parameters
    ----------
    text
        The note.
    start, end
        The name of what is measured.
    value_end
        Where its value ends.
    begin, stop
        The sentence.
    """
    if _AIM_BEFORE.search(text, max(begin, start - _NEAR), start) or _AIM_OF.match(text, end, stop):
        return True
    tail = _RANGE.match(text, value_end, stop)
    return _AIM_AFTER.match(text, tail.end() if tail is not None else value_end, stop) is not None

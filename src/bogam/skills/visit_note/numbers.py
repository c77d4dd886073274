"""Numbers as spoken, written in figures: "seventy six" is 76, "one twenty over eighty" and ``백이십에 팔십`` 120/80."""

from __future__ import annotations

import re
from typing import Final

from bogam.text.spoken import numbers

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: 10 * (at + 2)
    for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_WORD: Final = "|".join([*_UNITS, *_TENS, "hundred", "thousand"])
_RUN: Final = re.compile(
    rf"\b(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD}))*\b(?: point (?:{_WORD})(?: (?:{_WORD}))*)?", re.I
)
_SINO: Final = re.compile(r"[영공일이삼사오육륙칠팔구십백천만]")
_CLOSE: Final = re.compile(
    r"\s+(?=(?:도|년|개월|일|주|시간|분|초|세|회)(?:(?![가-힣])|\s?[예이까였]|전|동안|뒤|후|간|째|마다|정도))"
)
"""The blank before a unit that is written close to its figures."""
_LARGEST: Final = 10_000_000
_ALONE: Final = frozenset({"one", "zero"})


def written(text: str) -> str:
    """Return ``text`` with spoken numbers in figures. A lone "one" is left, as it is mostly a pronoun."""
    text = _RUN.sub(lambda found: _figure(found[0]), text)
    return re.sub(r"\b(\d{2,3}) over (\d{2,3})\b", r"\1/\2", text)


def written_korean(text: str) -> str:
    """Return ``text`` with Sino-Korean numbers in figures. Native counts (한 번, 이틀) stay words."""
    parts: list[str] = []
    at = 0
    for each in numbers(text):
        if not _SINO.match(text, each.start) or each.days:
            continue
        between = "/" if each.pair == 2 and parts else text[at : each.start]
        parts += [between, each.digits]
        at = each.end
        if (blank := _CLOSE.match(text, at)) is not None:
            at = blank.end()
    return "".join([*parts, text[at:]])


def _figure(words: str) -> str:
    if words.lower() in _ALONE:
        return words
    whole, _, part = words.lower().partition(" point ")
    value = _value(whole.replace("-", " ").split())
    if value is None:
        return words
    if not part:
        return str(value)
    digits = [str(_UNITS[word]) for word in part.split() if word in _UNITS and _UNITS[word] < 10]
    return f"{value}.{''.join(digits)}" if len(digits) == len(part.split()) else words


def _value(words: list[str]) -> int | None:
    """Return the number, also of "one twenty" (120) and "nineteen ninety eight" (1998); None for anything else."""
    groups: list[int] = []
    last = ""
    for word in words:
        if word == "and":
            if last not in ("hundred", "thousand"):
                return None
            continue
        if word in ("hundred", "thousand"):
            if not groups or groups[-1] >= _LARGEST:
                return None
            groups[-1] *= 100 if word == "hundred" else 1000
        elif word in _TENS:
            if last in ("hundred", "thousand"):
                groups[-1] += _TENS[word]
            else:
                groups.append(_TENS[word])
        elif (last in _TENS and 0 < _UNITS[word] < 10) or last in ("hundred", "thousand"):
            groups[-1] += _UNITS[word]
        else:
            groups.append(_UNITS[word])
        last = word
    if len(groups) == 1:
        return groups[0] if groups[0] < _LARGEST else None
    if len(groups) == 2 and (0 < groups[0] < 10 or 10 < groups[0] < 21) and 9 < groups[1] < 100:
        return groups[0] * 100 + groups[1]
    return None

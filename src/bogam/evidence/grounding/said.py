"""Numbers as they are said: "one twenty over eighty", "twenty twenty one", "two and a half", "july third".

What a run of number words means is often open ("one twenty five" is 125, or 1, 20 and 5). Every reading counts as said.
Korean is read by `bogam.text.spoken`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bogam.text import spoken


class Said(NamedTuple):
    """A value that may have been said, and the code points of its words.

    ``sure`` is False where the words seldom count: "this one", "in a second", half of "one twenty over eighty".
    """

    value: float
    start: int
    end: int
    sure: bool = True


_ONES_WORDS: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS_WORDS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_WORDS: Final = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
_MONTH_WORDS: Final = "january february march april may june july august september october november december"

_ONES: Final = {word: value for value, word in enumerate(_ONES_WORDS.split())}
_TENS: Final = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), 2)}
_ORDINALS: Final = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), 1)} | {"thirtieth": 30}
_MONTHS: Final = {word: value for value, word in enumerate(_MONTH_WORDS.split(), 1)}
_COUNTED_WORDS: Final = """
year month week day hour minute second mile block pack beer drink glass cup time pound tablet pill capsule puff dose
years months weeks days hours minutes miles blocks packs beers drinks milligram gram percent centimeter unit episode
plus out to or and over of
"""
_PERIOD_WORDS: Final = "year month week day hour mile pack minute"
_OPEN_WORDS: Final = "a an the is was of at about by with to just"
_COUNTED: Final = frozenset(_COUNTED_WORDS.split())
"""What follows a "one" that counts."""
_PERIODS: Final = frozenset(_PERIOD_WORDS.split())
"""What "a", "per" and "every" count one of."""
_OPEN: Final = frozenset(_OPEN_WORDS.split())
"""Words that no sentence ends in: a full stop after them is a decimal point."""
_LOOSE: Final = {
    "couple": 2, "twice": 2, "once": 1, "thrice": 3, "both": 2, "dozen": 12, "half": 0.5, "quarter": 0.25,
    "single": 1, "double": 2, "triple": 3, "pair": 2,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "hundreds": 100, "thousand": 1000, "million": 1_000_000}
_WORD: Final = re.compile(
    r"(?<!\S)\.\d+|(?<![A-Za-z\d])\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?|[a-z]+|(?<=\s)\.(?=\s)",
    re.IGNORECASE,
)
_HANGUL: Final = re.compile(r"[가-힣]")
_BABY_ASPIRIN: Final = re.compile(r"\bbaby aspirin", re.IGNORECASE)
_TO_HUNDREDS: Final = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine)\s(?:to|or)\s\w{3,5}\shundreds?\b", re.IGNORECASE
)
"""The first of "three to four hundreds"."""
_JOINED: Final = 4
"""Numbers said one after the other that may be one: a year or a telephone extension has four digits at most."""


class _Piece(NamedTuple):
    """One number as grammar has it: its value, its words' places, and whether it can be part of a longer one."""

    value: float
    start: int
    end: int
    after: int
    """The token that comes next."""
    also: tuple[float, ...] = ()
    """What it is if a full stop stands there and no decimal point: "take two . five days later"."""
    sure: bool = True
    one: bool = False
    """Whether it is the word "one", which mostly is a pronoun."""


@lru_cache(maxsize=512)
def said(text: str) -> tuple[Said, ...]:
    """Return every value that may be meant in ``text``, English or Korean, in the order they stand."""
    tokens = [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
    words = [word for word, _, _ in tokens]
    found = [Said(81.0, *match.span()) for match in _BABY_ASPIRIN.finditer(text)]
    found += [Said(float(_ONES[match[1].lower()] * 100), *match.span(1)) for match in _TO_HUNDREDS.finditer(text)]
    if _HANGUL.search(text):
        korean = (each for each in spoken.numbers(text) if _HANGUL.match(text, each.start))
        found += [Said(each.value, each.start, each.end) for each in korean]
    run: list[_Piece] = []
    at = 0
    while at < len(tokens):
        piece = _piece(words, tokens, at, bool(run))
        if piece is not None:
            run.append(piece)
            at = piece.after
            continue
        found.extend(_readings(run, words[at]))
        run = []
        word, start, end = tokens[at]
        found.extend(Said(value, start, end) for value in _single(word))
        if word in ("a", "an", "per", "every", "each") and words[at + 1 : at + 2] and words[at + 1] in _PERIODS:
            found.append(Said(1.0, start, end))
        at += 1
    found.extend(_readings(run, ""))
    return tuple(found)


def _readings(run: list[_Piece], after: str) -> list[Said]:
    """Every number of a run, and what neighbours mean as one: "twenty | twenty one", "one | twenty".

    ``after`` is the word behind the run.
    """
    pressure = after == "over" and len(run) > 1 and run[-2].value < 3 and run[-1].value >= 10
    counts = [piece.sure and not (pressure and piece in run[-2:]) for piece in run]
    if run and run[-1].one and after not in _COUNTED:
        counts[-1] = False
    found = [Said(piece.value, piece.start, piece.end, sure) for piece, sure in zip(run, counts, strict=True)]
    found += [Said(value, piece.start, piece.end, False) for piece in run for value in piece.also]
    for first in range(len(run)):
        digits = ""
        for piece in run[first : first + _JOINED]:
            if not float(piece.value).is_integer():
                break
            digits += str(int(piece.value))
            if len(digits) > _JOINED:
                break
            if piece is not run[first]:
                found.append(Said(float(digits), run[first].start, piece.end))
    return found


def _piece(words: list[str], tokens: list[tuple[str, int, int]], at: int, inside: bool) -> _Piece | None:
    start = at
    also: tuple[float, ...] = ()
    value, at = _whole(words, at, inside)
    opened = words[at : at + 1] == ["."] and words[at - 1 : at] != [] and words[at - 1] in _OPEN
    if at == start and not (
        words[at] == "point" or opened or (words[at] in ("year", "pack") and words[at + 1 : at + 4] == _HALF)
    ):
        return None
    if at == start and words[at] != "point" and not opened:
        value, at = 1.0, at + 1
    if words[at : at + 1] in (["point"], ["."]):
        digits, after = "", at + 1
        while after < len(words) and _digit(words[after]) is not None and len(digits) < _JOINED:
            digits += str(_digit(words[after]))
            after += 1
        if digits and words[at] == "." and not opened:
            also = (value, float(digits))
        if digits:
            value, at = float(f"{int(value)}.{digits}"), after
        elif at == start:
            return None
    elif words[at : at + 3] == _HALF:
        value, at = value + 0.5, at + 3
    ordinal = at == start + 1 and words[start] in ("second", "first")
    return _Piece(value, tokens[start][1], tokens[at - 1][2], at, also, not ordinal, words[start:at] == ["one"])


_HALF: Final = ["and", "a", "half"]


def _digit(word: str) -> int | None:
    if word.isdigit() and word.isascii():
        return int(word)
    return _ONES.get(word)


def _whole(words: list[str], at: int, inside: bool) -> tuple[float, int]:
    """Read the longest number of English grammar from ``at``; return its value and the token after it."""
    total, section, last, start = 0.0, 0.0, "", at
    while at < len(words):
        word = words[at]
        ones = _ONES.get(word, _ORDINALS.get(word))
        fresh = last == "" or last in _SCALES
        if (word[0].isdigit() or word[0] == "." != word) and fresh:
            section += float(re.sub(r"[^\d.]", "", word))
        elif word in _SCALES and (last or words[at - 1 : at] == ["a"]):
            section = (section or 1) * _SCALES[word]
            if word[:7] != "hundred":
                total, section = total + section, 0.0
        elif word in _TENS and fresh:
            section += _TENS[word]
        elif ones is not None and (fresh or (last in _TENS and 0 < ones < 10)):
            section += ones
        elif word == "and" and last in _SCALES and at + 1 < len(words) and _small(words[at + 1]):
            at += 1
            continue
        elif word in ("o", "oh") and inside and at == start:
            return 0.0, at + 1
        else:
            break
        last = word
        at += 1
    return total + section, at


def _small(word: str) -> bool:
    return word in _ONES or word in _TENS or word in _ORDINALS


def _single(word: str) -> list[float]:
    if word in _MONTHS:
        return [float(_MONTHS[word])]
    if word in _LOOSE:
        return [float(_LOOSE[word])]
    return []

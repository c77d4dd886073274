"""How a Korean verb or adjective in its dictionary form begins where it stands in running text.

Follows the conjugation classes of Korean school grammar: regular stems, the contractions of vowel stems, and the stems
in ㅂ, ㄷ, ㅅ, ㅎ, ㄹ and 르 that change.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

_FIRST: Final = 0xAC00
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_JOINED: Final = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅡ": "ㅓ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}
"""The vowel of a stem joined with 아 or 어."""
_KEPT: Final = "ㅏㅐㅓㅔㅕㅖ"
"""Vowels that swallow 아 or 어."""
_BRIGHT: Final = "ㅏㅑㅗ"
_ENDINGS: Final = ("고", "는", "지", "기", "게", "거", "나", "네", "던", "도", "자")
_SOFT: Final = ("면", "며", "니", "려", "러", "므", "시")
_JOINING: Final = ("서", "도", "야", "요", "라", "주", "보", "둔", "두")
_AFTER: Final = {"ㄴ": (" 뒤", " 후", " 다음", " 지", " 환", " 경", " 상"), "ㄹ": (" 때", " 수", " 경", "까")}
_REGULAR: Final = {"ㅂ": "잡입뽑씹접집좁업꼽수줍", "ㅅ": "벗씻빗솟웃앗"}
_HEARD: Final = "걷듣싣닫붇"
"""Stems in ㄷ that change; the rest keep it."""
_COLOURS: Final = "랗갛얗맣렇떻"


def _parts(syllable: str) -> tuple[int, str, str]:
    lead, rest = divmod(ord(syllable) - _FIRST, 588)
    return lead, _VOWELS[rest // 28], _FINALS[rest % 28]


def _syllable(lead: int, vowel: str, final: str = " ") -> str:
    return chr(_FIRST + lead * 588 + _VOWELS.index(vowel) * 28 + _FINALS.index(final))


@cache
def beginnings(verb: str) -> tuple[str, ...]:
    """Return how the forms of a verb begin, each of two code points at least.

    Parameters
    ----------
    verb
        A dictionary form, ``빼다`` or ``열이 나다``.

    Raises
    ------
    ValueError
        When it does not end in ``다`` after a syllable.
    """
    stem = verb.removesuffix("다")
    if stem == verb or not stem or not "가" <= stem[-1] <= "힣":
        raise ValueError(f"{verb!r} is not the dictionary form of a Korean verb: write it as 빼다.")
    least: list[str] = []
    for form in sorted(set(_forms(stem[:-1], stem[-1]))):
        if len(form) > 1 and not (least and form.startswith(least[-1])):
            least.append(form)
    return tuple(least)


def _forms(before: str, last: str) -> Iterator[str]:
    """Yield forms; those of one syllable are dropped by the caller: they stand for too much."""
    lead, vowel, final = _parts(last)
    if before:
        yield before + last
    else:
        yield from (last + ending for ending in _ENDINGS)
    if final == " ":
        yield from _of_vowel(before, last, lead, vowel)
    else:
        yield from _of_consonant(before, last, lead, vowel, final)


def _of_vowel(before: str, last: str, lead: int, vowel: str) -> Iterator[str]:
    if not before:
        yield from (last + ending for ending in _SOFT)
    for added in "ㄴㄹ":
        yield from _whole(before, _syllable(lead, vowel, added), _AFTER[added])
    yield before + _syllable(lead, vowel, "ㅂ") + "니"
    yield from _whole(before, _syllable(lead, vowel, "ㅁ"), ())
    yield from _joined(before, last, lead, vowel)


def _joined(before: str, last: str, lead: int, vowel: str) -> Iterator[str]:
    """Yield a vowel stem with 아 or 어, and its past."""
    if last == "하":
        yield from (before + each for each in ("하여", "해서", "해야", "해도", "해요", "했", "해 "))
        if before:
            yield before + "해"
        return
    if last == "르" and before and "가" <= before[-1] <= "힣":
        other, inner, final = _parts(before[-1])
        if final == " ":
            ends = ("라", "랐") if inner in _BRIGHT else ("러", "렀")
            yield from (before[:-1] + _syllable(other, inner, "ㄹ") + end for end in ends)
            return
    joined = vowel if vowel in _KEPT else _JOINED.get(vowel, "")
    if vowel == "ㅡ" and before and "가" <= before[-1] <= "힣" and _parts(before[-1])[1] in _BRIGHT:
        joined = "ㅏ"
    if joined:
        yield from (before + _syllable(lead, joined) + end for end in _JOINING)
        past = before + _syllable(lead, joined, "ㅆ")
        yield from (past,) if before else (past + end for end in ("다", "는", "을", "던", "으", "습", "어", "고"))
        if before and joined != vowel:
            yield before + _syllable(lead, joined)
    if vowel not in _KEPT:
        yield from (before + last + end for end in ("아", "어", "았", "었"))


def _of_consonant(before: str, last: str, lead: int, vowel: str, final: str) -> Iterator[str]:
    bright = vowel in _BRIGHT
    yield from (before + last + ending for ending in ("습", "은", "을", "음", "으", "아" if bright else "어"))
    yield before + last + ("았" if bright else "었")
    bare = _syllable(lead, vowel)
    if final == "ㅂ" and last not in _REGULAR["ㅂ"]:
        joined = "와" if last in "돕곱" else "워"
        yield from (before + bare + each for each in ("우", "운", "울", joined, "웠", "왔"))
    elif final == "ㅅ" and last not in _REGULAR["ㅅ"]:
        yield from (
            before + bare + each for each in ("은", "을", "으", "아" if bright else "어", "았" if bright else "었")
        )
    elif final == "ㄷ" and last in _HEARD:
        heard = before + _syllable(lead, vowel, "ㄹ")
        yield from (heard + each for each in ("은", "을", "으", "어", "었", "음"))
    elif last in _COLOURS:
        yield from (before + _syllable(lead, vowel, each) for each in " ㄴㄹ")
        yield from (before + _syllable(lead, "ㅐ", each) for each in " ㅆ")
    elif final == "ㄹ":
        yield from (before + last + each for each in ("면", "며", "려", "러"))
        yield from (before + bare + each for each in ("는", "니", "네", "시"))
        yield before + _syllable(lead, vowel, "ㅂ") + "니"
        yield from _whole(before, _syllable(lead, vowel, "ㄴ"), _AFTER["ㄴ"])
        yield from _whole(before, last, _AFTER["ㄹ"])


def _whole(before: str, syllable: str, after: tuple[str, ...]) -> Iterator[str]:
    """Yield a form that ends in a syllable: as it is behind another, else before what can only follow a verb."""
    if before:
        yield before + syllable
    yield from (before + syllable + each for each in after)

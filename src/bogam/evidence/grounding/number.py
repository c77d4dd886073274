"""The signs that a dialogue bears out one number of a sentence."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from bogam.evidence.grounding.dialogue import Dialogue
from bogam.evidence.grounding.said import Said
from bogam.terms.concepts import keys

Weight = Callable[[str], float]
"""How telling a key is."""


class Number(NamedTuple):
    """A number of a sentence: its value, its place, and its digits as written."""

    value: float
    start: int
    end: int
    digits: str


_NUMBER: Final = re.compile(
    r"(?<![A-Za-z\d.])(?<![A-Za-z]-)(?<![A-Za-z]\d-)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\.?\d)(?![A-Za-z]*\d)"
)
_LONGEST: Final = 9
_UNITS: Final = {
    word: group
    for group in (
        "mg milligram milligrams 밀리그램", "mcg microgram micrograms", "year years yr 년 세 살",
        "month months 개월 달",
        "week weeks 주", "day days daily 일", "hour hours 시간", "minute minutes min 분", "% percent 퍼센트 프로",
        "cm centimeter centimeters 센티", "mm millimeter millimeters", "pound pounds lb lbs", "out", "times time 번 회",
        "beats bpm", "degree degrees", "unit units", "feet foot", "mile miles", "pack packs 갑",
        "tablet tablets pill pills capsule capsules puff puffs 정 알",
    )
    for word in group.split()
}  # fmt: skip
_TOKEN: Final = re.compile(r"[A-Za-z]+|[가-힣]+|\d+(?:,\d{3})*(?:\.\d+)?|%")
_AFTER: Final = re.compile(r"\s?(?:/|-|to|out of)\s?(\d+(?:\.\d+)?)")
_BEFORE: Final = re.compile(r"(\d+(?:\.\d+)?)\s?(?:/|-|to|out of)\s?$")
_BESIDE: Final = 30
_REACH: Final = 25
"""Code points over which a word of the sentence comes to matter less for a number; far words keep a little."""
_FAR: Final = 0.15


def numbers(sentence: str) -> list[Number]:
    """Return the numbers of a sentence that stand alone: not those of COVID-19, C5-6 or A1c."""
    found = [Number(float(m[0].replace(",", "")), m.start(), m.end(), m[0]) for m in _NUMBER.finditer(sentence)]
    return [number for number in found if len(number.digits) <= _LONGEST]


class _Asked(NamedTuple):
    """What a sentence says of a number: the words around it with their weights, its unit, the other of its pair."""

    around: Mapping[str, float]
    total: float
    unit: str | None
    partner: float | None


class _Met(NamedTuple):
    """How one place, where some value was said, fits what is asked."""

    there: float = 0
    wide: float = 0
    near: float = 0
    same_unit: float = 0
    other_unit: float = 0
    no_unit: float = 0
    pair: float = 0
    sure: float = 0

    @property
    def fit(self) -> float:
        """One value for how well it fits, 0 where nothing was said."""
        return (
            1.2 * self.wide + 2 * self.near + self.same_unit - self.other_unit + self.pair + 0.6 * self.sure
            if self.there
            else 0
        )


def number_signs(sentence: str, number: Number, dialogue: Dialogue, weight: Weight) -> list[float]:
    """Whether a number was said, and whether what stands around it in the sentence was said around it.

    Beside it stand the same signs for ten times as much and a tenth (a slip of the decimal point), and whether some
    other value, that the sentence does not have, fits better there.
    """
    asked = _asked(sentence, number, weight)
    mine = {each.value for each in numbers(sentence)}
    own, slip, rival = _Met(), _Met(), _Met()
    times = 0
    for index, each in enumerate(dialogue.said):
        if each.value == number.value:
            times += 1
            own = _better(own, _met(each, index, dialogue, asked))
        elif each.value not in mine:
            met = _met(each, index, dialogue, asked)
            rival = _better(rival, met)
            if number.value and _is_tenfold(each.value, number.value):
                slip = _better(slip, met)
    small = float(number.value <= 10 and number.value == int(number.value))
    worse = slip.fit - own.fit
    return [
        *own, small, own.there * small, own.sure * small, own.there - own.sure,
        slip.there, slip.wide, slip.near, slip.same_unit, slip.sure, max(0.0, worse), worse if slip.there else -1.0,
        rival.fit - own.fit, max(0.0, rival.fit - own.fit), math.log1p(times), math.log1p(len(asked.around)),
    ]  # fmt: skip


def _asked(sentence: str, number: Number, weight: Weight) -> _Asked:
    around: dict[str, float] = {}
    for key in keys(sentence):
        if not number.start <= key.start < number.end:
            away = max(number.start - key.end, key.start - number.end, 0)
            counts = weight(key.name) * (_FAR + math.exp(-away / _REACH))
            around[key.name] = max(around.get(key.name, 0.0), counts)
    after, before = _AFTER.match(sentence, number.end), _BEFORE.search(sentence[: number.start])
    partner = float(after[1]) if after is not None else float(before[1]) if before is not None else None
    unit = _unit(sentence, number.end, 2, 24)
    if unit is None and after is not None:
        unit = _unit(sentence, after.end(), 2, 24)
    return _Asked(around, sum(around.values()) or 1.0, unit, partner)


def _met(said: Said, index: int, dialogue: Dialogue, asked: _Asked) -> _Met:
    close = dialogue.closeness[index]
    shared = [(counts, close[name]) for name, counts in asked.around.items() if name in close]
    there = _unit(dialogue.text, said.end, 5, 42)
    pair = 0.0
    if asked.partner is not None:
        starts = dialogue.starts_of.get(asked.partner, [])
        beside = bisect_left(starts, said.start + _BESIDE) - bisect_right(starts, said.start - _BESIDE)
        pair = 1.0 if beside > (said.value == asked.partner) else -1.0
    return _Met(
        1.0,
        sum(counts for counts, _ in shared) / asked.total,
        sum(counts * nearness for counts, nearness in shared) / asked.total,
        float(asked.unit is not None and there == asked.unit),
        float(asked.unit is not None and there is not None and there != asked.unit),
        float(asked.unit is not None and there is None),
        pair,
        float(said.sure),
    )


def _better(one: _Met, other: _Met) -> _Met:
    return other if not one.there or other.fit > one.fit else one


def _is_tenfold(said: float, written: float) -> bool:
    return math.isclose(said, 10 * written) or math.isclose(10 * said, written)


def _unit(text: str, start: int, most: int, reach: int) -> str | None:
    """Return the unit among the ``most`` words after ``start``, as its group."""
    words = _TOKEN.findall(text[start : start + reach].lower())[:most]
    return next((_UNITS[word] for word in words if word in _UNITS), None)

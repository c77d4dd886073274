"""The signs that a dialogue bears out a sentence, one of its numbers, or one of its sides."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from bogam.evidence.grounding.dialogue import Dialogue, beginning
from bogam.evidence.grounding.said import Said
from bogam.terms.concepts import keys

Weight = Callable[[str], float]
"""How telling a key is."""

_WORD: Final = re.compile(r"[A-Za-z]{2,}|[가-힣]{2,}")
_SMALL_WORDS: Final = """
a an and any are as at be been being but by can could did do does for from had has have he her hers him his how i if in
into is it its me my no nor not of on or our ours she should so some than that the their them then there these they this
those to too up was we were what when where which who will with would you your
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_TURNS: Final = 4
"""Turns in a row that one sentence is taken to sum up."""


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
_NEAR: Final = 45
_AROUND: Final = 60
_BESIDE: Final = 30


def sentence_signs(sentence: str, dialogue: Dialogue, weight: Weight) -> list[float]:
    """How much of a sentence was said, all told and within a few turns, and what of it was not."""
    names = {key.name for key in keys(sentence)}
    hit = names & dialogue.names
    total = sum(map(weight, names)) or 0.1
    covered = sum(map(weight, hit))
    best = 0.0
    for index in range(len(dialogue.by_turn)):
        window = names & frozenset[str]().union(*dialogue.by_turn[index : index + _TURNS])
        best = max(best, sum(map(weight, window)))
    words = {word.lower() for word in _WORD.findall(sentence)} - _SMALL
    begun = sum(beginning(word) in dialogue.beginnings for word in words)
    missed = names - hit
    values = {each.value for each in dialogue.said}
    return [
        covered / total,
        len(hit) / max(1, len(names)),
        begun / max(1, len(words)),
        best / total,
        best,
        math.log1p(total),
        max(map(weight, missed), default=0.0),
        max(map(weight, hit), default=0.0),
        sum(name[:2] != "w:" for name in missed),
        sum(name[:2] == "d:" for name in missed),
        sum(number.value not in values for number in numbers(sentence)),
        total - covered,
        covered,
        1 / max(1, len(names)),
    ]


def numbers(sentence: str) -> list[Number]:
    """Return the numbers of a sentence that stand alone: not those of COVID-19, C5-6 or A1c."""
    found = [Number(float(m[0].replace(",", "")), m.start(), m.end(), m[0]) for m in _NUMBER.finditer(sentence)]
    return [number for number in found if len(number.digits) <= _LONGEST]


def number_signs(sentence: str, number: Number, dialogue: Dialogue, weight: Weight) -> list[float]:
    """Whether a number was said, and whether what stands around it in the sentence was said around it.

    Its unit and the other half of a pair ("120/80", "3/10") are told apart.
    """
    middle = (number.start + number.end) / 2
    around = [(k.name, weight(k.name) * (1 if abs(k.start - middle) < _NEAR else 0.4)) for k in keys(sentence)]
    after, before = _AFTER.match(sentence, number.end), _BEFORE.search(sentence[: number.start])
    partner = float(after[1]) if after is not None else float(before[1]) if before is not None else None
    unit = _unit(sentence, number.end, 2, 24)
    if unit is None and after is not None:
        unit = _unit(sentence, after.end(), 2, 24)
    candidates = [
        _occurrence(each, dialogue, around, unit, partner) for each in dialogue.said if each.value == number.value
    ]
    best = max(candidates, key=lambda s: 1.2 * s[1] + s[2] + s[3] - s[4] + s[6], default=[0.0] * 7)
    small = float(number.value <= 10 and number.value == int(number.value))
    exists, wide, close, same, _, _, pair = best
    return [
        *best, small, exists * small, same * (1 - small), wide * small, math.log1p(len(around)), wide * wide,
        (unit is None) * wide, pair * small, close * same,
    ]  # fmt: skip


def _occurrence(
    said: Said, dialogue: Dialogue, around: list[tuple[str, float]], unit: str | None, partner: float | None
) -> list[float]:
    total = sum(weight for _, weight in around) or 1.0
    wide = dialogue.near(said.start - 220, said.end + 160)
    close = dialogue.near(said.start - _AROUND, said.end + _AROUND)
    there = _unit(dialogue.text, said.end, 5, 42)
    pair = 0.0
    if partner is not None:
        others = (each for each in dialogue.said if abs(each.start - said.start) < _BESIDE and each is not said)
        pair = 1.0 if any(each.value == partner for each in others) else -1.0
    return [
        1.0,
        sum(weight for name, weight in around if name in wide) / total,
        sum(weight for name, weight in around if name in close) / total,
        float(unit is not None and there == unit),
        float(unit is not None and there is not None and there != unit),
        float(unit is not None and there is None),
        pair,
    ]


def _unit(text: str, start: int, most: int, reach: int) -> str | None:
    """Return the unit among the ``most`` words after ``start``, as its group."""
    words = _TOKEN.findall(text[start : start + reach].lower())[:most]
    return next((_UNITS[word] for word in words if word in _UNITS), None)


class Side(NamedTuple):
    """A side that a text names, and where."""

    name: str
    start: int
    end: int


_SIDE: Final = re.compile(
    r"\b(left)(?!\s(?:the|over|it|off|at|in|on|for|my|his|her|home|work|out|behind|alone|untreated)\b)"
    r"|\b(right)(?!\s(?:now|away|after|before|there|here|in\s|on\b|at\b|when|okay|so|and\s(?:then|i)|up\b|\.|,|\?))"
    r"|(왼|좌측)|(오른|우측)",
    re.IGNORECASE,
)


def side_mentions(text: str) -> list[Side]:
    """Return the lefts and rights that are sides of a body."""
    return [
        Side("left" if match[1] or match[3] else "right", match.start(), match.end()) for match in _SIDE.finditer(text)
    ]


def side_signs(sentence: str, side: Side, dialogue: Dialogue, weight: Weight) -> list[float]:
    """How well what stands around a side in the sentence fits around that side in the dialogue, and the other."""
    around = [(k.name, weight(k.name) * (1 if 0 <= k.start - side.end < 25 else 0.35)) for k in keys(sentence)]
    around = [(name, value) for name, value in around if name not in ("left", "right", "w:left", "w:right")]
    total = sum(value for _, value in around) or 1.0
    best = {"left": 0.0, "right": 0.0}
    wide = dict(best)
    counts = {"left": 0, "right": 0}
    for each in side_mentions(dialogue.text):
        counts[each.name] += 1
        near = dialogue.near(each.start - 40, each.end + 40)
        far = dialogue.near(each.start - 200, each.end + 200)
        best[each.name] = max(best[each.name], sum(value for name, value in around if name in near) / total)
        wide[each.name] = max(wide[each.name], sum(value for name, value in around if name in far) / total)
    other = "right" if side.name == "left" else "left"
    own, against = counts[side.name], counts[other]
    return [
        best[side.name], best[other], wide[side.name], wide[other], best[side.name] - best[other],
        float(own > 0), float(against > 0), (own - against) / max(1, own + against), math.log1p(own),
        float(own > 0 and against == 0), float(own == 0 and against > 0),
    ]  # fmt: skip

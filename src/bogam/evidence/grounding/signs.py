"""The signs that a dialogue bears out a sentence or one of its sides."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from bogam.evidence.grounding.dialogue import Dialogue, beginning
from bogam.evidence.grounding.number import Weight, numbers
from bogam.terms.concepts import keys

_WORD: Final = re.compile(r"[A-Za-z]{2,}|[가-힣]{2,}")
_SMALL_WORDS: Final = """
a an and any are as at be been being but by can could did do does for from had has have he her hers him his how i if in
into is it its me my no nor not of on or our ours she should so some than that the their them then there these they this
those to too up was we were what when where which who will with would you your
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_TURNS: Final = 4
"""Turns in a row that one sentence is taken to sum up."""


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

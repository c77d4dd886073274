"""Where two sources say different things about the same: other numbers, or one affirms what the other denies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Language
from bogam.evidence.retrieval.features import features
from bogam.record.citation import Citation, Field
from bogam.skills.answering.quote import Quoted
from bogam.skills.answering.words import say
from bogam.text.atoms import Reading, read
from bogam.text.polarity import AFFIRMED, DENIED

_ALIKE: Final = 0.5
_MOST: Final = 5


def disagreements(found: Sequence[Quoted], language: Language) -> tuple[Claim, ...]:
    """Return a claim for each two quotations of different documents that differ on the same subject."""
    told: list[Claim] = []
    for one, other in combinations(found, 2):
        if one.passage.ref != other.passage.ref and differ(one.words.text, other.words.text):
            values = {"a": one.words.text, "b": other.words.text, "ta": one.passage.title, "tb": other.passage.title}
            cited = (one.words.cite(), _title(one), other.words.cite(), _title(other))
            told.append(Claim(say("differ", language, **values), cited, kind="conflict.sources"))
    return tuple(told[:_MOST])


def _title(each: Quoted) -> Citation:
    return Field(each.words.origin, "/title", each.passage.title).cite()


def differ(one: str, other: str) -> bool:
    """Whether two sentences are about the same and do not agree.

    They are about the same when they name the same drugs and terms and share half of their words beside numbers. They
    do not agree when a number of one unit differs, or when one denies what the other affirms.
    """
    ours, theirs = read(one), read(other)
    keys, others = _named(ours), _named(theirs)
    if not keys & others:
        return False
    mine, yours = _words(one), _words(other)
    if len(mine & yours) < _ALIKE * min(len(mine), len(yours)):
        return False
    numbers, against = _numbers(ours), _numbers(theirs)
    if any(numbers[unit] != against[unit] for unit in numbers.keys() & against.keys()):
        return True
    meant, otherwise = _meant(ours), _meant(theirs)
    return any({meant[key], otherwise[key]} == {AFFIRMED, DENIED} for key in meant.keys() & otherwise.keys())


def _named(reading: Reading) -> set[str]:
    return {key.name for key in reading.keys if key.strong}


def _meant(reading: Reading) -> dict[str, int]:
    """Return how each drug or term of a text is meant: affirmed or denied."""
    return {key.name: reading.polarity.at(key.start) for key in reading.keys if key.strong}


def _words(text: str) -> frozenset[str]:
    return frozenset(each for each in features(text) if not each[0].isdigit())


def _numbers(reading: Reading) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each in reading.quantities:
        found.setdefault(each.unit or "", set()).add(each.digits)
    return {unit: frozenset(digits) for unit, digits in found.items()}

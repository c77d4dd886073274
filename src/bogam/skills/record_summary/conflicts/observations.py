"""Observations that a person has one of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.record_summary.conflicts.telling import KIND
from bogam.skills.writing.compose import Piece, day, joined, label, name
from bogam.skills.writing.reading import Reading


def blood_groups(reading: Reading) -> Iterator[Claim]:
    """Two different blood groups."""
    groups = [
        r for r in reading.timeline.results if r.value is not None and any(c.code.text in _BLOOD for c in r.codes)
    ]
    for code in _BLOOD:
        of_code = [r for r in groups if any(c.code.text == code for c in r.codes)]
        differing = next((r for r in of_code[1:] if _word(r) != _word(of_code[0])), None)
        if differing is not None:
            yield _values(reading, of_code[0], differing)


_BLOOD: Final = ("883-9", "882-1", "10331-7")
"""LOINC: ABO group; ABO and Rh group; Rh."""


def smoking(reading: Reading) -> Iterator[Claim]:
    """A smoker, or former smoker, who is later recorded as never having smoked, or two statuses on one day."""
    entries = [
        r for r in reading.timeline.results if r.value is not None and any(c.code.text == "72166-2" for c in r.codes)
    ]
    for later, earlier in pairwise(entries):
        if _word(later) == _word(earlier):
            continue
        same_day = (
            later.start is not None and earlier.start is not None and later.start.text[:10] == earlier.start.text[:10]
        )
        if same_day or ("never" in _word(later) and "never" not in _word(earlier) and "unknown" not in _word(earlier)):
            yield _values(reading, later, earlier)
            return


def _word(result: Result) -> str:
    return label(result.value) if result.value is not None else ""


def _values(reading: Reading, one: Result, other: Result) -> Claim:
    def told(result: Result) -> Piece:
        assert result.value is not None
        shown = joined([name(result.name), name(result.value)], " ")
        return joined([shown, *([day(result.start)] if result.start else [])])

    return reading.line().say("conflict-differ", a=told(one), b=told(other)).claim("conflicts", KIND)

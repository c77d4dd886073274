"""How a contradiction names the entries that it is between."""

from __future__ import annotations

from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Fact
from bogam.skills.writing.compose import Piece, day, hidden, joined, name
from bogam.skills.writing.reading import Reading

KIND: Final = "conflict.contradiction"


def told(reading: Reading, fact: Fact) -> Piece:
    """Show a fact with its date, its status cited."""
    shown = [name(fact.name), hidden(fact.status_field)]
    if fact.start is not None:
        when = day(fact.start)
        shown.insert(1, Piece(f" ({when.text})", when.citations))
    return joined(shown, "")


def both(reading: Reading, one: Fact, other: Fact, phrase: str = "conflict-both") -> Claim:
    return reading.line().say(phrase, a=told(reading, one), b=told(reading, other)).claim("conflicts", KIND)

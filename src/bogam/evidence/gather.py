"""All that the citations of one claim bear out, brought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bogam.evidence.context import Measured, Often, Piece, Scope
from bogam.terms.concepts import with_parents
from bogam.text.dates import When
from bogam.text.polarity import DENIED
from bogam.text.quantities import Quantity

Chosen = list[tuple[Quantity, list[Measured]]]
"""The numbers of a claim that were borne out, each with the cited numbers that bear it out."""


@dataclass(slots=True)
class Evidence:
    """What the citations of one claim bear out together."""

    pieces: Sequence[Piece]
    scopes: dict[str, Scope] = field(default_factory=dict[str, Scope])
    measured: list[Measured] = field(default_factory=list[Measured])
    often: list[Often] = field(default_factory=list[Often])
    dates: list[tuple[When, str]] = field(default_factory=list[tuple[When, str]])
    keys: dict[str, int] = field(default_factory=dict[str, int])
    names: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    text: str = ""
    denies: bool = False


_DEATH: Final = "died dead death deceased 사망"


def gather(pieces: Sequence[Piece]) -> Evidence:
    """Bring the pieces of one claim together."""
    got = Evidence(pieces)
    for piece in pieces:
        if piece.scope.id not in got.scopes:
            got.scopes[piece.scope.id] = piece.scope
            for name, state in piece.scope.label.items():
                got.keys[name] = got.keys.get(name, 0) | state
            got.denies = (
                got.denies or piece.scope.refuted or any(state == 1 << DENIED for state in piece.scope.label.values())
            )
        got.measured.extend(piece.measured)
        got.often.extend(piece.often)
        got.dates.extend((when, piece.scope.id) for when in piece.dates)
        for name, state in piece.keys.items():
            got.keys[name] = got.keys.get(name, 0) | state
        got.denies = got.denies or piece.denies
    got.names = with_parents(frozenset(got.keys))
    labels = {each.label for each in got.measured}
    got.labels = with_parents(labels.pop() if len(labels) == 1 else frozenset[str]().union(*labels))
    words = [*(scope.names for scope in got.scopes.values()), *(piece.text for piece in pieces)]
    words += [_DEATH for piece in pieces if piece.pointer.startswith("/deceased")]
    got.text = "\n".join(words).lower()
    return got

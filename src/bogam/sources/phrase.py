"""Names as keys of a mirror: a phrase of a name is found by its words and its pairs of neighbouring words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bogam.sources.mirror import words_of

_MOST_WORDS = 40


def keys(name: str, values: Iterable[str]) -> set[tuple[str, str]]:
    """Return the keys of names: ``("brand", "extra strength")`` for a brand name that has these words side by side."""
    made: set[tuple[str, str]] = set()
    for value in values:
        words = _words(value)
        made |= {(name, each) for each in words}
        made |= {(name, f"{first} {second}") for first, second in pairwise(words)}
    return made


def filters(name: str, asked: str) -> list[tuple[str, str]]:
    """Return what a name must have to hold the words asked for side by side."""
    words = _words(asked)
    if len(words) < 2:
        return [(name, words[0] if words else asked.casefold())] if asked else []
    return [(name, f"{first} {second}") for first, second in pairwise(words)]


def _words(text: str) -> list[str]:
    return words_of(text.casefold())[:_MOST_WORDS]

"""Finds all identifiers in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from bogam.text.deid import dates, names_en, names_ko, structured_en, structured_ko
from bogam.text.deid.finding import Finding, settled
from bogam.text.deid.fold import fold
from bogam.text.deid.known import NONE, Known
from bogam.text.deid.rule import Rule

_KOREAN: Final[tuple[Rule, ...]] = (*structured_en.RULES, *structured_ko.RULES)
_OTHER: Final[tuple[Rule, ...]] = (*structured_en.RULES, *structured_ko.SHAPES)
_HANGUL: Final = re.compile("[가-힣]")
_SURE: Final = 0.6
_LARGEST: Final = 1 << 18
_LAP: Final = 2000
_SHAPED: Final = re.compile(r"\d[\d .:/-]*\d|@|://|www\.|\d[월일세살]")
"""What a term must have to be worth looking at: two figures, or a mark of addresses."""


def find(
    text: str, known: Known = NONE, *, names: bool = True, progress: Callable[[int, int], None] | None = None
) -> tuple[Finding, ...]:
    """Find the identifiers in a text.

    Parameters
    ----------
    text
        A note, a message, a cell. Code points of it are what findings count in.
    known
        What the record says of the people it is about.
    names
        Whether names that the record does not know are looked for too: not in what holds terms and not prose.
    progress
        Takes how many code points of a long text are done, and how many there are.

    Returns
    -------
    tuple of Finding
        In order, none overlapping another.
    """
    if len(text) > _LARGEST:
        return settled(text, list(_in_pieces(text, known, names, progress)))
    folded = fold(text)
    found: Iterator[Finding] = known.find(folded.text)
    if names or _SHAPED.search(folded.text):
        rules = _KOREAN if _HANGUL.search(folded.text) else _OTHER
        found = chain(found, *(rule.find(folded.text) for rule in rules), dates.find(folded.text))
        found = chain(found, dates.ages(folded.text))
    if names:
        found = chain(found, names_en.find(folded.text), names_ko.find(folded.text))
    sure = [_balanced(folded.text, each) for each in found if each.confidence >= _SURE]
    if folded.places is not None:
        sure = [each._replace(start=folded.place(each.start), end=folded.place(each.end)) for each in sure]
    return settled(text, sure)


def _balanced(text: str, each: Finding) -> Finding:
    """Leave out a bracket at an end of a finding whose partner stands outside it."""
    said = text[each.start : each.end]
    if said.startswith("(") and ")" not in said:
        return each._replace(start=each.start + 1)
    return each._replace(end=each.end - 1) if said.endswith(")") and "(" not in said else each


def _in_pieces(text: str, known: Known, names: bool, progress: Callable[[int, int], None] | None) -> Iterator[Finding]:
    """Pieces that lap over each other, so that nothing is cut in two and no pattern runs over megabytes."""
    for start in range(0, len(text), _LARGEST - _LAP):
        for each in find(text[start : start + _LARGEST], known, names=names):
            yield each._replace(start=each.start + start, end=each.end + start)
        if progress is not None:
            progress(min(start + _LARGEST, len(text)), len(text))

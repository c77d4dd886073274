"""Names of drugs and companies: in the letters that American records have, and as keys of a mirror."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from bogam.sources.answer import BadQuery
from bogam.sources.mirrors import words_of
from bogam.terms import drugs

_MOST_WORDS = 40


def latin(text: str, source: str) -> str:
    """Return a text in Latin letters, without accents.

    Raises
    ------
    BadQuery
        For other letters: the records of ``source`` are English and hold none, so that nothing found would mislead.
        It names the drugs that a Korean text means.
    """
    folded = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    if all(each.isascii() or not each.isalnum() for each in folded):
        return folded
    meant = ", ".join(drugs.ingredients(text))
    raise BadQuery(
        f"{source} holds English records: ask in English{f' ({meant})' if meant else ''}.",
        ko=f"{source}의 기록은 영어입니다. 영어로 물으십시오{f'({meant})' if meant else ''}.",
    )


def keys(name: str, values: Iterable[str]) -> set[tuple[str, str]]:
    """Return the keys of names: each word, and each two words that stand side by side."""
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

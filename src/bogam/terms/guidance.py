"""Words of guidelines and of questions about them, equal across English and Korean: ``data/guidance.tsv``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple


class Said(NamedTuple):
    """A key and the code points that say it; ``subject`` is what or whom a text is about, not a word to ask with."""

    key: str
    start: int
    end: int
    subject: bool


class _Table(NamedTuple):
    english: re.Pattern[str]
    korean: re.Pattern[str]
    keys: dict[str, tuple[str, ...]]
    names: dict[str, tuple[str, ...]]
    subjects: frozenset[str]


@cache
def _table() -> _Table:
    text = (files("bogam.terms") / "data" / "guidance.tsv").read_text(encoding="utf-8")
    keys: dict[str, list[str]] = {}
    names: dict[str, tuple[str, ...]] = {}
    subjects: set[str] = set()
    kind = ""
    for line in text.splitlines():
        kind = line[1:] if line.startswith("@") else kind
        if line and not line.startswith(("#", "@")):
            key, english, korean = line.split("\t")
            names[key] = tuple(english.split(";"))
            if kind == "subject":
                subjects.add(key)
            for name in (*english.lower().split(";"), *korean.split(";")):
                keys.setdefault(name, []).append(key)
    latin = sorted((name for name in keys if name < "가"), key=len, reverse=True)
    hangul = sorted((name for name in keys if name >= "가"), key=len, reverse=True)
    english = rf"\b(?:{'|'.join(map(re.escape, latin))})(?=(?:s|es|d|ed|ing)?\b)"
    folded = {name: tuple(found) for name, found in keys.items()}
    return _Table(re.compile(english), re.compile("|".join(map(re.escape, hangul))), folded, names, frozenset(subjects))


@lru_cache(maxsize=16384)
def said(text: str) -> tuple[Said, ...]:
    """Return what ``text`` says of this table, in order."""
    table, lower = _table(), text.lower()
    if len(lower) != len(text):
        lower = text
    found = [
        Said(key, match.start(), match.end(), key in table.subjects)
        for pattern in (table.english, table.korean)
        for match in pattern.finditer(lower)
        for key in table.keys[match[0]]
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def english_words(key: str) -> tuple[str, ...]:
    """Return the English words of a key."""
    return _table().names.get(key, ())

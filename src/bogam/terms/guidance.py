"""Words of guidelines and of questions about them, equal across English and Korean: ``data/guidance.tsv`` and, broader,
``data/hospital_words.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple


class Said(NamedTuple):
    """A key and the code points that say it; ``subject`` is what or whom a text is about, not a word to ask with."""

    key: str
    start: int
    end: int
    subject: bool


class _Table(NamedTuple):
    """Keys by what says them: English names by their first word, those with Hangul by their first two code points."""

    english: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
    korean: dict[str, list[tuple[str, tuple[str, ...]]]]
    names: dict[str, tuple[str, ...]]
    subjects: frozenset[str]


_FILES: Final = ("hospital_words.tsv", "guidance.tsv")
_WORD: Final = re.compile(r"[a-z0-9]+")
_HANGUL: Final = re.compile(r"[가-힣]")
_ENDINGS: Final = ("", "s", "es", "d", "ed", "ing")
"""What may follow a word of the table."""


@cache
def _table() -> _Table:
    folder = files("bogam.terms") / "data"
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in _FILES)
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
    made = _Table({}, {}, names, frozenset(subjects))
    for name in sorted(keys, key=len, reverse=True):
        words = tuple(_WORD.findall(name))
        if _HANGUL.search(name):
            made.korean.setdefault(name[:2], []).append((name, tuple(keys[name])))
        elif words:
            made.english.setdefault(words[0], []).append((words, tuple(keys[name])))
    return made


@lru_cache(maxsize=16384)
def said(text: str) -> tuple[Said, ...]:
    """Return what ``text`` says of this table, in order: the longest name at each place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    found = [*_english(lower), *(_korean(lower) if _HANGUL.search(lower) else ())]
    return tuple(sorted(found, key=lambda each: each.start))


def _english(text: str) -> Iterator[Said]:
    table = _table()
    runs = [(run[0], run.start(), run.end()) for run in _WORD.finditer(text)]
    at = 0
    while at < len(runs):
        size, keys = _longest(table, runs, at)
        for key in keys:
            yield Said(key, runs[at][1], runs[at + size - 1][2], key in table.subjects)
        at += max(size, 1)


def _longest(table: _Table, runs: list[tuple[str, int, int]], at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many words the longest name at a word takes, and its keys."""
    word = runs[at][0]
    best: tuple[int, tuple[str, ...]] = (0, ())
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        for words, keys in table.english.get(word.removesuffix(ending), ()):
            size = len(words)
            if size <= best[0] or (ending and size > 1) or at + size > len(runs):
                continue
            if size == 1 or (
                all(mine == runs[at + n][0] for n, mine in enumerate(words[:-1]))
                and any(runs[at + size - 1][0] == words[-1] + end for end in _ENDINGS)
            ):
                best = (size, keys)
    return best


def _korean(text: str) -> Iterator[Said]:
    table = _table()
    at = 0
    while at < len(text):
        for name, keys in table.korean.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                for key in keys:
                    yield Said(key, at, at + len(name), key in table.subjects)
                at += len(name)
                break
        else:
            at += 1


def english_words(key: str) -> tuple[str, ...]:
    """Return the English words of a key."""
    return _table().names.get(key, ())

"""Clinical words of a Korean, mixed or abbreviated text in English, by the lexicon and ``data/modifiers.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from bogam.terms.concepts import keys, stem

_MOST: Final = 3
_HANGUL: Final = re.compile(r"[가-힣]+")
_LONGEST: Final = 500


def _lines(name: str) -> list[list[str]]:
    text = (files("bogam.terms") / "data" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "@"))]


@cache
def _names() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    english: dict[str, tuple[str, ...]] = {}
    korean: dict[str, tuple[str, ...]] = {}
    for line in (*_lines("terms.tsv"), *_lines("entities.tsv")):
        key, in_english, in_korean = (*line, "", "")[:3]
        # What entities.tsv adds to a term are narrower names, by which a note is read: no translations of it.
        english.setdefault(key, tuple(filter(None, in_english.split(";"))))
        korean[key] = tuple(dict.fromkeys((*korean.get(key, ()), *filter(None, in_korean.split(";")))))
    return english, korean


@cache
def _hangul() -> dict[str, tuple[str, ...]]:
    """Return English names by the Korean name without blanks."""
    found: dict[str, tuple[str, ...]] = {}
    for korean, english in _lines("modifiers.tsv"):
        for name in korean.split(";"):
            found[name] = (english,)
    for line in _lines("drugs.tsv"):
        for name in line[1].split(";") if len(line) > 1 else ():
            if name and _HANGUL.fullmatch(name):
                found[name] = (line[0],)
    rows = (*_lines("entities.tsv"), *_lines("terms.tsv"))
    for key, in_english, in_korean in ((*row, "", "")[:3] for row in rows):
        names = _spelled_out(filter(None, in_english.split(";"))) or english_names(key)
        for name in in_korean.split(";"):
            short = name.replace(" ", "")
            if _HANGUL.fullmatch(short):
                found[short] = names
    return found


@cache
def _longest() -> int:
    return max(map(len, _hangul()))


def english_names(key: str) -> tuple[str, ...]:
    """Return the English names of a lexicon key, spelled out ones first; a drug's ingredient is its own name."""
    if key.startswith("d:"):
        return (key[2:],)
    return _spelled_out(_names()[0].get(key, ()))


def _spelled_out(names: Iterable[str]) -> tuple[str, ...]:
    """Put abbreviations last."""
    return tuple(sorted(names, key=lambda name: name.isupper() or len(name) < 4))


def korean_names(key: str) -> tuple[str, ...]:
    """Return the Korean names of a lexicon key."""
    return _names()[1].get(key, ())


def lexicon_keys() -> tuple[str, ...]:
    """Return the keys of the lexicon, in its order."""
    return tuple(_names()[0])


@lru_cache(maxsize=4096)
def in_english(text: str) -> tuple[str, ...]:
    """Return ``text`` with what the lexicon knows replaced by its English names; several ways where there are several.

    Empty when nothing in it is Korean or has another English name. Korean words that the lexicon does not know stay.
    """
    text = text[:_LONGEST]
    parts = _parts(text)
    if not any(names for _, names in parts):
        return ()
    ways: dict[str, None] = {}
    for way in range(_MOST):
        said = (f" {names[min(way, len(names) - 1)]} " if names else word for word, names in parts)
        ways[" ".join("".join(said).split())] = None
    ways.pop(text, None)
    return tuple(ways)


def _parts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Split ``text`` into stretches, each with its English names where it has any."""
    found: list[tuple[str, tuple[str, ...]]] = []
    done = 0
    named = {key.start: key for key in keys(text) if key.name[:2] != "w:" and text[key.start].isascii()}
    runs = {match.start(): match for match in _HANGUL.finditer(text)}
    for start in sorted({*named, *runs}):
        if start < done:
            continue
        found.append((text[done:start], ()))
        if start in runs:
            done = _grown(text, runs[start].end())
            found += _of_run(text[start:done])
        else:
            done = named[start].end
            found.append((text[start:done], english_names(named[start].name)))
    found.append((text[done:], ()))
    return found


def _grown(text: str, end: int) -> int:
    """Take in the Korean words that follow after one blank: "급성 심근 경색" is read as one run."""
    while (match := re.compile(r" [가-힣]+").match(text, end)) is not None:
        end = match.end()
    return end


def _of_run(run: str) -> list[tuple[str, tuple[str, ...]]]:
    known, found, at = _hangul(), list[tuple[str, tuple[str, ...]]](), 0
    while at < len(run):
        if run[at] == " ":
            at += 1
            continue
        end, names = _name_at(run, at, known)
        if end == at:
            blank = run.find(" ", at)
            end = len(run) if blank < 0 else blank
            word = run[at:end]
            begun = next((step for step in range(1, len(word)) if _name_at(word, step, known)[0] > step + 1), len(word))
            end = at + begun
            kept = stem(run[at:end])
            found.append((f" {kept} " if len(kept) > 1 else " ", ()))
        else:
            found.append((run[at:end], names))
        at = end
    return found


def _name_at(run: str, at: int, known: dict[str, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """Return where the longest name that begins at ``at`` ends; blanks within it do not count. A name of one syllable
    must be a word of its own."""
    best, ends = "", at
    letters, place = "", at
    while place < len(run) and len(letters) < _longest():
        if run[place] != " ":
            letters += run[place]
            if letters in known:
                alone = len(letters) > 1 or (
                    (at == 0 or run[at - 1] == " ") and (place + 1 == len(run) or run[place + 1] == " ")
                )
                if alone:
                    best, ends = letters, place + 1
        place += 1
    return (ends, known[best]) if best else (at, ())

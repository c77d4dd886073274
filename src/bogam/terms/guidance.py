"""Words of hospital documents and of questions about them, equal across English and Korean.

``data/guidance.tsv`` has the words of guidelines, ``data/hospital_words.tsv`` and the files of ``data/hospital_words/``
those of a hospital's fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

from bogam.terms.conjugation import beginnings


class Said(NamedTuple):
    """A key and the code points that say it.

    Parameters
    ----------
    kind
        ``subject`` for what or whom a text is about, ``asking`` for words to ask and to prescribe with, else empty.
    inside
        Whether it is part of a longer name there.
    """

    key: str
    start: int
    end: int
    kind: str
    inside: bool = False


class _English(NamedTuple):
    """An English name: its words, whether it is known only in capitals, and the keys it stands for."""

    words: tuple[str, ...]
    capitals: bool
    keys: tuple[str, ...]


class _Korean(NamedTuple):
    """A name with Hangul: whether it must begin a word, and the keys it stands for."""

    name: str
    begins: bool
    keys: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    """English names by their first word, those with Hangul by their first two code points, those of one syllable."""

    english: dict[str, list[_English]] = field(default_factory=dict[str, list[_English]])
    korean: dict[str, list[_Korean]] = field(default_factory=dict[str, list[_Korean]])
    short: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    names: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    wider: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    kinds: dict[str, str] = field(default_factory=dict[str, str])


_WORD: Final = re.compile(r"[a-z0-9]+")
_HANGUL: Final = re.compile(r"[가-힣]")
_MADE: Final = re.compile(r"(?<=[가-힣])(?:하다|되다|시키다|받다|당하다)$")
"""What makes a verb of a Korean noun."""
_LITTLE: Final = frozenset(
    re.findall(r"\w+", "a an and are as at be by for has he in is it me my of on or so the to us was")
)
"""Words that are names only in capitals."""
_BEGINNING: Final = frozenset(("자가", "자의"))
"""Names only where a word begins: elsewhere a word for a person ends and its particle begins (환자의, 보호자가)."""
_ENDINGS: Final = ("", "s", "es", "d", "ed", "ing")
"""What may follow a word of the table."""
_PARTICLE: Final = re.compile(
    r"(?:은|는|이|가|을|를|의|에|로|으로|와|과|도|만|에서|부터|까지|이나|나|이랑|랑|하고|에는|에도|이면|면|입니다|인데)?"
)


@cache
def _table() -> _Table:
    made = _Table()
    keys: dict[tuple[str, bool], dict[str, None]] = {}
    verbs: set[str] = set()
    for row, kind in _rows():
        key, english, korean, wider = (*row, "", "", "")[:4]
        made.names[key] = (*made.names.get(key, ()), *filter(None, english.split(";")))
        made.wider[key] = made.wider.get(key, frozenset()) | frozenset(filter(None, wider.split(";")))
        before = made.kinds.get(key, kind)
        made.kinds[key] = kind if before == kind else "subject" if "subject" in (before, kind) else ""
        for name in filter(None, map(str.strip, f"{english};{korean}".lower().split(";"))):
            capitals = name in _LITTLE  # IT is intrathecal, it is not
            forms, begins = _forms(name)
            verbs.update(forms if begins else ())
            for form in forms:
                keys.setdefault((form, capitals), {})[key] = None
    for (name, capitals), meant in keys.items():
        _put(made, name, capitals, name in verbs or name in _BEGINNING, tuple(meant))
    for names in made.korean.values():
        names.sort(key=lambda each: (-len(each.name), each.name))
    for names in made.english.values():
        names.sort(key=lambda each: (-len(each.words), each.words))
    return made


def _rows() -> Iterator[tuple[list[str], str]]:
    """Yield the rows of all tables and the kind that they stand under."""
    folder = files("bogam.terms") / "data"
    more = sorted((folder / "hospital_words").iterdir(), key=lambda each: each.name)
    for file in (folder / "hospital_words.tsv", folder / "guidance.tsv", *more):
        yield from _of_file(file)


def _of_file(file: Traversable) -> Iterator[tuple[list[str], str]]:
    kind = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        kind = line[1:] if line.startswith("@") else kind
        if line and not line.startswith(("#", "@")):
            yield line.split("\t"), kind


def _forms(name: str) -> tuple[tuple[str, ...], bool]:
    """Return how a name begins in a text, and whether it must begin a word there, as short verbs must."""
    if not name.endswith("다") or not _HANGUL.fullmatch(name[-2:-1]):
        return (name,), False
    noun = _MADE.sub("", name)
    return ((noun,), False) if noun != name and len(noun) > 1 else (beginnings(name), len(name) == 2)


def _put(made: _Table, name: str, capitals: bool, begins: bool, keys: tuple[str, ...]) -> None:
    if _HANGUL.search(name):
        if len(name) == 1:
            made.short[name] = keys
        else:
            made.korean.setdefault(name[:2], []).append(_Korean(name, begins, keys))
    elif words := tuple(_WORD.findall(name)):
        made.english.setdefault(words[0], []).append(_English(words, capitals, keys))


@lru_cache(maxsize=16384)
def said(text: str) -> tuple[Said, ...]:
    """Return what ``text`` says of this table, in order: the longest name at each place, and the names inside it."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    found = [*_english(lower, text), *(_korean(lower) if _HANGUL.search(lower) else ())]
    return tuple(sorted(found, key=lambda each: (each.start, each.inside)))


def _english(text: str, written: str) -> Iterator[Said]:
    runs = [(run[0], run.start(), run.end()) for run in _WORD.finditer(text)]
    at = 0
    while at < len(runs):
        size, keys = _longest(runs, at, len(runs) - at, written)
        yield from _told(keys, runs[at][1], runs[at + max(size, 1) - 1][2], inside=False)
        within, stop = at, at + size
        while within < stop:
            less, keys = _longest(runs, within, size - 1 if within == at else stop - within, written)
            yield from _told(keys, runs[within][1], runs[within + max(less, 1) - 1][2], inside=True)
            within += max(less, 1)
        at += max(size, 1)


def _told(keys: Iterable[str], start: int, end: int, *, inside: bool) -> Iterator[Said]:
    kinds = _table().kinds
    return (Said(key, start, end, kinds[key], inside) for key in keys)


def _longest(runs: list[tuple[str, int, int]], at: int, most: int, written: str) -> tuple[int, tuple[str, ...]]:
    """Return how many words the longest name at a word takes, ``most`` words at most, and its keys."""
    table = _table()
    word, start, end = runs[at]
    size, found = 0, dict[str, None]()
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        for name in table.english.get(word.removesuffix(ending), ()):
            if not max(size, 1) <= len(name.words) <= most or (ending and len(name.words) > 1):
                continue
            if name.capitals and not written[start:end].isupper():
                continue
            if len(name.words) == 1 or _follows(name.words, runs, at):
                found = found if len(name.words) == size else {}
                size = len(name.words)
                found.update(dict.fromkeys(name.keys))
    return size, tuple(found)


def _follows(words: tuple[str, ...], runs: list[tuple[str, int, int]], at: int) -> bool:
    last = len(words) - 1
    return all(mine == runs[at + n][0] for n, mine in enumerate(words[:-1])) and any(
        runs[at + last][0] == words[-1] + end for end in _ENDINGS
    )


def _korean(text: str) -> Iterator[Said]:
    at = 0
    while at < len(text):
        names = list(_starting(text, at))
        stop = at + names[0][0] if names else at + 1
        for number, (size, keys) in enumerate(names):
            yield from _told(keys, at, at + size, inside=number > 0)
        for within in range(at + 1, stop):
            if text[within - 1] == " ":
                size, keys = next((each for each in _starting(text, within) if within + each[0] <= stop), (0, ()))
                yield from _told(keys, within, within + size, inside=True)
        at = stop


def _starting(text: str, at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the size and the keys of each name with Hangul at a place, the longest first."""
    table = _table()
    within = at > 0 and "가" <= text[at - 1] <= "힣"
    for name, begins, keys in table.korean.get(text[at : at + 2], ()):
        if text.startswith(name, at) and not (begins and within):
            yield len(name), keys
    if not within and text[at] in table.short:
        run = at + 1
        while run < len(text) and "가" <= text[run] <= "힣":
            run += 1
        if _PARTICLE.fullmatch(text, at + 1, run):
            yield 1, table.short[text[at]]


def all_keys() -> tuple[str, ...]:
    """Return all keys, in the order of the tables."""
    return tuple(_table().names)


def english_words(key: str) -> tuple[str, ...]:
    """Return the English words of a key."""
    return _table().names.get(key, ())


@cache
def wider(key: str) -> frozenset[str]:
    """Return the keys of which a key is a kind, however many steps away."""
    table, found, ahead = _table(), set[str](), [key]
    while ahead:
        for each in table.wider.get(ahead.pop(), ()):
            if each not in found and each != key:
                found.add(each)
                ahead.append(each)
    return frozenset(found)

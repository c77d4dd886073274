"""Local names as hospitals write them, made by distorting the names of ICD-10-CM. The set is ours, not a hospital's.

Ways: abbreviations (a list, and words cut off), Korean words for what the bilingual lexicon knows, another word order,
typing errors, and two of them together. Some names have no right answer: their category is taken out of what is
matched with. The abbreviations and Korean words come from the lists that the matcher reads too: the set says how the
parts work together, not how complete the lists are, and it is easier than a hospital's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bogam.terms import icd10cm
from bogam.terms.bilingual import korean_names, lexicon_keys
from bogam.terms.concepts import keys
from bogam.terms.mapping.local import Local
from bogam.terms.mapping.wording import abbreviations

_WORD: Final = re.compile(r"[A-Za-z]+")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_KEPT_WHOLE: Final = 5
_ABSENT: Final = 0.2
"""The share of categories that are taken out."""
_TWICE: Final = 0.6
"""The share of names that are distorted in two ways."""


@dataclass(frozen=True, slots=True)
class Distorted:
    """A local name, how it was made, and the codes that are right: none where the category was taken out."""

    item: Local
    way: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Distortions:
    """A set of names, and the categories that the matcher must not know."""

    names: tuple[Distorted, ...]
    absent: frozenset[str]


def distorted(index: icd10cm.Icd10cm, seed: int, count: int) -> Distortions:
    """Make ``count`` names; the same seed makes the same set."""
    rng = random.Random(seed)
    same: dict[str, set[str]] = {}
    pool: list[tuple[str, str]] = []
    for code, words, _ in index.names():
        entry = index[code]
        if entry.kind in ("category", "subcategory") and len(words) <= 120:
            same.setdefault(_plain(words), set()).add(code)
            if entry.billable or index.extensions(code):
                pool.append((code, words))
    chosen = rng.sample(pool, count)
    absent = frozenset(each for each in sorted({code[:3] for code, _ in chosen}) if rng.random() < _ABSENT)
    made: list[Distorted] = []
    for number, (code, words) in enumerate(chosen):
        way, text = _one(words, rng)
        right = frozenset[str]() if code[:3] in absent else frozenset(same[_plain(words)])
        made.append(Distorted(Local(f"L{number:05}", text), way, right))
    return Distortions(tuple(made), absent)


def _plain(words: str) -> str:
    return " ".join(sorted(_WORD.findall(words.lower())))


def _one(words: str, rng: random.Random) -> tuple[str, str]:
    way = rng.choice(tuple(_WAYS))
    text = _WAYS[way](words, rng)
    if rng.random() < _TWICE:
        other = rng.choice([each for each in _WAYS if each != way])
        return f"{way}+{other}", _WAYS[other](text, rng)
    return way, text


def _abbreviated(text: str, rng: random.Random) -> str:
    short: dict[str, list[str]] = {}
    for abbreviation, full in abbreviations().items():
        if " " not in full:
            short.setdefault(full, []).append(abbreviation)

    def one(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in short and rng.random() < 0.7:
            return rng.choice(short[word])
        if len(word) > _KEPT_WHOLE + 2 and rng.random() < 0.35:
            return word[: rng.randint(4, _KEPT_WHOLE + 1)]
        return match[0]

    return _WORD.sub(one, text)


def _korean(text: str, rng: random.Random) -> str:
    """Put Korean words in the place of what the lexicon knows; what it does not know stays English."""
    done, pieces = 0, list[str]()
    known = set(lexicon_keys())
    for key in keys(text):
        if key.start >= done and key.name in known and korean_names(key.name):
            pieces += [text[done : key.start], rng.choice(korean_names(key.name))]
            done = key.end
    return "".join([*pieces, text[done:]])


def _reordered(text: str, rng: random.Random) -> str:
    if ", " in text and rng.random() < 0.5:
        parts = text.split(", ")
        rng.shuffle(parts)
        return ", ".join(parts)
    tokens = text.replace(",", "").split()
    if len(tokens) < 2:
        return text
    cut = rng.randint(1, len(tokens) - 1)
    return " ".join((*tokens[cut:], *tokens[:cut]))


def _mistyped(text: str, rng: random.Random) -> str:
    for _ in range(1 + (len(text) > 25)):
        at = rng.randrange(len(text))
        if not text[at].isalpha():
            continue
        text = rng.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + rng.choice(_LETTERS) + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
            )
        )
    return text


_WAYS: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "abbreviation": _abbreviated,
    "korean": _korean,
    "order": _reordered,
    "typo": _mistyped,
}

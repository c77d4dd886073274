"""One wording for names: abbreviations spelled out, Korean in English, words in their plain form."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from bogam.terms.bilingual import in_english
from bogam.terms.wordindex import fold, words

_TOKEN: Final = re.compile(r"[A-Za-z]+/[A-Za-z]+|[A-Za-z]/|[^\W_]+", re.UNICODE)
_TYPE: Final = re.compile(r"\b(?:type|t)[ -]?(ii|i|2|1)\b|\b(ii|i)형|\b([12])형", re.I)
_DIABETES: Final = re.compile(r"\b(?:(?:dm|tm|t) ?([12])(?: ?dm)?|niddm|iddm)\b", re.I)
_NUMBER: Final = {"i": "1", "ii": "2", "1": "1", "2": "2"}


@cache
def abbreviations() -> dict[str, str]:
    """Return what abbreviations stand for."""
    text = (files("bogam.terms") / "data" / "abbreviations.tsv").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {line[0]: line[1] for line in pairs}


def spelled_out(text: str) -> str:
    """Return ``text`` with abbreviations spelled out and "DM2", "2형" written as type 2."""
    text = _TYPE.sub(lambda m: f" type {_NUMBER[(m[1] or m[2] or m[3]).lower()]} ", text)
    text = _DIABETES.sub(lambda m: f" type {m[1]} diabetes mellitus " if m[1] and "m" in m[0].lower() else m[0], text)
    known = abbreviations()
    return _TOKEN.sub(lambda m: f" {known[m[0].lower()]} " if m[0].lower() in known else m[0], text)


@lru_cache(maxsize=16384)
def wordings(name: str) -> tuple[str, ...]:
    """Return ``name`` in plain words: as written, with abbreviations spelled out, and in English."""
    found: dict[str, None] = {}
    spelled = spelled_out(name)
    for text in (spelled, *(spelled_out(each) for each in in_english(spelled))):
        plain = " ".join(words(text))
        if plain:
            found[plain] = None
    return tuple(found) or (fold(name).strip(),)

"""The words of the pages: one file a language, the same keys in each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast, get_args

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
NAMES: Final[Mapping[Language, str]] = {"ko": "한국어", "en": "English"}


class Words:
    """The words of one language, by dotted key: ``words("ward.title")``."""

    def __init__(self, language: Language, entries: Mapping[str, str]) -> None:
        self.language: Final[Language] = language
        self.entries: Final = entries

    def __call__(self, key: str, **values: object) -> str:
        """Return the words for ``key`` with ``values`` filled in.

        Raises
        ------
        KeyError
            For a key that the word file does not have.
        """
        found = self.entries[key]
        return found.format(**values) if values else found

    def get(self, key: str, default: str) -> str:
        """Return the words for a key made from data, which the file need not have."""
        return self.entries.get(key, default)


@cache
def words(language: Language) -> Words:
    """Read the words of ``language``."""
    content = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text("utf-8"))
    return Words(language, dict(_flat(content, "")))


def known(code: str | None) -> Language | None:
    """Return ``code`` when it is a language of the pages."""
    return next((each for each in LANGUAGES if each == code), None)


def negotiated(accept: str) -> Language:
    """Choose a language by an Accept-Language header (RFC 9110, 12.5.4); English where neither is asked for."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept.split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        code = known(name.lower().split("-")[0])
        if code is not None and weight > best[0]:
            best = (weight, code)
    return best[1]


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        rows += (
            _flat(cast(Mapping[str, Any], value), f"{prefix}{key}.")
            if isinstance(value, dict)
            else [(f"{prefix}{key}", str(value))]
        )
    return rows

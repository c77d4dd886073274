"""The words of a search text, as full-text search and keys see them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"\w+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Return the words of a search text as full-text search sees them."""
    return _WORD.findall(text)


def key_words(text: str) -> list[str]:
    """Return the words of a text as keys: without case and accents, as full-text search compares them."""
    plain = unicodedata.normalize("NFD", text)
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return words_of(unicodedata.normalize("NFC", bare).casefold())

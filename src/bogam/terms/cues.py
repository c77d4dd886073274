"""Ask cheaply whether a text can hold any of some words, so that the costly patterns run only where they may match."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"[A-Za-z]+|[가-힣]+")
_KEPT: Final = 50_000


class Cues:
    """Words of which one must stand within a word of the text; words of the text are looked up once and remembered."""

    __slots__ = ("_known", "_symbols", "_words")

    def __init__(self, words: str, symbols: tuple[str, ...] = ()) -> None:
        self._words = tuple(words.split())
        self._symbols = symbols
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        """Tell whether any of the words or symbols stands in ``text``."""
        known = self._known
        for token in _TOKEN.findall(text):
            found = known.get(token)
            if found is None:
                lower = token.lower()
                if len(known) > _KEPT:
                    known.clear()
                found = known[token] = any(word in lower for word in self._words)
            if found:
                return True
        return any(symbol in text for symbol in self._symbols)

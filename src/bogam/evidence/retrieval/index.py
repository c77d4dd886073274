"""BM25 over features (Robertson; the variant of Lucene, by bm25s), and which texts hold a feature."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, cast

import bm25s
import numpy as np
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)
_K1: Final = 1.2
_B: Final = 0.75
_SPELLED: Final = 6
"""Letters from which on a word may be misspelled and still be known."""
_ALIKE: Final = 0.85


class Index:
    """An index of texts by their features. Texts are numbered from 0 in the order in which they were given."""

    def __init__(self, made: Any, size: int) -> None:
        self._made = made
        self.size = size
        self._near: dict[str, str] = {}
        self._spelled: list[str] | None = None

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Index:
        """Index texts, each a list of features."""
        held = [list(each) or [""] for each in texts]
        made: Any = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        if held:
            made.index(held, show_progress=False)
        return cls(made, len(held))

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        if self.size:
            self._made.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> Index:
        """Open a saved index of ``size`` texts; it is mapped into memory and not read."""
        made = cast(Any, bm25s.BM25).load(folder, mmap=True, load_corpus=False) if size else None
        return cls(made, size)

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every text, shape ``(size,)``."""
        known = [each for each in dict.fromkeys(asked) if each in self._made.vocab_dict] if self.size else []
        if not known:
            return np.zeros(self.size, np.float32)
        return np.asarray(self._made.get_scores(known), np.float32)

    def holders(self, feature: str) -> NDArray[np.int64]:
        """Return the numbers of the texts that hold a feature."""
        at = self._made.vocab_dict.get(feature) if self.size else None
        if at is None:
            return np.zeros(0, np.int64)
        starts, texts = self._made.scores["indptr"], self._made.scores["indices"]
        return np.asarray(texts[starts[at] : starts[at + 1]], np.int64)

    def nearest(self, token: str) -> str:
        """Return the word of the index that a token means: itself, or for an English word that the index does not know
        one that is spelled nearly so, or begins with it."""
        if not self.size or token in self._made.vocab_dict or len(token) < _SPELLED or not token.isascii():
            return token
        if ":" in token or not token.isalpha():
            return token
        found = self._near.get(token)
        if found is None:
            alike = [word for word in self._words() if word[0] == token[0]]
            close = get_close_matches(token, [each for each in alike if abs(len(each) - len(token)) < 2], 1, _ALIKE)
            longer = [each for each in alike if each.startswith(token) or token.startswith(each)]
            found = self._near[token] = next(iter([*close, *sorted(longer, key=len)]), token)
        return found

    def _words(self) -> list[str]:
        if self._spelled is None:
            self._spelled = [w for w in self._made.vocab_dict if len(w) >= _SPELLED - 1 and w.isascii() and w.isalpha()]
        return self._spelled

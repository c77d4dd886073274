"""BM25 over features (Robertson; the variant of Lucene, by bm25s), and which texts hold a feature."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import bm25s
import numpy as np
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)
_K1: Final = 1.2
_B: Final = 0.75


class Index:
    """An index of texts by their features. Texts are numbered from 0 in the order in which they were given."""

    def __init__(self, made: Any, size: int) -> None:
        self._made = made
        self.size = size

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

"""Features by name, hashed to columns (Weinberger et al. 2009), and weights over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final
from zlib import crc32

import numpy as np

WORD: Final = re.compile(r"[a-z0-9]+")
"""A word as ROUGE counts it: lower-case ASCII letters and digits."""


@lru_cache(maxsize=1 << 18)
def column(name: str, bits: int) -> int:
    """Return the column of a feature among ``2 ** bits``."""
    return crc32(name.encode("utf-8", "replace")) & ((1 << bits) - 1)


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return WORD.findall(text.lower())


def sparse(rows: Sequence[Iterable[tuple[int, float]]], bits: int) -> Any:
    """Return rows of (column, value) as a SciPy matrix, shape ``(len(rows), 2 ** bits)``."""
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        for at, value in row:
            columns.append(at)
            values.append(value)
        ends.append(len(columns))
    return csr_matrix(
        (np.array(values, np.float32), np.array(columns, np.int32), np.array(ends)), shape=(len(rows), 1 << bits)
    )

"""How near the meanings of two keys of guidance are, where no table says that they are one.

``data/meanings.npz`` was made by ``scripts/make_meanings.py`` from the English words of the keys with all-MiniLM-L6-v2
(Wang et al. 2020; Reimers and Gurevych 2019; Apache License 2.0). A Korean word means what its key does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int16]
Vectors = NDArray[np.float32]


@cache
def _table() -> tuple[dict[str, int], Vectors]:
    with (files("bogam.terms") / "data" / "meanings.npz").open("rb") as file:
        held: Any = np.load(file, allow_pickle=False)
        keys, steps = held["keys"].tolist(), held["vectors"].astype(np.float32)
    return {key: row for row, key in enumerate(keys)}, steps / np.linalg.norm(steps, axis=1, keepdims=True)


def rows(keys: Iterable[str]) -> Rows:
    """Return the rows of `vectors` for keys of `bogam.terms.guidance`, without those that have none."""
    places = _table()[0]
    return np.array(sorted({places[key] for key in keys if key in places}), np.int16)


def vectors(rows: Rows) -> Vectors:
    """Return a unit vector for each row, shape ``(len(rows), 96)``; their product is the cosine of two meanings."""
    return _table()[1][rows]

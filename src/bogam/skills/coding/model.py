"""Which ICD-10-CM diagnosis codes a text calls for, as a small trained model: phrases, titles and 60 trees.

`bogam train coding` makes it; ``model/CARD.md`` says from what, how well it does, and what not to use it for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from bogam.skills.coding.features import Finder, Own, Tables, features
from bogam.skills.coding.phrases import Hit, Phrase

FOLDER: Final = Path(__file__).parent / "model"
FILE: Final = "coding.npz"


class Candidate(NamedTuple):
    """A code that a text may call for: its calibrated probability, and the words that speak for it, strongest first."""

    code: str
    probability: float
    hits: tuple[Hit, ...]


@dataclass(slots=True)
class Trees:
    """Gradient-boosted trees as arrays of shape (trees, nodes). A leaf leads to itself, whichever way."""

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    depth: int
    base: float

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Return the log-odds of rows of features."""
        count, tree = len(rows), np.arange(len(self.feature))
        node = np.zeros((count, len(self.feature)), dtype=np.intp)
        row = np.arange(count)[:, None]
        for _ in range(self.depth):
            low = rows[row, self.feature[tree, node]] <= self.threshold[tree, node]
            node = np.where(low, self.left[tree, node], self.right[tree, node])
        return self.base + self.value[tree, node].sum(axis=1)


@dataclass
class Model:
    """Tables and trees. ``slope`` and ``shift`` calibrate the log-odds; ``threshold`` is a probability."""

    tables: Tables
    trees: Trees
    slope: float = 1.0
    shift: float = 0.0
    threshold: float = 0.5

    def __post_init__(self) -> None:
        self._finder = Finder(self.tables)

    def candidates(self, text: str) -> list[Candidate]:
        """Return the codes that something in ``text`` speaks for, most probable first."""
        case = features(self._finder.find(text), self.tables)
        if not case.codes:
            return []
        odds = self.slope * self.trees.score(case.features) + self.shift
        chances = 1 / (1 + np.exp(-odds))
        order: list[int] = np.argsort(-chances, kind="stable").tolist()
        return [Candidate(case.codes[at], float(chances[at]), tuple(case.hits[at])) for at in order]

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        tables, trees = self.tables, self.trees
        codes = sorted({*tables.prior, *(code for group in tables.title_codes for code in group)})
        number = {code: at for at, code in enumerate(codes)}
        pairs = [(number[code], count) for meant in tables.meant for code, count in sorted(meant.items())]
        np.savez_compressed(
            path,
            codes=_packed(codes),
            phrases=_packed([" ".join(phrase) for phrase in tables.phrases]),
            seen=np.array([tables.seen, tables.widest], dtype=np.int16),
            meant_ends=np.cumsum([len(meant) for meant in tables.meant], dtype=np.int32),
            meant=np.array(pairs, dtype=np.int32),
            titles=_packed([" ".join(phrase) for phrase in tables.titles]),
            title_words=np.array(tables.title_words, dtype=np.int16),
            title_ends=np.cumsum([len(group) for group in tables.title_codes], dtype=np.int32),
            title_codes=np.array([number[code] for group in tables.title_codes for code in group], dtype=np.int32),
            prior=np.array([tables.prior.get(code, 0) for code in codes], dtype=np.int16),
            feature=trees.feature,
            threshold=trees.threshold,
            left=trees.left,
            right=trees.right,
            value=trees.value,
            settings=np.array([trees.depth, trees.base, self.slope, self.shift, self.threshold]),
        )


def _packed(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _unpacked(packed: np.ndarray) -> list[str]:
    return packed.tobytes().decode("utf-8").split("\n")


def _groups(ends: np.ndarray) -> list[tuple[int, int]]:
    stops = ends.tolist()
    return list(zip([0, *stops[:-1]], stops, strict=True))


def read(path: Path) -> Model:
    """Read a model that `Model.save` wrote."""
    with np.load(path, allow_pickle=False) as opened:
        kept: dict[str, Any] = {name: opened[name] for name in opened.files}
    codes = _unpacked(kept["codes"])
    meant: list[list[int]] = kept["meant"].tolist()
    owners: list[int] = kept["title_codes"].tolist()
    tables = Tables(
        [_phrase(line) for line in _unpacked(kept["phrases"])],
        kept["seen"][0].tolist(),
        kept["seen"][1].tolist(),
        [{codes[code]: count for code, count in meant[low:high]} for low, high in _groups(kept["meant_ends"])],
        [_phrase(line) for line in _unpacked(kept["titles"])],
        [tuple(codes[code] for code in owners[low:high]) for low, high in _groups(kept["title_ends"])],
        kept["title_words"].tolist(),
        {codes[at]: count for at, count in enumerate(kept["prior"].tolist()) if count},
    )
    depth, base, slope, shift, threshold = (float(each) for each in kept["settings"])
    trees = Trees(kept["feature"], kept["threshold"], kept["left"], kept["right"], kept["value"], int(depth), base)
    return Model(tables, trees, slope, shift, threshold)


def _phrase(line: str) -> Phrase:
    return tuple(line.split(" "))


@cache
def model() -> Model:
    """Return the model that is installed with Bogam."""
    return read(FOLDER / FILE)


__all__ = ["FILE", "FOLDER", "Candidate", "Model", "Own", "Trees", "model", "read"]

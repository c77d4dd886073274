"""Which part of a note a short dialogue is about: MTS-Dialog's twenty section headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from bogam.record.transcript import Turn, turns
from bogam.skills.visit_note.hashing import column, sparse, words

BITS: Final = 16


@dataclass(slots=True)
class HeaderModel:
    """Linear scores for each header. ``weights`` has shape ``(2 ** BITS, headers)``, ``idf`` ``(2 ** BITS,)``."""

    names: tuple[str, ...]
    weights: np.ndarray
    shift: np.ndarray
    idf: np.ndarray

    def header(self, dialogue: str) -> str:
        """Return the likeliest header of a dialogue."""
        return self.names[int(np.argmax(self.scores(dialogue)))]

    def scores(self, dialogue: str) -> np.ndarray:
        """Return a score for each header."""
        row = weighed(counts(dialogue), self.idf)
        at = np.array([place for place, _ in row], int)
        return np.array([value for _, value in row]) @ self.weights[at] + self.shift


_GROUPS: Final = ("d", "p", "a", "c", "f")


def counts(dialogue: str) -> list[dict[int, float]]:
    """Count a dialogue's features in groups: the doctor's words, the others', all, letters, and its form."""
    said = turns(dialogue)
    groups: list[Counter[str]] = [Counter() for _ in _GROUPS]
    for turn in said:
        own = words(dialogue[turn.start : turn.end])
        who = 0 if turn.speaker == "doctor" else 1
        for group, mark in ((who, _GROUPS[who]), (2, "a")):
            groups[group].update(f"{mark}|{word}" for word in own)
            groups[group].update(f"{mark}|{one} {two}" for one, two in pairwise(own))
        for word in set(own):
            padded = f" {word} "
            groups[3].update(
                f"c|{padded[at : at + size]}" for size in (3, 4, 5) for at in range(len(padded) - size + 1)
            )
    groups[4].update(_form(dialogue, said))
    return [{column(name, BITS): float(number) for name, number in group.items()} for group in groups]


def _form(dialogue: str, said: Sequence[Turn]) -> list[str]:
    size = len(dialogue.split())
    found = [f"f|turns{min(len(said), 40) // 3}", f"f|words{int(np.log1p(size) * 2)}"]
    for name, some in (("first", said[:2]), ("last", said[-2:])):
        for turn in some:
            own = words(dialogue[turn.start : turn.end])
            found += [f"f|{name}|{turn.speaker == 'doctor'}|{word}" for word in own[:12]]
    found += [f"f|guest|{speaker}" for speaker in {turn.speaker for turn in said}]
    for turn in said:
        if turn.speaker == "doctor" and "?" in dialogue[turn.start : turn.end]:
            question = dialogue[turn.start : turn.end].rsplit("?", 1)[0]
            found += [f"f|asks|{word}" for word in words(question)[-6:]]
    return found


def weighed(groups: Sequence[dict[int, float]], idf: np.ndarray) -> list[tuple[int, float]]:
    """Return TF-IDF with sublinear counts, each group of unit length."""
    found: list[tuple[int, float]] = []
    for group in groups:
        at = np.fromiter(group, int, len(group))
        value = (1 + np.log(np.fromiter(group.values(), float, len(group)))) * idf[at]
        length = float(np.sqrt(value @ value)) or 1.0
        found += zip(at.tolist(), (value / length).tolist(), strict=True)
    return found


def fit(dialogues: Sequence[str], headers: Sequence[str], cost: float = 0.3) -> HeaderModel:
    """Fit one linear support vector machine for each header."""
    from sklearn.svm import LinearSVC

    counted = [counts(each) for each in dialogues]
    seen = np.zeros(1 << BITS)
    for groups in counted:
        seen[list({at for group in groups for at in group})] += 1
    idf = np.log((1 + len(dialogues)) / (1 + seen)) + 1
    idf[seen < 2] = 0
    matrix = sparse([weighed(groups, idf) for groups in counted], BITS)
    fitted: Any = LinearSVC(C=cost, class_weight="balanced", random_state=0)
    fitted.fit(matrix, list(headers))
    return HeaderModel(tuple(fitted.classes_), fitted.coef_.T.astype(np.float32), fitted.intercept_, idf)

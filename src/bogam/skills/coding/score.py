"""How right sets of suggested codes are, as CodiEsp's diagnosis task scores them (micro-averaged over cases)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from bogam.skills.coding.codiesp import Case
from bogam.skills.coding.model import Candidate

MOST: Final = 20


def micro_f1(said: Sequence[Set[str]], true: Sequence[Set[str]]) -> float:
    """Return 2·right / (said + true), counted over all cases."""
    right = sum(len(ours & theirs) for ours, theirs in zip(said, true, strict=True))
    total = sum(map(len, said)) + sum(map(len, true))
    return 2 * right / total if total else 0.0


def recall(ranked: Sequence[Sequence[str]], true: Sequence[Set[str]], most: int = MOST) -> float:
    """Return the share of the true codes that are among the first ``most`` of their case."""
    right = sum(len(set(ours[:most]) & theirs) for ours, theirs in zip(ranked, true, strict=True))
    return right / max(1, sum(map(len, true)))


def category(codes: Set[str]) -> set[str]:
    """Return the three-character categories of codes."""
    return {code[:3] for code in codes}


def chosen(row: Sequence[Candidate], threshold: float) -> set[str]:
    """Return the codes that are at least so probable."""
    return {each.code for each in row if each.probability >= threshold}


def best_threshold(held: Sequence[Sequence[Candidate]], known: Sequence[Case]) -> float:
    """Return the probability from which on codes are suggested, so that micro-F1 is highest."""
    rows = sorted(
        ((each.probability, each.code in case.codes) for row, case in zip(held, known, strict=True) for each in row),
        reverse=True,
    )
    right = np.cumsum([answer for _, answer in rows])
    true = sum(len(case.codes) for case in known)
    best = int(np.argmax(2 * right / (np.arange(1, len(rows) + 1) + true)))
    return rows[best][0]


def figures(held: Sequence[Sequence[Candidate]], known: Sequence[Case], threshold: float) -> dict[str, float]:
    """Return micro-F1, recall at 20 and three-character F1."""
    said = [chosen(row, threshold) for row in held]
    true = [case.codes for case in known]
    return {
        "micro-F1": micro_f1(said, true),
        "recall at 20": recall([[each.code for each in row] for row in held], true),
        "3-character F1": micro_f1([category(codes) for codes in said], [category(codes) for codes in true]),
    }

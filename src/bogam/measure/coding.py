"""Measure the coding model on CodiEsp's English development cases, which it was not trained or tuned on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from bogam.measure.bootstrap import interval
from bogam.measure.figure import Figure, Say
from bogam.skills.coding import score
from bogam.skills.coding.codiesp import Case, cases
from bogam.skills.coding.features import NAMES, Finder, Tables, features
from bogam.skills.coding.model import Candidate, Model, model
from bogam.skills.coding.phrases import words
from bogam.skills.coding.train import fit, titles

Rows = list[list[Candidate]]
_HALVES: Final = 2
_NOTE: Final = (
    "250 cases that CodiEsp calls dev, scored once; threshold and calibration were chosen by 5-fold cross-validation "
    "within the 500 training cases. Machine-translated Spanish case reports, coded with some codes cut at six "
    "characters; published systems differ in split and code set."
)


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``codiesp.*``: micro-F1, recall at 20, three-character F1, valid evidence (%), and notes/s."""
    if data is None:
        say("coding: needs the data folder with codiesp/")
        return {}
    known, asked = cases(data, "train"), cases(data, "dev")
    ours = model()
    started = perf_counter()
    rows: Rows = [ours.candidates(case.text) for case in asked]
    rate = len(asked) / (perf_counter() - started)
    figures = _figures(rows, asked, ours.threshold, _baselines(known, asked, ours, say))
    figures["codiesp.evidence_valid"] = _evidence(rows, asked, ours)
    figures["codiesp.notes_per_s"] = Figure(rate, "notes/s", n=len(asked), note="the model alone, one process")
    for name, figure in figures.items():
        say(f"{name}: {figure.value:.3f} {figure.beside or ''}")
    return figures


def _figures(
    rows: Rows, asked: Sequence[Case], threshold: float, beside: dict[str, tuple[Rows, float]]
) -> dict[str, Figure]:
    told: dict[str, dict[str, float]] = {name: score.figures(each, asked, cut) for name, (each, cut) in beside.items()}

    def drawn(name: str) -> Callable[[np.ndarray], float]:
        def statistic(picked: np.ndarray) -> float:
            places: list[int] = picked.tolist()
            return score.figures([rows[at] for at in places], [asked[at] for at in places], threshold)[name]

        return statistic

    values = score.figures(rows, asked, threshold)
    count = sum(len(case.codes) for case in asked)
    return {
        key: Figure(
            values[name],
            "of 1",
            n=len(asked),
            interval=interval(len(asked), drawn(name), rounds=300),
            beside={system: each[name] for system, each in told.items()},
            note=f"{count:,} codes; {_NOTE}",
        )
        for key, name in (
            ("codiesp.micro_f1", "micro-F1"),
            ("codiesp.recall20", "recall at 20"),
            ("codiesp.f1_3char", "3-character F1"),
        )
    }


def _baselines(known: Sequence[Case], asked: Sequence[Case], ours: Model, say: Say) -> dict[str, tuple[Rows, float]]:
    """Return what simpler systems say, each with its threshold from two-fold cross-validation within training."""
    named = titles()
    held: dict[str, Rows] = {name: [[] for _ in known] for name in ("titles only", "phrases only", "model per code")}
    for half in range(_HALVES):
        learnt = [case for at, case in enumerate(known) if at % _HALVES != half]
        tables, places = fit(learnt, named).tables, range(half, len(known), _HALVES)
        there = [known[at] for at in places]
        for name, found in _simple(tables, there).items():
            for at, row in zip(places, found, strict=True):
                held[name][at] = row
        for at, row in zip(places, _per_code(learnt, there), strict=True):
            held["model per code"][at] = row
        say(f"coding: baselines, half {half + 1} of {_HALVES}")
    said = _simple(ours.tables, asked) | {"model per code": _per_code(known, asked)}
    return {name: (said[name], score.best_threshold(held[name], known)) for name in held}


def _simple(tables: Tables, asked: Sequence[Case]) -> dict[str, Rows]:
    """Return the codes whose title stands in the text, and those whose phrases do, by the share of cases they meant."""
    share, size, shared = (NAMES.index(name) for name in (NAMES[0], "words of the title", "codes of the title"))
    finder, by_title, by_phrase = Finder(tables), list[list[Candidate]](), list[list[Candidate]]()
    for case in asked:
        found = features(finder.find(case.text), tables)
        table = found.features
        by_phrase.append(_ranked(found.codes, table[:, share]))
        by_title.append(_ranked(found.codes, table[:, size] / np.maximum(table[:, shared], 1)))
    return {"titles only": by_title, "phrases only": by_phrase}


def _ranked(codes: Sequence[str], scores: np.ndarray) -> list[Candidate]:
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    return [Candidate(codes[at], float(scores[at]), ()) for at in order if scores[at] > 0]


def _per_code(known: Sequence[Case], asked: Sequence[Case]) -> Rows:
    """Return what a logistic regression for each code with three cases or more says, on words and pairs of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors: Any = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    learnt, there = vectors.fit_transform([case.text for case in known]), vectors.transform([c.text for c in asked])
    codes = sorted({code for case in known for code in case.codes})
    codes = [code for code in codes if sum(code in case.codes for case in known) > 2]
    scores = np.zeros((len(asked), len(codes)))
    for at, code in enumerate(codes):
        fitted: Any = LogisticRegression(C=20, class_weight="balanced", solver="liblinear", random_state=0)
        fitted.fit(learnt, [code in case.codes for case in known])
        scores[:, at] = fitted.predict_proba(there)[:, 1]
    return [_ranked(codes, row) for row in scores]


def _evidence(rows: Rows, asked: Sequence[Case], ours: Model) -> Figure:
    """Return the share of suggested codes all of whose evidence spans lie in the text and hold a phrase of the code."""
    phrases: dict[str, list[frozenset[str]]] = {}
    for phrase, meant in zip(ours.tables.phrases, ours.tables.meant, strict=True):
        for code in meant:
            phrases.setdefault(code, []).append(frozenset(phrase))
    for phrase, owners in zip(ours.tables.titles, ours.tables.title_codes, strict=True):
        for code in owners:
            phrases.setdefault(code, []).append(frozenset(phrase))
    right: list[bool] = []
    for row, case in zip(rows, asked, strict=True):
        for each in row:
            if each.probability < ours.threshold:
                continue
            spans = [frozenset(token.stem for token in words(case.text, hit.start, hit.end)) for hit in each.hits]
            right.append(bool(spans) and all(any(p <= span for p in phrases[each.code]) for span in spans))
    return Figure(100 * sum(right) / max(1, len(right)), "%", n=len(right), note="of the suggested codes")

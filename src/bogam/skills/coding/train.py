"""Train the coding model on CodiEsp (English translations, 500 training cases)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from bogam.skills.coding import score
from bogam.skills.coding.align import Aligned, align
from bogam.skills.coding.card import card
from bogam.skills.coding.codiesp import Case, cases
from bogam.skills.coding.features import Finder, Own, Tables, features, widest
from bogam.skills.coding.model import FILE, FOLDER, Candidate, Model, Trees
from bogam.skills.coding.phrases import LINKING, Phrase, content, sentences, words
from bogam.terms import icd10cm

FOLDS: Final = 5
_SURE: Final = 0.1
"""How sure an alignment must be for its words to become a phrase."""
_WORDS: Final = 7
_GENERIC: Final = LINKING | {
    "unspecified", "other", "specified", "not", "elsewhere", "classified", "nos", "nec", "without", "mention",
    "initial", "encounter", "due", "type", "part", "site", "organ",
}  # fmt: skip
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def train(data: Path, out: Path | None, say: Callable[[str], None]) -> Path:
    """Train on the training split, choose the threshold and the calibration by cross-validation within it, and write.

    Returns the folder with the model and its card. Deterministic; about three minutes on one core.
    """
    known = cases(data, "train")
    named = titles()
    say(f"coding: {len(known)} cases, {len(named):,} titles of ICD-10-CM")
    held: list[list[Candidate]] = [[] for _ in known]
    for fold in range(FOLDS):
        fitted = fit([case for at, case in enumerate(known) if at % FOLDS != fold], named)
        for at in range(fold, len(known), FOLDS):
            held[at] = fitted.candidates(known[at].text)
        say(f"coding: fold {fold + 1} of {FOLDS}")
    whole = fit(known, named)
    whole.slope, whole.shift = _calibration(held, known)
    held = [[_calibrated(each, whole) for each in row] for row in held]
    whole.threshold = score.best_threshold(held, known)
    figures = score.figures(held, known, whole.threshold)
    say("coding: cross-validated " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    folder = out or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    whole.save(folder / FILE)
    (folder / "CARD.md").write_text(card(whole, figures, (folder / FILE).stat().st_size), encoding="utf-8")
    return folder


def fit(known: Sequence[Case], named: dict[frozenset[str], set[str]]) -> Model:
    """Fit tables and trees to some cases; ``named`` is what `titles` returns. Probabilities are not calibrated yet."""
    aligned = align(known)
    stems = [frozenset(token.stem for sentence in sentences(case.text) for token in sentence) for case in known]
    rarity = Counter(stem for there in stems for stem in there)
    tables, pairs = _tables(known, aligned, named, rarity)
    finder = Finder(tables)
    found = [finder.find(case.text) for case in known]
    seen = Counter(number for each in found for number in each.phrases)
    wide = Counter(number for each in found for number in widest(each.phrases, tables.phrases))
    tables.seen = [seen[number] for number in range(len(tables.phrases))]
    tables.widest = [wide[number] for number in range(len(tables.phrases))]
    tables.title_words = [rarity[title[0]] for title in tables.titles]
    rows: list[np.ndarray] = []
    answers: list[bool] = []
    for case, each, own in zip(known, found, pairs, strict=True):
        told = features(each, tables, Own(own, case.codes))
        rows.append(told.features)
        answers += [code in case.codes for code in told.codes]
    return Model(tables, trees(np.concatenate(rows), np.array(answers)))


def _ordered(stems: frozenset[str], rarity: Counter[str]) -> Phrase:
    return tuple(sorted(stems, key=lambda stem: (rarity[stem], stem)))


def _tables(
    known: Sequence[Case],
    aligned: Sequence[Sequence[Aligned]],
    named: dict[frozenset[str], set[str]],
    rarity: Counter[str],
) -> tuple[Tables, list[frozenset[tuple[int, str]]]]:
    """Return the tables, and for each case the (phrase, code) pairs that it put into them."""
    tables = Tables(prior=dict(sorted(Counter(code for case in known for code in case.codes).items())))
    number: dict[frozenset[str], int] = {}
    pairs: list[frozenset[tuple[int, str]]] = []
    for places in aligned:
        own: set[tuple[int, str]] = set()
        for place in places:
            stems = content(place.stems)
            if place.score < _SURE or not 0 < len(stems) <= _WORDS:
                continue
            if stems not in number:
                number[stems] = len(tables.phrases)
                tables.phrases.append(_ordered(stems, rarity))
                tables.meant.append({})
            own.add((number[stems], place.code))
        for at, code in own:
            tables.meant[at][code] = tables.meant[at].get(code, 0) + 1
        pairs.append(frozenset(own))
    for stems in sorted(named, key=sorted):
        tables.titles.append(_ordered(stems, rarity))
        tables.title_codes.append(tuple(sorted(named[stems])))
    return tables, pairs


def titles() -> dict[frozenset[str], set[str]]:
    """Return the words of each title, inclusion term and include of ICD-10-CM, with the codes that they are of."""
    index = icd10cm.default()
    found: dict[frozenset[str], set[str]] = {}
    for code, name, _ in index.names():
        if index[code].kind not in ("category", "subcategory"):
            continue
        stems = frozenset(token.stem for token in words(_BRACKETS.sub(" ", name))) - _GENERIC
        if 0 < len(stems) < _WORDS and not all(stem.isdigit() for stem in stems):
            found.setdefault(stems, set()).add(code)
    return found


def trees(rows: np.ndarray, answers: np.ndarray) -> Trees:
    """Fit gradient-boosted trees (scikit-learn) to features and answers, and return them as plain arrays."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    made: Any = HistGradientBoostingClassifier
    fitted = made(
        max_iter=60,
        learning_rate=0.1,
        max_leaf_nodes=15,
        min_samples_leaf=40,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        fitted.fit(rows, answers)
    nodes: list[np.ndarray] = [stage[0].nodes for stage in fitted._predictors]
    most = max(len(each) for each in nodes)
    shape = (len(nodes), most)
    grown = Trees(
        np.zeros(shape, np.int16),
        np.zeros(shape, np.float64),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.float64),
        1 + max(int(each["depth"].max()) for each in nodes),
        float(np.ravel(fitted._baseline_prediction)[0]),
    )
    for at, each in enumerate(nodes):
        here, leaf = np.arange(len(each)), each["is_leaf"].astype(bool)
        grown.feature[at, : len(each)] = np.where(leaf, 0, each["feature_idx"])
        grown.threshold[at, : len(each)] = np.where(leaf, 0.0, each["num_threshold"])
        grown.left[at, : len(each)] = np.where(leaf, here, each["left"])
        grown.right[at, : len(each)] = np.where(leaf, here, each["right"])
        grown.value[at, : len(each)] = np.where(leaf, each["value"], 0.0)
    return grown


def _calibration(held: Sequence[Sequence[Candidate]], known: Sequence[Case]) -> tuple[float, float]:
    """Return slope and shift of the log-odds (Platt 1999), fitted to predictions for cases that were held out."""
    from sklearn.linear_model import LogisticRegression

    pairs = [(each, each.code in case.codes) for row, case in zip(held, known, strict=True) for each in row]
    chances = np.array([each.probability for each, _ in pairs]).clip(1e-6, 1 - 1e-6)
    odds = np.log(chances / (1 - chances)).reshape(-1, 1)
    fitted: Any = LogisticRegression(C=1e6)
    fitted.fit(odds, [answer for _, answer in pairs])
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _calibrated(candidate: Candidate, model: Model) -> Candidate:
    chance = min(max(candidate.probability, 1e-6), 1 - 1e-6)
    odds = model.slope * np.log(chance / (1 - chance)) + model.shift
    return candidate._replace(probability=float(1 / (1 + np.exp(-odds))))

"""Train grounding on ACI-Bench: own against another dialogue, altered numbers, swapped sides."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from bogam.evidence.grounding.aci import Visit, visits
from bogam.evidence.grounding.alter import ALTERATIONS, renumbered, swapped
from bogam.evidence.grounding.card import card
from bogam.evidence.grounding.dialogue import Dialogue
from bogam.evidence.grounding.model import Linear
from bogam.evidence.grounding.number import Weight, number_signs, numbers
from bogam.evidence.grounding.signs import sentence_signs, side_mentions, side_signs

_SEED: Final = 3
_OTHERS: Final = 2
_FALSE: Final = {"number": 0.07, "side": 0.08}
"""Share of true sentences with a number, and of true sides, of train and validation, that may be flagged: it sets the
floors."""
_FOLDS: Final = 5
_SCORE: Final = 0.02
"""Share of true sentences whose score may lie under the floor: a check of the whole sentence only finds the absurd."""

Rows = tuple[list[list[float]], list[int]]
Grouped = tuple[list[list[float]], list[int], list[int]]
"""Signs, truth, and for true numbers the number of their sentence."""
Pair = tuple[Visit, Dialogue]


def train(data: Path, out: Path | None, say: Callable[[str], None]) -> Path:
    """Fit, set the floors, and write the model and its card.

    Sentences and sides are fitted on the training split and their floors set on training and validation together.
    Numbers are fitted on both, and their floor is set on what each fifth of the visits gets from the other four.
    Deterministic; about two minutes on one core.
    """
    fit, check = ([(visit, Dialogue(visit.dialogue)) for visit in visits(data, split)] for split in ("train", "valid"))
    counted = Counter(name for _, dialogue in fit for name in dialogue.names)
    idf = {name: math.log((len(fit) + 1) / (count + 0.5)) for name, count in counted.items()}
    unseen = math.log((len(fit) + 1) / 0.5)

    def weight(name: str) -> float:
        return idf.get(name, unseen)

    makers = {"sentence": _sentences, "side": _sides}
    models = {name: _fitted(*make(fit, weight)) for name, make in makers.items()}
    floors: list[float] = []
    figures: dict[str, float] = {}
    both = [_numbers([pair], weight) for pair in fit + check]
    floor, figures["number: true sentences flagged"], figures["number: altered numbers caught"] = _crossed(both)
    floors.append(floor)
    models["number"] = _fitted(*_joined(both))
    for name, share in (("side", _FALSE["side"]), ("sentence", _SCORE)):
        rows, truth = makers[name](fit + check, weight)
        true, false = (
            [models[name].probability(r) for r, t in zip(rows, truth, strict=True) if t == w] for w in (1, 0)
        )
        floors.append(float(np.quantile(true, share)))
        figures[f"{name}: true ones flagged"] = float(np.mean([p < floors[-1] for p in true]))
        figures[f"{name}: false ones caught"] = float(np.mean([p < floors[-1] for p in false]))
    for name, value in figures.items():
        say(f"grounding: {name} {value:.3f}")
    folder = out or Path(str(files("bogam.evidence.grounding")))
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {name: np.array([m.mean, m.scale, m.weight]) for name, m in models.items()}
    kept = {name: np.hstack([rows, [[0], [0], [models[name].bias]]]) for name, rows in kept.items()}
    names = sorted(idf)
    values = np.array([idf[name] for name in names], dtype=np.float32)
    np.savez_compressed(
        folder / "grounding.npz", keys=np.array("\n".join(names)), idf=values, unseen=unseen, floors=floors, **kept
    )
    (folder / "CARD.md").write_text(card(figures, (folder / "grounding.npz").stat().st_size), encoding="utf-8")
    return folder


def _fitted(rows: list[list[float]], truth: list[int]) -> Linear:
    from sklearn.linear_model import LogisticRegression

    signs = np.array(rows)
    mean, scale = signs.mean(axis=0), signs.std(axis=0)
    scale[scale == 0] = 1
    found: Any = LogisticRegression(max_iter=2000)
    found.fit((signs - mean) / scale, truth)
    return Linear(mean, scale, found.coef_[0], float(found.intercept_[0]))


def _sentences(pairs: Sequence[Pair], weight: Weight) -> Rows:
    """Each sentence with its own dialogue, and with two others."""
    rng = random.Random(_SEED)
    rows: list[list[float]] = []
    truth: list[int] = []
    for index, (visit, own) in enumerate(pairs):
        for sentence in visit.sentences:
            others = [rng.choice([*pairs[:index], *pairs[index + 1 :]])[1] for _ in range(_OTHERS)]
            for dialogue in (own, *others):
                rows.append(sentence_signs(sentence, dialogue, weight))
                truth.append(int(dialogue is own))
    return rows, truth


def _numbers(pairs: Sequence[Pair], weight: Weight) -> Grouped:
    """Each number as it stands, and altered in every way; ages are known to the record and left out."""
    rows: list[list[float]] = []
    truth: list[int] = []
    of: list[int] = []
    for visit, dialogue in pairs:
        rng = random.Random(f"{_SEED} {visit.id}")
        for place, sentence in enumerate(visit.sentences):
            for number in numbers(sentence):
                if number.value == visit.age:
                    continue
                rows.append(number_signs(sentence, number, dialogue, weight))
                truth.append(1)
                of.append(place)
                for change in ALTERATIONS.values():
                    made = renumbered(sentence, number, change(number.digits, rng))
                    altered = [each for each in numbers(made) if each.start == number.start]
                    rows.extend(number_signs(made, each, dialogue, weight) for each in altered)
                    truth.extend(0 for _ in altered)
                    of.extend(place for _ in altered)
    return rows, truth, of


def _joined(visits: Sequence[Grouped]) -> Rows:
    return [row for rows, _, _ in visits for row in rows], [one for _, truth, _ in visits for one in truth]


def _crossed(visits: Sequence[Grouped]) -> tuple[float, float, float]:
    """Cross-validate over visits: the floor, the share of true sentences under it, and of altered numbers."""
    true: list[float] = []
    false: list[float] = []
    for fold in range(_FOLDS):
        fitted = _fitted(*_joined([each for index, each in enumerate(visits) if index % _FOLDS != fold]))
        for rows, truth, of in visits[fold::_FOLDS]:
            lowest: dict[int, float] = {}
            for signs, known, place in zip(rows, truth, of, strict=True):
                value = fitted.probability(signs)
                if known:
                    lowest[place] = min(value, lowest.get(place, 1.0))
                else:
                    false.append(value)
            true.extend(lowest.values())
    floor = float(np.quantile(true, _FALSE["number"]))
    return floor, float(np.mean([p < floor for p in true])), float(np.mean([p < floor for p in false]))


def _sides(pairs: Sequence[Pair], weight: Weight) -> Rows:
    """Each side as it stands, and swapped."""
    rows: list[list[float]] = []
    truth: list[int] = []
    for visit, dialogue in pairs:
        for sentence in visit.sentences:
            for side in side_mentions(sentence):
                made = swapped(sentence, side)
                other = next(each for each in side_mentions(made) if each.start == side.start)
                rows += [side_signs(sentence, side, dialogue, weight), side_signs(made, other, dialogue, weight)]
                truth += [1, 0]
    return rows, truth

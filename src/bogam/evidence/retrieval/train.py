"""Train in which order passages are told and whether one answers a question, on questions over made libraries.

The folder given holds sets, each a folder with ``library/`` (documents) and a table of questions: id, question,
document, words of the right paragraph; the last two empty where the library has no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
from scipy.special import logsumexp  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from bogam.evidence.retrieval.answers import STANDING, Answers, standing
from bogam.evidence.retrieval.find import look
from bogam.evidence.retrieval.kept_index import LibraryIndex
from bogam.evidence.retrieval.signals import NAMES
from bogam.sources.library.shelf import Shelf

_REFUSED: Final = 0.9
"""Share of the questions without an answer that must be refused when their set was left out of the fit."""
_ORDER: Final = 0.01
"""The L2 penalty of the ranking model, for each question."""
_STRENGTH: Final = 0.05
"""How freely the judging model follows its data (the inverse of the L2 penalty)."""
_FIRST: Final = 3
"""Passages of a question, the first by rank, that teach whether one answers."""

Rows = NDArray[np.float64]
Marks = NDArray[np.bool_]


class Question(NamedTuple):
    """Signals of a question's candidates, shape ``(candidates, len(NAMES))``, which are right, whether one can be."""

    rows: Rows
    right: Marks
    answerable: bool


def train(data: Path, out: Path | None, say: Callable[[str], None]) -> Path:
    """Fit on all sets; set the threshold on what each set gets from a fit without it. The same to 1e-6; some minutes.

    Parameters
    ----------
    data
        The folder of the sets: ``src/bogam/measure/sets/ask/train``.

    Raises
    ------
    FileNotFoundError
        When there is no set.
    """
    places = sorted(each.parent for each in data.glob("*/questions.tsv"))
    if len(places) < 2:
        raise FileNotFoundError(2, "two sets or more", str(data / "*" / "questions.tsv"))
    sets = [_read(place, say) for place in places]
    made = [_fit([each for other in sets if other is not held for each in other]) for held in sets]
    best = [_best(fit, each) for fit, held in zip(made, sets, strict=True) for each in held if not each.answerable]
    enough = float(np.quantile(best, _REFUSED))
    for place, fit, held in zip(places, made, sets, strict=True):
        say(f"{place.name}, left out of the fit: {_told(fit, held, enough)}")
    whole = _fit([each for held in sets for each in held])
    folder = out or Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.npz").open("wb") as file:
        rest = np.array([whole.bias, enough])
        np.savez(file, names=np.array((*NAMES, *STANDING)), order=whole.order, weights=whole.weights, rest=rest)
    return folder / "answers.npz"


def _read(place: Path, say: Callable[[str], None]) -> list[Question]:
    table = (place / "questions.tsv").read_text("utf-8")
    lines = [line for line in table.splitlines() if line and not line.startswith("#")]
    say(f"{place.name}: {len(lines)} questions")
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        shelf.add([place / "library"])
        kept = LibraryIndex(shelf, Path(folder) / "index", None)
        return [_question(kept, *(*line.split("\t"), "", "", "")[1:4]) for line in lines]


def _question(kept: LibraryIndex, text: str, document: str, words: str) -> Question:
    opened = kept.open()
    close = look(opened.index, lambda number: kept.passage(opened, number), text, None, opened.documents)
    right = [
        bool(document) and each.ref == f"library:{document}" and words in each.text.text for each in close.passages
    ]
    return Question(close.rows, np.array(right, bool), bool(document))


def _fit(questions: Sequence[Question]) -> Answers:
    """Fit the order on which passage is the right one, then the odds on the first passages by that order."""
    order = _choice([each for each in questions if each.right.any()])
    first = [_first(order, each) for each in questions]
    rows, right = np.concatenate([each for each, _ in first]), np.concatenate([each for _, each in first])
    weights, bias = _logistic(rows, right)
    return Answers(order, weights, bias, 0.0)


def _choice(questions: Sequence[Question]) -> Rows:
    """Return the weights, for signals as they are, of a conditional logit (McFadden 1974): of the candidates of a
    question the right one is chosen."""
    scale = np.concatenate([each.rows for each in questions]).std(0)
    scale[scale == 0] = 1.0
    given = [(each.rows / scale, int(np.argmax(each.right))) for each in questions]

    def loss(weights: Rows) -> tuple[float, Rows]:
        made, slope = 0.5 * _ORDER * float(weights @ weights), _ORDER * weights
        for rows, right in given:
            worth = rows @ weights
            total = float(cast(Any, logsumexp)(worth))
            made += (total - worth[right]) / len(given)
            slope = slope + (np.exp(worth - total) @ rows - rows[right]) / len(given)
        return made, slope

    fitted = cast(Any, minimize)(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B")
    return np.asarray(fitted.x / scale, np.float64)


def _logistic(rows: Rows, right: Marks) -> tuple[Rows, float]:
    """Return weights and bias, for signals as they are, of a logistic regression over signals of one spread."""
    from sklearn.linear_model import LogisticRegression  # takes a second to load, and only training needs it

    mean, scale = rows.mean(0), rows.std(0)
    scale[scale == 0] = 1.0
    fitted = cast(Any, LogisticRegression(C=_STRENGTH, max_iter=5000)).fit((rows - mean) / scale, right)
    weights = np.asarray(fitted.coef_[0] / scale, np.float64)
    return weights, float(fitted.intercept_[0] - weights @ mean)


def _first(order: Rows, question: Question) -> tuple[Rows, Marks]:
    """Return signals and standing of the first passages of a question, and which of them are right."""
    ranks = question.rows @ order
    at = np.argsort(-ranks, kind="stable")[:_FIRST]
    return np.hstack([question.rows, standing(ranks)])[at], question.right[at]


def _best(fit: Answers, question: Question) -> float:
    """Return the greatest log odds among the first passages of a question."""
    return float(_judged(fit, question)[0].max(initial=-np.inf))


def _judged(fit: Answers, question: Question) -> tuple[Rows, Marks]:
    """Return the log odds of the first passages of a question, and which of them are right."""
    rows, right = _first(fit.order, question)
    return rows @ fit.weights + fit.bias, right


def _told(fit: Answers, questions: Sequence[Question], enough: float) -> str:
    first = [_judged(fit, each) for each in questions if each.answerable]
    found = np.mean([right.any() for _, right in first])
    answered = np.mean([(right & (odds >= enough)).any() for odds, right in first])
    refused = np.mean([_best(fit, each) < enough for each in questions if not each.answerable])
    return f"among the first {_FIRST} {found:.3f}, answered rightly {answered:.3f}, refused {refused:.3f}"

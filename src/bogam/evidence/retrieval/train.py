"""Train whether a passage answers a question, on questions over made libraries.

The folder given holds sets, each a folder with ``library/`` (documents) and a table of questions: id, question,
document, words of the right paragraph; the last two empty where the library has no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.features import concepts
from bogam.evidence.retrieval.kept_index import LibraryIndex
from bogam.evidence.retrieval.rank import rank
from bogam.evidence.retrieval.signals import NAMES, signals
from bogam.sources.library.shelf import Shelf

SETS: Final = (("ask/library", "ask/questions.tsv"), ("ask-development/library", "ask-development/questions.tsv"))
_REFUSED: Final = 0.92
"""Share of the questions without an answer that must be refused when their set was left out of the fit."""
_STRENGTH: Final = 0.5

Fit = tuple[NDArray[np.float64], float]


class Rows(NamedTuple):
    """One set: signals of candidates, whether each is right, the number of its question, whether that has an answer."""

    signals: NDArray[np.float32]
    right: NDArray[np.bool_]
    question: NDArray[np.int64]
    answerable: NDArray[np.bool_]


def train(data: Path, out: Path | None, say: Callable[[str], None]) -> Path:
    """Fit on all sets; set the threshold on what each set gets from a fit without it. The same to 1e-6; under a minute.

    Parameters
    ----------
    data
        The folder of the sets: ``src/bogam/measure/sets``.

    Raises
    ------
    FileNotFoundError
        When a set is not there.
    """
    held = [_rows(data / library, data / table) for library, table in SETS]
    best: list[float] = []
    for at, (name, _) in enumerate(SETS):
        rest = [rows for other, rows in enumerate(held) if other != at]
        weights, bias = _fit(rest)
        odds, first = _best(held[at], weights, bias)
        best += [float(each) for each, answer in zip(odds, held[at].answerable, strict=True) if not answer]
        say(f"{name}: right first {np.mean(first[held[at].answerable]):.3f}")
    enough = float(np.quantile(best, _REFUSED))
    weights, bias = _fit(held)
    for (name, _), rows in zip(SETS, held, strict=True):
        odds, first = _best(rows, weights, bias)
        answered = odds >= enough
        say(
            f"{name}: refused {np.mean(~answered[~rows.answerable]):.3f} of those without an answer, answered rightly "
            f"{np.mean((answered & first)[rows.answerable]):.3f} of those with one"
        )
    folder = out or Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.npz").open("wb") as file:
        np.savez(file, names=np.array(NAMES), weights=weights, rest=np.array([bias, enough]))
    return folder / "answers.npz"


def _rows(library: Path, table: Path) -> Rows:
    lines = [line for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    signs: list[NDArray[np.float32]] = []
    right: list[bool] = []
    question: list[int] = []
    answerable: list[bool] = []
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        shelf.add([library])
        kept = LibraryIndex(shelf, Path(folder) / "index", None)
        opened = kept.open()
        for number, line in enumerate(lines):
            _, text, document, words = (*line.split("\t"), "", "", "")[:4]
            answerable.append(bool(document))
            asked = concepts(text)
            ranked = rank(opened.index, asked, None, opened.documents)
            for at in ranked.candidates():
                passage = kept.passage(opened, at)
                signs.append(signals(text, asked, ranked, at, passage))
                right.append(bool(document) and passage.ref == f"library:{document}" and words in passage.text.text)
                question.append(number)
    return Rows(np.stack(signs), np.array(right), np.array(question), np.array(answerable))


def _fit(held: list[Rows]) -> Fit:
    from sklearn.linear_model import LogisticRegression  # takes a second to load, and only training needs it

    rows = np.concatenate([each.signals for each in held]).astype(np.float64)
    right = np.concatenate([each.right for each in held])
    mean, scale = rows.mean(0), rows.std(0)
    scale[scale == 0] = 1.0
    fitted = cast(Any, LogisticRegression(C=_STRENGTH, max_iter=5000)).fit((rows - mean) / scale, right)
    weights = np.asarray(fitted.coef_[0] / scale, np.float64)
    return weights, float(fitted.intercept_[0] - weights @ mean)


def _best(rows: Rows, weights: NDArray[np.float64], bias: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return for each question the logit of its best candidate, and whether that is the right one."""
    size = len(rows.answerable)
    odds, first = np.full(size, -np.inf), np.zeros(size, bool)
    for each, value, right in zip(rows.question, rows.signals @ weights + bias, rows.right, strict=True):
        if value > odds[each]:
            odds[each], first[each] = value, right
    return odds, first

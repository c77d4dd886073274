"""Chooses the passages that answer a question, or none when none does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.amounts import stated
from bogam.evidence.retrieval.answers import model
from bogam.evidence.retrieval.features import Concept, concepts, features, held_features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.meaning import Meant
from bogam.evidence.retrieval.passage import Passage
from bogam.evidence.retrieval.rank import Ranked, Vector, rank
from bogam.evidence.retrieval.signals import NAMES, above_features, share, signals

_HALF: Final = 0.5
_RESULT: Final = 0.5
"""What counts, in logits, that a part of an abstract tells results and not what was known before; set by hand."""
_RESULTS: Final = re.compile(r"(?:result|conclusion|finding|interpretation|결과|결론)", re.IGNORECASE)
_GROUPS: Final = frozenset(
    f"g:{key}"
    for key in re.findall(
        r"\S+",
        "child child-word person-child kid toddler infant baby person-baby neonate newborn premature-baby "
        "premature-infant adolescent teenager person-teen pregnant pregnancy be-pregnant pregnancy-word "
        "pregnant-person breastfeed breastfeeding breastfeeding-mother breastfeeding-word nursing-mother "
        "drug-lactation",
    )
) | {"k:pregnancy"}
"""Keys of patients for whom what holds for others may be wrong."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found.

    Parameters
    ----------
    rank
        What passages are ranked by, the greatest first; of one question only.
    score
        How likely it answers, 0 to 1.
    cover
        The share of the question that it covers, 0 to 1.
    answers
        It is likely enough to answer, has every drug that the question names and an amount of the kind it asks for, and
        its document speaks of every group of patients (children, pregnancy, …) that the question names.
    """

    passage: Passage
    rank: float
    score: float
    cover: float
    answers: bool


class Close(NamedTuple):
    """The passages of a question that were looked at closely: their numbers in the index, the passages themselves, and
    their signals, shape ``(len(numbers), len(NAMES))``."""

    asked: tuple[Concept, ...]
    ranked: Ranked
    numbers: list[int]
    passages: list[Passage]
    rows: NDArray[np.float64]


def find(
    index: Index,
    at: Callable[[int], Passage],
    question: str,
    near: Vector | None = None,
    limit: int = 10,
    documents: NDArray[np.int64] | None = None,
) -> list[Hit]:
    """Return the best passages of an index for a question, those that answer it first.

    Parameters
    ----------
    at
        Returns the passage of a number of the index.
    near
        Cosine of the question and every passage, where there are dense vectors.
    documents
        The number of the document of every passage, those of one document in a row; by default each passage is its own.
    """
    close, judge = look(index, at, question, near, documents), model()
    asked, ranked, rows = close.asked, close.ranked, close.rows
    groups = [place for place, each in enumerate(asked) if _has(each, _GROUPS.__contains__)]
    told = zip(close.numbers, close.passages, judge.ranks(rows), judge.odds(rows), strict=True)
    found = [
        _hit(
            asked,
            passage,
            order,
            odds,
            float(ranked.cover[number]),
            may=bool((ranked.around[groups, number] > 0).all()) and stated(question, passage.text.text),
        )
        for number, passage, order, odds in told
    ]
    found.sort(key=lambda each: (not each.answers, -each.rank))
    return found[:limit]


def look(
    index: Index,
    at: Callable[[int], Passage],
    question: str,
    near: Vector | None = None,
    documents: NDArray[np.int64] | None = None,
) -> Close:
    """Look closely at the passages that may answer a question. Parameters as for `find`."""
    asked = concepts(question)
    ranked = rank(index, asked, near, documents)
    meant = Meant(asked, ranked.weights)
    numbers = ranked.candidates()
    passages = [at(each) for each in numbers]
    rows = [
        signals(question, asked, meant, ranked, number, passage, [at(each) for each in _beside(number, documents)])
        for number, passage in zip(numbers, passages, strict=True)
    ]
    return Close(asked, ranked, numbers, passages, np.array(rows, np.float64).reshape(-1, len(NAMES)))


def _hit(asked: tuple[Concept, ...], passage: Passage, order: float, odds: float, cover: float, *, may: bool) -> Hit:
    result = _RESULT * bool(not passage.page and _RESULTS.match(passage.heading))
    held = held_features(passage.text.text) | above_features(passage)
    enough = (odds + result >= model().enough or _whole(asked, held)) and _about(asked, held) and may
    return Hit(passage, float(order) + result, float(1 / (1 + np.exp(-odds - result))), cover, enough)


def _beside(number: int, documents: NDArray[np.int64] | None) -> list[int]:
    """Return the numbers of the passages before and behind one in its document."""
    if documents is None:
        return []
    sides = (number - 1, number + 1)
    return [each for each in sides if 0 <= each < len(documents) and documents[each] == documents[number]]


def _about(asked: tuple[Concept, ...], held: frozenset[str]) -> bool:
    """Whether a passage, with its headings, has every drug that is asked about: another drug is another question."""
    return all(share(each, held) >= _HALF for each in asked if _has(each, _drug))


def _whole(asked: tuple[Concept, ...], held: frozenset[str]) -> bool:
    """Whether a passage, with its headings, has all that is asked about: then it answers, whatever the model says."""
    telling = [each for each in asked if not each.common]
    return len(telling) > 1 and all(share(each, held) == 1.0 for each in telling)


def _has(concept: Concept, wanted: Callable[[str], bool]) -> bool:
    return any(wanted(key) for place in concept.keys for key in place)


def _drug(key: str) -> bool:
    return key.startswith(("k:d:", "k:c:"))


def text_features(passage: Passage) -> list[str]:
    """Return what a passage is indexed by: its own words twice, those of its headings and title once."""
    return [*2 * features(passage.text.text), *features(passage.heading), *features(passage.title)]

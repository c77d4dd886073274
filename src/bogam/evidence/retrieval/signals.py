"""What speaks for a passage answering a question: one row of numbers for each, the same for training and use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from bogam.evidence.retrieval.features import Concept, held_features
from bogam.evidence.retrieval.passage import Passage
from bogam.evidence.retrieval.rank import Ranked, Vector
from bogam.text.sentences import sentences

NAMES: Final = (
    "own", "near", "title", "document", "sentence", "bm25", "bm25 of the best", "largest missing", "named missing",
    "named held", "kind of answer", "other language", "concepts", "concepts held", "length",
)  # fmt: skip
_HALF: Final = 0.5
_SENTENCES: Final = 40
_HANGUL: Final = re.compile("[가-힣]")
_LATIN: Final = re.compile("[A-Za-z]")
_KINDS: Final = (
    (
        re.compile(
            r"how (?:long|soon|often|late)|\bwhen\b|how many (?:hour|minute|day|week|month)"
            r"|몇 ?(?:시간|분|일|주|개월|달|년)|며칠|언제|얼마나 자주|기간|간격|이내",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d+ ?(?:hour|minute|min\b|h\b|day|week|month|year|시간|분|일|주|개월|년|회)"
            r"|daily|weekly|hourly|immediately|at once|매일|즉시|바로|매\s?\S",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"how (?:much|many|fast|high|low)|dos(?:e|age)"
            r"|what (?:rate|volume|level|number|size|temperature|pressure|score)|maximum|minimum|limit|target|threshold"
            r"|몇|얼마|용량|속도|기준|최대|최소|목표|수치|점수",
            re.IGNORECASE,
        ),
        re.compile(r"\d"),
    ),
)
"""Kinds of question, and what an answer to one holds."""


def share(concept: Concept, held: frozenset[str]) -> float:
    """Return how much of a concept a text with these features has, 0 to 1."""
    by_key = sum(bool(place & held) for place in concept.keys) / len(concept.keys) if concept.keys else 0.0
    words = set(concept.tokens)
    by_word = len(words & held) / len(words) if words else 0.0
    return max(by_key, by_word if by_word >= _HALF else 0.0)


def above_features(passage: Passage) -> frozenset[str]:
    """Return the features of a passage's headings and title."""
    return held_features(passage.heading) | held_features(passage.title)


def signals(question: str, asked: Sequence[Concept], ranked: Ranked, number: int, passage: Passage) -> Vector:
    """Return the signals of one passage, shape ``(len(NAMES),)``.

    Parameters
    ----------
    number
        The passage's number in the index that was ranked.
    """
    weights = np.asarray(ranked.weights, np.float32)
    whole = float(weights.sum()) or 1.0
    own = held_features(passage.text.text)
    above = above_features(passage)
    said = np.array([share(each, own) for each in asked], np.float32)
    whole_passage = own | above
    near = np.array([share(each, whole_passage) for each in asked], np.float32)
    title = np.array([share(each, above) for each in asked], np.float32)
    held = np.maximum(near, ranked.around[:, number])
    named = np.array([each.named for each in asked])
    missing = weights * (held < _HALF)
    best = max(
        (
            float(weights @ [share(each, held_features(passage.text.text[a:b])) for each in asked])
            for a, b in sentences(passage.text.text)[:_SENTENCES]
        ),
        default=0.0,
    )
    return np.array(
        [
            weights @ said / whole,
            weights @ near / whole,
            weights @ title / whole,
            weights @ held / whole,
            best / whole,
            ranked.lexical[number] / (1 + 2 * whole),
            ranked.lexical[number] / ranked.top,
            missing.max(initial=0.0) / whole,
            (named & (near < _HALF)).sum(),
            (named & (near >= _HALF)).sum(),
            _kind(question, passage.text.text),
            _korean(question) != _korean(passage.text.text),
            np.log1p(len(asked)),
            (near >= _HALF).sum(),
            np.log1p(len(passage.text.text)) / 6,
        ],
        np.float32,
    )


def _kind(question: str, text: str) -> float:
    for asks, answers in _KINDS:
        if asks.search(question):
            return 1.0 if answers.search(text) else -1.0
    return 0.0


def _korean(text: str) -> bool:
    return len(_HANGUL.findall(text)) > len(_LATIN.findall(text)) / 3

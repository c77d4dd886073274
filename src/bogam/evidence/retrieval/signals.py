"""What speaks for a passage answering a question: one row of numbers for each, the same for training and use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from bogam.evidence.retrieval.features import Concept, held_features
from bogam.evidence.retrieval.meaning import Meant
from bogam.evidence.retrieval.passage import Passage
from bogam.evidence.retrieval.rank import WIDER, Ranked, Vector
from bogam.text.sentences import sentences

_HALF: Final = 0.5
_SENTENCES: Final = 40
_HANGUL: Final = re.compile("[가-힣]")
_LATIN: Final = re.compile("[A-Za-z]")
_KINDS: Final = {
    "who": (
        r"\bwho\b|누가|누구|어느 과|담당",
        r"nurse|doctor|physician|consultant|pharmacist|officer|team|manager|registrar|midwife"
        r"|간호사|의사|약사|전공의|전문의|교수|팀|담당|책임|의료진|과장|실장",
    ),
    "where": (
        r"\bwhere\b|어디|어느 (?:곳|방)|보관",
        r"room|ward|office|cabinet|fridge|refrigerat|floor|desk|unit|cupboard|site"
        r"|실|창고|냉장|층|보관|창구|부서|센터|캐비닛|부위",
    ),
    "whether": (
        r"\bcan\b|\bmay\b|allowed|\bok\b|possible|should|\bdo (?:we|i)\b|\bis it\b"
        r"|되나|되요|돼요|되는지|될까|가능|괜찮|해야|하나요|할까|도 돼|됩니까",
        r"\bnot?\b|\bmay\b|must|never|only|allowed|permitted|contraindicat|avoid"
        r"|금지|않는다|않|없|가능|수 있다|금한다|허용|만 |한다|필요",
    ),
    "dose": (
        r"dos(?:e|age|ing)|how much|\bmg\b|용량|얼마|몇 ?(?:mg|미리|밀리|cc|그램)",
        r"\d ?(?:mg|mcg|microgram|g\b|ml|units?|mmol|mEq|단위|cc|%)",
    ),
    "time": (
        r"how (?:long|soon|often|late|many (?:hour|minute|day|week|month))|\bwhen\b"
        r"|몇 ?(?:시간|분|일|주|개월|달|년)|며칠|언제|얼마나 자주|기간|간격|이내|얼마 동안|얼마나 오래",
        r"\d+ ?(?:hour|minute|min\b|h\b|day|week|month|year|시간|분|일|주|개월|년|회)"
        r"|daily|weekly|hourly|immediately|at once|매일|즉시|바로|매\s?\S",
    ),
    "number": (
        r"how (?:many|big|old|high|low|deep|far|fast|much)|maximum|minimum|limit|target|threshold|cut-?off"
        r"|what (?:size|rate|volume|level|number|temperature|age|pressure|score)"
        r"|몇|얼마|용량|속도|기준|최대|최소|목표|수치|점수",
        r"\d",
    ),
}
"""Kinds of question, by name: what asks, and what an answer to it holds."""
_READ: Final = {
    name: (re.compile(asks, re.IGNORECASE), re.compile(answers, re.IGNORECASE))
    for name, (asks, answers) in _KINDS.items()
}
NAMES: Final = (
    "own", "near", "title", "heading", "document", "beside", "sentence", "bm25", "bm25 of the best", "score",
    "about", "largest missing", "named missing", "named held", "telling own", "telling held", "telling missing",
    "nowhere", "not in the document", "letters", "other language", "length", "own by meaning", "near by meaning",
    "meaning", *_KINDS,
)  # fmt: skip


def share(concept: Concept, held: frozenset[str]) -> float:
    """Return how much of a concept a text with these features has, 0 to 1."""
    words = set(concept.tokens)
    by_word = len(words & held) / len(words) if words else 0.0
    kind = WIDER * bool(concept.wider & held)
    return max(_of_places(concept.keys, held), kind, by_word if by_word >= _HALF else 0.0)


def _of_places(places: Sequence[frozenset[str]], held: frozenset[str]) -> float:
    return sum(bool(place & held) for place in places) / len(places) if places else 0.0


def above_features(passage: Passage) -> frozenset[str]:
    """Return the features of a passage's headings and title."""
    return held_features(passage.heading) | held_features(passage.title)


def signals(
    question: str,
    asked: Sequence[Concept],
    meant: Meant,
    ranked: Ranked,
    number: int,
    passage: Passage,
    beside: Sequence[Passage] = (),
) -> Vector:
    """Return the signals of one passage, shape ``(len(NAMES),)``.

    Parameters
    ----------
    number
        The passage's number in the index that was ranked.
    beside
        The passages before and behind it in its document.
    """
    text = passage.text.text
    weights = np.asarray(ranked.weights, np.float32)
    whole = float(weights.sum()) or 1.0
    telling = np.array([not each.common for each in asked])
    named = np.array([each.named for each in asked])
    told = weights * telling
    whole_told = float(told.sum()) or 1.0

    own = _shares(asked, held_features(text))
    title = _shares(asked, held_features(passage.title))
    heading = _shares(asked, held_features(passage.heading))
    near = np.maximum(own, np.maximum(title, heading))
    next_to = np.max([near, *(_shares(asked, held_features(each.text.text)) for each in beside)], axis=0)
    best = max((float(told @ each) for each in _by_sentence(asked, text)), default=0.0)
    missing = told * (near < _HALF)
    own_meant = np.maximum(own, meant.shares(text))
    near_meant = np.max([near, own_meant, meant.shares(passage.heading), meant.shares(passage.title)], axis=0)
    return np.array(
        [
            weights @ own / whole,
            told @ near / whole_told,
            told @ title / whole_told,
            told @ heading / whole_told,
            weights @ np.maximum(near, ranked.around[:, number]) / whole,
            weights @ next_to / whole,
            best / whole_told,
            ranked.lexical[number] / (1 + 2 * whole),
            ranked.lexical[number] / ranked.top,
            ranked.score[number],
            ranked.about[number],
            missing.max(initial=0.0) / whole_told,
            (named & (near < _HALF)).sum(),
            (named & (near >= _HALF)).sum(),
            (telling & (own >= _HALF)).sum(),
            (telling & (near >= _HALF)).sum(),
            (telling & (near < _HALF)).sum(),
            told @ (ranked.around.max(axis=1, initial=0.0) < _HALF) / whole_told,
            (telling & (np.maximum(near, ranked.around[:, number]) < _HALF)).sum(),
            _letters(question, f"{text} {passage.heading}"),
            _korean(question) != _korean(text),
            np.log1p(len(text)) / 6,
            told @ own_meant / whole_told,
            told @ near_meant / whole_told,
            meant.likeness(text),
            *(_kind(asks, answers, question, text) for asks, answers in _READ.values()),
        ],
        np.float32,
    )


def _shares(asked: Sequence[Concept], held: frozenset[str]) -> Vector:
    return np.array([share(each, held) for each in asked], np.float32)


def _by_sentence(asked: Sequence[Concept], text: str) -> Iterable[Vector]:
    return (_shares(asked, held_features(text[start:end])) for start, end in sentences(text)[:_SENTENCES])


def _kind(asks: re.Pattern[str], answers: re.Pattern[str], question: str, text: str) -> float:
    """Return 1 where a kind of question meets its kind of answer, -1 where it does not, 0 for another question."""
    if not asks.search(question):
        return 0.0
    return 1.0 if answers.search(text) else -1.0


def _letters(question: str, text: str) -> float:
    """Return the share of the question's pairs of letters that the text has."""
    asked = _pairs(question)
    return len(asked & _pairs(text)) / max(1, len(asked))


def _pairs(text: str) -> set[str]:
    joined = "".join(text.lower().split())
    return {joined[at : at + 2] for at in range(len(joined) - 1)}


def _korean(text: str) -> bool:
    return len(_HANGUL.findall(text)) > len(_LATIN.findall(text)) / 3

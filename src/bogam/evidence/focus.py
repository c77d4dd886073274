"""When a claim nearly repeats one sentence of what it cites, hold it to that sentence.

A long citation holds many numbers, sides and denials, and a wrong one can be borne out by another sentence. A claim
that repeats a sentence but for a few words is about that sentence: its sides must stand in that order, and a denial
may neither have come in nor gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from bogam.evidence.claim import Failure
from bogam.evidence.context import Piece
from bogam.terms.concepts import stem
from bogam.text.atoms import Reading
from bogam.text.polarity import sentences

_WORD: Final = re.compile(r"[A-Za-z]{2,}|[가-힣]+")
_SKIP: Final = frozenset({
    "no", "not", "none", "never", "deny", "deni", "denies", "denied", "denying", "without", "with", "negative",
    "positive", "absent", "non", "nor", "is", "was", "were", "are", "be", "been", "has", "have", "had", "does",
    "do", "did", "any", "some", "the", "and", "or", "of", "to", "in", "on", "at", "an", "there", "that", "this",
    "it", "he", "she", "they", "his", "her", "patient", "report", "reports", "reported", "present", "presents",
    "presented", "complain", "complains", "complained", "left", "right", "lt", "rt", "bilateral", "mg", "mcg",
    "ml", "kg", "cm", "mm", "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours",
    "percent", "degrees", "pounds", "since", "ago",
})  # fmt: skip
_SKIP_KO: Final = re.compile(r"^(?:없|있|않|아니|아님|부인|호소|음성|양성|좌측|우측|왼쪽|오른쪽|양측|복용|하지|환자)")
_CUES: Final = (
    ("no", re.compile(r"\bno\b|\bnone\b|\bnor\b", re.I)),
    ("not", re.compile(r"\bnot\b|n['’]t\b|\bcannot\b", re.I)),
    ("deny", re.compile(r"\bden(?:y|ies|ied|ying)\b", re.I)),
    ("without", re.compile(r"\bwithout\b|\bw/o\b", re.I)),
    ("never", re.compile(r"\bnever\b", re.I)),
    ("negative", re.compile(r"\bnegative\b|\babsent\b|\(-\)|음성", re.I)),
    ("non", re.compile(r"\bnon-?(?=[a-z])|(?<![가-힣])비(?=흡연|음주)", re.I)),
    ("normal", re.compile(r"\bunremarkable\b", re.I)),
    ("없", re.compile(r"없")),
    ("부인", re.compile(r"부인(?!과)")),
    ("않", re.compile(r"않|못하")),
    ("아니", re.compile(r"아니|아님|아닌")),
)
_NEAR: Final = 0.75
_SAME: Final = 0.85
_FEWEST: Final = 3


@lru_cache(maxsize=16384)
def _words(text: str) -> frozenset[str]:
    return frozenset(
        stem(word) for word in _WORD.findall(text) if word.lower() not in _SKIP and not _SKIP_KO.match(word)
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def closest(claim: Reading, pieces: Sequence[Piece]) -> tuple[int, int, int, float] | None:
    """Return (piece, start, end, likeness) of the cited sentence that the claim nearly repeats, if there is one."""
    own = _words(claim.text)
    best: tuple[int, int, int, float] | None = None
    for index, piece in enumerate(pieces):
        if " " not in piece.text:
            continue
        for start, end in sentences(piece.text):
            likeness = _alike(own, _words(piece.text[start:end]))
            if likeness >= _NEAR and (best is None or likeness > best[3]):
                best = (index, start, end, likeness)
    if best is None or (len(own) < _FEWEST and best[3] < 1):
        return None
    return best


@lru_cache(maxsize=16384)
def _cues(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _CUES if pattern.search(text))


def departures(claim: Reading, sentence: Reading, likeness: float, cited: str) -> list[Failure]:
    """Return where the claim departs from the sentence it nearly repeats: in sides, numbers or denial."""
    found: list[Failure] = []
    ours, theirs = [side.side for side in claim.sides], [side.side for side in sentence.sides]
    if len(ours) == len(theirs) and ours != theirs:
        place = next(index for index, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1])
        side = claim.sides[place]
        found.append(Failure("side", claim.text[side.start : side.end], theirs[place]))
    if likeness >= _SAME:
        said, told = _cues(claim.text), _cues(sentence.text)
        spare = Counter(number.digits for number in claim.quantities) - Counter(
            number.digits for number in sentence.quantities
        )
        if spare and len(claim.quantities) == len(sentence.quantities):
            digits = next(iter(spare))
            found.append(Failure("number", digits, ", ".join(number.digits for number in sentence.quantities)))
        if said < told or (told < said and not said <= _cues(cited)):
            found.append(Failure("negation", claim.text[:60], "denied" if said < told else "affirmed"))
    return found

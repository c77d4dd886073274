"""To which part of a note a sentence belongs: what is told, examination, results, or assessment and plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from bogam.skills.visit_note.clinical import examined, kinds
from bogam.skills.visit_note.hashing import column, sparse, words
from bogam.skills.visit_note.korean_route import korean_part
from bogam.skills.visit_note.statements import Candidate, is_korean

BITS: Final = 15
PARTS: Final = ("subjective", "exam", "results", "plan")
_EXAMINED: Final = re.compile(
    r"\b(?:on|your|'s) (?:physical )?exam(?:ination)?\b|\bon (?:the patient's |your )?(?:\w+ ){0,3}exam(?:ination)?\b|"
    r"\bvital signs?\b|\bblood pressure (?:today |here |is |was |of |looks )|\blungs? (?:are|sound)|\bto palpation\b",
    re.I,
)
"""What is said of the body as it is examined, whatever the words around it."""


_SIGNS: Final = re.compile(
    r"\bon palpation\b|\balert(?:,| and) oriented\b|\b(?:murmurs?"
    r"|crackles|wheez\w+|rales|edema|tenderness|range of motion"
    r"|effusion|auscultation)\b",
    re.I,
)
"""What a doctor finds: of the examination, if it is not of a plan or a judgement."""
_PLANS: Final = re.compile(r"\b(?:will|order|if|i think|consistent|due to|because|started?|follow|continue)\b|\?", re.I)
_RESULTS: Final = re.compile(
    r"\b(?:urinalysis|imaging|scan|biops\w+|x-?rays?|ekg|ecg|mri|ct"
    r"|ultrasound|echo\w*|labs?|a1c|blood (?:work|test)s?)\b.{0,60}"
    r"\b(?:shows?|showed|is|was|were|looks?|reveal\w*|demonstrat\w*)\b",
    re.I,
)

_BIDS: Final = re.compile(
    r"^(?:and |so |then |please |now )*(?:stop|start|take|continue|keep (?:taking|using)|avoid|hold|use|apply|drink"
    r"|finish|come back|call (?:me|us)|see (?:me|you) (?:in|again|back|next)|i'll see you|will see|go to"
    r"|return|schedule)\b",
    re.I,
)
"""How a doctor tells what is to be done."""
_JUDGES: Final = re.compile(r"^(?:no,? |yes,? |so,? )*(?:it|this|that)(?:'s| is| was| isn't| is not)\b", re.I)


def finding(candidate: Candidate) -> str:
    """Return exam or results where the words of a doctor's sentence leave no doubt of it, else nothing."""
    if candidate.speaker != "doctor" or re.search(r"\b(?:will|order)\b", candidate.text, re.I):
        return ""
    return "results" if _RESULTS.search(candidate.text) else "exam" if _EXAMINED.search(candidate.text) else ""


def is_plan(candidate: Candidate) -> bool:
    """Whether a sentence has words of a plan or a judgement."""
    return _PLANS.search(candidate.text) is not None or _BIDS.search(candidate.text) is not None


@dataclass(slots=True)
class Route:
    """Linear scores for each of `PARTS`: ``weights`` of shape ``(2 ** BITS, 4)``."""

    weights: np.ndarray
    shift: np.ndarray

    def part(self, candidate: Candidate, last: int) -> str:
        """Return the likeliest part. ``last`` is the number of the dialogue's last turn."""
        if candidate.speaker in ("patient", "family"):
            return "subjective"
        if is_korean(candidate.text):
            return korean_part(candidate)
        if _BIDS.search(candidate.text) or (_JUDGES.search(candidate.text) and "problem" in kinds(candidate.text)):
            return "plan"
        if certain := finding(candidate):
            return certain
        if candidate.speaker == "doctor" and not _PLANS.search(candidate.text):
            if "lab" in kinds(candidate.text):
                return "results"
            seen = examined(candidate.text) and "patient" not in candidate.text.lower().split()
            if seen or _SIGNS.search(candidate.text):
                return "exam"
        at = np.array(features(candidate, last), int)
        return PARTS[int(np.argmax(self.weights[at].sum(axis=0) + self.shift))]


def features(candidate: Candidate, last: int) -> list[int]:
    """Return the columns of a candidate's features."""
    own = words(candidate.text)
    place = min(9, candidate.turn * 10 // max(1, last))
    names = [f"w|{word}" for word in own] + [f"b|{one} {two}" for one, two in pairwise(own)]
    names += [f"{candidate.speaker}|{word}" for word in own]
    names += [f"at|{place}|{candidate.speaker}", f"at|{place}", f"kind|{candidate.kind}|{candidate.speaker}"]
    names += [f"q|{word}" for word in words(candidate.asked)[-6:]]
    return [column(name, BITS) for name in names]


def fit(found: Sequence[Candidate], lasts: Sequence[int], parts: Sequence[str]) -> Route:
    """Fit by logistic regression, one for each part."""
    from sklearn.linear_model import LogisticRegression

    rows = [[(at, 1.0) for at in features(each, last)] for each, last in zip(found, lasts, strict=True)]
    fitted: Any = LogisticRegression(C=0.3, max_iter=300, class_weight="balanced", random_state=0)
    fitted.fit(sparse(rows, BITS), [PARTS.index(part) for part in parts])
    return Route(fitted.coef_.T.astype(np.float32), fitted.intercept_)

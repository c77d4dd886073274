"""What the patient came for: the answer to the doctor's opening question, or the doctor's own words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bogam.skills.visit_note import english, korean
from bogam.skills.visit_note.clinical import kinds, reactions
from bogam.skills.visit_note.statements import Utterance, is_korean

_OPENS: Final = re.compile(
    r"\bwhat (?:brings?|brought|can i|can we|seems|is the (?:problem|matter|trouble)|happened|'s (?:going on|wrong|the "
    r"(?:problem|matter|trouble)|been going on|happening|bothering))|\bhow (?:can|may) (?:i|we) help|\bwhy are you here"
    r"|\bwhat are (?:you here for|we seeing)|\btell me (?:about )?what|\bwhat's (?:up|new)\b|\bhow (?:are|have) you\b"
    r"|불편|어디가 (?:아프|안 좋)|어떻게 오|무슨 일|어쩐 일|왜 오|어떤 일|어떤 증상"
    r"|어디 아프|오셨어요|오셨나요|오셨습니까|언제부터 .{0,12}(?:났|아프|아팠)",
    re.I,
)
_HERE: Final = re.compile(
    r"\b(?:here|in|comes?|coming|came|presents?|presenting|referred|sent|seen|see(?:ing)? (?:you|her|him)) "
    r"(?:(?:in|here|today|back|to me|to us|to the clinic|over) ){0,3}(?:for|with|because|complaining|after)\b"
    r"|\bcomplain(?:s|ing|ts?) of\b|\bchief complaint|때문에 (?:오|내원)|(?:으로|로) (?:오셨|내원)|보러 오셨",
    re.I,
)
_SOUGHT: Final = frozenset({"symptom", "problem", "procedure", "drug", "lab", "vital"})
_FELT: Final = frozenset({"symptom", "problem"})
_WELL: Final = re.compile(r"\b(?:good|fine|okay|ok|alright|all right|well|great)\b[^,;]{0,20}$", re.I)
_FEW: Final = 3


def complaint(spoken: Sequence[Utterance]) -> list[int]:
    """Return the numbers of the utterances that may be the chief complaint, the best first."""
    answers = [at for at in range(len(spoken)) if _answers(spoken, at)]
    told = [
        at + each.said.endswith("?") for at, each in enumerate(spoken) if each.speaker == "doctor" and _tells(each.said)
    ]
    first = sorted({*answers[:3], *told[:1]}, key=lambda at: (spoken[at].turn, at))
    felt = [at for at, each in enumerate(spoken) if _felt(each)]
    return list(dict.fromkeys([*first, *felt[:3]]))


def _felt(each: Utterance) -> bool:
    return _by_patient(each) and bool(kinds(each.said) & _FELT) and not reactions(each.said)


def _by_patient(each: Utterance) -> bool:
    return each.speaker in ("patient", "family")


def _tells(said: str) -> bool:
    return _HERE.search(said) is not None and bool(kinds(said) & _SOUGHT)


def _answers(spoken: Sequence[Utterance], at: int) -> bool:
    """Whether an utterance is in the turn after an opening question, and more than a greeting."""
    this = spoken[at]
    if not _by_patient(this) or this.said.endswith("?"):
        return False
    asked = [each for each in spoken[max(0, at - 12) : at] if each.turn == this.turn - 1 and each.speaker == "doctor"]
    if not any(_OPENS.search(each.said) for each in asked):
        return False
    if kinds(this.said) & _SOUGHT:
        return True
    plain = english.clean(this.said)
    return (
        len(plain.split()) >= (2 if is_korean(plain) else _FEW)
        and not english.is_greeting(plain)
        and not _WELL.search(plain)
        and not korean.is_answer(this.said)
        and any(re.search(r"what|why|help|[가-힣]", each.said, re.I) for each in asked)
    )

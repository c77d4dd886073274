"""Make English sentences of a note whole: a fragment gets its subject, an answer the question that it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bogam.skills.visit_note.clinical import HABIT, clinical
from bogam.skills.visit_note.statements import Candidate, Utterance

_VERBLESS: Final = re.compile(
    r"^(?:(?:started|stopped|went|came|goes|comes|gets|got|hurts|feels|felt|radiates|lasts|happens|happened|began|begins|"
    r"starts|seems|looks|helps|helped|worsens|wakes|keeps|kept|bothers|\w+ing)\b|(?:at|in|on|to|for|when|after|from|about|"
    r"since|with|of|by|until|during)\b)",
    re.I,
)
"""The beginning of a sentence that has lost its subject."""
_SMOKING: Final = re.compile(r"smok|tobacco|cigarette", re.I)
_ALCOHOL: Final = re.compile(r"alcohol|drink", re.I)
_FEW: Final = 5


_NOTHING: Final = re.compile(
    r"(?:is|are|does|do|did|can|could|would) (?:it|that|this|there|you|the patient|they)\b[^,]*"
    r"|(?:denies|reports|the patient denies) (?:place else|(?:other )?questions?(?: or concerns)?|concerns?|idea)",
    re.I,
)


def says_nothing(text: str) -> bool:
    """Whether an English sentence, standing alone in a note, tells nothing about the patient."""
    return _NOTHING.fullmatch(text.strip(" .?!")) is not None


def dressed(
    taken: Candidate, forms: Sequence[Candidate], spoken: Sequence[Utterance], supported: Callable[[Candidate], bool]
) -> Candidate:
    """Return a chosen sentence, or the same utterance in a form that a reader understands without the dialogue.

    Parameters
    ----------
    taken
        The sentence that was chosen.
    forms
        All candidates of its utterance.
    spoken
        The dialogue's utterances.
    supported
        Whether the dialogue bears a candidate out; a form that it does not bear out is not taken.
    """
    better: list[Candidate] = []
    if taken.kind in ("headless", "clause") and _VERBLESS.search(taken.text):
        better += [each for each in forms if each.kind == "said"]
    if taken.kind in ("said", "headless") and taken.speaker != "doctor" and not clinical(taken.text):
        better += _with_question(taken, spoken)
    return next((each for each in better if supported(each)), taken)


def _with_question(taken: Candidate, spoken: Sequence[Utterance]) -> list[Candidate]:
    this = spoken[taken.of]
    asked = spoken[taken.of - 1] if taken.of else this
    if not asked.said.endswith("?") or asked.turn != this.turn - 1 or len(taken.spans) > 1:
        return []
    spans = ((asked.start, asked.end), (this.start, this.end))
    told = taken._replace(spans=spans)
    if HABIT.search(asked.said):
        topic = "Smoking" if _SMOKING.search(asked.said) else "Alcohol" if _ALCOHOL.search(asked.said) else "Drugs"
        return [told._replace(text=f"{topic}: {taken.text[:1].lower()}{taken.text[1:]}")]
    if clinical(asked.said) and len(taken.text.split()) <= _FEW:
        question = " ".join(asked.said.split()).replace('"', "'")
        return [told._replace(text=f'Asked "{question}": {taken.text}')]
    return []

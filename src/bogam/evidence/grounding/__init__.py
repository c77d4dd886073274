"""Whether a dialogue bears out a sentence.

A note does not repeat a dialogue: it sums up, and writes "120/80" where "one twenty over eighty" was said. So a
sentence is held against the turns as a whole: a score from how much of what it says was said, and of what weighs, and a
failure for each number, side, drug and denial that the turns do not bear out. The score and the checks of numbers and
sides are small logistic regressions, trained by ``bogam train grounding`` (see the card beside them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bogam.evidence.claim import Failure
from bogam.evidence.grounding.answers import contradicted
from bogam.evidence.grounding.dialogue import Dialogue
from bogam.evidence.grounding.model import Model, model
from bogam.evidence.grounding.number import Number, number_signs, numbers
from bogam.evidence.grounding.signs import sentence_signs, side_mentions, side_signs
from bogam.terms.concepts import keys

__all__ = ["Dialogue", "Grounding", "ground", "score"]

_AGE: Final = re.compile(r"[ -]?(?:years?|y\.?/?o\b|세|살)")


@dataclass(frozen=True, slots=True)
class Grounding:
    """``score`` is how likely the sentence is of this dialogue, 0 to 1; ``failures`` what of it is not borne out."""

    score: float
    failures: tuple[Failure, ...]


def score(sentence: str, dialogue: Dialogue, learned: Model | None = None) -> float:
    """Return how likely ``sentence`` sums up ``dialogue`` and not another one, 0 to 1."""
    known = learned or model()
    return known.sentence.probability(sentence_signs(sentence, dialogue, known.weight))


def ground(sentence: str, dialogue: Dialogue, *, age: int | None = None, learned: Model | None = None) -> Grounding:
    """Judge a sentence by a dialogue.

    Parameters
    ----------
    sentence
        English, Korean or both.
    dialogue
        The turns that it rests on. Turns that were heard badly are not among them and bear out nothing.
    age
        The patient's age in years as the record knows it, which a note says and a dialogue seldom does.
    learned
        Another model than the one that is shipped.
    """
    known = learned or model()
    found = number_failures(sentence, dialogue, known, age)
    found += side_failures(sentence, dialogue, known)
    found += _drugs(sentence, dialogue)
    found += contradicted(sentence, dialogue)
    return Grounding(score(sentence, dialogue, known), tuple(dict.fromkeys(found)))


def number_failures(sentence: str, dialogue: Dialogue, known: Model, age: int | None = None) -> list[Failure]:
    """Return the numbers that were not said, or not of what the sentence says them of."""
    return [
        Failure("number", number.digits, _said_instead(number, dialogue))
        for number in numbers(sentence)
        if number_probability(sentence, number, dialogue, known, age) < known.number_floor
    ]


def number_probability(sentence: str, number: Number, dialogue: Dialogue, known: Model, age: int | None) -> float:
    """Return how likely a number is borne out, 0 to 1."""
    if age is not None and number.value == age and _AGE.match(sentence, number.end):
        return 1.0
    return known.number.probability(number_signs(sentence, number, dialogue, known.weight))


def _said_instead(number: Number, dialogue: Dialogue) -> str:
    """What numbers were said, where there are few."""
    values = list(dict.fromkeys(f"{each.value:g}" for each in dialogue.said if each.value != number.value))
    return ", ".join(values[:6])


def side_failures(sentence: str, dialogue: Dialogue, known: Model) -> list[Failure]:
    """Return the sides that the dialogue says otherwise. What repeats or quotes the dialogue is borne out."""
    own = side_mentions(sentence)
    if not own or dialogue.repeats(sentence):
        return []
    said = {side.name for side in side_mentions(dialogue.text)}
    return [
        Failure("side", sentence[side.start : side.end], ", ".join(sorted(said - {side.name})))
        for side in own
        if not dialogue.is_quoted(sentence, side.start)
        and known.side.probability(side_signs(sentence, side, dialogue, known.weight)) < known.side_floor
    ]


def _drugs(sentence: str, dialogue: Dialogue) -> list[Failure]:
    named = [key for key in keys(sentence) if key.name[:2] == "d:" and key.name not in dialogue.names]
    said = sorted(name[2:] for name in dialogue.names if name[:2] == "d:")
    return [Failure("drug", sentence[key.start : key.end], ", ".join(said[:6])) for key in named]

"""What questions and their answers say together: "Any fever? – No." is no fever, "Any chest pain? – Yeah." is pain."""

from __future__ import annotations

import re
from typing import Final

from bogam.evidence.claim import Failure
from bogam.evidence.grounding.dialogue import Dialogue
from bogam.text.answer import reverses
from bogam.text.atoms import read
from bogam.text.polarity import AFFIRMED, DENIED

_NO: Final = re.compile(
    r"\s*(?:(?:uh|um|well|oh|so|i|and|,|\.|-)\s*)*(?:no+|nope|nah|not? (?:really|at all|that)|none|never|negative"
    r"|huh-uh|uh-uh|mm-mm|i (?:do|have|did) ?n't|아니|아뇨|없|전혀|괜찮|안 )(?![a-z])",
    re.IGNORECASE,
)
_YES: Final = re.compile(
    r"\s*(?:(?:uh|um|well|oh|so|i|and|,|\.|-)\s*)*(?:yes|yeah|yep|yup|mm-hmm|uh-huh|sure|correct|right|exactly|definitely"
    r"|i (?:do|have|am|did)\b(?! n't| not)|a (?:little|bit)|some|네|예|응|맞|그렇|있)",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"\?|까요?\b|나요|세요\?|\b(?:any|have you|do you|did you|are you|how about|what about|no)\b", re.IGNORECASE
)


def contradicted(sentence: str, dialogue: Dialogue) -> list[Failure]:
    """Return what a sentence denies though it was affirmed each time, and affirms though it was denied each time."""
    reading = read(sentence)
    found: list[Failure] = []
    for key in reading.keys:
        meant = reading.polarity.at(key.start)
        if key.name[:2] == "w:" or meant not in (AFFIRMED, DENIED) or dialogue.is_quoted(sentence, key.start):
            continue
        said = _states(key.name, dialogue)
        if said and meant not in said and len(said) == 1 and (meant == AFFIRMED or AFFIRMED in said):
            other = "denied" if DENIED in said else "affirmed"
            found.append(Failure("negation", sentence[key.start : key.end], other))
    return found


def _states(name: str, dialogue: Dialogue) -> set[int]:
    """How a term was meant each time it was said: by its answer where it was asked, else by its own sentence."""
    states: set[int] = set()
    for index, turn in enumerate(dialogue.turns):
        if name not in dialogue.by_turn[index]:
            continue
        words = dialogue.words(index)
        reading = read(words)
        places = [key.start for key in reading.keys if key.name == name]
        answered = answer(dialogue, index) if turn.speaker == "doctor" else None
        for place in places:
            asked = answered is not None and _asks(words, place)
            states.add(answered if asked and answered is not None else reading.polarity.at(place))
    return states


def answer(dialogue: Dialogue, index: int) -> int | None:
    """Return how the turn after ``index`` answers: DENIED, AFFIRMED, or None when it says neither.

    What an answer takes back does not count: "No. Actually yes, on stairs." affirms.
    """
    if index + 1 >= len(dialogue.turns) or dialogue.turns[index + 1].speaker == dialogue.turns[index].speaker:
        return None
    words = dialogue.words(index + 1)
    denied, affirmed = (AFFIRMED, DENIED) if reverses(words) else (DENIED, AFFIRMED)
    return denied if _NO.match(words) else affirmed if _YES.match(words) else None


def _asks(words: str, place: int) -> bool:
    """Whether the last sentence of a turn is a question and ``place`` lies in it or in the list that it goes on."""
    tail = words[max(0, len(words) - 300) :]
    return place >= len(words) - 300 and _QUESTION.search(tail) is not None and "?" in tail[-40:]

"""Choose the sentences of a note from a dialogue: the best that the dialogue supports."""

from __future__ import annotations

from typing import Final, NamedTuple

from bogam.skills.visit_note.check import Dialogue
from bogam.skills.visit_note.model import header_model, route_model, worth_model
from bogam.skills.visit_note.route import korean_part
from bogam.skills.visit_note.statements import Candidate, candidates, is_korean

_MARGIN: Final = 40
"""Turns at each end of a Korean dialogue are judged like all others; a dialogue has at most so many kept sentences."""


class Sentence(NamedTuple):
    """A sentence of a note, the words of the dialogue that it rests on, and its part of the note."""

    text: str
    spans: tuple[tuple[int, int], ...]
    part: str
    speaker: str
    turn: int
    kind: str


def whole_note(text: str, gender: str = "") -> list[Sentence]:
    """Return the sentences of a visit's note, in the order of the dialogue."""
    found = candidates(text, gender)
    if not found:
        return []
    dialogue = Dialogue(text)
    last = found[-1].turn
    if is_korean(text):
        return [_sentence(each, korean_part(each)) for each in _firsts(found, dialogue)]
    taken = worth_model("note").choose(found, "note", lambda each: dialogue.supports(each.text, each.spans))
    route = route_model()
    return [_sentence(found[at], route.part(found[at], last)) for at in taken]


def section(text: str, header: str = "", gender: str = "") -> list[Sentence]:
    """Return the sentences of one section from a short dialogue about it; its header is told where not given."""
    found = candidates(text, gender)
    dialogue = Dialogue(text)
    part = header or header_model().header(text)
    taken = worth_model("section").choose(found, part, lambda each: dialogue.supports(each.text, each.spans))
    return [_sentence(found[at], part) for at in taken]


def _firsts(found: list[Candidate], dialogue: Dialogue) -> list[Candidate]:
    """Return the first supported form of each utterance."""
    kept: dict[int, Candidate] = {}
    for each in found:
        if each.of not in kept and dialogue.supports(each.text, each.spans):
            kept[each.of] = each
    return [kept[of] for of in sorted(kept)]


def _sentence(candidate: Candidate, part: str) -> Sentence:
    return Sentence(candidate.text, candidate.spans, part, candidate.speaker, candidate.turn, candidate.kind)

"""Choose the sentences of a note from a dialogue: the best that the dialogue supports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bogam.skills.visit_note.check import Dialogue
from bogam.skills.visit_note.model import header_model, route_model, worth_model
from bogam.skills.visit_note.route import finding, korean_part
from bogam.skills.visit_note.statements import Candidate, candidates, is_korean

_NEVER_LEFT_OUT: Final = re.compile(r"allerg|\b(?:mg|milligrams?|mcg|units)\b", re.I)
"""Allergies and doses, and findings, stand in a note whatever the models say."""
_RANK: Final = ("denied", "affirmed", "said", "quoted")


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

    def supported(each: Candidate) -> bool:
        return dialogue.supports(each.text, each.spans)

    taken = worth_model("note").choose(found, "note", supported)
    taken = sorted([*taken, *_forced(found, {found[at].of for at in taken}, supported)])
    route = route_model()
    return [_sentence(found[at], route.part(found[at], last)) for at in taken]


def section(text: str, header: str = "", gender: str = "") -> list[Sentence]:
    """Return the sentences of one section from a short dialogue about it; its header is told where not given."""
    found = candidates(text, gender)
    dialogue = Dialogue(text)
    part = header or header_model().header(text)
    taken = worth_model("section").choose(found, part, lambda each: dialogue.supports(each.text, each.spans))
    return [_sentence(found[at], part) for at in taken]


def _forced(found: Sequence[Candidate], taken: set[int], supported: Callable[[Candidate], bool]) -> list[int]:
    """Return candidates that a note must not lack and that were not taken, one for each utterance."""
    kept: dict[int, int] = {}
    for at in sorted(range(len(found)), key=lambda at: (_rank(found[at]), at)):
        each = found[at]
        asked_of = each.asked if each.kind in _RANK else ""
        if each.of in taken or each.of in kept or each.kind not in _RANK:
            continue
        needed = _NEVER_LEFT_OUT.search(f"{each.text} {asked_of}") or (each.kind == "said" and finding(each))
        if needed and supported(each):
            kept[each.of] = at
    return list(kept.values())


def _rank(candidate: Candidate) -> int:
    return _RANK.index(candidate.kind) if candidate.kind in _RANK else len(_RANK)


def _firsts(found: list[Candidate], dialogue: Dialogue) -> list[Candidate]:
    """Return the first supported form of each utterance."""
    kept: dict[int, Candidate] = {}
    for each in found:
        if each.of not in kept and dialogue.supports(each.text, each.spans):
            kept[each.of] = each
    return [kept[of] for of in sorted(kept)]


def _sentence(candidate: Candidate, part: str) -> Sentence:
    return Sentence(candidate.text, candidate.spans, part, candidate.speaker, candidate.turn, candidate.kind)

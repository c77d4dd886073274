"""Choose the sentences of a note from a dialogue: the best that the dialogue supports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bogam.skills.visit_note.check import Dialogue
from bogam.skills.visit_note.clinical import ABNORMAL, clinical, examined, reactions
from bogam.skills.visit_note.complaint import complaint
from bogam.skills.visit_note.dress import dressed, says_nothing
from bogam.skills.visit_note.korean_route import korean_part
from bogam.skills.visit_note.model import header_model, route_model, worth_model
from bogam.skills.visit_note.route import finding, is_plan
from bogam.skills.visit_note.statements import Candidate, candidates, is_korean, utterances
from bogam.text.answer import reverses

_NEVER_LEFT_OUT: Final = re.compile(r"allerg|\b(?:mg|milligrams?|mcg|units)\b", re.I)
"""Allergies, doses and findings, stand in a note whatever the models say."""
_DIAGNOSED: Final = re.compile(
    r"\bi (?:do |also )?(?:think|believe|suspect) (?:that )?(?:the patient has"
    r"|this is|it's)\b|\bconsistent with\b|\bdiagnosis (?:is|of)\b",
    re.I,
)
"""How a doctor says what it is; this too always stands in a note."""
_RANK: Final = ("denied", "affirmed", "said", "quoted")


class Sentence(NamedTuple):
    """A sentence of a note, the words of the dialogue that it rests on, and its part of the note."""

    text: str
    spans: tuple[tuple[int, int], ...]
    part: str
    speaker: str
    turn: int
    kind: str
    asked: str = ""


def whole_note(text: str, gender: str = "") -> list[Sentence]:
    """Return the sentences of a visit's note, in the order of the dialogue."""
    found = candidates(text, gender)
    if not found:
        return []
    dialogue = Dialogue(text)
    last = found[-1].turn
    supported = _once(dialogue)
    came_for = _complaint(text, found, supported)
    if is_korean(text):
        return _in_korean(_firsts(found, supported), came_for)
    route, spoken = route_model(), utterances(text)
    taken = worth_model("note").choose(found, "note", supported)
    limited = {at for at, each in enumerate(spoken) if reverses(each.said)}
    taken = sorted([*taken, *_forced(found, {found[at].of for at in taken}, supported, came_for, limited)])
    whole: list[Sentence] = []
    for at in taken:
        forms = [each for each in found if each.of == found[at].of]
        part = "complaint" if found[at].of == came_for else route.part(found[at], last)
        if part == "subjective" and found[at].speaker == "doctor" and whole and whole[-1].turn == found[at].turn:
            part = "exam" if whole[-1].part == "exam" else part
        whole.append(_sentence(dressed(found[at], forms, spoken, supported), part))
    return whole


def _in_korean(kept: Sequence[Candidate], came_for: int) -> list[Sentence]:
    """Sort Korean sentences; what a doctor goes on to say without a word that tells is of the part before it."""
    made: list[Sentence] = []
    for each in kept:
        part = "complaint" if each.of == came_for else korean_part(each)
        if part == "subjective" and each.speaker == "doctor" and made and made[-1].turn == each.turn:
            part = made[-1].part
        made.append(_sentence(each, part))
    return made


def _once(dialogue: Dialogue) -> Callable[[Candidate], bool]:
    """Return whether a candidate says something that the dialogue supports, judged once for each."""
    judged: dict[Candidate, bool] = {}

    def supported(each: Candidate) -> bool:
        if each not in judged:
            judged[each] = not says_nothing(each.text) and dialogue.supports(each.text, each.spans)
        return judged[each]

    return supported


def _complaint(text: str, found: Sequence[Candidate], supported: Callable[[Candidate], bool]) -> int:
    """Return the number of the utterance that is the chief complaint, -1 where none is."""
    by_utterance: dict[int, list[Candidate]] = {}
    for each in found:
        by_utterance.setdefault(each.of, []).append(each)
    for at in complaint(utterances(text)):
        if any(supported(each) for each in by_utterance.get(at, ())):
            return at
    return -1


def section(text: str, header: str = "", gender: str = "") -> list[Sentence]:
    """Return the sentences of one section from a short dialogue about it; its header is told where not given."""
    found = candidates(text, gender)
    dialogue = Dialogue(text)
    part = header or header_model().header(text)
    taken = worth_model("section").choose(found, part, lambda each: dialogue.supports(each.text, each.spans))
    return [_sentence(found[at], part) for at in taken]


def _forced(
    found: Sequence[Candidate],
    taken: set[int],
    supported: Callable[[Candidate], bool],
    came_for: int,
    limited: set[int],
) -> list[int]:
    """Return candidates that a note must not lack and that were not taken, one for each utterance.

    ``limited`` are the utterances that answer and take their answer back.
    """
    kept: dict[int, int] = {}
    for at in sorted(range(len(found)), key=lambda at: (_rank(found[at]), at)):
        each = found[at]
        asked_of = each.asked if each.kind in _RANK else ""
        if each.of in taken or each.of in kept or each.kind not in _RANK:
            continue
        pair = (each.kind in ("denied", "affirmed") or each.of in limited) and clinical(asked_of)
        needed = (
            each.of == came_for
            or pair
            or (each.speaker == "doctor" and _DIAGNOSED.search(each.text))
            or _NEVER_LEFT_OUT.search(f"{each.text} {asked_of}")
            or (each.kind == "said" and (finding(each) or _found(each) or reactions(each.text)))
        )
        if needed and supported(each):
            kept[each.of] = at
    return list(kept.values())


def _found(each: Candidate) -> bool:
    """Whether a doctor tells something of the body that is not as it should be."""
    told = ABNORMAL.search(each.text) is not None and examined(each.text)
    return each.speaker == "doctor" and told and not is_plan(each)


def _rank(candidate: Candidate) -> int:
    return _RANK.index(candidate.kind) if candidate.kind in _RANK else len(_RANK)


def _firsts(found: list[Candidate], supported: Callable[[Candidate], bool]) -> list[Candidate]:
    """Return the first supported form of each utterance."""
    kept: dict[int, Candidate] = {}
    for each in found:
        if each.of not in kept and supported(each):
            kept[each.of] = each
    return [kept[of] for of in sorted(kept)]


def _sentence(candidate: Candidate, part: str) -> Sentence:
    return Sentence(
        candidate.text, candidate.spans, part, candidate.speaker, candidate.turn, candidate.kind, candidate.asked
    )

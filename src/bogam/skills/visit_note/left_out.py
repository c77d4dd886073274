"""What a dialogue says that is clinical and that a draft has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from bogam.skills.visit_note import english, korean
from bogam.skills.visit_note.clinical import clinical, entities, examined
from bogam.skills.visit_note.compose import Sentence
from bogam.skills.visit_note.statements import Utterance, utterances
from bogam.text.answer import qualifies
from bogam.text.atoms import read


class Said(NamedTuple):
    """An utterance, or a question and its answer; ``denied`` where the answer is no."""

    words: tuple[Utterance, ...]
    denied: bool


_ANSWER: Final = 40
"""Code points of the longest answer that is nothing without its question."""


def left_out(text: str, sentences: Sequence[Sentence]) -> list[Said]:
    """Return the clinical utterances that no sentence rests on and whose content no sentence has either."""
    spoken = utterances(text)
    spans = [span for each in sentences for span in each.spans]
    known = _content(" ".join(each.text for each in sentences))
    found: list[Said] = []
    for at, each in enumerate(spoken):
        if any(start <= each.start and each.end <= end for start, end in spans):
            continue
        said = _meant(spoken, at)
        if said is None:
            continue
        content = _content(" ".join(one.said for one in said.words), denied=said.denied)
        body = each.speaker == "doctor" and examined(each.said)
        if body or not content or not content <= known:
            found.append(said)
    return found


def denials(said: Said) -> list[str]:
    """Return the words of what was asked and denied."""
    asked = said.words[0].said
    return [asked[each.start : each.end] for each in entities(asked)]


def _meant(spoken: Sequence[Utterance], at: int) -> Said | None:
    """Return what an utterance states: itself, or with the question that it answers; None where it only asks."""
    this = spoken[at]
    if korean.is_question(this.said, doctor=this.speaker == "doctor"):
        return None
    before = spoken[at - 1] if at and spoken[at - 1].turn == this.turn - 1 else None
    denied = bool(english.NO.search(this.said) or korean.NO.search(this.said)) and not qualifies(this.said)
    yes = english.YES.search(this.said) or korean.is_answer(this.said)
    short = (denied or yes) and len(this.said) < _ANSWER
    if before is not None and before.said.endswith("?") and (short or qualifies(this.said)):
        return Said((before, this), denied) if clinical(f"{before.said} {this.said}") else None
    told = clinical(this.said) or (this.speaker == "doctor" and examined(this.said))
    return Said((this,), denied=False) if told else None


def _content(text: str, *, denied: bool = False) -> frozenset[tuple[str, str]]:
    """Return what a text mentions, and the values it gives."""
    named = {(each.key, "absent" if denied else each.assertion) for each in entities(text)}
    named = {(key, "absent" if meant == "absent" else "") for key, meant in named}
    return frozenset(named | {(each.digits, "number") for each in read(text).quantities if each.unit is not None})

"""Judge a claim that cites nothing but the transcript of a visit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from bogam.evidence.claim import Claim, Failure, Support
from bogam.evidence.grounding import Dialogue, ground
from bogam.evidence.grounding.model import model
from bogam.evidence.grounding.number import numbers
from bogam.evidence.grounding.signs import side_mentions
from bogam.evidence.resolve import Document
from bogam.record.citation import Citation
from bogam.record.json import PointerError, point
from bogam.record.transcript import CODE, SYSTEM, Turn, turns
from bogam.terms.concepts import keys

_HANGUL: Final = re.compile(r"[가-힣]")


def is_dialogue(document: Document) -> bool:
    """Whether a document is the transcript of a visit."""
    if not document.ref.startswith("DocumentReference/"):
        return False
    try:
        codings: Any = point(document.json, "/type/coding")
    except PointerError:
        return False
    return any((one.get("system"), one.get("code")) == (SYSTEM, CODE) for one in codings)


def judge(claim: Claim, cited: Sequence[tuple[Document, Citation]]) -> Support:
    """Return the support of a claim whose citations are resolved and all lie in transcripts.

    What stands in marked turns only, because it was heard badly, bears out nothing. Korean sentences are judged by
    plain rules: a number must have been said, a side not only the other one.
    """
    dialogue = _dialogue(cited)
    if not dialogue.turns:
        quote = cited[0][1].quote[:80]
        return Support("unsupported", (Failure("citation", quote, "it was heard badly: only marked turns are cited"),))
    judged = ground(claim.text, dialogue)
    failed = list(judged.failures)
    if _HANGUL.search(claim.text):
        failed = [each for each in failed if not _borne_out(claim.text, each, dialogue)]
    elif judged.score < model().score_floor:
        failed += _unsaid(claim.text, dialogue)
    return Support("unsupported", tuple(failed)) if failed else Support("supported")


@lru_cache(maxsize=32)
def _turns_of(text: str, touched: tuple[tuple[int, int], ...]) -> Dialogue:
    return Dialogue(text, touched)


@lru_cache(maxsize=8)
def _turns(text: str) -> tuple[Turn, ...]:
    return turns(text)


def _dialogue(cited: Sequence[tuple[Document, Citation]]) -> Dialogue:
    """The cited turns of the first transcript that is cited."""
    document, first = cited[0]
    places = [(each.start, each.end) for other, each in cited if other is document and each.pointer == first.pointer]
    text = document.leaf(first.pointer)
    touched = [(each.start, each.end) for each in _turns(text)]
    return _turns_of(text, tuple((a, b) for a, b in touched if any(start < b and a < end for start, end in places)))


def _borne_out(text: str, failure: Failure, dialogue: Dialogue) -> bool:
    if failure.kind == "number":
        values = {each.value for each in dialogue.said}
        return all(each.value in values for each in numbers(text) if each.digits == failure.text)
    if failure.kind == "side":
        said = {side.name for side in side_mentions(dialogue.text)}
        own = {side.name for side in side_mentions(text)}
        return own <= said
    return False


def _unsaid(text: str, dialogue: Dialogue) -> list[Failure]:
    weight = model().weight
    missing = [key for key in keys(text) if key.name not in dialogue.names]
    if not missing:
        return []
    most = max(missing, key=lambda key: weight(key.name))
    return [Failure("term", text[most.start : most.end], "")]

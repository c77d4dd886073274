"""What a visit note needs and the dialogue lacks: each line says what was looked for, in how many turns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.transcript import turns
from bogam.skills.visit_note.clinical import DRUG_TALK, kinds
from bogam.skills.visit_note.compose import Sentence
from bogam.skills.visit_note.left_out import Said, denials, left_out
from bogam.skills.visit_note.statements import utterances
from bogam.skills.writing.compose import Piece, joined, span
from bogam.skills.writing.reading import Reading
from bogam.skills.writing.words import Language

_LOOKED: Final = (
    ("allergies", r"allerg|알레르기|알러지|과민"),
    ("medications", rf"{DRUG_TALK.pattern}|\bmeds?\b|\btak(?:e|ing) (?:any|your|the)|\bmg\b|milligram|\d ?mg\b"
        r"|드시는|드세요\?"),
    ("history", r"history|have you (?:ever )?had|"
        r"surger|operation|diagnos|hospital|past medical|medical (?:problem|condition)|수술|"
        r"앓|진단받|입원|과거|지병"),
    ("social", r"smok|tobacco|cigarette|alcohol|drink|담배|흡연|술|음주"),
    ("vitals", r"blood pressure|\bpulse\b|heart rate|temperature|\bvitals?\b|oxygen|saturation|혈압|맥박|"
        r"체온|산소포화도"),
)  # fmt: skip
_HELD: Final = {"medications": "drug", "vitals": "vital"}
"""What a patient mentions of these is talk of them too, and a vital sign whoever says it."""
_FOLLOW: Final = re.compile(
    r"follow[- ]?up|come back|see you (?:in|again|back|next)|return|appointment|weeks? from now|next visit|"
    r"다시 (?:오|뵙|봐)"
    r"|예약|추적|재진|(?:일|주|달|개월|이틀|사흘) ?(?:뒤|후)|다음 (?:번|주|달)",
    re.I,
)
_ASSESS: Final = re.compile(
    r"\bi think\b|diagnos|consistent with|looks like|this is (?:an? )?|assessment|impression|likely|due to|"
    r"진단|의심|같습니다|"
    r"같아요|로 보|으로 생각|소견",
    re.I,
)
_HEARD: Final = 6


def missing(reading: Reading, text: Field | None, sentences: list[Sentence]) -> tuple[Claim, ...]:
    """Return what the dialogue lacks, and where it was heard badly."""
    return tuple(_missing(reading, text, sentences))


def _missing(reading: Reading, text: Field | None, sentences: list[Sentence]) -> Iterator[Claim]:
    if text is None:
        searched = f"DocumentReference: 0 of {reading.timeline.resources} resources"
        yield reading.line().say("miss-transcript").claim("missing", "missing.transcript", searched)
        return
    said = turns(text.text)
    searched = f"{text.origin.source}: 0 of {len(said)} turns"
    if not sentences:
        yield reading.line().say("miss-words").claim("missing", "missing.words", searched)
    told = [kinds(each.said) for each in utterances(text.text) if each.speaker in ("patient", "family")]
    told += [kinds(each.text) & {"vital"} for each in sentences]
    for name, pattern in _LOOKED:
        if re.search(pattern, text.text, re.I) is None and not any(_HELD.get(name, "") in each for each in told):
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    by_doctor = " ".join(text.text[turn.start : turn.end] for turn in said if turn.speaker in ("doctor", "other"))
    lacks = {
        "complaint": not any(each.part == "complaint" for each in sentences),
        "exam": not any(each.part == "exam" for each in sentences),
        "assessment": _ASSESS.search(by_doctor) is None
        and not any(each.part == "plan" and "problem" in kinds(each.text) for each in sentences),
        "plan": not any(each.part == "plan" for each in sentences),
        "follow-up": _FOLLOW.search(text.text) is None,
    }
    for name, lacking in lacks.items():
        if lacking:
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    lost = left_out(text.text, sentences)
    for each in lost:
        line = reading.line().say("miss-left-out", x=_words(text, each, reading.language))
        yield line.claim("missing", "missing.left-out", f"{text.origin.source}: {len(lost)} utterances left out")
    unclear = [str(number) for number, turn in enumerate(said, 1) if turn.marked]
    if unclear:
        shown = ", ".join(unclear[:_HEARD]) + (", …" if len(unclear) > _HEARD else "")
        line = reading.line().say("miss-unclear", x=Piece(shown))
        yield line.claim("missing", "missing.unclear", f"{text.origin.source}: {len(unclear)} of {len(said)} turns")


def _words(text: Field, lost: Said, language: Language) -> Piece:
    """Return what was left out as it was said; a list of what was denied with the denial at each."""
    pieces = [span(text, one.start, one.end) for one in lost.words]
    quoted = joined([Piece(f'"{each.text}"', each.citations) for each in pieces], " — ")
    names = denials(lost) if lost.denied else []
    if not names:
        return quoted
    no = [f"{name} 없음" if language == "ko" else f"no {name}" for name in names]
    return Piece(", ".join(no), quoted.citations)

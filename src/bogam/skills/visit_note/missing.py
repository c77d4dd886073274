"""What a visit note needs and the dialogue lacks: each line says what was looked for, in how many turns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.transcript import turns
from bogam.skills.visit_note.compose import Sentence
from bogam.skills.writing.compose import Piece
from bogam.skills.writing.reading import Reading

_LOOKED: Final = (
    ("allergies", r"allerg|알레르기|알러지|과민"),
    ("medications", r"medicat|medicine|\bpills?\b|\bmeds?\b|\btak(?:e|ing) (?:any|your|the)|prescri|\bmg\b|"
        r"milligram|\d ?mg\b|약|복용|드시|먹고 있|투약"),
    ("history", r"history|surger|operation|diagnos|hospital|past medical|medical (?:problem|condition)|수술|"
        r"앓|진단받|입원|과거|지병"),
    ("social", r"smok|tobacco|cigarette|alcohol|drink|담배|흡연|술|음주"),
    ("vitals", r"blood pressure|\bpulse\b|heart rate|temperature|\bvitals?\b|oxygen|saturation|혈압|맥박|"
        r"체온|산소포화도"),
)  # fmt: skip
_FOLLOW: Final = re.compile(
    r"follow[- ]?up|come back|see you (?:in|again|back|next)|return|appointment|weeks? from now|next visit|"
    r"다시 (?:오|뵙|봐)"
    r"|예약|추적|재진|후에 오|뒤에 오|다음 (?:번|주|달)",
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
    for name, pattern in _LOOKED:
        if re.search(pattern, text.text, re.I) is None:
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    by_doctor = " ".join(text.text[turn.start : turn.end] for turn in said if turn.speaker in ("doctor", "other"))
    lacks = {
        "exam": not any(each.part == "exam" for each in sentences),
        "assessment": _ASSESS.search(by_doctor) is None,
        "plan": not any(each.part == "plan" for each in sentences),
        "follow-up": _FOLLOW.search(text.text) is None,
    }
    for name, lacking in lacks.items():
        if lacking:
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    unclear = [str(number) for number, turn in enumerate(said, 1) if turn.marked]
    if unclear:
        shown = ", ".join(unclear[:_HEARD]) + (", …" if len(unclear) > _HEARD else "")
        line = reading.line().say("miss-unclear", x=Piece(shown))
        yield line.claim("missing", "missing.unclear", f"{text.origin.source}: {len(unclear)} of {len(said)} turns")

"""What a visit note needs and the dialogue lacks: each line says what was looked for, in how many turns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.transcript import turns
from bogam.skills.visit_note.clinical import DRUG_TALK, examined, kinds, reactions
from bogam.skills.visit_note.complaint import complaint
from bogam.skills.visit_note.compose import Sentence
from bogam.skills.visit_note.left_out import Said, denials, left_out
from bogam.skills.visit_note.statements import Utterance, beyond, utterances
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
    r"follow[- ]?up|come (?:back|in|see)|see (?:you|me) (?:in|again|back|next|on|after)|return|appointment|"
    r"weeks? from now|next visit|check (?:back|again)|recheck|next (?:week|month|time)|"
    r"in (?:a|\w+) (?:days?|weeks?|months?)\b|"
    r"다시 (?:오|뵙|봐|볼|보|진료)|봅시다|뵙겠|뵐게|뵈어|오세요|오시면|내원|외래"
    r"|예약|추적|재진|(?:일|주|달|개월|이틀|사흘) ?(?:뒤|후)|다음 (?:번|주|달)",
    re.I,
)
_ASSESS: Final = re.compile(
    r"\bi think\b|diagnos|consistent with|looks like|this is (?:an? )?|assessment|impression|likely|due to|"
    r"진단|의심|같습니다|"
    r"같아요|로 보|으로 생각|소견",
    re.I,
)
_PLAN: Final = re.compile(
    r"\b(?:i'll|i will|we'll|we will|let's|going to|stop|start|take|continue|prescri\w+|order|refer\w*|recommend\w*"
    r"|you (?:should|need)|keep)\b|처방|드릴게|드세요|하세요|합시다|봅시다|하겠습니다|할게요|예정|예약|의뢰|끊으|중단",
    re.I,
)
_FEELS: Final = re.compile(
    r"\b(?:hurts?|pain|ache\w*|sore|sick|ill|tired|feel\w*|bother\w*)\b"
    r"|아프|아파|불편|피곤|힘들|저려|저리",
    re.I,
)
_EXAM: Final = re.compile(
    r"\b(?:on exam\w*|i (?:can )?(?:see|hear|feel|notice) (?:a|an|some|no|the|your)|lungs?|heart sounds?|auscultation"
    r"|palpat\w+|reflexes|eardrums?|pupils?|abdomen)\b|진찰|청진|촉진|들립|들려|보입|보이네|만져|압통|호흡음|심음|고막|부었|부어|빨갛",
    re.I,
)
"""Cues so wide that with none of them nothing of the kind was said."""
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
    spoken = utterances(text.text)
    told = [kinds(each.said) for each in spoken]
    reacted = any(reactions(each.said) for each in spoken)
    for name, pattern in _LOOKED:
        talked = re.search(pattern, text.text, re.I) is not None or (name == "allergies" and reacted)
        if not talked and not any(_HELD.get(name, "") in each for each in told):
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    by_doctor = " ".join(text.text[turn.start : turn.end] for turn in said if turn.speaker in ("doctor", "other"))
    lacks = {
        "complaint": not any(each.part == "complaint" for each in sentences) and not _complains(spoken),
        "exam": not any(each.part == "exam" for each in sentences) and not _examines(spoken),
        "assessment": _ASSESS.search(by_doctor) is None
        and not any(each.part == "plan" and "problem" in kinds(each.text) for each in sentences),
        "plan": not any(each.part == "plan" for each in sentences) and _PLAN.search(by_doctor) is None,
        "follow-up": _FOLLOW.search(text.text) is None,
    }
    for name, lacking in lacks.items():
        if lacking:
            yield reading.line().say(f"said-{name}").claim("missing", f"missing.{name}", searched)
    lost = left_out(text.text, sentences)
    for each in lost:
        line = reading.line().say("miss-left-out", x=_words(text, each, reading.language))
        yield line.claim("missing", "missing.left-out", f"{text.origin.source}: {len(lost)} utterances left out")
    for number, more in beyond(text.text):
        line = reading.line().say("miss-beyond", n=Piece(str(number)), x=Piece(f"{more:,}"))
        yield line.claim("missing", "missing.left-out", f"{text.origin.source}: {more} sentences left out")
    unclear = [str(number) for number, turn in enumerate(said, 1) if turn.marked]
    if unclear:
        shown = ", ".join(unclear[:_HEARD]) + (", …" if len(unclear) > _HEARD else "")
        line = reading.line().say("miss-unclear", x=Piece(shown))
        yield line.claim("missing", "missing.unclear", f"{text.origin.source}: {len(unclear)} of {len(said)} turns")


def _complains(spoken: Sequence[Utterance]) -> bool:
    """Whether anything that a patient feels was said at all, or what troubles the patient was asked and answered."""
    felt = any(kinds(each.said) & {"symptom", "problem"} for each in spoken if each.speaker != "doctor")
    return felt or bool(complaint(spoken)) or any(_FEELS.search(each.said) for each in spoken)


def _examines(spoken: Sequence[Utterance]) -> bool:
    """Whether somebody but the patient tells how a part of the body is, or examines."""
    others = [each for each in spoken if each.speaker not in ("patient", "family")]
    return any((examined(each.said) and not each.said.endswith("?")) or _EXAM.search(each.said) for each in others)


def _words(text: Field, lost: Said, language: Language) -> Piece:
    """Return what was left out as it was said; a list of what was denied with the denial at each."""
    pieces = [span(text, one.start, one.end) for one in lost.words]
    quoted = joined([Piece(f'"{each.text}"', each.citations) for each in pieces], " — ")
    names = denials(lost) if lost.denied else []
    if not names:
        return quoted
    no = [f"{name} 없음" if language == "ko" else f"no {name}" for name in names]
    return Piece(", ".join(no), quoted.citations)

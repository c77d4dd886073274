"""The visit note: what was said at a visit, as a note, each sentence with its turns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.record.citation import Field
from bogam.record.facts import Note, Timeline
from bogam.record.transcript import is_transcript
from bogam.skills.visit_note.clinical import ALLERGY, DRUG_TALK, HABIT, kinds, reactions
from bogam.skills.visit_note.compose import Sentence, whole_note
from bogam.skills.visit_note.conflicts import conflicts
from bogam.skills.visit_note.missing import missing
from bogam.skills.visit_note.schema import Request
from bogam.skills.visit_note.statements import is_korean
from bogam.skills.visit_note.words import WORDS
from bogam.skills.writing.draft import put_together
from bogam.skills.writing.reading import Part, read
from bogam.skills.writing.words import Language

ENGINE: Final = "built-in visit-note 3"
"""Raised with every change of what the same dialogue gives."""


@dataclass(frozen=True, slots=True)
class _Asked:
    language: Language
    as_of: date | None = None
    whole: bool = True

    def limit(self, section: str) -> int | None:
        return None


class VisitNote:
    """The skill ``visit-note``. Deterministic: the same dialogue and request give the same bytes."""

    name = "visit-note"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        """Draft a note of a visit's dialogue. The claims come back unchecked.

        Raises
        ------
        TypeError
            When ``request`` is not this skill's `Request`.
        """
        if not isinstance(request, Request):
            raise TypeError(f"visit-note takes its own Request, not a {type(request).__name__}")
        text = transcript(evidence, request)
        own: Language = "ko" if text is not None and is_korean(text.text) else "en"
        reading = read(evidence, _Asked(request.language or own), WORDS)
        who = evidence.person.gender
        sentences = whole_note(text.text, who.text if who is not None else "") if text is not None else []
        parts = [] if text is None else _parts(text, sentences, request.form)
        found = {"missing": missing(reading, text, sentences), "conflicts": conflicts(reading, text)}
        return put_together(self.name, ENGINE, request, reading, parts, **found)


def transcript(evidence: Timeline, request: Request) -> Field | None:
    """Return the text of the dialogue that a request means, the newest where it names none."""
    fits = [note for note in evidence.notes if is_transcript(note) and note.parts and _is_asked(note, request)]
    newest = max(fits, key=lambda note: (note.at or datetime.min.replace(tzinfo=UTC), note.origin.source), default=None)
    return newest.parts[0] if newest is not None else None


def _is_asked(note: Note, request: Request) -> bool:
    source = note.origin.source
    if request.transcript is not None and source.removeprefix("DocumentReference/") != request.transcript.removeprefix(
        "DocumentReference/"
    ):
        return False
    of = (note.encounter or "").removeprefix("Encounter/")
    return request.encounter is None or of == request.encounter.removeprefix("Encounter/")


_ORDER: Final = {
    "note": ("complaint", "history", "past", "medications", "allergies", "exam", "results", "assessment-plan"),
    "soap": ("subjective", "objective", "assessment", "plan"),
}
_PLAN: Final = re.compile(
    r"\bwill\b|\bto (?:call|return|take|follow)|order|prescri|refer|continue|start|stop|increase|decrease|"
    r"recommend|follow|\bback (?:in|right away|if)\b|\b(?:avoid|weeks? from now)\b|"
    r"^(?:drink|take|strain|rest|use|keep|come|call|return|try|eat|cut|get|stay|apply|wear|hold)\b|"
    r"schedule|예정|도록 함|기로 함|해야 함|와야 함|먹어야 함|예약|처방|의뢰",
    re.I,
)
_PAST: Final = re.compile(
    r"\b(?:surger|operation|diagnosed with|history of|hospitali[sz]"
    r"|my (?:mother|father|mom|dad)|(?:mother|father|sister|"
    r"brother|aunt|uncle|grand\w+)(?:'s)? (?:has|had|died"
    r"|was)|family history)|수술|시술|스텐트|앓|병력|지병|진단받|입원|가족력"
    r"|(?:아버지|어머니|부모님|형제|형|누나|언니|오빠|동생)\S* .{0,20}(?:있|앓|돌아가|진단|걸)",
    re.I,
)


def _parts(text: Field, sentences: list[Sentence], form: str) -> list[Part]:
    held: dict[str, list[Claim]] = {key: [] for key in _ORDER[form]}
    for each in sentences:
        key = _under(each) if form == "note" else _soap(each)
        held[key].append(_claim(text, each, key))
    return [Part(key, tuple(claims)) for key, claims in held.items()]


def _under(sentence: Sentence) -> str:
    if sentence.part == "plan":
        return "assessment-plan"
    if sentence.part != "subjective":
        return sentence.part
    words = f"{sentence.asked} {sentence.text}"
    takes = DRUG_TALK.search(sentence.text) is not None
    if reactions(sentence.text) or ALLERGY.search(sentence.text) or (ALLERGY.search(sentence.asked) and not takes):
        return "allergies"
    if "drug" in kinds(sentence.text) or DRUG_TALK.search(words):
        return "medications"
    return "past" if HABIT.search(words) or _PAST.search(words) else "history"


def _soap(sentence: Sentence) -> str:
    if sentence.part == "plan":
        return "plan" if _PLAN.search(sentence.text) else "assessment"
    return "subjective" if sentence.part in ("complaint", "subjective") else "objective"


def _claim(text: Field, sentence: Sentence, section: str) -> Claim:
    return Claim(sentence.text, tuple(text.part(start, end).cite() for start, end in sentence.spans), section=section)


skill: Final = VisitNote()

"""The identifiers in a patient's notes, each with its place, to be reviewed before anything leaves the house."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Language, Section
from bogam.record.citation import Field
from bogam.record.facts import Timeline
from bogam.skills.deidentify.schema import Request
from bogam.text.deid import CATEGORIES, Category, Finding, find, known_of

ENGINE: Final = "built-in deidentify 1"
_TITLE: Final = {"en": "Identifiers in the notes", "ko": "기록 속 식별정보"}


class _Found(NamedTuple):
    """A finding with the words around it: its note's field."""

    finding: Finding
    field: Field


class Deidentify:
    """The skill ``deidentify``. Deterministic: the same record and request give the same bytes."""

    name = "deidentify"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        """List what identifies somebody in the notes. The claims come back unchecked.

        Raises
        ------
        TypeError
            When ``request`` is not this skill's `Request`.
        """
        if not isinstance(request, Request):
            raise TypeError(f"deidentify takes its own Request, not a {type(request).__name__}")
        language: Language = request.language
        found = _found(evidence, request.note)
        present: set[Category] = {each.finding.category for each in found}
        sections = tuple(Section(key, _category(key, language)) for key in CATEGORIES if key in present)
        claims = tuple(_claim(each) for key in CATEGORIES for each in found if each.finding.category == key)
        identity = (self.name, evidence.person.id, request.model_dump_json(), ENGINE, evidence.sha)
        return Draft(
            id=sha256("\n".join(identity).encode()).hexdigest()[:24],
            skill=self.name,
            patient=evidence.person.id,
            language=language,
            title=_TITLE[language],
            subject=evidence.person.display or evidence.person.id,
            sections=sections,
            claims=claims,
            missing=_missing(evidence, request.note, present, language),
            conflicts=(),
            engine=ENGINE,
            evidence_hash=evidence.sha,
            as_of=evidence.latest.date().isoformat() if evidence.latest else "",
        )


def _found(evidence: Timeline, note: str) -> list[_Found]:
    known = known_of(evidence)
    return [
        _Found(finding, part)
        for each in evidence.notes
        if not note or each.origin.source == note
        for part in each.parts
        for finding in find(part.text, known)
    ]


def _claim(found: _Found) -> Claim:
    """The words found, under their category; ``kind`` says by which rule and how sure that is."""
    finding = found.finding
    citation = found.field.cite(finding.start, finding.end)
    sure = ("certain", "likely", "possible")[
        0 if finding.confidence >= 0.95 else 1 if finding.confidence >= 0.75 else 2
    ]
    quote = " ".join(citation.quote.split())
    kind = f"finding.{finding.rule}.{sure}"
    return Claim(f"“{quote}”", (citation,), section=finding.category, kind=kind)


def _category(key: Category, language: Language) -> str:
    about = CATEGORIES[key]
    return about.name_ko if language == "ko" else about.name[0].upper() + about.name[1:]


def _missing(evidence: Timeline, note: str, present: set[Category], language: Language) -> tuple[Claim, ...]:
    """Which kinds were looked for and not found, and what could not be read."""
    notes = [each for each in evidence.notes if not note or each.origin.source == note]
    parts = sum(len(each.parts) for each in notes)
    absent = [_category(key, language) for key in CATEGORIES if key not in present]
    searched = f"Note: {parts} of {len(notes)}" if language == "en" else f"기록 {len(notes)}건, 본문 {parts}개"
    made: list[Claim] = []
    if absent:
        told = (
            f"Looked for and not found: {', '.join(absent)}."
            if language == "en"
            else f"찾았으나 없음: {', '.join(absent)}."
        )
        made.append(Claim(told, section="missing", kind="missing.identifiers", searched=searched))
    for each in notes:
        if each.unread:
            told = "Not readable, so not searched" if language == "en" else "읽을 수 없어 찾지 못함"
            citation = each.name.cite()
            made.append(
                Claim(
                    f"{told}: {each.name.text} ({each.unread})",
                    (citation,),
                    section="missing",
                    kind="missing.note-text",
                    searched=searched,
                )
            )
    return tuple(made)


skill: Final = Deidentify()

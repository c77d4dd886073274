"""Put the draft of a skill together that answered out of sources."""

from __future__ import annotations

from collections.abc import Iterable, Set
from hashlib import sha256

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Language, Section
from bogam.evidence.retrieval.need import Gathered
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.skills.answering.words import say
from bogam.skills.writing.compose import clean

_TITLE = 160
_COMING = "coming"


def put_together(
    skill: str,
    engine: str,
    request: BaseModel,
    language: Language,
    title: str,
    evidence: Timeline | None,
    knowledge: Gathered,
    sections: Iterable[Section],
    claims: Iterable[Claim],
    missing: Iterable[Claim],
    conflicts: Iterable[Claim],
) -> Draft:
    """Return the draft. Its id comes from skill, patient, request, engine, record and what was gathered.

    Its evidence hash is that of the record, a full stop, and that of what was gathered.
    """
    patient = evidence.person.id if evidence else ""
    claims = list(claims)
    coming = _coming(knowledge, {each.source for claim in claims for each in claim.citations}, language)
    if coming:
        sections = [*sections, Section(_COMING, say("coming-title", language))]
    seen = f"{evidence.sha if evidence else ''}.{knowledge.sha}"
    identity = (skill, patient, request.model_dump_json(), engine, seen)
    title = clean(title)
    return Draft(
        id=sha256("\n".join(identity).encode()).hexdigest()[:24],
        skill=skill,
        patient=patient,
        language=language,
        title=title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…",
        subject=_subject(evidence) if evidence else "",
        sections=tuple(sections),
        claims=(*claims, *coming),
        missing=tuple(missing),
        conflicts=tuple(conflicts),
        engine=engine,
        evidence_hash=seen,
        as_of=evidence.latest.date().isoformat() if evidence and evidence.latest else "",
    )


def _subject(evidence: Timeline) -> str:
    who = evidence.person
    shown = clean(who.display or (who.name.text if who.name else "")) or who.id
    return " · ".join(part for part in (shown, who.birth_date.text[:10] if who.birth_date else "") if part)


def searched(knowledge: Gathered, language: Language) -> str:
    """Say what was looked through, and of which date."""
    told = [
        say("documents", language, title=each.title, n=f"{each.items:,}")
        + (say("as-of", language, x=each.dated) if each.dated else "")
        for each in knowledge.looked
    ]
    return "; ".join(told)


def absences(knowledge: Gathered, language: Language, found: bool, asked: bool, unasked: str) -> list[Claim]:
    """Return what is missing: the question, anything to look through, or an answer."""
    told: list[Claim] = []
    looked = searched(knowledge, language)
    if not asked:
        told.append(Claim(say(unasked, language), kind="missing.question", searched="–"))
    elif not any(each.items for each in knowledge.looked):
        told.append(Claim(say("nothing-here", language), kind="missing.library", searched="library"))
    elif not found:
        told.append(Claim(say("not-found", language), kind="missing.answer", searched=looked))
    return told


def _coming(knowledge: Gathered, quoted: Set[str], language: Language) -> list[Claim]:
    """Return the versions to come of the documents that are quoted."""
    told: list[Claim] = []
    for each in knowledge.coming:
        if each.ref not in quoted:
            continue
        text = say("coming", language, title=each.title, date=each.dated)
        cited = (
            Citation(each.ref, each.version, each.sha, "/title", 0, len(each.title), each.title),
            Citation(each.ref, each.version, each.sha, "/fields/effective", 0, len(each.dated), each.dated),
        )
        told.append(Claim(text, cited, section=_COMING, kind="statement.coming"))
    return told

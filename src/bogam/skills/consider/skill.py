"""Lists conditions to consider: what the passages say, what speaks for each and what against; red flags first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Language, Section
from bogam.evidence.retrieval.need import NOTHING, Gathered, Need, Question
from bogam.evidence.retrieval.passage import Passage
from bogam.record.citation import Citation, Field
from bogam.record.facts import Timeline
from bogam.skills.answering.draft import absences, put_together
from bogam.skills.answering.quote import Quoted, named
from bogam.skills.answering.words import say
from bogam.skills.consider.findings import Finding, findings, positive, unread
from bogam.skills.consider.qualifiers import qualifiers
from bogam.skills.consider.said import Said, said
from bogam.skills.consider.schema import Request
from bogam.skills.consider.weigh import Borne, Candidate, red_flags, weighed
from bogam.terms.bilingual import english_names, korean_names
from bogam.text.atoms import read
from bogam.text.polarity import DENIED
from bogam.text.sentences import sentences

ENGINE: Final = "built-in consider 2"
_HITS: Final = 40
_PASSAGES: Final = 3
_FLAGS: Final = 3
_TITLE: Final = 6
"""Findings named in the title."""
_WHOLE: Final = 400
"""Code points of a passage that is quoted whole."""
_SENTENCES: Final = 2


class Consider:
    """The skill."""

    name = "consider"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def needs(self, evidence: Timeline | None, request: BaseModel) -> tuple[Need, ...]:
        """Say what must be looked up: passages that share a finding and say to consider something, and red flags."""
        assert isinstance(request, Request)
        present = [each.words for each in positive(findings(request.findings, evidence))]
        if not present:
            return ()
        said = ", ".join(present)
        return (
            Question(f"consider: {said}", request.named, _HITS, answers=False),
            Question(f"red flags: {said}", request.named, _HITS, answers=False),
        )

    def draft(self, evidence: Timeline | None, request: BaseModel, knowledge: Gathered = NOTHING) -> Draft:
        """Return the list. It gives no probability: the order says how many and how rare the matching findings are."""
        assert isinstance(request, Request)
        language = request.language
        found = findings(request.findings, evidence)
        hits, flags = knowledge.hits if knowledge.hits else ((), ())
        sections: list[Section] = []
        claims: list[Claim] = []
        warned = [Quoted(each, each.text) for each in red_flags(flags, found)[:_FLAGS]]
        for number, each in enumerate(warned, 1):
            key = f"red-flags-{number}"
            sections.append(Section(key, f"{say('red-flags', language)} · {named([each], language)}"))
            claims.append(each.claim(key))
        candidates = weighed(hits, found)
        for number, each in enumerate(candidates, 1):
            key = f"condition-{number}"
            sections.append(Section(key, f"{number}. {_name(each, language)}"))
            claims.extend(_told(each, key, language))
        shown = bool(candidates or warned)
        present = [each.words for each in positive(found)]
        missing = absences(knowledge, language, shown, bool(present), "no-positive" if found else "no-findings")
        left = [*unread(request.findings), *_unused(found, candidates)]
        if left:
            missing.append(
                Claim(say("not-used", language, x="; ".join(left)), kind="missing.unused", searched=request.findings)
            )
        title = ", ".join(present[:_TITLE]) + (", …" if len(present) > _TITLE else "") or say("no-findings", language)
        return put_together(
            self.name, ENGINE, request, language, title, evidence, knowledge, sections, claims, missing, ()
        )


def _name(each: Candidate, language: Language) -> str:
    names = korean_names(each.key) if language == "ko" else english_names(each.key)
    return names[0] if names else each.name


def _told(each: Candidate, section: str, language: Language) -> Iterable[Claim]:
    """Yield what the passages say of a condition, then the findings for it and those against it."""
    for passage in each.told[:_PASSAGES]:
        yield from (Quoted(passage, part).claim(section) for part in _sentences(passage, each.key))
    for kind, borne in (("for", each.matched), ("ask", each.asked)):
        words, cited = _listed(borne.values())
        if words:
            yield Claim(say(kind, language, x=words), cited, section=section, kind=f"statement.{kind}")
    for finding, passage, named_there in each.missing.values():
        cited = (*_recorded(finding), _where(passage, named_there))
        words = f"“{finding.field.text}”" if finding.field else _words(passage, named_there)
        yield Claim(
            say("against", language, x=words + _value(finding)), cited, section=section, kind="statement.against"
        )


def _unused(found: list[Finding], candidates: list[Candidate]) -> list[str]:
    """Return what was typed and bears on no condition listed: whole findings, and qualifiers that no passage states."""
    left: list[str] = []
    for each in found:
        if each.field is not None or not each.present or not candidates:
            continue
        bears = [one for one in candidates if each.key in {*one.matched, *one.asked, *one.missing}]
        if not bears:
            left.append(each.words)
            continue
        stated = {key for one in bears for key in one.stated}
        words = ((key, each.words[a:b]) for key, a, b in qualifiers(each.words))
        left.extend(text for key, text in words if key in each.qualifiers and key not in stated)
    return left


def _sentences(passage: Passage, key: str) -> list[Field]:
    """Return all of a short passage, of a long one the sentences that name the condition."""
    text = passage.text
    if len(text.text) <= _WHOLE:
        return [text]
    bounds = [bound for bound in sentences(text.text) if key in {e.key for e in said(text.text[slice(*bound)])}]
    return [text.part(a, b) for a, b in bounds[:_SENTENCES]] or [text]


def _listed(found: Iterable[Borne]) -> tuple[str, tuple[Citation, ...]]:
    words: list[str] = []
    cited: list[Citation] = []
    for finding, passage, named_there in found:
        if read(passage.text.text).polarity.at(named_there.entity.start) == DENIED:
            continue  # the passage asks for its absence, or cannot be told from that
        words.append(_words(passage, named_there) + _value(finding))
        cited.extend((_where(passage, named_there), *_recorded(finding)))
    return ", ".join(words), tuple(cited)


def _value(finding: Finding) -> str:
    return f" ({finding.value.text})" if finding.value is not None else ""


def _recorded(finding: Finding) -> tuple[Citation, ...]:
    return tuple(each.cite() for each in (finding.field, finding.value) if each is not None)


def _words(passage: Passage, named_there: Said) -> str:
    return passage.text.text[named_there.start : named_there.end]


def _where(passage: Passage, named_there: Said) -> Citation:
    return passage.text.cite(named_there.start, named_there.end)


skill: Final = Consider()

"""Answers a question with the sentences of library and literature that bear on it, each cited."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Language, Section
from bogam.evidence.retrieval.features import concepts
from bogam.evidence.retrieval.find import Hit
from bogam.evidence.retrieval.need import NOTHING, Gathered, Need, Question
from bogam.record.facts import Timeline
from bogam.skills.answering.disagree import disagreements
from bogam.skills.answering.draft import absences, put_together, searched
from bogam.skills.answering.facts import SECTION, allergies, bearing
from bogam.skills.answering.limits import limit_sections, limits, limits_asked
from bogam.skills.answering.quote import by_document, quotable, quoted
from bogam.skills.answering.words import say
from bogam.skills.ask.schema import Request

ENGINE: Final = "built-in ask 2"
_HITS: Final = 10
_BESIDE: Final = 40
"""Passages looked through for limits and exceptions."""
_DRUGS: Final = 3
_SHOWN: Final = 5
_NEAR_BEST: Final = 0.7
_NEAR: Final = 3
_NEAR_SHARE: Final = 0.2
"""Of the nearest passage's likelihood to answer, how much another must have to be named."""


class Ask:
    """The skill."""

    name = "ask"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def needs(self, evidence: Timeline | None, request: BaseModel) -> tuple[Need, ...]:
        """Say what must be looked up: passages that answer the question, and what stands around them as limits."""
        assert isinstance(request, Request)
        question, named = request.question, request.named
        if not question:
            return ()
        beside = [question, *limits_asked(question)[:_DRUGS]]
        return (
            Question(question, named, _HITS),
            *(Question(each, named, _BESIDE, answers=False) for each in beside),
        )

    def draft(self, evidence: Timeline | None, request: BaseModel, knowledge: Gathered = NOTHING) -> Draft:
        """Return the answer: quotations by document, the patient's facts that bear on them, where sources disagree."""
        assert isinstance(request, Request)
        language, question = request.language, request.question
        hits = chosen(knowledge.hits[0]) if knowledge.hits else []
        asked = concepts(question)
        found = [each for hit in hits for each in quoted(hit, asked)]
        sections, claims = by_document(found, language)
        beside = (hit.passage for group in knowledge.hits for hit in group)
        bounds, limiting = limit_sections(limits(question, found, beside) if found else [], language)
        sections.extend(bounds)
        claims.extend(each.claim(key, "statement.limit") for key, each in limiting)
        said = [each.words.text for each in (*found, *(each for _, each in limiting))]
        facts = bearing(evidence, question, said, language) if evidence else []
        warned = allergies(evidence, question, said, language) if evidence else []
        if facts:
            sections.append(Section(SECTION, say("patient", language)))
            claims.extend(facts)
        return put_together(
            self.name,
            ENGINE,
            request,
            language,
            question,
            evidence,
            knowledge,
            sections,
            claims,
            [
                *absences(knowledge, language, bool(found), bool(question), "no-question"),
                *([] if found else near(knowledge, language)),
            ],
            (*warned, *disagreements([*found, *(each for _, each in limiting)], language)),
        )


def chosen(hits: tuple[Hit, ...]) -> list[Hit]:
    """Return the passages to quote: those nearly as good as the best, a few."""
    kept = [hit for hit in hits if hit.answers and quotable(hit.passage)]
    return [hit for hit in kept if hit.score >= _NEAR_BEST * kept[0].score][:_SHOWN]


def near(knowledge: Gathered, language: Language) -> list[Claim]:
    """Return where something near the question stands, for a reader to look, when nothing was found to answer it."""
    hits = [hit for group in knowledge.hits[:2] for hit in group if quotable(hit.passage)]
    least = _NEAR_SHARE * max((hit.score for hit in hits), default=0.0)
    titles = list(dict.fromkeys(hit.passage.title for hit in hits if hit.score >= least))[:_NEAR]
    looked = searched(knowledge, language)
    return [Claim(say("near", language, title=each), kind="missing.near", searched=looked) for each in titles]


skill: Final = Ask()

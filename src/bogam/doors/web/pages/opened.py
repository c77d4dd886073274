"""A draft opened under its patient's banner, and the evidence pane beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from starlette.responses import Response

from bogam.app import Unknown
from bogam.doors.web.view import asking, plot, sentence
from bogam.doors.web.view.banner import Banner, banner
from bogam.doors.web.view.evidence import evidence
from bogam.doors.web.view.sentence import Sentence
from bogam.doors.web.visit import Visit
from bogam.evidence.draft import Draft, Filed
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.json import PointerError
from bogam.record.series import series
from bogam.skills.skill import skills

SUMMARY: Final = "record-summary"
FORMATS: Final = ("text", "markdown", "html", "pdf", "csv", "fhir")
_RAW: Final = 60_000
_NOTED: Final = 4096


def head(visit: Visit, timeline: Timeline) -> Banner:
    """Make the banner, with how many conflicts stand in the record as it is now, whichever drafts there are."""
    key, noted = (timeline.person.id, timeline.sha), visit.site.noted
    if key not in noted:
        noted[key] = len(visit.bogam.conflicts(key[0], **visit.asks))
        while len(noted) > _NOTED:
            noted.popitem(last=False)
    return banner(timeline, visit.words, noted[key])


def draft(visit: Visit, filed: Filed, timeline: Timeline, *, at: str = "", n: int = 0, edit: int = -1) -> Response:
    """Render a draft: its sentences, and the source ``n`` of sentence ``at`` beside it."""
    sentences = sentence.numbered(filed.draft)
    beside: dict[str, Any] = {"patient": timeline.person.id} | cited(visit, filed, sentences, at, n)
    return visit.page(
        "patient/draft.html",
        at="/ward",
        banner=head(visit, timeline),
        tab=tab_of(filed.draft),
        **contents(filed, sentences, timeline),
        offer=_offer(visit, filed.draft),
        formats=FORMATS,
        at_sentence=at,
        edit=edit if filed.open else -1,
        **beside,
    )


def tab_of(draft: Draft) -> str:
    """Return the tab that a draft stands under: the summary has its own."""
    return "summary" if draft.skill == SUMMARY else "documents"


def _offer(visit: Visit, draft: Draft) -> asking.Entry | None:
    """Return the form to have the draft made again; None where its skill is no longer installed."""
    if draft.skill not in skills():
        return None
    return asking.entry(visit.site.ways, draft.patient, draft.skill, visit.words, {"language": draft.language})


def contents(filed: Filed, sentences: dict[str, Sentence], timeline: Timeline) -> dict[str, Any]:
    """Return what the template of a draft needs, without its pane."""
    return {
        "filed": filed,
        "draft": filed.draft,
        "sections": sentence.by_section(filed.draft, sentences),
        "conflicts": [each for each in sentences.values() if each.name.startswith("x")],
        "missing": [each for each in sentences.values() if each.name.startswith("m")],
        "tally": sentence.tally(sentences),
        "stale": filed.open and filed.draft.evidence_hash.partition(".")[0] != timeline.sha,
    }


def cited(visit: Visit, filed: Filed, sentences: dict[str, Sentence], at: str, n: int) -> dict[str, Any]:
    """Return the context of the pane for source ``n`` of sentence ``at``; an empty pane where there is none."""
    chosen = sentences.get(at)
    if chosen is None:
        return {"evidence": None, "sentence": None}
    walk = {
        "patient": filed.draft.patient,
        "sentence": chosen,
        "n": n,
        "count": len(chosen.sources),
        "draft_id": filed.draft.id,
    }
    if not 0 <= n < len(chosen.sources):
        return walk | {"evidence": None}
    return walk | pane(visit, filed.draft.patient, chosen.sources[n])


def pane(visit: Visit, patient: str, citations: Sequence[Citation]) -> dict[str, Any]:
    """Open ``citations``, all of one source and version, for a page about ``patient``.

    Raises
    ------
    Unknown
        When the source belongs to another patient: a page must never show one patient's data under another's name.
    """
    first = citations[0]
    type, colon, _ = first.source.partition(":")
    try:
        shown = visit.bogam.show(first, **visit.asks)
        if colon:
            resource = visit.bogam.outside(first)
        else:
            type, _, id = first.source.partition("/")
            resource = visit.bogam.store.get(type, id, int(first.version))
            if resource is None or resource.patient not in (patient, None):
                raise Unknown(f"{first.source} is not part of the record of this patient.")
        laid = evidence(shown, citations, resource.json(), visit.words)
    except PointerError as error:
        raise Unknown(f"{first.source}: {error}.") from error
    raw = msgspec.json.format(resource.body, indent=2).decode()
    trend = None
    if type == "Observation":
        timeline = visit.bogam.timeline(patient, **visit.asks)
        has = (
            each for each in series(timeline) if any(point.field.origin.source == first.source for point in each.points)
        )
        trend = next((each for each in has if len(each.points) > 1), None)
    return {
        "evidence": laid,
        "type": type,
        "raw": raw if len(raw) <= _RAW else f"{raw[:_RAW]}\n…",
        "trend": trend,
        "plot": plot.plot(trend, first.source, width=440, height=120) if trend else None,
    }

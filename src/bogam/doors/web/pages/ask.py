"""Asking the library and the mirrored literature, about nobody or a patient: a question, or findings."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.decide import Refused
from bogam.access.identity import Action
from bogam.doors.web.pages import opened
from bogam.doors.web.pages.patient import tab
from bogam.doors.web.view import sentence
from bogam.doors.web.visit import Visit, Visiting
from bogam.evidence.draft import Draft
from bogam.sources.library.shelf import Edition

router = APIRouter(include_in_schema=False)
Mode = Literal["ask", "consider"]
Words = Annotated[str, Query(max_length=1000)]
Place = Annotated[int, Query(ge=0, le=10**6)]
_ASKS: Final[dict[Mode, str]] = {"ask": "question", "consider": "findings"}
_LISTED: Final = 12


@router.get("/ask")
def ask(visit: Visiting, q: Words = "", mode: Mode = "ask", at: str = "", n: Place = 0) -> Response:
    """A question about nobody: the answer is shown and not kept."""
    given = {_ASKS[mode]: q, "language": visit.language}
    draft = visit.bogam.answer(mode, given, **visit.asks) if q.strip() else None
    if draft is None:
        visit.require(Action.look_up, visit.actor.patient, "ask page")
    context = _context(visit, draft, q, mode, "/ask", at, n)
    if visit.fragment and at:
        return visit.part("parts/evidence.html", patient="", **context)
    return visit.page("ask.html", at="/ask", patient="", shelf=_shelf(visit), **context)


@router.get("/patients/{id}/ask")
def about(visit: Visiting, id: str, q: Words = "", mode: Mode = "ask", at: str = "", n: Place = 0) -> Response:
    """A question about a patient: the answer is a draft, which waits for nobody until it is asked for."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    draft: Draft | None = None
    if q.strip() or (mode == "consider" and "q" in visit.request.query_params):
        given = {_ASKS[mode]: q, "language": visit.language}
        try:
            draft = visit.bogam.run_request(mode, given, patient=id, **visit.asks, wait=False)
        except Refused as refusal:
            return tab(visit, timeline, "ask", "patient/no_summary.html", reason=visit.reason(refusal))
    context = _context(visit, draft, q, mode, f"/patients/{quote(id, safe='')}/ask", at, n)
    if visit.fragment and at:
        return visit.part("parts/evidence.html", patient=id, **context)
    return tab(visit, timeline, "ask", "patient/ask.html", shelf=_shelf(visit), **context)


@router.get("/patients/{id}/consider")
def findings(visit: Visiting, id: str) -> Response:
    """The same page, with the findings of the record."""
    return about(visit, id, mode="consider")


def _context(visit: Visit, draft: Draft | None, q: str, mode: Mode, way: str, at: str, n: int) -> dict[str, Any]:
    sentences = sentence.numbered(draft) if draft else {}
    walked = f"{way}?{urlencode({'q': q, 'mode': mode})}&"
    context: dict[str, Any] = {
        "q": q,
        "mode": mode,
        "asked_at": way,
        "walked": walked,
        "draft": draft,
        "sections": sentence.by_section(draft, sentences) if draft else [],
        "conflicts": [each for each in sentences.values() if each.name.startswith("x")],
        "missing": [each for each in sentences.values() if each.name.startswith("m")],
        "at_sentence": at,
        "evidence": None,
        "sentence": None,
    }
    chosen = sentences.get(at)
    if draft is None or chosen is None:
        return context
    context |= {"sentence": chosen, "n": n, "count": len(chosen.sources), "draft_id": draft.id}
    if 0 <= n < len(chosen.sources):
        context |= opened.pane(visit, draft.patient, chosen.sources[n])
    return context


def _shelf(visit: Visit) -> list[Edition]:
    """Return the newest documents of the library, to show what can be asked about."""
    found = [each for each in visit.bogam.library(**visit.asks) if each.state == "in force"]
    return sorted(found, key=lambda each: each.added_at, reverse=True)[:_LISTED]

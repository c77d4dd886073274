"""Asking the library and the mirrored literature, about nobody or a patient: a question, or findings."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.decide import Refused
from bogam.doors.web.pages import opened
from bogam.doors.web.pages.patient import tab
from bogam.doors.web.site import Asked
from bogam.doors.web.view import sentence
from bogam.doors.web.visit import Posted, Visit, Visiting, see
from bogam.evidence.draft import Draft
from bogam.evidence.retrieval.retriever import LIBRARY

router = APIRouter(include_in_schema=False)
Mode = Literal["ask", "consider"]
Name = Annotated[str, Query(max_length=64)]
Place = Annotated[int, Query(ge=0, le=10**6)]
_ASKS: Final[dict[Mode, str]] = {"ask": "question", "consider": "findings"}
_LISTED: Final = 12
_KEPT: Final = 256
"""Answers that are kept to be looked at, so that no question stands in an address."""


@router.get("/ask")
def ask(visit: Visiting, answer: Name = "", mode: Mode = "ask", at: str = "", n: Place = 0) -> Response:
    """The form for a question about nobody; with ``answer`` the answer that was just given to this person."""
    visit.bogam.require_asking(mode, **visit.asks)
    context = _context(visit, _given(visit, answer, ""), answer, mode, "/ask", at, n)
    if visit.fragment and at:
        return visit.part("parts/evidence.html", patient="", **context)
    return visit.page("ask.html", at="/ask", patient="", **_about(visit), **context)


@router.post("/ask")
def answered(visit: Visiting, form: Posted) -> Response:
    """Answer a question about nobody: it is shown and not kept."""
    mode, q = _typed(form)
    return _show(visit, "/ask", mode, q, visit.bogam.answer(mode, _request(visit, mode, q), **visit.asks))


@router.get("/patients/{id}/ask")
def about(visit: Visiting, id: str, answer: Name = "", mode: Mode = "ask", at: str = "", n: Place = 0) -> Response:
    """The form for a question about a patient; with ``answer`` the answer that was just given to this person."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    context = _context(visit, _given(visit, answer, id), answer, mode, _way(id), at, n)
    if visit.fragment and at:
        return visit.part("parts/evidence.html", patient=id, **context)
    return tab(visit, timeline, "ask", "patient/ask.html", **_about(visit), **context)


@router.post("/patients/{id}/ask")
def answered_about(visit: Visiting, id: str, form: Posted) -> Response:
    """Answer a question about a patient: the answer is a draft, which waits for nobody until it is asked for."""
    mode, q = _typed(form)
    try:
        draft = visit.bogam.run_request(mode, _request(visit, mode, q), patient=id, **visit.asks, wait=False)
    except Refused as refusal:
        timeline = visit.bogam.timeline(id, **visit.asks)
        return tab(visit, timeline, "ask", "patient/no_summary.html", reason=visit.reason(refusal))
    return _show(visit, _way(id), mode, q, draft)


@router.get("/patients/{id}/consider")
def findings(visit: Visiting, id: str) -> Response:
    """The same page, with the findings of the record."""
    return about(visit, id, mode="consider")


def _way(id: str) -> str:
    return f"/patients/{quote(id, safe='')}/ask"


def _typed(form: dict[str, str]) -> tuple[Mode, str]:
    return "consider" if form.get("mode") == "consider" else "ask", form.get("q", "").strip()


def _request(visit: Visit, mode: Mode, q: str) -> dict[str, str]:
    return {_ASKS[mode]: q, "language": visit.language}


def _show(visit: Visit, way: str, mode: Mode, q: str, draft: Draft) -> Response:
    """Keep an answer for the one who asked, and send the browser on to look at it."""
    kept = visit.site.asked
    kept[visit.actor.id, draft.id] = Asked(mode, q, draft)
    kept.move_to_end((visit.actor.id, draft.id))
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return see(f"{way}?{urlencode({'answer': draft.id})}")


def _given(visit: Visit, answer: str, patient: str) -> Asked | None:
    found = visit.site.asked.get((visit.actor.id, answer))
    return found if found is not None and found.draft.patient == patient else None


def _context(visit: Visit, given: Asked | None, answer: str, mode: Mode, way: str, at: str, n: int) -> dict[str, Any]:
    draft, q = (given.draft, given.words) if given else (None, "")
    sentences = sentence.numbered(draft) if draft else {}
    told = [each for each in sentences.values() if each.name.startswith("x")]
    context: dict[str, Any] = {
        "q": q,
        "mode": given.mode if given else mode,
        "gone": bool(answer) and given is None,
        "asked_at": way,
        "walked": f"{way}?{urlencode({'answer': answer})}&",
        "draft": draft,
        "sections": sentence.by_section(draft, sentences) if draft else [],
        "warned": [each for each in told if each.claim.kind != "conflict.sources"],
        "conflicts": [each for each in told if each.claim.kind == "conflict.sources"],
        "missing": [each for each in sentences.values() if each.name.startswith("m")],
        "at_sentence": at,
        "how": "asking.how",
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


def _about(visit: Visit) -> dict[str, Any]:
    """Return what can be asked about: the newest documents of the library, how many more, and the mirrors."""
    found = [each for each in visit.bogam.library(**visit.asks) if each.state == "in force"]
    found.sort(key=lambda each: each.added_at, reverse=True)
    names = [name for name in visit.bogam.retriever.searched(()) if name != LIBRARY]
    mirrored = [(name, visit.bogam.sources.source(name).title) for name in names]
    return {"shelf": found[:_LISTED], "more": max(0, len(found) - _LISTED), "mirrored": mirrored}

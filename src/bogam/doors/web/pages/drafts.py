"""Drafts: read, open a source, edit, sign, reject, export; and the inbox of those that wait."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.decide import Refused, decide
from bogam.access.identity import Action
from bogam.doors.web.pages import opened
from bogam.doors.web.view import sentence
from bogam.doors.web.visit import Posted, Visiting, see

router = APIRouter(include_in_schema=False)
Place = Annotated[int, Query(ge=0, le=10**6)]
_TYPES: Final = {
    "text": ("text/plain; charset=utf-8", "txt"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "html": ("text/html; charset=utf-8", "html"),
    "pdf": ("application/pdf", "pdf"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "fhir": ("application/fhir+json", "json"),
}


@router.get("/inbox")
def inbox(visit: Visiting) -> Response:
    """The drafts of all patients that wait for a signature."""
    found = visit.bogam.drafts(**visit.asks, state="waiting")
    rows = [(each, sentence.tally(sentence.numbered(each.draft))) for each in found]
    return visit.page("inbox.html", at="/inbox", rows=rows)


@router.get("/drafts/{id}")
def read(visit: Visiting, id: str, at: str = "", n: Place = 0, edit: int = -1) -> Response:
    """A draft; with ``at``, the source of one of its sentences beside it."""
    filed = visit.bogam.draft(id, **visit.asks)
    if visit.fragment and at:
        context = opened.cited(visit, filed, sentence.numbered(filed.draft), at, n)
        return visit.part("parts/evidence.html", **context)
    if visit.fragment and 0 <= edit < len(filed.draft.claims):
        each = sentence.sentence("c", edit, filed.draft.claims[edit])
        return visit.part("parts/edit.html", each=each, filed=filed)
    timeline = visit.bogam.timeline(filed.draft.patient, **visit.asks)
    return opened.draft(visit, filed, timeline, at=at, n=n, edit=edit)


@router.post("/drafts/{id}/edit")
def edit(visit: Visiting, id: str, form: Posted) -> Response:
    """Change or remove one sentence."""
    index, revision = _number(form, "index"), _number(form, "revision")
    text = None if form.get("do") == "remove" else form.get("text", "")
    visit.bogam.edit(id, **visit.asks, texts={index: text}, revision=revision)
    return see(f"/drafts/{id}", said="removed" if text is None else "edited", anchor=f"c{index}")


@router.post("/drafts/{id}/undo")
def undo(visit: Visiting, id: str, form: Posted) -> Response:
    """Take the last edit back."""
    visit.bogam.undo(id, **visit.asks, revision=_number(form, "revision"))
    return see(f"/drafts/{id}", said="undone")


@router.get("/drafts/{id}/sign")
@router.get("/drafts/{id}/reject")
def confirm(visit: Visiting, id: str) -> Response:
    """Ask before a draft is closed, and say what is known against it."""
    filed = visit.bogam.draft(id, **visit.asks)
    verb = visit.request.url.path.rpartition("/")[2]
    decision = decide(visit.actor, visit.purpose, filed.draft.patient, Action(verb))
    if not decision.allow:
        raise Refused(decision)
    sentences = sentence.numbered(filed.draft)
    wrong = [each for each in sentences.values() if each.name[0] == "c" and each.state in ("unsupported", "unchecked")]
    context: dict[str, Any] = {
        "filed": filed,
        "draft": filed.draft,
        "wrong": wrong,
        "conflicts": [each for each in sentences.values() if each.name[0] == "x"],
        "tally": sentence.tally(sentences),
        "verb": verb,
    }
    if visit.fragment:
        return visit.part("parts/confirm.html", **context)
    timeline = visit.bogam.timeline(filed.draft.patient, **visit.asks)
    shown = opened.head(visit, timeline)
    return visit.page(
        "patient/confirm.html",
        at="/ward",
        banner=shown,
        tab=opened.tab_of(filed.draft),
        patient=filed.draft.patient,
        **context,
    )


@router.post("/drafts/{id}/sign")
def sign(visit: Visiting, id: str, form: Posted) -> Response:
    """Sign the revision that was shown."""
    despite = form.get("despite") == "yes"
    visit.bogam.sign(id, **visit.asks, revision=_number(form, "revision"), despite=despite)
    return see(f"/drafts/{id}", said="signed")


@router.post("/drafts/{id}/reject")
def reject(visit: Visiting, id: str, form: Posted) -> Response:
    """Reject the revision that was shown, with the reason."""
    visit.bogam.reject(id, **visit.asks, reason=form.get("reason", ""), revision=_number(form, "revision"))
    return see(f"/drafts/{id}", said="rejected")


@router.get("/drafts/{id}/export")
def export(visit: Visiting, id: str, format: str = "text") -> Response:
    """The draft as a file."""
    body = visit.bogam.export(id, format, **visit.asks)
    kind, ending = _TYPES[format]
    # Never shown inside this origin: an exported page is a file, not a page of ours.
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{id}.{ending}"'})


def _number(form: dict[str, str], name: str) -> int:
    value = form.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1

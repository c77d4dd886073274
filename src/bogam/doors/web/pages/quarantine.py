"""What was refused on loading, for administrators: read why, correct it, try again."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.app import Unknown
from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Posted, Upload, Visit, Visiting, see, uploaded
from bogam.record import quarantine as kept
from bogam.record.quarantine import Quarantined

router = APIRouter(prefix="/quarantine", include_in_schema=False)
_SIZE: Final = 50
_EDITABLE: Final = 2 << 20
"""Bytes that a text area still handles."""


@router.get("")
def quarantine(visit: Visiting, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Response:
    """The list, newest last, each with the place and the reason."""
    offset = (page - 1) * _SIZE
    found = visit.bogam.quarantine(actor=visit.actor, limit=_SIZE, offset=offset)
    pages = Pages(page, _SIZE, kept.waiting(visit.bogam.store))
    return visit.page("quarantine.html", at="/quarantine", rows=found, pages=pages)


@router.post("/retry")
def retry(visit: Visiting, form: Posted) -> Response:
    """Check one again, or all."""
    chosen = form.get("id", "")
    report = visit.bogam.retry([int(chosen)] if chosen.isdecimal() else None, actor=visit.actor)
    return see("/quarantine", said="retried" if report.new + report.changed + report.same else "retried_none")


@router.get("/{id}")
def one(visit: Visiting, id: int) -> Response:
    """One of them, with all that is wrong with it and a form to correct it."""
    visit.require(Action.quarantine, None, f"quarantine {id}")
    found = _found(visit, id)
    return _page(visit, found, _text(found))


@router.post("/{id}")
def correct(
    visit: Visiting, id: int, form: Annotated[Upload, Depends(uploaded(Action.quarantine, "correct"))]
) -> Response:
    """Load a corrected resource in its place. What is still wrong is said beside the text as it was typed."""
    text = form.fields.get("text", "")
    if not text.strip():
        return _page(visit, _found(visit, id), text, visit.words("quarantine.nothing"))
    report = visit.bogam.retry([id], actor=visit.actor, replacement=text.encode())
    if report.new + report.changed + report.same:
        return see("/quarantine", said="corrected")
    return _page(visit, _found(visit, id), text, visit.words("quarantine.still"))


def _found(visit: Visit, id: int) -> Quarantined:
    found = kept.get(visit.bogam.store, id) if abs(id) < 1 << 63 else None
    if found is None:
        raise Unknown(f"Nothing in quarantine has the number {id}.")
    return found


def _text(found: Quarantined) -> str | None:
    """Return what a correction starts from, JSON laid out over lines; None for what cannot be edited here."""
    raw = found.body or found.raw
    if not found.whole or len(raw) > _EDITABLE or b"\0" in raw:
        return None
    try:
        return msgspec.json.format(raw, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


def _page(visit: Visit, found: Quarantined, text: str | None, problem: str = "") -> Response:
    status = 422 if problem else 200
    return visit.page("correct.html", at="/quarantine", status=status, found=found, text=text, problem=problem)

"""What was refused on loading, for administrators."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Posted, Visiting, see

router = APIRouter(prefix="/quarantine", include_in_schema=False)
_SIZE: Final = 50


@router.get("")
def quarantine(visit: Visiting, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Response:
    """The list, newest last, each with the place and the reason."""
    offset = (page - 1) * _SIZE
    found = visit.bogam.quarantine(actor=visit.actor, limit=_SIZE + 1, offset=offset)
    pages = Pages(page, _SIZE, offset + len(found))
    return visit.page("quarantine.html", at="/quarantine", rows=found[:_SIZE], pages=pages)


@router.post("/retry")
def retry(visit: Visiting, form: Posted) -> Response:
    """Check one again, or all."""
    chosen = form.get("id", "")
    report = visit.bogam.retry([int(chosen)] if chosen.isdecimal() else None, actor=visit.actor)
    return see("/quarantine", said="retried" if report.new + report.changed + report.same else "retried_none")

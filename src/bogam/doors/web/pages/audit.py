"""The audit log, for those who watch over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.audit import Entry
from bogam.access.chain import AuditVerdict
from bogam.access.identity import Action
from bogam.app import Bogam
from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Posted, Visit, Visiting

router = APIRouter(include_in_schema=False)
_SIZE: Final = 50
_NO_PAGES: Final = Pages(1, _SIZE, 0)
_FILTERS: Final = ("actor", "patient", "action", "outcome", "since", "until")


@router.get("/audit")
def audit(visit: Visiting, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Response:
    """The log, newest first, with filters. Reading it is logged too."""
    if visit.may(Action.verify_audit) and not visit.may(Action.read_audit):
        visit.require(Action.verify_audit, None, "audit log")
        return _page(visit)
    chosen = {name: visit.request.query_params.get(name, "").strip()[:100] for name in _FILTERS}
    visit.require(Action.read_audit, chosen["patient"] or None, "audit log")
    log = visit.bogam.audit
    pages = Pages(page, _SIZE, log.count(**chosen), tuple(chosen.items()))
    entries = log.entries(**chosen, limit=_SIZE, offset=pages.offset)
    return _page(visit, entries, pages, chosen)


@router.post("/audit/verify")
def verify(visit: Visiting, form: Posted) -> Response:
    """Follow the chain from the first entry to the last, and say what was found."""
    visit.require(Action.verify_audit, None, "audit log")
    verdict = visit.bogam.audit.verify()
    return _page(visit, verdict=verdict)


def people(bogam: Bogam) -> dict[str, str]:
    """Return the names of the accounts by user name."""
    return {each.actor.id: each.actor.name for each in bogam.users.list()}


def _page(
    visit: Visit,
    entries: Sequence[Entry] = (),
    pages: Pages = _NO_PAGES,
    chosen: Mapping[str, str] = {},
    verdict: AuditVerdict | None = None,
) -> Response:
    names = people(visit.bogam) if entries else {}
    return visit.page(
        "audit.html", at="/audit", entries=entries, pages=pages, chosen=chosen, verdict=verdict, people=names
    )

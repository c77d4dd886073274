"""Mapping local codes: upload a list, review by keyboard, approve many after a look, hand out."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.app import BadRequest
from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Posted, Upload, Visit, Visiting, see, uploaded
from bogam.terms import icd10cm
from bogam.terms.imported import SYSTEMS
from bogam.terms.mapping.desk import Desk
from bogam.terms.mapping.maps import STATES, MapItem

router = APIRouter(prefix="/maps", include_in_schema=False)
_UNSAFE: Final = re.compile(r"[^\w. -]|^\.+")
_SIZE: Final = 50
_BULK: Final = 150
Filter = Literal["all", "open", "abstained", "approved", "none"]


@router.get("")
def maps(visit: Visiting) -> Response:
    """The maps, and the form to make one."""
    return _list(visit)


@router.post("")
def make(visit: Visiting, form: Annotated[Upload, Depends(uploaded(Action.map, "make a map"))]) -> Response:
    """Read an uploaded list and find candidates."""
    file = form.file
    if file is None or not file.size:
        return _list(visit, visit.words("maps.no_file"))
    name = _UNSAFE.sub("_", PurePosixPath((file.filename or "").replace("\\", "/")).name)[-80:] or "list.csv"
    system = form.fields.get("system", icd10cm.SYSTEM)
    title = form.fields.get("name", "").strip()[:120] or name
    try:
        with TemporaryDirectory(prefix="bogam-map-") as folder:
            spool = Path(folder) / name
            with spool.open("wb") as target:
                copyfileobj(file.file, target)
            with visit.bogam.mapping(f"make {name}", **visit.asks, system=system) as desk:
                made = desk.make(spool, system=system, by=visit.actor.id, name=title)
    except BadRequest as error:
        return _list(visit, str(error))
    return see(f"/maps/{made.id}", said="mapped")


def _list(visit: Visit, problem: str = "") -> Response:
    with visit.bogam.mapping("list", **visit.asks) as desk:
        found = desk.maps()
    systems = [(icd10cm.SYSTEM, icd10cm.NAME)]
    systems += [(id, system.name) for id, system in SYSTEMS.items() if visit.bogam.terms.has(id)]
    status = 422 if problem else 200
    return visit.page("maps.html", at="/maps", status=status, maps=found, systems=systems, problem=problem)


@router.get("/{id}")
def review(
    visit: Visiting,
    id: int,
    state: Filter = "open",
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
    at: int = 0,
    problem: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The items of a map, one state or all; ``at`` is the item under the cursor."""
    with visit.bogam.mapping(f"show {id}", **visit.asks) as desk:
        found = desk.map(id)
        wanted = None if state == "all" else state
        total = found.total if wanted is None else found.counts.get(wanted, 0)
        items = desk.items(id, state=wanted, limit=_SIZE, offset=(page - 1) * _SIZE)
    pages = Pages(page, _SIZE, total, (("state", state),))
    here = at if any(item.id == at for item in items) else (items[0].id if items else 0)
    return visit.page(
        "map.html", at="/maps", map=found, items=items, pages=pages, state=state, states=("all", *STATES), here=here,
        problem=problem,
    )  # fmt: skip


@router.post("/{id}/items/{item}")
def decide(visit: Visiting, id: int, item: int, form: Posted) -> Response:
    """Choose a candidate or another code, say that none fits, or take the last decision back."""
    state = form.get("state", "open")
    state = state if state in ("all", *STATES) else "open"
    page = form.get("page", "1") if form.get("page", "1").isdecimal() else "1"
    back = f"/maps/{id}?state={state}&page={page}"
    with visit.bogam.mapping(f"show {id}", **visit.asks) as desk:
        desk.map(id)
        onward = desk.neighbour(id, item, None if state == "all" else state)
    done = form.get("do", "")
    try:
        with visit.bogam.mapping(f"{done or 'code'} {item}", **visit.asks, code=form.get("code", "")[:40]) as desk:
            _do(desk, item, done, form.get("code", ""), visit.actor.id)
    except BadRequest as error:
        return see(f"{back}&at={item}&problem={quote(str(error)[:300])}", anchor=f"i{item}")
    place = item if done == "undo" else onward
    return see(f"{back}&at={place}", anchor=f"i{place}" if place else "")


def _do(desk: Desk, item: int, done: str, code: str, by: str) -> MapItem:
    if done == "none":
        return desk.none(item, by=by)
    if done == "undo":
        return desk.undo(item)
    if done.isdecimal():
        return desk.choose(item, int(done[:3]) - 1, by=by)
    return desk.approve(item, code, by=by)


@router.get("/{id}/bulk")
def look(visit: Visiting, id: int, above: Annotated[float, Query(ge=0.5, le=1)] = 0.95) -> Response:
    """What would be approved together: nothing is, before it was looked at."""
    with visit.bogam.mapping(f"look {id}", **visit.asks) as desk:
        found, likely = desk.map(id), desk.above(id, above)
    return visit.page(
        "map_bulk.html", at="/maps", map=found, items=likely[:_BULK], more=max(0, len(likely) - _BULK), above=above
    )


@router.post("/{id}/bulk")
def approve(visit: Visiting, id: int, form: Posted) -> Response:
    """Approve the first candidates of exactly the items that were shown and left ticked."""
    shown = [int(each) for each in form.get("shown", "").split(",") if each.isdecimal()][:_BULK]
    dropped = {int(key[1:]) for key in form if key.startswith("x") and key[1:].isdecimal()}
    chosen = [each for each in shown if each not in dropped]
    with visit.bogam.mapping(f"approve {len(chosen)} of {id}", **visit.asks, items=chosen) as desk:
        known = {each.id for each in desk.items(id, state="open")}
        desk.approve_all([each for each in chosen if each in known], by=visit.actor.id)
    return see(f"/maps/{id}", said="approved_many")


@router.get("/{id}/export")
def export(visit: Visiting, id: int, format: Literal["fhir", "csv"] = "fhir") -> Response:
    """The map as a FHIR ConceptMap or a table."""
    with visit.bogam.mapping(f"export {id}", **visit.asks, format=format) as desk:
        body = desk.export(id, format)
    media, name = _FILES[format]
    headers = {"content-disposition": f'attachment; filename="map-{id}.{name}"'}
    return Response(body, media_type=media, headers=headers)


_FILES: Final = {"fhir": ("application/fhir+json", "json"), "csv": ("text/csv; charset=utf-8", "csv")}

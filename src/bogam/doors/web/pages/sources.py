"""Outside sources: what there is and where it stands, asking one, and one item; administrators allow and import."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.app import BadRequest, SourceClosed
from bogam.doors.web.view import answer as laid
from bogam.doors.web.view import query
from bogam.doors.web.visit import Posted, Upload, Visit, Visiting, see, uploaded
from bogam.sources.catalogue import SourceState, Way
from bogam.sources.mirrors import Imported

router = APIRouter(prefix="/sources", include_in_schema=False)
_UNSAFE: Final = re.compile(r"[^\w. -]|^\.+")
_SHOWN: Final = "20"
_REFUSED: Final = 50
_FOLDER: Final = "import"
"""Where in the home folder files wait that are too large to be sent by a browser."""


@router.get("")
def sources(visit: Visiting) -> Response:
    """All sources: off, enabled, mirrored or built in, of which date."""
    states = visit.bogam.source_states(**visit.asks)
    return visit.page("sources.html", at="/sources", states=sorted(states, key=lambda each: not each.ready))


@router.get("/{name}")
def ask(visit: Visiting, name: str, way: Way = "auto") -> Response:
    """One source: its form, and what it answers when something was asked."""
    return _source(visit, name, way)


@router.get("/{name}/items/{id:path}")
def item(visit: Visiting, name: str, id: str, way: Way = "auto") -> Response:
    """One item with its fields and its citation; a tool of a remote server with a form to call it."""
    try:
        return _item(visit, name, {"id": id}, way)
    except BadRequest as error:
        return _source(visit, name, way, problem=_said(visit, error), status=422)


@router.post("/{name}/call/{tool:path}")
def call(visit: Visiting, name: str, tool: str, form: Posted) -> Response:
    """Call a tool of a remote server with the arguments that were typed."""
    given = form.get("arguments", "").strip() or "{}"
    try:
        return _item(visit, name, {"id": tool, "arguments": given}, "live")
    except BadRequest as error:
        return _item(visit, name, {"id": tool}, "live", problem=_said(visit, error), arguments=given, status=422)


def _item(
    visit: Visit, name: str, asked: dict[str, str], way: Way, *, problem: str = "", arguments: str = "", status: int = 0
) -> Response:
    state = visit.bogam.source_state(name, **visit.asks)
    answer = visit.bogam.look_up(name, "get", asked, way=way, **visit.asks)
    words = visit.words
    items = [
        {
            "item": each,
            "out": laid.outward(each.url),
            "fields": [
                (laid.label(key, words), node)
                for key, value in laid.sorted_fields(each)
                if (node := laid.laid(value, words))
            ],
        }
        for each in answer.items
    ]
    return visit.page(
        "source_item.html",
        at="/sources",
        status=status or (404 if answer.status == "unknown_id" else 200),
        state=state,
        id=asked["id"],
        items=items,
        head=laid.head(answer, words),
        tool=next((each.fields["permission"] for each in answer.items if each.fields.get("kind") == "tool"), ""),
        arguments=arguments,
        problem=problem,
    )


@router.get("/{name}/enable")
def confirm(visit: Visiting, name: str) -> Response:
    """What enabling a source means, before it is done."""
    visit.require(Action.configure, None, f"{name} enable page")
    return _confirm(visit, visit.bogam.source_state(name, **visit.asks))


@router.post("/{name}/enable")
def enable(visit: Visiting, name: str, form: Posted) -> Response:
    """Allow connections to the host that was shown."""
    base = form.get("base", "").strip()
    state = visit.bogam.source_state(name, **visit.asks)
    try:
        visit.bogam.enable_source(name, base="" if base == state.base else base, actor=visit.actor)
    except BadRequest as error:
        return _confirm(visit, state, base, _said(visit, error))
    return see(f"/sources/{name}", said="source_enabled")


def _confirm(visit: Visit, state: SourceState, base: str = "", problem: str = "") -> Response:
    address = base or state.base
    return visit.page(
        "source_enable.html",
        at="/sources",
        status=422 if problem else 200,
        state=state,
        base=address,
        host=urlsplit(address).netloc or address,
        problem=problem,
    )


@router.post("/{name}/disable")
def disable(visit: Visiting, name: str, form: Posted) -> Response:
    """Allow no more connections."""
    visit.bogam.disable_source(name, actor=visit.actor)
    return see(f"/sources/{name}", said="source_disabled")


@router.post("/{name}/forget")
def forget(visit: Visiting, name: str, form: Posted) -> Response:
    """Forget kept responses."""
    visit.bogam.forget_source(name, actor=visit.actor)
    return see(f"/sources/{name}", said="source_forgotten")


@router.post("/{name}/import")
def import_(
    visit: Visiting, name: str, form: Annotated[Upload, Depends(uploaded(Action.configure, "import a mirror"))]
) -> Response:
    """Import an uploaded file, or files that wait in the home folder."""
    waiting = {path.name: path for path in _waiting(visit)}
    chosen = [waiting[key.removeprefix("file:")] for key in form.fields if key.removeprefix("file:") in waiting]
    version = form.fields.get("version", "").strip()[:80]
    asked: dict[str, Any] = {"version": version, "older": "older" in form.fields, "actor": visit.actor}
    try:
        if form.file is not None and form.file.size:
            with TemporaryDirectory(prefix="bogam-import-", dir=visit.bogam.home) as folder:
                spool = Path(folder) / _name(form.file.filename or "")
                with spool.open("wb") as target:
                    copyfileobj(form.file.file, target)
                done = visit.bogam.import_source(name, [spool], **asked)
        elif chosen:
            done = visit.bogam.import_source(name, chosen, **asked)
        else:
            raise BadRequest(visit.words("sources.no_file"))
    except BadRequest as error:
        return _source(visit, name, "auto", problem=_said(visit, error), status=422)
    return _source(visit, name, "auto", done=done)


def _source(
    visit: Visit, name: str, way: Way, *, problem: str = "", status: int = 200, done: Imported | None = None
) -> Response:
    state = visit.bogam.source_state(name, **visit.asks)
    given = {key: value for key, value in visit.request.query_params.items() if key in state.source.Search.model_fields}
    context: dict[str, Any] = {"head": None, "items": [], "more": ""}
    if ("go" in visit.request.query_params or any(given.values())) and state.ready and not problem:
        try:
            context |= _found(visit, state, given, way)
        except SourceClosed as error:
            problem, status = _said(visit, error), 409
        except BadRequest as error:
            problem, status = _said(visit, error), 422
    fields = query.blanks(state.source.Search, visit.words, given)
    configures = visit.may(Action.configure)
    mirror = visit.bogam.sources.mirror(name)
    return visit.page(
        "source.html",
        at="/sources",
        status=status,
        state=state,
        fields=fields,
        asked_further=any(each.value for each in fields[1:]),
        way=way,
        problem=problem,
        done=done,
        files=mirror.files if mirror else "",
        waiting=_waiting(visit) if configures else (),
        refused=visit.bogam.source_refusals(name, limit=_REFUSED, **visit.asks) if configures and mirror else (),
        **context,
    )


def _found(visit: Visit, state: SourceState, given: dict[str, str], way: Way) -> dict[str, Any]:
    name = state.source.name
    question = {"limit": _SHOWN, **query.asked(state.source.Search, given)}
    answer = visit.bogam.look_up(name, "search", question, way=way, **visit.asks)
    kept = {key: value for key, value in given.items() if key != "next" and value} | {"way": way}
    return {
        "head": laid.head(answer, visit.words),
        "items": [
            {
                "item": each,
                "way": laid.way(name, each.id),
                "out": laid.outward(each.url),
                "hints": laid.hints(each, visit.words),
            }
            for each in answer.items
        ],
        "more": laid.more(f"/sources/{name}", kept, answer.next) if answer.next else "",
    }


def _waiting(visit: Visit) -> Sequence[Path]:
    """Return the files that wait in the home folder to be imported."""
    folder = visit.bogam.home / _FOLDER
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else ()


def _said(visit: Visit, error: BadRequest) -> str:
    return error.ko if visit.language == "ko" else str(error)


def _name(given: str) -> str:
    return _UNSAFE.sub("_", PurePosixPath(given.replace("\\", "/")).name)[-80:] or "upload"

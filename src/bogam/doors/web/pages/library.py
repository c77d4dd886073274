"""The library: the hospital's documents with their versions and dates; a document opened at a page; adding one."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.app import BadRequest
from bogam.doors.web.view.evidence import Piece, marked
from bogam.doors.web.visit import Posted, Upload, Visit, Visiting, see, uploaded
from bogam.sources.library.instructions import set_apart
from bogam.sources.library.reading import ENDINGS, LARGEST
from bogam.sources.library.shelf import Added
from bogam.sources.library.told import korean

router = APIRouter(prefix="/library", include_in_schema=False)
Place = Annotated[int, Query(ge=0, le=10**9)]
_LONGEST_NAME: Final = 200


@router.get("")
def documents(visit: Visiting) -> Response:
    """All documents, every version with its state today."""
    return _list(visit)


@router.post("")
def add(visit: Visiting, form: Annotated[Upload, Depends(uploaded(Action.load, "library add"))]) -> Response:
    """Take a file into the library, and say what became of it."""
    file = form.file
    if file is None:
        return _list(visit, problem=visit.words("load.no_file"))
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name[-_LONGEST_NAME:]
    content = file.file.read(LARGEST + 1)
    try:
        done = visit.bogam.library_upload(
            content, name, effective=form.fields.get("effective", "")[:20], actor=visit.actor
        )
    except BadRequest as error:
        return _list(visit, problem=str(error))
    return _list(visit, done=done)


@router.get("/{id}")
def document(
    visit: Visiting,
    id: str,
    version: str = "",
    page: Place = 0,
    pointer: str = "",
    start: Place = 0,
    end: Place = 0,
) -> Response:
    """One version of a document at a page; with ``pointer`` what is cited there is marked."""
    edition, item = visit.bogam.library_document(id, version, **visit.asks)
    pages: list[dict[str, Any]] = item.fields["pages"]
    cited = _place(pointer, pages)
    at = cited[0] if cited else next((n for n, each in enumerate(pages) if each["number"] == page), 0)
    shown = pages[at]
    apart = set_apart(shown)
    rows: list[tuple[str, tuple[Piece, ...], bool, bool]] = []
    above = ""
    for number, (heading, text) in enumerate(zip(shown["headings"], shown["paragraphs"], strict=True)):
        here = cited == (at, number)
        span = [(min(start, len(text)), min(end, len(text)) if end else len(text))] if here else []
        rows.append(("" if heading == above else heading, marked(text, span), here, number in apart))
        above = heading
    editions = [each for each in visit.bogam.library(**visit.asks, removed=True) if each.id == id]
    return visit.page(
        "library_document.html",
        at="/library",
        edition=edition,
        editions=editions,
        rows=rows,
        notes=[_told(visit, each) for each in edition.unread.splitlines()],
        number=shown["number"],
        numbers=[each["number"] for each in pages],
        place=at,
    )


@router.post("/{id}/remove")
def remove(visit: Visiting, id: str, form: Posted) -> Response:
    """Ask which versions are taken off the shelf, then take them off."""
    found = [each for each in visit.bogam.library(**visit.asks) if each.id == id]
    if form.get("sure") == "1" or not found or not visit.may(Action.load):
        visit.bogam.library_remove(id, form.get("version", "")[:80], actor=visit.actor)
        return see("/library", said="library_removed")
    return visit.page("library_remove.html", at="/library", editions=found, title=found[0].title, id=id)


@router.post("/{id}/put-back")
def put_back(visit: Visiting, id: str, form: Posted) -> Response:
    """Put a version back that was taken off the shelf."""
    visit.bogam.library_put_back(id, form.get("version", "")[:80], actor=visit.actor)
    return see("/library", said="library_put_back")


def _list(visit: Visit, *, done: Added | None = None, problem: str = "") -> Response:
    every = visit.bogam.library(**visit.asks, removed=True)
    found = [each for each in every if each.state != "removed"]
    status = 422 if problem or (done and done.outcome == "refused") else 200
    gone = [each for each in every if each.state == "removed"]
    context = {
        "editions": found,
        "gone": gone,
        "done": done,
        "reason": _told(visit, done.reason) if done else "",
        "notes": [_told(visit, each) for each in done.notes] if done else [],
        "problem": problem,
        "endings": ",".join(ENDINGS),
    }
    return visit.page("library.html", at="/library", status=status, **context)


def _told(visit: Visit, text: str) -> str:
    return korean(text) if visit.language == "ko" else text


def _place(pointer: str, pages: list[dict[str, Any]]) -> tuple[int, int] | None:
    """Return the page and paragraph that ``/fields/pages/2/paragraphs/5`` means, where there is one."""
    parts = pointer.split("/")
    if len(parts) != 6 or parts[1:3] != ["fields", "pages"] or not (parts[3].isdecimal() and parts[5].isdecimal()):
        return None
    if len(parts[3]) > 6 or len(parts[5]) > 6:
        return None
    page, paragraph = int(parts[3]), int(parts[5])
    return (page, paragraph) if page < len(pages) and paragraph < len(pages[page]["paragraphs"]) else None

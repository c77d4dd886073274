"""Loading records from a file, for administrators."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.doors.web.visit import Upload, Visit, Visiting, uploaded
from bogam.record.load import LoadReport

router = APIRouter(prefix="/load", include_in_schema=False)
_LONGEST_NAME: Final = 120


@router.get("")
def ask(visit: Visiting) -> Response:
    """The form to choose a file."""
    visit.require(Action.load, None, "load page")
    return _page(visit)


@router.post("")
def load(visit: Visiting, form: Annotated[Upload, Depends(uploaded(Action.load, "load"))]) -> Response:
    """Load the file, and report what became of it. A reload sends it again, which changes nothing."""
    file = form.file
    if file is None:
        return _page(visit, problem=visit.words("load.no_file"))
    name = _name(file.filename or "")
    if not file.size:
        return _page(visit, name, problem=visit.words("load.empty", name=name))
    # starlette declares the file of an upload as BinaryIO: it reads from disk what did not fit in a megabyte.
    return _page(visit, name, visit.bogam.load(file.file, actor=visit.actor, name=name))


def _page(visit: Visit, name: str = "", report: LoadReport | None = None, *, problem: str = "") -> Response:
    status = 422 if problem else 200
    return visit.page("load.html", at="/load", status=status, name=name, report=report, problem=problem)


def _name(given: str) -> str:
    """Return the file's own name: some browsers send the folder too."""
    return PurePosixPath(given.replace("\\", "/")).name[-_LONGEST_NAME:] or "upload"

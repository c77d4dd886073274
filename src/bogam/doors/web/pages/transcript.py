"""The visit note's own page: paste or upload the dialogue of a visit, or choose one that is in the record."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.app import BadRequest
from bogam.doors.web.pages.patient import tab
from bogam.doors.web.visit import Upload, Visit, Visiting, see, uploaded
from bogam.doors.web.words import NAMES
from bogam.record.transcript import is_transcript
from bogam.text.transcriber import LARGEST, NoTranscriber, configured

router = APIRouter(prefix="/patients/{id}/visit-note", include_in_schema=False)
SKILL: Final = "visit-note"
_FORMS: Final = ("note", "soap")
_FIELDS: Final = ("transcript", "text", "encounter", "form", "language")
_LONGEST_NAME: Final = 120


@router.get("")
def ask(visit: Visiting, id: str) -> Response:
    """The form."""
    return _page(visit, id, {})


@router.post("")
def make(visit: Visiting, id: str, form: Annotated[Upload, Depends(uploaded(Action.add, "visit note"))]) -> Response:
    """Put the dialogue into the record, unless one there was chosen, and draft the note."""
    given = form.fields
    try:
        chosen = given.get("transcript", "") or _added(visit, id, form)
        asked = {"transcript": chosen, "form": given.get("form", "note"), "language": given.get("language", "")}
        request = {name: value for name, value in asked.items() if value}
        draft = visit.bogam.run_request(SKILL, request, patient=id, **visit.asks)
    except BadRequest as error:
        return _page(visit, id, given, str(error))
    return see(f"/drafts/{draft.id}")


def _added(visit: Visit, id: str, form: Upload) -> str:
    text, file = form.fields.get("text", ""), form.file
    if file is not None and (file.size or 0) > LARGEST:
        raise BadRequest(visit.words("visit_note.large", mb=LARGEST >> 20))
    content = file.file.read() if file is not None else text.encode("utf-8", "replace")
    if not content.strip():
        raise BadRequest(visit.words("visit_note.empty"))
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name[-_LONGEST_NAME:] if file is not None else ""
    encounter = form.fields.get("encounter", "").removeprefix("Encounter/")
    ref = visit.bogam.add_transcript(id, content, **visit.asks, name=name, encounter=encounter)
    return ref.removeprefix("DocumentReference/")


def _page(visit: Visit, id: str, given: dict[str, str], problem: str = "") -> Response:
    timeline = visit.bogam.timeline(id, **visit.asks)
    return tab(
        visit,
        timeline,
        "documents",
        "patient/visit_note.html",
        status=422 if problem else 200,
        given=dict.fromkeys(_FIELDS, "") | given,
        problem=problem,
        visits=timeline.encounters[:50],
        transcripts=[note for note in timeline.notes if is_transcript(note)][:50],
        forms=_FORMS,
        languages=NAMES,
        audio=_takes_audio(visit),
        may_add=visit.may(Action.add),
    )


def _takes_audio(visit: Visit) -> bool:
    try:
        configured(visit.bogam.home)
    except NoTranscriber:
        return False
    return True

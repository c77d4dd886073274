"""bogam transcript add, bogam visit-note: the dialogue of a visit into the record, and a note from it"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, UsageError
from bogam.doors.cli.house import caller, opened
from bogam.doors.cli.paper import print_draft
from bogam.doors.cli.printing import emit

if TYPE_CHECKING:
    from bogam.app import Bogam
    from bogam.doors.cli.house import Caller

app: Final = typer.Typer(
    help="The dialogue of a visit, as it was said.", epilog=EPILOG, no_args_is_help=True, rich_markup_mode=None
)

Patient = Annotated[str, typer.Argument(help="Id of the patient.")]
File = Annotated[
    str, typer.Argument(metavar="FILE", help='Text, JSON segments, VTT, SRT, or a recording; "-" is standard input.')
]
Of = Annotated[str, typer.Option("--encounter", metavar="ID", help="The visit that it is of.")]
At = Annotated[str, typer.Option("--at", metavar="WHEN", help="When the visit was, e.g. 2026-03-01T09:00:00+09:00.")]


class Form(StrEnum):
    """Forms of a visit note."""

    note = "note"
    soap = "soap"


@app.command(epilog=EPILOG)
def add(
    patient: Patient,
    file: File,
    encounter: Of = "",
    at: At = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Put a transcript into a patient's record, and print its reference."""
    with opened(home, json=json) as bogam:
        ref = _added(bogam, caller(bogam, who, purpose), patient, file, encounter, at)
        if json:
            emit({"transcript": ref})
        else:
            typer.echo(ref)


def visit_note(
    patient: Patient,
    file: File,
    form: Annotated[Form, typer.Option("--form", help="The sections of a visit note, or SOAP.")] = Form.note,
    language: Annotated[str, typer.Option("--language", help="ko or en: of the headings.")] = "",
    encounter: Of = "",
    at: At = "",
    sources: options.Sources = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Put a transcript into the record and draft the visit note from it; the draft waits for a signature."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        ref = _added(bogam, asks, patient, file, encounter, at)
        request = {"transcript": ref.partition("/")[2], "form": form.value}
        if language:
            request["language"] = language
        draft = bogam.run_request("visit-note", request, patient=patient, actor=asks.actor, purpose=asks.purpose)
        filed = bogam.draft(draft.id, actor=asks.actor, purpose=asks.purpose)
        if json:
            emit(filed)
            return
        print_draft(filed, sources=sources)
        typer.echo(f"\nbogam sign {draft.id}   bogam edit {draft.id} …   bogam reject {draft.id} --reason …")


def _added(bogam: Bogam, asks: Caller, patient: str, file: str, encounter: str, at: str) -> str:
    if file == "-":
        content, name = sys.stdin.buffer.read(), "standard input"
    else:
        place = Path(file)
        try:
            content, name = place.read_bytes(), place.name
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    return bogam.add_transcript(
        patient, content, actor=asks.actor, purpose=asks.purpose, name=name, encounter=encounter, at=at
    )


commands = (visit_note,)

"""bogam run, drafts, edit, undo, sign, reject, export: the life of a draft"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import UsageError
from bogam.doors.cli.house import caller, opened
from bogam.doors.cli.paper import marks, print_draft
from bogam.doors.cli.printing import emit, show_table
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from bogam.evidence.draft import Filed

Id = Annotated[str, typer.Argument(metavar="DRAFT", help="Id of a draft, as bogam run and bogam drafts print it.")]
Seen = Annotated[
    int | None, typer.Option("--revision", min=1, help="The revision that you saw; refused when it is no longer so.")
]


class Which(StrEnum):
    """States of drafts."""

    waiting = "waiting"
    signed = "signed"
    rejected = "rejected"
    all = "all"


class Format(StrEnum):
    """What a draft can be exported as."""

    text = "text"
    markdown = "markdown"
    html = "html"
    pdf = "pdf"
    csv = "csv"
    fhir = "fhir"


def run(
    skill: Annotated[str, typer.Argument(help="Which skill, e.g. record-summary.")],
    patient: Annotated[str, typer.Argument(help="Id of the patient.")],
    language: Annotated[str, typer.Option("--language", help="ko or en.")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", metavar="NAME=VALUE", help="More of the skill's request.")
    ] = None,
    sources: options.Sources = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Have a skill make a draft; it waits until a person signs it."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        request = dict(_pair(each) for each in option or ())
        if language:
            request["language"] = language
        draft = bogam.run_request(skill, request, patient=patient, actor=asks.actor, purpose=asks.purpose)
        filed = bogam.draft(draft.id, actor=asks.actor, purpose=asks.purpose)
        if json:
            emit(filed)
            return
        print_draft(filed, sources=sources)
        if filed.open:
            typer.echo(f"\nbogam sign {draft.id}   bogam edit {draft.id} …   bogam reject {draft.id} --reason …")


def drafts(
    state: Annotated[Which, typer.Option("--state", help="Which drafts.")] = Which.waiting,
    patient: Annotated[str, typer.Option("--patient", help="Only of this patient.")] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """List drafts, newest first."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        wanted = None if state is Which.all else state.value
        found = bogam.drafts(actor=asks.actor, purpose=asks.purpose, state=wanted, patient=patient or None)
        if json:
            emit({"drafts": [_brief(each) for each in found]})
            return
        rows = (
            (
                each.draft.id,
                each.draft.skill,
                each.draft.subject,
                say(each.state),
                each.made_at[:16],
                marks(each.draft.claims),
            )
            for each in found
        )
        show_table(("draft", "skill", "patient", "state", "made", "sentences"), rows, empty="No drafts.")


def edit(
    id: Id,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="N=TEXT", help="New words for sentence N, as bogam show numbers it."),
    ] = None,
    remove: Annotated[list[int] | None, typer.Option("--remove", metavar="N", help="Leave sentence N out.")] = None,
    revision: Seen = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Change or remove sentences; each changed one is checked again against its sources."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        texts: dict[int, str | None] = {}
        for each in change or ():
            number, text = _pair(each)
            if not number.isdecimal():
                raise UsageError(f'"{each}" names no sentence: give N=TEXT with the number that bogam show prints.')
            texts[int(number)] = text
        texts |= dict.fromkeys(remove or ())
        if not texts:
            raise UsageError("Nothing to change: give --set N=TEXT or --remove N.")
        filed = bogam.edit(id, actor=asks.actor, purpose=asks.purpose, texts=texts, revision=revision)
        _show(filed, json=json)


def undo(
    id: Id,
    revision: Seen = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Take back the last edit of a draft."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        _show(bogam.undo(id, actor=asks.actor, purpose=asks.purpose, revision=revision), json=json)


def sign(
    id: Id,
    revision: Seen = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask once more.")] = False,
    despite: Annotated[
        bool, typer.Option("--despite", help="Sign although sentences are not supported by what they cite.")
    ] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Sign a draft; it is filed in the record under the signer's name."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        seen = revision
        if not yes and not json and sys.stdin.isatty():
            waiting = bogam.draft(id, actor=asks.actor, purpose=asks.purpose)
            seen = revision or waiting.revision
            typer.echo(f"{waiting.draft.title}, {waiting.draft.subject}, revision {waiting.revision}")
            typer.confirm(f"{marks(waiting.draft.claims)}. Sign as {asks.actor.name}?", abort=True)
        filed = bogam.sign(id, actor=asks.actor, purpose=asks.purpose, revision=seen, despite=despite)
        if json:
            emit(_brief(filed))
        else:
            typer.echo(f"Signed by {asks.actor.name}, filed as {filed.composition}.")


def reject(
    id: Id,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the draft.")],
    revision: Seen = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Reject a draft, with the reason."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        filed = bogam.reject(id, actor=asks.actor, purpose=asks.purpose, reason=reason, revision=revision)
        if json:
            emit(_brief(filed))
        else:
            typer.echo(f"Rejected by {asks.actor.name}.")


def export(
    id: Id,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to write.")] = Format.text,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of standard output.")] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Write a draft as text, Markdown, HTML, PDF or a FHIR document Bundle."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        if output is None and json:
            raise UsageError("With --json, name the file to write with --output.")
        if output is None and format is Format.pdf and sys.stdout.isatty():
            raise UsageError("A PDF is not for the terminal: name a file with --output.")
        content = bogam.export(id, format.value, actor=asks.actor, purpose=asks.purpose)
        if output is None:
            typer.echo(content, nl=False)
            return
        output.write_bytes(content)
        if json:
            emit({"draft": id, "format": format, "file": str(output), "bytes": len(content)})
        else:
            typer.echo(f"Wrote {output}, {len(content):,} bytes.")


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f'"{text}" has no "=" with a name before it: give NAME=VALUE.')
    return name.strip(), value


def _show(filed: Filed, *, json: bool) -> None:
    if json:
        emit(filed)
    else:
        print_draft(filed)


def _brief(filed: Filed) -> dict[str, Any]:
    draft = filed.draft
    states = [claim.support.state for claim in draft.claims]
    return {
        "id": draft.id,
        "skill": draft.skill,
        "patient": draft.patient,
        "subject": draft.subject,
        "language": draft.language,
        "state": filed.state,
        "revision": filed.revision,
        "made_at": filed.made_at,
        "made_by": filed.made_by,
        "sentences": {state: states.count(state) for state in sorted(set(states))},
        "signature": filed.signature,
        "composition": filed.composition,
    }


commands = (run, drafts, edit, undo, sign, reject, export)

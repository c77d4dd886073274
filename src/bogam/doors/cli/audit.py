"""bogam audit"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bogam.access.identity import Action
from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, Exit, UsageError, reporting
from bogam.doors.cli.house import allow, opened, operator
from bogam.doors.cli.printing import emit, show_table

if TYPE_CHECKING:
    from bogam.access.chain import AuditVerdict, Head

app: Final = typer.Typer(
    help="Who saw what, and why; and proof that nobody changed it.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", epilog=EPILOG)
def listed(
    by: Annotated[str, typer.Option("--actor", help="Only what this user did.")] = "",
    patient: Annotated[str, typer.Option("--patient", help="Only what concerns this patient.")] = "",
    action: Annotated[Action | None, typer.Option("--action", help="Only this action.")] = None,
    outcome: Annotated[str, typer.Option("--outcome", help="Only allow, refuse or error.")] = "",
    since: Annotated[str, typer.Option("--since", help="From this ISO date or instant on (UTC).")] = "",
    until: Annotated[str, typer.Option("--until", help="Before this ISO date or instant (UTC).")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over so many.")] = 0,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """List entries, newest first. Open to auditors."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.read_audit, "list")
        wanted = {"actor": by, "patient": patient, "action": action or "", "outcome": outcome}
        wanted |= {"since": since, "until": until}
        found = bogam.audit.entries(**wanted, limit=limit, offset=offset)
        if json:
            emit({"total": bogam.audit.count(**wanted), "entries": [each.json() for each in found]})
            return
        rows = (
            (
                each.seq,
                each.at,
                each.actor,
                each.role,
                each.purpose,
                each.action,
                each.patient,
                each.target,
                each.outcome,
            )
            for each in found
        )
        columns = ("seq", "at", "who", "role", "purpose", "action", "patient", "target", "outcome")
        show_table(columns, rows, empty="No entry fits.")


@app.command(epilog=EPILOG)
def verify(
    head: Annotated[
        str, typer.Option("--head", metavar="SEQ:HASH", help="A head noted earlier and kept elsewhere.")
    ] = "",
    copy: Annotated[Path | None, typer.Option("--copy", help="Verify this copy of records.sqlite, read-only.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="The audit.key for --copy.")] = None,
    head_file: Annotated[Path | None, typer.Option("--head-file", help="The audit.head for --copy.")] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Follow the chain from the first entry to the last; the exit code is 6 when it is broken.

    Note the head it prints somewhere else: given back with --head, it shows that nothing was taken back whole.
    """
    if copy is not None:
        with reporting(json=json):
            from bogam.access.audit import verify_copy

            if key is None:
                raise UsageError("--copy needs --key: the audit.key of that home.")
            _tell(verify_copy(copy, key, head_file, kept=_head(head)), json=json)
        return
    with opened(home, json=json) as bogam:
        kept = _head(head)
        allow(bogam, operator(bogam, who, None), Action.verify_audit, "verify")
        _tell(bogam.audit.verify(kept=kept), json=json)


@app.command(epilog=EPILOG)
def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of standard output.")] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: Annotated[bool, typer.Option("--json", help="The export is JSON in any case.")] = False,
) -> None:
    """Write the whole log, oldest first, one JSON object a line. Open to auditors."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.read_audit, "export")
        if output is None:
            for line in bogam.audit.export():
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        else:
            with output.open("wb") as file:
                file.writelines(bogam.audit.export())


def _head(text: str) -> Head | None:
    from bogam.access.chain import Head

    if not text:
        return None
    try:
        return Head.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _tell(verdict: AuditVerdict, *, json: bool) -> None:
    if json:
        said = {"ok": verdict.ok, "entries": verdict.entries, "first_bad": verdict.first_bad, "reason": verdict.reason}
        emit(said | {"head": str(verdict.head)})
    elif verdict.ok:
        typer.echo(f"The log is whole: {verdict.entries:,} entries.\nHead: {verdict.head}")
    else:
        typer.echo(f"The log is broken at entry {verdict.first_bad}. {verdict.reason}")
        typer.echo(f"Good up to: {verdict.head}")
    if not verdict.ok:
        raise typer.Exit(Exit.unverified.value)

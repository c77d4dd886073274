"""bogam quarantine"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bogam.access.identity import Action
from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, UnknownId, UsageError
from bogam.doors.cli.house import allow, opened, operator
from bogam.doors.cli.load import tell
from bogam.doors.cli.printing import emit, plain, show_table

if TYPE_CHECKING:
    from bogam.app import Bogam
    from bogam.record.load import Quarantined

app: Final = typer.Typer(
    help="What was not loaded, and why.", epilog=EPILOG, no_args_is_help=True, rich_markup_mode=None
)


@app.command("list", epilog=EPILOG)
def listed(
    home: options.Home = options.HOME,
    who: options.As = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over so many.")] = 0,
    json: options.Json = False,
) -> None:
    """List what is in the quarantine."""
    with opened(home, json=json) as bogam:
        found = bogam.quarantine(actor=operator(bogam, who, None).actor, limit=limit, offset=offset)
        if json:
            emit({"quarantined": [_without_raw(each) for each in found]})
            return
        rows = ((each.id, each.origin, each.place, each.pointer, each.reason) for each in found)
        show_table(("id", "from", "place", "pointer", "reason"), rows, empty="The quarantine is empty.")


@app.command(epilog=EPILOG)
def show(
    id: Annotated[int, typer.Argument(help="Number in the list.")],
    home: options.Home = options.HOME,
    who: options.As = "",
    raw: Annotated[bool, typer.Option("--raw", help="Print the bytes as they came, and nothing else.")] = False,
    json: options.Json = False,
) -> None:
    """Show one entry: where it came from, where in it the fault is, and why."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.quarantine, f"show {id}")
        found = _known(bogam, id)
        if raw:
            typer.echo(found.raw, nl=False)
        elif json:
            emit(_without_raw(found) | {"raw": found.raw, "whole": found.whole})
        else:
            typer.echo(plain(f"{found.id}  {found.origin} {found.place}"))
            for pointer, reason in found.problems:
                typer.echo(plain(f"{pointer or '/'}: {reason}"))
            typer.echo(f"{found.size:,} bytes; --raw prints {'them' if found.whole else 'the first of them'}.")


@app.command(epilog=EPILOG)
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers in the list.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Retry everything.")] = False,
    replacement: Annotated[
        Path | None, typer.Option("--with", help="A file that stands in for the one entry named.", dir_okay=False)
    ] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Check entries again, and load those that pass now; the exit code is 5 when some still do not."""
    with opened(home, json=json) as bogam:
        if every == bool(ids):
            raise UsageError("Name the entries to retry, or give --all.")
        if replacement is not None and len(ids or ()) != 1:
            raise UsageError("--with stands in for one entry: name one.")
        actor = operator(bogam, who, None).actor
        for id in ids or ():
            _known(bogam, id)
        content = None if replacement is None else replacement.read_bytes()
        tell([bogam.retry(ids if ids else None, actor=actor, replacement=content)], json=json)


def _known(bogam: Bogam, id: int) -> Quarantined:
    from bogam.record import quarantine

    found = quarantine.get(bogam.store, id)
    if found is None:
        raise UnknownId(f"No entry {id} in the quarantine. bogam quarantine list shows which there are.")
    return found


def _without_raw(each: Quarantined) -> dict[str, Any]:
    kept = {name: getattr(each, name) for name in ("id", "origin", "place", "pointer", "reason", "at")}
    return kept | {"bytes": each.size, "problems": [{"pointer": at, "reason": why} for at, why in each.problems]}

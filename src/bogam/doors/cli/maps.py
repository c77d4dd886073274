"""bogam map"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from typer.core import TyperGroup

from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, Exit, UsageError
from bogam.doors.cli.house import Caller, opened, operator
from bogam.doors.cli.printing import emit, show_table


class _FileFirst(TyperGroup):
    """``bogam map FILE`` is ``bogam map file FILE``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["file", *args]
        return super().resolve_command(ctx, args)


app: Final = typer.Typer(
    help="Map a hospital's local codes to standard codes: bogam map FILE, then review, then export.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=_FileFirst,
)
Map = Annotated[int, typer.Argument(help="Number of a map; bogam map list shows them.", metavar="MAP")]
Item = Annotated[int, typer.Argument(help="Number of an item; bogam map show MAP shows them.", metavar="ITEM")]
State = Literal["all", "open", "abstained", "approved", "none"]


@app.command("file", epilog=EPILOG)
def file(
    path: Annotated[Path, typer.Argument(help="csv, tsv, xls or xlsx with code, name, unit, specimen.", exists=True)],
    system: Annotated[str, typer.Option("--system", help="The standard to map to.")] = "icd-10-cm",
    name: Annotated[str, typer.Option("--name", help="What to call the map.")] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Find ranked candidates for each local code of a file."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        with bogam.mapping(f"make {path.name}", actor=asks.actor, purpose=asks.purpose, system=system) as desk:
            made = desk.make(path, system=system, by=asks.actor.id, name=name, say=_progress)
        if json:
            emit(made)
        else:
            counts = ", ".join(f"{made.counts.get(state, 0)} {state}" for state in ("open", "abstained"))
            typer.echo(f"Map {made.id}: {made.total} codes to {made.system} {made.version}: {counts}.")
            typer.echo(f"Review: bogam map show {made.id}, or the page /maps/{made.id}.")
        if made.bad:
            for bad in made.bad[:5]:
                typer.echo(f"  {bad.file} line {bad.line}: {bad.reason}", err=True)
            typer.echo(f"{len(made.bad)} rows were not taken.", err=True)
            raise typer.Exit(Exit.quarantined.value)


def _progress(done: int) -> None:
    typer.echo(f"\r{done:,} codes", err=True, nl=False)


@app.command("list", epilog=EPILOG)
def listed(
    home: options.Home = options.HOME, who: options.As = "", purpose: options.For = None, json: options.Json = False
) -> None:
    """List the maps."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        with bogam.mapping("list", actor=asks.actor, purpose=asks.purpose) as desk:
            found = desk.maps()
        if json:
            emit({"maps": found})
            return
        columns = ("map", "name", "system", "version", "codes", "open", "abstained", "approved", "none", "not taken")
        rows = (
            (
                str(each.id), each.name, each.system, each.version, str(each.total),
                *(str(each.counts.get(state, 0)) for state in ("open", "abstained", "approved", "none")),
                str(len(each.bad)),
            )
            for each in found
        )  # fmt: skip
        show_table(columns, rows, empty="No map yet: bogam map FILE.")


@app.command(epilog=EPILOG)
def show(
    map: Map,
    state: Annotated[State, typer.Option("--state", help="Only items in this state.")] = "all",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over so many.")] = 0,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Show the items of a map with their best candidates and the reasons."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        with bogam.mapping(f"show {map}", actor=asks.actor, purpose=asks.purpose) as desk:
            desk.map(map)
            items = desk.items(map, state=None if state == "all" else state, limit=limit, offset=offset)
        if json:
            emit({"items": items})
            return
        rows: list[tuple[str, ...]] = []
        for item in items:
            best = item.candidates[0] if item.candidates else None
            code = item.target or (best.code if best else "")
            shown = item.display or (best.name if best else "")
            why = "; ".join(best.reasons) if best else ""
            rows.append((str(item.id), item.code, item.name, item.state, code, shown, f"{item.likely:.2f}", why))
        show_table(
            ("item", "code", "name", "state", "target", "display", "likely", "why"), rows, empty="Nothing there."
        )


@app.command(epilog=EPILOG)
def approve(
    item: Item,
    code: Annotated[str, typer.Option("--code", help="The code to approve; by default the first candidate.")] = "",
    none: Annotated[bool, typer.Option("--none", help="No code fits.")] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Approve a code for an item, or that none fits. The approver is who --as names."""
    with opened(home, json=json) as bogam:
        if code and none:
            raise UsageError("Give --code or --none, not both.")
        asks = _person(operator(bogam, who, purpose), who)
        said = "none" if none else code or "first"
        with bogam.mapping(f"approve {item}", actor=asks.actor, purpose=asks.purpose, code=said) as desk:
            if none:
                done = desk.none(item, by=asks.actor.id)
            elif code:
                done = desk.approve(item, code, by=asks.actor.id)
            else:
                done = desk.choose(item, 0, by=asks.actor.id)
        if json:
            emit(done)
        else:
            typer.echo(f"{done.code} {done.name}: {done.target or 'none'} {done.display}".rstrip())


def _person(asks: Caller, who: str) -> Caller:
    if not who:
        raise UsageError("Say who approves, with --as USER or BOGAM_USER: a map names its approver.")
    return asks


@app.command(epilog=EPILOG)
def undo(
    item: Item,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Take back the last decision on an item."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        with bogam.mapping(f"undo {item}", actor=asks.actor, purpose=asks.purpose) as desk:
            done = desk.undo(item)
        if json:
            emit(done)
        else:
            typer.echo(f"{done.code} {done.name}: {done.state}")


@app.command(epilog=EPILOG)
def export(
    map: Map,
    format: Annotated[Literal["fhir", "csv"], typer.Option("--format", help="FHIR ConceptMap, or a table.")] = "fhir",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Write a map as a FHIR R4 ConceptMap or as a table."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        with bogam.mapping(f"export {map}", actor=asks.actor, purpose=asks.purpose, format=format) as desk:
            body = desk.export(map, format)
        if output is not None:
            output.write_bytes(body)
        if json and output is not None:
            emit({"file": str(output), "bytes": len(body)})
        elif output is None:
            typer.echo(body.decode("utf-8"))

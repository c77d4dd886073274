"""bogam source"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from typer.core import TyperGroup

from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, Exit
from bogam.doors.cli.house import opened, operator
from bogam.doors.cli.printing import console, emit, show_table
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from bogam.sources.catalogue import SourceState
    from bogam.sources.mirrors import Imported, Progress

Name = Annotated[str, typer.Argument(help="A source: bogam source list shows them.")]


_HOME: Final = "bogam.home"


class _Group(TyperGroup):
    """The commands below, and for each source a group of its own, made when it is asked for: those installed, and the
    remote servers that are configured in the home folder of this call."""

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> ...:  # pyright: ignore[reportIncompatibleMethodOverride]
        named = [word.partition("=")[2] for word in args if word.startswith("--home=")]
        named += [args[at + 1] for at, word in enumerate(args[:-1]) if word == "--home"]
        ctx.meta[_HOME] = (named or [os.environ.get("BOGAM_HOME") or str(options.HOME)])[-1]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> ...:  # pyright: ignore[reportIncompatibleMethodOverride]
        known = super().get_command(ctx, cmd_name)
        if known is not None:
            return known
        from bogam.doors.cli import asking

        home = Path(ctx.meta.get(_HOME, options.HOME))
        made = asking.group(cmd_name, home)
        if made is None:
            names = ", ".join(asking.known(home))
            raise typer.BadParameter(f'"{cmd_name[:60]}" is no command and no source. Sources: {names}.')
        return made


app: Final = typer.Typer(
    cls=_Group,
    help=(
        "Outside knowledge: bogam source NAME search TEXT, bogam source NAME get ID.\n\n"
        "What a source can be asked: bogam source NAME search --help. Nothing leaves this machine until a source is "
        "enabled; a mirror answers from here."
    ),
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", epilog=EPILOG)
def listed(home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """List the sources: built in, enabled, mirrored or off; of which date, how many items, under which licence."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        states = bogam.source_states(actor=asks.actor, purpose=asks.purpose)
        if json:
            from bogam.sources.catalogue import told

            emit({"sources": [told(each) for each in states]})
            return
        columns = tuple(map(say, ("source", "state", "data of", "items", "holds", "licence")))
        show_table(columns, map(_row, states), empty="No source is installed.")


def _row(state: SourceState) -> tuple[str, ...]:
    from bogam.doors.cli.exits import korean

    source, mirror = state.source, state.mirror
    items = f"{mirror.items:,}" if mirror else ""
    version = mirror.version if mirror else ""
    licence = source.licence_ko if korean() and source.licence_ko else source.licence
    holds = source.holds[1] if korean() else source.holds[0]
    return source.name, ", ".join(map(say, state.words)), version, items, holds, licence


@app.command(epilog=EPILOG)
def enable(
    name: Name,
    base: Annotated[str, typer.Option("--base", help="Another address of the same interface.")] = "",
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="A file with the key; its place is kept, not the key.")
    ] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Allow connections to the host of one source. What is asked of it then leaves this machine."""
    with opened(home, json=json) as bogam:
        state = bogam.enable_source(name, base=base, key_file=key_file, actor=operator(bogam, who, None).actor)
        _tell(
            state, json=json, said=f"{name} is enabled: questions put to it are sent to {state.base}, and nowhere else."
        )


@app.command(epilog=EPILOG)
def disable(name: Name, home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """Allow no more connections to a source. Its mirror stays."""
    with opened(home, json=json) as bogam:
        state = bogam.disable_source(name, actor=operator(bogam, who, None).actor)
        _tell(state, json=json, said=f"{name} is disabled: nothing is sent to {state.base or 'it'}.")


@app.command(epilog=EPILOG)
def allow(
    name: Name,
    tool: Annotated[str, typer.Argument(help="The tool: bogam source NAME search --unallowed lists them.")],
    no_more: Annotated[bool, typer.Option("--no-more", help="Allow it no more.")] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Allow a tool of a remote MCP server, as the server describes it now: read that first, with bogam source NAME get.

    When the server describes it otherwise later, it is refused until it is allowed again.
    """
    with opened(home, json=json) as bogam:
        actor = operator(bogam, who, None).actor
        if no_more:
            bogam.forbid_tool(name, tool, actor=actor)
            emit({"source": name, "tool": tool, "allowed": False}) if json else typer.echo(
                f"{tool} of {name} is allowed no more."
            )
            return
        item = bogam.allow_tool(name, tool, actor=actor)
        if json:
            emit({"source": name, "tool": item.id, "allowed": True, "digest": item.fields["digest"]})
        else:
            typer.echo(f"{item.id} of {name} is allowed as it is described now: {item.fields['description']}")


@app.command(epilog=EPILOG)
def forget(name: Name, home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """Forget the kept responses of a source, so that it is asked again. What drafts cite stays citable."""
    with opened(home, json=json) as bogam:
        count = bogam.forget_source(name, actor=operator(bogam, who, None).actor)
        if json:
            emit({"source": name, "forgotten": count})
        else:
            typer.echo(f"{name}: {count:,} kept responses forgotten.")


def _tell(state: SourceState, *, json: bool, said: str) -> None:
    if json:
        from bogam.sources.catalogue import told

        emit(told(state))
    else:
        typer.echo(said)


@app.command("import", epilog=EPILOG)
def import_(
    name: Name,
    files: Annotated[list[Path], typer.Argument(help="The publisher's bulk files.", exists=True)],
    version: Annotated[str, typer.Option("--version", help="What to call the data, if the files do not tell.")] = "",
    older: Annotated[
        bool, typer.Option("--older", help="Import also a release older than the one that is mirrored.")
    ] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Import a publisher's bulk files into a mirror, which answers without a connection.

    An import that was stopped goes on where it stopped when the same command is given again. Rows that are not right
    are refused with a reason, the rest is imported; the exit code is then 5. A release older than the one that is
    mirrored is refused.
    """
    with opened(home, json=json) as bogam, _bar(name) as progress:
        actor = operator(bogam, who, None).actor
        report = bogam.import_source(name, files, version=version, older=older, actor=actor, progress=progress)
    _report(report, json=json)


def _report(report: Imported, *, json: bool) -> None:
    if json:
        emit(report)
    else:
        resumed = f" ({report.resumed:,} rows were there from before)" if report.resumed else ""
        deleted = f", {report.deleted:,} deleted" if report.deleted else ""
        replaced = f" ({report.replaced:,} in place of earlier rows of the same items)" if report.replaced else ""
        typer.echo(
            f"{report.source} {report.version or 'without a date'}: {report.stored:,} stored{replaced}{deleted}, "
            f"{report.refused:,} refused{resumed}, in {report.seconds:.1f} s. The mirror holds {report.held:,}."
        )
        if report.note:
            typer.echo(report.note, err=True)
    if report.refused:
        typer.echo(f"bogam source refused {report.source} says which and why.", err=True)
        raise typer.Exit(Exit.quarantined.value)


@contextmanager
def _bar(label: str) -> Generator[Callable[[Progress], None] | None]:
    """Give a callback that draws a bar on standard error, or None where nobody watches."""
    shown = console(err=True)
    if not shown.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), DownloadColumn(), TextColumn("{task.fields[stored]:,}"), TimeRemainingColumn())
    with Bar(TextColumn("{task.description}", markup=False), *columns, console=shown, transient=True) as bar:
        task = bar.add_task(label, total=None, stored=0)

        def draw(at: Progress) -> None:
            bar.update(task, completed=at.done, total=at.size or None, stored=at.stored, description=at.file[-40:])

        yield draw


@app.command(epilog=EPILOG)
def refused(
    name: Name,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """List the rows that the import of a mirror refused, with the reason and the place."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        rows = bogam.source_refusals(name, limit=limit, actor=asks.actor, purpose=asks.purpose)
        if json:
            emit({"refused": rows})
        else:
            shown = ((each.file, each.place, each.reason, each.raw[:80]) for each in rows)
            show_table(("file", "place", "reason", "row"), shown, empty="No row was refused.")

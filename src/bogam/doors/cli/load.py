"""bogam load"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import Exit
from bogam.doors.cli.house import opened, operator
from bogam.doors.cli.printing import console, emit

if TYPE_CHECKING:
    from bogam.record.load import LoadReport, Progress


def load(
    source: Annotated[list[str], typer.Argument(help='Files, folders or archives; "-" is standard input.')],
    home: options.Home = options.HOME,
    who: options.As = "",
    name: Annotated[str, typer.Option("--name", help="What to call standard input in the log.")] = "",
    json: options.Json = False,
) -> None:
    """Load FHIR R4: Bundles, Bulk Data NDJSON, single resources; gzip, tar.gz and zip too.

    What fails its check is quarantined with a place and a reason, and the rest is loaded; the exit code is then 5.
    Loading the same again changes nothing.
    """
    with opened(home, json=json, make=True) as bogam:
        actor = operator(bogam, who, None).actor
        reports: list[LoadReport] = []
        for each in source:
            content: Path | BinaryIO = sys.stdin.buffer if each == "-" else Path(each)
            label = name or ("standard input" if each == "-" else each)
            with progress_bar(label) as progress:
                reports.append(bogam.load(content, actor=actor, name=name, progress=progress))
        tell(reports, json=json)


def tell(reports: list[LoadReport], *, json: bool) -> None:
    """Print what was loaded, and exit with 5 when anything was quarantined."""
    counts = {key: sum(getattr(each, key) for each in reports) for key in ("read", "new", "changed", "same")}
    quarantined = sum(each.quarantined for each in reports)
    seconds = sum(each.seconds for each in reports)
    if json:
        emit(counts | {"quarantined": quarantined, "seconds": seconds, "reports": reports})
    else:
        rate = f", {counts['read'] / seconds:,.0f} resources/s" if seconds > 0 else ""
        typer.echo(
            f"{counts['read']:,} resources read in {seconds:.1f} s{rate}: {counts['new']:,} new, "
            f"{counts['changed']:,} changed, {counts['same']:,} the same, {quarantined:,} quarantined."
        )
        if quarantined:
            typer.echo("bogam quarantine list says where and why.")
    for each in reports:
        for warning in each.warnings:
            typer.echo(f"bogam: {warning}", err=True)
    if quarantined:
        raise typer.Exit(Exit.quarantined.value)


@contextmanager
def progress_bar(label: str) -> Generator[Callable[[Progress], None] | None]:
    """Give a callback that draws a bar on standard error, or None where nobody watches."""
    shown = console(err=True)
    if not shown.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), DownloadColumn(), TextColumn("{task.fields[resources]:,} resources"), TimeRemainingColumn())
    with Bar(TextColumn("{task.description}", markup=False), *columns, console=shown, transient=True) as bar:
        task = bar.add_task(label, total=None, resources=0)

        def draw(at: Progress) -> None:
            bar.update(task, completed=at.done, total=at.total, resources=at.resources, description=at.input or label)

        yield draw


commands = (load,)

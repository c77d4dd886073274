"""bogam measure"""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import Exit, UsageError, stop
from bogam.doors.cli.printing import emit, show_table

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from bogam.measure.figure import Figure

_GROUP = "bogam.measures"


def measure(
    name: Annotated[str, typer.Argument(help="Which measurement; without it they are listed.")] = "",
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder of public data sets.", file_okay=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Run all measurements.")] = False,
    write: Annotated[Path | None, typer.Option("--write", help="Write the table of figures to this file.")] = None,
    json: options.Json = False,
) -> None:
    """Measure, beside what it is compared with in the same run."""
    from importlib.metadata import entry_points

    points = {point.name: point for point in entry_points(group=_GROUP)}
    try:
        if data is not None and not data.is_dir():
            raise UsageError(f"No folder {data}.")
        if every == bool(name):
            if every or json:
                raise UsageError("Name one measurement, or give --all.")
            typer.echo("\n".join(sorted(points)))
            return
        if name and name not in points:
            stop(Exit.unknown, f'No measurement "{name}". Known: {", ".join(sorted(points))}.', json=json)
    except UsageError as error:
        stop(Exit.usage, str(error), json=json)
    results = [_result(points[each], data) for each in ([name] if name else sorted(points))]
    if write is not None:
        write.write_text(_page(results), "utf-8")
    if json:
        emit(results[0] if name else results)
    else:
        for each in results:
            columns = ("figure", "value", "unit", "n", "95 %", "beside", "note")
            show_table(columns, _rows(each["figures"]), empty=f"{each['measure']} has no figures without data.")


def _result(point: EntryPoint, data: Path | None) -> dict[str, Any]:
    figures: dict[str, Figure] = point.load()(data, _say)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"measure": point.name, "date": at, "machine": _machine(), "figures": figures}


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _rows(figures: dict[str, Figure]) -> list[tuple[str, ...]]:
    return [
        (
            key,
            _number(figure.value),
            figure.unit,
            "" if figure.n is None else f"{figure.n:,}",
            "" if figure.interval is None else f"{_number(figure.interval[0])} to {_number(figure.interval[1])}",
            "; ".join(f"{other}: {_number(value)}" for other, value in figure.beside.items()),
            figure.note,
        )
        for key, figure in figures.items()
    ]


def _page(results: list[dict[str, Any]]) -> str:
    lines = ["# Measured", "", "Written by `bogam measure --all --write docs/measured.md`.", ""]
    for each in results:
        lines += [f"## {each['measure']}", "", f"{each['date']}, {each['machine']}", ""]
        lines += ["| figure | value | unit | n | 95 % | beside | note |", "|---|---:|---|---:|---|---|---|"]
        lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in _rows(each["figures"])]
        lines.append("")
    return "\n".join(lines)


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _machine() -> str:
    """Return processor, cores and Python, as a figure's reader needs them."""
    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


commands = (measure,)

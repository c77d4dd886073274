"""bogam train"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import Exit, UsageError, stop
from bogam.doors.cli.printing import emit

Trainer: TypeAlias = Callable[[Path, Path | None, Callable[[str], None]], Path]
"""Trains on the public data in a folder, writes the model and its card into another (None: where the model is
installed), reports progress by lines, and returns the folder written to."""

_GROUP = "bogam.trainers"


def train(
    name: Annotated[str, typer.Argument(help="Which model; without it they are listed.")] = "",
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder of public data sets.", file_okay=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the model and its card, instead of where it is installed.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Train a small model that Bogam ships, and write it with its card: data, licence, split, figures."""
    from importlib.metadata import entry_points

    points = {point.name: point for point in entry_points(group=_GROUP)}
    try:
        if not name:
            if json:
                raise UsageError("Name one model.")
            typer.echo("\n".join(sorted(points)))
            return
        if name not in points:
            stop(Exit.unknown, f'No model "{name}". Known: {", ".join(sorted(points))}.', json=json)
        if data is None or not data.is_dir():
            raise UsageError(f"{name} is trained on the public data: name its folder with --data DIR.")
    except UsageError as error:
        stop(Exit.usage, str(error), json=json)
    trainer: Trainer = points[name].load()
    try:
        written = trainer(data, out, _say)
    except FileNotFoundError as error:
        lacks = f"{error.filename or error} is not there"
        stop(Exit.usage, f"{name} is trained on the public data, and {lacks}: --data names its folder.", json=json)
    if json:
        emit({"model": name, "written": str(written)})
    else:
        typer.echo(f"Written: {written}")


def _say(line: str) -> None:
    typer.echo(line, err=True)


commands = (train,)

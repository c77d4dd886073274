"""bogam version"""

from __future__ import annotations

import typer

from bogam import __version__
from bogam.doors.cli import options
from bogam.doors.cli.printing import emit


def on_request(wanted: bool) -> None:
    """Print the version when ``--version`` was given."""
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def version(json: options.Json = False) -> None:
    """Show the version."""
    if json:
        emit({"version": __version__})
    else:
        typer.echo(__version__)


commands = (version,)

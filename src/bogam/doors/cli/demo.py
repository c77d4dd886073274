"""bogam demo"""

from __future__ import annotations

from typing import Annotated

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import reporting


def demo(
    home: options.Home = options.HOME,
    port: Annotated[int, typer.Option("--port", help="Where to listen, on loopback.")] = 8337,
    once: Annotated[bool, typer.Option("--once", help="Print a summary and exit instead of serving.")] = False,
) -> None:
    """Make the demonstration ward, print one cited summary, and serve."""
    with reporting(json=False):
        from bogam.doors.demo import run

        run(home, port, once)


commands = (demo,)

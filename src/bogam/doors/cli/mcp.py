"""bogam mcp"""

from __future__ import annotations

from typing import Annotated

import typer

from bogam.doors.cli import options
from bogam.doors.cli.house import caller, opened


def mcp(
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    compact: Annotated[
        bool, typer.Option("--compact", help="Offer find, describe and call in the place of all tools.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Serve the Model Context Protocol on standard input and output, for a program on this machine."""
    with opened(home, json=json) as bogam:
        asking = caller(bogam, who, purpose)
        import anyio

        from bogam.doors.mcp.asker import Asker
        from bogam.doors.mcp.server import Door

        asker = Asker(asking.actor, asking.purpose)
        anyio.run(Door(bogam, lambda: asker, few=compact).run_stdio_async)


commands = (mcp,)

"""bogam serve"""

from __future__ import annotations

from typing import Annotated

import typer

from bogam.doors.cli import options
from bogam.doors.cli.house import opened
from bogam.doors.cli.printing import emit_line


def serve(
    home: options.Home = options.HOME,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8337,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name by which people open it, when it is not on loopback. May be repeated."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Serve web, REST and FHIR until Ctrl-C."""
    with opened(home, json=json) as bogam:
        from bogam.doors.serve import ensure_free
        from bogam.doors.serve import serve as listen

        ensure_free(host, port)
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        if json:
            emit_line({"url": url, "home": str(home)})
        else:
            typer.echo(f"Open {url}  (Ctrl-C stops)")
        listen(bogam, host, port, [host, *(name or [])])


commands = (serve,)

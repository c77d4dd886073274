"""Serves the application that `bogam serve` serves, on a ward of its own, for foreign clients to test.

    python tests/conformance/serve.py PORT [--fixture]

The suite sends no token, so a layer in front puts one on requests to /mcp that have none: all that is behind it, the
guard too, is Bogam's own. With --fixture the door also has what the suite calls by fixed names (see fixture.py).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).parent))

from fixture import extend

from bogam.access.identity import Purpose, Role
from bogam.app import Bogam
from bogam.doors.mcp.http import PATH
from bogam.doors.web.app import create
from bogam.synthetic import ward


class WithToken:
    """Puts a bearer token on requests to /mcp that have none."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._header = (b"authorization", f"Bearer {token}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PATH):
            names = {name for name, _ in scope["headers"]}
            scope["headers"] = [*scope["headers"], *([] if b"authorization" in names else [self._header])]
        await self._app(scope, receive, send)


def main(port: int, fixture: bool) -> None:
    """Serve until interrupted."""
    with tempfile.TemporaryDirectory() as folder:
        bogam = Bogam(Path(folder))
        for bundle in ward(patients=3).bundles:
            bogam.load(bundle)
        who = bogam.users.add("lee", "Lee", Role.physician, "a long passphrase")
        token = bogam.users.tokens.create(who, name="conformance", purpose=Purpose.treatment, days=1)
        app = create(bogam)
        if fixture:
            extend(app.state.mcp.endpoints[PATH].door)
        uvicorn.run(WithToken(app, token), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), "--fixture" in sys.argv)

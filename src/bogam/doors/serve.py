"""Listening: web, REST and FHIR on one port."""

from __future__ import annotations

import gc
import os
import socket
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bogam.app import Bogam


class PortTaken(Exception):
    """An address that cannot be listened on; the message names the option that changes it."""


def ensure_free(host: str, port: int) -> None:
    """Raise `PortTaken` when ``port`` cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise PortTaken(
            f"Cannot listen on {host} port {port} ({why}): stop what listens there, or choose another with --port."
        ) from None


def serve(bogam: Bogam, host: str, port: int, hosts: Iterable[str] = ()) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    hosts
        Names, besides those of loopback, by which people open it.

    Raises
    ------
    PortTaken
        When the port is in use.
    """
    ensure_free(host, port)
    import uvicorn

    from bogam.doors.web.app import LOOPBACK, create

    app = create(bogam, hosts=[*LOOPBACK, *hosts])
    # What is loaded by now stays: the collector need not search it again during each request.
    gc.collect()
    gc.freeze()
    # A client of /mcp may hold a stream open: stopping does not wait for it.
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=5)

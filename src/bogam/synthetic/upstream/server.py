"""A local HTTP server that answers as a simulator says, and breaks when it is told to."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

Fault = Literal["timeout", "reset", "429", "500", "html", "half", "skew"]
FAULTS: Final[tuple[Fault, ...]] = ("timeout", "reset", "429", "500", "html", "half", "skew")
_SKEW_S: Final = 3 * 86_400


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the path decoded, the query's values in order, the body."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. A body that is no bytes is sent as JSON."""

    body: Any = b""
    status: int = 200
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


Simulator = Callable[[Asked], Reply]


class Upstream:
    """Serves a simulator on a loopback port: a context manager.

    Parameters
    ----------
    simulator
        Answers requests.
    hang_s
        How long the fault ``timeout`` keeps a request waiting; more than the client's patience.

    Notes
    -----
    ``requests`` lists what was asked. `break_at` makes every request from the n-th on fail (0 is the first), so that
    retries fail as well; with ``times`` only so many fail, and a retry succeeds.
    """

    def __init__(self, simulator: Simulator, hang_s: float = 1.0) -> None:
        self.requests: list[Asked] = []
        self._simulator, self._hang_s = simulator, hang_s
        self._fault: Fault | None = None
        self._from, self._times, self._seen = 0, -1, 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        handler = type("Handler", (_Handler,), {"upstream": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Upstream:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def break_at(self, step: int, fault: Fault, times: int = -1) -> None:
        """Fail from request ``step`` on; ``times`` -1 means for good. Forgets what was asked before."""
        with self._lock:
            self._fault, self._from, self._times, self._seen = fault, step, times, 0
            self.requests.clear()

    def mend(self) -> None:
        """Break no more."""
        with self._lock:
            self._fault, self._seen = None, 0
            self.requests.clear()

    def take(self, asked: Asked) -> tuple[Reply, Fault | None]:
        """Note a request, and return its answer and what goes wrong with it."""
        with self._lock:
            self.requests.append(asked)
            at, self._seen = self._seen, self._seen + 1
            broken = self._fault is not None and at >= self._from and (self._times < 0 or at < self._from + self._times)
            fault = self._fault if broken else None
        return self._simulator(asked), fault

    def hang(self) -> None:
        self._stopped.wait(self._hang_s)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone: it stopped reading because of a fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    upstream: Upstream
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Header and body go out in two writes; the second would wait 40 ms for the client."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length", "0"))
        asked = Asked(
            self.command,
            unquote(parts.path),
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        reply, fault = self.upstream.take(asked)
        if fault == "timeout":
            self.upstream.hang()
            fault = "reset"
        if fault == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()
            return
        if fault == "429":
            reply = Reply({"error": "too many requests"}, 429, headers={"Retry-After": "1"})
        elif fault == "500":
            reply = Reply(b"Internal Server Error", 500, "text/plain")
        elif fault == "html":
            reply = Reply(b"<!DOCTYPE html><html><body>Scheduled maintenance</body></html>", 200, "text/html")
        self._send(reply, half=fault == "half", date=time.time() - (_SKEW_S if fault == "skew" else 0))

    def _send(self, reply: Reply, *, half: bool, date: float) -> None:
        body = reply.bytes()
        self.send_response_only(reply.status)
        self.send_header("Date", formatdate(date, usegmt=True))
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self.close_connection = True

    do_GET = _serve  # noqa: N815
    do_POST = _serve  # noqa: N815

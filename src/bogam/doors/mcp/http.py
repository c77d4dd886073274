"""/mcp on the server: streamable HTTP, guarded as an OAuth 2.1 resource server (RFC 6750, RFC 8707, RFC 9728)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, cast
from urllib.parse import urlsplit

import orjson
from anyio import to_thread
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from bogam.access.identity import Actor, Purpose
from bogam.app import Bogam
from bogam.doors.mcp import documents, issuer, own
from bogam.doors.mcp.asker import Asker, ScopeMissing
from bogam.doors.mcp.scopes import SUPPORTED
from bogam.doors.mcp.server import ASKING, Door

PATH: Final = "/mcp"
COMPACT: Final = "/mcp/compact"
METADATA: Final = "/.well-known/oauth-protected-resource"
LARGEST: Final = 4 << 20
_SESSIONS: Final = 1_000
ActorOf = Callable[[Request], tuple[Actor, Purpose]]


class Endpoint:
    """One address of the door: an ASGI application that lets a request through to the SDK's session manager.

    Parameters
    ----------
    guard
        Tells who asks, or refuses.
    """

    def __init__(self, door: Door, guard: Guard, security: TransportSecuritySettings) -> None:
        self.door = door
        self._guard = guard
        self._security = security
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Hold the sessions of clients while the server runs."""
        self._manager = StreamableHTTPSessionManager(
            self.door.lowlevel, security_settings=self._security, max_request_body_size=LARGEST, max_sessions=_SESSIONS
        )
        async with self._manager.run():
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self._manager is None:
            await JSONResponse({"detail": "This door is not open yet; try again."}, 503)(scope, receive, send)
            return
        try:
            asker, client = await to_thread.run_sync(self._guard.asker, request)
            if request.method == "POST":
                body = await _body(request)
                if asker.scopes is not None:
                    await to_thread.run_sync(self._check, asker, body)
                receive = _again(body, receive)
        except _Answer as answer:
            await answer.response(scope, receive, send)
            return
        except ScopeMissing as error:
            await self._guard.insufficient(request, error)(scope, receive, send)
            return
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=client, scopes=[], subject=asker.actor.id))
        reset = ASKING.set(asker)
        try:
            await self._manager.handle_request(scope, receive, send)
        finally:
            ASKING.reset(reset)

    def _check(self, asker: Asker, body: bytes) -> None:
        """Refuse a call that the scopes do not cover, as OAuth has it: with 403. The tool itself refuses it as well."""
        try:
            message = orjson.loads(body)
        except orjson.JSONDecodeError:
            return  # the SDK answers this
        params: Any = cast("dict[str, Any]", message).get("params") if isinstance(message, dict) else None
        if not isinstance(params, dict):
            return
        asked = cast("dict[str, Any]", params)
        method: Any = cast("dict[str, Any]", message).get("method")
        arguments: Any = asked.get("arguments") or {}
        if method == "tools/call" and isinstance(arguments, dict):
            self.door.confine(asker, str(asked.get("name", "")), cast("dict[str, Any]", arguments))
        elif method == "resources/read" and str(asked.get("uri", "")).startswith(documents.DRAFTS):
            documents.confine(self.door.bogam, asker, str(asked["uri"]))


class Guard:
    """Tells who sent a request to this door.

    Parameters
    ----------
    actor_of
        Knows Bogam's own tokens and sessions, as for REST.
    """

    def __init__(self, bogam: Bogam, actor_of: ActorOf) -> None:
        self._bogam = bogam
        self._actor_of = actor_of
        setting = issuer.configured(bogam.home)
        self._issuer = issuer.Issuer(setting, bogam.users) if setting else None

    def asker(self, request: Request) -> tuple[Asker, str]:
        """Return who asks, and a name for the credential: a session is open to the one that began it alone."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        try:
            granted = self._granted(secret.strip()) if scheme.lower() == "bearer" and secret.count(".") == 2 else None
            if granted is not None:
                asker, held = Asker(granted.actor, granted.purpose, granted.scopes), granted.scopes
                return asker, f"{granted.client} {held.patient} {sorted(held.granted)} {sorted(held.own)}"
            actor, purpose = self._actor_of(request)
        except issuer.TokenInvalid as error:
            raise _Answer(self._refused(request, 401, "invalid_token", f"This token is not valid: {error}")) from error
        except issuer.NoAccount as error:
            raise _Answer(self._refused(request, 403, "access_denied", str(error))) from error
        except issuer.KeysAway as error:
            raise _Answer(JSONResponse({"detail": str(error)}, 503, {"Retry-After": "60"})) from error
        except HTTPException as error:
            if error.status_code != 401:
                raise _Answer(JSONResponse({"detail": error.detail}, error.status_code)) from error
            kind = "invalid_token" if scheme else ""
            raise _Answer(self._refused(request, 401, kind, str(error.detail))) from error
        return Asker(actor, purpose), f"bogam {purpose}"

    def _granted(self, token: str) -> issuer.Granted | None:
        """Return what a JSON Web Token grants; None where nobody is configured who could have made it."""
        if own.is_own(token):
            return own.verify(self._bogam.home, self._bogam.users, token)
        return self._issuer.verify(token) if self._issuer is not None else None

    def insufficient(self, request: Request, error: ScopeMissing) -> Response:
        """Say which scopes a request needs (RFC 6750, 3.1)."""
        return self._refused(request, 403, "insufficient_scope", str(error), error.scopes)

    def metadata(self, request: Request) -> Response:
        """Tell clients whose tokens this server takes (RFC 9728)."""
        told: dict[str, Any] = {
            "resource": self._resource(request),
            "resource_name": "Bogam",
            "scopes_supported": list(SUPPORTED),
            "bearer_methods_supported": ["header"],
        }
        if self._issuer is not None:
            told["authorization_servers"] = [self._issuer.setting.issuer]
        return JSONResponse(told, headers={"Access-Control-Allow-Origin": "*"})

    def _resource(self, request: Request) -> str:
        """This server's address: as tokens name it, else as it was asked."""
        if self._issuer is not None:
            return self._issuer.setting.audience
        return f"{str(request.base_url).rstrip('/')}{PATH}"

    def _about(self, request: Request) -> str:
        """Where the metadata of that address stands (RFC 9728, 3.1)."""
        parts = urlsplit(self._resource(request))
        return f"{parts.scheme}://{parts.netloc}{METADATA}{parts.path}"

    def _refused(
        self, request: Request, status: int, kind: str, why: str, scopes: Sequence[str] = SUPPORTED
    ) -> Response:
        parts = [f'error="{kind}"', f'error_description="{_quotable(why)}"'] if kind else ['realm="bogam"']
        parts += [f'scope="{" ".join(scopes)}"', f'resource_metadata="{self._about(request)}"']
        headers = {"WWW-Authenticate": f"Bearer {', '.join(parts)}"}
        return JSONResponse({"error": kind or "unauthorized", "error_description": why}, status, headers)


class _Answer(Exception):
    """A request that is answered here."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Mounted:
    """The door on the server: its routes, and what must run while the server does."""

    def __init__(self, bogam: Bogam, actor_of: ActorOf, hosts: Iterable[str]) -> None:
        guard = Guard(bogam, actor_of)
        security = _security(tuple(hosts))
        self.endpoints = {
            PATH: Endpoint(Door(bogam, ASKING.get), guard, security),
            COMPACT: Endpoint(Door(bogam, ASKING.get, few=True), guard, security),
        }
        told = [Route(path, guard.metadata) for path in (METADATA, METADATA + PATH, METADATA + COMPACT)]
        self.routes = [*told, *(Route(path, endpoint) for path, endpoint in self.endpoints.items())]

    @asynccontextmanager
    async def lifespan(self, _: Any) -> AsyncGenerator[None]:
        """Hold the sessions of both addresses while the server runs."""
        async with AsyncExitStack() as stack:
            for endpoint in self.endpoints.values():
                await stack.enter_async_context(endpoint.running())
            yield


def _security(hosts: tuple[str, ...]) -> TransportSecuritySettings:
    """Only the names that the server was started for, as Host and as Origin, on any port."""
    names = [place for host in hosts for place in (host, f"{host}:*")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=names,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in names],
    )


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise _Answer(JSONResponse({"detail": f"A message has at most {LARGEST:,} bytes."}, 413))
        parts.append(part)
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the body once more, and then waits as the first does."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _quotable(text: str) -> str:
    """Return text as a quoted string of a header may hold it (RFC 6750: printable ASCII without quotes)."""
    return "".join(each if " " <= each <= "~" and each not in '"\\' else "'" for each in text)[:300]

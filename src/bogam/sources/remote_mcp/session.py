"""One conversation with a remote MCP server, through the official SDK's client and the gate."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, cast

import anyio
import httpx2
from mcp import Client, MCPError
from mcp.client.auth import OAuthFlowError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from mcp_types import CallToolResult, Implementation
from pydantic import ValidationError

from bogam.sources.answer import BadQuery, Closed, SourceError, Upstream
from bogam.sources.outside.async_gate import AsyncGate, gated
from bogam.sources.remote_mcp.configured import Configured
from bogam.sources.remote_mcp.tools import Definition, definition
from bogam.sources.remote_mcp.untrusted import plain

_LARGEST: Final = 8 << 20
_PAGES: Final = 20
_ME: Final = Implementation(name="bogam", version="1")
_FAILS: Final = (
    MCPError, OAuthFlowError, httpx2.HTTPError, httpx2.StreamError, OSError, TimeoutError, ValidationError,
    RuntimeError, ValueError, SourceError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream,
)  # fmt: skip


class Session:
    """Speaks with one server. A connection is made for each question and closed after it.

    ``server`` is the name and version that the server gives itself, ``said`` the time that it says it is.
    """

    def __init__(self, configured: Configured, timeout_s: float) -> None:
        self._configured = configured
        self._timeout_s = timeout_s
        self._gate: AsyncGate | None = None
        self.server = ""
        self.left_out = 0
        """How many tools cannot be offered: their names or descriptions are not what they may be."""

    @property
    def said(self) -> float | None:
        return self._gate.said if self._gate else None

    def tools(self) -> list[Definition]:
        """Return the tools that the server offers. Raises `Upstream`."""
        return self._run(self._listed)

    def call(self, tool: str, arguments: dict[str, Any], choose: Callable[[list[Definition]], Definition]) -> Any:
        """Call a tool as it is described in this same conversation.

        Parameters
        ----------
        choose
            Returns the tool among those offered, or raises why it may not be called.

        Raises
        ------
        Upstream
            When the server fails, or the tool says that it did.
        """

        async def call(client: Client) -> CallToolResult:
            chosen = choose(await self._listed(client))

            async def promised(name: str, result: CallToolResult) -> None:
                chosen.check_output(result.structured_content)

            client.session.validate_tool_result = promised
            return await client.call_tool(tool, arguments)

        return self._run(call)

    def _run(self, work: Callable[[Client], Any]) -> Any:
        """Run a conversation in a thread of its own, so that it does not matter who waits for it."""

        async def talk() -> Any:
            with anyio.fail_after(self._timeout_s * 4):
                async with self._connected() as client:
                    info = client.server_info
                    self.server = plain(f"{info.name} {info.version}".strip(), 120) if info else ""
                    return await work(client)

        with ThreadPoolExecutor(1) as alone:
            try:
                return alone.submit(anyio.run, talk).result()
            except (*_FAILS, ExceptionGroup) as error:
                raise self._failure(error) from error

    async def _listed(self, client: Client) -> list[Definition]:
        found: dict[str, Definition] = {}
        cursor: str | None = None
        for _ in range(_PAGES):
            page = await client.list_tools(cursor=cursor, cache_mode="bypass")
            for tool in page.tools:
                made = definition(tool.model_dump(mode="json", by_alias=True, exclude_none=True))
                if made is None:
                    self.left_out += 1
                elif made.name in found:
                    raise Upstream(f"{self._configured.name} offers two tools named {made.name}.")
                else:
                    found[made.name] = made
            cursor = page.next_cursor
            if cursor is None:
                return list(found.values())
        raise Upstream(f"{self._configured.name} lists tools without end.")

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Client]:
        with open(os.devnull, "w") as nowhere:  # what a server writes to its log is its own affair
            if self._configured.command:
                transport = stdio_client(self._command(), errlog=nowhere)
                async with Client(transport, client_info=_ME, read_timeout_seconds=self._timeout_s) as client:
                    yield client
                return
        async with (
            self._http() as http,
            Client(
                streamable_http_client(self._configured.url, http_client=http, max_sse_event_size=_LARGEST),
                client_info=_ME,
                read_timeout_seconds=self._timeout_s,
            ) as client,
        ):
            yield client

    def _command(self) -> StdioServerParameters:
        program, *rest = self._configured.command
        found = shutil.which(program)
        if found is None:
            raise BadQuery(f"config.toml: sources.{self._configured.name}.command: there is no program {program}.")
        return StdioServerParameters(
            command=found, args=rest, env=dict(self._configured.environment), cwd=Path(found).parent
        )

    def _http(self) -> httpx2.AsyncClient:
        asked = self._configured
        bases = [asked.url, *([asked.oauth.issuer] if asked.oauth else [])]
        self._gate = gated(bases, asked.proxy, _LARGEST)
        headers = {"User-Agent": "bogam (on-premises clinical platform)", "Accept-Encoding": "identity"}
        if asked.token:
            headers["Authorization"] = f"Bearer {asked.token}"
        return httpx2.AsyncClient(
            transport=self._gate,
            timeout=httpx2.Timeout(self._timeout_s),
            headers=headers,
            auth=_credentials(asked),
            trust_env=False,
        )

    def _failure(self, error: BaseException) -> SourceError:
        """Say what went wrong. What nobody foresaw is raised as it is."""
        leaves = list(_leaves(error))
        for leaf in leaves:
            if not isinstance(leaf, _FAILS):
                raise leaf
        name, status = self._configured.name, self._gate.refused if self._gate else 0
        mine = next((each for each in leaves if isinstance(each, SourceError)), None)
        if isinstance(mine, Closed):
            return Upstream(f"{name} sent us elsewhere, which is not allowed: {mine}")
        if mine is not None:
            return mine
        if status in (401, 403):
            return Upstream(f"{name} refused access (status {status}). Check its token in config.toml.")
        if status:
            return Upstream(f"{name} answered with status {status}. Try again later.")
        if any(isinstance(each, TimeoutError | httpx2.TimeoutException) for each in leaves):
            return Upstream(f"{name} did not answer in time.")
        told = plain(str(leaves[0]), 200) or type(leaves[0]).__name__
        if isinstance(leaves[0], MCPError):
            return Upstream(f"{name} reported an error: {told}")
        return Upstream(f"{name} cannot be reached or broke off ({told}).")


class _Tokens:
    """Tokens for as long as this process runs."""

    def __init__(self) -> None:
        self._tokens: OAuthToken | None = None
        self._client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self._tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self._tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self._client = client_info


_TOKENS: Final[dict[tuple[str, str, str], _Tokens]] = {}


def _credentials(asked: Configured) -> httpx2.Auth | None:
    if asked.oauth is None:
        return None
    return ClientCredentialsOAuthProvider(
        asked.url,
        _TOKENS.setdefault((asked.url, asked.oauth.issuer, asked.oauth.client_id), _Tokens()),
        asked.oauth.client_id,
        asked.oauth.client_secret,
        scope=asked.oauth.scope or None,
        issuer=asked.oauth.issuer,
    )


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in cast(BaseExceptionGroup[BaseException], error).exceptions:
            yield from _leaves(each)
    else:
        yield error

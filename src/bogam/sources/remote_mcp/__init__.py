"""Any remote MCP server as a source: Medidata, Owkin, ToolUniverse, a hospital's own tools.

A server is configured, not installed (see `configured`). Only tools that a person allowed can be called, and only while
the server describes them as it did when they were allowed. What a server says is data: bounded, shown, never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import orjson
from pydantic import BeforeValidator, Field

from bogam.sources import settings
from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import start_of
from bogam.sources.outside.http import SKEW_S
from bogam.sources.remote_mcp.configured import Configured, read
from bogam.sources.remote_mcp.untrusted import plain, plain_json
from bogam.sources.source import Lookup, Query, Source

if TYPE_CHECKING:
    from bogam.sources.remote_mcp.tools import Definition

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
_TEXT: Final = 200_000
"""Code points of text, and bytes of structured content, that an answer may have."""
_PARTS: Final = 200
_ASKED: Final = 100_000
"""Bytes of the arguments that a tool may be given."""


def _object(given: Any) -> Any:
    """Read arguments that are written as JSON, as on the command line."""
    try:
        if len(given if isinstance(given, str) else orjson.dumps(given)) > _ASKED:
            raise ValueError(f"arguments have more than {_ASKED:,} bytes")
    except TypeError as error:
        raise ValueError(f"arguments must be JSON ({error})") from error
    if not isinstance(given, str):
        return given
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError as error:
        raise ValueError(f'arguments must be a JSON object such as {{"query": "..."}} ({error})') from error


class Search(Query):
    """A search among the server's tools that were allowed here."""

    unallowed: bool = Field(False, description="Also tools that nobody has allowed, or that changed since")


class Get(Lookup):
    """A tool's description; with arguments, a call of the tool."""

    id: str = Field(min_length=1, max_length=128, description="The tool's name")
    arguments: Annotated[dict[str, Any] | None, BeforeValidator(_object)] = Field(
        None, description="Arguments (a JSON object) to call the tool with; without them it is only described"
    )


class Remote:
    """The backend: one conversation with the server."""

    def __init__(self, configured: Configured, timeout_s: float, clock: Callable[[], float]) -> None:
        from bogam.sources.remote_mcp.session import Session  # the SDK takes long to import, and few need it

        self._configured, self._clock = configured, clock
        self._session = Session(configured, timeout_s)
        self.first_url = configured.url
        self.oldest: float | None = None
        self.cached = False

    @property
    def doubt(self) -> str:
        """Why the time of the answer cannot be relied on."""
        said = self._session.said
        if said is None or abs(self._clock() - said) <= SKEW_S:
            return ""
        return f"The clocks of this machine and of {self._configured.name} differ. Set this machine's clock."

    def commit(self) -> None:
        """Keep nothing: what a tool answers may differ every time."""

    def search(self, request: Search) -> Result:
        words = request.text.casefold().split()
        found = [
            tool
            for tool in sorted(self._session.tools(), key=lambda each: each.name)
            if (request.unallowed or self._state(tool) == "allowed")
            and all(word in f"{tool.name} {tool.title} {tool.description}".casefold() for word in words)
        ]
        start = start_of(request.next)
        page = found[start : start + request.limit]
        end = start + len(page)
        left = self._session.left_out
        note = (
            f"{left} tools of this server are not offered: their names or descriptions are not right." if left else ""
        )
        items = tuple(map(self.described, page))
        return Result(items, len(found), str(end) if end < len(found) else "", version=self._session.server, note=note)

    def get(self, request: Get) -> Result:
        if request.arguments is None:
            tool = self._known(self._session.tools(), request.id)
            return Result((self.described(tool),), 1, version=self._session.server)
        arguments = request.arguments

        def choose(tools: list[Definition]) -> Definition:
            tool = self._known(tools, request.id)
            self._permit(tool)
            tool.check(arguments)
            return tool

        answer = self._session.call(request.id, arguments, choose)
        return self._answered(request.id, arguments, answer)

    def definition(self, tool: str) -> Definition:
        """Return a tool as the server describes it now. Raises `UnknownId`, `Upstream`."""
        return self._known(self._session.tools(), tool)

    def _known(self, tools: list[Definition], name: str) -> Definition:
        for tool in tools:
            if tool.name == name:
                return tool
        raise UnknownId(f'{self._configured.name} offers no tool "{plain(name, 60)}".')

    def _state(self, tool: Definition) -> str:
        if tool.name not in self._configured.tools:
            return "not allowed"
        return "allowed" if self._configured.pinned.get(tool.name) == tool.digest else "changed"

    def _permit(self, tool: Definition) -> None:
        state, name = self._state(tool), self._configured.name
        if state == "allowed":
            return
        why = ("is not allowed here", "여기에서 허용하지 않은 도구입니다")
        if state == "changed":
            why = ("is described otherwise than when it was allowed", "허용한 뒤에 서버의 설명이 바뀌었습니다")
        allow = f"`bogam source allow {name} {tool.name}`"
        raise BadQuery(
            f"{tool.name} of {name} {why[0]}: read its description, then {allow}.",
            ko=f"{name}의 {tool.name}: {why[1]}. 설명을 읽고 허용하십시오: {allow}",
        )

    def described(self, tool: Definition) -> Item:
        """Return a tool as an item."""
        fields = {"kind": "tool", "permission": self._state(tool), **tool.shown()}
        return Item(self._configured.name, tool.name, tool.title, "", tool.digest[7:19], fields)

    def _answered(self, tool: str, arguments: dict[str, Any], answer: Any) -> Result:
        parts, cut = _content(answer.content)
        if answer.is_error:
            said = " ".join(part["text"] for part in parts if part["type"] == "text")
            raise Upstream(
                f"{tool} of {self._configured.name} reports an error: {plain(said, 300) or 'no reason given'}"
            )
        structured = answer.structured_content
        if structured is not None and len(orjson.dumps(structured)) > _TEXT:
            structured, cut = None, True
        if not parts and structured is None and not cut:
            return Result(version=self._session.server)
        digest = sha256(orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
        fields = {
            "kind": "result",
            "tool": tool,
            "arguments": arguments,
            "content": parts,
            "structured": plain_json(structured, _TEXT),
        }
        first = next((part["text"] for part in parts if part["type"] == "text"), "")
        title = f"{tool}: {plain(' '.join(first.split()), 120)}" if first else tool
        item = Item(self._configured.name, f"{tool}#{digest}", title, "", "", fields)
        told = f"The answer of {tool} was cut at {_TEXT:,} characters: ask it for less." if cut else ""
        return Result((item,), 1, cut=told, version=self._session.server)


def _content(blocks: list[Any]) -> tuple[list[dict[str, Any]], bool]:
    """Return the parts of an answer, texts plain and bounded, of all else what it is; and whether it was cut."""
    parts: list[dict[str, Any]] = []
    left, cut = _TEXT, len(blocks) > _PARTS
    for block in blocks[:_PARTS]:
        given: dict[str, Any] = block.model_dump(mode="json", by_alias=True, exclude_none=True)
        held: dict[str, Any] = given.get("resource", {})
        text = given.get("text", held.get("text"))
        if isinstance(text, str):
            cut = cut or len(text) > left
            shown = plain(text, left) if left > 0 else ""
            left -= len(shown)
            if shown:
                parts.append({"type": "text", "text": shown})
        else:
            about = {name: given[name] for name in ("type", "mimeType", "uri", "name") if name in given}
            parts.append({**plain_json(about, 500), "size": len(str(given.get("data", "")))})
    return parts, cut


class RemoteMcp(Source):
    """One configured server. `remotes` makes the class of each, with its name."""

    publisher = "The operator of the server"
    licence = "As the operator of the server says"
    licence_ko = "서버 운영자가 정한 조건"
    home = ""
    Search = Search
    Get = Get

    def speaks(self, setting: settings.Setting, timeout_s: float, clock: Callable[[], float]) -> Remote:
        configured = read(self.name, setting)
        return Remote(configured, configured.timeout_s or timeout_s, clock)


def remotes(home: Path) -> Mapping[str, Source]:
    """Return the remote servers that the home folder's ``config.toml`` names; none where it cannot be read."""
    place = home / "config.toml"
    try:
        about = place.stat()
    except OSError:
        return {}
    return _remotes(home, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=32)
def _remotes(home: Path, changed: int, size: int) -> Mapping[str, Source]:
    try:
        tables = settings.tables(home)
    except settings.SettingsError:
        return {}  # whoever asks a source is told
    return {
        name: _source(name, table)
        for name, table in tables.items()
        if ("mcp" in table or "command" in table) and _NAME.fullmatch(name)
    }


def _source(name: str, table: Mapping[str, Any]) -> Source:
    title, place = table.get("title"), cast(Any, table.get("mcp") or table.get("command"))
    members = {
        "name": name,
        "title": plain(title, 80) if isinstance(title, str) else name,
        "holds": (f"Tools of the remote MCP server {name}.", f"원격 MCP 서버 {name}의 도구."),
        "base": place if isinstance(place, str) else " ".join(map(str, place)),
    }
    made: type[RemoteMcp] = type("RemoteMcp", (RemoteMcp,), members)
    return made()

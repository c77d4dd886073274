"""What ``config.toml`` says of a remote MCP server.

::

    [sources.medidata]
    enabled = true
    mcp = "https://mcp.medidata.example/mcp"        # or command = ["/opt/tools/bin/serve", "--stdio"]
    token_file = "/etc/bogam/medidata.token"        # or oauth = { issuer, client_id, client_secret_file, scope }
    tools = ["search_trials"]                       # `bogam source allow medidata search_trials` writes it,
    pinned = { search_trials = "sha256:..." }       # and the description that was allowed

"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from bogam.sources.settings import Setting, SettingsError

_READ: Final = frozenset(
    {"mcp", "command", "environment", "tools", "pinned", "token_file", "oauth", "timeout_s", "title"}
)


@dataclass(frozen=True, slots=True)
class OAuth:
    """Client credentials (RFC 6749, 4.4), sent to ``issuer`` alone."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Configured:
    """A remote server: how it is reached, and what of it may be used. Either ``url`` or ``command`` is given."""

    name: str
    url: str = ""
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    tools: tuple[str, ...] = ()
    pinned: Mapping[str, str] = field(default_factory=dict[str, str])
    token: str = field(default="", repr=False)
    oauth: OAuth | None = None
    proxy: str = ""
    timeout_s: float = 0.0
    """Seconds that one response may take; 0 where it is not said."""

    @property
    def place(self) -> str:
        """Where it is, to be shown."""
        return self.url or " ".join(self.command)


def read(name: str, setting: Setting) -> Configured:
    """Read the table of a remote server.

    Raises
    ------
    SettingsError
        When it is not one that can be used, naming the value.
    """
    more = setting.more
    strange = sorted(set(more) - _READ)
    if strange:
        raise _wrong(name, strange[0], "is not read for a remote MCP server")
    url, command = _text(name, more, "mcp"), _texts(name, more, "command")
    if bool(url) == bool(command):
        raise _wrong(name, "mcp", "or command must be given, and not both")
    url = setting.base.rstrip("/") + url if url.startswith("/") else url
    if url and not url.startswith(("https://", "http://")):
        raise _wrong(name, "mcp", "must begin with https:// or http://")
    timeout = more.get("timeout_s", 0)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 <= timeout <= 600:
        raise _wrong(name, "timeout_s", "must be seconds, at most 600")
    token_file = _text(name, more, "token_file")
    return Configured(
        name,
        url,
        tuple(command),
        _table(name, more, "environment"),
        tuple(_texts(name, more, "tools")),
        _table(name, more, "pinned"),
        _secret(name, "token_file", token_file) if token_file else setting.key,
        _oauth(name, more),
        setting.proxy,
        float(timeout),
    )


def _oauth(name: str, more: Mapping[str, Any]) -> OAuth | None:
    table = _table(name, more, "oauth")
    if not table:
        return None
    strange = sorted(set(table) - {"issuer", "client_id", "client_secret_file", "scope"})
    missing = [key for key in ("issuer", "client_id", "client_secret_file") if not table.get(key)]
    if strange or missing:
        raise _wrong(name, f"oauth.{(strange or missing)[0]}", "is not read" if strange else "is missing")
    secret = _secret(name, "oauth.client_secret_file", table["client_secret_file"])
    return OAuth(table["issuer"], table["client_id"], secret, table.get("scope", ""))


def _secret(name: str, key: str, place: str) -> str:
    try:
        found = Path(place).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(name, key, f"cannot be read: {error}") from error
    if not found or not found.isascii() or not found.isprintable():
        raise _wrong(name, key, "holds no secret of one line")
    return found


def _text(name: str, more: Mapping[str, Any], key: str) -> str:
    found = more.get(key, "")
    if not isinstance(found, str):
        raise _wrong(name, key, "must be text in quotation marks")
    return found


def _texts(name: str, more: Mapping[str, Any], key: str) -> list[str]:
    found = more.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in cast(list[Any], found)):
        raise _wrong(name, key, "must be a list of texts")
    return cast(list[str], found)


def _table(name: str, more: Mapping[str, Any], key: str) -> dict[str, str]:
    found = more.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in cast(dict[str, Any], found).values()):
        raise _wrong(name, key, "must be a table of texts")
    return cast(dict[str, str], found)


def _wrong(name: str, key: str, why: str) -> SettingsError:
    return SettingsError(f"config.toml: sources.{name}.{key} {why}.")

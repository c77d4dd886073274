"""What a hospital allows: the tables ``[sources.NAME]`` of the home folder's ``config.toml``.

::

    [sources]
    proxy = "http://proxy.hospital.example:3128"    # where the hospital has one

    [sources.pubmed]
    enabled = true                                  # `bogam source enable pubmed` writes it
    base = "https://eutils.ncbi.nlm.nih.gov"        # another address of the same interface
    key_file = "/etc/bogam/pubmed.key"              # or key = "..."

Without a table a source is off: nothing goes out.
"""

from __future__ import annotations

import os
import secrets
import threading
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bogam.sources.answer import BadQuery

_WRITING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Setting:
    """What is configured for one source. ``more`` is what the source itself reads, such as an MCP server's tools."""

    enabled: bool = False
    base: str = ""
    key: str = field(default="", repr=False)
    proxy: str = ""
    more: dict[str, Any] = field(default_factory=dict[str, Any])


class SettingsError(BadQuery):
    """A ``config.toml`` that cannot be read; it names the file and the place."""


def _tables(home: Path) -> dict[str, Any]:
    place = home / "config.toml"
    if not place.exists():
        return {}
    try:
        found = tomllib.loads(place.read_text(encoding="utf-8")).get("sources", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{place.name} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{place.name}: [sources] must be a table.")
    return cast(dict[str, Any], found)


def tables(home: Path) -> dict[str, dict[str, Any]]:
    """Return the tables of all sources that have one, as they are written. Raises `SettingsError`."""
    return {name: cast(dict[str, Any], table) for name, table in _tables(home).items() if isinstance(table, dict)}


def setting(home: Path, name: str) -> Setting:
    """Return what is configured for one source; a source without a table is off.

    Raises
    ------
    SettingsError
        When the file is no TOML, a value has the wrong type, or the key file cannot be read.
    """
    tables = _tables(home)
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"config.toml: sources.{name} must be a table.")
    return _setting(name, cast(dict[str, Any], table), tables.get("proxy", ""))


def _setting(name: str, table: dict[str, Any], proxy: Any) -> Setting:
    rest = dict(table)
    enabled, base, key, key_file = (rest.pop(each, "") for each in ("enabled", "base", "key", "key_file"))
    if not isinstance(enabled, bool | str) or enabled not in (True, False, ""):
        raise SettingsError(f"config.toml: sources.{name}.enabled must be true or false.")
    for label, value in (("base", base), ("key", key), ("key_file", key_file), ("proxy", proxy)):
        if not isinstance(value, str):
            raise SettingsError(f"config.toml: sources.{name}.{label} must be text in quotation marks.")
    if key_file:
        try:
            key = Path(key_file).expanduser().read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"config.toml: sources.{name}.key_file: {error}.") from error
    if not (key.isascii() and key.isprintable()):
        raise SettingsError(f"config.toml: the key of sources.{name} holds signs that no key has.")
    return Setting(enabled is True, base, key, proxy, rest)


def write(home: Path, name: str, **values: Any) -> None:
    """Write values into ``[sources.NAME]``; what else stands in the file stays, comments too. None removes a value.

    Raises
    ------
    SettingsError
        When the file is no TOML.
    """
    with _WRITING:
        _write(home / "config.toml", name, values)


def _write(place: Path, name: str, values: dict[str, Any]) -> None:
    try:
        document = tomlkit.parse(place.read_text("utf-8")) if place.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsError(f"{place.name} cannot be read: {error}.") from error
    whole = cast(dict[str, Any], document)
    if "sources" not in whole:
        whole["sources"] = tomlkit.table(is_super_table=True)
    if name not in whole["sources"]:
        whole["sources"][name] = tomlkit.table()
    table = whole["sources"][name]
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    fresh = place.with_name(f"{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(tomlkit.dumps(document))
    if place.exists():
        fresh.chmod(place.stat().st_mode & 0o777)
    os.replace(fresh, place)

"""Which sources there are and where each stands: allowed or not, mirrored or not."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bogam.sources import settings
from bogam.sources.answer import BadQuery, Item, SourceOff
from bogam.sources.mirrors import Imported, Mirror, MirrorState, Say
from bogam.sources.outside.gate import client
from bogam.sources.outside.kept import Kept
from bogam.sources.remote_mcp import Remote, RemoteMcp, remotes
from bogam.sources.settings import Setting
from bogam.sources.source import Source, sources

Way = Literal["auto", "live", "mirror"]
Where = Literal["built in", "enabled", "mirrored", "off"]


class NoSource(LookupError):
    """A source that is not installed; the message lists those that are."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """Where a source stands: what is allowed and what is mirrored. ``base`` is the address in use."""

    source: Source
    enabled: bool
    base: str
    keyed: bool
    mirror: MirrorState | None
    built_in: bool

    @property
    def ready(self) -> bool:
        """Whether it can be asked at all."""
        return self.enabled or self.built_in or self.mirror is not None

    @property
    def words(self) -> tuple[Where, ...]:
        """What it is, as words: ``built in``, ``enabled``, ``mirrored``; ``off`` for none of them."""
        found: tuple[tuple[Where, bool], ...] = (
            ("built in", self.built_in),
            ("enabled", self.enabled),
            ("mirrored", self.mirror is not None),
        )
        return tuple(word for word, holds in found if holds) or ("off",)


def told(state: SourceState) -> dict[str, Any]:
    """Return where a source stands as JSON values."""
    source, mirror = state.source, state.mirror
    return {
        "name": source.name,
        "title": source.title,
        "holds": source.holds[0],
        "holds_ko": source.holds[1],
        "publisher": source.publisher,
        "licence": source.licence,
        "home": source.home,
        "state": list(state.words),
        "base": state.base,
        "keyed": state.keyed,
        "mirror": asdict(mirror) if mirror else None,
    }


class Catalogue:
    """The sources of one home folder, without asking them.

    Parameters
    ----------
    home
        The home folder: ``config.toml`` says what is enabled, ``sources/`` holds mirrors and what is kept.
    known
        Sources by name; the installed ones by default.
    clock
        Seconds since the epoch.
    timeout_s
        Seconds that one request may take.
    """

    def __init__(
        self,
        home: Path,
        known: Mapping[str, Source] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        timeout_s: float = 20.0,
    ) -> None:
        self._home = home
        self._known = known
        self._clock, self._timeout_s = clock, timeout_s
        self.folder = home / "sources"
        self.kept = Kept(self.folder / "kept.sqlite")
        self._mirrors: dict[str, Mirror | None] = {}

    def names(self) -> list[str]:
        """Return the names of all sources."""
        return sorted(self._sources())

    def source(self, name: str) -> Source:
        """Return a source. Raises `NoSource`."""
        found = self._sources().get(name)
        if found is None:
            raise NoSource(f'No source "{name[:60]}". Known: {", ".join(self.names())}.')
        return found

    def state(self, name: str) -> SourceState:
        """Return where a source stands. Raises `NoSource`."""
        source, setting = self.source(name), self._setting(name)
        mirror = self.mirror(name)
        return SourceState(
            source,
            setting.enabled,
            setting.base or source.base,
            bool(setting.key),
            held(mirror),
            source.built_in() is not None,
        )

    def enable(self, name: str, *, base: str = "", key_file: Path | None = None) -> SourceState:
        """Allow connections to one source's host.

        Parameters
        ----------
        base
            Another address of the same interface; the publisher's by default. A key that was set for the address of
            before is dropped: it is not for another host.
        key_file
            A file that holds the key; its place is written down, never the key.

        Raises
        ------
        NoSource
            For a source that is not installed.
        BadQuery
            For one that has no live form, or a file that holds no key.
        Closed
            For a ``base`` that is no http(s) address.
        """
        source = self.source(name)
        if not (base or source.base or self._setting(name).base):
            raise BadQuery(f"{name} has no live form to enable.")
        values: dict[str, str | None] = {}
        if base:
            client(base).close()
            values["base"] = base
            if base != (self._setting(name).base or source.base):
                values |= {"key": None, "key_file": None}
        if key_file is not None:
            values["key_file"] = str(_key_file(key_file, self._home))
        settings.write(self._home, name, enabled=True, **values)
        return self.state(name)

    def forget(self, name: str) -> int:
        """Delete what was kept of a source's responses, and return how many there were. Raises `NoSource`."""
        return self.kept.forget(self.source(name).name)

    def disable(self, name: str) -> SourceState:
        """Allow no more connections to a source. Its mirror stays. Raises `NoSource`."""
        self.source(name)
        settings.write(self._home, name, enabled=False)
        return self.state(name)

    def allow(self, name: str, tool: str) -> Item:
        """Allow a tool of a remote MCP server, as the server describes it now, and return its description.

        Raises
        ------
        NoSource
            For a source that is not there.
        BadQuery
            For one that is no remote MCP server, or that is not enabled.
        UnknownId, Upstream
            When the server has no such tool, or fails.
        """
        remote, setting = self._remote(name)
        found = remote.definition(tool)
        kept = [each for each in setting.more.get("tools", []) if each != found.name]
        pinned = {**setting.more.get("pinned", {}), found.name: found.digest}
        settings.write(self._home, name, tools=[*kept, found.name], pinned=pinned)
        return self._remote(name)[0].described(found)

    def forbid(self, name: str, tool: str) -> None:
        """Allow a tool of a remote MCP server no more. Raises as `allow`; nothing is asked of the server."""
        _, setting = self._remote(name)
        if tool not in setting.more.get("tools", []):
            raise BadQuery(f"{tool[:60]} of {name} is not allowed anyway.")
        kept = [each for each in setting.more["tools"] if each != tool]
        pinned = {key: value for key, value in setting.more.get("pinned", {}).items() if key != tool}
        settings.write(self._home, name, tools=kept, pinned=pinned)

    def _remote(self, name: str) -> tuple[Remote, Setting]:
        source, setting = self.source(name), self._setting(name)
        if not isinstance(source, RemoteMcp):
            raise BadQuery(f"{name} is no remote MCP server: only their tools are allowed one by one.")
        if not setting.enabled:
            raise off(source, None, "live")
        return source.speaks(setting, self._timeout_s, self._clock), setting

    def mirror(self, name: str) -> Mirror | None:
        """Return the mirror of a source; None for a source that has no mirror form. Raises `NoSource`."""
        if name not in self._mirrors:
            self._mirrors[name] = self.source(name).mirror(self.folder)
        return self._mirrors[name]

    def load(
        self, name: str, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import a publisher's bulk files into the mirror of a source.

        Raises
        ------
        NoSource
            For a source that is not installed.
        BadQuery, BadFile
            For a source without a mirror form, or files that are not the publisher's.
        OlderRelease
            For files that would replace a newer release, unless ``older`` is given.
        """
        mirror = self.mirror(name)
        if mirror is None:
            raise BadQuery(f"{name} has no mirror form: its publisher offers no bulk files that Bogam reads.")
        with self._importing(name):
            done = mirror.load(paths, version=version, older=older, say=say)
        now = held(mirror)
        return replace(done, held=now.items) if now else done

    @contextmanager
    def _importing(self, name: str) -> Generator[None]:
        """Hold the right to import into one mirror: a lock of SQLite, which ends with the process that holds it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = sqlite3.connect(self.folder / f"{name}.lock", timeout=0)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise BadQuery(f"Another import of {name} is running. Wait until it has ended.") from error
        try:
            yield
        finally:
            lock.close()

    def _sources(self) -> Mapping[str, Source]:
        installed = self._known if self._known is not None else sources()
        configured = remotes(self._home)
        return {**configured, **installed} if configured else installed

    def _setting(self, name: str) -> Setting:
        return settings.setting(self._home, name)


def held(mirror: Mirror | None) -> MirrorState | None:
    """Return what a mirror holds; None also for one that cannot be read, which must be imported again."""
    try:
        return mirror.state() if mirror else None
    except sqlite3.DatabaseError:
        return None


def off(source: Source, mirror: Mirror | None, way: Way, *, enabled: bool = False) -> SourceOff:
    """Return why a source cannot be asked in this way, and what makes it answer."""
    name = source.name
    allow = f"`bogam source enable {name}`" if source.base and way != "mirror" else ""
    load = f"`bogam source import {name} FILE...`" if mirror is not None and way != "live" else ""
    ways = [f"{allow} allows {source.base}"] if allow else []
    ways_ko = [f"{allow} 명령은 {source.base} 접속을 허용합니다"] if allow else []
    if way == "live" and held(mirror) is not None:
        what, what_ko = "is not enabled here", "이(가) 켜져 있지 않습니다"
        ways.append("its mirror can be asked (`--way mirror`)")
        ways_ko.append("미러에는 물을 수 있습니다(`--way mirror`)")
    elif way == "mirror" and enabled:
        what, what_ko = "is not mirrored here", "의 미러가 없습니다"
        ways.append("it can be asked live (`--way live`)")
        ways_ko.append("실시간으로는 물을 수 있습니다(`--way live`)")
    else:
        what, what_ko = "is neither enabled nor mirrored here", "은(는) 켜져 있지도 않고 미러도 없습니다"
    if load:
        ways.append(f"{load} makes a mirror")
        ways_ko.append(f"{load} 명령은 미러를 만듭니다")
    return SourceOff(
        f"{source.title} {what}: {', or '.join(ways) or 'it has no other form'}.",
        ko=f"{source.title} {what_ko}: {', 또는 '.join(ways_ko) or '다른 형태가 없습니다'}.",
    )


def _key_file(path: Path, home: Path) -> Path:
    if path.expanduser().resolve().is_relative_to(home.resolve()):
        raise BadQuery(f"{path} stands in the home folder, whose keys are Bogam's own: keep the key elsewhere.")
    try:
        key = path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuery(f"{path} cannot be read as a key: {error}.") from error
    if not key or len(key) > 4096 or not key.isprintable() or " " in key:
        raise BadQuery(f"{path} holds no key: it must be one line without spaces.")
    return path.expanduser().resolve()

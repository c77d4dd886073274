"""A small source of the tests' own: islands, live over HTTP or from a mirror of lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bogam.sources.answer import Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror
from bogam.sources.outside.http import Http
from bogam.sources.source import Lookup, Query, Source
from bogam.synthetic.upstream.server import Asked, Reply

ISLANDS: list[dict[str, Any]] = [
    {"id": "jeju", "name": "Jeju 제주", "area": 1849, "sea": "Korea Strait", "seen": "2026-01-03"},
    {"id": "geoje", "name": "Geoje 거제", "area": 378, "sea": "Korea Strait", "seen": "2026-01-02"},
    {"id": "ulleung", "name": "Ulleung 울릉", "area": 73, "sea": "East Sea", "seen": "2026-01-01"},
]


class Search(Query):
    sea: Literal["", "Korea Strait", "East Sea"] = Field("", description="The sea it lies in")
    larger: float | None = Field(None, ge=0, description="Only larger ones, km²")
    also: list[str] = Field(default_factory=list, description="Further words; may be given more than once")
    inhabited: bool | None = Field(None, description="Only with or without people")


def item(row: dict[str, Any]) -> Item:
    try:
        fields = {key: row[key] for key in ("area", "sea")}
        return Item("atlas", row["id"], row["name"], f"https://atlas.example/{row['id']}", row["seen"], fields)
    except (KeyError, TypeError) as error:
        raise Upstream(f"An island came without {error}.") from error


@dataclass
class Live:
    http: Http

    def search(self, request: Search) -> Result:
        params = {"q": request.text, "sea": request.sea, "limit": request.limit, "from": request.next}
        found = self.http.get("/islands", params, key=self.http.key).object()
        if "error" in found:
            raise Upstream(f"The atlas said: {found['error']}.")
        return Result(tuple(map(item, found["islands"])), found["total"], found.get("next", ""))

    def get(self, request: Lookup) -> Result:
        reply = self.http.get(f"/islands/{request.id}", ok=(200, 404))
        if reply.status == 404:
            raise UnknownId(f'The atlas has no island "{request.id}".')
        return Result((item(reply.object()),), 1)


class AtlasMirror(SqliteMirror):
    files = "islands-*.jsonl from https://atlas.example/downloads"

    def __init__(self, folder: Path, *, incremental: bool = False) -> None:
        super().__init__("atlas", folder)
        self.incremental = incremental  # type: ignore[misc]

    def read(self, path: Path) -> Iterator[Entry]:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                place = f"line {number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    if number == 1:
                        raise BadFile(f"{path.name} is no list of islands.") from error
                    yield Entry(refused=f"no JSON: {error}", raw=line.decode("utf-8", "replace"), place=place)
                    continue
                if row.get("gone"):
                    yield Entry(deleted=row["id"], place=place, done=lines.tell())
                elif "name" not in row:
                    yield Entry(refused="has no name", raw=line.decode(), place=place, done=lines.tell())
                else:
                    keys = (("sea", row["sea"].lower()),)
                    made = item(row)
                    yield Entry(made, text=row["sea"], keys=keys, order=row["seen"], place=place, done=lines.tell())

    def filters(self, request: Search) -> list[tuple[str, str]]:
        return [("sea", request.sea.lower())] if request.sea else []


class Atlas(Source):
    name = "atlas"
    title = "Atlas of Islands"
    holds = ("Islands and their seas.", "섬과 바다.")
    publisher = "Atlas"
    licence = "CC0"
    home = "https://atlas.example"
    base = "https://api.atlas.example"
    per_second = 1000.0
    example = ("Jeju", "jeju")
    Search = Search

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> AtlasMirror:
        return AtlasMirror(folder)


@dataclass
class Server:
    """The interface of the atlas; ``say`` answers instead where it is set."""

    islands: list[dict[str, Any]] = field(default_factory=lambda: list(ISLANDS))
    say: Callable[[Asked], Reply | None] = lambda asked: None

    def __call__(self, asked: Asked) -> Reply:
        told = self.say(asked)
        if told is not None:
            return told
        if asked.path == "/islands":
            words = asked.one("q").lower().split()
            found = [each for each in self.islands if all(word in each["name"].lower() for word in words)]
            start, limit = int(asked.one("from", "0")), int(asked.one("limit", "10"))
            more = {"next": str(start + limit)} if start + limit < len(found) else {}
            return Reply({"total": len(found), "islands": found[start : start + limit], **more})
        wanted = asked.path.removeprefix("/islands/")
        row = next((each for each in self.islands if each["id"] == wanted), None)
        return Reply(row) if row else Reply({"error": "no such island"}, 404)


def write(path: Path, rows: Sequence[dict[str, Any] | str]) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path

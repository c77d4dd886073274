"""A hospital's formulary as a source of Bogam: live from its server, or from its exported CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from bogam.sources.answer import Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror
from bogam.sources.outside.http import Http
from bogam.sources.source import Lookup, Query, Source


class Search(Query):
    """What can be asked; each field becomes an option, a parameter and a blank on the page."""

    route: str = Field("", max_length=40, description="Route of administration")


def drug(row: dict[str, Any]) -> Item:
    """Make an item of a row, from the server or the file; a row that is not whole is never half an item."""
    try:
        fields = {"route": str(row["route"]), "restricted_to": str(row["restricted_to"])}
        return Item("formulary", str(row["code"]), str(row["name"]), version=str(row["revised"]), fields=fields)
    except KeyError as missing:
        raise Upstream(f"The formulary sent a drug without {missing}.") from missing


class Live:
    """Speaks through ``http`` alone, which keeps to one host, retries, waits, caches and knows how old an answer is."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        asked = {"q": request.text, "route": request.route, "limit": request.limit, "page": request.next}
        found = self._http.get("/drugs", asked).object()
        if "error" in found:  # told with status 200
            raise Upstream(f"The formulary said: {found['error']}")
        return Result(tuple(map(drug, found["drugs"])), found["total"], found.get("next_page", ""))

    def get(self, request: Lookup) -> Result:
        reply = self._http.get(f"/drugs/{request.id}", ok=(200, 404))
        if reply.status == 404:
            raise UnknownId(f'The formulary has no drug "{request.id}".')
        return Result((drug(reply.object()),), 1)


class Mirror(SqliteMirror):
    files: ClassVar[str] = "formulary.csv, as the pharmacy exports it."

    def read(self, path: Path) -> Iterator[Entry]:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if "code" not in (rows.fieldnames or ()):
                raise BadFile(f"{path.name} has no column code: it is no export of the formulary.")
            for row in rows:
                place = f"line {rows.line_num}"
                if not row["code"] or not row["name"] or None in row.values():
                    yield Entry(refused="has no code, no name or too few columns", raw=str(row), place=place)
                else:
                    yield Entry(drug(row), keys=(("route", row["route"].lower()),), order=row["revised"], place=place)

    def filters(self, request: Search) -> list[tuple[str, str]]:
        return [("route", request.route.lower())] if request.route else []


class Formulary(Source):
    name = "formulary"
    title = "Hospital formulary"
    holds = ("Drugs that the hospital stocks, and who may prescribe them.", "원내 의약품과 처방 제한.")
    publisher = licence = "The hospital"
    home = base = "https://formulary.hospital.example"
    Search = Search

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> Mirror:
        return Mirror(self.name, folder)


source = Formulary()

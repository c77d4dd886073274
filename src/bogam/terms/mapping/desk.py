"""The desk at which maps are made, reviewed and handed out. `bogam.app.Bogam.mapping` decides who may sit there."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bogam.terms import icd10cm
from bogam.terms.imported import Library
from bogam.terms.imported.piece import Bad
from bogam.terms.imported.rows import NoTable
from bogam.terms.mapping import conceptmap, local
from bogam.terms.mapping.local import Local
from bogam.terms.mapping.maps import Decision, MapItem, MapRow, Maps
from bogam.terms.mapping.matcher import Answer, Matcher
from bogam.terms.mapping.targets import matcher

_SAID: Final = 256
_KEPT_BAD: Final = 2000


class NoTarget(ValueError):
    """A code that cannot be approved, with the reason."""


class Desk:
    """Makes maps of a home's local codes and keeps what people decide about them."""

    def __init__(self, library: Library, maps: Maps, clock: Callable[[], str]) -> None:
        self._library = library
        self._maps = maps
        self._clock = clock
        self.maps = maps.maps
        self.map = maps.map
        self.items = maps.items
        self.item = maps.item
        self.neighbour = maps.neighbour
        self.above = maps.above
        self.undo = maps.undo

    def make(
        self, file: Path, *, system: str, by: str, name: str = "", say: Callable[[int], None] | None = None
    ) -> MapRow:
        """Read a hospital's list and find candidates for each row.

        Raises
        ------
        bogam.terms.imported.rows.NoTable
            When the file has no headings for the code and the name, or no row that could be taken.
        bogam.terms.imported.NotImported
            When the system is not there.
        """
        using, version = matcher(self._library, system)
        rows: list[Local] = []
        bad: list[Bad] = []
        for row in local.read(file):
            if isinstance(row, Local):
                rows.append(row)
            elif len(bad) < _KEPT_BAD:
                bad.append(row)
        if not rows:
            why = bad[0].reason if bad else "it has headings only"
            raise NoTable(f"No row of {file.name} could be taken: {why}.")
        answered = _answered(using, rows, say or (lambda done: None))
        return self._maps.add(name or file.name, system, version, answered, bad, by=by, at=self._clock())

    def choose(self, id: int, place: int, *, by: str) -> MapItem:
        """Approve the candidate at ``place``, 0 the first."""
        item = self._maps.item(id)
        if not 0 <= place < len(item.candidates):
            raise NoTarget(f"Item {id} has {len(item.candidates)} candidates; there is no number {place + 1}.")
        candidate = item.candidates[place]
        decision = Decision(candidate.code, candidate.name, candidate.score)
        return self._maps.decide(id, decision, by=by, at=self._clock())

    def approve(self, id: int, code: str, *, by: str) -> MapItem:
        """Approve ``code``, a candidate or any other of the map's system."""
        item = self._maps.item(id)
        system = self._maps.map(item.map).system
        found, shown = self._code(system, code)
        score = next((each.score for each in item.candidates if each.code == found), 0.0)
        return self._maps.decide(id, Decision(found, shown, score), by=by, at=self._clock())

    def none(self, id: int, *, by: str) -> MapItem:
        """Say that no code fits."""
        return self._maps.decide(id, Decision(), by=by, at=self._clock())

    def approve_all(self, ids: list[int], *, by: str) -> int:
        """Approve the first candidate of each of the items that were looked at; return how many."""
        for id in ids:
            self.choose(id, 0, by=by)
        return len(ids)

    def export(self, id: int, format: str) -> bytes:
        """Return a map as ``fhir`` (ConceptMap) or ``csv``."""
        made = self._maps.map(id)
        items = self._maps.items(id)
        if format == "fhir":
            return conceptmap.render(made, items)
        if format != "csv":
            raise NoTarget(f'No format "{format}". Known: csv, fhir.')
        return _csv(made, items)

    def _code(self, system: str, code: str) -> tuple[str, str]:
        if system == icd10cm.SYSTEM:
            entry = icd10cm.default().get(code)
            if entry is None or entry.kind in ("chapter", "block"):
                raise NoTarget(icd10cm.default().validate(code).reason)
            return entry.code, entry.title
        found = self._library.get(system, code)
        if found is None:
            raise NoTarget(f"{system} has no code {code[:40]}.")
        return found.code, found.name


def _answered(using: Matcher, rows: list[Local], say: Callable[[int], None]) -> Iterator[tuple[Local, Answer]]:
    for start in range(0, len(rows), _SAID):
        some = rows[start : start + _SAID]
        yield from zip(some, using.answers(some), strict=True)
        say(start + len(some))


def _csv(made: MapRow, items: list[MapItem]) -> bytes:
    """Write a table. A cell that a spreadsheet would run as a formula gets an apostrophe (CSV injection, OWASP)."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns = (
        "code",
        "name",
        "unit",
        "specimen",
        "state",
        "system",
        "version",
        "target",
        "display",
        "score",
        "by",
        "at",
    )
    writer.writerow(columns)
    for each in items:
        told = (each.code, each.name, each.unit, each.specimen, each.state, made.system, made.version)
        decided = (each.target, each.display, f"{each.score:.2f}" if each.target else "", each.by, each.at)
        writer.writerow(
            [f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in told + decided]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")

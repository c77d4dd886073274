"""The registry from its files: the monthly file, the weekly ones after it, and the deactivation report."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import ClassVar, Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId
from bogam.sources.mirrors import BadFile, Imported, MirrorState, Progress, Refusal, Say
from bogam.sources.mirrors.holding import refusals_of, state_of
from bogam.sources.mirrors.releases import may_replace
from bogam.sources.npi import beside, tables
from bogam.sources.npi.finding import COUNTED, parts
from bogam.sources.npi.finding import Part as Found
from bogam.sources.npi.layout import provider, row_of
from bogam.sources.npi.live import note_of
from bogam.sources.npi.number import checked
from bogam.sources.npi.provider import item_of
from bogam.sources.npi.question import Get, Search, plans, walk
from bogam.sources.npi.release import Part, parts_of

_NAMELESS: Final = (
    "The files hold codes of specialties and not their names: import the table of the National Uniform Claim Committee "
    "(nucc_taxonomy_*.csv, nucc.org) to see names."
)


class NpiMirror:
    """NPPES in one SQLite file with tables of its own, because it has nine million rows and is asked for names."""

    files: ClassVar[str] = (
        "NPPES_Data_Dissemination_*.zip (or npidata_pfile_*.csv of it) of download.cms.gov/nppes/NPI_Files.html: the "
        "monthly file first, then weekly ones; also the deactivation report (xlsx) and nucc_taxonomy_*.csv of nucc.org"
    )

    def __init__(self, folder: Path) -> None:
        self.path = folder / "npi.sqlite"

    # --- what it holds

    def state(self) -> MirrorState | None:
        return state_of(self.path, self._building())

    def refusals(self, limit: int = 100) -> list[Refusal]:
        return refusals_of(self.path, limit)

    # --- import

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import files. A monthly file replaces what was there, all at once and when it is whole; the others add to it.

        Raises
        ------
        BadFile
            For files that are not of NPPES, and weekly ones without a monthly one before.
        """
        missing = [str(path) for path in paths if not path.is_file()]
        if missing or not paths:
            raise BadFile(f"No such file: {', '.join(missing)}." if missing else "Name at least one file.")
        began, todo = perf_counter(), parts_of(list(paths))
        full = todo[0].kind == "full"
        if not full and self.state() is None:
            raise BadFile(f"{todo[0].name} adds to the monthly file: import that first.")
        release = version or _version(todo)
        note = may_replace("npi", release, self.state(), older) if full else ""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        place = self._building() if full else self.path
        if full:
            self._begin_anew(todo[0])
        counts = [0, 0, 0]
        with closing(tables.connect(place, fresh=full)) as db:
            indexed = not full
            for part in todo:
                if part.kind not in ("full",) and not indexed:
                    counts[1] += tables.index(db)
                    indexed = True
                _add(counts, _read(db, part, say))
            if not indexed:
                counts[1] += tables.index(db)
            if full:
                self._carry_over(db, {part.kind for part in todo})
            made = self._tell(db, release, full)
        if full:
            with place.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(place, self.path)
        stored, refused, resumed = counts
        return Imported("npi", made, len(paths), stored, 0, refused, resumed, perf_counter() - began, note=note)

    def _tell(self, db: sqlite3.Connection, version: str, full: bool) -> str:
        """Write what the mirror holds; return its version."""
        held: dict[str, str] = dict(db.execute("SELECT name, value FROM about").fetchall())
        version = version if full else max(version, held.get("version", ""))
        about = {"version": version, "imported_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        for name, each in (("items", "providers"), ("refused", "refused")):
            about[name] = str(db.execute(f"SELECT count(*) FROM {each}").fetchone()[0])  # noqa: S608
        with db:
            db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
            db.execute("DELETE FROM files WHERE done = 1")
        return version

    def _carry_over(self, db: sqlite3.Connection, kinds: set[str]) -> None:
        """Keep names of specialties and deactivations, which monthly files do not bring."""
        if self.state() is None:
            return
        db.execute("ATTACH ? AS before", (str(self.path),))
        with db:
            for each in ("taxonomy", "deactivated"):
                if each not in kinds:
                    db.execute(f"INSERT OR IGNORE INTO {each} SELECT * FROM before.{each}")  # noqa: S608
        db.execute("DETACH before")

    def _begin_anew(self, part: Part) -> None:
        """Drop what an interrupted import left unless it was of this file: two releases must never be mixed."""
        place = self._building()
        if not place.exists():
            return
        try:
            with closing(sqlite3.connect(place)) as db:
                left = db.execute("SELECT name, mark FROM files").fetchall()
                whole = db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            left, whole = [], False
        if not whole or left != [(part.key, part.mark)]:
            for each in ("", "-journal"):
                place.with_name(place.name + each).unlink(missing_ok=True)

    def _building(self) -> Path:
        return self.path.with_suffix(".importing.sqlite")

    # --- answers

    def get(self, request: Get) -> Result:
        number = checked(request.id)
        with self._open() as db:
            found = self._item(db, int(number))
        if found is None:
            raise UnknownId(f"The mirror of npi has no {number}: it was not given out when the files were made.")
        unnamed = any("desc" not in each for each in found.fields.get("taxonomies", ()))
        return Result((found,), 1, note=" ".join(filter(None, (note_of(found), _NAMELESS if unnamed else ""))))

    def search(self, request: Search) -> Result:
        """Return providers, those whose legal name is asked for before those who go by it as another name.

        The total is told up to 1,200.
        """
        with self._open() as db:
            asked = [found for plan in plans(request) for found in parts(db, plan)]

            def ask(stream: int, offset: int, most: int) -> tuple[list[Item], bool, str]:
                numbers = asked[stream].numbers(offset, most + 1)
                items = [self._item(db, npi) for npi in numbers[:most]]
                return [item for item in items if item], len(numbers) > most, ""

            made = walk(request, len(asked), ask)
            return Result(made.items, _total(asked), made.next)

    def _item(self, db: sqlite3.Connection, npi: int) -> Item | None:
        line = tables.line_of(db, "npi", npi)
        gone = db.execute("SELECT date FROM deactivated WHERE npi = ?", (npi,)).fetchone()
        if not line:
            return item_of(str(npi), "", {"deactivation_date": gone[0]}, {}) if gone else None
        names = db.execute("SELECT name, code FROM more_names WHERE npi = ? ORDER BY name, code", (npi,)).fetchall()
        places = db.execute("SELECT row FROM locations WHERE npi = ? ORDER BY row", (npi,)).fetchall()
        codes = db.execute(
            "SELECT t.code, t.name FROM specialties s JOIN taxonomy t ON t.number = s.code WHERE s.npi = ?",
            (npi,),
        ).fetchall()
        return provider(
            row_of(line).values(),
            names,
            [each[0].split("\x1f") for each in places],
            dict(codes),
            gone[0] if gone else "",
        )

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        if not self.path.exists():
            raise BadQuery("npi has no mirror here: `bogam source import npi FILE...` makes one.")
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as db:
            db.execute("BEGIN")  # what an import stores meanwhile is not seen
            yield db


def _total(asked: Sequence[Found]) -> int | None:
    total = sum(each.count for each in asked)
    return total if total <= COUNTED else None


def _read(db: sqlite3.Connection, part: Part, say: Say | None) -> tuple[int, int, int]:
    def told(done: int, stored: int, refused: int) -> None:
        if say is not None:
            say(Progress(part.name, done, part.size, stored, refused))

    if part.kind in ("full", "update"):
        return tables.read_providers(db, part, told)
    read = {
        "names": beside.read_names,
        "locations": beside.read_locations,
        "taxonomy": beside.read_taxonomy,
        "deactivated": beside.read_deactivated,
    }[part.kind]
    stored, refused = read(db, part)
    told(part.size, stored, refused)
    return stored, refused, 0


def _add(counts: list[int], more: tuple[int, int, int]) -> None:
    counts[:] = [have + each for have, each in zip(counts, more, strict=True)]


def _version(todo: Sequence[Part]) -> str:
    """Return the last day that the data files cover; the reports and tables beside them have dates of their own."""
    return max((part.until for part in todo if part.kind in ("full", "update")), default="")

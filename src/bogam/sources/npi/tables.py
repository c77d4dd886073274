"""The mirror's tables, and reading the files into them: rows first, in the order of the file, indexes at the end."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bogam.sources.mirror import BadFile
from bogam.sources.npi.layout import (
    IDENTIFIERS,
    LOCATION,
    MAILING,
    SECONDARY,
    TAXONOMIES,
    BadRow,
    Dates,
    check,
    head_of,
    packed,
    record_of,
    unpacked,
)  # fmt: skip
from bogam.sources.npi.number import is_npi
from bogam.sources.npi.question import folded
from bogam.sources.npi.release import LONGEST, Part
from bogam.terms.imported.rows import NoTable, table

BATCH: Final = 20_000
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS providers (row INTEGER PRIMARY KEY, npi INTEGER NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS names (
  kind INTEGER, other INTEGER, name TEXT, first TEXT, npi INTEGER,
  purpose INTEGER, city TEXT, state TEXT, zip TEXT, country TEXT
);
CREATE TABLE IF NOT EXISTS specialties (npi INTEGER, code TEXT);
CREATE TABLE IF NOT EXISTS more_names (npi INTEGER, name TEXT, code TEXT, PRIMARY KEY (npi, name, code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS locations (npi INTEGER, row TEXT, PRIMARY KEY (npi, row)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taxonomy (code TEXT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deactivated (npi INTEGER PRIMARY KEY, date TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
  name TEXT PRIMARY KEY, mark TEXT NOT NULL, at INTEGER NOT NULL, line INTEGER NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (file TEXT, place TEXT, reason TEXT, raw TEXT);
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS providers_npi ON providers(npi);
CREATE INDEX IF NOT EXISTS names_name ON names(kind, other, name, first, npi, purpose, state, city, zip, country);
CREATE INDEX IF NOT EXISTS names_first ON names(kind, other, first, name, npi, purpose, state) WHERE kind = 1;
CREATE INDEX IF NOT EXISTS names_city ON names(city, state, kind, other, name, first, npi, purpose, zip, country);
CREATE INDEX IF NOT EXISTS names_zip ON names(zip, kind, other, name, first, npi, purpose);
CREATE INDEX IF NOT EXISTS names_npi ON names(npi, other, purpose);
CREATE INDEX IF NOT EXISTS names_abroad ON names(country, kind, other, name, first, npi) WHERE country <> 'US';
CREATE INDEX IF NOT EXISTS specialties_npi ON specialties(npi, code);
CREATE INDEX IF NOT EXISTS specialties_code ON specialties(code, npi);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a mirror's file to write: a journal, so that a stop loses nothing, and little memory."""
    db = sqlite3.connect(path, timeout=30)
    db.execute("PRAGMA journal_mode=TRUNCATE")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA cache_size=-65536")
    db.executescript(_TABLES)
    return db


def index(db: sqlite3.Connection) -> int:
    """Build the indexes, and let the last of several rows of one NPI stand; return how many rows that refuses."""
    db.execute("CREATE INDEX IF NOT EXISTS providers_npi ON providers(npi)")
    twice = db.execute("SELECT npi, max(row) FROM providers GROUP BY npi HAVING count(*) > 1").fetchall()
    if twice:
        db.execute("CREATE INDEX IF NOT EXISTS names_npi ON names(npi, other, purpose)")
        db.execute("CREATE INDEX IF NOT EXISTS specialties_npi ON specialties(npi, code)")
    refused = 0
    for npi, last in twice:
        record = db.execute("SELECT record FROM providers WHERE row = ?", (last,)).fetchone()[0]
        refused += db.execute("SELECT count(*) - 1 FROM providers WHERE npi = ?", (npi,)).fetchone()[0]
        db.execute(
            "INSERT INTO refused VALUES ('', ?, ?, '')",
            (f"NPI {npi}", "the number has several rows; the last one stands"),
        )
        _forget(db, [(npi,)])
        _last_of_each([record]).write(db)
    db.executescript(_INDEXES)
    db.commit()
    return refused


def _forget(db: sqlite3.Connection, numbers: list[tuple[int]]) -> None:
    for each in ("providers", "names", "specialties"):
        db.executemany(f"DELETE FROM {each} WHERE npi = ?", numbers)  # noqa: S608


class Batch:
    """Rows on their way into the tables."""

    def __init__(self) -> None:
        self.providers: list[tuple[int, str]] = []
        self.names: list[tuple[int, int, str, str, int, int, str, str, str, str]] = []
        self.specialties: list[tuple[int, str]] = []
        self.refused: list[tuple[str, str, str]] = []

    def take(self, record: str, dates: Dates) -> None:
        """Take a record apart. Raises `BadRow` when it cannot be right."""
        head = head_of(record)
        check(head, dates)
        npi = int(head[0])
        self.providers.append((npi, packed(record)))
        if head[1]:
            self._find(npi, head)

    def _find(self, npi: int, cells: list[str]) -> None:
        """Note by what names, places and specialties it is found."""
        kind = 1 if cells[1] == "1" else 2
        here = _place(*cells[30:34])
        places = [(LOCATION, *here)]
        if cells[22:26] != cells[30:34] and (mail := _place(*cells[22:26])) != here:
            places.append((MAILING, *mail))
        names = [(0, folded(cells[5]), folded(cells[6])) if kind == 1 else (0, folded(cells[4]), "")]
        if kind == 1 and (cells[13] or cells[14]):
            other = (1, folded(cells[13] or cells[5]), folded(cells[14] or cells[6]))
            if other[1:] != names[0][1:]:
                names.append(other)
        elif kind == 2 and cells[11] and folded(cells[11]) != names[0][1]:
            names.append((1, folded(cells[11]), ""))
        for other, name, first in names:
            for place in places:
                self.names.append((kind, other, name, first, npi, *place))
        code = cells[TAXONOMIES]
        if code:
            self.specialties.append((npi, code))
            if cells[TAXONOMIES + 4]:
                codes = {*cells[TAXONOMIES + 4 : IDENTIFIERS : 4]} - {code, ""}
                self.specialties += [(npi, each) for each in sorted(codes)]

    def write(self, db: sqlite3.Connection) -> None:
        db.executemany("INSERT INTO providers (npi, record) VALUES (?, ?)", self.providers)
        db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self.names)
        db.executemany("INSERT INTO specialties VALUES (?, ?)", self.specialties)


def _place(city: str, state: str, code: str, country: str) -> tuple[str, str, str, str]:
    return folded(city), state.upper(), _zip(code), country or "US"


def _zip(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()


Told = Callable[[int, int, int], None]
"""Bytes done, rows stored, rows refused."""


def read_providers(db: sqlite3.Connection, part: Part, told: Told) -> tuple[int, int, int]:
    """Read a full or weekly file. Return rows stored, refused, and stored by an interrupted import before."""
    start, line, past = _begun(db, part)
    if start < 0:
        return 0, 0, past
    dates, batch, stored, refused = Dates(), Batch(), 0, 0
    at = start
    for at, raw in _after(part, start, line):
        line += 1
        if line == 1:
            continue
        try:
            if len(raw) == LONGEST:
                raise BadRow("longer than 128 kB")
            if raw.strip():
                batch.take(record_of(raw), dates)
        except BadRow as error:
            batch.refused.append((f"line {line}", str(error), raw[:500].decode("utf-8", "replace")))
        if len(batch.providers) + len(batch.refused) >= BATCH:
            stored, refused = stored + len(batch.providers), refused + len(batch.refused)
            _store(db, part, batch, at, line, done=False)
            told(at, stored, refused)
            batch = Batch()
    stored, refused = stored + len(batch.providers), refused + len(batch.refused)
    _store(db, part, batch, at, line, done=True)
    told(part.size, stored, refused)
    return stored, refused, past


def _begun(db: sqlite3.Connection, part: Part) -> tuple[int, int, int]:
    """Return where to go on (bytes; -1: it is done) and the lines read before."""
    row = db.execute("SELECT mark, at, line, done FROM files WHERE name = ?", (part.key,)).fetchone()
    if row is None or row[0] != part.mark:
        return 0, 0, 0
    return (-1 if row[3] else row[1]), row[2], max(0, row[2] - 1)


def _after(part: Part, start: int, line: int) -> Iterator[tuple[int, bytes]]:
    if not part.member:
        return part.lines(start)
    rows = part.lines()  # what is packed has no places to jump to
    for _ in range(line):
        next(rows, None)
    return rows


def _store(db: sqlite3.Connection, part: Part, batch: Batch, at: int, line: int, *, done: bool) -> None:
    """Store a batch and the place that was reached in one transaction, so that a stop loses and doubles nothing."""
    with db:
        if part.kind == "update":
            numbers = [(npi,) for npi in {npi: None for npi, _ in batch.providers}]
            _forget(db, numbers)
            refused, batch = batch.refused, _last_of_each(record for _, record in batch.providers)
            batch.refused = refused
        batch.write(db)
        db.executemany("INSERT INTO refused VALUES (?, ?, ?, ?)", [(part.name, *each) for each in batch.refused])
        db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (part.key, part.mark, at, line, int(done)))


def _last_of_each(records: Iterable[str]) -> Batch:
    made, dates = Batch(), Dates()
    for record in {record[:10]: record for record in records}.values():
        made.take("\x1f".join(unpacked(record)), dates)
    return made


def read_names(db: sqlite3.Connection, part: Part) -> tuple[int, int]:
    """Read the other name file: organizations' further names."""
    return _read_more(db, part, 3, _add_name)


def read_locations(db: sqlite3.Connection, part: Part) -> tuple[int, int]:
    """Read the practice location file: the places besides the first."""
    return _read_more(db, part, 10, _add_location)


def _read_more(
    db: sqlite3.Connection, part: Part, width: int, add: Callable[[sqlite3.Connection, list[str]], bool]
) -> tuple[int, int]:
    stored = refused = 0
    with db:
        for line, (_, raw) in enumerate(part.lines(), 1):
            if line == 1 or not raw.strip():
                continue
            try:
                cells = next(csv.reader([raw.decode("utf-8", "replace").strip()]), list[str]())
                if len(cells) != width:
                    raise BadRow(f"{len(cells)} columns instead of {width}")
                if not is_npi(cells[0]):
                    raise BadRow(f'"{cells[0][:20]}" is no NPI: its check digit or length is wrong')
                if not add(db, cells):
                    raise BadRow(f"NPI {cells[0]} is not in the data file")
                stored += 1
            except BadRow as error:
                refused += 1
                raw_text = raw[:500].decode("utf-8", "replace")
                db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (part.name, f"line {line}", str(error), raw_text))
    return stored, refused


def _add_name(db: sqlite3.Connection, cells: list[str]) -> bool:
    npi, name, code = int(cells[0]), cells[1].strip(), cells[2].strip()
    fresh = db.execute("INSERT OR IGNORE INTO more_names VALUES (?, ?, ?)", (npi, name, code)).rowcount
    if not fresh:
        return True
    return db.execute(
        "INSERT INTO names SELECT DISTINCT kind, 1, ?, '', npi, purpose, city, state, zip, country "
        "FROM names WHERE npi = ? AND other = 0",
        (folded(name), npi),
    ).rowcount > 0 or _known(db, npi)  # fmt: skip


def _add_location(db: sqlite3.Connection, cells: list[str]) -> bool:
    npi = int(cells[0])
    one, two, city, state, code, country, telephone, _, fax = cells[1:]
    row = "\x1f".join((one, two, city, state, code, country, telephone, fax))
    if not db.execute("INSERT OR IGNORE INTO locations VALUES (?, ?)", (npi, row)).rowcount:
        return True
    return db.execute(
        "INSERT INTO names SELECT DISTINCT kind, other, name, first, npi, ?, ?, ?, ?, ? "
            "FROM names WHERE npi = ? AND purpose = 0",
        (SECONDARY, folded(city), state.upper(), _zip(code), country or "US", npi),
    ).rowcount > 0 or _known(db, npi)  # fmt: skip


def _known(db: sqlite3.Connection, npi: int) -> bool:
    return db.execute("SELECT 1 FROM providers WHERE npi = ?", (npi,)).fetchone() is not None


def read_taxonomy(db: sqlite3.Connection, part: Part) -> tuple[int, int]:
    """Read the table of specialties as the National Uniform Claim Committee gives it out: code and display name."""
    rows: list[tuple[str, str, str]] = []
    with part.open() as file:
        for cells in csv.DictReader(line.decode("utf-8-sig", "replace") for line in file):
            code = (cells.get("Code") or "").strip()
            parts = [(cells.get(each) or "").strip() for each in ("Classification", "Specialization")]
            name = (cells.get("Display Name") or "").strip() or ", ".join(filter(None, parts))
            if code and name:
                rows.append((code, name, folded(", ".join(filter(None, (*parts, name))))))
    with db:
        db.execute("DELETE FROM taxonomy")
        db.executemany("INSERT OR REPLACE INTO taxonomy VALUES (?, ?, ?)", rows)
    return len(rows), 0


def read_deactivated(db: sqlite3.Connection, part: Part) -> tuple[int, int]:
    """Read the report of deactivated numbers (xlsx or csv). It is whole each time: it replaces the one before."""
    stored = refused = 0
    dates = Dates()
    with db:
        db.execute("DELETE FROM deactivated")
        for row in _report(part):
            number, date = row["npi"], row["date"]
            try:
                if not is_npi(number):
                    raise BadRow(f'"{number[:20]}" is no NPI: its check digit or length is wrong')
                day = date[:10] if date[4:5] == "-" else dates.iso(date)
                stored += 1
                db.execute("INSERT OR REPLACE INTO deactivated VALUES (?, ?)", (int(number), day))
            except BadRow as error:
                refused += 1
                db.execute(
                    "INSERT INTO refused VALUES (?, ?, ?, ?)", (part.name, row["line"], str(error), number[:100])
                )
    return stored, refused


def _report(part: Part) -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        path = part.path
        if part.member:
            path = Path(folder) / part.name
            with part.open() as source, path.open("wb") as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
        columns = {"npi": ["NPI"], "date": ["NPPES Deactivation Date", "NPI Deactivation Date"]}
        try:
            for row in table(path, columns, ("npi", "date")):
                yield {**row.cells, "line": f"line {row.line}"}
        except NoTable as error:
            raise BadFile(str(error)) from error

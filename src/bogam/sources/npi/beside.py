"""The smaller files of NPPES and beside it: other names, further places, names of specialties, deactivated numbers."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bogam.sources.mirrors import BadFile
from bogam.sources.npi.layout import SECONDARY, BadRow, Dates
from bogam.sources.npi.number import is_npi
from bogam.sources.npi.parsing import key_of, place, specialty, zip_of
from bogam.sources.npi.question import folded
from bogam.sources.npi.release import Part
from bogam.terms.imported.rows import NoTable, table


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
        for line, raw in _lines(part):
            try:
                cells = next(csv.reader([raw.decode("utf-8", "replace").strip()]), list[str]())
                if len(cells) != width:
                    raise BadRow(f"{len(cells)} columns instead of {width}")
                if not is_npi(cells[0]):
                    raise BadRow(f'"{cells[0][:20]}" is no NPI: its check digit or length is wrong')
                if not add(db, cells):
                    raise BadRow(f"NPI {cells[0]} is not in the data file")
                stored += 1
            except (BadRow, csv.Error) as error:
                refused += 1
                raw_text = raw[:500].decode("utf-8", "replace")
                db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (part.name, f"line {line}", str(error), raw_text))
    return stored, refused


def _lines(part: Part) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each line and the line, without the heading and empty ones."""
    for piece in part.pieces():
        for at, raw in enumerate(piece.data.split(b"\n"), 1):
            if raw.strip():
                yield piece.line + at, raw


def _add_name(db: sqlite3.Connection, cells: list[str]) -> bool:
    npi, name, code = int(cells[0]), cells[1].strip(), cells[2].strip()
    if db.execute("INSERT OR IGNORE INTO more_names VALUES (?, ?, ?)", (npi, name, code)).rowcount:
        sql = (
            "INSERT INTO names SELECT DISTINCT ?, npi, purpose, place, zip FROM names "
            "WHERE npi = ? AND substr(key, 1, 2) = '20'"
        )
        db.execute(sql, (key_of("2", "1", name, ""), npi))
    return _held(db, npi)


def _add_location(db: sqlite3.Connection, cells: list[str]) -> bool:
    npi = int(cells[0])
    one, two, city, state, code, country, telephone, _, fax = cells[1:]
    row = "\x1f".join((one, two, city, state, code, country, telephone, fax))
    if db.execute("INSERT OR IGNORE INTO locations VALUES (?, ?)", (npi, row)).rowcount:
        number, where = place(city, state, country)
        db.execute("INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?)", (number, *where))
        sql = "INSERT INTO names SELECT DISTINCT key, npi, ?, ?, ? FROM names WHERE npi = ? AND purpose = 0"
        db.execute(sql, (SECONDARY, number, zip_of(code), npi))
    return _held(db, npi)


def _held(db: sqlite3.Connection, npi: int) -> bool:
    return db.execute("SELECT 1 FROM providers WHERE npi = ?", (npi,)).fetchone() is not None


def read_taxonomy(db: sqlite3.Connection, part: Part) -> tuple[int, int]:
    """Read the table of specialties as the National Uniform Claim Committee gives it out: code and display name."""
    try:
        rows = _specialties(part)
    except csv.Error as error:
        raise BadFile(f"{part.name} is no CSV: {error}.") from error
    with db:
        db.execute("DELETE FROM taxonomy")
        db.executemany("INSERT OR REPLACE INTO taxonomy VALUES (?, ?, ?, ?)", rows)
    return len(rows), 0


def _specialties(part: Part) -> list[tuple[int, str, str, str]]:
    rows: list[tuple[int, str, str, str]] = []
    with part.open() as file:
        for cells in csv.DictReader(line.decode("utf-8-sig", "replace") for line in file):
            code = (cells.get("Code") or "").strip()
            parts = [(cells.get(each) or "").strip() for each in ("Classification", "Specialization")]
            name = (cells.get("Display Name") or "").strip() or ", ".join(filter(None, parts))
            if code and name:
                rows.append((specialty(code), code, name, folded(", ".join(filter(None, (*parts, name))))))
    return rows


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

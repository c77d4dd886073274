"""The mirror's tables, and reading the data file into them: rows in the order of the file, indexes at the end."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final, Literal

from bogam.sources.npi.parsing import BLOCK, Parsed, parse
from bogam.sources.npi.release import Part, Piece

_LARGE: Final = 64 << 20
"""Bytes from which on a file is parsed in processes of their own."""
_WORKERS: Final = 2
_AHEAD: Final = 3
"""Pieces that are read before they can be stored."""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS providers (
  row INTEGER PRIMARY KEY, npi INTEGER NOT NULL, block INTEGER NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS blocks (block INTEGER PRIMARY KEY, lines BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS names (key TEXT, npi INTEGER, purpose INTEGER, place INTEGER, zip TEXT);
CREATE TABLE IF NOT EXISTS places (place INTEGER PRIMARY KEY, city TEXT, state TEXT, country TEXT);
CREATE TABLE IF NOT EXISTS specialties (npi INTEGER, code INTEGER);
CREATE TABLE IF NOT EXISTS more_names (npi INTEGER, name TEXT, code TEXT, PRIMARY KEY (npi, name, code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS locations (npi INTEGER, row TEXT, PRIMARY KEY (npi, row)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taxonomy (number INTEGER PRIMARY KEY, code TEXT, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deactivated (npi INTEGER PRIMARY KEY, date TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
  name TEXT PRIMARY KEY, mark TEXT NOT NULL, at INTEGER NOT NULL, line INTEGER NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (file TEXT, place TEXT, reason TEXT, raw TEXT);
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS providers_npi ON providers(npi);
CREATE INDEX IF NOT EXISTS names_key ON names(key, npi, purpose, place, zip);
CREATE INDEX IF NOT EXISTS names_place ON names(place, key, npi, purpose);
CREATE INDEX IF NOT EXISTS names_zip ON names(zip);
CREATE INDEX IF NOT EXISTS names_npi ON names(npi);
CREATE INDEX IF NOT EXISTS places_city ON places(city, state);
CREATE INDEX IF NOT EXISTS specialties_npi ON specialties(npi, code);
CREATE INDEX IF NOT EXISTS specialties_code ON specialties(code, npi);
"""


def connect(path: Path, *, fresh: bool) -> sqlite3.Connection:
    """Open a mirror's file to write: with a journal, so that a stopped process loses nothing, and little memory.

    A ``fresh`` file is not written through at every step: after a loss of power it is begun anew.
    """
    db = sqlite3.connect(path, timeout=30)
    db.execute("PRAGMA journal_mode=TRUNCATE")
    db.execute(f"PRAGMA synchronous={'OFF' if fresh else 'NORMAL'}")
    db.execute("PRAGMA cache_size=-32768")
    db.execute("PRAGMA threads=2")
    db.executescript(_TABLES)
    return db


def index(db: sqlite3.Connection) -> int:
    """Build the indexes, and let the last of several rows of one NPI stand; return how many rows that refuses."""
    db.executescript(_INDEXES)
    twice = db.execute("SELECT npi, max(row), count(*) - 1 FROM providers GROUP BY npi HAVING count(*) > 1").fetchall()
    for npi, last, _ in twice:
        line = line_of(db, "row", last)
        why = "the number has several rows; the last one stands"
        db.execute("INSERT INTO refused VALUES ('', ?, ?, '')", (f"NPI {npi}", why))
        _forget(db, [(npi,)])
        write(db, parse(line))
    db.commit()
    return sum(more for _, _, more in twice)


def _forget(db: sqlite3.Connection, numbers: list[tuple[int]]) -> None:
    for each in ("providers", "names", "specialties"):
        db.executemany(f"DELETE FROM {each} WHERE npi = ?", numbers)  # noqa: S608


def line_of(db: sqlite3.Connection, by: Literal["npi", "row"], value: int) -> bytes:
    """Return the line of the file that a provider stands in; empty for one that is not there."""
    found: tuple[bytes, int] | None = db.execute(
        "SELECT blocks.lines, providers.at FROM providers JOIN blocks ON blocks.block = providers.block "  # noqa: S608
        f"WHERE providers.{by} = ? ORDER BY providers.row DESC",
        (value,),
    ).fetchone()
    try:
        return zlib.decompress(found[0]).split(b"\n")[found[1]] if found else b""
    except (zlib.error, IndexError) as error:
        raise sqlite3.DatabaseError(f"a block of lines is damaged: {error}") from error


def write(db: sqlite3.Connection, parsed: Parsed) -> None:
    """Put what was parsed into the tables."""
    block = db.execute("SELECT coalesce(max(block), 0) + 1 FROM blocks").fetchone()[0]
    db.executemany("INSERT INTO blocks VALUES (?, ?)", enumerate(parsed.blocks, block))
    placed = ((npi, block + at // BLOCK, at % BLOCK) for at, npi in enumerate(parsed.numbers))
    db.executemany("INSERT INTO providers (npi, block, at) VALUES (?, ?, ?)", placed)
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", parsed.names)
    db.executemany("INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?)", [(at, *of) for at, of in parsed.places.items()])
    db.executemany("INSERT INTO specialties VALUES (?, ?)", parsed.specialties)


Told = Callable[[int, int, int], None]
"""Bytes done, rows stored, rows refused."""


def read_providers(db: sqlite3.Connection, part: Part, told: Told) -> tuple[int, int, int]:
    """Read a full or weekly file. Return rows stored, refused, and lines that an interrupted import had read."""
    row = db.execute("SELECT mark, at, line, done FROM files WHERE name = ?", (part.key,)).fetchone()
    at, line, done = row[1:] if row and row[0] == part.mark else (0, 0, 0)
    past, stored, refused = max(0, line - 1), 0, 0
    for piece, parsed in () if done else _parsed(part, at, line):
        with db:  # what was read and how far, in one transaction: a stop loses and doubles nothing
            if part.kind == "update":
                parsed = _replacing(db, parsed)
            write(db, parsed)
            rows = [(part.name, f"line {piece.line + each}", why, raw) for each, why, raw in parsed.refused]
            db.executemany("INSERT INTO refused VALUES (?, ?, ?, ?)", rows)
            mark = (part.key, part.mark, piece.until, piece.line + piece.lines, 0)
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", mark)
        stored, refused = stored + len(parsed.numbers), refused + len(parsed.refused)
        told(piece.until, stored, refused)
    with db:
        db.execute("UPDATE files SET done = 1 WHERE name = ?", (part.key,))
    return stored, refused, past


def _parsed(part: Part, at: int, line: int) -> Iterator[tuple[Piece, Parsed]]:
    """Yield pieces of the file and what they hold, in their order."""
    pieces = part.pieces(at, line)
    if part.size < _LARGE or (os.cpu_count() or 1) < 2:
        for piece in pieces:
            yield piece, parse(piece.data)
        return
    with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[Piece, Future[Parsed]]] = deque()
        for piece in pieces:
            waiting.append((piece, pool.submit(parse, piece.data)))
            if len(waiting) >= _AHEAD:
                yield _ready(*waiting.popleft())
        while waiting:
            yield _ready(*waiting.popleft())


def _ready(piece: Piece, future: Future[Parsed]) -> tuple[Piece, Parsed]:
    return piece, future.result()


def _replacing(db: sqlite3.Connection, parsed: Parsed) -> Parsed:
    """Forget what is held of the providers of a weekly file; of several rows of one the last stands."""
    lines = [line for block in parsed.blocks for line in zlib.decompress(block).split(b"\n")]
    last = dict(zip(parsed.numbers, lines, strict=True))
    _forget(db, [(npi,) for npi in last])
    made = parse(b"\n".join(last.values()))
    made.refused = parsed.refused
    return made

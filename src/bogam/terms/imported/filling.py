"""Filling the database of one code system from what its reader yields."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from bogam.terms.imported.piece import Bad, Link, Name, Release, Term
from bogam.terms.imported.rows import NoTable
from bogam.terms.imported.systems import System

_BATCH: Final = 5000
_KEPT_BAD: Final = 100_000
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL, extra BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE name (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, rank INTEGER NOT NULL
);
CREATE TABLE link (code TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (code, parent)) WITHOUT ROWID;
CREATE TABLE bad (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3');
"""
_ORPHAN: Final = "code NOT IN (SELECT code FROM term)"
_FINISH: Final = (
    "CREATE INDEX name_by_code ON name (code, rank)",
    "CREATE INDEX link_by_parent ON link (parent)",
    "UPDATE term SET name = coalesce("
    "(SELECT text FROM name WHERE name.code = term.code ORDER BY rank, id LIMIT 1), code) WHERE name = ''",
    "INSERT INTO words (rowid, text) SELECT id, text FROM name",
    "INSERT INTO words (words) VALUES ('optimize')",
)
_COUNT: Final = {
    "term": "SELECT count(*) FROM term",
    "name": "SELECT count(*) FROM name",
    "link": "SELECT count(*) FROM link",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. ``bad`` rows stand in the quarantine of the system, with their reasons."""

    system: str
    version: str
    terms: int
    names: int
    links: int
    bad: int


class _Filler:
    """Writes rows a few thousand at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._waiting: dict[str, list[tuple[Any, ...]]] = {"term": [], "name": [], "link": [], "bad": []}
        self.rows = 0
        self.bad = 0

    def add(self, piece: Term | Name | Link | Bad) -> None:
        self.rows += 1
        match piece:
            case Term(code, name, active, language, extra):
                self._put("term", (code, name, int(active), orjson.dumps(extra)))
                if name:
                    self._put("name", (code, name, language, 0))
            case Name(code, text, language, rank):
                self._put("name", (code, text, language, rank))
            case Link(code, parent):
                self._put("link", (code, parent))
            case Bad(file, line, reason, raw):
                self.bad += 1
                if self.bad <= _KEPT_BAD:
                    self._put("bad", (file, line, reason, _storable(raw)))

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self._waiting[table]
        rows.append(row)
        if len(rows) >= _BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        rows = self._waiting[table]
        statement = {
            "term": "INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?)",
            "name": "INSERT INTO name (code, text, language, rank) VALUES (?, ?, ?, ?)",
            "link": "INSERT OR IGNORE INTO link VALUES (?, ?)",
            "bad": "INSERT INTO bad (file, line, reason, raw) VALUES (?, ?, ?, ?)",
        }[table]
        self._db.executemany(statement, rows)
        rows.clear()

    def finish(self) -> None:
        for table in self._waiting:
            self._write(table)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def fill(db: sqlite3.Connection, system: System, files: list[Path], version: str, say: Callable[[int], None]) -> Report:
    """Read ``files`` into an empty database and index it.

    Raises
    ------
    NoTable
        When the files are not those of the system, or no row could be taken.
    """
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;" + _SCHEMA)
    db.execute("BEGIN")
    filler = _Filler(db)
    said = ""
    for piece in system.read(files):
        if isinstance(piece, Release):
            said = piece.version
            continue
        filler.add(piece)
        if filler.rows % 20_000 == 0:
            say(filler.rows)
    filler.finish()
    bad = filler.bad + _orphans(db)
    for statement in _FINISH:
        db.execute(statement)
    counts = {table: int(db.execute(query).fetchone()[0]) for table, query in _COUNT.items()}
    names = ", ".join(path.name for path in files)
    if not counts["term"]:
        raise NoTable(f"No row of {names} could be taken as {system.name}; {bad} rows were refused.")
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    edition = version or said or f"undated, imported {at[:10]}"
    told = {"version": edition, "at": at, "files": names, "bad": str(bad)}
    told |= {table: str(count) for table, count in counts.items()}
    db.executemany("INSERT INTO meta VALUES (?, ?)", list(told.items()))
    db.execute("COMMIT")
    return Report(system.id, edition, counts["term"], counts["name"], counts["link"], bad)


def _orphans(db: sqlite3.Connection) -> int:
    """Put names of codes that are not there into the quarantine; return how many."""
    found = int(db.execute(f"SELECT count(*) FROM name WHERE {_ORPHAN}").fetchone()[0])  # noqa: S608
    if found:
        db.execute(
            "INSERT INTO bad (file, line, reason, raw) "  # noqa: S608
            f"SELECT '', 0, 'a name of ' || code || ', which is no code here', text FROM name WHERE {_ORPHAN} LIMIT ?",
            (_KEPT_BAD,),
        )
        db.execute(f"DELETE FROM name WHERE {_ORPHAN}")  # noqa: S608
    return found

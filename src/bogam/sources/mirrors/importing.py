"""How a publisher's files come into the one SQLite file of a mirror: by batches, resumable, a release at once."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import ClassVar, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import orjson
from defusedxml import DefusedXmlException

from bogam.sources.answer import Item
from bogam.sources.mirrors.holding import refusals_of, state_of
from bogam.sources.mirrors.mirror import BadFile, Entry, Imported, MirrorState, OlderRelease, Progress, Refusal, Say
from bogam.sources.mirrors.releases import may_replace

_BATCH: Final = 2000
_DAMAGED: Final = (
    *(EOFError, OSError, zlib.error, BadZipFile, UnicodeDecodeError),
    *(ParseError, DefusedXmlException, RecursionError),
)
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS items (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sort TEXT NOT NULL, title TEXT NOT NULL,
  url TEXT NOT NULL, version TEXT NOT NULL, fields BLOB NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  title, text, content='items', content_rowid='row', tokenize="unicode61 remove_diacritics 2"
);
CREATE TABLE IF NOT EXISTS keys (name TEXT, value TEXT, row INTEGER, PRIMARY KEY (name, value, row)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_row ON keys(row);
CREATE TABLE IF NOT EXISTS files (
  name TEXT PRIMARY KEY, mark TEXT NOT NULL, rows INTEGER NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (file TEXT, place TEXT, reason TEXT, raw TEXT);
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(slots=True)
class _Count:
    stored: int = 0
    deleted: int = 0
    refused: int = 0
    resumed: int = 0
    replaced: int = 0
    version: str = ""
    started: float = field(default_factory=perf_counter)


class Importing:
    """What a mirror in one SQLite file holds, and how files are imported into it.

    A source says how to read one of its files (`read`), and whether its files replace what was there (a full release:
    built beside, then put in place at once) or are added to it (``incremental``).
    """

    files: ClassVar[str] = ""
    incremental: ClassVar[bool] = False
    batch: ClassVar[int] = 0
    """Rows that are stored, and so are in memory, at once, where they may be large; 0 for the usual number."""

    def __init__(self, source: str, folder: Path) -> None:
        self.source = source
        self.path = folder / f"{source}.sqlite"

    # --- what a source says

    def read(self, path: Path) -> Iterator[Entry]:
        """Read one file, row by row, without holding it whole.

        Raises
        ------
        BadFile
            When it is not one of the publisher's files; before anything was yielded.
        """
        raise NotImplementedError

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the version or date of the data, from names or content of the files; empty where they do not tell."""
        return ""

    def overtaken(self, held: str, item: Item) -> bool:
        """Say whether the version that is held is newer than an item of an ``incremental`` file, which is then refused:
        a file that comes late must not undo a newer one."""
        return False

    # --- what it holds

    def state(self) -> MirrorState | None:
        return state_of(self.path, self._building())

    def refusals(self, limit: int = 100) -> list[Refusal]:
        return refusals_of(self.path, limit)

    # --- import

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        missing = [str(path) for path in paths if not path.is_file()]
        if missing or not paths:
            raise BadFile(f"No such file: {', '.join(missing)}." if missing else "Name at least one file.")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        place = self.path if self.incremental else self._building()
        count = _Count(version=version or self.version_of(paths))
        held, note = (None if self.incremental else self.state()), ""
        if count.version:
            note = may_replace(self.source, count.version, held, older)
        if not self.incremental:
            self._begin_anew(paths)
        with self._open(place) as db:
            for path in paths:
                self._load_file(db, path, count, say)
            if not count.version:
                newest = db.execute("SELECT max(sort) FROM items").fetchone()[0] or ""
                count.version = newest[:10]
                try:
                    note = may_replace(self.source, count.version, held, older)
                except OlderRelease:
                    self._drop()
                    raise
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            about = {"version": count.version, "imported_at": now}
            for table in ("items", "refused"):
                about[table] = str(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
            db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
            db.commit()
            if not self.incremental:
                db.execute("DELETE FROM files")
                db.commit()
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("PRAGMA journal_mode=DELETE")
        if not self.incremental:
            for each in ("-wal", "-shm"):
                self.path.with_name(self.path.name + each).unlink(missing_ok=True)
            os.replace(place, self.path)
        seconds = perf_counter() - count.started
        return Imported(
            self.source,
            count.version,
            len(paths),
            count.stored,
            count.deleted,
            count.refused,
            count.resumed,
            seconds,
            replaced=count.replaced,
            held=int(about["items"]),
            note=note,
        )

    def _building(self) -> Path:
        return self.path.with_suffix(".importing.sqlite")

    def _drop(self) -> None:
        """Remove what is being built."""
        place = self._building()
        for each in ("", "-wal", "-shm"):
            place.with_name(place.name + each).unlink(missing_ok=True)

    def _begin_anew(self, paths: Sequence[Path]) -> None:
        """Drop what an interrupted import left unless it was of these files: two releases must never be mixed."""
        place = self._building()
        if not place.exists():
            return
        try:
            with self._open(place) as db:
                left = set(db.execute("SELECT name, mark FROM files").fetchall())
        except sqlite3.DatabaseError:
            left = {("", "")}
        if not left <= {(path.name, _mark(path)) for path in paths}:
            self._drop()

    def _load_file(self, db: sqlite3.Connection, path: Path, count: _Count, say: Say | None) -> None:
        size = path.stat().st_size
        mark = _mark(path)
        row = db.execute("SELECT mark, rows, done FROM files WHERE name = ?", (path.name,)).fetchone()
        past = row[1] if row and row[0] == mark else 0
        count.resumed += past
        if row and row[0] == mark and row[2]:
            return
        at = 0
        batch: list[Entry] = []
        if not past:
            db.execute("DELETE FROM refused WHERE file = ?", (path.name,))
        for at, entry in enumerate(_whole(self.read(path), path), 1):
            if at <= past:
                continue
            batch.append(entry)
            if len(batch) >= (self.batch or _BATCH):
                self._store(db, path.name, mark, at, batch, count, done=False)
                if say is not None:
                    say(Progress(path.name, entry.done, size, count.stored, count.refused))
                batch = []
        self._store(db, path.name, mark, at, batch, count, done=True)
        if say is not None:
            say(Progress(path.name, size, size, count.stored, count.refused))

    def _store(
        self, db: sqlite3.Connection, file: str, mark: str, rows: int, batch: list[Entry], count: _Count, *, done: bool
    ) -> None:
        """Store a batch and how far the file was read in one transaction, so that a stop loses and doubles nothing."""
        with db:
            for entry in batch:
                body = _packed(entry.item) if entry.item is not None else None
                if entry.refused:
                    count.refused += 1
                    raw = entry.raw[:500]
                    db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, entry.place, entry.refused, raw))
                elif entry.item is not None and (held := self._newer(db, entry.item)):
                    count.refused += 1
                    reason = f"A newer version ({held}) of {entry.item.id} is held already."
                    db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, entry.place, reason, ""))
                elif entry.item is not None and body is None:
                    count.refused += 1
                    reason = f"{entry.item.id} is nested too deep to be stored."
                    db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, entry.place, reason, ""))
                elif entry.item is not None and body is not None:
                    count.stored += 1
                    count.replaced += self._delete(db, entry.item.id)
                    self._insert(db, entry.item, entry, body)
                elif entry.deleted:
                    count.deleted += self._delete(db, entry.deleted)
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (file, mark, rows, int(done)))

    def _newer(self, db: sqlite3.Connection, item: Item) -> str:
        """Return the version that is held where it is newer than that of ``item``."""
        if not self.incremental:
            return ""
        found = db.execute("SELECT version FROM items WHERE id = ?", (item.id,)).fetchone()
        return found[0] if found and self.overtaken(found[0], item) else ""

    def _insert(self, db: sqlite3.Connection, item: Item, entry: Entry, body: bytes) -> None:
        row = db.execute(
            "INSERT INTO items (id, title, text, url, version, sort, fields) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (item.id, item.title, entry.text, item.url, item.version, entry.order, body),
        ).lastrowid
        db.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (row, item.title, entry.text))
        db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", [(*each, row) for each in entry.keys])

    def _delete(self, db: sqlite3.Connection, id: str) -> int:
        found = db.execute("SELECT row, title, text FROM items WHERE id = ?", (id,)).fetchone()
        if found is None:
            return 0
        row, title, text = found
        db.execute("INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", (row, title, text))
        db.execute("DELETE FROM keys WHERE row = ?", (row,))
        db.execute("DELETE FROM items WHERE row = ?", (row,))
        return 1

    @contextmanager
    def _open(self, path: Path) -> Generator[sqlite3.Connection]:
        fresh = not path.exists()
        db = sqlite3.connect(path, timeout=30)
        try:
            if fresh or path == self._building():
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=NORMAL")
                db.executescript(_TABLES)
            yield db
        finally:
            db.close()


def _mark(path: Path) -> str:
    """Return what tells one state of a file from another."""
    return f"{path.stat().st_size}-{path.stat().st_mtime_ns}"


def _packed(item: Item) -> bytes | None:
    """Return the fields of an item as they are stored; None for what JSON cannot hold, such as very deep nesting."""
    try:
        return zlib.compress(orjson.dumps(dict(item.fields), option=orjson.OPT_SORT_KEYS), 6)
    except TypeError:
        return None


def _whole(entries: Iterator[Entry], path: Path) -> Iterator[Entry]:
    """Yield what a file holds, and say so where it is damaged or breaks off."""
    rows = 0
    try:
        for entry in entries:
            rows += 1
            yield entry
    except _DAMAGED as error:
        raise BadFile(f"{path.name} is damaged after row {rows:,} ({error}). Get it again and import it.") from error

"""A mirror: a publisher's bulk files read into one local SQLite file, for a hospital without a way out.

`SqliteMirror` keeps items as they are, full text over them (FTS5), and keys for exact filters. A source whose bulk data
needs another shape brings its own `Mirror`.
"""

from __future__ import annotations

import os
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Final, Protocol, runtime_checkable
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import orjson
from defusedxml import DefusedXmlException

from bogam.sources.answer import BadQuery, Document, Item, Result, SourceError, UnknownId, Upstream
from bogam.sources.nearest import nearest_rows
from bogam.sources.source import Lookup, Query

Say = Callable[["Progress"], None]


class BadFile(SourceError):
    """A file that is not what the publisher's bulk files look like; nothing of it was imported."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: ``done`` of ``size`` bytes of ``file`` (size 0 where it is not known)."""

    file: str
    done: int
    size: int
    stored: int
    refused: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not imported: where it stands, why, and its beginning."""

    file: str
    place: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``resumed`` counts the rows that an interrupted import had stored already."""

    source: str
    version: str
    files: int
    stored: int
    deleted: int
    refused: int
    resumed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What a mirror holds: the data's own version or date, when it was imported, and how many items."""

    version: str
    imported_at: str
    items: int
    refused: int
    unfinished: bool


class Mirror(Protocol):
    """The mirror of one source."""

    files: ClassVar[str]
    """Which of the publisher's files it reads and where a person gets them: one sentence."""

    def state(self) -> MirrorState | None:
        """Return what it holds; None before the first import."""
        ...

    def load(self, paths: Sequence[Path], *, version: str = "", say: Say | None = None) -> Imported:
        """Import files; an interrupted import goes on where it stopped when it is called again with the same files."""
        ...

    def refusals(self, limit: int = 100) -> list[Refusal]:
        """Return rows that were refused."""
        ...

    def search(self, request: Any) -> Result: ...
    def get(self, request: Any) -> Result: ...


@runtime_checkable
class KeepsVersions(Protocol):
    """A mirror that keeps the earlier versions of its items: what cites one of them stays citable."""

    def document(self, id: str, version: str) -> Document | None:
        """Return an item as a document in exactly this version."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a bulk file, read.

    Parameters
    ----------
    item
        What is kept; None for a deletion of ``deleted`` or a refusal with ``refused``.
    text
        What full-text search sees besides the title.
    keys
        Exact filters: names with lower-case values, such as ``("status", "recruiting")``.
    order
        Items with the greater value come first among equals; a date as a rule.
    place
        Where the row stands, for people.
    done
        Bytes of the file read so far, for progress.
    """

    item: Item | None = None
    text: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    order: str = ""
    deleted: str = ""
    refused: str = ""
    raw: str = ""
    place: str = ""
    done: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items match, and in how many of them each value of a key stands."""

    total: int
    counts: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Count:
    stored: int = 0
    deleted: int = 0
    refused: int = 0
    resumed: int = 0
    version: str = ""
    started: float = field(default_factory=perf_counter)


_BATCH: Final = 2000
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
_WORD: Final = re.compile(r"\w+", re.UNICODE)


class SqliteMirror:
    """Items of one source in one SQLite file.

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

    def filters(self, request: Any) -> Iterable[tuple[str, str | Sequence[str]]]:
        """Return the exact filters that a request asks for, as `Entry.keys` has them; of several values any."""
        return ()

    def overtaken(self, held: str, item: Item) -> bool:
        """Say whether the version that is held is newer than an item of an ``incremental`` file, which is then refused:
        a file that comes late must not undo a newer one."""
        return False

    def ranges(self, request: Any) -> Iterable[tuple[str, str, str]]:
        """Return filters by range: the name of a key, and the first and last value (as text; empty for open)."""
        return ()

    # --- what it holds

    def state(self) -> MirrorState | None:
        unfinished = self._building().exists()
        if not self.path.exists():
            return None
        try:
            with self._open(self.path) as db:
                about: dict[str, str] = dict(db.execute("SELECT name, value FROM about").fetchall())
                unfinished |= db.execute("SELECT 1 FROM files WHERE done = 0 LIMIT 1").fetchone() is not None
        except sqlite3.DatabaseError:
            return None  # no mirror that could be asked: it must be imported again
        if "imported_at" not in about:
            return None
        counts = int(about["items"]), int(about["refused"])
        return MirrorState(about["version"], about["imported_at"], *counts, unfinished)

    def refusals(self, limit: int = 100) -> list[Refusal]:
        if not self.path.exists():
            return []
        with self._open(self.path) as db:
            rows = db.execute("SELECT file, place, reason, raw FROM refused LIMIT ?", (limit,)).fetchall()
        return [Refusal(*row) for row in rows]

    # --- import

    def load(self, paths: Sequence[Path], *, version: str = "", say: Say | None = None) -> Imported:
        missing = [str(path) for path in paths if not path.is_file()]
        if missing or not paths:
            raise BadFile(f"No such file: {', '.join(missing)}." if missing else "Name at least one file.")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        place = self.path if self.incremental else self._building()
        count = _Count(version=version or self.version_of(paths))
        if not self.incremental:
            self._begin_anew(paths)
        with self._open(place) as db:
            for path in paths:
                self._load_file(db, path, count, say)
            if not count.version:
                newest = db.execute("SELECT max(sort) FROM items").fetchone()[0] or ""
                count.version = newest[:10]
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
            self.source, count.version, len(paths), count.stored, count.deleted, count.refused, count.resumed, seconds
        )

    def _building(self) -> Path:
        return self.path.with_suffix(".importing.sqlite")

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
            for each in ("", "-wal", "-shm"):
                place.with_name(place.name + each).unlink(missing_ok=True)

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
                if entry.refused:
                    count.refused += 1
                    raw = entry.raw[:500]
                    db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, entry.place, entry.refused, raw))
                elif entry.item is not None and (held := self._newer(db, entry.item)):
                    count.refused += 1
                    reason = f"A newer version ({held}) of {entry.item.id} is held already."
                    db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, entry.place, reason, ""))
                elif entry.item is not None:
                    count.stored += 1
                    self._delete(db, entry.item.id)
                    self._insert(db, entry.item, entry)
                elif entry.deleted:
                    count.deleted += self._delete(db, entry.deleted)
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (file, mark, rows, int(done)))

    def _newer(self, db: sqlite3.Connection, item: Item) -> str:
        """Return the version that is held where it is newer than that of ``item``."""
        if not self.incremental:
            return ""
        found = db.execute("SELECT version FROM items WHERE id = ?", (item.id,)).fetchone()
        return found[0] if found and self.overtaken(found[0], item) else ""

    def _insert(self, db: sqlite3.Connection, item: Item, entry: Entry) -> None:
        body = zlib.compress(orjson.dumps(dict(item.fields), option=orjson.OPT_SORT_KEYS), 6)
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

    # --- answers

    def search(self, request: Any) -> Result:
        """Return the items that have all words of the request and all its filters, the best match first."""
        words = words_of(request.text)
        if request.text and not words:
            raise BadQuery(f'"{request.text[:40]}" holds no word to search for.')
        return self.find(request, words, self.filters(request))

    def find(
        self,
        request: Query,
        words: Sequence[str],
        filters: Iterable[tuple[str, str | Sequence[str]]],
        *,
        newest: bool = False,
    ) -> Result:
        """Return the items with all ``words`` (or phrases of several words) and all ``filters``.

        The best match comes first; with ``newest`` the greatest `Entry.order`.
        """
        start = start_of(request.next)
        table, condition, values = self._matching(request, words, filters)
        order = "items.sort DESC, items.id"
        if words and not newest:
            order = f"bm25(words, 4.0, 1.0), {order}"
        with self._ready() as db:
            total = db.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values).fetchone()[0]  # noqa: S608
            page = db.execute(
                f"SELECT items.row FROM {table} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
                [*values, request.limit, start],
            ).fetchall()
            whole = "SELECT id, title, url, version, fields FROM items WHERE row = ?"
            rows = [db.execute(whole, row).fetchone() for row in page]
        if start and not rows:
            raise BadQuery(f"The mirror now finds {total} items, fewer than were shown before: search anew.")
        end = start + len(rows)
        return Result(tuple(map(self._item, rows)), total, str(end) if end < total else "")

    def tally(
        self, request: Query, words: Sequence[str], filters: Iterable[tuple[str, str | Sequence[str]]], key: str
    ) -> Tally:
        """Count the values of a key over the items with all ``words`` and all ``filters``, the most frequent first."""
        table, condition, values = self._matching(request, words, filters)
        with self._ready() as db:
            total = db.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values).fetchone()[0]  # noqa: S608
            rows = db.execute(
                f"SELECT value, count(*) AS n FROM keys WHERE name = ? AND row IN (SELECT items.row FROM {table} "  # noqa: S608
                f"WHERE {condition}) GROUP BY value ORDER BY n DESC, value LIMIT ?",
                [key, *values, request.limit + 1],
            ).fetchall()
        return Tally(total, tuple((value, n) for value, n in rows))

    def _matching(
        self, request: Query, words: Sequence[str], filters: Iterable[tuple[str, str | Sequence[str]]]
    ) -> tuple[str, str, list[str]]:
        """Return the table, the condition and its values that select the items asked for."""
        where = ["1"]
        values: list[str] = []
        for name, value in filters:
            any_of = [value] if isinstance(value, str) else list(value)
            marks = ", ".join("?" * len(any_of))
            where.append(f"items.row IN (SELECT row FROM keys WHERE name = ? AND value IN ({marks}))")  # noqa: S608
            values += [name, *any_of]
        for name, first, last in self.ranges(request):
            upto = " AND value <= ?" if last else ""
            where.append(f"items.row IN (SELECT row FROM keys WHERE name = ? AND value >= ?{upto})")  # noqa: S608
            values += [name, first, last] if last else [name, first]
        table = "items"
        if words:
            table = "words JOIN items ON items.row = words.rowid"
            where.append("words MATCH ?")
            values.append(" AND ".join(f'"{each}"' for each in words))
        return table, " AND ".join(where), values

    def get(self, request: Lookup) -> Result:
        found = self.items([request.id])
        if not found:
            raise UnknownId(f'The mirror of {self.source} has no "{request.id}".')
        return Result(tuple(found), len(found))

    def items(self, ids: Sequence[str]) -> list[Item]:
        """Return the items of these ids that it has, in the order asked for."""
        with self._ready() as db:
            rows = [
                db.execute("SELECT id, title, url, version, fields FROM items WHERE id = ?", (each,)).fetchone()
                for each in ids
            ]
        return [self._item(row) for row in rows if row]

    def nearest(self, words: Sequence[str], limit: int) -> list[Item]:
        """Return the items that share the most telling words, for retrieval: any word may be missing."""
        if not words:
            return []
        with self._ready() as db:
            asked = "SELECT id, title, url, version, fields FROM items WHERE row = ?"
            rows = [db.execute(asked, (row,)).fetchone() for row in nearest_rows(db, words, limit)]
        return [self._item(row) for row in rows]

    def _item(self, row: Sequence[Any]) -> Item:
        id, title, url, version, fields = row
        return Item(self.source, id, title, url, version, orjson.loads(zlib.decompress(fields)))

    @contextmanager
    def _ready(self) -> Generator[sqlite3.Connection]:
        if not self.path.exists():
            raise BadQuery(f"{self.source} has no mirror here: `bogam source import {self.source} FILE...` makes one.")
        with self._open(self.path) as db:
            try:
                yield db
            except (sqlite3.DatabaseError, zlib.error, orjson.JSONDecodeError) as error:
                raise Upstream(f"The mirror of {self.source} cannot be read ({error}). Import it again.") from error

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


def _whole(entries: Iterator[Entry], path: Path) -> Iterator[Entry]:
    """Yield what a file holds, and say so where it is damaged or breaks off."""
    rows = 0
    try:
        for entry in entries:
            rows += 1
            yield entry
    except (EOFError, OSError, zlib.error, BadZipFile, UnicodeDecodeError, ParseError, DefusedXmlException) as error:
        raise BadFile(f"{path.name} is damaged after row {rows:,} ({error}). Get it again and import it.") from error


def words_of(text: str) -> list[str]:
    """Return the words of a search text as full-text search sees them."""
    return _WORD.findall(text)


def key_words(text: str) -> list[str]:
    """Return the words of a text as keys: without case and accents, as full-text search compares them."""
    plain = unicodedata.normalize("NFD", text)
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return words_of(unicodedata.normalize("NFC", bare).casefold())


def start_of(next: str) -> int:
    """Return how many items `next` of an earlier answer leaves behind. Raises `BadQuery` for anything else."""
    if not next:
        return 0
    if not (next.isascii() and next.isdigit()) or len(next) > 9:
        raise BadQuery(f'"{next[:40]}" is no place to go on from: give back `next` of the earlier answer as it was.')
    return int(next)

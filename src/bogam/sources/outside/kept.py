"""What came from outside and is kept: responses, so as not to ask twice, items that a draft cites, for good, and
the newest of those that were shown, so that they can be cited."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bogam.sources.answer import Document, Item, SourceError

_KEEP_S: Final = 90 * 86_400
_SHOWN: Final = 64 << 20
"""Bytes of items that were shown and that nothing cites."""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS responses (
  key TEXT PRIMARY KEY, source TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, at REAL NOT NULL,
  link TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS responses_at ON responses(at);
CREATE TABLE IF NOT EXISTS documents (
  ref TEXT, version TEXT, release TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (ref, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shown (
  seq INTEGER PRIMARY KEY, ref TEXT, version TEXT, release TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (ref, version)
);
"""


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came: HTTP status, body, when (seconds since the epoch), and its Link header."""

    status: int
    body: bytes
    at: float
    link: str = ""


class KeptError(SourceError):
    """The file of what is kept cannot be read or written."""


class Kept:
    """One SQLite file in the home folder.

    Parameters
    ----------
    most_shown
        Bytes that items which were shown, and which nothing cites, may take.
    """

    def __init__(self, path: Path, most_shown: int = _SHOWN) -> None:
        self._path, self._most_shown = path, most_shown
        self._lock = threading.Lock()
        self._made = False

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock:
            fresh = not self._path.exists()
            connection = sqlite3.connect(self._path, timeout=30)
            try:
                if not self._made or fresh:
                    connection.execute("PRAGMA journal_mode=WAL")
                    connection.executescript(_TABLES)
                    self._made = True
                with connection:
                    yield connection
            except sqlite3.DatabaseError as error:
                raise KeptError(
                    f"{self._path} cannot be used: {error}. Make room, or put a sound copy back."
                ) from error
            finally:
                connection.close()

    def response(self, key: str) -> Response | None:
        """Return the kept response of a request."""
        if not self._path.exists():
            return None
        with self._open() as connection:
            row = connection.execute("SELECT status, body, at, link FROM responses WHERE key = ?", (key,)).fetchone()
        return Response(row[0], zlib.decompress(row[1]), row[2], row[3]) if row else None

    def keep_responses(self, source: str, responses: Iterable[tuple[str, Response]]) -> None:
        """Keep responses by the key of their request; those older than 90 days are let go."""
        with self._open() as connection:
            newest = 0.0
            for key, each in responses:
                newest = max(newest, each.at)
                connection.execute(
                    "INSERT OR REPLACE INTO responses VALUES (?, ?, ?, ?, ?, ?)",
                    (key, source, each.status, zlib.compress(each.body, 3), each.at, each.link),
                )
            connection.execute("DELETE FROM responses WHERE at < ?", (newest - _KEEP_S,))

    def forget(self, source: str) -> int:
        """Delete the responses of a source and what was shown of it, and return how many responses there were.

        What drafts cite stays.
        """
        with self._open() as connection:
            connection.execute("DELETE FROM shown WHERE ref >= ? AND ref < ?", (f"{source}:", f"{source};"))
            return connection.execute("DELETE FROM responses WHERE source = ?", (source,)).rowcount

    def keep(self, items: Iterable[Item]) -> None:
        """Keep items so that their citations resolve for good.

        Raises
        ------
        KeptError
            When another text is kept under the same version.
        """
        rows = [(i.ref, i.document.version, i.version, i.document.body) for i in items]
        if not rows:
            return
        with self._open() as connection:
            for ref, version, release, body in rows:
                known = connection.execute(
                    "SELECT body FROM documents WHERE ref = ? AND version = ?", (ref, version)
                ).fetchone()
                if known is None:
                    values = (ref, version, release, zlib.compress(body, 3))
                    connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", values)
                elif zlib.decompress(known[0]) != body:
                    raise KeptError(f"{ref} version {version} is kept with another text; the new one was not kept.")

    def keep_shown(self, items: Iterable[Item]) -> None:
        """Keep items that were shown, for as long as there is room: the oldest are let go first."""
        rows = [(i.ref, i.document.version, i.version, zlib.compress(i.document.body, 3)) for i in items]
        if not rows:
            return
        with self._open() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO shown (ref, version, release, body) VALUES (?, ?, ?, ?)", rows
            )
            room = connection.execute(
                "SELECT max(seq) FROM (SELECT seq, sum(length(body)) OVER (ORDER BY seq DESC) AS held FROM shown)"
                " WHERE held > ?",
                (self._most_shown,),
            ).fetchone()[0]
            if room is not None:
                connection.execute("DELETE FROM shown WHERE seq <= ?", (room,))

    def document(self, ref: str, version: str) -> Document | None:
        """Return a kept document in exactly this version."""
        if not self._path.exists():
            return None
        with self._open() as connection:
            row = connection.execute(
                "SELECT release, body FROM documents WHERE ref = ?1 AND version = ?2"
                " UNION ALL SELECT release, body FROM shown WHERE ref = ?1 AND version = ?2 LIMIT 1",
                (ref, version),
            ).fetchone()
        return Document(ref, row[0], zlib.decompress(row[1]), version) if row else None

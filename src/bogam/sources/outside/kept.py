"""What came from outside and is kept: responses, so as not to ask twice, and items that were shown, so that they stay
citable."""

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
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS responses (
  key TEXT PRIMARY KEY, source TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, at REAL NOT NULL,
  link TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS responses_at ON responses(at);
CREATE TABLE IF NOT EXISTS documents (
  ref TEXT, version TEXT, release TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (ref, version)
) WITHOUT ROWID;
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
    """One SQLite file in the home folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._made = False

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
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
        """Delete the responses of a source, and return how many there were. Documents stay: drafts cite them."""
        with self._open() as connection:
            return connection.execute("DELETE FROM responses WHERE source = ?", (source,)).rowcount

    def keep(self, items: Iterable[Item]) -> None:
        """Keep items so that their citations resolve for good."""
        rows = [(i.ref, i.document.version, i.version, zlib.compress(i.document.body, 3)) for i in items]
        if rows:
            with self._open() as connection:
                connection.executemany("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?)", rows)

    def document(self, ref: str, version: str) -> Document | None:
        """Return a kept document in exactly this version."""
        if not self._path.exists():
            return None
        with self._open() as connection:
            row = connection.execute(
                "SELECT release, body FROM documents WHERE ref = ? AND version = ?", (ref, version)
            ).fetchone()
        return Document(ref, row[0], zlib.decompress(row[1]), version) if row else None

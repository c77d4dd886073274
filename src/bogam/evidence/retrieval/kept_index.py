"""The index of the library, kept beside it: made anew only for what was added, opened without being read."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.retrieval.dense import MiniLM, speaks
from bogam.evidence.retrieval.features import ENGINE
from bogam.evidence.retrieval.find import text_features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.passage import Passage, passages
from bogam.record.citation import Field, Origin
from bogam.sources.library.shelf import Edition, Shelf

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS passages (
  row INTEGER PRIMARY KEY, seq INTEGER NOT NULL, pointer TEXT NOT NULL, text TEXT NOT NULL, heading TEXT NOT NULL,
  page INTEGER NOT NULL, features BLOB NOT NULL, vector BLOB
);
CREATE INDEX IF NOT EXISTS passages_seq ON passages(seq);
CREATE TABLE IF NOT EXISTS editions (seq INTEGER PRIMARY KEY, sha TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_READ: Final = 20_000
"""Passages that are kept in memory."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The index of the editions that are in force, with what is needed to read its passages."""

    index: Index
    rows: NDArray[np.int64]
    documents: NDArray[np.int64]
    vectors: NDArray[np.float32] | None
    editions: dict[int, Edition]
    shas: dict[int, str]
    read: dict[int, Passage] = field(default_factory=dict[int, Passage])
    """Passages read before."""


class LibraryIndex:
    """Passages of the library's documents in force. Safe to share between threads."""

    def __init__(self, shelf: Shelf, folder: Path, model: MiniLM | None) -> None:
        self._shelf, self._folder, self._model = shelf, folder, model
        self._lock = threading.Lock()
        self._opened: tuple[str, Opened] | None = None

    def open(self) -> Opened:
        """Return the index as of today, brought up to date where documents came or went."""
        editions = {each.seq: each for each in self._shelf.in_force()}
        mark = f"{ENGINE} {bool(self._model)} {sorted(editions)}"
        with self._lock:
            if self._opened is not None and self._opened[0] == mark:
                return self._opened[1]
            with self._db() as db:
                self._update(db, editions)
                made = self._load(db, editions, mark)
            self._opened = (mark, made)
            return made

    def passage(self, opened: Opened, number: int) -> Passage:
        """Return the passage of a number of the index."""
        known = opened.read.get(number)
        if known is not None:
            return known
        with self._db() as db:
            seq, pointer, text, heading, page = db.execute(
                "SELECT seq, pointer, text, heading, page FROM passages WHERE row = ?", (int(opened.rows[number]),)
            ).fetchone()
        edition = opened.editions[seq]
        origin = Origin(f"library:{edition.id}", edition.version, opened.shas[seq])
        words = Field(origin, pointer, text)
        made = Passage(words, edition.title, heading, edition.effective, edition.state, page, f"/library/{edition.id}")
        if len(opened.read) < _READ:
            opened.read[number] = made
        return made

    def _update(self, db: sqlite3.Connection, editions: dict[int, Edition]) -> None:
        stamp = f"{ENGINE} {bool(self._model)}"
        if db.execute("SELECT value FROM about WHERE name = 'engine'").fetchone() != (stamp,):
            for table in ("passages", "editions", "about"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            db.execute("INSERT INTO about VALUES ('engine', ?)", (stamp,))
        known = {row[0] for row in db.execute("SELECT seq FROM editions")}
        for seq in known - editions.keys():
            db.execute("DELETE FROM passages WHERE seq = ?", (seq,))
            db.execute("DELETE FROM editions WHERE seq = ?", (seq,))
        for seq in sorted(editions.keys() - known):
            item = self._shelf.item(editions[seq])
            found = list(passages(item))
            vectors = self._vectors(found)
            db.executemany(
                "INSERT INTO passages (seq, pointer, text, heading, page, features, vector)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (seq, e.text.pointer, e.text.text, e.heading, e.page, _packed(e), vector)
                    for e, vector in zip(found, vectors, strict=True)
                ],
            )
            db.execute("INSERT INTO editions VALUES (?, ?)", (seq, item.document.sha))
        db.commit()

    def _vectors(self, found: list[Passage]) -> list[bytes | None]:
        if self._model is None:
            return [None] * len(found)
        english = [at for at, each in enumerate(found) if speaks(each.text.text)]
        made = self._model.vectors([f"{found[at].title}. {found[at].text.text}" for at in english])
        by_place = {at: vector.tobytes() for at, vector in zip(english, made, strict=True)}
        return [by_place.get(at) for at in range(len(found))]

    def _load(self, db: sqlite3.Connection, editions: dict[int, Edition], mark: str) -> Opened:
        places: list[tuple[int, int]] = db.execute("SELECT row, seq FROM passages ORDER BY row").fetchall()
        rows = np.array([row for row, _ in places], np.int64)
        documents = np.unique([seq for _, seq in places], return_inverse=True)[1] if places else np.zeros(0, np.int64)
        shas = dict[int, str](db.execute("SELECT seq, sha FROM editions").fetchall())
        place = self._folder / "bm25"
        if db.execute("SELECT value FROM about WHERE name = 'mark'").fetchone() == (mark,) and place.is_dir():
            index = Index.load(place, len(rows))
        else:
            packed = db.execute("SELECT features FROM passages ORDER BY row")
            index = Index.of([zlib.decompress(each[0]).decode().split("\n") for each in packed])
            shutil.rmtree(place, ignore_errors=True)
            index.save(place)
            db.execute("INSERT OR REPLACE INTO about VALUES ('mark', ?)", (mark,))
            db.commit()
        vectors = None
        if self._model is not None:
            empty = np.zeros(384, np.float32).tobytes()
            held = [row[0] or empty for row in db.execute("SELECT vector FROM passages ORDER BY row")]
            vectors = np.frombuffer(b"".join(held), np.float32).reshape(len(rows), 384)
        return Opened(index, rows, np.asarray(documents, np.int64), vectors, editions, shas)

    @contextmanager
    def _db(self) -> Generator[sqlite3.Connection]:
        self._folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._folder / "passages.sqlite", timeout=30)
        try:
            db.executescript(_TABLES)
            yield db
        finally:
            db.close()


def _packed(passage: Passage) -> Any:
    return zlib.compress("\n".join(text_features(passage)).encode(), 3)

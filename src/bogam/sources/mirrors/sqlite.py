"""A mirror in one SQLite file: items as they are, full text over them (FTS5), and keys for exact filters.

A source whose bulk data needs another shape brings its own `Mirror`.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors.importing import Importing
from bogam.sources.mirrors.mirror import Tally
from bogam.sources.mirrors.nearest import nearest_rows
from bogam.sources.mirrors.words import words_of
from bogam.sources.source import Lookup, Query


class SqliteMirror(Importing):
    """Items of one source in one SQLite file. A source says which exact filters a request asks for."""

    def filters(self, request: Any) -> Iterable[tuple[str, str | Sequence[str]]]:
        """Return the exact filters that a request asks for, as `Entry.keys` has them; of several values any."""
        return ()

    def ranges(self, request: Any) -> Iterable[tuple[str, str, str]]:
        """Return filters by range: the name of a key, and the first and last value (as text; empty for open)."""
        return ()

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
        """Open the mirror as it stands now: what an import stores meanwhile is not seen, however many questions."""
        if not self.path.exists():
            raise BadQuery(f"{self.source} has no mirror here: `bogam source import {self.source} FILE...` makes one.")
        with self._open(self.path) as db:
            try:
                db.execute("BEGIN")
                yield db
            except (sqlite3.DatabaseError, zlib.error, orjson.JSONDecodeError) as error:
                raise Upstream(f"The mirror of {self.source} cannot be read ({error}). Import it again.") from error


def start_of(next: str) -> int:
    """Return how many items `next` of an earlier answer leaves behind. Raises `BadQuery` for anything else."""
    if not next:
        return 0
    if not (next.isascii() and next.isdigit()) or len(next) > 9:
        raise BadQuery(f'"{next[:40]}" is no place to go on from: give back `next` of the earlier answer as it was.')
    return int(next)

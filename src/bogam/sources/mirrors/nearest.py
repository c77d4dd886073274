"""Which rows of a full-text index share the most telling words of a question, however many rows the index has.

BM25 over any of the words reads every row that holds one of them, and "patients" stands in every second abstract. So
rows are found by the words that few rows hold; a word that many hold only decides between the rows found.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Final

COMMON: Final = 20_000
"""A word that more rows hold finds none by itself."""
_CANDIDATES: Final = 10
"""Rows compared for each row asked for."""


def nearest_rows(db: sqlite3.Connection, words: Sequence[str], limit: int) -> list[int]:
    """Return rows of the index ``words`` (columns title, text; content in ``items``), the nearest first.

    Parameters
    ----------
    words
        Words or phrases; any may be missing from a row.
    """
    held = {word: _held(db, word) for word in dict.fromkeys(words)}
    telling = [_quoted(word) for word, rows in held.items() if 0 < rows <= COMMON]
    common = [word for word, rows in held.items() if rows > COMMON]
    if not common:
        return list(_best(db, " OR ".join(telling), limit))
    found = _best(db, " OR ".join(telling), _CANDIDATES * limit) or _latest(db, common, limit)
    weight = log(max(2.0, _rows(db) / COMMON))
    worth = {row: rank + weight * _shared(db, row, common) for row, rank in found.items()}
    return sorted(worth, key=lambda row: -worth[row])[:limit]


def folded(text: str) -> set[str]:
    """Return the words of a text as the index compares them: in lower case, without marks on letters."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return set(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare).lower()))


def _held(db: sqlite3.Connection, word: str) -> int:
    """Return how many rows hold a word, counted no further than it matters."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return db.execute(counted, (_quoted(word), COMMON + 1)).fetchone()[0]


def _best(db: sqlite3.Connection, query: str, limit: int) -> dict[int, float]:
    """Return rows with their worth by BM25, the best first."""
    if not query:
        return {}
    ranked = "SELECT rowid, -bm25(words, 2.0, 1.0) AS worth FROM words WHERE words MATCH ? ORDER BY worth DESC LIMIT ?"
    return dict(db.execute(ranked, (query, limit)).fetchall())


def _latest(db: sqlite3.Connection, common: Sequence[str], limit: int) -> dict[int, float]:
    """Return the latest rows that hold all of the words or, if none does, two that are neighbours in the question."""
    quoted = [_quoted(word) for word in common]
    pairs = [f"({first} AND {second})" for first, second in pairwise(quoted)]
    for query in (" AND ".join(quoted), " OR ".join(pairs)):
        latest = "SELECT rowid, 0.0 FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
        found = dict(db.execute(latest, (query, _CANDIDATES * limit)).fetchall()) if query else {}
        if found:
            return found
    return {}


def _shared(db: sqlite3.Connection, row: int, common: Sequence[str]) -> int:
    texts = db.execute("SELECT title, text FROM items WHERE row = ?", (row,)).fetchone()
    words = folded("\n".join(texts))
    return sum(words.issuperset(folded(word)) for word in common)


def _rows(db: sqlite3.Connection) -> int:
    return db.execute("SELECT coalesce(max(row), 0) FROM items").fetchone()[0]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'

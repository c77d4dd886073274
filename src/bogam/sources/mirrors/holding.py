"""What the SQLite file of a mirror says of itself: tables ``about``, ``refused``, and ``files`` where it has any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bogam.sources.mirrors.mirror import MirrorState, Refusal

_TIMEOUT_S = 30


def state_of(path: Path, building: Path, *, files: bool = True) -> MirrorState | None:
    """Return what a mirror holds; None before the first import, and for one that must be imported again.

    Parameters
    ----------
    building
        Where its next release is put together; while that is there, an import is unfinished.
    files
        Whether it notes in a table how far each file was read.
    """
    unfinished = building.exists()
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=_TIMEOUT_S)) as db:
            about: dict[str, str] = dict(db.execute("SELECT name, value FROM about").fetchall())
            if files:
                unfinished |= db.execute("SELECT 1 FROM files WHERE done = 0 LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return None
    if "imported_at" not in about:
        return None
    return MirrorState(about["version"], about["imported_at"], int(about["items"]), int(about["refused"]), unfinished)


def refusals_of(path: Path, limit: int) -> list[Refusal]:
    """Return rows that were refused."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=_TIMEOUT_S)) as db:
        rows = db.execute("SELECT file, place, reason, raw FROM refused LIMIT ?", (limit,)).fetchall()
    return [Refusal(*row) for row in rows]

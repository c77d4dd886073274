"""Opens the database of a home folder: SQLite unless told otherwise, and then as readers and one writer need it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

_WAIT_S: Final = 60
_READERS: Final = 32
_CACHE_KB: Final = 8000
_WAL_PAGES: Final = 8000
"""Pages of 4 kB in the log before they are moved into the database: fewer would write the same page many times."""
_SETTINGS: Final = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")


def open_engine(place: str | Path) -> Engine:
    """Return the engine of a path (SQLite) or of a database URL as SQLAlchemy has them."""
    named = isinstance(place, str) and "://" in place
    url = make_url(str(place)) if named else URL.create("sqlite", database=str(place))
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": _WAIT_S}, pool_size=_READERS, max_overflow=_READERS)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, record: ConnectionPoolEntry) -> None:
    """WAL: readers and the one writer do not wait for each other. NORMAL: a killed process loses nothing of it."""
    for setting in (*_SETTINGS, f"cache_size=-{_CACHE_KB}", f"wal_autocheckpoint={_WAL_PAGES}"):
        connection.execute(f"PRAGMA {setting}")

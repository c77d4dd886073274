"""What was refused on loading: the exact bytes, where they stood, and why. Kept until a retry takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from bogam.record.piece import Sample
from bogam.record.schema import quarantine as _table
from bogam.record.store import Store

_SHOWN: Final = 64 << 10
"""Bytes of each that a list carries."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Reject:
    """Something to be put in quarantine. ``body`` is ``sample`` with its references rewritten, where that differs."""

    origin: str
    place: str
    problems: tuple[tuple[str, str], ...]
    sample: Sample
    body: bytes | None = None

    @property
    def digest(self) -> str:
        """The same for the same bytes at the same place."""
        return hashlib.sha256("\0".join((self.origin, self.place, self.sample.sha)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Something in quarantine.

    ``origin`` is the input that it came in, ``place`` the byte, line or entry there. ``pointer`` (JSON pointer) and
    ``reason`` are the first of ``problems``. ``raw`` is the sender's bytes, in a list the first 64 kB of them; ``size``
    says how many there were, and ``sha`` is SHA-256 (hex) of them all. Of what was larger than any resource may be,
    the first 4 kB are kept, and ``tail``, the last. ``body`` is ``raw`` with the references within its Bundle
    rewritten: what a correction should start from.
    """

    id: int
    origin: str
    place: str
    pointer: str
    reason: str
    raw: bytes
    at: str
    size: int
    sha: str
    tail: bytes
    problems: tuple[tuple[str, str], ...]
    body: bytes | None

    @property
    def whole(self) -> bool:
        """Whether ``raw`` is all that there was."""
        return len(self.raw) == self.size


def add(db: Connection, rejects: Sequence[Reject], at: str) -> None:
    """Keep what is not there yet, within a transaction of `Store.write`."""
    fresh = {each.digest: each for each in rejects}
    digests = list(fresh)
    for start in range(0, len(digests), _AT_ONCE):
        query = select(_table.c.digest).where(_table.c.digest.in_(digests[start : start + _AT_ONCE]))
        for known in db.execute(query).scalars():
            del fresh[known]
    if fresh:
        db.execute(insert(_table), [_row(digest, each, at) for digest, each in fresh.items()])


def _row(digest: str, each: Reject, at: str) -> dict[str, Any]:
    problems = [(_storable(pointer), _storable(reason)) for pointer, reason in each.problems]
    pointer, reason = problems[0]
    return {
        "digest": digest,
        "state": "waiting",
        "at": at,
        "origin": each.origin,
        "place": each.place,
        "pointer": pointer,
        "reason": reason,
        "problems": msgspec.json.encode(problems),
        "size": each.sample.size,
        "sha": each.sample.sha,
        "raw": each.sample.head,
        "tail": each.sample.tail,
        "body": each.body,
    }


def _storable(text: str) -> str:
    """Replace half surrogate pairs, which a reason may quote and no database takes."""
    return text.encode("utf-8", "replace").decode()


def taken(db: Connection, id: int) -> None:
    """Mark one as loaded by a retry. It stays, so that loading its input again does not bring it back."""
    db.execute(update(_table).where(_table.c.id == id).values(state="loaded"))


def refused_again(db: Connection, id: int, problems: Sequence[tuple[str, str]]) -> None:
    """Note why a retry failed."""
    problems = [(_storable(pointer), _storable(reason)) for pointer, reason in problems]
    pointer, reason = problems[0]
    values = {"pointer": pointer, "reason": reason, "problems": msgspec.json.encode(problems)}
    db.execute(update(_table).where(_table.c.id == id).values(**values))


def listing(store: Store, limit: int, offset: int) -> list[Quarantined]:
    """Return what waits, the oldest first."""
    columns = [func.substr(c, 1, _SHOWN).label(c.name) if c.name in ("raw", "body") else c for c in _table.c]
    query = select(*columns).where(_table.c.state == "waiting").order_by(_table.c.id).limit(limit).offset(offset)
    with store.engine.connect() as db:
        return [_quarantined(row) for row in db.execute(query).mappings()]


def waiting(store: Store) -> int:
    """Return how many wait."""
    query = select(func.count()).select_from(_table).where(_table.c.state == "waiting")
    with store.engine.connect() as db:
        return db.execute(query).scalar_one()


def get(store: Store, id: int) -> Quarantined | None:
    """Return one that waits, its bytes whole."""
    query = select(_table).where(_table.c.id == id, _table.c.state == "waiting")
    with store.engine.connect() as db:
        row = db.execute(query).mappings().first()
    return _quarantined(row) if row else None


def ids(store: Store, wanted: Sequence[int] | None) -> Iterator[int]:
    """Give the ids that wait: those wanted, or all."""
    if wanted is not None:
        yield from wanted
        return
    last = 0
    while True:
        query = select(_table.c.id).where(_table.c.state == "waiting", _table.c.id > last)
        with store.engine.connect() as db:
            found = list(db.execute(query.order_by(_table.c.id).limit(_AT_ONCE)).scalars())
        if not found:
            return
        yield from found
        last = found[-1]


def _quarantined(row: Any) -> Quarantined:
    problems = msgspec.json.decode(row["problems"], type=tuple[tuple[str, str], ...])
    shown = ("id", "origin", "place", "pointer", "reason", "raw", "at", "size", "sha", "tail", "body")
    # SQLite's substr() makes NULL of an empty blob.
    filled: dict[str, Any] = {name: row[name] or b"" for name in ("raw", "tail")}
    return Quarantined(**{name: row[name] for name in shown} | filled, problems=problems)

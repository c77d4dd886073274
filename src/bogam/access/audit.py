"""The audit log: append-only, chained, keyed.

Each entry carries HMAC-SHA256 over the hash of the entry before it and its own canonical JSON (UTF-8, members sorted
by name, no blanks, as RFC 8785 writes such values). The key stands in ``audit.key``, so an entry cannot be forged by
someone who can write to the database only. ``audit.head`` holds the number and hash of the newest entry, keyed too,
so that the removal of the newest entries is found as well.

An entry is committed, and synced to disk, before the head is moved, so the head lags by the entries that are being
written at this moment and by those of processes that were killed between the two steps; it is never ahead.
Verification accepts a lag of at most `LAG` entries. A writer that finds the head ahead of the table, which means that
the newest entries were removed, continues from the head and so leaves the gap for verification to find; one that
finds no head of ours leaves a gap of one.

What the log cannot know: whoever holds the database and an older head can take both back to that moment, and whoever
holds the key can write a new log. Keep the head that ``bogam audit verify`` prints somewhere else, and give it to a
later verification.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, cast

import orjson
from sqlalchemy import Engine, Select, create_engine, event, func, or_, select
from sqlalchemy.pool import QueuePool

from bogam.access import tables
from bogam.access.chain import COLUMNS, GENESIS, AuditVerdict, Head, chained, follow
from bogam.access.identity import Action, Actor, Purpose

Outcome = Literal["allow", "refuse", "error"]

_LONG: Final = 4000
_MOST: Final = 256_000
"""Characters of one text in ``detail``, and of all of it."""
_WAIT_MS: Final = 60_000
_NEWEST: Final = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
_APPEND: Final = f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{each}' for each in COLUMNS)})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: ``at`` is an ISO instant in UTC with milliseconds, ``detail`` JSON text or ""."""

    seq: int
    at: str
    actor: str
    role: str
    purpose: str
    patient: str
    action: str
    target: str
    outcome: Outcome
    detail: str
    previous: str
    hash: str

    def json(self) -> dict[str, Any]:
        """Return the entry for machines, ``detail`` decoded."""
        return asdict(self) | {"detail": orjson.loads(self.detail) if self.detail else {}}


class Audit:
    """The log of one home folder.

    Parameters
    ----------
    engine
        The home's database; the log opens its own connections to it, which sync every entry to disk.
    home
        Where ``audit.key`` (made once, readable by its owner only) and ``audit.head`` stand.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        tables.create(engine)
        self._engine = _own_connections(engine)
        self._head = home / "audit.head"
        self._key = _key(home / "audit.key", self._head)
        self._turn = Lock()

    def write(
        self,
        actor: Actor | None,
        purpose: Purpose | str,
        patient: str | None,
        action: Action | str,
        target: str,
        outcome: Outcome,
        detail: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Append an entry and return it, on disk.

        Parameters
        ----------
        actor
            None for Bogam itself.
        patient
            The Patient id; for several, name them in ``detail`` under ``patients``.
        detail
            What else an auditor needs; anything JSON can hold, other values as their text. Of a long text its beginning
            and its digest are written.
        """
        said = _detail(detail) if detail else ""
        row: dict[str, Any] = {
            "actor": actor.id if actor else "bogam",
            "role": actor.role.value if actor else "",
            "purpose": str(purpose),
            "patient": patient or "",
            "action": str(action),
            "target": target.encode(errors="replace").decode(),
            "outcome": outcome,
            "detail": said,
        }
        with self._alone() as db:
            seq, previous = self._next(db)
            row |= {"seq": seq, "at": _instant(), "previous": previous}
            row["hash"] = chained(self._key, row)
            db.execute(_APPEND, row)
        self._publish()
        return Entry(**row)

    def digest(self, text: str) -> str:
        """Return a keyed digest of a text that is not to stand in the log: equal texts can be matched, none be read."""
        return hmac.new(self._key, b"text\0" + text.encode(errors="replace"), sha256).hexdigest()[:32]

    def entries(
        self,
        *,
        actor: str = "",
        patient: str = "",
        action: str = "",
        outcome: str = "",
        since: str = "",
        until: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> list[Entry]:
        """Return entries, newest first.

        Parameters
        ----------
        patient
            Finds entries about the patient, and lists in whose ``detail`` the patient is named.
        since, until
            ISO dates or instants in UTC; ``until`` is exclusive.
        """
        query = self._filtered(actor, patient, action, outcome, since, until)
        query = query.order_by(tables.audit.c.seq.desc()).limit(limit).offset(offset)
        with self._engine.connect() as db:
            return [Entry(*row) for row in db.execute(query)]

    def count(
        self,
        *,
        actor: str = "",
        patient: str = "",
        action: str = "",
        outcome: str = "",
        since: str = "",
        until: str = "",
    ) -> int:
        """Count the entries that `entries` would return without a limit."""
        found = self._filtered(actor, patient, action, outcome, since, until).subquery()
        with self._engine.connect() as db:
            return db.execute(select(func.count()).select_from(found)).scalar_one()

    def export(self) -> Iterator[bytes]:
        """Yield the whole log, oldest first, one JSON object a line."""
        query = select(tables.audit).order_by(tables.audit.c.seq).execution_options(yield_per=1000)
        with self._engine.connect() as db:
            for row in db.execute(query):
                yield orjson.dumps(Entry(*row).json(), option=orjson.OPT_SORT_KEYS) + b"\n"

    def verify(self, *, kept: Head | None = None) -> AuditVerdict:
        """Follow the chain from the first entry to the head, and say what is wrong first, if anything is.

        Parameters
        ----------
        kept
            A head noted at an earlier time and kept elsewhere; the log must contain it.
        """
        head = Head.read(self._head, self._key)
        with self._engine.connect() as db:
            rows = db.connection.driver_connection
            assert isinstance(rows, sqlite3.Connection)
            return follow(rows, self._key, head, kept)

    def _next(self, db: sqlite3.Connection) -> tuple[int, str]:
        """Return the number of the next entry and the hash that it follows."""
        seq, hash = db.execute(_NEWEST).fetchone() or (0, GENESIS)
        head = Head.read(self._head, self._key)
        if head is None:
            return seq + 2, hash
        return (head.seq + 1, head.hash) if head.seq > seq else (seq + 1, hash)

    def _publish(self) -> None:
        """Move the head to the newest entry. Under the database's write lock, so that it never moves back."""
        with self._alone() as db:
            seq, hash = db.execute(_NEWEST).fetchone()
            Head(seq, hash).write(self._head, self._key)

    @contextmanager
    def _alone(self) -> Generator[sqlite3.Connection]:
        """Open a transaction that no other writer of the database runs beside.

        Every request waits for it, so it speaks to the driver: to compose a statement costs more than to run it.
        """
        # Threads of this process wait for each other here: SQLite's own waiting sleeps and polls.
        with self._turn, self._engine.connect() as connection:
            db = connection.connection.driver_connection
            assert isinstance(db, sqlite3.Connection)
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _filtered(
        self, actor: str, patient: str, action: str, outcome: str, since: str, until: str
    ) -> Select[tuple[Any, ...]]:
        column = tables.audit.c
        query = select(tables.audit)
        for name, wanted in (("actor", actor), ("action", action), ("outcome", outcome)):
            if wanted:
                query = query.where(column[name] == wanted)
        if patient:
            query = query.where(or_(column.patient == patient, column.detail.contains(f'"{patient}"', autoescape=True)))
        if since:
            query = query.where(column.at >= since)
        return query.where(column.at < until) if until else query


def _detail(detail: Mapping[str, Any]) -> str:
    made = {name: _short(value) for name, value in detail.items()}
    said = orjson.dumps(made, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    if len(said) <= _MOST:
        return said
    rest = {name: made[name] for name in ("patients",) if name in made}
    return orjson.dumps({**rest, "cut": _short(said)}, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_short(name): _short(each) for name, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_short(each) for each in cast("list[Any]", value)]
    if not isinstance(value, str) or len(value) <= _LONG:
        return value
    digest = sha256(value.encode(errors="replace")).hexdigest()
    return f"{value[:_LONG]}… ({len(value):,} characters, sha256 {digest})"


def verify_copy(database: Path, key: Path, head: Path | None = None, *, kept: Head | None = None) -> AuditVerdict:
    """Verify a copy of a log without writing to it.

    Parameters
    ----------
    head
        The ``audit.head`` of the same moment; without it, the removal of the newest entries cannot be found.

    Raises
    ------
    FileNotFoundError
        When a file is not there.
    """
    for path in (database, key) if head is None else (database, key, head):
        if not path.is_file():
            raise FileNotFoundError(f"No file {path}.")
    secret = bytes.fromhex(key.read_text("ascii"))
    copy = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return follow(copy, secret, Head.read(head, secret) if head else None, kept, headless=head is None)
    finally:
        copy.close()


def _own_connections(engine: Engine) -> Engine:
    """Return an engine for the log alone: it waits for the loader's transactions, and syncs each entry."""
    own = create_engine(engine.url, poolclass=QueuePool, pool_size=4, max_overflow=28, isolation_level="AUTOCOMMIT")

    @event.listens_for(own, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for setting in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {_WAIT_MS}"):
            connection.execute(f"PRAGMA {setting}").close()

    return own


def _instant() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _key(path: Path, head: Path) -> bytes:
    """Return the key of this home; make it, and the head of the empty log, where there is none."""
    if not path.exists():
        made = secrets.token_bytes(32)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, made.hex().encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            # A link to a finished file: another process that opens the home at this moment sees all of it or nothing.
            os.link(fresh, path)
        except FileExistsError:
            pass
        else:
            Head(0, GENESIS).write(head, made)
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text("ascii"))

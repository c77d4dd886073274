"""Where the record is kept: every version of every resource, and the search index over the current ones.

SQLAlchemy Core throughout, so that another database is a setting. What SQLite alone needs stands in
`bogam.record.engine` and in `Store.write`.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import msgspec
from sqlalchemy import (
    Connection,
    Dialect,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from bogam.record.citation import Origin
from bogam.record.engine import open_engine
from bogam.record.json import decode
from bogam.record.references import Edit, restore
from bogam.record.schema import edits as _edits
from bogam.record.schema import indexes, metadata, quarantine
from bogam.record.schema import resource as _resource
from bogam.record.search import index

_AT_ONCE: Final = 500
"""Values in one IN list; databases limit them."""
_WRITER: Final = 0x626F67616D
"""The advisory lock that writers hold on PostgreSQL."""

_T = TypeVar("_T")
_VERSION: Final = tuple(_resource.c[name] for name in ("pk", "id", "version", "current", "sha"))
_COLUMNS: Final = tuple(_resource.c[name] for name in ("type", "id", "version", "patient", "body", "sha", "updated"))


@dataclass(frozen=True, slots=True)
class Resource:
    """One stored version of a resource.

    ``body`` is the sender's bytes exactly, or those with references rewritten or an id put in. ``sha`` is SHA-256
    (hex) of it. ``patient`` is the id of the patient whose compartment it is in. ``updated`` is when this version was
    stored (ISO, UTC).
    """

    type: str
    id: str
    version: int
    patient: str | None
    body: bytes
    sha: str
    updated: str

    @property
    def ref(self) -> str:
        """``Type/id``."""
        return f"{self.type}/{self.id}"

    @property
    def origin(self) -> Origin:
        """The origin that citations of this version carry."""
        return Origin(self.ref, str(self.version), self.sha)

    def json(self) -> Any:
        """Decode the body, decimals with their digits."""
        return decode(self.body)


class _Name(msgspec.Struct):
    resourceType: str  # noqa: N815
    id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A checked resource to be stored. ``edits`` are what was changed to make ``body`` of what the sender wrote."""

    type: str
    id: str
    body: bytes
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, body: bytes) -> Incoming:
        """Read type and id from the body itself."""
        name = msgspec.json.decode(body, type=_Name)
        return cls(name.resourceType, name.id, body)


@dataclass(frozen=True, slots=True)
class PutReport:
    """What became of a batch.

    ``returned`` names those that equal an older version, which was not made current again.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    returned: tuple[str, ...] = ()

    def __add__(self, other: PutReport) -> PutReport:
        """Add up two batches."""
        return PutReport(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.returned + other.returned,
        )


@dataclass(slots=True)
class _Known:
    """What is stored of one resource: its current row, and the digests of all its versions."""

    pk: int = 0
    version: int = 0
    sha: str = ""
    shas: tuple[str, ...] = ()


class Store:
    """The record of one home folder.

    Parameters
    ----------
    place
        A path for SQLite, or a database URL as SQLAlchemy has them.

    Readers see whole batches only, and never wait for a writer.
    """

    def __init__(self, place: str | Path) -> None:
        self.engine = open_engine(place)
        self.create(_resource, _edits, quarantine, *indexes)

    def create(self, *tables: Table) -> None:
        """Make those tables that do not exist yet."""
        metadata.create_all(self.engine, tables=list(tables))

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction that is the only one writing from its beginning, so that what it reads stays true."""
        with self.engine.begin() as db:
            if db.dialect.name == "sqlite":
                db.exec_driver_sql("BEGIN IMMEDIATE")
            elif db.dialect.name == "postgresql":
                db.execute(select(func.pg_advisory_xact_lock(_WRITER)))
            yield db

    # --- out

    def get(self, type: str, id: str, version: int | None = None) -> Resource | None:
        """Return the current version, or the one named."""
        which = _resource.c.current if version is None else _resource.c.version == version
        found = self._read(_of(type, id).where(which))
        return found[0] if found else None

    def history(self, type: str, id: str) -> list[Resource]:
        """Return all versions, newest first."""
        return self._read(_of(type, id).order_by(_resource.c.version.desc()))

    def patient(self, id: str) -> list[Resource]:
        """Return the current versions of the Patient and all of its compartment, ordered by type and id."""
        query = select(*_COLUMNS).where(_resource.c.patient == id, _resource.c.current)
        return self._read(query.order_by(_resource.c.type, _resource.c.id))

    def of_type(self, type: str, patient: str | None = None) -> list[Resource]:
        """Return the current resources of one type, of all patients or one."""
        query = select(*_COLUMNS).where(_resource.c.type == type, _resource.c.current)
        if patient is not None:
            query = query.where(_resource.c.patient == patient)
        return self._read(query.order_by(_resource.c.id))

    def linked(self, refs: Iterable[str]) -> dict[str, Resource]:
        """Return the current versions of those ``Type/id`` that are stored."""
        found: dict[str, Resource] = {}
        with self.engine.connect() as db:
            for type, ids in _by_type(tuple(ref.split("/", 1)) for ref in refs if "/" in ref):
                which = and_(_resource.c.type == type, _resource.c.id.in_(ids), _resource.c.current)
                for row in db.execute(select(*_COLUMNS).where(which)):
                    each = Resource(*row)
                    found[each.ref] = each
        return found

    def patient_ids(self) -> list[str]:
        """Return the ids of all patients, in order."""
        query = select(_resource.c.id).where(_resource.c.type == "Patient", _resource.c.current)
        with self.engine.connect() as db:
            return list(db.execute(query.order_by(_resource.c.id)).scalars())

    def counts(self) -> dict[str, int]:
        """Return how many current resources there are, by type."""
        query = select(_resource.c.type, func.count()).where(_resource.c.current).group_by(_resource.c.type)
        with self.engine.connect() as db:
            return {row[0]: row[1] for row in db.execute(query.order_by(_resource.c.type))}

    def original(self, type: str, id: str, version: int) -> bytes:
        """Return the bytes of a version as the sender wrote them.

        Raises
        ------
        LookupError
            When there is no such version.
        """
        query = select(_resource.c.body, _edits.c.edits).join_from(
            _resource, _edits, _edits.c.resource == _resource.c.pk, isouter=True
        )
        which = and_(_resource.c.type == type, _resource.c.id == id, _resource.c.version == version)
        with self.engine.connect() as db:
            row = db.execute(query.where(which)).first()
        if row is None:
            raise LookupError(f"No {type}/{id} version {version} in this record.")
        body, edits = row
        return body if edits is None else restore(body, msgspec.msgpack.decode(edits, type=tuple[Edit, ...]))

    def _read(self, query: Select[Any]) -> list[Resource]:
        with self.engine.connect() as db:
            return [Resource(*row) for row in db.execute(query)]

    # --- in

    def put(self, batch: Sequence[Incoming], at: str) -> PutReport:
        """Store checked resources in one transaction, in order.

        A body that is stored already as any version of its resource changes nothing; another becomes the next version.

        Parameters
        ----------
        at
            The instant that the new versions carry (ISO, UTC).
        """
        with self.write() as db:
            return self.put_into(db, batch, at)

    def put_into(self, db: Connection, batch: Sequence[Incoming], at: str) -> PutReport:
        """As `put`, within a transaction of `write`."""
        with _uncollected():
            report = PutReport()
            for some in _distinct(batch):
                report += _put(db, some, at)
            return report


def _distinct(batch: Sequence[Incoming]) -> Iterator[Sequence[Incoming]]:
    """Cut a batch where a resource comes again."""
    first = 0
    seen: set[tuple[str, str]] = set()
    for position, each in enumerate(batch):
        if (each.type, each.id) in seen:
            yield batch[first:position]
            seen.clear()
            first = position
        seen.add((each.type, each.id))
    yield batch[first:]


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep the cyclic garbage collector from going through the rows of a batch while they are made.

    That took a seventh of the time of a load, and rows have no cycles.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _put(db: Connection, batch: Sequence[Incoming], at: str) -> PutReport:
    """Store resources of which no two are the same."""
    known = _known(db, batch)
    pk: int = db.execute(select(func.max(_resource.c.pk))).scalar() or 0
    resources: list[tuple[Any, ...]] = []
    edits: list[tuple[Any, ...]] = []
    searched: list[tuple[int, index.IndexRows]] = []
    superseded: list[int] = []
    returned: list[str] = []
    new = 0
    for each in batch:
        sha = hashlib.sha256(each.body).hexdigest()
        before = known.get((each.type, each.id), _NOTHING)
        if sha in before.shas:
            if sha != before.sha:
                returned.append(f"{each.type}/{each.id}")
            continue
        pk += 1
        rows = index.rows(each.type, decode(each.body))
        resources.append((pk, each.type, each.id, before.version + 1, True, rows.patient, sha, at, each.body))
        searched.append((pk, rows))
        if each.edits:
            edits.append((pk, msgspec.msgpack.encode(each.edits)))
        if before.version:
            superseded.append(before.pk)
        else:
            new += 1
    if superseded:
        _supersede(db, superseded)
    _insert(db, _resource, resources)
    _insert(db, _edits, edits)
    index.add(db, searched)
    return PutReport(new, len(resources) - new, len(batch) - len(resources), tuple(returned))


_NOTHING: Final = _Known()


def _known(db: Connection, batch: Sequence[Incoming]) -> dict[tuple[str, str], _Known]:
    found: dict[tuple[str, str], _Known] = {}
    for type, ids in _by_type((each.type, each.id) for each in batch):
        for pk, id, version, current, sha in _versions(db, type, ids):
            known = found.setdefault((type, id), _Known())
            known.shas += (sha,)
            if current:
                known.pk, known.version, known.sha = pk, version, sha
    return found


def _versions(db: Connection, type: str, ids: list[str]) -> Iterable[Sequence[Any]]:
    """Return number, id, version, currency and digest of all versions of some resources."""
    sql = _lookup(db.dialect)
    if sql is None:
        found = db.execute(select(*_VERSION).where(_resource.c.type == type, _resource.c.id.in_(ids)))
    else:
        found = db.exec_driver_sql(sql, (type, *ids, *ids[-1:] * (_AT_ONCE - len(ids))))
    return cast("Iterable[Sequence[Any]]", found)


@cache
def _lookup(dialect: Dialect) -> str | None:
    """Return a query for `_AT_ONCE` resources as text: writing an IN list anew for each takes longer than the query."""
    ids = [bindparam(f"id_{number}", type_=String()) for number in range(_AT_ONCE)]
    query = select(*_VERSION).where(_resource.c.type == bindparam("type"), _resource.c.id.in_(ids))
    compiled = query.compile(dialect=dialect)
    return str(compiled) if compiled.positional else None


def _supersede(db: Connection, pks: list[int]) -> None:
    """Take versions out of the search index, and mark them as past."""
    for some in _chunks(pks):
        query = select(_resource.c.pk, _resource.c.type, _resource.c.body).where(_resource.c.pk.in_(some))
        index.remove(db, [(pk, index.rows(type, decode(body))) for pk, type, body in db.execute(query)])
        db.execute(update(_resource).where(_resource.c.pk.in_(some)).values(current=False))


def _insert(db: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows given in the order of the table's columns."""
    if not rows:
        return
    compiled = insert(table).compile(dialect=db.dialect)
    if compiled.positional:  # tuples skip what SQLAlchemy does for each row, which takes as long as the insertion
        db.exec_driver_sql(str(compiled), rows)
    else:
        db.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in rows])


def _of(type: str, id: str) -> Select[Any]:
    return select(*_COLUMNS).where(_resource.c.type == type, _resource.c.id == id)


def _by_type(names: Iterable[Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    """Group (type, id) by type, in lists short enough for a query."""
    grouped: dict[str, dict[str, None]] = {}
    for type, id in names:
        grouped.setdefault(type, {})[id] = None
    for type, ids in grouped.items():
        for some in _chunks(list(ids)):
            yield type, some


def _chunks(values: list[_T]) -> Iterator[list[_T]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))

"""One run of a load: the pieces of its inputs on their way to the store or to quarantine, and the counts.

Every piece of every input ends as new, changed, same or quarantined, and the report adds up. Resources are stored a
batch at a time, each in one transaction with what was quarantined meanwhile: a process that is killed leaves whole
batches, and loading again completes them.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

import msgspec

from bogam.record import quarantine, references
from bogam.record.piece import Close, Damage, Entry, Open, Piece, Place, Sample, Value
from bogam.record.quarantine import Quarantined, Reject
from bogam.record.r4.check import CheckError, check
from bogam.record.reader import Input, Reader, Refused
from bogam.record.split import split
from bogam.record.spool import Spool, Waiting
from bogam.record.store import Incoming, PutReport, Store
from bogam.record.unpack import layer

_BATCH: Final = 1000
_BATCH_BYTES: Final = 8 << 20
_NESTED: Final = 4
"""How deep Bundles may stand in Bundles."""
_PATIENCE: Final = 100_000
"""After so many refused in a row, the rest of an input is not read."""
_ELEMENTS: Final = 500_000
"""Values in one resource: each costs some hundred bytes of memory once decoded."""
_TOO_MANY: Final = f"more than {_ELEMENTS:,} elements"
_SMALL: Final = 1 << 20
_TOLD: Final = 100
_PROGRESS_S: Final = 0.1
_PAST: Final = "from a history Bundle, which lists past versions: search for the current ones and load those"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load has come. ``total`` is None for a pipe; both count bytes of the source as it is stored."""

    done: int
    total: int | None
    resources: int
    input: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a source.

    ``read`` counts its pieces: resources, and whatever was there instead of one. It is the sum of ``new``, ``changed``
    (stored as a new version), ``same`` (stored before) and ``quarantined``. ``unresolved`` counts the references to
    entries of a Bundle that does not have them; they are stored as they are. ``warnings`` are sentences, at most a
    hundred.
    """

    read: int
    new: int
    changed: int
    same: int
    quarantined: int
    seconds: float
    inputs: int
    unresolved: int = 0
    warnings: tuple[str, ...] = ()


class _Request(msgspec.Struct):
    method: str | None = None
    url: str | None = None


class _Entry(msgspec.Struct):
    fullUrl: str | None = None  # noqa: N815
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: _Request | None = None


class _Head(msgspec.Struct):
    resourceType: Any = None  # noqa: N815
    id: Any = None


class _Entries(msgspec.Struct):
    entry: list[msgspec.Raw] = msgspec.field(default_factory=list[msgspec.Raw])


_entry: Final = msgspec.json.Decoder(_Entry)
_head: Final = msgspec.json.Decoder(_Head)
_entries: Final = msgspec.json.Decoder(_Entries)
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,60}")
_NO_REQUEST: Final = _Request()
_NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Hopeless(Exception):
    """Too much of an input is refused to go on with it."""


class _Bundle:
    """A Bundle that is being read."""

    def __init__(self, kind: str | None) -> None:
        self.kind = kind
        self.scope = references.Scope()
        self.spool = Spool()


class Intake:
    """One run: the batch that is being filled, and the counts so far."""

    def __init__(self, store: Store, progress: Callable[[Progress], None] | None, reader: Reader | None) -> None:
        self._store = store
        self._progress = progress
        self._reader = reader
        self._began = time.monotonic()
        self._told = self._began
        self._origin = ""
        self._batch: list[Incoming] = []
        self._bytes = 0
        self._rejects: list[Reject] = []
        self._put = PutReport()
        self._read = self._quarantined = self._inputs = self._unresolved = 0
        self._failing = 0
        self._retrying = False
        """What is retried goes in or stays as one, however large it is."""
        self._warnings: dict[str, None] = {}

    # --- an input

    def take(self, found: Input | Refused) -> None:
        """Take one input to its end."""
        self._origin, self._inputs, self._failing = found.name, self._inputs + 1, 0
        if isinstance(found, Refused):
            self._refuse("", Sample.of(b""), found.reason)
            return
        before = self._read
        try:
            self._pieces(split(found.stream, found.name), "", 0)
        except _Hopeless as last:
            reason = f"the {_PATIENCE:,} pieces before this were all refused: the rest of the input is not read"
            self._refuse(f"after {last}", Sample.of(b""), reason)
        if self._read == before:
            self.warn(f"{found.name}: there is no resource in it.")
        self._tell(force=True)

    def _pieces(self, pieces: Iterable[Piece], within: str, depth: int) -> None:
        bundle: _Bundle | None = None
        try:
            for piece in pieces:
                if isinstance(piece, Entry) and bundle is not None:
                    self._entry(bundle, piece, within)
                elif isinstance(piece, Damage):
                    self._refuse(_at(piece.place, within), piece.sample, piece.reason)
                elif isinstance(piece, Open):
                    bundle = _Bundle(piece.type)
                elif isinstance(piece, Close) and bundle is not None:
                    closing, bundle = bundle, None
                    self._close(closing, piece.type, depth)
                elif isinstance(piece, Value):
                    self._value(piece.raw, _at(piece.place, within), depth)
                self._tell()
        except _Hopeless:
            if bundle is not None:
                self._failing = 0
                self._close(bundle, None, depth)
            raise

    def _value(self, raw: bytes, place: str, depth: int) -> None:
        """Take a resource that stands alone, or a Bundle that was not cut."""
        head = self._head(raw, place)
        if head is None:
            return
        if head.resourceType == "Bundle":
            self._nested(raw, place, depth)
            return
        kind = head.resourceType if isinstance(head.resourceType, str) else ""
        id = references.name(kind, None, None, hashlib.sha256(raw).hexdigest()) if kind and head.id is None else ""
        self._resource(raw, id, None, place)

    def _nested(self, raw: bytes, place: str, depth: int) -> None:
        if depth >= _NESTED:
            self._refuse(place, Sample.of(raw), f"a Bundle within {_NESTED} others is not opened")
            return
        pieces = split(layer(io.BytesIO(raw).read))
        first = next(pieces)
        if isinstance(first, Open):
            self._pieces(chain((first,), pieces), place, depth + 1)
            return
        if _too_many(raw):
            self._refuse(place, Sample.of(raw), _TOO_MANY)
            return
        try:
            entries = _entries.decode(raw).entry
        except _NOT_JSON as error:
            self._refuse(place, Sample.of(raw), _sentence(error))
            return
        if not entries and depth:
            self.warn(f"{self._origin}, {place}: a Bundle without entries.")
        opened = (Open(None, Place(0)), *(Entry(bytes(each), Place(0, entry=n)) for n, each in enumerate(entries)))
        self._pieces((*opened, Close(None)), place, depth + 1)

    def _entry(self, bundle: _Bundle, piece: Entry, within: str) -> None:
        """Name an entry, and keep it until all of its Bundle is named."""
        place = _at(piece.place, within)
        reason = ""
        try:
            entry = _entry.decode(piece.raw)
        except _NOT_JSON as error:
            self._refuse(place, Sample.of(piece.raw), _sentence(error))
            return
        raw, request = bytes(entry.resource), entry.request or _NO_REQUEST
        if request.method in ("DELETE", "PATCH"):
            reason = f"asks for {request.method} of {request.url}, and only whole resources are taken"
        elif raw in (b"", b"null"):
            reason = "an entry without a resource"
        elif piece.raw.count(b'"resource"') > 1 and _twice(piece.raw):
            reason = "an entry with two resources"
        if reason:
            self._refuse(place, Sample.of(piece.raw), reason)
            return
        head = self._head(raw, place)
        if head is None:
            return
        kind = head.resourceType if isinstance(head.resourceType, str) and _TYPE.fullmatch(head.resourceType) else ""
        id = head.id if isinstance(head.id, str) and references.ID.fullmatch(head.id) else ""
        given = ""
        if kind and head.id is None:
            url = request.url if request.method == "PUT" else None
            id = given = references.name(kind, entry.fullUrl, url, hashlib.sha256(raw).hexdigest())
        if entry.fullUrl and kind and id:
            bundle.scope.add(entry.fullUrl, f"{kind}/{id}")
        bundle.spool.add(Waiting(raw, given, kind, place))

    def _close(self, bundle: _Bundle, kind: str | None, depth: int) -> None:
        """Take the entries of a Bundle, whose names are known now."""
        kind = kind or bundle.kind
        for each in bundle.spool.drain():
            if kind == "history":
                reason = _PAST
                self._refuse(each.place, Sample.of(each.raw), reason)
            elif each.kind == "Bundle":
                self._nested(each.raw, each.place, depth)
            else:
                self._resource(each.raw, each.id, bundle.scope, each.place)
            self._tell()
        bundle.scope.close()

    def _head(self, raw: bytes, place: str) -> _Head | None:
        try:
            return _head.decode(raw)
        except _NOT_JSON as error:
            self._refuse(place, Sample.of(raw), _sentence(error))
            return None

    # --- a resource

    def _resource(self, raw: bytes, id: str, scope: references.Scope | None, place: str) -> None:
        if _too_many(raw):
            self._refuse(place, Sample.of(raw), _TOO_MANY)
            return
        body, edits, lost = references.rewrite(raw, scope, id)
        try:
            checked = check(body)
        except CheckError as error:
            self._reject(Reject(self._origin, place, tuple(error.problems), Sample.of(raw), body if edits else None))
            return
        self._read += 1
        self._failing = 0
        self._batch.append(Incoming(checked.type, checked.id or id, body, edits))
        self._bytes += len(body)
        for url in lost:
            self._unresolved += 1
            self.warn(f"{self._origin}, {place}: refers to {url}, which its Bundle does not have.")
        self._flush_when_full()

    def _refuse(self, place: str, sample: Sample, reason: str) -> None:
        self._reject(Reject(self._origin, place, (("", reason),), sample))

    def _reject(self, reject: Reject) -> None:
        self._read += 1
        self._quarantined += 1
        self._failing += 1
        self._rejects.append(reject)
        self._bytes += len(reject.sample.head)
        self._flush_when_full()
        if self._failing == _PATIENCE:
            raise _Hopeless(reject.place)

    def again(self, kept: Quarantined, replacement: bytes | None) -> None:
        """Take something out of quarantine, if it passes now."""
        self._origin, self._inputs, self._failing = kept.origin, self._inputs + 1, 0
        self._retrying = True
        before = self._read - self._quarantined
        if replacement is None and kept.reason == _PAST:
            self._refuse(kept.place, Sample.of(b""), _PAST)
        elif kept.whole or replacement is not None:
            self._value(replacement or kept.body or kept.raw, kept.place, 0)
        else:
            self._refuse(kept.place, Sample.of(b""), kept.reason)
        if self._read - self._quarantined == before:
            problems, self._rejects = self._rejects[0].problems, []
            with self._store.write() as db:
                quarantine.refused_again(db, kept.id, problems)
            return
        if len(self._batch) == 1 and replacement is None:
            self._batch[0] = replace(self._batch[0], edits=references.difference(self._batch[0].body, kept.raw))
        self._flush(taken=kept.id)

    # --- the batch

    def _flush_when_full(self) -> None:
        full = len(self._batch) + len(self._rejects) >= _BATCH or self._bytes >= _BATCH_BYTES
        if full and not self._retrying:
            self._flush()

    def _flush(self, taken: int | None = None) -> None:
        if not self._batch and not self._rejects:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._store.write() as db:
            put = self._store.put_into(db, self._batch, at)
            quarantine.add(db, self._rejects, at)
            if taken is not None:
                quarantine.taken(db, taken)
        self._put += replace(put, returned=())
        for ref in put.returned:
            self.warn(f"{ref} was sent again as an older version of it; the newer one stays current.")
        self._batch.clear()
        self._rejects.clear()
        self._bytes = 0

    def warn(self, sentence: str) -> None:
        """Say something in the report, once."""
        if len(self._warnings) < _TOLD:
            self._warnings[sentence] = None

    def _tell(self, *, force: bool = False) -> None:
        if self._progress is None or self._reader is None:
            return
        now = time.monotonic()
        if force or now - self._told > _PROGRESS_S:
            self._told = now
            meter = self._reader.meter
            self._progress(Progress(meter.done, meter.total, self._read, self._origin))

    def report(self) -> LoadReport:
        """Store what is left, and add up."""
        self._flush()
        return LoadReport(
            read=self._read,
            new=self._put.new,
            changed=self._put.changed,
            same=self._put.same,
            quarantined=self._quarantined,
            seconds=time.monotonic() - self._began,
            inputs=self._inputs,
            unresolved=self._unresolved,
            warnings=tuple(self._warnings),
        )


def _too_many(raw: bytes) -> bool:
    return len(raw) > _SMALL and raw.count(b",") + raw.count(b"{") + raw.count(b"[") > _ELEMENTS


def _at(place: Place, within: str) -> str:
    return f"{within}, {place}" if within else str(place)


def _sentence(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return str(error)


def _twice(raw: bytes) -> bool:
    """Whether the object itself, not one within it, has two members called resource."""
    names: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        names[:] = [name for name, _ in pairs]

    try:
        json.loads(raw, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        return False
    return names.count("resource") > 1

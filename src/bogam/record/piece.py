"""What a stream of JSON is cut into, and where each piece stood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

LARGEST: Final = 24 << 20
"""Bytes of the largest resource that is taken, with an attachment of 18 MB. Several copies of it exist at a time."""
TOO_LARGE: Final = f"larger than {LARGEST >> 20} MB"
_KEPT: Final = 4096
"""Bytes kept of each end of what is larger."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an input: byte offset from 0, line from 1 (NDJSON), entry index from 0 (Bundle)."""

    offset: int
    line: int | None = None
    entry: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"line {self.line}"
        return f"byte {self.offset}" if self.entry is None else f"entry {self.entry}, byte {self.offset}"


@dataclass(frozen=True, slots=True)
class Sample:
    """Bytes, or the two ends of them when they are too many to keep."""

    head: bytes
    tail: bytes
    size: int
    sha: str

    @classmethod
    def of(cls, raw: bytes) -> Sample:
        """Keep all of ``raw``."""
        return cls(raw, b"", len(raw), hashlib.sha256(raw).hexdigest())

    @property
    def whole(self) -> bool:
        """Whether ``head`` is all of it."""
        return self.size == len(self.head)


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON text that is no Bundle with entries."""

    raw: bytes
    place: Place


@dataclass(frozen=True, slots=True)
class Open:
    """A Bundle begins. ``type`` is None when it stands after the entries."""

    type: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of Bundle.entry."""

    raw: bytes
    place: Place


@dataclass(frozen=True, slots=True)
class Close:
    """The Bundle ends, or what there is of it."""

    type: str | None


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no resource."""

    sample: Sample
    place: Place
    reason: str


Piece = Value | Open | Entry | Close | Damage


class Held:
    """Bytes collected across blocks, at most `LARGEST` of them; of more, the ends and the digest."""

    __slots__ = ("_hash", "_limit", "_size", "_tail", "buffer", "offset")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.clear()

    def clear(self) -> None:
        self.buffer = bytearray()
        self.offset = 0
        self._size = 0
        self._tail = b""
        self._hash: Any = None

    def add(self, data: bytes, offset: int) -> None:
        if not data:
            return
        if not self._size:
            self.offset = offset
        self._size += len(data)
        if self._hash is None and self._size <= self._limit:
            self.buffer += data
            return
        if self._hash is None:
            self._hash = hashlib.sha256(self.buffer)
            self._tail = bytes(self.buffer[-_KEPT:])
            self.buffer = self.buffer[:_KEPT]
        self._hash.update(data)
        self._tail = (self._tail + data[-_KEPT:])[-_KEPT:]

    def __len__(self) -> int:
        return self._size

    @property
    def over(self) -> bool:
        return self._hash is not None

    def sample(self) -> Sample:
        if self._hash is None:
            return Sample.of(bytes(self.buffer))
        return Sample(bytes(self.buffer), self._tail, self._size, self._hash.hexdigest())

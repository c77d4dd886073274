"""The entries of a Bundle between reading and storing: in memory while they are few, else in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final

import msgspec

_IN_MEMORY: Final = 16 << 20
_LENGTH: Final = 4


class Waiting(msgspec.Struct, array_like=True):
    """An entry that waits for the end of its Bundle. ``id`` is the one to put in, empty where the sender gave one."""

    raw: bytes
    id: str
    kind: str
    place: str


class Spool:
    """Keeps entries in order. Its memory does not grow with them."""

    def __init__(self) -> None:
        self._few: list[Waiting] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def add(self, each: Waiting) -> None:
        """Keep one more."""
        self._few.append(each)
        self._size += len(each.raw)
        if self._size > _IN_MEMORY:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115
            for one in self._few:
                packed = msgspec.msgpack.encode(one)
                self._file.write(len(packed).to_bytes(_LENGTH, "big") + packed)
            self._few.clear()
            self._size = 0

    def drain(self) -> Iterator[Waiting]:
        """Give them all, in order, and let go of them."""
        if self._file is not None:
            self._file.seek(0)
            while length := self._file.read(_LENGTH):
                yield msgspec.msgpack.decode(self._file.read(int.from_bytes(length, "big")), type=Waiting)
            self._file.close()
        few, self._few = self._few, []
        yield from few

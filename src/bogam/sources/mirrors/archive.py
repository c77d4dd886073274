"""What a publisher packs: members of a ZIP as bounded streams, so that a small file cannot fill memory or disk."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile

from bogam.sources.mirrors import BadFile

_ZIP: Final = b"PK\x03\x04"
_DAMAGED: Final = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged, encrypted or strangely packed ZIP raises."""


class Bounded:
    """A stream that gives at most ``most`` bytes since it was last renewed: one record, one document.

    Raises
    ------
    BadFile
        When there is more, or when it is damaged.
    """

    def __init__(self, stream: IO[bytes], most: int, name: str) -> None:
        self._stream, self._most, self._name = stream, most, name
        self._taken = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; all that are left for a negative ``size``."""
        wanted = self._most - self._taken + 1
        try:
            part = self._stream.read(wanted if size < 0 else min(size, wanted))
        except _DAMAGED as error:
            raise BadFile(f"{self._name} is damaged ({error}). Download it again.") from error
        self._taken += len(part)
        if self._taken > self._most:
            raise BadFile(f"{self._name} holds one record of more than {self._most >> 20} MB, which is not read.")
        return part

    def renew(self) -> None:
        """Begin to count anew."""
        self._taken = 0


def members(path: Path, ending: str | tuple[str, ...], most: int) -> Iterator[tuple[str, Bounded, Callable[[], int]]]:
    """Open a file, or in turn the members of a ZIP whose names end in ``ending``.

    Yields
    ------
    name, stream, done
        ``done()`` says how many bytes of the file were read so far.

    Raises
    ------
    BadFile
        When it is a ZIP that cannot be read.
    """
    with path.open("rb") as raw:
        packed = raw.read(4) == _ZIP
        raw.seek(0)
        if not packed:
            yield path.name, Bounded(raw, most, path.name), raw.tell
            return
        for name, stream in inside(raw, path.name, ending, most):
            yield name, stream, raw.tell


def inside(packed: IO[bytes], name: str, ending: str | tuple[str, ...], most: int) -> Iterator[tuple[str, Bounded]]:
    """Open in turn the members of a ZIP whose names end in ``ending``. Raises `BadFile` for one that cannot be read."""
    try:
        archive = ZipFile(packed)
    except _DAMAGED as error:
        raise BadFile(f"{name} is no ZIP that can be read ({error}). Download it again.") from error
    with archive:
        for info in archive.infolist():
            if info.is_dir() or not info.filename.lower().endswith(ending):
                continue
            try:
                stream = archive.open(info)
            except _DAMAGED as error:
                raise BadFile(f"{info.filename} in {name} cannot be read ({error}). Download it again.") from error
            with stream:
                yield info.filename, Bounded(stream, most, f"{info.filename} in {name}")


def whole(stream: Bounded) -> io.BytesIO:
    """Return all of a stream in memory; it is bounded."""
    return io.BytesIO(stream.read())

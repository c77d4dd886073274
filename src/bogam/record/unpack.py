"""Archives read forwards, in pieces, with bounded memory, whatever their headers claim."""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Protocol

BUFFER: Final = 1 << 20
_RATIO: Final = 200
"""FHIR as JSON packs 10 to 60 times; only a text that repeats itself for a gigabyte passes 200."""
_ALWAYS: Final = 1 << 30
"""Bytes that may come out of one archive before its ratio is looked at."""
HEADER: Final = 256 << 10
"""Bytes of headers that one tar member may have."""
_DIRECTORY: Final = 8 << 20
"""Bytes of a zip's central directory: some 60,000 members."""
_XZ_MEMORY: Final = 96 << 20
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


class Damaged(Exception):
    """The bytes stop making sense here. The message is one sentence."""


@dataclass(slots=True)
class Meter:
    """How many bytes of the source are read, and how many came out of its archives."""

    total: int | None = None
    """Bytes of the whole source; None for a pipe."""
    done: int = 0
    taken: int = 0
    made: int = 0

    def begin(self) -> None:
        """Start a new file: expansion is looked at file by file."""
        self.taken = self.made = 0

    def add(self, count: int) -> None:
        """Count what an archive expanded to.

        Raises
        ------
        Damaged
            When that is more than an honest archive would give.
        """
        self.made += count
        if self.made > _ALWAYS and self.made > _RATIO * self.taken:
            raise Damaged(
                f"the archive expands to more than {_RATIO} times its size; unpack it by hand if you trust its sender"
            )


ERRORS: Final = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,
    RecursionError,
    RuntimeError,  # zipfile: encrypted
    ValueError,  # zipfile and tarfile: numbers and names out of range
)


class _Layer(io.RawIOBase):
    """Bytes from ``read``, in whole buffers. What was read before an error is given out before the error is raised."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._error: Damaged | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        if self._error is not None:
            raise self._error
        view, filled = memoryview(buffer), 0
        while filled < len(view):
            try:
                data = self._read(len(view) - filled)
            except Damaged as error:
                self._error = error
            except ERRORS as error:
                self._error = Damaged(sentence(error))
            else:
                view[filled : filled + len(data)] = data
                filled += len(data)
                if data:
                    continue
            break
        if self._error is not None and not filled:
            raise self._error
        return filled


def sentence(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "the data ends too early"
    if isinstance(error, NotImplementedError):
        return "compressed by a method that is not read here: pack it with deflate"
    if isinstance(error, RuntimeError) and "encrypted" in str(error):
        return "encrypted: unpack it with its password first"
    return f"cannot be read: {str(error) or type(error).__name__}"


def layer(read: Callable[[int], bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Layer(read), BUFFER)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib with the interface that bz2 and lzma have."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _xz() -> _Decompressor:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


COMPRESSED: Final[tuple[tuple[bytes, Callable[[], _Decompressor]], ...]] = (
    (b"\x1f\x8b", _Gzip),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", _xz),
)


class Decompressed:
    """What a compressed stream holds, one or several members of it."""

    def __init__(
        self, source: io.BufferedReader, magic: bytes, make: Callable[[], _Decompressor], meter: Meter
    ) -> None:
        self._source, self._magic, self._make, self._meter = source, magic, make, meter
        self._inner = make()

    def read(self, size: int) -> bytes:
        while True:
            data = b""
            if self._inner.eof:
                data = self._inner.unused_data.lstrip(b"\0") or self._source.read1(BUFFER).lstrip(b"\0")
                if not data and not self._source.peek(1):
                    return b""
                if data and not data.startswith(self._magic[: len(data)]):
                    raise Damaged("there are other bytes after the end of the compressed data")
                self._inner = self._make()
            elif self._inner.needs_input:
                data = self._source.read1(64 << 10)
                if not data:
                    raise EOFError
            out = self._inner.decompress(data, size)
            if out:
                self._meter.add(len(out))
                return out


class Forward(io.RawIOBase):
    """A stream that tarfile can work on without going back, and without reading a header of gigabytes into memory."""

    def __init__(self, source: io.BufferedReader) -> None:
        self._source, self._at = source, 0
        self.header: int | None = HEADER

    def read(self, size: int = -1, /) -> bytes:
        if self.header is not None:
            self.header -= size
            if size < 0 or self.header < 0:
                raise Damaged(f"a tar header is larger than {HEADER >> 10} kB")
        data = self._source.read1(size)
        while self.header is not None and len(data) < size and (more := self._source.read1(size - len(data))):
            data += more
        self._at += len(data)
        return data

    def member(self, info: tarfile.TarInfo) -> Callable[[int], bytes]:
        """Return the ``read`` of one member. What there is of a truncated one is read before the error."""
        self.seek(info.offset_data)

        def read(size: int) -> bytes:
            left = info.offset_data + info.size - self._at
            data = self.read(min(size, left)) if left > 0 else b""
            if left > 0 and not data:
                raise EOFError
            return data

        return read

    def tell(self) -> int:
        return self._at

    def seek(self, target: int, whence: int = 0, /) -> int:
        if whence != 0 or target < self._at:
            raise Damaged("a tar header points backwards")
        while self._at < target:
            data = self._source.read1(min(BUFFER, target - self._at))
            if not data:
                raise EOFError
            self._at += len(data)
        return self._at


class Limited(io.RawIOBase):
    """A file that refuses to be read in one piece larger than an honest zip directory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(_DIRECTORY + 1 if size < 0 or size > _DIRECTORY else size)
        if len(data) > _DIRECTORY:
            raise Damaged(f"its directory is larger than {_DIRECTORY >> 20} MB: unpack it and load the folder")
        return data

    def seek(self, target: int, whence: int = 0, /) -> int:
        return self._file.seek(target, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"


def tar_reason(info: tarfile.TarInfo) -> str:
    if _escapes(info.name):
        return "its name leads out of the archive"
    if info.issym() or info.islnk():
        return "a link within an archive is not followed"
    if info.issparse():
        return "a sparse file within a tar is not read"
    if not (info.isreg() or info.isdir()):
        return "neither a file nor a folder"
    return ""


def zip_reason(info: zipfile.ZipInfo) -> str:
    if _escapes(info.filename):
        return "its name leads out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link within an archive is not followed"
    if info.flag_bits & 1:
        return "encrypted: unpack it with its password first"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        return "compressed by a method that is not read here: pack it with deflate"
    return ""

"""Where records come in: a file, a folder, gzip, bzip2, xz, tar, zip or standard input, as a stream of named inputs.

Nothing is unpacked to disk under a name from an archive, so such names can do no harm; one that points out of its
archive is refused all the same, because nobody meant it. An archive that expands to more than a gigabyte and 200 times
its size is stopped.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bogam.record.unpack import (
    BUFFER,
    COMPRESSED,
    ERRORS,
    HEADER,
    ZIP,
    Damaged,
    Decompressed,
    Forward,
    Limited,
    Meter,
    layer,
    sentence,
    tar_reason,
    zip_reason,
)

_LAYERS: Final = 5
"""A zip of tar.gz of json.gz: zip, gzip, tar, gzip, and one to spare."""
_ARCHIVES: Final = 2
_SPOOLED: Final = 4 << 30
"""Bytes of a zip that comes by a pipe or within a tar. It is kept aside first: its directory stands at its end."""


@dataclass(frozen=True, slots=True)
class Input:
    """One stream of text. ``stream`` can be read once, forwards, until the next input is asked for."""

    name: str
    stream: io.BufferedReader


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not read, and why."""

    name: str
    reason: str


class Reader:
    """Reads one source.

    Parameters
    ----------
    source
        A path of a file or folder, an open binary file, or the bytes themselves.
    name
        What to call it; the file's or folder's own name when left out.
    """

    def __init__(self, source: Path | BinaryIO | bytes, name: str = "") -> None:
        self.meter = Meter()
        self._source = source
        self.name = _shown(name or (source.name if isinstance(source, Path) else "") or "input")

    def inputs(self) -> Iterator[Input | Refused]:
        """Give every stream of text in the source, and whatever is not read, in a stable order."""
        source = self._source
        if isinstance(source, bytes):
            self.meter.total = len(source)
            yield from self._file(self.name, io.BytesIO(source))
        elif not isinstance(source, Path):
            yield from self._file(self.name, source)
        elif source.is_dir():
            yield from self._folder(source)
        else:
            self.meter.total = source.stat().st_size if source.is_file() else None
            with source.open("rb") as file:
                yield from self._file(self.name, file)

    def _folder(self, folder: Path) -> Iterator[Input | Refused]:
        unread: list[OSError] = []
        self.meter.total = sum(path.stat().st_size for path in _walk(folder, unread) if path.is_file())
        for error in unread:
            yield Refused(_shown(os.path.relpath(error.filename, folder)), f"cannot be read: {error.strerror}")
        for path in _walk(folder, []):
            name = _shown(path.relative_to(folder).as_posix())
            try:
                mode = path.stat().st_mode
                if stat.S_ISDIR(mode):
                    yield Refused(name, "a link to a folder is not followed: load that folder itself")
                elif not stat.S_ISREG(mode):
                    yield Refused(name, "neither a file nor a folder")
                else:
                    with path.open("rb") as file:
                        yield from self._file(name, file)
            except OSError as error:
                yield Refused(name, f"cannot be read: {error.strerror}")

    def _file(self, name: str, file: BinaryIO) -> Iterator[Input | Refused]:
        self.meter.begin()

        def read(size: int) -> bytes:
            data = file.read(size)
            self.meter.done += len(data)
            self.meter.taken += len(data)
            return data

        if file.seekable():
            head = file.read(4)
            file.seek(0)
            if head in ZIP:
                yield from self._zip(name, file, layers=1, archives=1)
                return
        yield from self._unfold(name, layer(read), layers=0, archives=0)

    def _unfold(self, name: str, stream: io.BufferedReader, layers: int, archives: int) -> Iterator[Input | Refused]:
        try:
            head = stream.peek(512)
        except Damaged as damage:
            yield Refused(name, str(damage))
            return
        for magic, make in COMPRESSED:
            if head.startswith(magic):
                if layers >= _LAYERS:
                    yield Refused(name, "packed too many times over: unpack it by hand")
                    return
                inner = layer(Decompressed(stream, magic, make, self.meter).read)
                yield from self._unfold(name, inner, layers + 1, archives)
                return
        packed = head[257:262] == b"ustar" or head.startswith(ZIP)
        if packed and archives >= _ARCHIVES:
            yield Refused(name, "an archive within an archive within an archive is not read: unpack it by hand")
        elif head[257:262] == b"ustar":
            yield from self._tar(name, stream, layers + 1, archives + 1)
        elif packed:
            yield from self._spooled_zip(name, stream, layers + 1, archives + 1)
        else:
            yield Input(name, stream)

    def _tar(self, name: str, stream: io.BufferedReader, layers: int, archives: int) -> Iterator[Input | Refused]:
        forward = Forward(stream)
        try:
            with tarfile.open(fileobj=forward, mode="r:") as tar:  # pyright: ignore[reportArgumentType]
                while (info := tar.next()) is not None:
                    tar.members.clear()  # type: ignore[attr-defined]  # or it would remember every member
                    if len(tar.pax_headers) > 1000:
                        raise Damaged("the tar has more than 1,000 global headers")
                    forward.header = None
                    member = f"{name}!{_shown(info.name)}"
                    if reason := tar_reason(info):
                        yield Refused(member, reason)
                    elif info.isreg():
                        yield from self._unfold(member, layer(forward.member(info)), layers, archives)
                    forward.header = HEADER
        except Damaged as damage:
            yield Refused(name, f"the archive is read no further: {damage}")
        except ERRORS as error:
            yield Refused(name, f"the archive is read no further: {sentence(error)}")

    def _spooled_zip(
        self, name: str, stream: io.BufferedReader, layers: int, archives: int
    ) -> Iterator[Input | Refused]:
        with tempfile.TemporaryFile() as spool:
            try:
                while (data := stream.read1(BUFFER)) and spool.tell() <= _SPOOLED:
                    spool.write(data)
            except Damaged as damage:
                yield Refused(name, str(damage))
                return
            if spool.tell() > _SPOOLED:
                yield Refused(name, f"a zip of more than {_SPOOLED >> 30} GB must be a file of its own")
                return
            yield from self._zip(name, spool, layers, archives)

    def _zip(self, name: str, file: BinaryIO, layers: int, archives: int) -> Iterator[Input | Refused]:
        size = file.seek(0, os.SEEK_END)
        start = self.meter.done
        self.meter.taken = max(self.meter.taken, size if archives == 1 else 0)
        try:
            with zipfile.ZipFile(Limited(file)) as archive:  # pyright: ignore[reportArgumentType]
                for info in archive.infolist():
                    member = f"{name}!{_shown(info.filename)}"
                    if reason := zip_reason(info):
                        yield Refused(member, reason)
                    elif not info.is_dir():
                        yield from self._member(archive, info, member, layers, archives)
                    if archives == 1:
                        self.meter.done = min(start + size, self.meter.done + info.compress_size)
        except Damaged as damage:
            yield Refused(name, f"the archive is read no further: {damage}")
        except ERRORS as error:
            yield Refused(name, f"the archive is read no further: {sentence(error)}")

    def _member(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, layers: int, archives: int
    ) -> Iterator[Input | Refused]:
        try:
            file = archive.open(info)
        except ERRORS as error:
            yield Refused(name, sentence(error))
            return

        def read(count: int) -> bytes:
            data = file.read1(count) if isinstance(file, zipfile.ZipExtFile) else b""
            self.meter.add(len(data))
            return data

        with file:
            yield from self._unfold(name, layer(read), layers, archives)
        self.meter.add(0)


def _walk(folder: Path, unread: list[OSError]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, onerror=unread.append):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        yield from (Path(root, name) for name in sorted(files + links))


def _shown(name: str) -> str:
    """Replace what is no character: names of files need not be UTF-8."""
    return name.encode("utf-8", "replace").decode()

"""Studies in the files that ClinicalTrials.gov offers, read one at a time however long the file is."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from bogam.sources.mirrors import BadFile

_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 16
_LARGEST: Final = 64 << 20
"""Characters of one study; the largest have a few millions."""
_NEAR_END: Final = 32


def studies(path: Path) -> Iterator[tuple[str, Any]]:
    """Return the studies of a file with their place; a text that says why, for what is no JSON.

    The file is a zip of such files, a list of studies, a page of the API (``{"studies": [...]}``), one study, or one
    study a line; packed with gzip or not.

    Raises
    ------
    BadFile
        When it is none of these, or damaged.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            endings = (".json", ".ndjson", ".jsonl")
            members = [each for each in packed.infolist() if each.filename.lower().endswith(endings)]
            if not members:
                raise BadFile(f"{path.name} holds no JSON files.")
            for member in members:
                with packed.open(member) as file:
                    yield from ((f"{member.filename}, {place}", study) for place, study in _values(file, path))
        return
    with _opened(path) as file:
        yield from _values(file, path)


@contextmanager
def _opened(path: Path) -> Generator[IO[bytes]]:
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        yield cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=file))) if packed else file


def _values(file: IO[bytes], path: Path) -> Iterator[tuple[str, Any]]:
    stream = _Stream(file, path)
    first = stream.peek()
    if first == "[":
        stream.drop()
    elif first != "{":
        raise BadFile(f"{path.name} is no JSON.")
    else:
        stream.enter_list("studies")
    at = 0
    while stream.peek() not in ("", "]"):
        at += 1
        try:
            value = stream.value()
        except ValueError as error:
            value = f"No JSON: {error}."
            stream.drop_line()
        yield f"study {at}", value


class _Stream:
    """JSON values of a long text, with no more of it in memory than one value needs."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = io.TextIOWrapper(file, "utf-8-sig", "replace")
        self._path = path
        self._text, self._at = "", 0
        self._json = json.JSONDecoder()

    def peek(self) -> str:
        """Return the next character that is neither space nor comma; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n,":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def drop(self) -> None:
        """Go on behind the next character."""
        self._at += 1

    def drop_line(self) -> None:
        """Go on behind the end of the line."""
        while (end := self._text.find("\n", self._at)) < 0:
            self._at = len(self._text)
            if not self._more():
                return
        self._at = end + 1

    def enter_list(self, name: str) -> None:
        """Go on inside ``{... "name": [``, where the list stands among the first members of the next object."""
        while len(self._text) - self._at < _HEAD and self._more():
            pass
        mark = f'"{name}"'
        found = self._text.find(mark, self._at, self._at + _HEAD)
        opens = self._text.find("[", found, found + 100) if found >= 0 else -1
        if opens < 0 or self._text.count("{", self._at, found) != 1:
            return
        if self._text[found + len(mark) : opens].strip() == ":":
            self._at = opens + 1

    def value(self) -> Any:
        """Return the next value. Raises `ValueError` where there is none."""
        while True:
            try:
                found, self._at = self._json.raw_decode(self._text, self._at)
                return found
            except RecursionError:
                raise ValueError("nested too deep") from None
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - _NEAR_END
                if not cut or len(self._text) - self._at > _LARGEST or not self._more():
                    raise ValueError(f"{error.msg} at character {error.pos - self._at}") from None

    def _more(self) -> bool:
        """Read on: twice as much each time, so that a long value is not begun again too often."""
        try:
            read = self._file.read(max(_CHUNK, len(self._text) - self._at))
        except (OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadFile(f"{self._path.name} is damaged: {error}.") from error
        self._text, self._at = self._text[self._at :] + read, 0
        return bool(read)

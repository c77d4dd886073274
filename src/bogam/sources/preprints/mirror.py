"""A preprint server's mirror: the API's answers saved to files, one answer a file or one answer or row a line."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, ClassVar, Final, cast

import orjson

from bogam.sources.answer import Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror
from bogam.sources.preprints.preprint import Server, category_of, item_of, warning_of
from bogam.sources.preprints.question import PreprintLookup, PreprintSearch
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup

_LARGEST: Final = 64 << 20
"""Most bytes of one answer; the API's own take less than one megabyte."""


class PreprintMirror(SqliteMirror):
    """Every version of every preprint in the files. Files are added to what is there."""

    files: ClassVar[str] = (
        "Answers of https://api.biorxiv.org/details/SERVER/FROM/TO/CURSOR/json, saved one a file or one a line (.json, "
        ".jsonl, .gz)."
    )
    incremental: ClassVar[bool] = True

    def __init__(self, server: Server, folder: Path) -> None:
        super().__init__(server.name, folder)
        self._server = server

    def filters(self, request: PreprintSearch) -> Iterable[tuple[str, str]]:
        if request.category:
            yield "category", category_of(request.category)

    def ranges(self, request: PreprintSearch) -> Iterable[tuple[str, str, str]]:
        if request.date_from or request.date_to:
            yield "date", request.date_from, request.date_to

    def search(self, request: PreprintSearch) -> Result:
        found = self.find(request, request.words, self.filters(request))
        return replace(found, note=warning_of(found.items))

    def get(self, request: Lookup) -> Result:
        asked = PreprintLookup.model_validate({"id": request.id})
        every = self.find(PreprintSearch.model_validate({"limit": 100}), [], [("doi", asked.doi)]).items
        if not every:
            raise UnknownId(f"The mirror of {self._server.label} has no preprint {asked.doi}.")
        items = [item for item in every if asked.version in ("", item.version)]
        if not items:
            held = ", ".join(item.version for item in reversed(every))
            raise UnknownId(f"{asked.doi} has no version {asked.version}; the mirror has {held}.")
        return Result(tuple(items), len(items), note=warning_of(items))

    def read(self, path: Path) -> Iterator[Entry]:
        with path.open("rb") as raw:
            for place, value in _values(path.name, _plain(raw)):
                rows = _rows(value)
                if rows is None:
                    yield Entry(refused=_no_rows(value), raw=_raw(value), place=place, done=raw.tell())
                for at, row in enumerate(rows or [], 1):
                    yield self._entry(row, f"{place}, row {at}", raw.tell())

    def _entry(self, row: Any, place: str, done: int) -> Entry:
        try:
            item = item_of(Shape(row, "The row"), self._server)
        except Upstream as error:
            return Entry(refused=str(error), raw=_raw(row), place=place, done=done)
        fields = item.fields
        keys = [("doi", fields["doi"]), ("date", fields["date"]), ("category", category_of(fields["category"]))]
        text = "\n".join(part["text"] for part in fields["abstract"])
        order = f"{fields['date']} v{fields['version']:03}"
        return Entry(item, text, tuple(keys), order, place=place, done=done)


def _plain(raw: IO[bytes]) -> IO[bytes]:
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw


def _values(name: str, plain: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Yield the JSON values of a file with their places: one a line, or one in all, over however many lines."""
    first = _line(name, plain)
    try:
        value = orjson.loads(first)
    except orjson.JSONDecodeError:
        yield "the answer", _whole(name, first, plain)
        return
    yield "line 1", value
    number = 1
    while line := _line(name, plain):
        number += 1
        try:
            yield f"line {number}", orjson.loads(line)
        except orjson.JSONDecodeError as error:
            if line.strip():
                yield f"line {number}", f"damaged JSON ({error}): {line[:200].decode('utf-8', 'replace')}"


def _line(name: str, plain: IO[bytes]) -> bytes:
    line = plain.readline(_LARGEST + 1)
    if len(line) > _LARGEST:
        raise BadFile(f"{name} holds an answer of more than {_LARGEST >> 20} MB: save one answer a file.")
    return line


def _whole(name: str, first: bytes, plain: IO[bytes]) -> Any:
    rest = plain.read(_LARGEST + 1 - len(first))
    if len(first) + len(rest) > _LARGEST:
        raise BadFile(f"{name} holds an answer of more than {_LARGEST >> 20} MB: save one answer a file.")
    try:
        return orjson.loads(first + rest)
    except orjson.JSONDecodeError as error:
        raise BadFile(f"{name} is no JSON, neither whole nor line by line ({error}).") from error


def _rows(value: Any) -> list[Any] | None:
    """Return the rows of an answer, or a row by itself; None where there are none to be had."""
    if not isinstance(value, dict):
        return None
    members = cast(dict[str, Any], value)
    if "doi" in members:
        return [members]
    rows = members.get("collection")
    return cast(list[Any], rows) if isinstance(rows, list) and rows else None


def _no_rows(value: Any) -> str:
    if isinstance(value, str):
        return value[:200]
    return "An answer without rows: neither a list of preprints nor one of them."


def _raw(value: Any) -> str:
    if isinstance(value, str):
        return value[:500]
    try:
        return orjson.dumps(value)[:500].decode("utf-8", "replace")
    except TypeError:
        return "nested too deep to be shown"

"""An index of the Medicare Coverage Database: what its reports list, as CSV, packed with gzip or not."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bogam.sources.cms.document import KINDS, Kind, Listing, listed
from bogam.sources.cms.downloads import Read
from bogam.sources.cms.standing import ids_of
from bogam.sources.mirrors import BadFile

_KINDS: Final[Mapping[str, Kind]] = {kind: kind for kind in KINDS}
_COLUMNS: Final = frozenset({"document_type", "document_display_id", "document_id", "document_version", "title"})
EXTENT: Final = "an index entry only: its text and codes are not mirrored here; open its page, or import the downloads"


def documents(path: Path) -> Iterator[Read]:
    """Read the rows of an index.

    Raises
    ------
    BadFile
        When its columns are not those of the reports.
    """
    ids = ids_of(found for _, _, found in _rows(path) if isinstance(found, Listing))
    for at, raw, found in _rows(path):
        place = f"row {at}"
        if isinstance(found, str):
            yield Read(None, {}, "", (), place, found, raw)
        else:
            fields = {**found.fields(), "extent": EXTENT}
            yield Read(found, fields, ids[found.key, found.version], (), place)


def _rows(path: Path) -> Iterator[tuple[int, str, Listing | str]]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream = gzip.GzipFile(fileobj=file) if packed else file
        try:
            yield from _read(path, io.TextIOWrapper(stream, "utf-8-sig", "replace", newline=""))  # type: ignore[arg-type]
        except (gzip.BadGzipFile, EOFError, csv.Error) as error:
            raise BadFile(f"{path.name} cannot be read: {error}.") from error


def _read(path: Path, lines: io.TextIOWrapper) -> Iterator[tuple[int, str, Listing | str]]:
    reader = csv.reader(lines)
    columns = [each.strip().lower() for each in next(reader, list[str]())]
    missing = sorted(_COLUMNS - set(columns))
    if missing:
        raise BadFile(f"{path.name} is no index of coverage documents: it lacks the column {missing[0]}.")
    for at, values in enumerate(reader, 2):
        raw = ",".join(values)[:500]
        if len(values) != len(columns):
            if values:
                yield at, raw, f"{len(values)} values for {len(columns)} columns."
            continue
        row = dict(zip(columns, values, strict=True))
        kind = _KINDS.get(row["document_type"].strip().lower())
        if kind is None:
            yield at, raw, f'document_type is "{row["document_type"][:40]}", not LCD, Article or NCD.'
            continue
        try:
            yield at, raw, listed(row, kind)
        except ValueError as error:
            yield at, raw, f"{error}."

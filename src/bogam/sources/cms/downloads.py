"""The downloads of the Medicare Coverage Database: tables as CSV, packed in up to three layers of zip.

``all_data.zip`` holds ``current_lcd.zip`` and its like, each of these ``current_lcd_csv.zip`` beside an Access copy,
and that the tables. Names and columns as in the LCD, Article and NCD data dictionaries that come with them.
"""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import orjson

from bogam.sources.cms.document import NCD_COLUMNS, Kind, Listing, Parts, recorded, whole
from bogam.sources.cms.standing import ids_of
from bogam.sources.mirrors import BadFile

csv.field_size_limit(1 << 24)

_MAIN: Final[Mapping[str, Kind]] = {"lcd": "lcd", "article": "article", "ncd_trkg": "ncd"}
_KEYS: Final[Mapping[Kind, tuple[str, str]]] = {
    "lcd": ("lcd_id", "lcd_version"),
    "article": ("article_id", "article_version"),
    "ncd": ("ncd_id", "ncd_vrsn_num"),
}
_BESIDE: Final[Mapping[Kind, Mapping[str, str]]] = {
    "lcd": {
        "hcpcs": "lcd_x_hcpc_code",
        "hcpcs_groups": "lcd_x_hcpc_code_group",
        "related": "lcd_related_documents",
        "macs": "lcd_x_contractor",
    },
    "article": {
        "hcpcs": "article_x_hcpc_code",
        "hcpcs_groups": "article_x_hcpc_code_group",
        "covered": "article_x_icd10_covered",
        "covered_groups": "article_x_icd10_covered_group",
        "noncovered": "article_x_icd10_noncovered",
        "noncovered_groups": "article_x_icd10_noncovered_group",
        "related": "article_related_documents",
        "macs": "article_x_contractor",
    },
    "ncd": {"benefits": "ncd_trkg_bnft_xref"},
}
_LOOKUPS: Final = frozenset(
    ["contractor", "contractor_type_lookup", "contractor_jurisdiction", "state_lookup", "ncd_bnft_ctgry_ref"]
)
_TABLES: Final = frozenset({*_MAIN, *_LOOKUPS, *(table for each in _BESIDE.values() for table in each.values())})
_LARGEST: Final = 8 << 30
"""Bytes of one unpacked member; the whole database has less."""
_DEPTH: Final = 3

Open = Callable[[], IO[bytes]]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """One document of the downloads, or a row that cannot be read."""

    listing: Listing | None
    fields: Mapping[str, Any]
    id: str
    states: tuple[str, ...]
    place: str
    refused: str = ""
    raw: str = ""


def is_download(path: Path) -> bool:
    """Say whether a file belongs to the downloads: a zip, or a table under its own name."""
    return path.stem.lower() in _TABLES or (path.is_file() and zipfile.is_zipfile(path))


def made_on(path: Path) -> str:
    """Return the day on which the publisher packed a zip; empty for a bare table."""
    if not zipfile.is_zipfile(path):
        return ""
    with zipfile.ZipFile(path) as packed:
        days = [
            "{:04}-{:02}-{:02}".format(*each.date_time[:3]) for each in packed.infolist() if each.date_time[0] > 1980
        ]
    return max(days, default="")


def documents(path: Path) -> Iterator[Read]:
    """Read the documents of a zip, or of the folder where a bare table stands.

    A table that goes beside another (``lcd_x_hcpc_code.csv``) has none of its own.

    Raises
    ------
    BadFile
        When there are no tables of the database in it, or they lack their columns.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="bogam-cms-")))
        if not zipfile.is_zipfile(path):
            if path.stem.lower() in _MAIN:
                beside = {each.stem.lower(): each for each in sorted(path.parent.glob("*.csv"))}
                tables = {name: _opener(each) for name, each in beside.items() if name in _TABLES - set(_MAIN)}
                one = _Set({**tables, path.stem.lower(): _opener(path)}, scratch, "set")
                one.check()
                yield from one.documents()
            return
        found = list(_sets(path, stack, scratch, _DEPTH))
        if not any(set(tables) & set(_MAIN) for tables in found):
            raise BadFile(f"{path.name} holds no lcd.csv, article.csv or ncd_trkg.csv: it is no coverage download.")
        sets = [_Set(tables, scratch, f"set{at}") for at, tables in enumerate(found)]
        for each in sets:
            each.check()
        for each in sets:
            yield from each.documents()


def _opener(path: Path) -> Open:
    return lambda: path.open("rb")


def _sets(path: Path, stack: ExitStack, scratch: Path, depth: int) -> Iterator[dict[str, Open]]:
    """Return the tables of each innermost zip; those of everything first, so that the current ones replace them."""
    try:
        packed = stack.enter_context(zipfile.ZipFile(path))
    except zipfile.BadZipFile as error:
        raise BadFile(f"{path.name} is a damaged zip ({error}).") from error
    members = [each for each in packed.infolist() if not each.is_dir()]
    large = [each.filename for each in members if each.file_size > _LARGEST]
    if large:
        raise BadFile(f"{path.name}: {large[0]} is larger than {_LARGEST >> 30} GB unpacked.")
    names = {Path(each.filename).stem.lower(): each for each in members if each.filename.lower().endswith(".csv")}
    tables = {name: _member(packed, each) for name, each in names.items() if name in _TABLES}
    if tables:
        yield tables
    inner = [each for each in members if each.filename.lower().endswith(".zip")]
    for at, each in enumerate(sorted(inner, key=lambda one: (not _is_of_all(one.filename), one.filename))):
        if depth == 0:
            raise BadFile(f"{path.name} has zips in zips deeper than the downloads do.")
        copy = scratch / f"{depth}-{at}-{path.stem[:20]}.zip"
        with packed.open(each) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield from _sets(copy, stack, scratch, depth - 1)


def _is_of_all(name: str) -> bool:
    return Path(name).name.lower().startswith("all_")


def _member(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Open:
    return lambda: packed.open(member)


class _Set:
    """The tables of one download. What stands beside the documents is sorted into a scratch file, not held."""

    def __init__(self, tables: Mapping[str, Open], scratch: Path, name: str) -> None:
        self._tables = tables
        self._scratch = scratch / f"{name}.sqlite"
        self._kinds: list[Kind] = [kind for table, kind in _MAIN.items() if table in tables]
        self._refused: list[Read] = []

    def check(self) -> None:
        """Raise `BadFile` when a table of documents lacks the columns that name them."""
        for kind in self._kinds:
            table = _table(kind)
            with self._tables[table]() as file:
                header = file.readline(1 << 16).decode("utf-8-sig", "replace").lower()
            missing = [name for name in _KEYS[kind] if name not in header]
            if missing:
                raise BadFile(f"{table}.csv lacks the column {missing[0]}: it is no table of the coverage downloads.")

    def documents(self) -> Iterator[Read]:
        """Return the documents; first, what beside them could not be read."""
        with closing(sqlite3.connect(self._scratch)) as db:
            db.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE TABLE beside (part TEXT, kind TEXT, id TEXT, version TEXT, row BLOB);"
            )
            for kind in self._kinds:
                for part, table in _BESIDE[kind].items():
                    db.executemany("INSERT INTO beside VALUES (?, ?, ?, ?, ?)", self._beside(kind, part, table))
            db.execute("CREATE INDEX beside_of ON beside (kind, id, version, part)")
            yield from self._refused
            contractors = _Contractors(self._rows)
            for kind in self._kinds:
                yield from self._documents(db, kind, contractors)

    def _rows(self, table: str) -> Iterator[tuple[int, Row | str]]:
        """Return the rows of a table with their number, by lower-case column; for one that cannot be read, why."""
        opener = self._tables.get(table)
        if opener is None:
            return
        with opener() as file:
            reader = csv.reader(io.TextIOWrapper(file, "utf-8-sig", "replace", newline=""))
            columns = [each.strip().lower() for each in next(reader, list[str]())]
            at = 1
            while True:
                at += 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield at, f"not CSV: {error}"
                    continue
                if values and len(values) != len(columns):
                    yield at, f"{len(values)} values for {len(columns)} columns"
                elif values:
                    yield at, dict(zip(columns, values, strict=True))

    def _beside(self, kind: Kind, part: str, table: str) -> Iterator[tuple[str, str, str, str, bytes]]:
        id, version = _KEYS[kind]
        for at, row in self._rows(table):
            if isinstance(row, str):
                self._refused.append(Read(None, {}, "", (), f"{table}.csv row {at}", f"{row}."))
                continue
            kept = {name: value for name, value in row.items() if value and name not in ("last_updated", id, version)}
            yield part, kind, row.get(id, ""), row.get(version, ""), orjson.dumps(kept)

    def _documents(self, db: sqlite3.Connection, kind: Kind, contractors: _Contractors) -> Iterator[Read]:
        table = _table(kind)
        ids = ids_of(each for _, row in self._rows(table) if (each := _recorded(row, kind)) is not None)
        benefits = {r["bnft_ctgry_cd"]: r["bnft_ctgry_desc"] for r in _good(self._rows("ncd_bnft_ctgry_ref"))}
        for at, row in self._rows(table):
            place = f"{table}.csv row {at}"
            if isinstance(row, str):
                yield Read(None, {}, "", (), place, f"{row}.")
                continue
            parts = self._parts(db, kind, row)
            contracts = contractors.of(parts.pop("macs", []))
            told = _named(row, kind)
            told["benefit_category"] = "; ".join(
                benefits.get(each.get("bnft_ctgry_cd", ""), "") for each in parts.pop("benefits", [])
            )
            try:
                listing = recorded(told, kind, contracts.names)
            except ValueError as error:
                yield Read(None, {}, "", (), place, f"{error}.", raw=str(list(row.values())[:6]))
                continue
            fields = whole(listing, told, Parts(**parts))
            yield Read(listing, fields, ids[listing.key, listing.version], contracts.states, place)

    def _parts(self, db: sqlite3.Connection, kind: Kind, row: Row) -> dict[str, list[Row]]:
        id, version = (row.get(each, "") for each in _KEYS[kind])
        found: dict[str, list[Row]] = {}
        for part, body in db.execute(
            "SELECT part, row FROM beside WHERE kind = ? AND id = ? AND version = ? ORDER BY rowid", (kind, id, version)
        ):
            found.setdefault(part, []).append(orjson.loads(body))
        return found


def _table(kind: Kind) -> str:
    return next(name for name, each in _MAIN.items() if each == kind)


def _named(row: Row, kind: Kind) -> Row:
    return {NCD_COLUMNS.get(name, name): value for name, value in row.items()} if kind == "ncd" else dict(row)


def _recorded(row: Row | str, kind: Kind) -> Listing | None:
    if isinstance(row, str):
        return None
    try:
        return recorded(_named(row, kind), kind)
    except ValueError:
        return None


def _good(rows: Iterable[tuple[int, Row | str]]) -> Iterator[Row]:
    return (row for _, row in rows if not isinstance(row, str))


@dataclass(frozen=True, slots=True)
class _Contracts:
    names: tuple[tuple[str, str], ...]
    states: tuple[str, ...]


class _Contractors:
    """Who a document's contractors are, and in which states they work."""

    def __init__(self, rows: Callable[[str], Iterable[tuple[int, Row | str]]]) -> None:
        types = {r.get("contractor_type_id"): r.get("description", "") for r in _good(rows("contractor_type_lookup"))}
        self._names = {
            _contract(row): (row.get("contractor_bus_name", "").strip(), types.get(row.get("contractor_type_id"), ""))
            for row in _good(rows("contractor"))
        }
        states = {
            row.get("state_id"): tuple(filter(None, (row.get("state_abbrev", ""), row.get("description", ""))))
            for row in _good(rows("state_lookup"))
        }
        self._states: dict[tuple[str, str, str], list[str]] = {}
        for row in _good(rows("contractor_jurisdiction")):
            if not row.get("term_date", "").strip():
                self._states.setdefault(_contract(row), []).extend(states.get(row.get("state_id"), ()))

    def of(self, rows: Sequence[Row]) -> _Contracts:
        """Return names with kinds of contract, and states, of the rows that tie a document to contracts."""
        keys = [_contract(row) for row in rows]
        names = tuple(self._names[key] for key in keys if self._names.get(key, ("", ""))[0])
        return _Contracts(names, tuple(sorted({state for key in keys for state in self._states.get(key, ())})))


def _contract(row: Row) -> tuple[str, str, str]:
    return tuple(row.get(f"contractor_{each}", "") for each in ("id", "type_id", "version"))  # type: ignore[return-value]

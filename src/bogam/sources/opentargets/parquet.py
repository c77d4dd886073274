"""The mirror of Open Targets: the Parquet files of a release (https://ftp.ebi.ac.uk/pub/databases/opentargets/platform/).

Folders are ``target``, ``disease``, ``drug_molecule`` and ``association_overall_direct`` since release 25.03, before
that ``targets``, ``diseases``, ``molecule`` and ``associationByOverallDirect``; a file is known by its columns.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import duckdb

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, Imported, MirrorState, Say, SqliteMirror, start_of, words_of
from bogam.sources.opentargets import records
from bogam.sources.opentargets.question import Search, parts_of
from bogam.sources.reading import korean
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup

_BATCH: Final = 1000
_RELEASE: Final = re.compile(r"\d{2}\.(?:0[1-9]|1[0-2])(?:\.\d)?", re.ASCII)
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "target": (
        "id", "approvedSymbol", "approvedName", "biotype", "functionDescriptions", "symbolSynonyms", "proteinIds",
        "genomicLocation", "tractability",
    ),
    "drug": (
        "id", "name", "description", "drugType", "maximumClinicalStage", "maximumClinicalTrialPhase", "isApproved",
        "synonyms", "tradeNames", "parentId",
    ),
    "disease": (
        "id", "name", "description", "synonyms", "exactSynonyms", "narrowSynonyms", "broadSynonyms", "relatedSynonyms",
        "therapeuticAreas", "parents", "dbXRefs",
    ),
    "association": ("targetId", "diseaseId", "score", "associationScore", "evidenceCount"),
}  # fmt: skip
_PAIRS: Final = """
CREATE TABLE IF NOT EXISTS associations (
  target TEXT, disease TEXT, score REAL NOT NULL, evidence INTEGER, PRIMARY KEY (target, disease)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS associations_of ON associations(disease, score);
"""
_READ: Final = {"target": records.target, "disease": records.disease, "drug": records.drug}


Pair = tuple[str, str, float, int | None]
"""Target, disease, score, count of evidence."""


@dataclass(frozen=True, slots=True)
class _Paired(Entry):
    """A row that is an association: there are millions, and each is but four values."""

    pair: Pair = ("", "", 0.0, None)


class ParquetMirror(SqliteMirror):
    """Targets, diseases and drugs as items; associations, of which there are millions, in a table of their own."""

    files: ClassVar[str] = (
        "The folders target, disease, drug_molecule and association_overall_direct of a release (Parquet) from "
        "https://ftp.ebi.ac.uk/pub/databases/opentargets/platform/."
    )

    def __init__(self, folder: Path) -> None:
        super().__init__("opentargets", folder)
        self._release = ""

    # --- import

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import files, or folders with all their Parquet files."""
        found: list[Path] = []
        for path in paths:
            found += sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if not found and paths:
            raise BadFile(f"There is no .parquet file in {', '.join(path.name for path in paths)}.")
        self._release = version or self.version_of(found)
        return super().load(found, version=version, older=older, say=say)

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the release that stands in the path (``…/platform/25.06/output/target/…``)."""
        parts = (part for path in paths for part in reversed(path.absolute().parts))
        return next((part for part in parts if _RELEASE.fullmatch(part)), "")

    def read(self, path: Path) -> Iterator[Entry]:
        db = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB", "autoload_known_extensions": False,
                                                "autoinstall_known_extensions": False})  # fmt: skip
        try:
            yield from self._rows(db, path)
        finally:
            db.close()

    def _rows(self, db: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Entry]:
        size = path.stat().st_size
        try:
            described = db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            total = (db.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone() or (0,))[0]
            known = {str(row[0]) for row in described}
            kind = _kind(known, path)
            columns = [name for name in _COLUMNS[kind] if name in known]
            db.execute(f"SELECT {', '.join(columns)} FROM read_parquet(?)", [str(path)])  # noqa: S608
            at = 0
            while rows := db.fetchmany(_BATCH):
                for row in rows:
                    at += 1
                    raw = dict(zip(columns, row, strict=True))
                    yield self._entry(kind, raw, f"row {at}", size * at // max(total, 1))
        except duckdb.Error as error:
            raise BadFile(f"{path.name} is no Parquet file that can be read: {str(error)[:200]}.") from error

    def _entry(self, kind: str, row: dict[str, Any], place: str, done: int) -> Entry:
        try:
            raw = Shape(row, "the row")
            if kind == "association":
                return _Paired(place=place, done=done, pair=_pair(raw))
            item = _READ[kind](raw, self._release)
            parts_of(item.id)
        except (Upstream, BadQuery) as error:
            reason = str(error).removesuffix(" The source's interface may have changed.")
            return Entry(refused=reason, raw=str(row)[:500], place=place, done=done)
        return Entry(item, _words(item), (("kind", kind),), place=place, done=done)

    def _store(
        self, db: sqlite3.Connection, file: str, mark: str, rows: int, batch: list[Entry], count: Any, *, done: bool
    ) -> None:
        pairs = [each.pair for each in batch if isinstance(each, _Paired)]
        db.executemany("INSERT OR REPLACE INTO associations VALUES (?, ?, ?, ?)", pairs)
        count.stored += len(pairs)
        rest = [each for each in batch if not isinstance(each, _Paired)]
        super()._store(db, file, mark, rows, rest, count, done=done)  # commits both

    @contextmanager
    def _open(self, path: Path) -> Generator[sqlite3.Connection]:
        with super()._open(path) as db:
            if path == self._building():
                db.executescript(_PAIRS)
            yield db

    def state(self) -> MirrorState | None:
        found = super().state()
        if found is None:
            return None
        with self._open(self.path) as db:
            pairs = db.execute("SELECT count(*) FROM associations").fetchone()[0]
        return MirrorState(found.version, found.imported_at, found.items + pairs, found.refused, found.unfinished)

    # --- answers

    def search(self, request: Search) -> Result:
        if request.target or request.disease:
            return self._associations(request)
        filters = () if request.kind == "any" else (("kind", request.kind),)
        return korean.asked(request, lambda each: self.find(each, words_of(each.text), filters), "Open Targets")

    def get(self, request: Lookup) -> Result:
        kind, key, other = parts_of(request.id)
        if kind != "association":
            return super().get(request)
        with self._ready() as db:
            query = "SELECT target, disease, score, evidence FROM associations WHERE target = ? AND disease = ?"
            row = db.execute(query, (key, other)).fetchone()
        if row is None:
            raise UnknownId(f"The mirror of Open Targets has no direct association of {key} with {other}.")
        return Result((self._association(row),), 1)

    def _associations(self, request: Search) -> Result:
        known = {"target": request.target, "disease": request.disease}
        asked = {name: id for name, id in known.items() if id}
        main = "disease" if request.disease else "target"
        if not self.items([asked[main]]):
            raise UnknownId(f'The mirror of Open Targets has no {main} "{asked[main]}".')
        start = start_of(request.next)
        where = " AND ".join(f"{name} = ?" for name in asked)
        values = list(asked.values())
        with self._ready() as db:
            total = db.execute(f"SELECT count(*) FROM associations WHERE {where}", values).fetchone()[0]  # noqa: S608
            rows = db.execute(
                f"SELECT target, disease, score, evidence FROM associations WHERE {where} "  # noqa: S608
                "ORDER BY score DESC, target, disease LIMIT ? OFFSET ?",
                [*values, request.limit, start],
            ).fetchall()
        end = start + len(rows)
        return Result(tuple(map(self._association, rows)), total, str(end) if rows and end < total else "")

    def _association(self, row: Sequence[Any]) -> Item:
        target, disease, score, evidence = row
        found = {item.id: item for item in self.items([target, disease])}
        one: dict[str, Any] = {"id": target, "approved_symbol": ""} | dict(
            found[target].fields if target in found else {}
        )
        other: dict[str, Any] = {"id": disease, "name": ""} | dict(found[disease].fields if disease in found else {})
        state = super().state()
        raw = Shape({"score": score, "evidenceCount": evidence}, "the mirror's row")
        return records.association(one, other, raw, state.version if state else "")


def _kind(columns: set[str], path: Path) -> str:
    """Return which of the datasets a file belongs to. Raises `BadFile`."""
    parts = {"datatypeId", "datasourceId", "aggregationValue"} & columns
    if {"targetId", "diseaseId"} <= columns and {"score", "associationScore"} & columns and not parts:
        return "association"
    for kind, telling in (("target", "approvedSymbol"), ("drug", "drugType"), ("disease", "therapeuticAreas")):
        if {"id", telling} <= columns and (kind == "target" or "name" in columns):
            return kind
    raise BadFile(
        f"{path.name} ({path.parent.name}) is none of target, disease, drug_molecule and association_overall_direct."
    )


def _pair(raw: Shape) -> Pair:
    """Return an association as the table keeps it. Raises `BadQuery`, `Upstream` for a row that is not one."""
    score = raw.number("score") if raw.has("score") else raw.number("associationScore")
    if score is None or not 0 <= score <= 1:
        raise BadQuery(f"the score {score} is not between 0 and 1")
    target, disease = raw.text("targetId", due=True), raw.text("diseaseId", due=True)
    parts_of(f"association/{target}/{disease}")
    evidence = raw.number("evidenceCount")
    return target, disease, float(score), None if evidence is None else int(evidence)


def _words(item: Item) -> str:
    """Return what full-text search sees besides the title: ids, synonyms, descriptions."""
    said = Shape(item.fields, item.id)
    names = [item.id, *said.texts("trade_names"), *(each.text("id") for each in said.objects("proteins"))]
    if said.text("kind") == "disease":
        names += [term for each in said.objects("synonyms") for term in each.texts("terms")]
    else:
        names += said.texts("synonyms")
    return " ; ".join([*names, said.text("description"), *said.texts("functions")])

"""The mirror of ChEMBL: a release's own SQLite file, read where it lies, with an index of names made beside it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from bogam.sources.answer import BadQuery, Result, UnknownId, Upstream
from bogam.sources.chembl import sql
from bogam.sources.chembl.live import kind_of
from bogam.sources.chembl.question import Search, kind_and_key
from bogam.sources.chembl.records import RESOURCES
from bogam.sources.mirrors import BadFile, Imported, MirrorState, Progress, Refusal, Say, start_of, words_of
from bogam.sources.mirrors.holding import refusals_of, state_of
from bogam.sources.mirrors.releases import may_replace
from bogam.sources.reading import korean
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup

_BATCH: Final = 5000
_PATIENCE_S: Final = 20.0
_CHUNK: Final = 1 << 20
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS names USING fts5(id UNINDEXED, kind UNINDEXED, main, others,
  tokenize="unicode61 remove_diacritics 2");
CREATE TABLE IF NOT EXISTS assays_of (tid INTEGER, assay_id INTEGER, PRIMARY KEY (tid, assay_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused (file TEXT, place TEXT, reason TEXT, raw TEXT);
"""
_NAMED: Final = {
    "molecule": (
        "SELECT m.molregno, m.chembl_id, m.pref_name, (SELECT group_concat(synonyms, ' ; ') "
        "FROM release.molecule_synonyms s WHERE s.molregno = m.molregno) FROM release.molecule_dictionary m "
        "WHERE m.molregno > ? ORDER BY m.molregno LIMIT ?"
    ),
    "target": (
        "SELECT t.tid, t.chembl_id, t.pref_name, (SELECT group_concat(n.component_synonym, ' ; ') "
        "FROM release.target_components c JOIN release.component_synonyms n ON n.component_id = c.component_id "
        "WHERE c.tid = t.tid) FROM release.target_dictionary t WHERE t.tid > ? ORDER BY t.tid LIMIT ?"
    ),
}
_ASSAYS: Final = "SELECT assay_id, tid FROM release.assays WHERE assay_id > ? ORDER BY assay_id LIMIT ?"


class Release:
    """One release of ChEMBL. Only names and the assays of targets are copied; the rest is read from the file itself."""

    files: ClassVar[str] = (
        "chembl_NN.db or chembl_NN_sqlite.tar.gz from https://ftp.ebi.ac.uk/pub/databases/chembl/ChEMBLdb/latest/. "
        "The file is read as it is; where it lies on another disk than the home folder, keep it there."
    )

    def __init__(self, folder: Path) -> None:
        self.path = folder / "chembl.sqlite"

    # --- what it holds

    def state(self) -> MirrorState | None:
        return state_of(self.path, self._building(), files=False)

    def refusals(self, limit: int = 100) -> list[Refusal]:
        return refusals_of(self.path, limit)

    # --- import

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Index a release; an interrupted import goes on where it stopped.

        Raises
        ------
        BadFile
            For anything but one release of ChEMBL in SQLite.
        """
        started = time.perf_counter()
        if len(paths) != 1 or not paths[0].is_file():
            raise BadFile("Name one file that is there: chembl_NN.db or chembl_NN_sqlite.tar.gz.")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        release = self._held(self._unpacked(paths[0], say).resolve())
        mark = f"{release} {release.stat().st_size} {release.stat().st_mtime_ns}"
        building = self._building()
        with self._attached(building, release, fresh=True) as db:
            found = _checked(db, release) or release.stem
            about: dict[str, str] = dict(db.execute("SELECT name, value FROM about").fetchall())
            note = may_replace("chembl", version or found, self.state(), older)
            if about.get("mark") != mark:
                for table in ("about", "names", "assays_of", "refused"):
                    db.execute(f"DELETE FROM {table}")  # noqa: S608
                about = {"mark": mark, "release": str(release), "version": version or found}
            resumed = sum(int(value) for name, value in about.items() if name.startswith("rows "))
            counts = self._index(db, about, say, release.name)
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            refused = db.execute("SELECT count(*) FROM refused").fetchone()[0]
            about |= {"imported_at": now, "items": str(counts), "refused": str(refused)}
            db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
            db.commit()
        before = self._release()
        os.replace(building, self.path)
        if before is not None and before != release and before.parent == release.parent == self.path.parent.resolve():
            before.unlink(missing_ok=True)
        seconds = time.perf_counter() - started
        return Imported("chembl", about["version"], 1, counts - resumed, 0, refused, resumed, seconds, note=note)

    def _building(self) -> Path:
        return self.path.with_suffix(".importing.sqlite")

    def _release(self) -> Path | None:
        """Return the file that the present index was made of."""
        if not self.path.exists():
            return None
        with closing(sqlite3.connect(self.path, timeout=30)) as db:
            row = db.execute("SELECT value FROM about WHERE name = 'release'").fetchone()
        return Path(row[0]) if row else None

    def _held(self, release: Path) -> Path:
        """Give the file a second name beside the index, so that it stays when the first is removed; that takes no
        room. Where the two are on different disks, it is read where it lies."""
        folder = self.path.parent.resolve()
        if release.parent == folder:
            return release
        mine, fresh = folder / release.name, folder / f"{release.name}.linking"
        fresh.unlink(missing_ok=True)
        try:
            os.link(release, fresh)
        except OSError:
            return release
        os.replace(fresh, mine)
        return mine

    def _unpacked(self, path: Path, say: Say | None) -> Path:
        """Return the SQLite file itself; the one within an archive is unpacked into the folder of mirrors."""
        if not path.name.endswith((".tar.gz", ".tgz", ".tar")):
            return path
        try:
            with tarfile.open(path, "r|*") as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(".db"):
                        return self._unpack(archive.extractfile(member), member.size, Path(member.name).name, say)
        except (tarfile.TarError, EOFError, OSError) as error:
            raise BadFile(f"{path.name} cannot be unpacked: {error}.") from error
        raise BadFile(f"{path.name} holds no .db file; ChEMBL's SQLite archive is chembl_NN_sqlite.tar.gz.")

    def _unpack(self, packed: IO[bytes] | None, size: int, name: str, say: Say | None) -> Path:
        safe = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        place = self.path.parent / safe
        if packed is None or safe.startswith("."):
            raise BadFile(f"The archive's {safe} is no file that can be read.")
        if place.exists() and place.stat().st_size == size:
            return place
        if size > shutil.disk_usage(self.path.parent).free:
            raise BadFile(f"{safe} needs {size >> 30} GiB beside the mirrors, and there is less room.")
        fresh, done = place.with_suffix(".unpacking"), 0
        with fresh.open("wb") as out:
            while part := packed.read(_CHUNK):
                out.write(part)
                done += len(part)
                if say is not None and done % (_CHUNK << 6) < _CHUNK:
                    say(Progress(safe, done, size, 0, 0))
        os.replace(fresh, place)
        return place

    def _index(self, db: sqlite3.Connection, about: dict[str, str], say: Say | None, file: str) -> int:
        """Copy names, and which assays a target has, batch by batch, each with how far it came."""
        for kind in ("molecule", "target", "assay"):
            for last, rows in _batches(db, kind, int(about.get(f"last {kind}", "-1"))):
                with db:
                    refused = _store(db, kind, rows, file)
                    about[f"last {kind}"] = str(last)
                    if kind != "assay":
                        kept = int(about.get(f"rows {kind}", "0")) + len(rows) - refused
                        about[f"rows {kind}"] = str(kept)
                    db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
                if say is not None:
                    say(Progress(f"{file}: {kind}", last, 0, int(about.get(f"rows {kind}", "0")), refused))
        return sum(int(value) for name, value in about.items() if name.startswith("rows "))

    # --- answers

    def search(self, request: Search) -> Result:
        return korean.asked(request, self._search, "ChEMBL")

    def _search(self, request: Search) -> Result:
        start = start_of(request.next)
        resource = RESOURCES[request.kind]
        with self._ready() as (db, version):
            if request.text and request.kind in ("molecule", "target"):
                rows, total = self._named(db, request, start)
            else:
                rows, total = sql.found(db, request, start)
        items = tuple(resource.item(Shape(row, f"The mirror's {request.kind}"), version) for row in rows)
        end = start + len(items)
        return Result(items, total, str(end) if items and end < total else "", version=version)

    def _named(self, db: sqlite3.Connection, request: Search, start: int) -> tuple[list[dict[str, Any]], int]:
        words = words_of(request.text)
        if not words:
            return [], 0
        asked = " AND ".join(f'"{each}"' for each in words)
        condition, values = "names MATCH ? AND kind = ?", (asked, request.kind)
        total = db.execute(f"SELECT count(*) FROM names WHERE {condition}", values).fetchone()[0]  # noqa: S608
        ids = db.execute(
            f"SELECT id FROM names WHERE {condition} ORDER BY bm25(names, 0, 0, 4, 1), id LIMIT ? OFFSET ?",  # noqa: S608
            (*values, request.limit, start),
        ).fetchall()
        rows = [sql.one(db, request.kind, each["id"]) for each in ids]
        return [row for row in rows if row is not None], total

    def get(self, request: Lookup) -> Result:
        kind, key = kind_and_key(request.id)
        with self._ready() as (db, version):
            if not kind:
                query = "SELECT entity_type, status FROM release.chembl_id_lookup WHERE chembl_id = ?"
                found = db.execute(query, (key,)).fetchone()
                if found is None:
                    raise UnknownId(f'{version} has no "{request.id}".')
                kind = kind_of(key, found["entity_type"], found["status"])
            row = sql.one(db, kind, key)
        if row is None:
            raise UnknownId(f'{version} has no "{request.id}".')
        return Result((RESOURCES[kind].item(Shape(row, f"The mirror's {kind}"), version),), 1, version=version)

    @contextmanager
    def _ready(self) -> Generator[tuple[sqlite3.Connection, str]]:
        if not self.path.exists():
            raise BadQuery("chembl has no mirror here: `bogam source import chembl FILE` makes one.")
        with closing(sqlite3.connect(self.path, timeout=30)) as db:
            about: dict[str, str] = dict(db.execute("SELECT name, value FROM about").fetchall())
        release = Path(about["release"])
        if not release.exists():
            raise Upstream(f"{release.name}, which the mirror of ChEMBL reads, is gone; import it again.")
        try:
            with self._attached(self.path, release, fresh=False) as db:
                yield db, about["version"]
        except sqlite3.DatabaseError as error:
            raise Upstream(f"{release.name} cannot be read ({error}). Import it again, or ask for less.") from error

    @contextmanager
    def _attached(self, path: Path, release: Path, *, fresh: bool) -> Generator[sqlite3.Connection]:
        """Open the index with the release beside it, which can only be read and whose schema is not trusted."""
        with closing(sqlite3.connect(path if fresh else f"{path.as_uri()}?mode=ro", uri=True, timeout=30)) as db:
            db.row_factory = sqlite3.Row
            db.text_factory = _text
            db.execute("PRAGMA trusted_schema = OFF")
            if fresh:
                db.executescript(_TABLES)
            else:
                stop = time.monotonic() + _PATIENCE_S
                db.set_progress_handler(lambda: time.monotonic() > stop, 10_000)
            try:
                db.execute("ATTACH ? AS release", (f"{release.as_uri()}?mode=ro&immutable=1",))
            except sqlite3.DatabaseError as error:
                raise BadFile(f"{release.name} is no SQLite file ({error}).") from error
            yield db


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _checked(db: sqlite3.Connection, release: Path) -> str:
    """Return the name of the release, after its tables were looked at. Raises `BadFile`."""
    try:
        tables = {row[0] for row in db.execute("SELECT name FROM release.sqlite_master WHERE type = 'table'")}
        missing = sorted(set(sql.TABLES) - tables)
        for table, columns in sql.TABLES.items():
            if table in tables:
                known = {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?, 'release')", (table,))}
                missing += [f"{table}.{column}" for column in columns if column not in known]
        if missing:
            raise BadFile(f"{release.name} is no release of ChEMBL in SQLite: it lacks {', '.join(missing[:5])}.")
        found = db.execute("SELECT name FROM release.version WHERE name LIKE 'ChEMBL%' LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadFile(f"{release.name} is no SQLite file that can be read ({error}).") from error
    return found[0] if found else ""


def _batches(db: sqlite3.Connection, kind: str, last: int) -> Iterator[tuple[int, list[Any]]]:
    query = _ASSAYS if kind == "assay" else _NAMED[kind]
    while rows := db.execute(query, (last, _BATCH)).fetchall():
        last = rows[-1][0]
        yield last, rows


def _store(db: sqlite3.Connection, kind: str, rows: list[Any], file: str) -> int:
    """Store a batch, and return how many of it were refused."""
    if kind == "assay":
        pairs = [(row[1], row[0]) for row in rows if row[1] is not None]
        db.executemany("INSERT OR IGNORE INTO assays_of VALUES (?, ?)", pairs)
        return 0
    refused = 0
    for number, id, main, others in rows:
        if not id or not str(id).startswith("CHEMBL"):
            refused += 1
            place = f"{kind} {number}"
            db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (file, place, "no ChEMBL id", str(main)[:500]))
        elif main or others:
            named = (id, kind, f"{main or ''} {id}", others or "")
            db.execute("INSERT INTO names (id, kind, main, others) VALUES (?, ?, ?, ?)", named)
    return refused

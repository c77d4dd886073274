"""Where the documents stand: one SQLite file in the home folder, every version kept."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Final, Literal

import orjson

from bogam.sources.answer import BadQuery, Document, Item, Result, UnknownId
from bogam.sources.library.reading import ENDINGS, LARGEST, read
from bogam.sources.library.written import Unreadable, Written, clean, day
from bogam.sources.mirrors import BadFile, Imported, MirrorState, Progress, Refusal, Say
from bogam.text.tokens import tokens

State = Literal["in force", "not yet in force", "superseded", "removed"]

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS documents (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version TEXT NOT NULL, effective TEXT NOT NULL, title TEXT NOT NULL,
  language TEXT NOT NULL, publisher TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sha TEXT NOT NULL,
  added_at TEXT NOT NULL, removed_at TEXT NOT NULL DEFAULT '', pages INTEGER NOT NULL, paragraphs INTEGER NOT NULL,
  unread TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (id, version)
);
CREATE VIRTUAL TABLE IF NOT EXISTS told USING fts5(words, content='', tokenize="unicode61");
CREATE TABLE IF NOT EXISTS refused (name TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL);
"""
_COLUMNS: Final = (
    "seq, id, version, effective, title, language, publisher, kind, name, sha, added_at, removed_at, pages, paragraphs,"
    " unread"
)
_UNFIT: Final = re.compile(r"[^\w가-힣]+")
_MOST_FILES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one document.

    Parameters
    ----------
    version
        As citations have it: the effective date and the first digits of its digest.
    effective
        ISO date from which it applies, empty where the document does not state one.
    state
        On the day that was asked about. A document without a date counts from the day that it was added.
    sha
        SHA-256 of the file.
    unread
        What of it could not be read or is not used, a sentence a line.
    """

    seq: int
    id: str
    version: str
    effective: str
    title: str
    language: str
    publisher: str
    kind: str
    name: str
    sha: str
    added_at: str
    removed_at: str
    pages: int
    paragraphs: int
    unread: str
    state: State = "in force"

    @property
    def since(self) -> str:
        return self.effective or self.added_at[:10]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: ``new``, ``version`` (of a known document), ``same``, or ``refused`` with the reason."""

    name: str
    outcome: Literal["new", "version", "same", "refused"]
    id: str = ""
    version: str = ""
    title: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    """What must be known of what was taken: hidden text that was left out, an impossible date."""


class NoDocument(UnknownId):
    """A document that is not in the library."""


class Shelf:
    """The documents of one hospital; the mirror form of the source ``library``.

    Parameters
    ----------
    folder
        The folder of the sources in the home folder.
    today
        Says which versions are in force.
    """

    files: ClassVar[str] = "PDF, DOCX, HTML, Markdown and text files of the hospital, or folders of them."

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self.path = folder / "library.sqlite"
        self._today = today

    # --- adding and removing

    def add(self, paths: Sequence[Path], *, effective: str = "", say: Say | None = None) -> list[Added]:
        """Take files, and the files in folders, into the library; one that cannot be read is refused with its reason.

        Parameters
        ----------
        effective
            The date from which they apply, where the files do not say it or say it wrongly.

        Raises
        ------
        BadFile
            For a path that does not exist, or a date that is none.
        """
        since = day(effective)
        if effective and not since:
            raise BadFile(f'"{effective[:40]}" is no date: write it as 2026-03-01.')
        found = list(_files(paths))
        done: list[Added] = []
        seen: dict[str, str] = {}
        for at, (path, name) in enumerate(found, 1):
            try:
                data = path.read_bytes() if path.stat().st_size <= LARGEST else b"x" * (LARGEST + 1)
            except OSError as error:
                done.append(self._refuse(name, f"it cannot be opened: {error.strerror}"))
            else:
                done.append(self.add_bytes(data, name, effective=since, taken=seen))
            if say is not None:
                refused = sum(each.outcome == "refused" for each in done)
                say(Progress(name, at, len(found), at - refused, refused))
        return done

    def add_bytes(self, data: bytes, name: str, *, effective: str = "", taken: dict[str, str] | None = None) -> Added:
        """Take one file into the library. ``taken`` holds the ids of this call's files by their name."""
        seen = taken if taken is not None else {}
        since = day(effective)
        if effective and not since:
            raise BadFile(f'"{effective[:40]}" is no date: write it as 2026-03-01.')
        try:
            kind, made = read(data, name)
        except Unreadable as error:
            return self._refuse(name, str(error))
        made.effective = since or made.effective
        id = _id(made.id or str(Path(name).with_suffix("")))
        if not id:
            return self._refuse(name, "its name has no letter or digit: rename it")
        if not made.id and seen.setdefault(id, name) != name:
            return self._refuse(name, f'it would be the same document as {seen[id]} ("{id}"): rename one of them')
        return self._store(id, kind, name, sha256(data).hexdigest(), made)

    def _refuse(self, name: str, reason: str) -> Added:
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO refused VALUES (?, ?, ?)", (name[-300:], reason, _now()))
        return Added(name, "refused", reason=reason)

    def _store(self, id: str, kind: str, name: str, sha: str, made: Written) -> Added:
        pages = [page.json() for page in made.pages]
        fields = {
            "effective": made.effective,
            "language": made.language,
            "publisher": made.publisher,
            "kind": kind,
            "pages": pages,
        }
        item = Item("library", id, made.title, f"/library/{id}", made.effective, fields)
        notes = tuple(made.notes())
        body = item.document.body
        version = item.document.version
        with self._open() as db:
            db.execute("DELETE FROM refused WHERE name = ?", (name[-300:],))
            known = db.execute("SELECT version, removed_at FROM documents WHERE id = ?", (id,)).fetchall()
            if (version, "") in known:
                return Added(name, "same", id, version, made.title, notes=notes)
            if any(each == version for each, _ in known):
                db.execute("UPDATE documents SET removed_at = '' WHERE id = ? AND version = ?", (id, version))
                return Added(name, "version", id, version, made.title, notes=notes)
            count = sum(len(page.paragraphs) for page in made.pages)
            values = (id, version, made.effective, made.title, made.language, made.publisher, kind, name, sha, _now())
            row = db.execute(
                "INSERT INTO documents (id, version, effective, title, language, publisher, kind, name, sha, added_at,"
                " pages, paragraphs, unread, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, len(pages), count, "\n".join(notes), zlib.compress(body, 6)),
            ).lastrowid
            words = " ".join(tokens(" ".join((made.title, *made.texts()))))
            db.execute("INSERT INTO told (rowid, words) VALUES (?, ?)", (row, words))
        return Added(name, "version" if known else "new", id, version, made.title, notes=notes)

    def remove(self, id: str, version: str = "") -> list[Edition]:
        """Take a document off the shelf, all its versions or one, and return them. What cites them stays citable.

        Raises
        ------
        NoDocument
            When there is no such document, or not in this version.
        """
        return self._move(id, version, _now())

    def put_back(self, id: str, version: str = "") -> list[Edition]:
        """Put a document that was taken off the shelf back, all its versions or one, and return them.

        Raises
        ------
        NoDocument
            When none of it was taken off.
        """
        return self._move(id, version, "")

    def _move(self, id: str, version: str, removed_at: str) -> list[Edition]:
        gone = not removed_at
        found = [
            each
            for each in self.editions(id, removed=True)
            if bool(each.removed_at) == gone and version in ("", each.version)
        ]
        if not id or not found:
            raise NoDocument(self._unknown(id, version))
        with self._open() as db:
            db.executemany("UPDATE documents SET removed_at = ? WHERE seq = ?", [(removed_at, e.seq) for e in found])
        return found

    # --- what there is

    def editions(self, id: str = "", *, removed: bool = False) -> list[Edition]:
        """Return the versions of a document, or of all, each with its state today; the one in force first."""
        if not self.path.exists():
            return []
        where = " WHERE id = ?" if id else ""
        with self._open() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM documents{where}", (id,) if id else ()).fetchall()  # noqa: S608
        by_id: dict[str, list[Edition]] = {}
        for row in rows:
            each = Edition(*row)
            by_id.setdefault(each.id, []).append(each)
        today = self._today().isoformat()
        told = [each for group in by_id.values() for each in _states(group, today)]
        kept = [each for each in told if removed or each.state != "removed"]
        order = ("in force", "not yet in force", "superseded", "removed")
        return sorted(kept, key=lambda each: (each.id, order.index(each.state), each.since), reverse=False)

    def in_force(self) -> list[Edition]:
        """Return the version of each document that applies today."""
        return [each for each in self.editions() if each.state == "in force"]

    def edition(self, id: str, version: str = "") -> Edition:
        """Return one version of a document, by default the one in force, else the first that will be.

        Raises
        ------
        NoDocument
            When there is none.
        """
        found = self.editions(id, removed=bool(version))
        chosen = next((each for each in found if not version or each.version == version), None)
        if chosen is None:
            raise NoDocument(self._unknown(id, version))
        return chosen

    def item(self, edition: Edition) -> Item:
        """Return the whole of one version."""
        with self._open() as db:
            body = db.execute("SELECT body FROM documents WHERE seq = ?", (edition.seq,)).fetchone()[0]
        made: dict[str, Any] = orjson.loads(zlib.decompress(body))
        return Item("library", made["id"], made["title"], made["url"], edition.effective, made["fields"])

    def _unknown(self, id: str, version: str = "") -> str:
        known = sorted({each.id for each in self.editions()})
        which = f" in version {version}" if version else ""
        listed = f"Known: {', '.join(known[:12])}{', …' if len(known) > 12 else ''}." if known else _EMPTY_SHELF
        return f'The library has no "{id[:80]}"{which}. {listed}'

    # --- as a mirror

    def state(self) -> MirrorState | None:
        found = self.in_force()
        if not found:
            return None
        newest = max(each.added_at for each in found)
        return MirrorState(newest[:10], newest, len(found), len(self.refusals()), False)

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Take files into the library; ``version`` is the date from which they apply; there is no older."""
        started = perf_counter()
        done = self.add(paths, effective=version, say=say)
        refused = sum(each.outcome == "refused" for each in done)
        return Imported("library", version, len(done), len(done) - refused, 0, refused, 0, perf_counter() - started)

    def refusals(self, limit: int = 100) -> list[Refusal]:
        if not self.path.exists():
            return []
        with self._open() as db:
            rows = db.execute("SELECT name, reason FROM refused ORDER BY at DESC LIMIT ?", (limit,)).fetchall()
        return [Refusal(name, "", reason, "") for name, reason in rows]

    def search(self, request: Any) -> Result:
        """Return the documents in force that have the words of the request, the best match first."""
        if request.next and not (request.next.isascii() and request.next.isdigit() and len(request.next) < 10):
            raise BadQuery(f'"{request.next[:40]}" is no place to go on from: give back `next` as it was.')
        found = {
            each.seq: each for each in self.in_force() if not request.language or each.language == request.language
        }
        asked = list(dict.fromkeys(tokens(request.text)))
        order = sorted(found) if not request.text.strip() else self._matching(asked)
        ranked = [found[seq] for seq in order if seq in found]
        start = int(request.next or 0)
        items = tuple(self.item(each) for each in ranked[start : start + request.limit])
        end = start + len(items)
        return Result(items, len(ranked), str(end) if end < len(ranked) else "")

    def _matching(self, asked: Sequence[str]) -> list[int]:
        if not asked or not self.path.exists():
            return []
        match = " AND ".join(f'"{each}"' for each in asked)
        with self._open() as db:
            rows = db.execute("SELECT rowid FROM told WHERE told MATCH ? ORDER BY bm25(told)", (match,)).fetchall()
        return [row[0] for row in rows]

    def get(self, request: Any) -> Result:
        return Result((self.item(self.edition(request.id, request.version)),), 1)

    def document(self, id: str, version: str) -> Document | None:
        """Return a document in exactly this version, whether or not it is still on the shelf."""
        if not self.path.exists():
            return None
        found = next((each for each in self.editions(id, removed=True) if each.version == version), None)
        return self.item(found).document if found else None

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=30)
        try:
            db.executescript(_TABLES)
            with db:
                yield db
        finally:
            db.close()


_EMPTY_SHELF: Final = "It is empty: `bogam library add DIR` fills it."


def _states(group: list[Edition], today: str) -> list[Edition]:
    """Say of each version of one document whether it applies on a day.

    It is the one added last of those that have begun; of two that state a date, the one with the later date.
    """
    here = [each for each in group if not each.removed_at]
    begun = [each for each in here if each.effective <= today]  # one without a date since it was added
    now: Edition | None = None
    for each in sorted(begun, key=lambda each: each.seq):
        if now is None or not (each.effective and now.effective) or each.effective >= now.effective:
            now = each
    told: list[Edition] = []
    for each in group:
        state: State = (
            "removed"
            if each.removed_at
            else "in force"
            if each is now
            else "not yet in force"
            if each.effective > today
            else "superseded"
        )
        told.append(replace(each, state=state))
    return told


def _files(paths: Iterable[Path]) -> Generator[tuple[Path, str]]:
    """Yield files with the name that each goes by: its own, or its path within the folder that was named."""
    count = 0
    for path in paths:
        if not path.exists():
            raise BadFile(f"No such file or folder: {path}.")
        inside = (
            sorted(
                each
                for each in path.rglob("*")
                if each.is_file() and each.suffix.lower() in (*ENDINGS, ".doc", ".docm")
            )
            if path.is_dir()
            else [path]
        )
        for each in inside:
            count += 1
            if count > _MOST_FILES:
                raise BadFile(f"More than {_MOST_FILES:,} files: add the folders within one after the other.")
            yield each, str(each.relative_to(path)) if path.is_dir() else each.name


def _id(name: str) -> str:
    folded = unicodedata.normalize("NFC", clean(name)).lower()
    return _UNFIT.sub("-", folded).strip("-_")[:80]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

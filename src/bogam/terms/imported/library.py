"""The imported code systems of a home folder: one SQLite file for each in ``terms/``, replaced as a whole.

An import goes into a new file that takes the old one's place when it is complete; until then, and if it fails, the old
one stays.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bogam.terms.imported.filling import Report, fill
from bogam.terms.imported.piece import Bad
from bogam.terms.imported.systems import SYSTEMS, System
from bogam.terms.wordindex import fold


class NotImported(LookupError):
    """A code system that is not there: what it is, who gives it, how it is imported."""

    def __init__(self, system: System) -> None:
        self.system = system
        super().__init__(
            f"{system.name} is not imported here and may not be shipped with Bogam. {system.where}. "
            f"Then: bogam terms import {system.id} FILE ({system.files})."
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """One code of an imported system."""

    system: str
    version: str
    code: str
    name: str
    active: bool
    names: tuple[tuple[str, str], ...]
    """(text, language) of its other names."""
    parents: tuple[tuple[str, str], ...]
    children: tuple[tuple[str, str], ...]
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A code found by a search; ``words`` is the name that fitted."""

    code: str
    name: str
    words: str
    active: bool


class Library:
    """The imported systems under ``folder``. Each call opens the file it needs, so another process's import is seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def system(self, id: str) -> System:
        """Return a system that can be imported. Raises `LookupError` naming those that can."""
        found = SYSTEMS.get(id)
        if found is None:
            raise LookupError(f'No code system "{id}". Known: icd-10-cm (always there), {", ".join(sorted(SYSTEMS))}.')
        return found

    def has(self, id: str) -> bool:
        """Tell whether a system is imported."""
        return self._path(id).exists()

    def meta(self, id: str) -> dict[str, str]:
        """Return what is known of an import: version, at, files, terms, names, links, bad."""
        with closing(self._open(id)) as db:
            return dict(db.execute("SELECT key, value FROM meta"))

    def get(self, id: str, code: str) -> Imported | None:
        """Return a code with its names and what stands next to it; None when the system has none such."""
        with closing(self._open(id)) as db:
            row = db.execute(
                "SELECT code, name, active, extra FROM term WHERE code = ?", (self._spelled(id, code),)
            ).fetchone()
            if row is None:
                return None
            names = db.execute("SELECT text, language FROM name WHERE code = ? ORDER BY rank, id LIMIT 60", (row[0],))
            others = tuple((text, language) for text, language in names if text != row[1])
            near = "SELECT term.code, term.name FROM link JOIN term ON term.code = link.{} WHERE link.{} = ? LIMIT 200"
            parents = tuple(db.execute(near.format("parent", "code"), (row[0],)))
            children = tuple(db.execute(near.format("code", "parent"), (row[0],)))
            version = dict(db.execute("SELECT key, value FROM meta"))["version"]
            return Imported(id, version, row[0], row[1], bool(row[2]), others, parents, children, orjson.loads(row[3]))

    def search(self, id: str, text: str, limit: int = 20) -> tuple[Found, ...]:
        """Find codes by the beginnings of words, or by the beginning of a code."""
        query = " ".join(
            f'"{word}"*' for word in fold(text[:200]).replace('"', " ").split()[:12] if any(map(str.isalnum, word))
        )
        with closing(self._open(id)) as db:
            code = self._spelled(id, text.strip())
            rows = (
                db.execute(
                    "SELECT code, name, name, active FROM term WHERE code >= ? AND code < ? ORDER BY code LIMIT ?",
                    (code, f"{code}\U0010ffff", limit),
                ).fetchall()
                if code
                else []
            )
            if query:
                rows += db.execute(
                    "SELECT term.code, term.name, name.text, term.active FROM words JOIN name ON name.id = words.rowid "
                    "JOIN term ON term.code = name.code WHERE words MATCH ? "
                    "ORDER BY term.active DESC, bm25(words) + name.rank * 0.2, length(name.text), name.id LIMIT ?",
                    (query, limit * 6),
                ).fetchall()
        found: dict[str, Found] = {}
        for row in rows:
            found.setdefault(row[0], Found(row[0], row[1], row[2], bool(row[3])))
        return tuple(found.values())[:limit]

    def names(self, id: str) -> Iterator[tuple[str, str, str]]:
        """Yield (code, name, extra as JSON) of every active code and every other name that it has."""
        with closing(self._open(id)) as db:
            yield from db.execute(
                "SELECT term.code, name.text, term.extra FROM term JOIN name ON name.code = term.code "
                "WHERE term.active AND name.rank < 9 ORDER BY term.code, name.rank, name.id"
            )

    def quarantine(self, id: str, limit: int = 100) -> list[Bad]:
        """Return rows that the import did not take."""
        with closing(self._open(id)) as db:
            rows = db.execute("SELECT file, line, reason, raw FROM bad ORDER BY id LIMIT ?", (limit,))
            return [Bad(*row) for row in rows]

    def import_(
        self, id: str, paths: Iterable[Path], *, version: str = "", say: Callable[[int], None] | None = None
    ) -> Report:
        """Import a system from the publisher's files; what it was before is replaced when all is read.

        Parameters
        ----------
        version
            What to call the edition, where the files do not tell.
        say
            Is told from time to time how many rows were read.

        Raises
        ------
        bogam.terms.imported.rows.NoTable
            When the files are not those of the system; nothing is changed then.
        """
        system, files = self.system(id), list(paths)
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=f".{id}-", suffix=".sqlite")
        os.close(handle)
        try:
            with closing(sqlite3.connect(name, isolation_level=None)) as db:
                report = fill(db, system, files, version, say or (lambda rows: None))
            os.replace(name, self._path(id))
        finally:
            Path(name).unlink(missing_ok=True)
        return report

    def _path(self, id: str) -> Path:
        return self.folder / f"{self.system(id).id}.sqlite"

    def _open(self, id: str) -> sqlite3.Connection:
        path = self._path(id)
        if not path.exists():
            raise NotImported(self.system(id))
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def _spelled(self, id: str, code: str) -> str:
        plain = code.strip().upper()[:64]
        if id == "kcd" and len(plain) > 3 and "." not in plain and "-" not in plain:
            return f"{plain[:3]}.{plain[3:]}"
        return plain

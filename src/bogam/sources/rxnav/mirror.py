"""RxNorm from a release: RXNCONSO.RRF with RXNREL, RXNSAT and RXNATOMARCHIVE beside it, or the zip of them."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from bogam.sources.answer import Item, Result, UnknownId
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror, start_of
from bogam.sources.rxnav.concept import Concept, brief, package, status_of
from bogam.sources.rxnav.question import PRODUCTS, Asked, Search, asked, ndc11, rxcui
from bogam.sources.rxnav.walk import concept_of, related
from bogam.sources.source import Lookup
from bogam.terms.imported.piece import Bad
from bogam.terms.imported.readers.files import lines, unpacked
from bogam.terms.imported.rows import NoTable

_FILES: Final = re.compile(r"(?i)RXN(?:CONSO|REL|SAT|ATOMARCHIVE)\.RRF")
_DATED: Final = re.compile(r"(\d{2})(\d{2})(20\d{2})")
_UP: Final = frozenset({
    "consists_of", "has_ingredient", "has_ingredients", "has_precise_ingredient", "has_dose_form", "has_doseformgroup",
    "isa", "tradename_of", "contains", "form_of", "has_part", "quantified_form_of",
})  # fmt: skip
_STAGE: Final = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;
CREATE TABLE names (rxcui TEXT, rank INTEGER, tty TEXT, name TEXT, suppress TEXT);
CREATE TABLE codes (rxcui TEXT, source TEXT, code TEXT);
CREATE TABLE ups (rxcui TEXT, upper TEXT);
CREATE TABLE packages (rxcui TEXT, ndc TEXT, suppress TEXT);
CREATE TABLE moved (rxcui TEXT, tty TEXT, name TEXT, now TEXT);
"""
_INDEX: Final = """
CREATE INDEX names_i ON names(rxcui, rank); CREATE INDEX codes_i ON codes(rxcui); CREATE INDEX ups_i ON ups(rxcui);
CREATE INDEX packages_i ON packages(rxcui); CREATE INDEX moved_i ON moved(rxcui);
"""
_RANKS: Final = {"PSN": 1, "SY": 2, "TMSY": 2}
_NO_CLASSES: Final = "The release's files hold no drug classes but ATC codes; classes are told by the live source."


class RxNormMirror(SqliteMirror):
    """The concepts of RxNorm's own vocabulary (SAB RXNORM), with codes, packages and what older ones became."""

    files: ClassVar[str] = (
        "RxNorm_full_MMDDYYYY.zip of nlm.nih.gov/research/umls/rxnorm (or RXNCONSO.RRF with the others beside it)"
    )

    def __init__(self, folder: Path) -> None:
        super().__init__("rxnav", folder)

    def version_of(self, paths: Sequence[Path]) -> str:
        for path in paths:
            if match := _DATED.search(path.name):
                return f"{match[3]}-{match[1]}-{match[2]}"
        return ""

    # --- import

    def read(self, path: Path) -> Iterator[Entry]:
        """Read a release. Its rows are sorted by concept in a temporary file first: they come in several tables."""
        if _FILES.fullmatch(path.name) and path.name.upper() != "RXNCONSO.RRF":
            if not (path.parent / "RXNCONSO.RRF").exists():
                raise BadFile(f"{path.name} says nothing without RXNCONSO.RRF beside it.")
            return
        given = [path] if path.suffix.lower() == ".zip" else sorted(path.parent.glob("RXN*.RRF"))
        with tempfile.TemporaryDirectory() as folder:
            stage = sqlite3.connect(Path(folder) / "stage.sqlite")
            try:
                stage.executescript(_STAGE)
                with unpacked(given, _FILES) as files:
                    by_name = {each.name.upper(): each for each in files}
                    if "RXNCONSO.RRF" not in by_name:
                        raise BadFile(f"{path.name} holds no RXNCONSO.RRF.")
                    yield from _staged(stage, by_name)
                stage.executescript(_INDEX)
                yield from _concepts(stage)
            except NoTable as error:
                raise BadFile(str(error)) from error
            finally:
                stage.close()

    # --- answers

    def get(self, request: Lookup) -> Result:
        if request.id.startswith("ndc/"):
            ndc = ndc11(request.id[4:])
            with self._ready() as db:
                found = self._package(db, ndc)
            if found is None:
                raise UnknownId(f"This release of RxNorm has no National Drug Code {ndc}.")
            return Result((found,), 1)
        id = rxcui(request.id)
        with self._ready() as db:
            concept = _one(db, id)
            if concept is None:
                raise UnknownId(f"This release of RxNorm has no concept {id}, nor does it say what became of it.")
            for each in related(db, id):
                concept.related.setdefault(each.tty, []).append({"rxcui": each.rxcui, "name": each.name})
        _derive(concept)
        return Result((concept.item(),), 1, note=concept.note or _NO_CLASSES)

    def search(self, request: Search) -> Result:
        question = asked(request)
        start = start_of(request.next)
        with self._ready() as db:
            found = self._found(db, question)
        page = found[start : start + request.limit]
        items = [brief(each) if isinstance(each, Concept) else each for each in page]
        end = start + len(page)
        return Result(
            tuple(items), len(found), str(end) if end < len(found) else "", note=question.note if items else ""
        )

    def _found(self, db: sqlite3.Connection, question: Asked) -> Sequence[Concept | Item]:
        if question.ndc:
            found = self._package(db, question.ndc)
            return [found] if found else []
        if question.related_to:
            if _one(db, question.related_to) is None:
                raise UnknownId(f"This release of RxNorm has no concept {question.related_to}.")
            made = related(db, question.related_to)
        elif question.match == "approximate":
            made = [concept_of(row) for row in _like(db, question.name)]
            for rank, each in enumerate(made, 1):
                each.more.update(match="approximate", rank=str(rank))
        else:
            made = _by_name(db, question.name, exact=question.match == "exact")
            if question.match == "products":
                made = [each for root in made for each in (root, *related(db, root.rxcui)) if each.tty in PRODUCTS]
        unique = {each.rxcui: each for each in made if not question.types or each.tty in question.types}
        return list(unique.values())

    def _package(self, db: sqlite3.Connection, ndc: str) -> Item | None:
        row = db.execute(
            "SELECT items.id, items.title, items.fields, keys.name FROM keys JOIN items ON items.row = keys.row "
            "WHERE keys.name IN ('ndc', 'ndc-obsolete') AND keys.value = ? ORDER BY keys.name",
            (ndc,),
        ).fetchone()
        if row is None:
            return None
        status = "ACTIVE" if row[3] == "ndc" else "OBSOLETE"
        concept = concept_of(row[:3])
        told = {"status": status, "rxcui": concept.rxcui, "concept_name": concept.name,
                "concept_status": concept.status.upper()}  # fmt: skip
        return package(ndc, told)


def _staged(stage: sqlite3.Connection, files: dict[str, Path]) -> Iterator[Entry]:
    """Read the tables into the temporary file; yield the rows that are refused."""
    wanted: dict[str, tuple[int, Any]] = {
        "RXNCONSO.RRF": (18, _name), "RXNREL.RRF": (16, _up), "RXNSAT.RRF": (13, _ndc),
        "RXNATOMARCHIVE.RRF": (16, _moved),
    }  # fmt: skip
    for name, (width, take) in wanted.items():
        if name not in files:
            continue
        for line in lines(files[name], "|", width):
            if isinstance(line, Bad):
                yield Entry(refused=line.reason, raw=line.raw, place=f"{name} line {line.line}")
                continue
            number, cells = line
            wrong = take(stage, cells)
            if wrong:
                yield Entry(refused=wrong, raw="|".join(cells)[:500], place=f"{name} line {number}")
    stage.commit()


def _name(stage: sqlite3.Connection, cells: list[str]) -> str:
    rxcui, source, tty, code, name, suppress = cells[0], cells[11], cells[12], cells[13], cells[14], cells[16]
    if source == "RXNORM":
        if not (rxcui.isascii() and rxcui.isdigit() and len(rxcui) < 9) or not name.strip():
            return "no RXCUI or no name"
        stage.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?)", (rxcui, _RANKS.get(tty, 0), tty, name, suppress))
    elif source in ("ATC", "SNOMEDCT_US", "DRUGBANK", "USP") and code:
        stage.execute(
            "INSERT INTO codes VALUES (?, ?, ?)", (rxcui, {"SNOMEDCT_US": "SNOMEDCT"}.get(source, source), code)
        )
    return ""


def _up(stage: sqlite3.Connection, cells: list[str]) -> str:
    # RXCUI2 has the relation RELA to RXCUI1.
    if cells[10] == "RXNORM" and cells[7] in _UP and cells[0] and cells[4]:
        stage.execute("INSERT INTO ups VALUES (?, ?)", (cells[4], cells[0]))
    return ""


def _ndc(stage: sqlite3.Connection, cells: list[str]) -> str:
    if cells[8] == "NDC" and cells[9] == "RXNORM":
        if not (len(cells[10]) == 11 and cells[10].isascii() and cells[10].isdigit()):
            return f'"{cells[10][:20]}" is no National Drug Code of eleven digits'
        stage.execute("INSERT INTO packages VALUES (?, ?, ?)", (cells[0], cells[10], cells[11]))
    return ""


def _moved(stage: sqlite3.Connection, cells: list[str]) -> str:
    if cells[13] == "RXNORM" and cells[12] and cells[14] not in _RANKS:
        stage.execute("INSERT INTO moved VALUES (?, ?, ?, ?)", (cells[12], cells[14], cells[2], cells[15]))
    return ""


def _concepts(stage: sqlite3.Connection) -> Iterator[Entry]:
    for (id,) in stage.execute("SELECT DISTINCT rxcui FROM names ORDER BY rxcui").fetchall():
        rows = stage.execute(
            "SELECT tty, name, suppress FROM names WHERE rxcui = ? ORDER BY rank, rowid", (id,)
        ).fetchall()
        tty, name, suppress = rows[0]
        synonyms = sorted({row[1] for row in rows[1:]} - {name})
        codes: dict[str, list[str]] = {}
        for source, code in stage.execute(
            "SELECT DISTINCT source, code FROM codes WHERE rxcui = ? ORDER BY 1, 2", (id,)
        ):
            codes.setdefault(source, []).append(code)
        concept = Concept(id, name, tty, status_of(suppress), synonyms, codes=codes)
        ups = stage.execute("SELECT DISTINCT upper FROM ups WHERE rxcui = ? ORDER BY 1", (id,)).fetchall()
        packages = stage.execute(
            "SELECT ndc, min(suppress) FROM packages WHERE rxcui = ? GROUP BY ndc", (id,)
        ).fetchall()
        yield _entry(concept, [up for (up,) in ups], packages)
    gone = "SELECT DISTINCT rxcui FROM moved WHERE rxcui NOT IN (SELECT rxcui FROM names) ORDER BY rxcui"
    for (id,) in stage.execute(gone).fetchall():
        rows = stage.execute("SELECT tty, name, now FROM moved WHERE rxcui = ? ORDER BY rowid", (id,)).fetchall()
        tty, name, _ = rows[0]
        concept = Concept(id, name, tty, "NotCurrent")
        for now in sorted({now for _, _, now in rows if now and now != id}):
            heir = stage.execute("SELECT tty, name FROM names WHERE rxcui = ? ORDER BY rank", (now,)).fetchone()
            if heir:
                concept.status = "Remapped"
                concept.remapped_to.append({"rxcui": now, "name": heir[1], "tty": heir[0]})
        yield _entry(concept, [], [])


def _entry(concept: Concept, ups: list[str], packages: list[tuple[str, str]]) -> Entry:
    keys = [("tty", concept.tty), *(("up", up) for up in ups)]
    if concept.status == "Active":
        names = (concept.name, *concept.synonyms)
        keys += [("name", name.casefold()) for name in names] + [("words", _plain(name)) for name in names]
    keys += [("ndc" if suppress in ("N", "") else "ndc-obsolete", ndc) for ndc, suppress in packages]
    return Entry(concept.item(), " ".join(concept.synonyms), tuple(dict.fromkeys(keys)))


def _plain(name: str) -> str:
    """Return a name's words in the order of the alphabet: what is left when the order and the signs do not matter."""
    return " ".join(sorted(re.findall(r"[^\W_]+(?:\.\d+)?", name.casefold())))


def _by_name(db: sqlite3.Connection, name: str, *, exact: bool) -> list[Concept]:
    sql = (
        "SELECT items.id, items.title, items.fields FROM keys JOIN items ON items.row = keys.row "
        "WHERE keys.name = ? AND keys.value = ? ORDER BY CAST(items.id AS INTEGER)"
    )
    rows = db.execute(sql, ("name", name.casefold())).fetchall()
    if not rows and not exact:
        rows = db.execute(sql, ("words", _plain(name))).fetchall()
    return [concept_of(row) for row in rows]


def _like(db: sqlite3.Connection, name: str) -> list[Sequence[Any]]:
    words = list(dict.fromkeys(re.findall(r"\w+", name)))
    if not words:
        return []
    return db.execute(
        "SELECT items.id, items.title, items.fields FROM words JOIN items ON items.row = words.rowid "
        "WHERE words MATCH ? ORDER BY bm25(words, 4.0, 1.0), items.id LIMIT 100",
        (" OR ".join(f'"{each}"' for each in words),),
    ).fetchall()


def _one(db: sqlite3.Connection, id: str) -> Concept | None:
    row = db.execute("SELECT id, title, fields FROM items WHERE id = ?", (id,)).fetchone()
    return concept_of(row) if row else None


def _derive(concept: Concept) -> None:
    """Name ingredients and dose forms of a product, which the files tell as relations."""
    if concept.tty in (*PRODUCTS, "SCDC", "SBDC", "SCDF", "SBDF", "MIN"):
        concept.ingredients = [dict(each) for each in concept.related.get("IN", [])]
        concept.dose_forms = [dict(each) for each in concept.related.get("DF", [])]

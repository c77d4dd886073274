"""How the mirror finds providers: each question becomes one or two scans of one index, which are in order already."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from bogam.sources.answer import BadQuery
from bogam.sources.npi.layout import LOCATION, MAILING, SECONDARY
from bogam.sources.npi.question import Criteria

counted: Final = 1200
"""Up to how many matches are counted."""
_PURPOSES: Final = {
    "": (LOCATION, MAILING, SECONDARY),
    "LOCATION": (LOCATION, SECONDARY),
    "PRIMARY": (LOCATION,),
    "SECONDARY": (SECONDARY,),
    "MAILING": (MAILING,),
}
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Part:
    """Providers by legal names (or by other names), in the order of name, first name and NPI."""

    source: str
    where: str
    values: tuple[str | int, ...]

    def numbers(self, db: sqlite3.Connection, offset: int, most: int) -> list[int]:
        """Return NPIs from ``offset`` on, at most so many."""
        rows = db.execute(
            f"SELECT DISTINCT n.name, n.first, n.npi FROM {self.source} WHERE {self.where} "  # noqa: S608
            "ORDER BY n.name, n.first, n.npi LIMIT ? OFFSET ?",
            (*self.values, most, offset),
        ).fetchall()
        return [row[2] for row in rows]

    def count(self, db: sqlite3.Connection, most: int) -> int:
        """Return how many there are, counting no further than ``most``."""
        return db.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT n.name, n.first, n.npi FROM {self.source} "  # noqa: S608
            f"WHERE {self.where} LIMIT ?)",
            (*self.values, most),
        ).fetchone()[0]


def parts(db: sqlite3.Connection, criteria: Criteria) -> list[Part]:
    """Return where to look for a question: legal names, then other names if a name is asked for."""
    if number := criteria.get("number"):
        known = db.execute("SELECT 1 FROM providers WHERE npi = ?", (int(number),)).fetchone()
        source = "(SELECT '' AS name, '' AS first, npi FROM providers) n" if known else _REPORTED
        return [Part(source, "n.npi = ?", (int(number),))]
    codes = _codes(db, criteria.get("taxonomy_description", ""))
    kind = 1 if criteria["enumeration_type"] == "NPI-1" else 2
    name = criteria.get("last_name" if kind == 1 else "organization_name", "")
    first = criteria.get("first_name", "")
    made = [_part(criteria, kind, 0, name, first, codes)]
    if name or first:
        made.append(_part(criteria, kind, 1, name, first, codes))
    return made


_REPORTED: Final = "(SELECT '' AS name, '' AS first, npi FROM deactivated) n"


def _part(criteria: Criteria, kind: int, other: int, name: str, first: str, codes: list[str] | None) -> Part:
    where = ["n.kind = ?", "n.other = ?"]
    values: list[str | int] = [kind, other]
    index = _index(criteria, name, first, codes)
    for column, value in (("name", name), ("first", first), ("zip", criteria.get("postal_code", ""))):
        condition, given = _matches(column, value)
        where += condition
        values += given
    for column in ("city", "state", "country"):
        if value := criteria.get("country_code" if column == "country" else column):
            where.append(f"n.{column} = ?")
            values.append(value)
            if column == "country" and value != "US":
                where.append("n.country <> 'US'")
    placed = any(each in criteria for each in ("city", "state", "postal_code", "country_code"))
    purposes = _PURPOSES[criteria.get("address_purpose", "")] if placed else (LOCATION,)
    if len(purposes) < 3:
        where.append(f"n.purpose IN ({', '.join('?' * len(purposes))})")
        values += purposes
    if codes is not None:
        where.append(_of_codes(index, len(codes)))
        values += codes
    if other:
        legal = "SELECT 1 FROM names l WHERE l.npi = n.npi AND l.other = 0"
        where.append(f"NOT EXISTS ({legal}{_same(name, first)})")
        values += [each for column in (("name", name), ("first", first)) for each in _matches(*column)[1]]
    return Part(f"names n INDEXED BY {index}", " AND ".join(where), tuple(values))


def _same(name: str, first: str) -> str:
    return "".join(
        f" AND {each.replace('n.', 'l.')}"
        for column in (("name", name), ("first", first))
        for each in _matches(*column)[0]
    )


def _matches(column: str, value: str) -> tuple[list[str], list[str | int]]:
    """Return a condition for an exact value, or for one that ends in *; a postal code is a beginning in any case."""
    if not value:
        return [], []
    if value.endswith("*") or (column == "zip" and len(value) == 5):
        bare = value.rstrip("*")
        return [f"n.{column} >= ?", f"n.{column} < ?"], [bare, bare + _LAST]
    return [f"n.{column} = ?"], [value]


def _index(criteria: Criteria, name: str, first: str, codes: list[str] | None) -> str:
    """Return the index that narrows most: an exact name, a place, a name's beginning, a first name, a specialty."""
    if name and not name.endswith("*"):
        return "names_name"
    if "postal_code" in criteria:
        return "names_zip"
    if "city" in criteria:
        return "names_city"
    if name:
        return "names_name"
    if first:
        return "names_first"
    if codes is not None:
        return "names_npi"
    return "names_abroad"


def _of_codes(index: str, count: int) -> str:
    marks = ", ".join("?" * count)
    if index == "names_npi":
        return f"n.npi IN (SELECT npi FROM specialties WHERE code IN ({marks}))"  # noqa: S608
    return f"EXISTS (SELECT 1 FROM specialties s WHERE s.npi = n.npi AND s.code IN ({marks}))"  # noqa: S608


def _codes(db: sqlite3.Connection, description: str) -> list[str] | None:
    """Return the codes whose names have all words of a description; None where none is asked for.

    Raises
    ------
    BadQuery
        When no table of names was imported, and the description is no code.
    """
    if not description:
        return None
    if len(description) == 10 and description[:-1].isalnum() and description[0].isdigit() and description[-1] == "X":
        return [description]
    if db.execute("SELECT 1 FROM taxonomy LIMIT 1").fetchone() is None:
        raise BadQuery(
            "taxonomy_description: the files of NPPES hold codes, not names. Give a code (207RC0000X), or import the "
            "table of names (nucc_taxonomy_*.csv of nucc.org)."
        )
    words = description.rstrip("*").split()
    where = " AND ".join("folded LIKE ? ESCAPE '\\'" for _ in words)
    like = [f"%{_plain(word)}%" for word in words]
    return [row[0] for row in db.execute(f"SELECT code FROM taxonomy WHERE {where} ORDER BY code", like)]  # noqa: S608


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

"""How the mirror finds providers: each question becomes one or two scans of one index, which are in order already."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bogam.sources.answer import BadQuery
from bogam.sources.npi.layout import LOCATION, MAILING, SECONDARY
from bogam.sources.npi.parsing import BETWEEN, specialty
from bogam.sources.npi.question import Criteria

COUNTED: Final = 1200
"""Up to how many matches are counted."""
_PURPOSES: Final = {
    "": (LOCATION, MAILING, SECONDARY),
    "LOCATION": (LOCATION, SECONDARY),
    "PRIMARY": (LOCATION,),
    "SECONDARY": (SECONDARY,),
    "MAILING": (MAILING,),
}
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class Part:
    """Providers by legal names (or by other names), in the order of name, first name and NPI."""

    db: sqlite3.Connection
    source: str
    where: str
    values: tuple[str | int, ...]

    def numbers(self, offset: int, most: int) -> list[int]:
        """Return NPIs from ``offset`` on, at most so many."""
        if offset + most <= COUNTED or self.count <= COUNTED:
            return self._first[offset : offset + most]
        return self._asked(most, offset)

    @property
    def count(self) -> int:
        """How many there are; one more than `COUNTED` stands for all that are more."""
        return len(self._first)

    @cached_property
    def _first(self) -> list[int]:
        return self._asked(COUNTED + 1, 0)

    def _asked(self, most: int, offset: int) -> list[int]:
        rows = self.db.execute(
            f"SELECT DISTINCT n.key, n.npi FROM {self.source} WHERE {self.where} "  # noqa: S608
            "ORDER BY n.key, n.npi LIMIT ? OFFSET ?",
            (*self.values, most, offset),
        ).fetchall()
        return [row[1] for row in rows]


def parts(db: sqlite3.Connection, criteria: Criteria) -> list[Part]:
    """Return where to look for a question: legal names, then other names if a name is asked for."""
    if number := criteria.get("number"):
        known = db.execute("SELECT 1 FROM providers WHERE npi = ?", (int(number),)).fetchone()
        source = f"(SELECT '' AS key, npi FROM {'providers' if known else 'deactivated'}) n"  # noqa: S608
        return [Part(db, source, "n.npi = ?", (int(number),))]
    codes = _codes(db, criteria.get("taxonomy_description", ""))
    kind = 1 if criteria["enumeration_type"] == "NPI-1" else 2
    name = criteria.get("last_name" if kind == 1 else "organization_name", "")
    first = criteria.get("first_name", "")
    made = [_part(db, criteria, kind, 0, name, first, codes)]
    if name or first:
        made.append(_part(db, criteria, kind, 1, name, first, codes))
    return made


def _part(
    db: sqlite3.Connection, criteria: Criteria, kind: int, other: int, name: str, first: str, codes: list[str] | None
) -> Part:
    index = _index(criteria, name, first, codes)
    where, values = _named(f"{kind}{other}", name, first)
    if code := criteria.get("postal_code", ""):
        begins, code = code.endswith("*") or len(code) < 9, code.rstrip("*")
        where += ["n.zip >= ?", "n.zip < ?"] if begins else ["n.zip = ?"]
        values += [code, code + _LAST] if begins else [code]
    columns = (("city", "city"), ("state", "state"), ("country", "country_code"))
    wanted = {column: criteria[each] for column, each in columns if each in criteria}
    if wanted:
        named = " AND ".join(f"{column} = ?" for column in wanted)
        where.append(f"n.place IN (SELECT place FROM places WHERE {named})")  # noqa: S608
        values += wanted.values()
    placed = any(each in criteria for each in ("city", "state", "postal_code", "country_code"))
    purposes = _PURPOSES[criteria.get("address_purpose", "")] if placed else (LOCATION,)
    if len(purposes) < 3:
        where.append(f"n.purpose IN ({', '.join('?' * len(purposes))})")
        values += purposes
    if codes is not None:
        where.append(_of_codes(index, len(codes)))
        values += map(specialty, codes)
    if other:
        legal, again = _named(f"{kind}0", name, first, "l")
        where.append(f"NOT EXISTS (SELECT 1 FROM names l WHERE l.npi = n.npi AND {' AND '.join(legal)})")  # noqa: S608
        values += again
    return Part(db, f"names n INDEXED BY {index}", " AND ".join(where), tuple(values))


def _named(begin: str, name: str, first: str, table: str = "n") -> tuple[list[str], list[str | int]]:
    """Return the conditions on a name's key, which begins with who is meant and whether by the legal name."""
    if not name.endswith("*") and name:
        begin += name + BETWEEN
        if first and not first.endswith("*"):
            return [f"{table}.key = ?"], [begin + first]
        begin += first.rstrip("*")
        return [f"{table}.key >= ?", f"{table}.key < ?"], [begin, begin + _LAST]
    begin += name.rstrip("*")
    where, values = [f"{table}.key >= ?", f"{table}.key < ?"], list[str | int]((begin, begin + _LAST))
    if first:
        exact = not first.endswith("*")
        start = f"substr({table}.key, instr({table}.key, char(31)) + 1{'' if exact else ', ?'})"
        where.append(f"{start} = ?")
        values += [first] if exact else [len(first) - 1, first[:-1]]
    return where, values


def _index(criteria: Criteria, name: str, first: str, codes: list[str] | None) -> str:
    """Return the index that narrows most: an exact name, a place, the beginning of a name, a specialty. A first name by
    itself is looked for among all."""
    if name and not name.endswith("*"):
        return "names_key"
    if "postal_code" in criteria:
        return "names_zip"
    if "city" in criteria:
        return "names_place"
    if name or (first and codes is None):
        return "names_key"
    return "names_npi" if codes is not None else "names_place"


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

"""Which concepts are related, by the relations of the files: all above, all below, and the brands of what is below."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any, Final

import orjson

from bogam.sources.rxnav.concept import Concept

_FARTHEST: Final = 20_000
_WALK: Final = """
WITH RECURSIVE
  above(row) AS (
    SELECT row FROM items WHERE id = :id
    UNION SELECT upper.row FROM above JOIN keys ON keys.row = above.row AND keys.name = 'up'
      JOIN items upper ON upper.id = keys.value
  ),
  below(row, id) AS (
    SELECT row, id FROM items WHERE id = :id
    UNION SELECT lower.row, lower.id FROM below JOIN keys ON keys.name = 'up' AND keys.value = below.id
      JOIN items lower ON lower.row = keys.row
  ),
  brands(row) AS (
    SELECT brand.row FROM below JOIN keys ON keys.row = below.row AND keys.name = 'up'
      JOIN items brand ON brand.id = keys.value
      JOIN keys kind ON kind.row = brand.row AND kind.name = 'tty' AND kind.value = 'BN'
  )
SELECT items.id, items.title, items.fields FROM items
  WHERE items.row IN (SELECT row FROM above UNION SELECT row FROM below UNION SELECT row FROM brands)
    AND items.id <> :id
  ORDER BY CAST(items.id AS INTEGER) LIMIT :most
"""


def related(db: sqlite3.Connection, id: str) -> list[Concept]:
    """Return the concepts in use that are related to one, by their number.

    The walk is Bogam's own: up to ingredients and forms, down to products and packs, and from products to their brands.
    RxNav's own may tell some concepts more.
    """
    rows = db.execute(_WALK, {"id": id, "most": _FARTHEST}).fetchall()
    return [each for each in map(concept_of, rows) if each.status in ("Active", "Quantified")]


def concept_of(row: Sequence[Any]) -> Concept:
    """Return the concept of a row of the mirror: id, title and fields."""
    told = orjson.loads(zlib.decompress(row[2]))
    return Concept(
        row[0],
        told["name"],
        told["tty"],
        told["status"],
        told.get("synonyms", []),
        told.get("remapped_to", []),
        codes={each["source"]: each["codes"] for each in told.get("codes", [])},
    )

"""Write the search index: which rows a resource has, and putting them into the store or taking them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, insert

from bogam.record import schema
from bogam.record.r4 import definitions
from bogam.record.search import plan
from bogam.record.search.extract import IndexRows
from bogam.record.search.plan import Step

__all__ = ["IndexRows", "add", "remove", "rows"]

_TABLES: Final[tuple[tuple[Table, str], ...]] = (
    (schema.search_token, "token"),
    (schema.search_reference, "reference"),
    (schema.search_string, "string"),
    (schema.search_date, "date"),
    (schema.search_quantity, "quantity"),
)
"""Each table with where its rows are in `IndexRows`. The columns are the same but for the resource, which is the
third."""


def rows(resource_type: str, json: Any) -> IndexRows:
    """The rows of a resource that `bogam.record.r4.check` accepted, decoded by `bogam.record.json`."""
    found = IndexRows()
    _walk(plan.tree(resource_type), json, found)
    if resource_type == "Patient":
        found.patient = json.get("id")
        dead = json.get("deceasedBoolean", False) or "deceasedDateTime" in json
        place = plan.parameters("Patient")["deceased"].places[0]
        found.token.add((place.key, "true" if dead else "false", 0, ""))
    else:
        found.patient = _patient(resource_type, json)
    return found


def _walk(level: dict[str, Step], value: Any, found: IndexRows) -> None:
    for name, content in value.items():
        step = level.get(name)
        if step is not None:
            for each in content if step.many else (content,):
                if each is not None:
                    _take(step, each, found)


def _take(step: Step, value: Any, found: IndexRows) -> None:
    for put, key in step.leaves:
        put(key, value, found)
    if step.inside:
        _walk(step.inside, value, found)
    for member, wanted, inner in step.filtered:
        if value.get(member) == wanted:
            _take(inner, value, found)


@cache
def _patient_paths(resource_type: str) -> list[list[str]]:
    return [path.replace("*", "").split(".") for path in definitions.patient_paths(resource_type)]


def _patient(resource_type: str, json: Any) -> str | None:
    """The id of the patient whose compartment a resource is in, the first that its paths lead to."""
    for path in _patient_paths(resource_type):
        for found in _follow(json, path):
            reference = found.get("reference", "")
            kind, _, name = reference.partition("/_history/")[0].rpartition("/")
            if kind == "Patient" or kind.endswith("/Patient"):
                return name
    return None


def _follow(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if type(value) is list:
        for each in cast("list[Any]", value):
            yield from _follow(each, path)
    elif not path:
        yield value
    elif path[0] in value:
        yield from _follow(value[path[0]], path[1:])


def add(db: Connection, found: Iterable[tuple[int, IndexRows]]) -> None:
    """Insert the rows of resources, each given with its ``resource.pk``.

    The driver gets them as tuples, which spares what SQLAlchemy does for each row, and in the order of the tables.
    """
    pairs = list(found)
    for table, name in _TABLES:
        values = sorted((row[0], row[1], pk, *row[2:]) for pk, each in pairs for row in getattr(each, name))
        if values:
            db.exec_driver_sql(_insertion(table, db.dialect), values)


@cache
def _insertion(table: Table, dialect: Dialect) -> str:
    return str(
        insert(table).values({column.name: bindparam(column.name) for column in table.c}).compile(dialect=dialect)
    )


def remove(db: Connection, gone: Iterable[tuple[int, IndexRows]]) -> None:
    """Delete the rows of resources, which are found by their whole key: the tables are not ordered by resource."""
    pairs = list(gone)
    for table, name in _TABLES:
        bound = {column: f"b_{column.name}" for column in table.c}
        values: list[dict[str, Any]] = [
            dict(zip(bound.values(), (row[0], row[1], pk, *row[2:]), strict=True))
            for pk, each in pairs
            for row in getattr(each, name)
        ]
        if values:
            db.execute(delete(table).where(*(column == bindparam(bind) for column, bind in bound.items())), values)

"""FHIR search over the record: which resources a query asks for (https://hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from sqlalchemy import ColumnElement, and_, false, func, or_, select

from bogam.record.r4 import definitions
from bogam.record.schema import resource as _resource
from bogam.record.search import criteria, filters, include, plan
from bogam.record.search.criteria import Condition
from bogam.record.search.error import SearchError
from bogam.record.search.filters import Scope
from bogam.record.search.values import FIRST, LAST, LEAST, MOST
from bogam.record.store import Resource, Store

__all__ = ["DEFAULT_COUNT", "MAX_COUNT", "MAX_PARAMETERS", "Page", "SearchError", "search"]

DEFAULT_COUNT: Final = 50
MAX_COUNT: Final = 1000
MAX_PARAMETERS: Final = 100

_PAGE: Final = "_page"
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_UNSUPPORTED: Final = {
    "_text": "full text is not indexed here",
    "_content": "full text is not indexed here",
    "_filter": "write the parameters one by one",
    "_query": "there are no named queries",
    "_list": "there are no search lists",
    "_contained": "contained resources are not searched",
    "_containedType": "contained resources are not searched",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer.

    ``next`` is the address of the page after it, None on the last. It begins behind the last resource of this page,
    so what is stored meanwhile neither repeats nor hides any. ``total`` counts all that match (those of the first
    page's moment). ``elements`` are the elements asked for by ``_elements``, ``ignored`` the parameters passed over
    because ``lenient`` was asked for.
    """

    resources: tuple[Resource, ...] = ()
    included: tuple[Resource, ...] = ()
    next: str | None = None
    total: int | None = None
    elements: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class _Query:
    """The parameters of a search, sorted by what they are for."""

    filters: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    includes: list[str] = field(default_factory=list[str])
    revincludes: list[str] = field(default_factory=list[str])
    sort: list[str] = field(default_factory=list[str])
    elements: tuple[str, ...] = ()
    count: int = DEFAULT_COUNT
    only_count: bool = False
    with_total: bool = True
    page: list[Any] | None = None
    rest: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    ignored: list[str] = field(default_factory=list[str])


def search(
    store: Store,
    resource_type: str,
    parameters: Sequence[tuple[str, str]],
    *,
    base: str,
    patients: Collection[str] | None = None,
    withheld: Collection[str] = (),
    lenient: bool = False,
) -> Page:
    """Answer a FHIR search.

    Parameters
    ----------
    parameters
        Names with values as they stand in the address, decoded; the same name may come again (AND).
    base
        The address of the FHIR service, for the next link and for absolute references.
    patients
        The patients whose records may be seen, by id; None for all. It holds for chained and included resources too.
    withheld
        Patients whose records may not be seen although they are among ``patients``.
    lenient
        Pass over unknown parameters instead of refusing them.

    Raises
    ------
    SearchError
        When the search cannot be answered as asked.
    """
    if resource_type not in definitions.resources():
        raise SearchError(f'R4 has no resource type "{resource_type}"', resource_type)
    if len(parameters) > MAX_PARAMETERS:
        raise SearchError(f"{len(parameters):,} parameters are too many; {MAX_PARAMETERS} at most", "")
    query = _read(resource_type, parameters, lenient)
    scope = Scope(base, None if patients is None else frozenset(patients), frozenset(withheld))
    where = filters.of_type(_resource, resource_type, scope)
    where += filters.conditions(_resource, resource_type, query.filters, scope)
    total = query.page[0] if query.page else _count(store, where) if query.with_total else None
    if query.only_count or query.count == 0:
        return Page(total=_count(store, where) if total is None else total, ignored=tuple(query.ignored))
    keys = _sort_keys(resource_type, query.sort)
    found, last = _fetch(store, where, keys, query)
    page_next = _link(base, resource_type, query, [total, *last]) if last else None
    included = include.included(store, resource_type, [pk for pk, _ in found], query.includes, scope)
    resources = tuple(each for _, each in found)
    included |= include.revincluded(store, resource_type, resources, query.revincludes, scope)
    for each in resources:
        included.pop(each.ref, None)
    ordered = tuple(included[ref] for ref in sorted(included))
    return Page(resources, ordered, page_next, total, query.elements, tuple(query.ignored))


def _read(resource_type: str, parameters: Sequence[tuple[str, str]], lenient: bool) -> _Query:
    query = _Query()
    for name, value in parameters:
        if _NO_TEXT.search(name + value):
            raise SearchError(f"{name!a} contains what is no character: NUL, or half of a surrogate pair", ascii(name))
        if name == _PAGE:
            query.page = _page(value)
            continue
        query.rest.append((name, value))
        head = name.partition(":")[0].partition(".")[0]
        if name in _CONTROLS:
            _CONTROLS[name](query, value)
        elif head in ("_include", "_revinclude"):
            raise SearchError(f"{name} is not supported: only {head}, which follows references once", name)
        elif head in _UNSUPPORTED:
            raise SearchError(f"{head} is not supported: {_UNSUPPORTED[head]}", name)
        elif lenient and head not in (*plan.parameters(resource_type), *filters.EVERYWHERE, "_has"):
            query.ignored.append(name)
        else:
            query.filters.append((name, value))
    return query


def _take_count(query: _Query, value: str) -> None:
    if not value.isascii() or not value.isdigit():
        raise SearchError(f'_count is "{value[:40]}"; it must be a whole number from 0 to {MAX_COUNT}', "_count")
    query.count = min(int(value[:9]), MAX_COUNT)


def _take_summary(query: _Query, value: str) -> None:
    if value not in ("count", "false"):
        raise SearchError(f'_summary is "{value}"; count and false are supported', "_summary")
    query.only_count = value == "count"


def _take_total(query: _Query, value: str) -> None:
    if value not in ("none", "estimate", "accurate"):
        raise SearchError(f'_total is "{value}"; it must be none, estimate or accurate', "_total")
    query.with_total = value != "none"


def _take_elements(query: _Query, value: str) -> None:
    query.elements = tuple(filter(None, value.split(",")))


def _take_sort(query: _Query, value: str) -> None:
    query.sort += value.split(",")


def _take_include(query: _Query, value: str) -> None:
    query.includes.append(value)


def _take_revinclude(query: _Query, value: str) -> None:
    query.revincludes.append(value)


def _take_nothing(query: _Query, value: str) -> None:
    """``_format`` and ``_pretty`` are about how the answer is written."""


_CONTROLS: Final[dict[str, Callable[[_Query, str], None]]] = {
    "_count": _take_count,
    "_summary": _take_summary,
    "_total": _take_total,
    "_elements": _take_elements,
    "_sort": _take_sort,
    "_include": _take_include,
    "_revinclude": _take_revinclude,
    "_format": _take_nothing,
    "_pretty": _take_nothing,
}


def _count(store: Store, where: list[Condition]) -> int:
    with store.engine.connect() as db:
        return db.execute(select(func.count()).select_from(_resource).where(*where)).scalar_one()


SortKey = tuple[ColumnElement[Any], bool]
"""What to order by, and whether from the greatest down."""


def _sort_keys(resource_type: str, names: list[str]) -> list[SortKey]:
    """The keys of ``_sort``. Resources without a value come last; the number of the resource decides between equals."""
    keys: list[SortKey] = []
    for written in names:
        down, name = written.startswith("-"), written.removeprefix("-")
        if name in ("_id", "_lastUpdated"):
            keys.append((_resource.c.id if name == "_id" else _resource.c.updated, down))
            continue
        parameter = filters.parameter_of(resource_type, name, "_sort")
        table = criteria.table_of(parameter.kind)
        column, least, most = _SORTED.get(parameter.kind, (None, None, None))
        if column is None:
            raise SearchError(f"_sort by {name} is not supported: it is a {parameter.kind}", "_sort")
        value = func.max(table.c[column]) if down else func.min(table.c[column])
        of = select(value).where(table.c.resource == _resource.c.pk, table.c.key.in_(parameter.keys))
        keys.append((func.coalesce(of.scalar_subquery(), least if down else most), down))
    return [*keys, (_resource.c.pk, False)]


_SORTED: Final = {
    "date": ("low", FIRST - 1, LAST + 1),
    "string": ("norm", "", "\U0010ffff"),
    "quantity": ("low", 10 * LEAST, 10 * MOST),
    "number": ("low", 10 * LEAST, 10 * MOST),
}


def _fetch(
    store: Store, where: list[Condition], keys: list[SortKey], query: _Query
) -> tuple[list[tuple[int, Resource]], list[Any]]:
    """One page with the numbers of its resources, and where the next begins (nothing when there is none)."""
    if query.page:
        where = [*where, _after(keys, query.page[1:])]
    columns = [_resource.c[name] for name in include.COLUMNS]
    order = [key.desc() if down else key.asc() for key, down in keys]
    asked = select(*columns, *(key for key, _ in keys)).where(*where).order_by(*order).limit(query.count + 1)
    with store.engine.connect() as db:
        rows = db.execute(asked).all()
    width = len(columns)
    found = [(row[-1], Resource(*row[:width])) for row in rows[: query.count]]
    return found, list(rows[query.count - 1][width:]) if len(rows) > query.count else []


def _after(keys: list[SortKey], place: list[Any]) -> Condition:
    """What comes after a place in the order."""
    if len(place) != len(keys):
        raise SearchError("The link to the next page does not fit this search", _PAGE)
    found: list[Condition] = []
    for position, (key, down) in enumerate(keys):
        same = [before == value for (before, _), value in zip(keys[:position], place, strict=False)]
        found.append(and_(*same, key < place[position] if down else key > place[position]))
    return or_(false(), *found)


def _page(value: str) -> list[Any]:
    try:
        token = base64.urlsafe_b64decode(value.encode() + b"=" * (-len(value) % 4))
        place = msgspec.json.decode(token, type=list[int | float | str | None])
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        place = []
    if len(place) < 2:
        raise SearchError("The link to the next page is damaged: search again from the first", _PAGE)
    return place


def _link(base: str, resource_type: str, query: _Query, place: list[Any]) -> str:
    token = base64.urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()
    return f"{base.rstrip('/')}/{resource_type}?{urlencode([*query.rest, (_PAGE, token)])}"

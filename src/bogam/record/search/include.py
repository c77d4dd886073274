"""``_include`` and ``_revinclude``: what the resources of a page refer to, and what refers to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from bogam.record import schema
from bogam.record.r4 import definitions
from bogam.record.search import filters
from bogam.record.search.error import SearchError
from bogam.record.search.filters import Scope
from bogam.record.search.plan import Parameter
from bogam.record.store import Resource, Store

COLUMNS: Final = ("type", "id", "version", "patient", "body", "sha", "updated")
"""The columns that make a `Resource`, in order."""
MAX_INCLUDED: Final = 1000
"""Resources that ``_revinclude`` may add to a page."""


def included(
    store: Store, resource_type: str, pks: Sequence[int], values: Sequence[str], scope: Scope
) -> dict[str, Resource]:
    """The resources that those numbered ``pks`` refer to by the parameters named, by ``Type/id``."""
    table = schema.search_reference
    refs: set[str] = set()
    for value in values:
        source, parameter, target = _parse(value, "_include")
        if source != resource_type:
            raise SearchError(f'_include is "{value}", but this searches {resource_type}', "_include")
        query = select(table.c.target).where(table.c.key.in_(parameter.keys), table.c.resource.in_(pks))
        with store.engine.connect() as db:
            found = db.execute(query).scalars().all()
        kinds = (target,) if target else parameter.targets
        refs |= {ref for ref in found if not kinds or ref.partition("/")[0] in kinds}
    linked = store.linked(sorted(refs)) if refs else {}
    return {ref: each for ref, each in linked.items() if scope.allows(each.type, each.patient)}


def revincluded(
    store: Store, resource_type: str, resources: Sequence[Resource], values: Sequence[str], scope: Scope
) -> dict[str, Resource]:
    """The resources that refer to those given by the parameters named, by ``Type/id``."""
    table, found = schema.search_reference, dict[str, Resource]()
    for value in values:
        source, parameter, target = _parse(value, "_revinclude")
        if resource_type not in (parameter.targets or (resource_type,)) or target not in ("", resource_type):
            raise SearchError(f'_revinclude is "{value}", which does not lead to {resource_type}', "_revinclude")
        rows = select(table.c.resource).where(
            table.c.key.in_(parameter.keys), table.c.target.in_([each.ref for each in resources])
        )
        columns = [schema.resource.c[name] for name in COLUMNS]
        query = select(*columns).where(schema.resource.c.pk.in_(rows), *filters.of_type(schema.resource, source, scope))
        with store.engine.connect() as db:
            answers = db.execute(query.limit(MAX_INCLUDED + 1)).all()
        if len(answers) + len(found) > MAX_INCLUDED:
            reason = f"_revinclude would add more than {MAX_INCLUDED:,} resources to a page: ask for fewer with _count"
            raise SearchError(reason, "_revinclude")
        found |= {each.ref: each for each in (Resource(*row) for row in answers)}
    return found


def _parse(value: str, written: str) -> tuple[str, Parameter, str]:
    """``Observation:subject:Patient`` as source, parameter and target."""
    source, _, rest = value.partition(":")
    code, _, target = rest.partition(":")
    if source not in definitions.resources() or not code or code == "*":
        raise SearchError(f'{written} is "{value}"; write Type:parameter or Type:parameter:Target', written)
    parameter = filters.parameter_of(source, code, written)
    if parameter.kind != "reference":
        raise SearchError(f'{written} is "{value}", but {code} is no reference', written)
    return source, parameter, target

"""The parameters of a search that choose resources, as conditions on `schema.resource`.

Parameters are joined by AND, the values of one by OR. The one that likely leaves the fewest resources leads; the
others are asked for each resource that is left, where the index answers that quickly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.sql.selectable import FromClause

from bogam.record import schema
from bogam.record.r4 import definitions
from bogam.record.search import criteria, plan
from bogam.record.search.criteria import MODIFIERS, Condition, Rows
from bogam.record.search.error import SearchError
from bogam.record.search.plan import Parameter
from bogam.record.search.values import FIRST, LAST

MAX_CHAIN: Final = 3
"""References that a chained parameter may follow."""
MAX_VALUES: Final = 500
"""Alternatives of one parameter."""
EVERYWHERE: Final = ("_id", "_lastUpdated")
"""Parameters that are columns of `schema.resource`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks from where: the address of this server, the patients whose records may be seen (None: all), and those
    whose may not although they were among them."""

    base: str
    patients: frozenset[str] | None = None
    withheld: frozenset[str] = frozenset()

    def sees(self, resource: FromClause, resource_type: str) -> list[Condition]:
        """What must hold of a resource to be seen. Types that are no part of a patient's record are open."""
        if resource_type != "Patient" and not definitions.patient_paths(resource_type):
            return []
        found: list[Condition] = []
        if self.patients is not None:
            found.append(resource.c.patient.in_(sorted(self.patients)))
        if self.withheld:
            found.append(or_(resource.c.patient.is_(None), resource.c.patient.not_in(sorted(self.withheld))))
        return found

    def allows(self, resource_type: str, patient: str | None) -> bool:
        """The same for one resource at hand, by its type and the patient whose record it is part of."""
        if resource_type != "Patient" and not definitions.patient_paths(resource_type):
            return True
        return (self.patients is None or patient in self.patients) and patient not in self.withheld


def parameter_of(resource_type: str, name: str, written: str) -> Parameter:
    """A search parameter by name.

    Raises
    ------
    SearchError
        When the type has none of that name.
    """
    known = plan.parameters(resource_type)
    if name not in known:
        listed = ", ".join(sorted([*known, *EVERYWHERE]))
        raise SearchError(f'{resource_type} has no search parameter "{name}". Known: {listed}', written)
    return known[name]


def of_type(resource: FromClause, resource_type: str, scope: Scope) -> list[Condition]:
    """The current resources of a type that may be seen."""
    return [resource.c.type == resource_type, resource.c.current, *scope.sees(resource, resource_type)]


def conditions(
    resource: FromClause, resource_type: str, parameters: Iterable[tuple[str, str]], scope: Scope, links: int = 0
) -> list[Condition]:
    """What all parameters together ask of a resource.

    Parameters
    ----------
    resource
        `schema.resource`, or an alias of it.
    links
        How many references were followed to come here.

    Raises
    ------
    SearchError
        When a parameter is unknown, or not written as FHIR has it.
    """
    plain: list[Condition] = []
    rows: list[Rows] = []
    for name, value in parameters:
        found = _condition(resource, resource_type, name, value, scope, links)
        (rows if isinstance(found, Rows) else plain).append(found)  # pyright: ignore[reportArgumentType]
    rows.sort(key=lambda each: each.rank)
    for place, each in enumerate(rows):
        resources = select(each.table.c.resource).where(each.condition)
        if place and each.probe:
            plain.append(resources.where(each.table.c.resource == resource.c.pk).exists())
        else:
            plain.append(resource.c.pk.in_(resources))
    return plain


def _condition(
    resource: FromClause, resource_type: str, name: str, value: str, scope: Scope, links: int
) -> Condition | Rows:
    if name.startswith("_has:"):
        return _has(resource, resource_type, name, value, scope, links)
    head, dot, rest = name.partition(".")
    code, _, modifier = head.partition(":")
    if dot:
        return _chain(resource_type, code, modifier, rest, name, value, scope, links)
    values = criteria.split(value, ",")
    if not all(values):
        raise SearchError(f'"{name}" has an empty value', name)
    if len(values) > MAX_VALUES:
        raise SearchError(f'"{name}" has {len(values):,} values; {MAX_VALUES} at most', name)
    if code in EVERYWHERE:
        if modifier:
            raise SearchError(f"{code} takes no modifier", name)
        return resource.c.id.in_(values) if code == "_id" else or_(*(_updated(resource, each) for each in values))
    parameter = parameter_of(resource_type, code, name)
    _check_modifier(parameter, modifier, name)
    if modifier == "missing":
        return _missing(resource, parameter, value, name)
    found = criteria.matching(parameter, "" if modifier == "not" else modifier, values, base=scope.base, written=name)
    if modifier != "not":
        return found
    resources = select(found.table.c.resource).where(found.condition)
    if found.probe:
        return not_(resources.where(found.table.c.resource == resource.c.pk).exists())
    return resource.c.pk.not_in(resources)


def _check_modifier(parameter: Parameter, modifier: str, written: str) -> None:
    if not modifier or modifier in MODIFIERS[parameter.kind]:
        return
    if parameter.kind == "reference" and modifier in (parameter.targets or definitions.resources()):
        return
    known = ", ".join(MODIFIERS[parameter.kind]) + (" and a resource type" if parameter.kind == "reference" else "")
    raise SearchError(f'{parameter.name} has no modifier "{modifier}". Known: {known}', written)


def _missing(resource: FromClause, parameter: Parameter, value: str, written: str) -> Condition:
    if value not in ("true", "false"):
        raise SearchError(f'"{written}" must be true or false', written)
    found = criteria.present(parameter)
    resources = select(found.table.c.resource).where(found.condition)
    return resource.c.pk.not_in(resources) if value == "true" else resource.c.pk.in_(resources)


def _updated(resource: FromClause, value: str) -> Condition:
    """``updated`` is ISO text in UTC, so it sorts as text; comparing without its last letter spares its precision."""
    prefix, text = criteria.prefixed(value)
    first, last, _ = criteria.time_of(text, "_lastUpdated")
    low, high = _iso(first), _iso(last)
    column = resource.c.updated
    within = and_(column >= low, column < high)
    return {
        "eq": within,
        "ap": within,
        "ne": not_(within),
        "gt": column >= high,
        "sa": column >= high,
        "ge": column >= low,
        "lt": column < low,
        "eb": column < low,
        "le": column < high,
    }[prefix]


def _iso(milliseconds: int) -> str:
    """A time as ``updated`` has it, without the Z; what no clock shows comes before or after all of them."""
    if milliseconds <= FIRST:
        return ""
    if milliseconds >= LAST:
        return "~"
    at = datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def _chain(
    resource_type: str, code: str, kind: str, rest: str, written: str, value: str, scope: Scope, links: int
) -> Rows:
    """``patient.birthdate``: the resource that a reference leads to satisfies the rest."""
    parameter = parameter_of(resource_type, code, written)
    if parameter.kind != "reference":
        raise SearchError(f'"{code}" is no reference, so nothing can be chained to it', written)
    if links >= MAX_CHAIN:
        raise SearchError(f"{written} follows more than {MAX_CHAIN} references", written)
    if kind:
        _check_modifier(parameter, kind, written)
    kinds = [kind] if kind else list(parameter.targets or sorted(definitions.resources()))
    first = rest.partition(".")[0].partition(":")[0]
    if len(kinds) > 1:
        kinds = [k for k in kinds if first in plan.parameters(k) or first in EVERYWHERE or first == "_has"]
    if not kinds:
        raise SearchError(f'Nothing that "{code}" leads to has a search parameter "{first}"', written)
    found: list[Condition] = []
    for each in kinds:
        target = schema.resource.alias()
        inner = conditions(target, each, [(rest, value)], scope, links + 1)
        names = select(target.c.type + "/" + target.c.id).where(*of_type(target, each, scope), *inner)
        found.append(schema.search_reference.c.target.in_(names))
    table = schema.search_reference
    return Rows(table, and_(table.c.key.in_(parameter.keys), or_(*found)), probe=False, rank=2)


def _has(resource: FromClause, resource_type: str, name: str, value: str, scope: Scope, links: int) -> Condition:
    """``_has:Observation:patient:code``: an Observation refers here and satisfies the rest."""
    parts: Sequence[str] = name.split(":", 3)
    if len(parts) < 4 or parts[1] not in definitions.resources():
        raise SearchError(f'"{name}" is not written as _has:Type:reference:parameter', name)
    if links >= MAX_CHAIN:
        raise SearchError(f"{name} follows more than {MAX_CHAIN} references", name)
    _, kind, code, rest = parts
    parameter = parameter_of(kind, code, name)
    if parameter.kind != "reference" or (parameter.targets and resource_type not in parameter.targets):
        raise SearchError(f"{kind}.{code} does not lead to {resource_type}", name)
    source, table = schema.resource.alias(), schema.search_reference
    inner = conditions(source, kind, [(rest, value)], scope, links + 1)
    resources = select(source.c.pk).where(*of_type(source, kind, scope), *inner)
    targets = select(table.c.target).where(table.c.key.in_(parameter.keys), table.c.resource.in_(resources))
    return (resource.c.type + "/" + resource.c.id).in_(targets)

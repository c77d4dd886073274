"""Fields picked out of a resource by paths: a small part of FHIRPath (http://hl7.org/fhirpath/N1).

``code.coding.code``, ``name[0].family``, ``value.value`` (a choice: the value whatever its type),
``telecom.where(system='phone').value``, and the functions ``first()``, ``last()``, ``count()``, ``exists()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

from bogam.app import BadRequest

_STEP: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[(\d{1,4})\]|\(([^()]{0,200})\))?(\.|$)")
_WHERE: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)\s*=\s*'([^']*)'\s*")
_FUNCTIONS: Final = ("first", "last", "count", "exists", "where")
_LONGEST: Final = 300


class _Step(NamedTuple):
    name: str
    place: int | None
    given: str | None


def select(resource: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return the values at ``paths``: one alone, several as a list; a path without a value is left out.

    Raises
    ------
    BadRequest
        For a path that is not of this part of FHIRPath.
    """
    made: dict[str, Any] = {}
    for path in paths:
        steps = _steps(path)
        if steps[0].name == resource.get("resourceType") and steps[0].given is None:
            steps = steps[1:]
        found = _follow([resource], steps)
        if found:
            made[path] = found[0] if len(found) == 1 else found
    return made


def _steps(path: str) -> list[_Step]:
    steps: list[_Step] = []
    place = 0
    while place < len(path) <= _LONGEST:
        found = _STEP.match(path, place)
        if found is None or (found[3] is not None and found[1] not in _FUNCTIONS):
            break
        if found[1] == "where" and found[3] is not None and not _WHERE.fullmatch(found[3]):
            break
        steps.append(_Step(found[1], int(found[2]) if found[2] else None, found[3]))
        place = found.end()
    if place < len(path) or not steps or path.endswith("."):
        known = "names, [n], where(path='text'), first(), last(), count(), exists(), joined by dots"
        raise BadRequest(
            f'select: "{path[:100]}" is not understood from character {place + 1} on. A path is made of {known}.'
        )
    return steps


def _follow(values: list[Any], steps: list[_Step]) -> list[Any]:
    for step in steps:
        if step.given is None:
            values = [each for value in values for each in _members(value, step.name)]
        else:
            values = _applied(values, step)
        if step.place is not None:
            values = values[step.place : step.place + 1]
    return values


def _applied(values: list[Any], step: _Step) -> list[Any]:
    if step.name == "where":
        wanted = _WHERE.fullmatch(step.given or "")
        assert wanted is not None
        inner = [_Step(name, None, None) for name in wanted[1].split(".")]
        return [each for each in values if wanted[2] in map(str, _follow([each], inner))]
    if step.name in ("count", "exists"):
        return [len(values) if step.name == "count" else bool(values)]
    return values[:1] if step.name == "first" else values[-1:]


def _members(value: Any, name: str) -> Iterator[Any]:
    if not isinstance(value, dict):
        return
    members = cast("dict[str, Any]", value)
    found = members.get(name)
    if found is None:  # a choice of types: value stands for valueQuantity, valueString, ...
        found = next(
            (each for key, each in members.items() if key.startswith(name) and key[len(name) :][:1].isupper()), None
        )
    if isinstance(found, list):
        yield from cast("list[Any]", found)
    elif found is not None:
        yield found

"""What is indexed of each resource type: the paths of its search parameters, as a tree that is walked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from zlib import crc32

from bogam.record.r4 import definitions
from bogam.record.search import extract

UNSUPPORTED: Final = {"phonetic"}
"""Parameters with a plain path whose meaning we do not have."""


@dataclass(frozen=True, slots=True)
class Place:
    """An indexed path: ``key`` is its number in the index, ``type`` the FHIR type of what stands there."""

    key: int
    type: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one resource type: any of its places may match."""

    name: str
    kind: str
    targets: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def keys(self) -> list[int]:
        """The numbers of its places."""
        return [place.key for place in self.places]


Leaf = tuple[Callable[[int, Any, "extract.IndexRows"], None], int]


@dataclass(slots=True)
class Step:
    """What to do with one member of an object: index it, filter it, go on into it."""

    many: bool = False
    leaves: list[Leaf] = field(default_factory=list[Leaf])
    inside: dict[str, Step] = field(default_factory=dict[str, "Step"])
    filtered: list[tuple[str, str, Step]] = field(default_factory=list[tuple[str, str, "Step"]])
    """(member, value, what to do) for those whose member has that value."""


@cache
def parameters(resource_type: str) -> dict[str, Parameter]:
    """The search parameters that are indexed for a resource type.

    Raises
    ------
    KeyError
        When R4 has no such resource type.
    """
    found: dict[str, Parameter] = {}
    for name, parameter in definitions.parameters(resource_type).items():
        if name not in UNSUPPORTED:
            places = tuple(_place(resource_type, parameter.kind, path) for path in parameter.paths)
            found[name] = Parameter(name, parameter.kind, parameter.targets, places)
    return found


@cache
def tree(resource_type: str) -> dict[str, Step]:
    """The indexed paths of a resource type, by the members they begin with."""
    root: dict[str, Step] = {}
    done: set[int] = set()
    for name, parameter in parameters(resource_type).items():
        for place, path in zip(parameter.places, definitions.parameters(resource_type)[name].paths, strict=True):
            if place.key not in done and place.type != "deceased":
                done.add(place.key)
                put = extract.LEAVES[_table(parameter.kind), place.type]
                _plant(root, path.rpartition(":")[0].split("."), (put, place.key))
    return root


def _plant(level: dict[str, Step], steps: list[str], leaf: Leaf) -> None:
    name, _, condition = steps[0].partition("[")
    step = level.setdefault(name.rstrip("*"), Step(many=name.endswith("*")))
    if condition:
        member, _, value = condition.rstrip("]").partition("=")
        step.filtered.append((member, value, step := Step()))
    if len(steps) == 1:
        step.leaves.append(leaf)
    else:
        _plant(step.inside, steps[1:], leaf)


def _table(kind: str) -> str:
    return {"uri": "reference", "number": "quantity"}.get(kind, kind)


def _place(resource_type: str, kind: str, path: str) -> Place:
    """Number a path. Parameters of one table that name the same path share its rows."""
    return Place(crc32(f"{_table(kind)} {resource_type}.{path}".encode()) >> 1, path.rpartition(":")[2])

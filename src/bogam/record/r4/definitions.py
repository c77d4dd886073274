"""The R4 definitions: types and their elements, value sets, search parameters, the Patient compartment.

Read from ``definitions.json``, which ``scripts/make_r4_tables.py`` makes from the files that HL7 publishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec


class _Table(msgspec.Struct, frozen=True):
    source: str
    resources: list[str]
    types: dict[str, dict[str, str]]
    value_sets: dict[str, list[str]]
    search: dict[str, dict[str, str]]
    patient: dict[str, list[str]]


@cache
def _table() -> _Table:
    return msgspec.json.decode(files("bogam.record.r4").joinpath("definitions.json").read_bytes(), type=_Table)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type as it stands in JSON; each type of a choice is an element of its own.

    Parameters
    ----------
    name
        The member name: ``status``, ``valueQuantity``.
    type
        A FHIR type: a primitive (lower case), a data type, a path such as ``Observation.component``, or ``Resource``.
    required
        Whether at least one must be there. For a choice: whether one of the choice must be.
    many
        Whether it is a list.
    codes
        The name of the value set that is bound as required, or nothing.
    choice
        ``value[x]`` for ``valueQuantity``, otherwise nothing.
    """

    name: str
    type: str
    required: bool
    many: bool
    codes: str = ""
    choice: str = ""

    @property
    def primitive(self) -> bool:
        """Whether it is a JSON value which may have a ``_name`` beside it. Only ``div`` may not."""
        return self.type[0].islower()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one resource type.

    ``paths`` are in the notation of ``scripts/make_r4_tables.py``; ``targets`` the types that a reference may lead
    to, empty for any.
    """

    name: str
    kind: str
    targets: tuple[str, ...]
    paths: tuple[str, ...]


@cache
def resources() -> frozenset[str]:
    """The names of all resource types."""
    return frozenset(_table().resources)


@cache
def elements(type_name: str) -> dict[str, Element]:
    """The elements of a resource type, data type or path, by member name.

    Raises
    ------
    KeyError
        When R4 has no such type.
    """
    found: dict[str, Element] = {}
    for name, spec in _table().types[type_name].items():
        if name == "":
            found |= elements(spec)
            continue
        cardinality, types = spec.split(" ")
        required, many = cardinality[0] != "0", cardinality.endswith("*")
        if name.endswith("[x]"):
            for code in types.split("|"):
                member = name[:-3] + code[0].upper() + code[1:]
                found[member] = Element(member, code, required, many, choice=name)
        else:
            code, _, codes = types.partition("#")
            found[name] = Element(name, code, required, many, codes)
    return found


def value_set(name: str) -> tuple[str, ...]:
    """The codes of a value set that is bound as required somewhere."""
    return tuple(_table().value_sets[name])


@cache
def parameters(resource_type: str) -> dict[str, Parameter]:
    """The search parameters of a resource type by name, those of every resource included.

    ``_id`` and ``_lastUpdated`` are not among them: they need no path.
    """
    search = _table().search
    found: dict[str, Parameter] = {}
    for name, spec in {**search["Resource"], **search[resource_type]}.items():
        kind, targets, *paths = spec.split(" ")
        found[name] = Parameter(name, kind, () if targets in "*-" else tuple(targets.split("|")), tuple(paths))
    return found


def patient_paths(resource_type: str) -> tuple[str, ...]:
    """The paths to references that say in which Patient compartment a resource is, the patient's own element first.

    After HL7's CompartmentDefinition for Patient; Device, Contract and GuidanceResponse are added.
    """
    return tuple(_table().patient.get(resource_type, ()))

"""Decoders that accept only what R4 allows, generated from the definitions: the fast path of `bogam.record.r4.check`.

They are strict: whatever they accept is valid, and what they refuse may still be (a status that is only an extension,
a null paired with one). `bogam.record.r4.walk` decides then.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Final, ForwardRef, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from bogam.record.r4 import definitions, primitives

_String: Final = Annotated[str, Meta(min_length=1, max_length=primitives.MAX_STRING)]

_PRIMITIVES: Final[dict[str, Any]] = {
    "boolean": bool,
    "decimal": Annotated[float, Meta(ge=-primitives.MAX_DECIMAL, le=primitives.MAX_DECIMAL)],
    "string": _String,
    "markdown": _String,
    **{name: Annotated[int, Meta(ge=low, le=high)] for name, (low, high) in primitives.INTEGERS.items()},
    **{name: Annotated[str, Meta(pattern=rf"^(?:{text})\Z")] for name, text in primitives.PATTERNS.items()},
    "base64Binary": Annotated[bytes, Meta(min_length=1)],
}

_REPEATED: Final = {
    "Coding": ("system", "code"),
    "Money": ("currency",),
    "Quantity": ("system", "code"),
    "Reference": ("reference",),
}
"""Members whose values repeat so much that remembering those which passed is quicker than matching their pattern
again."""
_REMEMBERED: Final = 50_000


def decoder(resource_type: str) -> msgspec.json.Decoder[Any]:
    """The decoder of a resource type, made at its first use (some milliseconds).

    Raises
    ------
    KeyError
        When R4 has no such resource type.
    """
    if resource_type not in definitions.resources():
        raise KeyError(resource_type)
    return _decoder(resource_type)


@cache
def _decoder(resource_type: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_struct(resource_type))


def _class_name(type_name: str) -> str:
    return "R4_" + type_name.replace(".", "_")


def _struct(type_name: str) -> Any:
    """Make the Struct of a type, and those that it needs, into this module, where msgspec looks up forward
    references."""
    name = _class_name(type_name)
    if name in globals():
        return globals()[name]
    globals()[name] = ForwardRef(name)
    fields: list[tuple[str, Any, Any]] = []
    rename: dict[str, str] = {}
    if type_name in definitions.resources():
        fields.append(("resourceType", Literal[type_name], msgspec.NODEFAULT))
    for element in definitions.elements(type_name).values():
        attribute = _attribute(element)
        rename[attribute] = element.name
        annotation = _annotation(type_name, element)
        if element.required and not element.choice:
            fields.append((attribute, annotation, msgspec.NODEFAULT))
        else:
            fields.append((attribute, annotation | UnsetType, UNSET))
        if element.primitive and element.type != "xhtml":
            rename["_" + attribute] = "_" + element.name
            beside = _struct("Element")
            fields.append(("_" + attribute, _listed(beside, element) | UnsetType, UNSET))
    after = _choice_check(type_name) or _format_check(type_name)
    struct = msgspec.defstruct(
        name,
        fields,
        module=__name__,
        namespace={"__post_init__": after} if after else None,
        rename=rename,
        kw_only=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
        eq=False,
        gc=False,
    )
    globals()[name] = struct
    return struct


def _attribute(element: definitions.Element) -> str:
    return element.name + "_" if keyword.iskeyword(element.name) else element.name


def _annotation(owner: str, element: definitions.Element) -> Any:
    if element.type == "Resource":
        kind: Any = Raw
    elif element.codes:
        kind = Literal[definitions.value_set(element.codes)]
    elif element.name in _REPEATED.get(owner, ()):
        kind = str
    elif element.primitive:
        kind = _PRIMITIVES[primitives.type_of(owner, element)]
    else:
        kind = _struct(element.type)
    return _listed(kind, element)


def _listed(kind: Any, element: definitions.Element) -> Any:
    return Annotated[list[kind], Meta(min_length=1)] if element.many else kind


def _choice_check(type_name: str) -> Callable[[Any], None] | None:
    """A ``__post_init__`` that lets at most one of each choice pass, exactly one where one is required.

    A primitive with an extension (``valueString`` and ``_valueString``) counts twice, fails here and is left to the
    walk.
    """
    choices: dict[str, list[str]] = {}
    required: set[str] = set()
    for element in definitions.elements(type_name).values():
        if element.choice:
            names = choices.setdefault(element.choice, [])
            names += [_attribute(element)] + ["_" + _attribute(element)] * element.primitive
            if element.required:
                required.add(element.choice)
    if type_name == "Extension":
        choices["value[x]"].append("extension")
        required.add("value[x]")
    groups = [(attrgetter(*names), len(names) - 1, choice in required) for choice, names in choices.items()]
    if not groups:
        return None

    def check(value: Any) -> None:
        for members, others, needed in groups:
            unset = members(value).count(UNSET)
            if unset < others or (needed and unset > others):
                raise ValueError

    return check


def _format_check(type_name: str) -> Callable[[Any], None] | None:
    """A ``__post_init__`` that checks the formats of members whose values repeat, each combination once."""
    names = _REPEATED.get(type_name)
    if names is None:
        return None
    kinds = [primitives.type_of(type_name, definitions.elements(type_name)[name]) for name in names]
    passed: set[Any] = set()

    def learn(key: Any, found: tuple[Any, ...]) -> None:
        for kind, text in zip(kinds, found, strict=True):
            if text is not UNSET and primitives.refusal(kind, text):
                raise ValueError
        if len(passed) >= _REMEMBERED:
            passed.clear()
        passed.add(key)

    def check_code(value: Any) -> None:
        if (value.system, value.code) not in passed:
            learn((value.system, value.code), (value.system, value.code))

    def check_one(value: Any, name: str = names[0]) -> None:
        found = getattr(value, name)
        if found not in passed:
            learn(found, (found,))

    return check_code if names == ("system", "code") else check_one

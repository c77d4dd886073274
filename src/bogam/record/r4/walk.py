"""Examine a resource member by member: slower than `bogam.record.r4.structs`, exact, and able to say what is wrong
where."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any, Final, cast

from bogam.record.r4 import definitions, primitives
from bogam.record.r4.definitions import Element

MAX_DEPTH: Final = 100
"""Objects and lists within each other."""
MAX_PROBLEMS: Final = 100
"""Problems collected of one resource."""

_STRUCTURE: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[^\[\]{}"]++', re.DOTALL)
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = 60


class _Members(list[tuple[str, Any]]):
    """A JSON object as it was written: repeated names are still there."""


class _Digits(str):
    """A JSON number as it was written."""

    __slots__ = ()


class _NotANumber(str):
    """NaN or Infinity, which Python reads and JSON does not know."""

    __slots__ = ()


_loads: Final = json.JSONDecoder(
    object_pairs_hook=_Members, parse_int=_Digits, parse_float=_Digits, parse_constant=_NotANumber
).decode

Problems = list[tuple[str, str]]


def brackets(body: bytes) -> bytes:
    """The brackets of some text outside its strings."""
    return _STRUCTURE.sub(b"", body)


def depth(structure: bytes) -> int:
    """How deep `brackets` are nested, `MAX_DEPTH` + 1 at most; they may belong to text that is not even JSON."""
    level = deepest = 0
    for bracket in structure:
        level += 1 if bracket in b"[{" else -1
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
    return deepest


def examine(body: bytes, *, entries: bool) -> tuple[str, str | None, Problems]:
    """The type and id of a resource, and every problem of it (up to `MAX_PROBLEMS`) as JSON pointer and sentence."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return "", None, [("", f"The text is not UTF-8: byte {body[error.start]:#04x} at offset {error.start}")]
    if text.startswith("\ufeff"):
        return "", None, [("", "The text begins with a byte order mark, which JSON does not allow")]
    if depth(brackets(body)) > MAX_DEPTH:
        return "", None, [("", f"Objects and lists are nested deeper than {MAX_DEPTH} levels")]
    try:
        value = _loads(text)
    except json.JSONDecodeError as error:
        return "", None, [("", f"The text is not JSON: {error.msg} at line {error.lineno}, column {error.colno}")]
    walk = _Walk(entries)
    resource_type = walk.resource(value, "", "")
    found = dict(value) if isinstance(value, _Members) else {}
    resource_id = found.get("id")
    return resource_type, resource_id if type(resource_id) is str else None, walk.problems[:MAX_PROBLEMS]


class _Walk:
    """One examination. ``at`` is a JSON pointer, ``path`` the same place in the words of FHIR:
    ``Observation.code.coding``."""

    def __init__(self, entries: bool) -> None:
        self.entries = entries
        self.problems: Problems = []
        self.fragments: list[tuple[str, str, str]] | None = None

    def refuse(self, at: str, reason: str) -> None:
        if len(self.problems) <= MAX_PROBLEMS:
            self.problems.append((at, reason))

    def resource(self, value: Any, at: str, path: str, container: str = "") -> str:
        """Examine a resource, contained or not. Returns its type, or nothing."""
        where = path or "The resource"
        if not isinstance(value, _Members):
            self.refuse(at, f"{where} is {_kind(value)}; a resource is an object")
            return ""
        names = dict(value)
        if "resourceType" not in names:
            self.refuse(at, f'{where} has no "resourceType"')
            return ""
        name = names["resourceType"]
        if type(name) is not str or name not in definitions.resources():
            known = type(name) is str and difflib.get_close_matches(name, definitions.resources(), 1)
            hint = f"; did you mean {known[0]}?" if known else ""
            self.refuse(f"{at}/resourceType", f"{where} is of type {_quoted(name)}, which R4 does not know{hint}")
            return ""
        outer, self.fragments = self.fragments, self.fragments if container else []
        self.object(name, value, at, f"{path}({name})" if path else name)
        contained = names.get("contained")
        if container and "contained" in names:
            self.refuse(f"{at}/contained", f"{where} is contained itself and cannot contain resources")
        if not container:
            self.targets(_plain(contained) or [])
            self.fragments = outer
        return name

    def targets(self, contained: list[Any]) -> None:
        """Every ``#id`` must name a contained resource; ``#`` alone is the resource that contains."""
        ids = {
            "",
            *(dict(c).get("id") for c in contained if isinstance(c, _Members) and type(dict(c).get("id")) is str),
        }
        for at, path, name in self.fragments or []:
            if name not in ids:
                self.refuse(at, f'{path} is "#{_cut(name)}", but no contained resource has that id')

    def object(self, type_name: str, value: Any, at: str, path: str) -> None:
        """Examine an object of a known type: its names, then each member, then what is missing."""
        if not isinstance(value, _Members):
            self.refuse(at, f"{path} is {_kind(value)}; it must be an object")
            return
        if not value:
            self.refuse(at, f"{path} is an empty object; leave it out when there is no value")
            return
        elements = definitions.elements(type_name)
        members: dict[str, Any] = {}
        for name, content in value:
            if name in members:
                self.refuse(f"{at}/{_escaped(name)}", f"{path}.{_cut(name)} appears twice in the same object")
                continue
            members[name] = content
            self.named(type_name, name, at, path)
        for name, content in members.items():
            element = elements.get(name.removeprefix("_"))
            if element is None:
                continue
            if not name.startswith("_"):
                self.member(type_name, element, content, members.get("_" + name), f"{at}/{name}", f"{path}.{name}")
            elif element.primitive and element.type != "xhtml":
                self.beside(element, content, members.get(name[1:]), f"{at}/{name}", f"{path}.{name}")
        self.missing(type_name, elements, members, at, path)

    def named(self, type_name: str, name: str, at: str, path: str) -> None:
        """Refuse a member that the type does not have."""
        elements = definitions.elements(type_name)
        element = elements.get(name.removeprefix("_"))
        if element is not None and (not name.startswith("_") or (element.primitive and element.type != "xhtml")):
            return
        if name == "resourceType" and type_name in definitions.resources():
            return
        known = difflib.get_close_matches(name, elements, 1)
        hint = f"; did you mean {known[0]}?" if known else ""
        self.refuse(f"{at}/{_escaped(name)}", f"{path} has no element {_quoted(name)} in R4{hint}")

    def missing(
        self, type_name: str, elements: dict[str, Element], members: dict[str, Any], at: str, path: str
    ) -> None:
        """Refuse what lacks a required element, or has several of one choice."""
        choices: dict[str, list[str]] = {}
        required: dict[str, bool] = {}
        for element in elements.values():
            here = element.name in members or (element.primitive and "_" + element.name in members)
            if element.choice:
                found = choices.setdefault(element.choice, [])
                required[element.choice] = element.required
                if here:
                    found.append(element.name)
            elif element.required and not here:
                self.refuse(at, f"{path}.{element.name} is missing; R4 requires it")
        for choice, found in choices.items():
            if len(found) > 1:
                self.refuse(f"{at}/{found[1]}", f"{path} has {' and '.join(found)}; only one of {choice} may be there")
            elif required[choice] and not found:
                self.refuse(at, f"{path}.{choice} is missing; R4 requires one")
        if type_name == "Extension" and ("extension" in members) == bool(choices["value[x]"]):
            self.refuse(at, f"{path} must have either a value or extensions of its own")

    def member(self, owner: str, element: Element, value: Any, beside: Any, at: str, path: str) -> None:
        """Examine the value or values of an element."""
        if not element.many:
            if type(value) is list:
                self.refuse(at, f"{path} is a list; R4 allows only one")
            else:
                self.value(owner, element, value, at, path)
            return
        items = _plain(value)
        if items is None:
            self.refuse(at, f"{path} is {_kind(value)}; it must be a list")
        elif not items:
            self.refuse(at, f"{path} is an empty list; leave it out when there is no value")
        else:
            pairs = _plain(beside) or []
            for index, item in enumerate(items):
                if item is None and element.primitive and index < len(pairs) and pairs[index] is not None:
                    continue
                self.value(owner, element, item, f"{at}/{index}", path)

    def beside(self, element: Element, value: Any, values: Any, at: str, path: str) -> None:
        """Examine ``_name``: the id and extensions of a primitive, or a list of them with null where there is none."""
        if not element.many:
            self.object("Element", value, at, path)
            return
        items = _plain(value)
        if items is None:
            self.refuse(at, f"{path} is {_kind(value)}; it must be a list")
            return
        if not items:
            self.refuse(at, f"{path} is an empty list; leave it out when there is no value")
        pairs = _plain(values) or []
        for index, item in enumerate(items):
            if item is None and index < len(pairs) and pairs[index] is not None:
                continue
            self.object("Element", item, f"{at}/{index}", path)

    def value(self, owner: str, element: Element, value: Any, at: str, path: str) -> None:
        """Examine one value."""
        if element.type == "Resource":
            if element.name == "contained":
                self.resource(value, at, path, container=owner)
            elif self.entries or path != "Bundle.entry.resource":
                self.resource(value, at, path)
        elif element.primitive:
            self.primitive(owner, element, value, at, path)
        else:
            self.object(element.type, value, at, path)

    def primitive(self, owner: str, element: Element, value: Any, at: str, path: str) -> None:
        """Examine a JSON value that is no object and no list."""
        kind = primitives.type_of(owner, element)
        if kind == "boolean":
            if not isinstance(value, bool):
                self.refuse(at, f"{path} is {_kind(value)}; it must be true or false")
        elif kind == "decimal" or kind in primitives.INTEGERS:
            self.number(kind, value, at, path)
        elif type(value) is not str:
            self.refuse(at, f"{path} is {_kind(value)}; it must be a string")
        elif _SURROGATE.search(value):
            self.refuse(at, f"{path} contains half of a surrogate pair, which is no character")
        elif element.codes:
            allowed = definitions.value_set(element.codes)
            if value not in allowed:
                listed = ", ".join(allowed[:12]) + (f" … ({len(allowed)} codes)" if len(allowed) > 12 else "")
                self.refuse(at, f"{path} is {_quoted(value)}; allowed: {listed}")
        elif reason := primitives.refusal(kind, value):
            self.refuse(at, f"{path} is {_quoted(value)}, which {reason}" if value else f"{path} {reason}")
        elif kind == "reference" and value.startswith("#") and self.fragments is not None:
            self.fragments.append((at, path, value[1:]))

    def number(self, kind: str, value: Any, at: str, path: str) -> None:
        """Examine a number by its digits."""
        if not isinstance(value, _Digits):
            self.refuse(at, f"{path} is {_kind(value)}; it must be a number")
        elif max(map(len, re.findall("[0-9]+", value))) > primitives.MAX_DIGITS:
            self.refuse(at, f"{path} is a number with more than {primitives.MAX_DIGITS} digits in a row")
        elif kind == "decimal":
            if abs(float(value)) > primitives.MAX_DECIMAL:
                self.refuse(at, f"{path} is {_cut(value)}, which is beyond {primitives.MAX_DECIMAL:g}")
        else:
            low, high = primitives.INTEGERS[kind]
            if not _INTEGER.match(value):
                self.refuse(at, f"{path} is {_cut(value)}; it must be a whole number without fraction or exponent")
            elif not low <= int(value) <= high:
                self.refuse(at, f"{path} is {_cut(value)}; it must be from {low:,} to {high:,}")


def _plain(value: Any) -> list[Any] | None:
    """A JSON list; objects are lists of another class here."""
    return cast("list[Any]", value) if type(value) is list else None


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _NotANumber):
        return f"{value}, which JSON does not know"
    if isinstance(value, _Digits):
        return f"the number {_cut(value)}"
    if isinstance(value, _Members):
        return "an object"
    return "a list" if isinstance(value, list) else f"the string {_quoted(value)}"


def _cut(text: str) -> str:
    text = _SURROGATE.sub("\ufffd", text)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _quoted(value: Any) -> str:
    return json.dumps(_cut(value), ensure_ascii=False) if type(value) is str else _kind(value)


def _escaped(name: str) -> str:
    return _SURROGATE.sub("\ufffd", name).replace("~", "~0").replace("/", "~1")

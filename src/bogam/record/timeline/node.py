"""A JSON object of a resource together with its address, so that what is read from it can be cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Final, NamedTuple, cast

from bogam.record.citation import Field, Origin
from bogam.record.facts import Coding
from bogam.record.json import Number

_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2}))?")
_LEAP_SECOND: Final = re.compile(r"(T\d{2}:\d{2}):60")


@lru_cache(maxsize=65536)
def moment(text: str) -> datetime | None:
    """Return a FHIR date, dateTime or instant as an aware datetime; None when it is none.

    A partial date is its first moment, a missing zone UTC, a leap second the second before it.
    """
    partial = _PARTIAL.fullmatch(text)
    try:
        if partial:
            return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
        read = datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", text))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def number(value: Any) -> float | None:
    """Return a decoded JSON number as a float; None for anything else and for what no float can hold."""
    if type(value) is not int and type(value) is not Number:
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if isfinite(read) else None


def members(value: Any) -> dict[str, Any] | None:
    """Return ``value`` if it is a JSON object."""
    return cast("dict[str, Any]", value) if type(value) is dict else None


def items(value: Any) -> list[Any]:
    """Return the elements of a JSON array; of anything else, none."""
    return cast("list[Any]", value) if type(value) is list else []


class Span(NamedTuple):
    """When something was: the fields as recorded, and the same as datetimes."""

    start: Field | None
    at: datetime | None
    end: Field | None
    end_at: datetime | None


NEVER: Final = Span(None, None, None, None)


class Node:
    """A JSON object at ``pointer`` within the resource ``root``, read from the version ``origin``."""

    __slots__ = ("origin", "pointer", "root", "value")

    def __init__(self, origin: Origin, root: dict[str, Any], pointer: str, value: dict[str, Any]) -> None:
        self.origin = origin
        self.root = root
        self.pointer = pointer
        self.value = value

    def leaf(self, key: str) -> Field | None:
        """The primitive at ``key``; None when it is absent, empty or no primitive."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value:
            return Field(self.origin, f"{self.pointer}/{key}", value)
        return _leaf(self.origin, f"{self.pointer}/{key}", value)

    def word(self, key: str) -> str:
        """The string at ``key``, or ``""``."""
        value = self.value.get(key)
        return value if isinstance(value, str) else ""

    def child(self, key: str) -> Node | None:
        """The object at ``key``; of an array of objects, the first."""
        value = self.value.get(key)
        if type(value) is dict:
            return Node(self.origin, self.root, f"{self.pointer}/{key}", cast("dict[str, Any]", value))
        return next(self.children(key), None) if type(value) is list else None

    def children(self, key: str) -> Iterator[Node]:
        """The objects in the array at ``key``; a single object counts as an array of one."""
        value = self.value.get(key)
        if type(value) is dict:
            yield Node(self.origin, self.root, f"{self.pointer}/{key}", cast("dict[str, Any]", value))
        for index, item in enumerate(items(value)):
            if type(item) is dict:
                yield Node(self.origin, self.root, f"{self.pointer}/{key}/{index}", cast("dict[str, Any]", item))

    def path(self, *keys: str) -> Node | None:
        """Follow `child` along ``keys``."""
        node: Node | None = self
        for key in keys:
            node = node.child(key) if node else None
        return node

    def name(self, *keys: str) -> Field | None:
        """The words for the first of ``keys`` that has any; see `words`."""
        for key in keys:
            value = self.value.get(key)
            if value is not None:
                found = words(self.origin, f"{self.pointer}/{key}", value)
                if found:
                    return found
        return None

    def names(self, key: str) -> tuple[Field, ...]:
        """The words for every element at ``key``, in order."""
        found = (words(item.origin, item.pointer, item.value) for item in self.children(key))
        return tuple(field for field in found if field)

    def code(self, key: str) -> Field | None:
        """The first code of the CodeableConcept (or Coding, or code) at ``key``, else its words."""
        value = self.value.get(key)
        if isinstance(value, str):
            return self.leaf(key)
        for concept in self.children(key):
            if found := concept.leaf("code"):
                return found
            for coding in concept.children("coding"):
                if found := coding.leaf("code"):
                    return found
        return self.name(key)

    def plain_codes(self, key: str) -> list[str]:
        """The codes of `codings`, as strings that are not to be cited."""
        value = self.value.get(key)
        concepts = items(value) if type(value) is list else (value,)
        found: list[str] = []
        for concept in concepts:
            if type(concept) is dict:
                for coding in items(cast("dict[str, Any]", concept).get("coding")):
                    code = cast("dict[str, Any]", coding).get("code") if type(coding) is dict else None
                    if isinstance(code, str):
                        found.append(code)
        return found

    def codings(self, key: str) -> tuple[Coding, ...]:
        """Every Coding with a code in the CodeableConcept (or the array of them) at ``key``."""
        value = self.value.get(key)
        if type(value) is dict:
            return _codings(self.origin, f"{self.pointer}/{key}", cast("dict[str, Any]", value))
        if type(value) is list:
            return tuple(one for node in self.children(key) for one in _codings(self.origin, node.pointer, node.value))
        return ()

    def words(self) -> Field | None:
        """The words of this node; see `words`."""
        return words(self.origin, self.pointer, self.value)

    def coded(self) -> tuple[Coding, ...]:
        """Every Coding with a code in this node, a CodeableConcept."""
        return _codings(self.origin, self.pointer, self.value)

    def span(self, *keys: str) -> Span:
        """When, from the first of ``keys`` that says: a date, a Period, a Timing or words such as "in childhood"."""
        for key in keys:
            value = self.value.get(key)
            if value is None:
                continue
            if isinstance(value, str):
                start = self.leaf(key)
                if start:
                    return Span(start, moment(start.text), None, None)
                continue
            node = self.child(key)
            found = node.period() if node else NEVER
            if found.start or found.end:
                return found
        return NEVER

    def period(self) -> Span:
        """This node as a Period or a Timing."""
        start, end = self.leaf("start"), self.leaf("end")
        if start or end:
            return Span(start, moment(start.text) if start else None, end, moment(end.text) if end else None)
        for index, event in enumerate(items(self.value.get("event"))):
            first = _leaf(self.origin, f"{self.pointer}/event/{index}", event)
            if first:
                return Span(first, moment(first.text), None, None)
        bounds = self.path("repeat", "boundsPeriod")
        return bounds.period() if bounds else NEVER


def _leaf(origin: Origin, pointer: str, value: Any) -> Field | None:
    if isinstance(value, str):
        return Field(origin, pointer, value) if value else None
    if isinstance(value, bool):
        return Field(origin, pointer, "true" if value else "false")
    return Field(origin, pointer, str(value)) if isinstance(value, int) else None


def _codings(origin: Origin, pointer: str, concept: dict[str, Any]) -> tuple[Coding, ...]:
    found: list[Coding] = []
    for index, item in enumerate(items(concept.get("coding"))):
        if type(item) is not dict:
            continue
        coding = cast("dict[str, Any]", item)
        code, system, display = coding.get("code"), coding.get("system"), coding.get("display")
        if type(code) is str and code:
            at = f"{pointer}/coding/{index}"
            shown = Field(origin, f"{at}/display", display) if type(display) is str and display else None
            found.append(Coding(system if type(system) is str else "", Field(origin, f"{at}/code", code), shown))
    return tuple(found)


_WORDS: Final = ("text", "display", "name", "family", "code", "value")
"""Where CodeableConcept, Coding, Reference, Annotation, HumanName, deviceName and Identifier keep their words."""


def words(origin: Origin, pointer: str, value: Any) -> Field | None:
    """Return the words of an element, as the exact leaf that has them.

    Of a CodeableConcept its text, else the first display, else the first code; of a Reference or a Coding the display;
    of a HumanName its text, else the family name; of an array those of the first element that has any.
    """
    if type(value) is dict:
        element = cast("dict[str, Any]", value)
        text = element.get("text")
        if isinstance(text, str) and text:
            return Field(origin, f"{pointer}/text", text)
        codings = items(element.get("coding"))
        for word in ("display", "code") if codings else ():
            for index, item in enumerate(codings):
                coding = members(item)
                found = coding.get(word) if coding else None
                if isinstance(found, str) and found:
                    return Field(origin, f"{pointer}/coding/{index}/{word}", found)
        for word in _WORDS:
            found = element.get(word)
            if isinstance(found, str) and found:
                return Field(origin, f"{pointer}/{word}", found)
        return None
    if type(value) is list:
        for index, item in enumerate(items(value)):
            if item is not None and (found := words(origin, f"{pointer}/{index}", item)):
                return found
        return None
    return _leaf(origin, pointer, value)

"""Whether a resource keeps to the structure of R4: types, cardinality, required elements and codes, formats,
references.

Two ways lead to the answer. Decoders generated from the definitions accept nearly every valid resource at some ten
microseconds each; whatever they do not accept is walked with the definitions at hand, which settles it and finds
every problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import UNSET

from bogam.record.r4 import primitives, structs, walk

MAX_DEPTH: Final = walk.MAX_DEPTH

_encode: Final = msgspec.json.Encoder().encode
_HEAD: Final = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"(\w+)"')
_ANYWHERE: Final = re.compile(rb'"resourceType"\s*:\s*"(\w+)"')
_FRAGMENT: Final = re.compile(rb'"reference":"#([^"]*)"')
_DIGITS: Final = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
_NOT_MARKS: Final = bytes(byte for byte in range(256) if byte not in b'"\\{}[]')
_SHORTENED: Final = primitives.MAX_DIGITS - 30
"""Re-encoding writes any number with some 25 characters, so one with too many digits leaves at least so much out."""
_LONG_NUMBER: Final = b"0" * (primitives.MAX_DIGITS + 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A resource that keeps to the structure of R4. ``id`` is None where the sender gave none."""

    type: str
    id: str | None


class CheckError(ValueError):
    """A resource that breaks R4. ``pointer`` and ``reason`` are the first of ``problems``, each a JSON pointer and a
    sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        self.pointer, self.reason = problems[0]
        super().__init__(f"{self.reason} (at {self.pointer or 'the root'})")


def check(body: bytes, *, entries: bool = False) -> Checked:
    """Check one resource as it was sent.

    Also refused: what is not JSON or not UTF-8, lone surrogates, members that appear twice, nesting deeper than
    ``MAX_DEPTH``, numbers with more than `primitives.MAX_DIGITS` digits in a row.

    Parameters
    ----------
    body
        The JSON of the resource. Contained resources are checked with it.
    entries
        Whether the resources in a Bundle are checked too; they usually are, one by one, by whoever opens the Bundle.

    Raises
    ------
    CheckError
        With every problem found (up to `walk.MAX_PROBLEMS`).
    """
    found = None if entries else _quick(body)
    if found is not None:
        return found
    resource_type, resource_id, problems = walk.examine(body, entries=entries)
    if problems:
        raise CheckError(problems)
    return Checked(resource_type, resource_id)


def _quick(body: bytes) -> Checked | None:
    """Accept a resource if that can be told quickly. None decides nothing.

    The re-encoded resource has as many quotation marks as ``body``, unless a member was dropped because its name came
    again: strings keep theirs, as ``\\"``. The one other way to write them, ``\\u0022``, is left to the walk, as are
    the escaped control characters.
    """
    marks = body.translate(None, _NOT_MARKS)
    if b"\\" in marks and (b"\\u00" in body or b"\\b" in body or b"\\f" in body):
        return None
    if not _shallow(marks, body):
        return None
    head = _HEAD.match(body) or _ANYWHERE.search(body)
    try:
        decoder = structs.decoder(head[1].decode()) if head else None
        if decoder is None:
            return None
        value = decoder.decode(body)
        encoded = _encode(value)
        if value.resourceType == "Bundle":
            body.decode()  # its entries are passed over unread
    except (KeyError, UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return None
    if len(body) > len(encoded) + _SHORTENED and _LONG_NUMBER in body.translate(_DIGITS):
        return None
    if encoded.count(b'"') != marks.count(b'"') or (b"{}" in marks and b"{}" in encoded):
        return None
    resource_id = None if value.id is UNSET else value.id
    resource_type = value.resourceType
    if resource_type == "Parameters" and b'"resource"' in encoded:
        return None
    if resource_type == "Bundle" and b'"outcome"' in encoded:
        return None
    if not _whole(value, encoded):
        return None
    return Checked(resource_type, resource_id)


def _whole(value: Any, encoded: bytes) -> bool:
    """Whether contained resources are right and all references to them lead somewhere."""
    contained: Any = getattr(value, "contained", UNSET)
    if contained is UNSET:
        return b'"reference":"#' not in encoded
    names = {b""}
    for raw in contained:
        body = bytes(raw)
        inner = _quick(body) if b'"contained"' not in body and b'"#' not in body else None
        if inner is None or inner.id is None:
            return False
        names.add(inner.id.encode())
    return names.issuperset(_FRAGMENT.findall(encoded))


def _shallow(marks: bytes, body: bytes) -> bool:
    """Whether it is plain that ``body`` is not nested too deep.

    Lists never stand directly in lists, so half the levels at least are objects. Where every quotation mark stands
    beside its partner, no string holds a bracket, and ``marks`` is the structure. Each round takes away two levels at
    most.
    """
    if marks.count(b"{") <= MAX_DEPTH // 2:
        return True
    structure = marks.replace(b'""', b"")
    if b'"' in structure or b"\\" in structure:
        structure = walk.brackets(body)
    for _ in range(MAX_DEPTH // 2):
        if not structure:
            return True
        structure = structure.replace(b"{}", b"").replace(b"[]", b"")
    return not structure

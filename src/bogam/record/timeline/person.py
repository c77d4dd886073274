"""Reads Patient: who this is."""

from __future__ import annotations

import re
from typing import Final

from bogam.record.citation import Field
from bogam.record.facts import Person
from bogam.record.timeline.node import Node, items, moment

_USES: Final = {"official": 0, "usual": 1, "": 2, "nickname": 4, "anonymous": 5, "temp": 6, "maiden": 7, "old": 8}
_EAST_ASIAN: Final = re.compile(r"[ᄀ-ᇿ㄰-㆏가-힣一-鿿㐀-䶿]+")
"""Hangul and Han: family name first, and no space."""


def person(node: Node) -> Person:
    """Read a Patient resource."""
    name, parts, display = _name(node)
    deceased = node.leaf("deceasedDateTime")
    if deceased is None and node.value.get("deceasedBoolean") is True:
        deceased = node.leaf("deceasedBoolean")
    return Person(
        origin=node.origin,
        id=node.word("id"),
        name=name,
        name_parts=parts,
        display=display,
        birth_date=node.leaf("birthDate"),
        gender=node.leaf("gender"),
        deceased=deceased,
        deceased_at=moment(deceased.text) if deceased else None,
        identifiers=_identifiers(node),
        phone=_phone(node),
        address=_address(node),
        language=_language(node),
        marital_status=node.name("maritalStatus"),
    )


def _name(node: Node) -> tuple[Field | None, tuple[Field, ...], str]:
    """The name to call the person by: the leaf, all the leaves it is put together from, and the whole."""
    for name in sorted(node.children("name"), key=lambda name: _USES.get(name.word("use"), 3)):
        if text := name.leaf("text"):
            return text, (text,), text.text
        family = name.leaf("family")
        given = tuple(
            Field(name.origin, f"{name.pointer}/given/{index}", item)
            for index, item in enumerate(items(name.value.get("given")))
            if isinstance(item, str) and item
        )
        parts = (family, *given) if family else given
        if not parts:
            continue
        if all(_EAST_ASIAN.fullmatch(part.text) for part in parts):
            return parts[0], parts, "".join(part.text for part in parts)
        western = (*given, family) if family else given
        return parts[0], western, " ".join(part.text for part in western)
    return None, (), ""


def _identifiers(node: Node) -> tuple[tuple[str, Field], ...]:
    found: list[tuple[str, Field]] = []
    for identifier in node.children("identifier"):
        value = identifier.leaf("value")
        if value:
            label = identifier.code("type")
            found.append((label.text if label else identifier.word("system"), value))
    return tuple(found)


def _phone(node: Node) -> Field | None:
    phones = [point for point in node.children("telecom") if point.word("system") in ("phone", "sms")]
    phones.sort(key=lambda point: (point.word("use") == "old", point.word("use") != "mobile"))
    return next((field for point in phones if (field := point.leaf("value"))), None)


def _address(node: Node) -> Field | None:
    for address in sorted(node.children("address"), key=lambda address: address.word("use") == "old"):
        if found := address.name("text", "line", "city"):
            return found
    return None


def _language(node: Node) -> Field | None:
    spoken = sorted(node.children("communication"), key=lambda one: one.value.get("preferred") is not True)
    return next((field for one in spoken if (field := one.name("language"))), None)

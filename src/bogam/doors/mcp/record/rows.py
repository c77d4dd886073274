"""A fact of the timeline as a row: what it is, its values in the record's words, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from bogam.record.citation import Field
from bogam.record.facts import Dosage, Fact, Mention, Result

_OWN: Final = frozenset(
    {
        "origin",
        "name",
        "codes",
        "status",
        "status_field",
        "start",
        "at",
        "end",
        "end_at",
        "encounter",
        "parts",
        "due_at",
    }
    | {"number", "low_number", "high_number", "key", "flag_field", "flag_from"}
)
Allowed = Callable[[str], bool]
"""Whether what stands in a resource of this type may be shown."""


def row(fact: Fact, allowed: Allowed) -> dict[str, Any]:
    """Return a fact as JSON values. A value from a resource that may not be shown is left out."""
    made: dict[str, Any] = {"name": fact.name.text, "status": fact.status}
    if fact.start is not None:
        made["date"] = fact.start.text
    if fact.end is not None:
        made["until"] = fact.end.text
    if fact.codes:
        first = fact.codes[0]
        made["code"] = f"{first.system}|{first.code.text}"
    for each in fields(fact):
        if each.name not in _OWN:
            value = _value(getattr(fact, each.name), allowed)
            if value not in (None, "", [], False):
                made[each.name] = value
    if isinstance(fact, Result) and fact.value is not None:
        cited = fact.value
    else:
        cited = fact.sentence if isinstance(fact, Mention) else fact.name
    made["cite"] = f"{cited.origin.source}@{cited.origin.version}#{cited.pointer}"
    return made


def _value(value: Any, allowed: Allowed) -> Any:
    if isinstance(value, Field):
        return value.text if allowed(value.origin.source.partition("/")[0]) else None
    if isinstance(value, Dosage):
        parts = {each.name: _value(getattr(value, each.name), allowed) for each in fields(value)}
        return parts["text"] or {key: part for key, part in parts.items() if part}
    if isinstance(value, tuple):
        return [made for each in value if (made := _value(each, allowed)) is not None]  # pyright: ignore[reportUnknownVariableType]
    return value if isinstance(value, str | int | float | bool) else None


def type_of(fact: Fact) -> str:
    """Return the type of the resource that a fact stands in."""
    return fact.origin.source.partition("/")[0]

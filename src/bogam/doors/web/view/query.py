"""The form in which a source is asked, made of what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from bogam.doors.web.words import Words

Kind = Literal["text", "select", "number", "date", "several"]
_MAIN: Final = "text"
_NOT_ASKED: Final = frozenset({"next", "limit"})
_SEVERAL: Final = ";"


@dataclass(frozen=True, slots=True)
class Blank:
    """One field to fill in. ``choices`` are value and label, the first one empty: any."""

    name: str
    label: str
    about: str
    kind: Kind
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def blanks(shape: type[BaseModel], words: Words, given: Mapping[str, str]) -> list[Blank]:
    """Return the fields of a search, the words to search for first."""
    made = [
        _blank(name, field.annotation, field.description or "", words, given.get(name, ""))
        for name, field in shape.model_fields.items()
        if name not in _NOT_ASKED
    ]
    return sorted(made, key=lambda each: each.name != _MAIN)


def asked(shape: type[BaseModel], given: Mapping[str, str]) -> dict[str, Any]:
    """Return the question of a query string; a field that takes several values has them with ``;`` between them."""
    question: dict[str, Any] = {}
    for name, field in shape.model_fields.items():
        value = given.get(name, "").strip()
        if not value:
            continue
        several = _kind(field.annotation)[1]
        parts = [part.strip() for part in value.split(_SEVERAL) if part.strip()]
        question[name] = parts if several else value
    return question


def _blank(name: str, annotation: Any, about: str, words: Words, value: str) -> Blank:
    kind, several = _kind(annotation)
    label = words.get(f"query.{name}", name.replace("_", " "))
    if several:
        return Blank(name, label, f"{about} ({words('sources.several')})", "several", value)
    if kind is bool:
        choices = (("", words("sources.any")), ("true", words("sources.yes")), ("false", words("sources.no")))
        return Blank(name, label, about, "select", value, choices)
    if get_origin(kind) is Literal:
        offered = [str(each) for each in get_args(kind) if each != ""]
        named = tuple((each, words.get(f"choice.{each}", each)) for each in offered)
        return Blank(name, label, about, "select", value, (("", words("sources.any")), *named))
    return Blank(name, label, about, "number" if kind in (int, float) else "date" if kind is date else "text", value)


def _kind(annotation: Any) -> tuple[Any, bool]:
    """Return the type of a field's value, and whether it takes several."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return annotation, False
    inner = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return _kind(inner[0])[0], True
    return _kind(inner[0]) if len(inner) == 1 else (annotation, False)

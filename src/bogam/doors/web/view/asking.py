"""The skills that can write about a patient, each with a form made from its request type.

A skill has a page of its own when a route ``/patients/{id}/NAME`` is registered, NAME being the skill's: its entry then
leads there instead of showing a form. Words of a skill stand in the word files under ``skill.NAME``, ``skill_for.NAME``
(what it is for), ``ask.FIELD`` and ``choice.VALUE``; where there are none, the skill's README and the names do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin
from urllib.parse import quote

from annotated_types import Ge, Le, MaxLen
from pydantic.fields import FieldInfo

from bogam.doors.web.words import NAMES, Words
from bogam.skills.skill import Skill, skills

Kind = Literal["select", "check", "number", "date", "text"]
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. ``choices`` are value and label; ``low``, ``high`` and ``most`` bound what is typed."""

    name: str
    label: str
    kind: Kind
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    low: int | None = None
    high: int | None = None
    most: int = _LONGEST


@dataclass(frozen=True, slots=True)
class Entry:
    """A skill in the list. ``page`` is where it is done, when it has a page of its own."""

    name: str
    title: str
    about: str
    inputs: tuple[Input, ...]
    page: str = ""


def entries(ways: frozenset[str], patient: str, words: Words) -> list[Entry]:
    """Return the installed skills in the order of their titles."""
    found = [entry(ways, patient, name, words) for name in skills()]
    return sorted(found, key=lambda each: each.title)


def entry(ways: frozenset[str], patient: str, name: str, words: Words, given: Mapping[str, str] | None = None) -> Entry:
    """Return one skill, its form filled with ``given`` where that is known. ``ways`` are the paths of all routes."""
    skill = skills()[name]
    title = words.get(f"skill.{name}", name.replace("-", " ").capitalize())
    about = words.get(f"skill_for.{name}", first_paragraph(skill.folder))
    page = f"/patients/{quote(patient, safe='')}/{name}" if f"/patients/{{id}}/{name}" in ways else ""
    return Entry(name, title, about, tuple(inputs(skill, words, given or {})), page)


@cache
def first_paragraph(folder: Path) -> str:
    """Return the first paragraph of a skill's README; empty where it has none."""
    readme = folder / "README.md"
    if not readme.is_file():
        return ""
    blocks = readme.read_text("utf-8").split("\n\n")
    return next((" ".join(block.split()) for block in blocks if block.strip() and not block.startswith("#")), "")


def inputs(skill: Skill, words: Words, given: Mapping[str, str]) -> Iterable[Input]:
    """Make a form's fields from a request type: what is neither choice, yes or no, number, day nor text has none."""
    for name, field in skill.request.model_fields.items():
        made = _input(name, field, words, given.get(name))
        if made is not None:
            yield made


def _input(name: str, field: FieldInfo, words: Words, given: str | None) -> Input | None:
    type = _without_none(field.annotation)
    default = field.get_default(call_default_factory=True)
    if name == "language":
        given = given or words.language
    value = given if given is not None else "" if default is None else str(default)
    label = words.get(f"ask.{name}", name.replace("_", " ").capitalize())
    if get_origin(type) is Literal:
        offered = [str(each) for each in get_args(type)]
        if name == "language":
            choices = [(code, NAMES[code]) for code in NAMES if code in offered]
        else:
            choices = [(each, words.get(f"choice.{each}", each)) for each in offered]
        return Input(name, label, "select", value, tuple(choices))
    if type is bool:
        return Input(name, label, "check", value.lower())
    if type is int:
        low = next((each.ge for each in field.metadata if isinstance(each, Ge)), None)
        high = next((each.le for each in field.metadata if isinstance(each, Le)), None)
        return Input(name, label, "number", value, (), _int(low), _int(high))
    if type is date:
        return Input(name, label, "date", value)
    if type is str:
        most = next((each.max_length for each in field.metadata if isinstance(each, MaxLen)), _LONGEST)
        return Input(name, label, "text", value, (), None, None, most)
    return None


def _int(bound: object) -> int | None:
    return bound if isinstance(bound, int) else None


def _without_none(annotation: Any) -> Any:
    """Return X of ``X | None``, or the annotation itself."""
    kinds = [each for each in get_args(annotation) if each is not type(None)]
    return kinds[0] if get_origin(annotation) is not Literal and len(kinds) == 1 else annotation


def asked(skill: Skill, form: Mapping[str, str]) -> dict[str, str]:
    """Return those fields of a posted form that the request has and that are not left empty."""
    return {name: form[name] for name in skill.request.model_fields if form.get(name, "").strip()}

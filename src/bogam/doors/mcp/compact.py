"""Three tools in the place of all: find one, describe it, call it. For clients that a long list would drown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from bogam.app import Unknown
from bogam.doors.mcp.schema import compact, output
from bogam.doors.mcp.tool import Call, Tool

_WORD: Final = re.compile(r"[^\W_]+")
_FULL: Final = 400
CALL: Final = "call"


class Find(BaseModel):
    """What a tool is wanted for."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field("", max_length=300, description="Words; empty lists all names")


class Describe(BaseModel):
    """Which tool to describe."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)


class Pass(BaseModel):
    """Which tool to call, with its arguments."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    arguments: dict[str, Any] = Field(default_factory=dict[str, Any])


def named(catalogue: Mapping[str, Tool], name: str) -> Tool:
    """Return a tool. Raises `Unknown`, naming those that are near."""
    found = catalogue.get(name)
    if found is None:
        near = [each.name for each in _ranked(catalogue, name)[:8]] or sorted(catalogue)[:8]
        raise Unknown(f'No tool "{name[:80]}". Near: {", ".join(near)}.')
    return found


def tools(catalogue: Mapping[str, Tool]) -> list[Tool]:
    """Return find and describe. The third, call, is the door's own work: it becomes the call that it names."""

    def find(asked: Call) -> dict[str, Any]:
        query = asked.request.query
        if not query.strip():
            return {"tools": [{"name": name} for name in catalogue]}
        return {"tools": [{"name": each.name, "about": each.about} for each in _ranked(catalogue, query)[:8]]}

    def describe(asked: Call) -> dict[str, Any]:
        tool = named(catalogue, asked.request.name)
        return {"name": tool.name, "about": tool.about, "arguments": compact(tool.request, _FULL), "gives": tool.output}

    def nothing(_: Any) -> tuple[str, ...]:
        return ()

    return [
        Tool("find", "Find tools of Bogam by what they are for.", Find, output(tools="array"), nothing, find),
        Tool(
            "describe",
            "The arguments and result of a tool.",
            Describe,
            output(name="string", about="string", arguments="object", gives="object"),
            nothing,
            describe,
        ),
    ]


def _ranked(catalogue: Mapping[str, Tool], query: str) -> list[Tool]:
    words = [word.casefold() for word in _WORD.findall(query)]

    def score(tool: Tool) -> float:
        name = [word.casefold() for word in _WORD.findall(tool.name.replace("_", " "))]
        about = [word.casefold() for word in _WORD.findall(tool.about)]
        return sum(3 * _hit(word, name) + _hit(word, about) for word in words)

    scored = [(score(tool), place, tool) for place, tool in enumerate(catalogue.values())]
    return [tool for points, _, tool in sorted(scored, key=lambda each: (-each[0], each[1])) if points > 0]


def _hit(word: str, words: list[str]) -> float:
    """One for the word itself, half for one that begins alike (a plural, an ending)."""
    if word in words:
        return 1.0
    return 0.5 if len(word) > 3 and any(each[:4] == word[:4] for each in words) else 0.0

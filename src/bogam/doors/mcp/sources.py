"""A search and a get for each source, made from what the source itself says it can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from bogam.access.identity import Action
from bogam.app import Bogam
from bogam.doors.mcp.schema import brief, output
from bogam.doors.mcp.scopes import SOURCES
from bogam.doors.mcp.tool import Call, Tool
from bogam.sources.library.instructions import set_apart, to_a_program
from bogam.sources.reference_desk import Act
from bogam.sources.remote_mcp import RemoteMcp
from bogam.sources.source import Source

_ABOUT: Final = 90
_WITHHELD: Final = "[withheld: it reads like an instruction to a program; a person can see it on the document's page]"
_ANSWER: Final = output(status="string", items="array")
"""The words of a status stand in the server's instructions, once for all tools."""


def tools(bogam: Bogam) -> Iterator[Tool]:
    """Yield the tools of every installed source."""
    for name in bogam.sources.names():
        source = bogam.sources.source(name)
        yield _tool(source, "search", f"{source.title}: {_lower(source.holds[0])}")
        yield _tool(source, "get", f"{source.title}: one item by id{_example(source)}.")


def spelled(name: str) -> str:
    """Return a name of ours as clients take it in the name of a tool."""
    return name.replace("-", "_").replace(".", "_")


def _tool(source: Source, act: Act, about: str) -> Tool:
    request = source.Search if act == "search" else source.Get
    name = f"{spelled(source.name)}_{act}"
    outside = bool(source.base)
    reads = act == "search" or not isinstance(source, RemoteMcp)  # a tool elsewhere may do anything
    return Tool(name, about, request, _ANSWER, _needs, _asking(source.name, act), Action.look_up, reads, outside)


def _needs(_: Any) -> tuple[str, ...]:
    return (SOURCES,)


def _asking(name: str, act: Act) -> Callable[[Call], dict[str, Any]]:
    def ask(call: Call) -> dict[str, Any]:
        asked = call.request.model_dump(exclude_unset=True)
        actor, purpose = call.asker.actor, call.asker.purpose
        told = call.bogam.look_up(name, act, asked, actor=actor, purpose=purpose).json()
        if name == "library":
            for item in told["items"]:
                item["fields"]["pages"] = [_withheld(page) for page in item["fields"]["pages"]]
        return {key: value for key, value in told.items() if value not in ("", None)}

    return ask


def _withheld(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page without what speaks to a program: a model reads this. Places of the other paragraphs stay."""
    apart = set_apart(page)
    return page | {
        "paragraphs": [_WITHHELD if at in apart else each for at, each in enumerate(page["paragraphs"])],
        "headings": [_WITHHELD if to_a_program(each) else each for each in page["headings"]],
    }


def _lower(sentence: str) -> str:
    """Begin small, unless it begins with an abbreviation."""
    small = sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence
    said = brief(small, _ABOUT)
    return f"{said}." if said else f"{small[:_ABOUT].rpartition(' ')[0]} …"


def _example(source: Source) -> str:
    return f", e.g. {source.example[1]}" if source.example[1] else ""

"""What a source answered, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import typer

from bogam.doors.cli.printing import emit, plain, show_table
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from bogam.sources.answer import Answer, Item

_LONGEST = 2000


def show(answer: Answer, title: str, *, whole: bool, json: bool) -> None:
    """Print an answer: what it is and how old, its items, how to go on. ``whole`` prints the fields of each item."""
    if json:
        emit(answer.json())
        return
    _head(answer, title)
    if whole:
        for item in answer.items:
            _item(item)
    elif answer.items:
        columns = tuple(map(say, ("id", "title", "version")))
        show_table(columns, ((each.id, each.title, each.version) for each in answer.items), empty="")
    if answer.next:
        typer.echo(f"--next {plain(answer.next)}")


def _head(answer: Answer, title: str) -> None:
    count = len(answer.items)
    total = f"{count:,}" if answer.total is None or answer.total == count else f"{count:,} / {answer.total:,}"
    parts = [say(answer.status), total if count else "", title, say(answer.backend)]
    if answer.version:
        parts.append(f"{say('data of')} {answer.version}")
    if answer.retrieved_at and answer.status != "upstream_error":
        parts.append(f"{say('retrieved')} {answer.retrieved_at} ({_span(answer.age_s)})")
    typer.echo(plain(" · ".join(filter(None, parts))))
    if answer.usable and answer.reason:
        typer.echo(f"! {plain(answer.reason)}")


def _span(seconds: int) -> str:
    for name, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _item(item: Item) -> None:
    typer.echo("")
    typer.echo(plain(item.title))
    for label, value in (("id", item.ref), ("version", item.version), ("url", item.url)):
        if value:
            typer.echo(f"{label:<20} {plain(value)}")
    for name, value in item.fields.items():
        for at, line in enumerate(_lines(value)):
            typer.echo(f"{(name if not at else ''):<20} {plain(line)}")


def _lines(value: Any, inside: str = "") -> Iterator[str]:
    """Yield a value as lines: a list one a line, an object as its members; what is very long is cut, and says so."""
    if isinstance(value, Mapping):
        members = cast(Mapping[str, Any], value)
        if all(not isinstance(each, Mapping | list) for each in members.values()):
            yield inside + "; ".join(f"{key}: {each}" for key, each in members.items() if each not in (None, ""))
            return
        for key, each in members.items():
            yield from _lines(each, f"{inside}{key}: ")
    elif isinstance(value, list):
        for each in cast(list[Any], value):
            yield from _lines(each, inside)
    elif value not in (None, ""):
        text = str(value)
        cut = f" … ({len(text):,} characters; --json prints all)" if len(text) > _LONGEST else ""
        yield inside + text[:_LONGEST] + cut

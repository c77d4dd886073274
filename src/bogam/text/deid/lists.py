"""The word lists in ``data``: words between blanks, lines that begin with # are their origin."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sections(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a list by section; a line that is "/" begins the next."""
    text = files("bogam.text.deid").joinpath("data", name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(tuple(part.split()) for part in "\n".join(lines).split("\n/\n"))


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of a list, all sections together."""
    return frozenset(word for part in sections(name) for word in part)


@cache
def lowered(name: str) -> frozenset[str]:
    """Return the words of a list without case."""
    return frozenset(word.casefold() for word in listed(name))

"""What a reader sees when a sentence's source is opened: the resource around the cited words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from bogam.record import attachment
from bogam.record.citation import Citation
from bogam.record.json import PointerError, point, text

_HIDDEN: Final = {"extension", "data", "div"}
_HIDDEN_AT_ROOT: Final = _HIDDEN | {"meta", "text", "id", "resourceType", "contained", "identifier"}
"""At the root ``text`` is the narrative; further down it is how a concept is said."""
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One leaf of the cited resource. ``cited`` marks the one that the citation points at."""

    pointer: str
    text: str
    cited: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation opened.

    ``value`` is the cited value whole, ``start`` and ``end`` the cited span in it. ``lines`` are the leaves of the same
    resource, in its order (empty when the citation is into an attachment's text: then ``value`` is the context).
    """

    citation: Citation
    value: str
    start: int
    end: int
    lines: tuple[Line, ...]
    more: int
    current: bool
    """False when the record holds a newer version of this resource than the one cited."""

    @property
    def before(self) -> str:
        return self.value[: self.start]

    @property
    def marked(self) -> str:
        return self.value[self.start : self.end]

    @property
    def after(self) -> str:
        return self.value[self.end :]


class Opened(Protocol):
    """What a citation stands in: a stored resource, an entry of a code system."""

    @property
    def sha(self) -> str: ...
    def json(self) -> Any: ...


def show(citation: Citation, resource: Opened, *, current: bool = True) -> Shown:
    """Open ``citation`` in the version of the resource that it names.

    Raises
    ------
    PointerError
        When its pointer leads nowhere in ``resource``, or when it carries the digest of another text.
    """
    if citation.sha and citation.sha != resource.sha:
        raise PointerError(f"{citation.source} version {citation.version} is here with another text than the one cited")
    body = resource.json()
    written = attachment.text_at(body, citation.pointer)
    if written is not None:
        return Shown(citation, written, citation.start, citation.end, (), 0, current)
    value = text(point(body, citation.pointer))
    if is_document(body):
        beside = tuple(Line(place, leaf, place == citation.pointer) for place, leaf in around(body, citation.pointer))
        return Shown(citation, value, citation.start, citation.end, beside, 0, current)
    leaves = [Line(pointer, leaf, pointer == citation.pointer) for pointer, leaf in _leaves(body, "")]
    if not any(line.cited for line in leaves):
        leaves.insert(0, Line(citation.pointer, value, True))
    kept = [line for place, line in enumerate(leaves) if place < _MOST or line.cited]
    return Shown(citation, value, citation.start, citation.end, tuple(kept), len(leaves) - len(kept), current)


def is_document(body: Any) -> bool:
    """Whether ``body`` is a document of a source, and no resource of the record."""
    return isinstance(body, dict) and "fields" in body and "resourceType" not in body


def around(body: Any, pointer: str) -> list[tuple[str, str]]:
    """Return (pointer, text) of what stands beside a place of a source's document: the other paragraphs of the page,
    the other parts of the abstract; the place alone where it is no part of a list."""
    parts = pointer.split("/")
    at = next((place for place in range(len(parts) - 1, 0, -1) if parts[place].isdecimal()), 0)
    whole = "/".join(parts[:at]) if at else pointer
    return list(_leaves(point(body, whole), whole))


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        hidden = _HIDDEN if pointer else _HIDDEN_AT_ROOT
        for key, member in members.items():
            if key not in hidden:
                yield from _leaves(member, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, element in enumerate(cast("list[Any]", value)):
            yield from _leaves(element, f"{pointer}/{place}")
    elif value is not None:
        yield pointer, text(value)

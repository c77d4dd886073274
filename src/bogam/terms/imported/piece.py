"""What readers yield: terms, their other names, links between them, and rows that cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """One code. ``name`` may be empty when names come in rows of their own; ``extra`` is what else the row says."""

    code: str
    name: str
    active: bool = True
    language: str = "en"
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Name:
    """Another name of a code. ``rank`` orders what may be shown as its name: 0 is shown first."""

    code: str
    text: str
    language: str = "en"
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Link:
    """``code`` lies below ``parent``."""

    code: str
    parent: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was not taken: the file, the line in it, why, and its beginning."""

    file: str
    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Release:
    """What the files say of their own version or date."""

    version: str


Piece = Term | Name | Link | Bad | Release

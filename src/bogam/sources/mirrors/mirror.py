"""What a mirror is: a publisher's bulk files read into local storage, for a hospital without a way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from bogam.sources.answer import Document, Item, Result, SourceError

Say = Callable[["Progress"], None]


class BadFile(SourceError):
    """A file that is not what the publisher's bulk files look like; nothing of it was imported."""


class OlderRelease(SourceError):
    """Files that would replace a newer release by an older one; nothing was replaced."""

    def __init__(self, source: str, offered: str, held: str) -> None:
        super().__init__(
            f"{source}: these files are of {offered}, and the mirror holds {held}, which is newer. Nothing was "
            "replaced. To go back to the older release, import it with `--older` (on the page: tick that it may be "
            "older).",
            ko=f"{source}: 이 파일은 {offered} 판이고, 미러에는 더 새로운 {held} 판이 있습니다. 바뀐 것은 없습니다. "
            "이전 판으로 되돌리려면 `--older`를 주십시오(화면에서는 '이전 판이어도 가져오기'에 표시하십시오).",
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: ``done`` of ``size`` bytes of ``file`` (size 0 where it is not known)."""

    file: str
    done: int
    size: int
    stored: int
    refused: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not imported: where it stands, why, and its beginning."""

    file: str
    place: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Parameters
    ----------
    stored
        Rows that were stored; several may be the same item, of which the last one stands.
    resumed
        Rows that an interrupted import had stored already.
    replaced
        Rows that took the place of an earlier row of the same item.
    held
        Items that the mirror holds now.
    note
        What a reader must know of the release: that its order is not known, that it is an older one.
    """

    source: str
    version: str
    files: int
    stored: int
    deleted: int
    refused: int
    resumed: int
    seconds: float
    replaced: int = 0
    held: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What a mirror holds: the data's own version or date, when it was imported, and how many items."""

    version: str
    imported_at: str
    items: int
    refused: int
    unfinished: bool


class Mirror(Protocol):
    """The mirror of one source."""

    files: ClassVar[str]
    """Which of the publisher's files it reads and where a person gets them: one sentence."""

    def state(self) -> MirrorState | None:
        """Return what it holds; None before the first import."""
        ...

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import files; an interrupted import goes on where it stopped when it is called again with the same files.

        Raises
        ------
        OlderRelease
            When files that replace what is held are an older release than that, unless ``older`` is given.
        """
        ...

    def refusals(self, limit: int = 100) -> list[Refusal]:
        """Return rows that were refused."""
        ...

    def search(self, request: Any) -> Result: ...
    def get(self, request: Any) -> Result: ...


@runtime_checkable
class KeepsVersions(Protocol):
    """A mirror that keeps the earlier versions of its items: what cites one of them stays citable."""

    def document(self, id: str, version: str) -> Document | None:
        """Return an item as a document in exactly this version."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a bulk file, read.

    Parameters
    ----------
    item
        What is kept; None for a deletion of ``deleted`` or a refusal with ``refused``.
    text
        What full-text search sees besides the title.
    keys
        Exact filters: names with lower-case values, such as ``("status", "recruiting")``.
    order
        Items with the greater value come first among equals; a date as a rule.
    place
        Where the row stands, for people.
    done
        Bytes of the file read so far, for progress.
    """

    item: Item | None = None
    text: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    order: str = ""
    deleted: str = ""
    refused: str = ""
    raw: str = ""
    place: str = ""
    done: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items match, and in how many of them each value of a key stands."""

    total: int
    counts: tuple[tuple[str, int], ...]

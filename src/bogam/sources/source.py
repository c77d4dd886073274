"""What a source is, and how the installed ones are found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bogam.sources.answer import Result

if TYPE_CHECKING:
    from bogam.sources.mirrors import Mirror
    from bogam.sources.outside.http import Http
    from bogam.sources.settings import Setting


class Query(BaseModel):
    """What a search asks. A source adds its own fields; every field has a description and a default."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field("", max_length=400, description="Words to search for")
    limit: int = Field(10, ge=1, le=100, description="Most items to return")
    next: str = Field("", max_length=2000, description="`next` of an earlier answer, for the items after it")


class Lookup(BaseModel):
    """Which item is asked for."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=200, description="The item's id")


class Answering(Protocol):
    """A backend: where answers come from.

    ``search`` takes the source's ``Search``, ``get`` its ``Get``. A search without a match is a `Result` without items;
    what a source does not know by its id raises `UnknownId`, what it answers wrongly `Upstream`, what cannot be asked
    of it `BadQuery`.
    """

    def search(self, request: Any) -> Result: ...
    def get(self, request: Any) -> Result: ...


class Conversation(Protocol):
    """What a live backend knows of its answer afterwards: where it asked, how old the answer is, what is in doubt."""

    @property
    def first_url(self) -> str: ...
    @property
    def oldest(self) -> float | None: ...
    @property
    def cached(self) -> bool: ...
    @property
    def doubt(self) -> str: ...
    def commit(self) -> None: ...


class Speaker(Answering, Conversation, Protocol):
    """A live backend that speaks another protocol than `Http`."""


class Source:
    """One source of outside knowledge. The object that an entry point of the group ``bogam.sources`` names.

    A source has a live backend, a mirror, or both; one that needs neither (it is part of Bogam) overrides `built_in`.
    """

    name: ClassVar[str]
    """Lower case with hyphens; the first part of its citations (``pubmed:38012345``)."""
    title: ClassVar[str]
    holds: ClassVar[tuple[str, str]]
    """What it knows, one sentence in English and in Korean."""
    publisher: ClassVar[str]
    licence: ClassVar[str]
    licence_ko: ClassVar[str] = ""
    """The same in Korean; empty for a name that is the same in both, such as CC0."""
    home: ClassVar[str]
    """The publisher's page about it."""
    base: ClassVar[str] = ""
    """Default base URL of the live source; empty where there is none."""
    per_second: ClassVar[float] = 3.0
    """Requests that its publisher allows."""
    per_second_with_key: ClassVar[float] = 0.0
    """The same with a key, where that is more."""
    fresh_s: ClassVar[int] = 86_400
    """How long a cached answer stands without asking again."""
    people: ClassVar[bool] = False
    """Whether its items are people, so that a name is what it is asked for, whoever else has that name."""
    english: ClassVar[bool] = False
    """Whether its records are in English and a Korean question is to be asked in English where it finds nothing."""
    example: ClassVar[tuple[str, str]] = ("", "")
    """A search and an id to try."""
    Search: type[Query] = Query
    Get: type[Lookup] = Lookup

    def live(self, http: Http) -> Answering | None:
        """Return the live backend, which speaks through ``http`` alone."""
        return None

    def speaks(self, setting: Setting, timeout_s: float, clock: Callable[[], float]) -> Speaker | None:
        """Return the live backend of a source that is not reached by `Http`; None for all others.

        Raises
        ------
        BadQuery
            When its settings cannot be used.
        """
        return None

    def mirror(self, folder: Path) -> Mirror | None:
        """Return the mirror kept in ``folder``, whether or not it has been imported."""
        return None

    def built_in(self) -> Answering | None:
        """Return the backend of a source that is part of Bogam."""
        return None


@cache
def sources() -> dict[str, Source]:
    """Return the installed sources by name."""
    return {point.name: point.load() for point in entry_points(group="bogam.sources")}

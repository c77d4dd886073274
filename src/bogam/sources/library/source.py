"""The library as a source: asked like every other, and kept in the home folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from bogam.sources.library.shelf import Shelf
from bogam.sources.source import Lookup, Query, Source


class Search(Query):
    """Documents in force by their words, in Korean or English."""

    limit: int = Field(5, ge=1, le=50, description="Most documents to return; each comes whole")
    language: Literal["", "ko", "en"] = Field("", description="Only documents in this language")


class Get(Lookup):
    """One document, whole."""

    version: str = Field("", max_length=80, description="The version as a citation has it; the one in force by default")


class LibrarySource(Source):
    """The hospital's own documents."""

    name = "library"
    title = "Hospital library"
    holds = (
        "The hospital's own guidelines, regulations and formularies, with their versions and effective dates.",
        "원내 지침, 규정, 약품집과 그 판, 시행일.",
    )
    publisher = "The hospital"
    licence = "The hospital's own"
    licence_ko = "병원 자체 자료"
    home = "/library"
    example = ("fall prevention", "")
    Search = Search
    Get = Get

    def mirror(self, folder: Path) -> Shelf:
        return Shelf(folder)

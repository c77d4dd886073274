"""What can be asked of the Medicare Coverage Database."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from bogam.sources.mirrors import words_of
from bogam.sources.source import Lookup, Query


class Search(Query):
    """A search of coverage documents. Live it looks at titles and ids; a mirror of the downloads at texts and HCPCS
    codes too."""

    kind: Literal["", "ncd", "lcd", "article"] = Field(
        "", description="ncd: national determinations; lcd: local determinations; article: billing and coding articles"
    )
    state: str = Field(
        "", max_length=60, description="State whose local documents are asked for: CA or California; leaves out NCDs"
    )
    contractor: str = Field(
        "", max_length=120, description="Words of the contractor's name, such as Noridian; leaves out NCDs"
    )
    status: Literal["", "active", "future", "retired"] = Field("", description="active, future or retired")
    code: str = Field(
        "",
        max_length=10,
        description="HCPCS, CPT or ICD-10-CM code that the document lists; in a mirror of the downloads",
    )
    effective_from: date | None = Field(None, description="In effect on this day or later (YYYY-MM-DD)")
    effective_to: date | None = Field(None, description="In effect on this day or earlier (YYYY-MM-DD)")

    @field_validator("text", "contractor")
    @classmethod
    def _has_words(cls, value: str) -> str:
        if value and not words_of(value):
            raise ValueError("has no word to search for")
        return value


class Get(Lookup):
    """Which document: the one in force, or one of its versions."""

    id: str = Field(
        min_length=1, max_length=40, description="L33822, A52399, NCD 240.2, or lcd/33822/36 with a version"
    )
    version: int | None = Field(
        None, ge=1, le=99_999, description="Version of the document; the one in force by default"
    )

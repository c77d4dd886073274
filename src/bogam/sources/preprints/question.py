"""What a preprint server can be asked."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from pydantic import Field, field_validator, model_validator

from bogam.sources.answer import BadQuery
from bogam.sources.mirrors import words_of
from bogam.sources.preprints.preprint import DOI
from bogam.sources.source import Lookup, Query

_GIVEN: Final = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/|https?://(?:www\.)?(?:bio|med)rxiv\.org/content/)?"
    rf"({DOI})(?:v([1-9][0-9]{{0,2}}))?(?:\.full|\.full\.pdf|\.abstract)?",
    re.IGNORECASE | re.ASCII,
)


class PreprintSearch(Query):
    """Words, and the days of posting. The servers know no keyword search, so live the days are read through here."""

    date_from: str = Field("", description="Posted from: YYYY-MM-DD")
    date_to: str = Field("", description="Posted until: YYYY-MM-DD")
    category: str = Field("", max_length=80, pattern=r"^[A-Za-z ,&_-]*$", description="Subject, such as epidemiology")

    @field_validator("date_from", "date_to")
    @classmethod
    def _a_day(cls, value: str) -> str:
        return date.fromisoformat(value).isoformat() if value else ""

    @model_validator(mode="after")
    def _in_order(self) -> PreprintSearch:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise ValueError(f"date_from {self.date_from} is after date_to {self.date_to}")
        return self

    @property
    def words(self) -> list[str]:
        """The words that must all be there. Raises `BadQuery` for a text that holds none."""
        words = words_of(self.text)
        if self.text and not words:
            raise BadQuery(f'"{self.text[:40]}" holds no word to search for.')
        return words


class PreprintLookup(Lookup):
    """Which preprint: a DOI gives all versions, and with ``v2`` that version alone. Its page's address will do."""

    id: str = Field(min_length=1, max_length=200, description="DOI, such as 10.1101/2020.03.20.001008 or ...001008v2")

    @field_validator("id")
    @classmethod
    def _a_doi(cls, value: str) -> str:
        found = _GIVEN.fullmatch(value)
        if found is None:
            raise ValueError("a preprint is named by its DOI, such as 10.1101/2020.03.20.001008")
        return found.group(1).lower() + (f"v{found.group(2)}" if found.group(2) else "")

    @property
    def doi(self) -> str:
        return re.sub(r"v[0-9]+$", "", self.id)

    @property
    def version(self) -> str:
        """The version asked for; empty for all."""
        return self.id[len(self.doi) + 1 :]

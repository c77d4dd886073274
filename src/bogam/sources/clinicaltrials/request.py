"""What can be asked of ClinicalTrials.gov."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

from pydantic import Field, field_validator

from bogam.sources.mirrors import words_of
from bogam.sources.source import Lookup, Query

STATUSES: Final = (
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
    "UNKNOWN",
)
PHASES: Final = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")
_PLACE: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,7})?),\s*(-?\d{1,3}(?:\.\d{1,7})?),\s*(\d{1,5})\s*(km|mi)", re.I)


class Search(Query):
    """A search of studies. Words are plain words: all of them must be there."""

    condition: str = Field("", max_length=400, description="Words of the condition or disease")
    intervention: str = Field("", max_length=400, description="Words of the drug, device or other intervention")
    title: str = Field("", max_length=400, description="Words of the title (in a mirror: of the whole study)")
    sponsor: str = Field(
        "", max_length=200, description="Words of the sponsor's name (in a mirror: of the whole study)"
    )
    location: str = Field("", max_length=200, description="City, state or hospital (in a mirror: of the whole study)")
    country: str = Field("", max_length=60, description="Country of a site, as the registry writes it: South Korea")
    near: str = Field("", max_length=60, description="A site near latitude,longitude,distance: 37.57,126.98,50km")
    status: str = Field("", max_length=200, description="One or more, with commas: RECRUITING, NOT_YET_RECRUITING")
    phase: str = Field("", max_length=80, description="One or more, with commas: PHASE2, PHASE3")
    study_type: Literal["", "INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"] = Field(
        "", description="Kind of study"
    )
    sex: Literal["", "FEMALE", "MALE"] = Field("", description="Open to this sex")
    age: int | None = Field(None, ge=0, le=120, description="Open to people of this age in years")
    has_results: bool | None = Field(None, description="Whether results are posted")
    updated_from: date | None = Field(None, description="Last updated on this day or later (YYYY-MM-DD)")
    advanced: str = Field("", max_length=1000, description="An expression of the registry's own language; live only")

    @field_validator("text", "condition", "intervention", "title", "sponsor", "location", "country")
    @classmethod
    def _has_words(cls, value: str) -> str:
        if value and not words_of(value):
            raise ValueError("has no word to search for")
        return value

    @field_validator("status")
    @classmethod
    def _known_status(cls, value: str) -> str:
        return _of(value, STATUSES)

    @field_validator("phase")
    @classmethod
    def _known_phase(cls, value: str) -> str:
        return _of(value, PHASES)

    @field_validator("near")
    @classmethod
    def _is_place(cls, value: str) -> str:
        found = _PLACE.fullmatch(value) if value else None
        if value and (found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180):
            raise ValueError("write latitude,longitude,distance, such as 37.57,126.98,50km")
        return f"{found[1]},{found[2]},{found[3]}{found[4].lower()}" if found else ""


class Get(Lookup):
    """Which study."""

    id: str = Field(min_length=1, max_length=40, description="The study's number, such as NCT04280705")


def _of(value: str, known: tuple[str, ...]) -> str:
    """Return comma-separated values as the registry writes them."""
    asked = [re.sub(r"[\s-]+", "_", each.strip()).upper() for each in value.split(",") if each.strip()]
    asked = [re.sub(r"PHASE_(?=\d)", "PHASE", each) for each in asked]
    wrong = [each for each in asked if each not in known]
    if wrong:
        raise ValueError(f'"{wrong[0][:40]}" is none of {", ".join(known)}')
    return ",".join(dict.fromkeys(asked))

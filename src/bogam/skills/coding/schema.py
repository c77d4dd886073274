"""What can be asked of the coding skill."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

System = Literal["icd-10-cm", "kcd"]


class Request(BaseModel):
    """A request for code suggestions.

    Parameters
    ----------
    language
        ``en`` or ``ko``. Titles of ICD-10-CM are English in both.
    scope
        ``Encounter/ID`` or its bare id, ``DocumentReference/ID`` for one note, ``all`` for every note and diagnosis, or
        empty for the encounter in progress, else the latest one that has notes or diagnoses.
    system
        ``icd-10-cm``, or ``kcd`` for the diagnoses that the record itself has coded in KCD or ICD-10.
    items
        At most so many suggestions. What is not allowed, missing or in conflict is never cut.
    as_of
        The day the draft speaks from; entries dated later are not used. None: the last entry of the record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["ko", "en"] = "en"
    scope: str = Field(default="", max_length=200)
    system: System = "icd-10-cm"
    items: int = Field(default=20, ge=1, le=200)
    as_of: date | None = None

    @property
    def whole(self) -> bool:
        """Whether everything is to be listed, routine entries too."""
        return False

    def limit(self, section: str) -> int | None:
        """Return how many items ``section`` may show; None means all."""
        return self.items if section == "suggested" else None

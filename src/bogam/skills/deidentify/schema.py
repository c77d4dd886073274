"""What can be asked of the skill."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Request(BaseModel):
    """A request for the identifiers in a patient's notes.

    Parameters
    ----------
    language
        ``en`` or ``ko``: the words around the record's own words.
    note
        One note, as ``DocumentReference/123``; empty for all notes.
    """

    model_config = ConfigDict(extra="forbid")

    language: Literal["en", "ko"] = "en"
    note: str = Field(default="", max_length=200)

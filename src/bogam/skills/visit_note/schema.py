"""What can be asked of the visit note."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Request(BaseModel):
    """A request for a visit note.

    Parameters
    ----------
    language
        ``en`` or ``ko``: of the headings. None: the dialogue's own. Sentences are always in the dialogue's language.
    form
        ``note`` (chief complaint, history, examination, results, assessment and plan) or ``soap``.
    transcript
        Id of the DocumentReference that holds the dialogue. None: the newest of the patient, or of ``encounter``.
    encounter
        Id of the Encounter whose dialogue is meant. None: any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["ko", "en"] | None = None
    form: Literal["note", "soap"] = "note"
    transcript: str | None = Field(default=None, max_length=200)
    encounter: str | None = Field(default=None, max_length=200)

"""What can be asked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Request(BaseModel):
    """A question.

    Parameters
    ----------
    question
        In Korean or English.
    language
        Of the words around what is quoted; the quotations stay in the language of their source.
    sources
        Names of sources to look in, separated by commas; empty means the library and every mirror.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    question: str = Field(default="", max_length=1000)
    language: Literal["ko", "en"] = "en"
    sources: str = Field(default="", max_length=400)

    @property
    def named(self) -> tuple[str, ...]:
        """The sources named."""
        return tuple(name.strip() for name in self.sources.split(",") if name.strip())

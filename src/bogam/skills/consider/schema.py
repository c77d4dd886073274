"""What can be asked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Request(BaseModel):
    """Findings to think about.

    Parameters
    ----------
    findings
        Separated by commas or lines, in Korean or English, denied ones too ("no fever"). With a patient those of the
        record are added.
    language
        Of the words around what is quoted.
    sources
        Names of sources to look in, separated by commas; empty means the library and every mirror.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    findings: str = Field(default="", max_length=2000)
    language: Literal["ko", "en"] = "en"
    sources: str = Field(default="", max_length=400)

    @property
    def named(self) -> tuple[str, ...]:
        """The sources named."""
        return tuple(name.strip() for name in self.sources.split(",") if name.strip())

"""What every request of these skills has."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

_OLDEST: Final = date(1800, 1, 1)

LIMITS: Final[dict[str, int]] = {
    # Problems, allergies, changes of medication, contingency and what is pending are never cut.
    "results": 12,
    "vitals": 9,
    "reports": 6,
    "procedures": 12,
    "history": 8,
    "background": 6,
    "home": 25,
    "events": 15,
    "said": 12,
}


class StayRequest(BaseModel):
    """A request for a document of a stay.

    Parameters
    ----------
    language
        ``en`` or ``ko``. Only the words around the record's own words change.
    items
        At most so many items in each section that may be cut, instead of the usual number.
    as_of
        The day the draft speaks from; entries dated later are not used. None: the last entry of the record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["ko", "en"] = "en"
    items: int | None = Field(default=None, ge=1, le=1000)
    as_of: date | None = Field(default=None, ge=_OLDEST)

    @property
    def whole(self) -> bool:
        """Whether everything is to be listed, routine entries too."""
        return False

    def limit(self, section: str) -> int | None:
        """Return how many items ``section`` may show; None means all."""
        if section not in LIMITS:
            return None
        return self.items if self.items is not None else LIMITS[section]

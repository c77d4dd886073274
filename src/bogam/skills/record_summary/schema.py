"""What can be asked of the record summary."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Length = Literal["short", "page", "full"]

LIMITS: Final[dict[str, tuple[int, int]]] = {
    # section: (short, page); full has no limit. Allergies are never cut.
    "problems": (5, 12),
    "history": (0, 5),
    "medications": (10, 20),
    "stopped": (3, 6),
    "results": (5, 12),
    "vitals": (5, 9),
    "reports": (2, 4),
    "encounters": (2, 5),
    "procedures": (2, 5),
    "immunizations": (0, 4),
    "devices": (2, 5),
    "plans": (1, 4),
    "pending": (5, 10),
    "notes": (1, 3),
    "background": (2, 6),
}


class Request(BaseModel):
    """A request for a summary.

    Parameters
    ----------
    language
        ``en`` or ``ko``. Only the words around the record's own words change.
    length
        ``short`` (a glance), ``page`` (one page) or ``full`` (everything).
    items
        At most so many items in each section, instead of what ``length`` allows. Allergies, what is missing and
        conflicts are never cut.
    as_of
        The day the summary speaks from; entries dated later are not used. None: the last entry of the record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["ko", "en"] = "en"
    length: Length = "page"
    items: int | None = Field(default=None, ge=1, le=1000)
    as_of: date | None = None

    @property
    def whole(self) -> bool:
        """Whether everything is to be listed, routine entries too."""
        return self.length == "full"

    def limit(self, section: str) -> int | None:
        """Return how many items ``section`` may show; None means all."""
        if section not in LIMITS:
            return None
        if self.items is not None:
            return self.items
        if self.length == "full":
            return None
        return LIMITS[section][0 if self.length == "short" else 1]

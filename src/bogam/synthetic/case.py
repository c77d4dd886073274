"""Who a patient is before anything happens to them, what a story is, and how courses run over time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from bogam.synthetic.people import Country, Name

if TYPE_CHECKING:
    from bogam.synthetic.build import Chart

Said = tuple[str, str]
"""The same thing in Korean and in English."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A contradiction or gap put into the ward on purpose.

    ``kind`` is the finding's kind (``conflict.drug-allergy``, ``missing.allergies`` …), ``detail`` what it is about,
    and ``resources`` the ``Type/id`` of what shows it; empty where the point is that something is absent.
    """

    patient: str
    kind: str
    detail: dict[str, Any]
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a note says, as whoever wrote it meant it.

    ``kind`` is problem (of a list of problems), finding (a problem or symptom in free words), drug, allergy (without
    words: that none is known) or value (a laboratory value or vital sign); ``words`` are the note's. ``means`` are the
    assertions that a reader may take it for (see `bogam.record.facts.Assertion`), more than one where both are right: a
    chronic disease under past history is present and historical. Of a drug that is named because it was stopped
    ``means`` is empty. The other fields are as written, empty where the note has none.
    """

    note: str
    kind: str
    words: str
    means: tuple[str, ...] = ("present",)
    value: str = ""
    unit: str = ""
    dose: str = ""
    route: str = ""
    frequency: str = ""


Track = Sequence[tuple[float, float]]
"""(hours from the start, value) points of a course; straight lines between them."""


@dataclass(slots=True)
class Case:
    """One patient of the ward. ``gaps`` are the kinds of `Planted` that the chart must leave out as it is built."""

    number: int
    story: str
    variant: int
    country: Country
    sex: str
    birth: date
    name: Name
    mrn: str
    bed: str
    rng: Random
    now: datetime
    allergens: tuple[str, ...] = ()
    gaps: set[str] = field(default_factory=set[str])

    @property
    def id(self) -> str:
        return f"p{self.number:02}"

    @property
    def adult(self) -> bool:
        return self.age(self.now.date()) >= 18

    def age(self, on: date) -> int:
        """Return the age in completed years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True, slots=True)
class Story:
    """A clinical course.

    Parameters
    ----------
    name
        Stable name, the module's.
    tell
        Writes the course into a chart.
    ages, sexes
        Range of ages in years, both included, and the letters to draw the sex from.
    avoid
        Allergens that no patient of this story may have, because of what they are given.
    chronic
        Has a chronic disease and drugs for it, so that a missing drug list is a gap.
    weigh
        A child, or on chemotherapy: doses need the weight.
    daily
        Takes drugs once or twice a day at present.
    stay
        For each variant in turn, whether the patient is in hospital now.
    """

    name: str
    tell: Callable[[Chart], None]
    ages: tuple[int, int]
    sexes: str = "FM"
    avoid: frozenset[str] = frozenset()
    chronic: bool = True
    weigh: bool = False
    daily: bool = True
    stay: tuple[bool, ...] = (False,)

    def in_hospital(self, variant: int) -> bool:
        return self.stay[variant % len(self.stay)]


def between(track: Track, hour: float) -> float:
    """Return the value of a course at an hour; before the first and after the last point it stays level."""
    if hour <= track[0][0]:
        return track[0][1]
    for (left, low), (right, high) in itertools.pairwise(track):
        if hour <= right:
            return low + (high - low) * (hour - left) / (right - left)
    return track[-1][1]


_NOISE = {"bt": 0.12, "hr": 2.5, "sbp": 3.5, "dbp": 2.5, "rr": 0.8, "spo2": 0.6, "o2": 0.0}
_DIURNAL = {"bt": 0.2, "hr": 3.0, "sbp": 4.0, "dbp": 2.0}


def drift(key: str, value: float, at: datetime, rng: Random) -> float:
    """Add to a vital sign its time of day (lowest at four in the morning) and the noise of measuring."""
    swing = -math.cos((at.hour + at.minute / 60 - 4) * math.pi / 12) * _DIURNAL.get(key, 0.0)
    moved = value + swing + rng.gauss(0, _NOISE.get(key, 0.0))
    return min(moved, 100.0) if key == "spo2" else moved

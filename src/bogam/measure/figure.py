"""A measured figure, with what it was compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a measurement.

    ``n`` is how many things it rests on, ``interval`` a 95 % interval, ``beside`` the same quantity of what it was
    compared with in the same run, ``note`` what a reader must know to read it right.
    """

    value: float
    unit: str
    n: int | None = None
    interval: tuple[float, float] | None = None
    beside: dict[str, float] = field(default_factory=dict[str, float])
    note: str = ""


class Measure(Protocol):
    """A measurement: ``data`` is the folder of public data sets, or None; ``say`` takes progress lines."""

    def __call__(self, data: Path | None, say: Say) -> dict[str, Figure]: ...

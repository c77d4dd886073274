"""Measure de-identification of whole records."""

from __future__ import annotations

from pathlib import Path

from bogam.measure.figure import Figure, Say


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """To come."""
    return {}

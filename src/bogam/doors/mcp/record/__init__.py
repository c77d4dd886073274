"""The tools for the patient's record: bounded, and only the fields that are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bogam.doors.mcp.record import citation, patients, resources, timeline
from bogam.doors.mcp.tool import Tool


def tools() -> Iterator[Tool]:
    """Yield the tools for the record."""
    yield patients.find
    yield timeline.overview
    yield timeline.slices
    yield resources.search
    yield resources.read
    yield citation.opened

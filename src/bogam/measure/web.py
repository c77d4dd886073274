"""Measure the web door: twenty people at once on a real server, and the summary of a patient with 1,000 resources."""

from __future__ import annotations

import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx
import orjson

from bogam.access.identity import Role
from bogam.app import Bogam
from bogam.measure.figure import Figure, Say
from bogam.synthetic import ward

_PEOPLE: Final = 20
_SECONDS: Final = 20.0
_CLOSED_SECONDS: Final = 8.0
_THINK: Final = (0.5, 1.5)
_BIG: Final = 1000
_ROUNDS: Final = 40
_PASSWORD: Final = "measured-by-the-clock"
_CSRF: Final = re.compile(r'name="csrf" value="([^"]+)"')
_PATIENT: Final = re.compile(r'href="(/patients/[^"/#?]+)"')
_SOURCE: Final = re.compile(r'hx-get="(/drafts/[^"]+\?at=[^"]+)"')
_STYLE: Final = re.compile(r'href="(/static/[^"]+/bogam\.css)"')
_TABS: Final = ("timeline", "results", "notes", "medications")


@dataclass(slots=True)
class _Log:
    """What one person saw: seconds by kind of page, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    errors: list[str] = field(default_factory=list[str])


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Run the measurements. They need no data set: the ward is the demonstration ward."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        big, size = _prepare(home, say)
        with serving(home) as base:
            people = [_Person(base, f"person{number:02d}", number) for number in range(_PEOPLE)]
            figures = _summary(people[0], big, size, say)
            figures |= _together(people, _SECONDS, _THINK, "web", say)
            figures |= _together(people, _CLOSED_SECONDS, (0.0, 0.0), "web.closed", say)
    return figures


class _Person:
    """A signed-in browser that goes from page to page as a person does."""

    def __init__(self, base: str, user: str, seed: int) -> None:
        self.client = httpx.Client(base_url=base, follow_redirects=True, timeout=30)
        self._random = random.Random(seed)
        login = self.client.get("/login").text
        form = {"csrf": _first(_CSRF, login), "user": user, "password": _PASSWORD, "next": "/ward"}
        self.ward = self.client.post("/login", data=form)
        self.ward.raise_for_status()

    def walk(self, until: float, think: tuple[float, float], log: _Log) -> None:
        """Open patients, their tabs and the sources of their summaries until the time is over."""

        def get(kind: str, path: str, **headers: str) -> str:
            if time.perf_counter() >= until:
                return ""
            started = time.perf_counter()
            try:
                answer = self.client.get(path, headers=headers)
            except httpx.HTTPError as error:
                log.errors.append(f"{path}: {error!r}")
                return ""
            log.seconds.setdefault(kind, []).append(time.perf_counter() - started)
            if answer.status_code != 200:
                log.errors.append(f"{path}: {answer.status_code}")
            time.sleep(self._random.uniform(*think))
            return answer.text

        time.sleep(self._random.uniform(0, think[1]))
        while time.perf_counter() < until:
            page = get("ward", "/ward")
            patients = _PATIENT.findall(page)
            if not patients:
                continue
            path = self._random.choice(patients)
            summary = get("summary", path)
            sources = _SOURCE.findall(summary)
            for source in self._random.sample(sources, min(3, len(sources))):
                get("source", source, **{"HX-Request": "true"})
            for tab in self._random.sample(_TABS, 2):
                get(tab, f"{path}/{tab}")
            get("static", _first(_STYLE, self.ward.text))


def _together(
    people: Sequence[_Person], seconds: float, think: tuple[float, float], name: str, say: Say
) -> dict[str, Figure]:
    """Let all people use the server at once."""
    logs = [_Log() for _ in people]
    until = time.perf_counter() + seconds
    threads = [Thread(target=person.walk, args=(until, think, log)) for person, log in zip(people, logs, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    merged: dict[str, list[float]] = {}
    for log in logs:
        for kind, times in log.seconds.items():
            merged.setdefault(kind, []).extend(times)
    static = merged.pop("static", [0.0])
    pages = [one for times in merged.values() for one in times]
    errors = [error for log in logs for error in log.errors]
    for error in errors[:5]:
        say(f"error: {error}")
    beside = {f"{kind} p95": _p95(times) for kind, times in sorted(merged.items())}
    beside |= {"static file p95": _p95(static), "pages a second": round(len(pages) / seconds, 1)}
    pace = f"{think[0]}–{think[1]} s of thought between pages" if think[1] else "no pause between pages"
    note = f"{len(people)} people for {seconds:g} s, {pace}; server and clients on the same machine"
    say(f"{name}: {len(pages)} pages, {len(errors)} errors; {pace}")
    figures = {
        f"{name}_p95_ms" if "." in name else f"{name}.p95_ms": Figure(_p95(pages), "ms", len(pages), None, beside, note)
    }
    errors_name = f"{name}_errors" if "." in name else f"{name}.errors"
    return figures | {errors_name: Figure(len(errors), "errors", len(pages), None, {}, note)}


def _summary(person: _Person, patient: str, size: int, say: Say) -> dict[str, Figure]:
    """Have the summary of a large record made and shown, again and again, by one person."""
    made: list[float] = []
    shown: list[float] = []
    csrf = _first(_CSRF, person.client.get(f"/patients/{patient}").text)
    form = {"csrf": csrf, "skill": "record-summary", "language": "en", "length": "page"}
    for round_ in range(_ROUNDS + 3):
        started = time.perf_counter()
        answer = person.client.post(f"/patients/{patient}/drafts", data=form)
        between = time.perf_counter()
        again = person.client.get(f"/patients/{patient}")
        ended = time.perf_counter()
        answer.raise_for_status()
        again.raise_for_status()
        if round_ >= 3:  # the first ones fill caches
            made.append(between - started)
            shown.append(ended - between)
    say(f"summary of {size} resources over the web: {_ROUNDS} rounds")
    note = f"a patient of {size} resources: made, verified, kept, redirected to and shown; one person"
    return {"web.summary_p95_ms": Figure(_p95(made), "ms", _ROUNDS, None, {"shown again p95": _p95(shown)}, note)}


def _prepare(home: Path, say: Say) -> tuple[str, int]:
    """Make a ward, its people, and one patient with many resources; return that patient's id and size."""
    bogam = Bogam(home)
    for number, bundle in enumerate(ward().bundles):
        bogam.load(bundle, name=f"ward/{number}")
    id, bundle, size = _large(bogam)
    bogam.load(bundle, name="large")
    for number in range(_PEOPLE):
        bogam.users.add(f"person{number:02d}", f"Person {number}", Role.physician, _PASSWORD)
    say(f"{len(bogam.store.patient_ids())} patients, {sum(bogam.store.counts().values())} resources")
    return id, size


def _large(bogam: Bogam) -> tuple[str, bytes, int]:
    """Put the records of several patients together as one of at least `_BIG` resources."""
    records = sorted((bogam.store.patient(id) for id in bogam.store.patient_ids()), key=len, reverse=True)
    owner = records[0][0].patient or ""
    target = f"{owner}-large"[:64]
    entries: list[dict[str, Any]] = []
    for number, record in enumerate(records):
        from_ = f"Patient/{record[0].patient}".encode()
        for resource in record:
            if resource.type == "Patient" and number:
                continue
            body = orjson.loads(resource.body.replace(from_, f"Patient/{target}".encode()))
            body["id"] = target if resource.type == "Patient" else f"large-{resource.id}"[:64]
            entries.append({"resource": body})
        if len(entries) >= _BIG:
            break
    return target, orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), len(entries)


@contextmanager
def serving(home: Path) -> Generator[str]:
    """Run the server as its own process on a free port of loopback."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    code = "from bogam.doors.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--home", str(home), "--port", str(port)]
    with tempfile.TemporaryFile() as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            if not _waited(lambda: httpx.get(f"{base}/login").status_code == 200, server):
                output.seek(0)
                raise RuntimeError(f"The server did not start: {output.read().decode()[-2000:]}")
            yield base
        finally:
            server.terminate()
            server.wait(10)


def _waited(ready: Callable[[], bool], server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if ready():
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise RuntimeError(f"The page has no {pattern.pattern}.")
    return found.group(1)


def _p95(times: Sequence[float]) -> float:
    return round(1000 * sorted(times)[int(0.95 * (len(times) - 1))], 1)

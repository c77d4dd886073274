"""Measure loading: how fast, in how much memory, with nothing lost, and what hostile input does to it."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bogam.measure import check as checking
from bogam.measure.figure import Figure, Say
from bogam.measure.fuzz import TORMENTS
from bogam.record.load import LoadReport, load
from bogam.record.r4.check import check
from bogam.record.store import Store

_ROUNDS: Final = 5
_SAMPLE: Final = 1500
"""Resources that fhir.resources reads in each round: it is slow, and they are an even sample."""
_LARGE_MB: Final = 150
_TORMENT_MB: Final = 2048
_PATIENCE_S: Final = 120
_FUZZ_S: Final = float(os.environ.get("BOGAM_FUZZ_S", "20"))
_UUID: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BEGIN: Final = b'{"resourceType":"Bundle","type":"collection","entry":['
_END: Final = b'{"resource":{"resourceType":"Basic","id":"last","code":{"text":"last"}}}]}'
_LOAD: Final = """
import sys
from pathlib import Path
from bogam.measure.fuzz import peak_mb
from bogam.record.load import load
from bogam.record.store import Store
report = load(Store(sys.argv[2]), Path(sys.argv[1]))
assert report.quarantined == 0, report
print(peak_mb(), report.read, report.seconds)
"""
_TORMENT: Final = (
    "import sys; from bogam.measure.fuzz import torment; torment(sys.argv[1], sys.argv[2], int(sys.argv[3]))"
)
_FUZZ: Final = (
    "import sys; from bogam.measure.fuzz import fuzz; fuzz(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))"
)


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``load.rate``, ``load.peak_mb``, ``load.loaded``, ``load.quarantined``, ``load.same_again`` and the
    fuzzing of the loader (``load.fuzz_cases``, ``load.fuzz_crashes``; ``BOGAM_FUZZ_S`` seconds of it, 20 unless set),
    and what `measure_check` measures."""
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if data is None:
            say("record: without --data only memory and hostile input are measured")
        else:
            figures |= _rate(data, folder, say) | _whole(data, folder, say)
        figures["load.peak_mb"] = _peak(data, folder, say)
        figures |= _fuzzed(folder, say)
    return figures | checking.measure_check(data, say)


def _fresh(folder: Path) -> Store:
    handle, name = tempfile.mkstemp(suffix=".sqlite", dir=folder)
    os.close(handle)
    return Store(name)


def _rate(data: Path, folder: Path, say: Say) -> dict[str, Figure]:
    bodies = list(checking.resources_in(data / "synthea"))
    models = checking.models_for(bodies)
    sample = bodies[:: max(1, len(bodies) // _SAMPLE)]
    kinds = [models[check(body).type] for body in sample] if models else []
    ours: list[float] = []
    theirs: list[float] = []
    load(_fresh(folder), data / "synthea")  # decoders are made once a process
    for _ in range(_ROUNDS):
        report = load(_fresh(folder), data / "synthea")
        ours.append(report.read / report.seconds)
        if models:
            theirs.append(len(sample) / checking.read_all(kinds, sample))
    rate = statistics.median(ours)
    beside = {"fhir.resources, parsing only": statistics.median(theirs)} if theirs else {}
    say(f"load: {rate:,.0f} resources/s" + "".join(f"; {key} {value:,.0f}" for key, value in beside.items()))
    note = f"median of {_ROUNDS} loads of 40 patients, unpacked from tar.gz, checked, stored and indexed; one process"
    return {"load.rate": Figure(rate, "resources/s", n=len(bodies), interval=None, beside=beside, note=note)}


def _whole(data: Path, folder: Path, say: Say) -> dict[str, Figure]:
    """Load the patients of both sets, twice."""
    store = _fresh(folder)
    first = [load(store, data / part) for part in ("synthea", "bulk-fhir")]
    again = [load(store, data / part) for part in ("synthea", "bulk-fhir")]

    def total(reports: list[LoadReport], name: str) -> int:
        return sum(getattr(report, name) for report in reports)

    read, patients = total(first, "read"), len(store.patient_ids())
    loaded = read - total(first, "quarantined")
    say(f"load: {loaded:,} of {read:,} resources of {patients} patients, {total(again, 'same'):,} the same again")
    return {
        "load.loaded": Figure(loaded, "resources", n=read, note=f"of {patients} patients of two public sets"),
        "load.quarantined": Figure(total(first, "quarantined"), "resources", n=read),
        "load.same_again": Figure(
            total(again, "same"), "resources", n=read, note=f"{total(again, 'new') + total(again, 'changed')} others"
        ),
    }


def _peak(data: Path | None, folder: Path, say: Say) -> Figure:
    """Return the most memory that any of many inputs took, each in a process of its own."""
    peaks: dict[str, float] = {}
    for kind in TORMENTS:
        began = time.monotonic()
        peaks[f"hostile: {kind}"] = float(_run(_TORMENT, kind, str(folder), str(_TORMENT_MB)).split()[0])
        say(f"memory: {kind}: {peaks[f'hostile: {kind}']:.0f} MB, {time.monotonic() - began:.1f} s")
    if data is not None:
        bodies = list(checking.resources_in(data / "synthea"))
        for kind, ending in (("one Bundle", "json"), ("NDJSON", "ndjson")):
            path = folder / f"large.{ending}"
            _write_large(bodies, path)
            peak, read, seconds = _run(_LOAD, str(path), str(folder / f"{ending}.sqlite")).split()
            peaks[f"{_LARGE_MB} MB as {kind}"] = float(peak)
            path.unlink()
            say(f"memory: {kind} of {_LARGE_MB} MB, {read} resources: {float(peak):.0f} MB, {float(seconds):.1f} s")
    most = max(peaks, key=lambda kind: peaks[kind])
    return Figure(
        peaks[most], "MB", n=len(peaks), beside=peaks, note=f"resident, interpreter included; most in: {most}"
    )


def _write_large(bodies: list[bytes], path: Path) -> None:
    """Write the resources again and again, each time with other ids."""
    lines = path.suffix == ".ndjson"
    begin, before, after, end = (b"", b"", b"\n", b"") if lines else (_BEGIN, b'{"resource":', b"},", _END)
    with path.open("wb") as file:
        file.write(begin)
        for body in _copies(bodies):
            file.write(before + body + after)
            if file.tell() > _LARGE_MB << 20:
                break
        file.write(end)


def _copies(bodies: list[bytes]) -> Iterator[bytes]:
    parts = [_UUID.split(body) for body in bodies]
    ids = [_UUID.findall(body) for body in bodies]
    copy = 0
    while True:
        for between, names in zip(parts, ids, strict=True):
            pieces = [between[0]]
            for name, following in zip(names, between[1:], strict=True):
                pieces += (b"%08x" % copy, name[8:], following)
            yield b"".join(pieces)
        copy += 1


def _run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10 * _PATIENCE_S).stdout


def _fuzzed(folder: Path, say: Say) -> dict[str, Figure]:
    """Load hostile inputs in a process that is started again after each one it dies of."""
    ends = time.monotonic() + _FUZZ_S
    seed, died = 0, list[str]()
    while (left := ends - time.monotonic()) > 0 and len(died) < 100:
        command = [sys.executable, "-c", _FUZZ, str(folder), str(seed), str(left)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                out, error = process.communicate(timeout=left + _PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                out, error = process.communicate()
                error += "hung"
        said = out.split()
        numbers = [int(word) for word in said if word.isdigit()]
        seed = numbers[-1] + 1 if numbers else seed
        if not said or said[-1] != "done":
            died.append(f"{seed - 1}: {error.strip().splitlines()[-1] if error.strip() else 'killed'}")
            say(f"fuzz: died of {died[-1]}")
    say(f"fuzz: {seed:,} inputs in {_FUZZ_S:.0f} s, {len(died)} crashes or hangs")
    note = "; ".join(died[:5]) or "every piece of each was stored or quarantined"
    return {
        "load.fuzz_cases": Figure(seed, "inputs", note=f"{_FUZZ_S:.0f} s of damaged records and archives"),
        "load.fuzz_crashes": Figure(len(died), "inputs", n=seed, note=note),
    }

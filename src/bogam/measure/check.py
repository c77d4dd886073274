"""How fast resources are parsed and checked, beside fhir.resources reading the same ones in the same run."""

from __future__ import annotations

import importlib
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from bogam.measure.figure import Figure, Say
from bogam.record.r4.check import check

ROUNDS: Final = 7
CHUNK: Final = 500
BESIDE: Final = 2000
"""Resources that fhir.resources reads: it is slow, and they are an even sample."""


class _Entry(msgspec.Struct):
    resource: msgspec.Raw


class _Bundle(msgspec.Struct):
    entry: list[_Entry]


def measure_check(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``check.rate`` (resources/s) and ``check.ratio_fhir_resources`` on the resources of 40 Synthea patients.

    Both read each resource from its bytes. The ratio takes the same sample for both, round by round in turn, and the
    median of the rounds; it is left out where fhir.resources is not installed (an extra for tests).
    """
    if data is None:
        say("check: needs the data folder with synthea/")
        return {}
    bodies = list(resources_in(data / "synthea"))
    for body in bodies:
        check(body)
    rate = len(bodies) / _best(bodies)
    say(f"check: {rate:,.0f} resources/s over {len(bodies):,} resources")
    figures = {
        "check.rate": Figure(
            rate,
            "resources/s",
            n=len(bodies),
            note=f"the best of {ROUNDS} rounds for each {CHUNK} resources, one process",
        )
    }
    models = models_for(bodies)
    if models is None:
        say("check: fhir.resources is not installed, so there is nothing to compare with")
        return figures
    sample = bodies[:: max(1, len(bodies) // BESIDE)]
    kinds = [models[check(body).type] for body in sample]
    pairs = [(_seconds(check, sample), read_all(kinds, sample)) for _ in range(ROUNDS)]
    ratio = sorted(theirs / ours for ours, theirs in pairs)[ROUNDS // 2]
    beside = len(sample) / min(theirs for _, theirs in pairs)
    ours = len(sample) / min(own for own, _ in pairs)
    say(f"check: {ratio:.1f} times fhir.resources ({beside:,.0f} resources/s)")
    figures["check.ratio_fhir_resources"] = Figure(
        ratio, "times", n=len(sample), beside={"fhir.resources R4B resources/s": beside, "check resources/s": ours}
    )
    return figures


def resources_in(folder: Path) -> Iterator[bytes]:
    """Give the resources of the Bundles in the archives of a folder."""
    for archive in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.name.endswith(".json") else None
                if file is not None:
                    for entry in msgspec.json.decode(file.read(), type=_Bundle).entry:
                        yield bytes(entry.resource)


def models_for(bodies: list[bytes]) -> dict[str, Any] | None:
    """The class of fhir.resources for each type; R4B is the closest to R4 that it has."""
    try:
        root = importlib.import_module("fhir.resources.R4B")
    except ImportError:
        return None
    return {kind: root.get_fhir_model_class(kind) for kind in {check(body).type for body in bodies}}


def _best(bodies: list[bytes]) -> float:
    """Seconds for all, as the best rounds of small parts: whatever else the machine does then counts for little."""
    parts = [bodies[start : start + CHUNK] for start in range(0, len(bodies), CHUNK)]
    rounds = [[_seconds(check, part) for part in parts] for _ in range(ROUNDS)]
    return sum(map(min, zip(*rounds, strict=True)))


def _seconds(read: Callable[[bytes], object], bodies: list[bytes]) -> float:
    began = time.perf_counter()
    for body in bodies:
        read(body)
    return time.perf_counter() - began


def read_all(kinds: list[Any], bodies: list[bytes]) -> float:
    """Return the seconds that fhir.resources takes to parse ``bodies``."""
    began = time.perf_counter()
    for kind, body in zip(kinds, bodies, strict=True):
        kind.model_validate_json(body)
    return time.perf_counter() - began

"""bogam measure sources: contracts kept by every source, faults told as what they are, and how long a look-up takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bogam.measure.contracts import contracts
from bogam.measure.contracts.contract import BOTH, FAULTS, Contract, Where, check, fault_wrong
from bogam.measure.figure import Figure, Say
from bogam.measure.npi import npi_figures

_REPEATS: Final = 15


@dataclass(slots=True)
class _Tally:
    """How many were right, of how many, and which were not."""

    right: int
    total: int
    wrong: list[str]


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``sources.contracts_passed``, ``sources.faults_right``, look-up times, and a registry of a million rows.

    The simulators speak the documented shapes of each live interface, and write the bulk files that mirrors are
    imported from; no data set and no network is needed.
    """
    kept = {name: _kept(each) for name, each in contracts().items()}
    _tell("contract cases", kept, say)
    right = {name: _right(each) for name, each in contracts().items() if each.faults}
    _tell("faults", right, say)
    return {
        "sources.contracts_passed": _share(kept, "cases on simulator and mirror"),
        "sources.faults_right": _share(right, f"steps broken in {len(FAULTS)} ways"),
        **_times(),
        **npi_figures(say),
    }


def _kept(contract: Contract) -> _Tally:
    """Ask every case of a contract, on the simulator and on the mirror."""
    tally = _Tally(0, 0, [])
    for where in BOTH:
        cases = contract.cases_for(where)
        if not cases:
            continue
        with contract.desk(where) as (desk, _):
            for case in cases:
                why = check(case, desk, contract.source, where)
                _count(tally, not why, f"{where}: {case.name}: {why[:200]}")
    return tally


def _right(contract: Contract) -> _Tally:
    """Break every step of every question of a contract in every way."""
    tally = _Tally(0, 0, [])
    for act, request in contract.faults:
        for fault in FAULTS:
            for step, why in fault_wrong(contract, act, request, fault):
                _count(tally, not why, f"{fault} at step {step} of {act} {request}: {why[:200]}")
    return tally


def _count(tally: _Tally, right: bool, told: str) -> None:
    tally.total += 1
    tally.right += right
    if not right:
        tally.wrong.append(told)


def _tell(what: str, tallies: dict[str, _Tally], say: Say) -> None:
    for name, each in tallies.items():
        say(f"{what}: {name} {each.right} of {each.total}")
        for wrong in each.wrong:
            say(f"  {wrong}")


def _share(tallies: dict[str, _Tally], what: str) -> Figure:
    right, total = sum(each.right for each in tallies.values()), sum(each.total for each in tallies.values())
    note = f"{what}: " + ", ".join(f"{name} {each.right}/{each.total}" for name, each in tallies.items())
    return Figure(right / total, "share", total, note=note)


def _times() -> dict[str, Figure]:
    """Time the first item that each contract finds by its id: from the mirror, and from kept live answers."""
    mirrored = list(_lookups("mirror"))
    kept = list(_lookups("simulator"))
    return {
        "sources.mirror_ms": Figure(median(mirrored), "ms", len(mirrored), note="p50 of get, mirrors of few items"),
        "sources.cache_ms": Figure(median(kept), "ms", len(kept), note="p50 of get that was asked before"),
    }


def _lookups(where: Where) -> Iterator[float]:
    for contract in contracts().values():
        case = next((each for each in contract.cases_for(where) if each.act == "get" and each.status == "found"), None)
        if case is None or contract.simulator is None:
            continue
        with contract.desk(where) as (desk, _):
            desk.ask(contract.source, case.act, case.request)
            for _ in range(_REPEATS):
                began = time.perf_counter()
                answer = desk.ask(contract.source, case.act, case.request)
                took = (time.perf_counter() - began) * 1000
                if answer.backend == ("mirror" if where == "mirror" else "cache"):
                    yield took

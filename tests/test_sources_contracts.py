"""Every source keeps its contract, from its simulator and its mirror; with BOGAM_REAL=1 from the real interface too."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bogam.measure.contracts import contracts
from bogam.measure.contracts.contract import FAULTS, Where, check, fault_wrong
from bogam.sources.reference_desk import ReferenceDesk
from bogam.sources.source import sources

PLACES: tuple[Where, ...] = ("simulator", "mirror", *(["real"] if os.environ.get("BOGAM_REAL") else []))
RUNS = [(name, where) for name, each in contracts().items() for where in PLACES if each.cases_for(where)]
BROKEN = [(name, at, fault) for name, each in contracts().items() for at in range(len(each.faults)) for fault in FAULTS]


def test_every_source_has_a_contract() -> None:
    assert set(contracts()) - {"remote-mcp"} == set(sources())  # remote servers are configured, not installed


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def run(request: pytest.FixtureRequest) -> Iterator[tuple[str, Where, ReferenceDesk]]:
    name, where = request.param
    with contracts()[name].desk(where) as (desk, _):
        yield name, where, desk


def test_every_case_of_the_contract_holds(run: tuple[str, Where, ReferenceDesk]) -> None:
    name, where, desk = run
    wrong = {case.name: check(case, desk, name, where) for case in contracts()[name].cases_for(where)}
    assert {case: why for case, why in wrong.items() if why} == {}


@pytest.mark.parametrize(("name", "at", "fault"), BROKEN)
def test_a_fault_at_any_step_is_told_as_one(name: str, at: int, fault: str) -> None:
    contract = contracts()[name]
    act, request = contract.faults[at]
    assert [(step, why) for step, why in fault_wrong(contract, act, request, fault) if why] == []  # type: ignore[arg-type]

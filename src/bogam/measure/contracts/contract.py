"""A contract: cases that a source must answer rightly wherever its answers come from, and how to run them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery, Status
from bogam.sources.catalogue import Way
from bogam.sources.reference_desk import Act, ReferenceDesk
from bogam.synthetic.upstream.server import FAULTS, Fault, Simulator, Upstream

Where = Literal["simulator", "mirror", "real"]
BOTH: Final[tuple[Where, ...]] = ("simulator", "mirror")
EVERYWHERE: Final[tuple[Where, ...]] = ("simulator", "mirror", "real")

_TIMEOUT_S: Final = 5.0
_SHORT_S: Final = 0.1
"""Where requests are kept waiting on purpose, each of them four times at every step."""


@dataclass(frozen=True)
class Case:
    """One question and what must be true of its answer.

    Parameters
    ----------
    name
        What is tested, in a few words: ``an empty detail for an unknown version is unknown_id``.
    status
        The status it must have; ``refused`` for a question that is not asked at all.
    holds
        What must be true of the answer besides; it fails by returning False or raising.
    where
        Where the case applies. ``real`` only for what stays true of the live interface.
    """

    name: str
    act: Act
    request: dict[str, Any]
    status: Status | Literal["refused"]
    holds: Callable[[Answer], bool] = lambda answer: True
    where: Sequence[Where] = BOTH


@dataclass(frozen=True)
class Contract:
    """The cases of one source.

    Parameters
    ----------
    simulator
        Makes the simulator, fresh for each run; None for a source that is never live. A source that is part of Bogam
        has neither this nor bulk files; its cases run where those of simulators do.
    bulk
        Writes the publisher's bulk files, from the same made items, into a folder, and returns their paths; None for a
        source that has no mirror.
    faults
        The questions that faults are injected into: each must ask every step that the source can take, and find
        something when nothing is broken.
    settings
        What ``config.toml`` says besides: a key, a token.
    """

    source: str
    cases: Sequence[Case]
    simulator: Callable[[], Simulator] | None = None
    bulk: Callable[[Path], Sequence[Path]] | None = None
    faults: Sequence[tuple[Act, dict[str, Any]]] = ()
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    def cases_for(self, where: Where) -> list[Case]:
        """Return the cases that apply there."""
        built_in = self.simulator is None and self.bulk is None
        possible = {
            "simulator": self.simulator is not None or built_in,
            "mirror": self.bulk is not None,
            "real": not built_in,
        }
        return [case for case in self.cases if where in case.where and possible[where]]

    @contextmanager
    def desk(self, where: Where, timeout_s: float = _TIMEOUT_S) -> Generator[tuple[ReferenceDesk, Upstream | None]]:
        """Open a reference desk whose source answers from there; waits are not waited."""
        with TemporaryDirectory() as folder:
            home = Path(folder)
            desk = ReferenceDesk(home, sleep=lambda _: None, timeout_s=timeout_s if where == "simulator" else 20)
            if where == "real":
                settings.write(home, self.source, enabled=True)
                yield ReferenceDesk(home), None
            elif where == "mirror":
                if self.bulk is None:
                    raise ValueError(f"{self.source} has no mirror.")
                desk.load(self.source, self.bulk(home))
                yield desk, None
            elif self.simulator is None:
                yield desk, None  # a source that is part of Bogam
            else:
                with Upstream(self.simulator(), hang_s=2 * timeout_s) as upstream:
                    settings.write(home, self.source, enabled=True, base=upstream.base, **self.settings)
                    yield desk, upstream


def check(case: Case, desk: ReferenceDesk, source: str, where: Where) -> str:
    """Ask, and say what is wrong with the answer; nothing when all holds."""
    way: Way = "mirror" if where == "mirror" else "auto"
    try:
        answer = desk.ask(source, case.act, case.request, way=way)
    except BadQuery as error:
        return "" if case.status == "refused" and str(error) else f"refused instead of {case.status}: {error}"
    if answer.status != case.status:
        return f"{answer.status} instead of {case.status}: {answer.reason}"
    wrong = envelope_wrong(answer)
    if wrong:
        return wrong
    return "" if case.holds(answer) else f"what must hold does not: {answer.json()}"


def envelope_wrong(answer: Answer) -> str:
    """Say what is wrong with an answer whatever was asked: its date, its reason, its citations."""
    if not answer.retrieved_at and answer.backend != "built-in":
        return "no date of retrieval"
    if answer.status not in ("found", "none") and not answer.reason:
        return f"{answer.status} without a reason"
    if answer.usable != bool(answer.items) and not (answer.status == "truncated" and answer.next):
        return f"{answer.status} with {len(answer.items)} items"
    unciteable = [item.ref for item in answer.items if not item.cite().quote]
    return f"no citation for {', '.join(unciteable)}" if unciteable else ""


def fault_wrong(contract: Contract, act: Act, request: dict[str, Any], fault: Fault) -> list[tuple[int, str]]:
    """Break every step of a question in turn, and say for each step what was wrong with the answer, or nothing."""
    with contract.desk("simulator") as (desk, upstream):
        assert upstream is not None
        clean = desk.ask(contract.source, act, request)
        steps = len(upstream.requests)
        if not clean.usable:
            return [(0, f"{clean.status} although nothing was broken: {clean.reason}")]
    told: list[tuple[int, str]] = []
    for step in range(steps):
        with contract.desk("simulator", _SHORT_S if fault == "timeout" else _TIMEOUT_S) as (desk, upstream):
            assert upstream is not None
            upstream.break_at(step, fault)
            answer = desk.ask(contract.source, act, request)
            due = "stale" if fault == "skew" else "upstream_error"
            told.append((step, "" if answer.status == due and answer.reason else f"{answer.status}: {answer.reason}"))
    return told


__all__ = ["BOTH", "EVERYWHERE", "FAULTS", "Case", "Contract", "Where", "check", "envelope_wrong", "fault_wrong"]

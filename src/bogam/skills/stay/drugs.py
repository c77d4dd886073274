"""What a stay changed of a patient's drugs: new, changed, stopped, continued, or given in hospital only.

Drugs are compared by ingredient. Without a time of stopping, a drug that ran before the admission and that the record
calls stopped is told as stopped, undated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from bogam.record.facts import Medication
from bogam.skills.stay.course import Stay
from bogam.skills.writing.compose import Line, Piece, day, hidden, label, name, plain
from bogam.skills.writing.dose import dose
from bogam.skills.writing.drugs import RUNNING, same_drug
from bogam.skills.writing.reading import Reading

Change = Literal["new", "changed", "stopped", "continued", "hospital"]
CHANGES: Final[tuple[Change, ...]] = ("new", "changed", "stopped", "continued", "hospital")
_SLACK: Final = timedelta(hours=12)
_STALE: Final = timedelta(days=400)
"""A drug that stopped undated, and was last ordered so long before the admission, had stopped before it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one drug. ``now`` is the order that runs or ran last, ``before`` the one before admission."""

    change: Change
    now: Medication
    before: Medication | None = None


def changes(reading: Reading, stay: Stay) -> list[Changed]:
    """Compare what ran before admission with what runs at the end of the stay, drug by drug."""
    orders = [m for m in reading.timeline.medications if m.kind in ("request", "statement") and m.status != "unknown"]
    found = [made for entries in same_drug(orders) for made in _changed(stay, entries)]
    return sorted(found, key=lambda each: (CHANGES.index(each.change), label(each.now.name)))


def _changed(stay: Stay, entries: list[Medication]) -> Iterator[Changed]:
    ours = [m for m in entries if m.at is not None and stay.begin <= m.at <= stay.end + _SLACK]
    before = next((m for m in entries if _ran_before(stay, m)), None)
    runs = next((m for m in entries if _runs_after(stay, m)), None)
    if runs is None:
        if before is not None:
            yield Changed("stopped", before)
        if ours:
            yield Changed("hospital", ours[0])
        return
    if before is None:
        if runs in ours:
            yield Changed("new", runs)
        return
    if runs is before or _dose(runs) == _dose(before):
        yield Changed("continued", runs, before)
    else:
        yield Changed("changed", runs, before)


def _ran_before(stay: Stay, drug: Medication) -> bool:
    if drug.status == "planned" or drug.at is None or drug.at >= stay.begin:
        return False
    if drug.end_at is not None:
        return drug.end_at >= stay.begin - timedelta(hours=24)
    return drug.status in RUNNING or (drug.status == "stopped" and stay.begin - drug.at <= _STALE)


def _runs_after(stay: Stay, drug: Medication) -> bool:
    if drug.at is not None and drug.at > stay.end + _SLACK:
        return False
    if drug.end_at is not None:
        return drug.end_at > stay.end + (_SLACK if stay.over else timedelta())
    return drug.status in RUNNING


def _dose(drug: Medication) -> str:
    shown = dose(drug.dosage, "en")
    return shown.text if shown else ""


def tell(reading: Reading, each: Changed) -> Line:
    """Write one change with dose, dates and the reason that the record gives."""
    drug = each.now
    line = reading.line().add(name(drug.name)).add(dose(drug.dosage, reading.language))
    line.add(hidden(drug.status_field))
    if each.change == "changed" and each.before is not None:
        before = dose(each.before.dosage, reading.language)
        line.say("was-taken", x=before if before is not None else Piece("–", name(each.before.name).citations))
    if drug.status in ("on-hold", "planned"):
        line.say(drug.status, x=hidden(drug.status_field))
    if drug.start is not None:
        line.say("started", x=day(drug.start))
    if each.change in ("stopped", "hospital") and drug.status in ("stopped", "completed"):
        if drug.end is not None:
            line.say(drug.status, x=day(drug.end))
        elif drug.status == "stopped":
            line.say("stopped-undated", x=hidden(drug.status_field))
    if drug.stop_reason is not None and each.change in ("stopped", "hospital"):
        line.say("because", x=plain(drug.stop_reason))
    elif drug.reason is not None and each.change != "stopped":
        line.say("for", x=name(drug.reason))
    return line

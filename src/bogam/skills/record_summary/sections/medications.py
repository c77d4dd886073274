"""What the patient takes now, and what stopped lately."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Medication, Mention
from bogam.skills.record_summary import noted
from bogam.skills.writing.compose import day, hidden, label, name, plain
from bogam.skills.writing.dose import dose
from bogam.skills.writing.drugs import RUNNING, current, same_drug
from bogam.skills.writing.reading import Part, Reading, days_between

_LATELY = 90
"""Days within which a stopped drug is worth a line."""


def medications(reading: Reading) -> Part:
    """Current drugs, newest start first; on hold and planned ones, and what only a note names, last."""
    drugs = current(reading)
    drugs.sort(key=lambda entries: RUNNING.index(entries[0].status))
    return reading.cut("medications", [*drugs, *noted.drugs(reading)], lambda item: _current(reading, item))


def _current(reading: Reading, entries: list[Medication] | Mention) -> Claim:
    if isinstance(entries, Mention):
        return noted.told(reading, entries, "medications")
    newest, oldest = entries[0], entries[-1]
    line = reading.line().add(name(newest.name))
    if newest.status == "current":
        line.add(hidden(newest.status_field))
    else:
        line.say(newest.status, x=hidden(newest.status_field))
    line.add(dose(newest.dosage, reading.language))
    if oldest.start is not None:
        line.say("started", x=day(oldest.start))
    if newest.start is not None and (oldest.start is None or newest.start.text[:10] != oldest.start.text[:10]):
        line.say("latest-order", x=day(newest.start))
    first = next((m for m in reversed(_orders(reading, newest)) if m.start is not None), None)
    if first is not None and first.start is not None and (first.at or reading.moment) < (oldest.at or reading.moment):
        line.say("first-order", x=day(first.start))
    reason = next((entry.reason for entry in entries if entry.reason is not None), None)
    if reason is not None:
        line.say("for", x=name(reason))
    return line.claim("medications")


def _orders(reading: Reading, drug: Medication) -> list[Medication]:
    """Return all orders of the drug's name, those that ended too, newest first."""
    called = label(drug.name)
    return [m for m in reading.timeline.medications if m.kind == "request" and label(m.name) == called]


def stopped(reading: Reading) -> Part:
    """Drugs that stopped, ended or were given within 90 days and are not current. Older ones are counted."""
    now = {label(entry.name) for entry in reading.timeline.medications if entry.status in RUNNING}
    past = [
        m for m in reading.timeline.medications if m.status in ("stopped", "completed") and label(m.name) not in now
    ]
    recent: list[Medication] = []
    older = 0
    for entries in same_drug(past):
        newest = entries[0]
        since = days_between(newest.end_at or newest.at, reading.moment)
        if reading.request.whole or (since is not None and since <= _LATELY):
            recent.append(newest)
        else:
            older += 1
    return reading.cut("stopped", recent, lambda entry: _stopped(reading, entry), older)


def _stopped(reading: Reading, entry: Medication) -> Claim:
    line = reading.line().add(name(entry.name))
    line.add(dose(entry.dosage, reading.language))
    if entry.kind == "administration" and entry.start is not None:
        line.say("given", x=day(entry.start)).add(hidden(entry.status_field))
        return line.claim("stopped")
    if entry.start is not None:
        line.say("started", x=day(entry.start))
    if entry.end is not None:
        line.say(entry.status, x=day(entry.end)).add(hidden(entry.status_field))
    else:
        line.say(f"{entry.status}-undated", x=hidden(entry.status_field))
    if entry.stop_reason is not None:
        line.say("because", x=plain(entry.stop_reason))
    elif entry.reason is not None:
        line.say("for", x=name(entry.reason))
    return line.claim("stopped")

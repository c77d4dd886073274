"""Active problems in order of importance, and past history.

The order: the reason for the current encounter; then weight (rank of the problem, severity, recency, confirmed before
provisional; see `importance`); then the newest; then the name.
"""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Condition, Mention
from bogam.skills.record_summary import noted
from bogam.skills.writing.compose import Line, day, hidden, joined, label, name, plain
from bogam.skills.writing.importance import outlived, provisional, rank, weight
from bogam.skills.writing.reading import Part, Reading, groups

_ACTIVE = ("active", "unknown")
_DATES = 3
"""At most so many further dates of the same problem are told."""
_PAST = 60
"""A resolved problem is history worth a line from this weight on, or when it resolved within `_RECENT` days."""
_RECENT = 90


def problems(reading: Reading) -> Part:
    """Active problems. Entries that are no clinical problem (employment, education) are counted, not listed."""
    active = [c for c in reading.timeline.conditions if c.status in _ACTIVE]
    listed: list[tuple[tuple[float, ...], str, list[Condition]]] = []
    noise = 0
    for entries in groups(active):
        newest = entries[0]
        which = rank(newest.name.text)
        if which == "social" or (which == "noise" and not reading.request.whole):
            noise += which == "noise"
            continue
        age = reading.age(newest)
        order = (not _reason(reading, entries), -weight(newest, age), age if age is not None else 1e9)
        listed.append((order, label(newest.name), entries))
    listed.sort(key=lambda item: item[:2])
    items = [*(item[2] for item in listed), *noted.problems(reading)]
    return reading.cut("problems", items, lambda item: _problem(reading, item), noise)


def _problem(reading: Reading, item: list[Condition] | Mention) -> Claim:
    return noted.told(reading, item, "problems") if isinstance(item, Mention) else _active(reading, item)


def _reason(reading: Reading, entries: list[Condition]) -> bool:
    """Say whether a problem is why the patient is here now."""
    stay = reading.stay
    if stay is None:
        return False
    if any(entry.encounter == stay.origin.source for entry in entries):
        return True
    names = {label(entry.name) for entry in entries}
    return any(label(reason) in names for reason in stay.reasons)


def _name(line: Line, entry: Condition) -> None:
    shown = name(entry.name)
    if provisional(entry):
        line.say("not-confirmed", x=joined([shown, hidden(entry.verification)]))
    else:
        line.add(shown)
    if entry.body_site is not None and label(entry.body_site) not in label(entry.name):
        line.say("site", x=name(entry.body_site))
    if entry.severity is not None:
        line.say("severity", x=name(entry.severity))


def _active(reading: Reading, entries: list[Condition]) -> Claim:
    newest = entries[0]
    line = reading.line()
    _name(line, newest)
    line.add(hidden(newest.status_field))
    oldest = entries[-1]
    if oldest.start is not None:
        line.say("onset", x=day(oldest.start))
    again = [entry.start for entry in entries[:-1] if entry.start is not None]
    seen = {oldest.start.text[:10]} if oldest.start else set[str]()
    fresh = list({start.text[:10]: start for start in again if start.text[:10] not in seen}.values())
    if fresh:
        line.say("again", x=joined([day(start) for start in fresh[:_DATES]]))
    stay = reading.stay
    if stay is not None and _reason(reading, entries):
        told = label(newest.name) in {label(reason) for reason in stay.reasons}
        line.say("this-stay" if told else "in-stay", x=hidden(stay.name))
    age = reading.age(newest)
    if newest.status == "active" and age is not None and outlived(newest.name.text, age):
        line.say("still", x=hidden(newest.status_field))
    if newest.status == "unknown":
        line.say("status-unknown")
    if newest.note is not None and len(newest.note.text) <= 160:
        line.say("quote", x=plain(newest.note))
    return line.claim("problems")


def history(reading: Reading) -> Part:
    """Resolved problems that weigh, or that resolved lately. The others are counted."""
    active = {label(c.name) for c in reading.timeline.conditions if c.status in _ACTIVE}
    resolved = [c for c in reading.timeline.conditions if c.status == "resolved" and label(c.name) not in active]
    listed: list[tuple[tuple[float, ...], str, Condition]] = []
    others = 0
    for entries in groups(resolved):
        newest = entries[0]
        which = rank(newest.name.text)
        since = (reading.moment - newest.end_at).days if newest.end_at else None
        lately = since is not None and 0 <= since <= _RECENT
        heavy = weight(newest, reading.age(newest))
        if which == "social":
            continue
        if not reading.request.whole and (which == "noise" or (heavy < _PAST and not lately)):
            others += 1
            continue
        listed.append(((not lately, -heavy, reading.age(newest) or 1e9), label(newest.name), newest))
    listed.sort(key=lambda item: item[:2])
    items = [*(item[2] for item in listed), *noted.history(reading)]
    return reading.cut("history", items, lambda item: _past(reading, item), others)


def _past(reading: Reading, entry: Condition | Mention) -> Claim:
    if isinstance(entry, Mention):
        return noted.told(reading, entry, "history")
    line = reading.line()
    _name(line, entry)
    line.add(hidden(entry.status_field))
    if entry.start is not None:
        line.say("onset", x=day(entry.start))
    if entry.end is not None:
        line.say("resolved", x=day(entry.end))
    return line.claim("history")

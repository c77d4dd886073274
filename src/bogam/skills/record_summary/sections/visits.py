"""Encounters, procedures, immunizations, devices and care plans."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import CarePlan, Device, Encounter, Immunization, Procedure
from bogam.skills.writing.compose import Line, Piece, day, hidden, joined, label, name, plain
from bogam.skills.writing.importance import routine
from bogam.skills.writing.reading import Part, Reading, groups, named, setting

_STAY_YEARS = 2 * 365


def encounters(reading: Reading) -> Part:
    """Past encounters: hospital stays and emergencies of two years first, then the newest; shown newest first."""
    past = [
        e for e in reading.timeline.encounters if e is not reading.stay and e.status not in ("cancelled", "planned")
    ]
    limit = reading.request.limit("encounters")
    if limit is not None and len(past) > limit:

        def order(place: int) -> tuple[bool, int]:
            age = reading.age(past[place])
            heavy = setting(past[place]) in ("inpatient", "emergency") and age is not None and age <= _STAY_YEARS
            return not heavy, place

        first = sorted(sorted(range(len(past)), key=order)[:limit])
        rest = [e for i, e in enumerate(past) if i not in set(first)]
        past = [past[i] for i in first] + rest
    return reading.cut("encounters", past, lambda entry: _encounter(reading, entry))


def _encounter(reading: Reading, entry: Encounter) -> Claim:
    line = reading.line()
    if entry.start is not None:
        when = day(entry.start)
        if entry.end is not None and entry.end.text[:10] != entry.start.text[:10]:
            line.say("until", x=when, y=day(entry.end))
        else:
            line.add(when)
    if entry.kind is not None:
        line.say(setting(entry), x=hidden(entry.kind))
    line.add(name(entry.name) if named(entry) else hidden(entry.name))
    line.add(joined([name(reason) for reason in entry.reasons[:2]]))
    if entry.disposition is not None:
        line.say("discharged", x=name(entry.disposition))
    if entry.location is not None:
        line.add(plain(entry.location))
    if entry.status == "in-progress":
        line.say("in-progress", x=hidden(entry.status_field))
    return line.claim("encounters")


def procedures(reading: Reading) -> Part:
    """Procedures, one line for each name with its newest and first date. Routine steps only in full length."""
    done = groups(p for p in reading.timeline.procedures if p.status != "planned")
    done.sort(key=lambda entries: routine(entries[0].name.text))
    kept = done if reading.request.whole else [entries for entries in done if not routine(entries[0].name.text)]
    return reading.cut("procedures", kept, lambda entries: _procedure(reading, entries), len(done) - len(kept))


def _procedure(reading: Reading, entries: list[Procedure]) -> Claim:
    newest, oldest = entries[0], entries[-1]
    line = reading.line().add(name(newest.name))
    if newest.status in ("not-done", "in-progress"):
        line.say(newest.status, x=hidden(newest.status_field))
    _dates(line, newest, oldest)
    if newest.body_site is not None:
        line.say("site", x=name(newest.body_site))
    if newest.reason is not None:
        line.say("for", x=name(newest.reason))
    if newest.outcome is not None:
        line.say("outcome", x=name(newest.outcome))
    return line.claim("procedures")


def _dates(line: Line, newest: Procedure | Immunization, oldest: Procedure | Immunization) -> None:
    if newest.start is None:
        return
    if oldest.start is None or oldest.start.text[:10] == newest.start.text[:10]:
        line.add(day(newest.start))
    else:
        line.say("last", x=day(newest.start)).say("first", x=day(oldest.start))


def immunizations(reading: Reading) -> Part:
    """The latest of each vaccine."""
    given = groups(i for i in reading.timeline.immunizations if i.status != "not-done")

    def write(entries: list[Immunization]) -> Claim:
        line = reading.line().add(name(entries[0].name))
        if entries[0].start is not None:
            line.add(day(entries[0].start))
        return line.claim("immunizations")

    return reading.cut("immunizations", given, write)


def devices(reading: Reading) -> Part:
    """Devices that are in use or not said to be out of use."""
    active = groups(d for d in reading.timeline.devices if d.status != "inactive")

    def write(entries: list[Device]) -> Claim:
        entry = entries[0]
        line = reading.line().add(name(entry.name)).add(hidden(entry.status_field))
        if entry.start is not None:
            line.say("onset", x=day(entry.start))
        return line.claim("devices")

    return reading.cut("devices", active, write)


def plans(reading: Reading) -> Part:
    """Active care plans with their first activities."""
    active = [p for p in reading.timeline.care_plans if p.status in ("active", "on-hold", "unknown")]

    def write(entry: CarePlan) -> Claim:
        unique = {label(activity): activity for activity in entry.activities}
        shown = [name(activity) for activity in list(unique.values())[:3]]
        more = [Piece("…")] if len(unique) > 3 else []
        head = name(entry.name)
        line = reading.line()
        if shown:
            line.add(joined([Piece(f"{head.text}:", head.citations), joined([*shown, *more])], " "))
        else:
            line.add(head)
        if entry.status == "on-hold":
            line.say("on-hold", x=hidden(entry.status_field))
        else:
            line.add(hidden(entry.status_field))
        if entry.start is not None:
            line.say("onset", x=day(entry.start))
        return line.claim("plans")

    return reading.cut("plans", active, write)

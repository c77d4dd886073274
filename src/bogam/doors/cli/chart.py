"""A patient's timeline on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bogam.doors.cli.printing import console, plain
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from bogam.record.citation import Field
    from bogam.record.facts import Dosage, Fact, Medication, Order, Person, Result, Timeline

_FLAGS: Final = {
    "critical-low": ("▼▼", "bold red"),
    "low": ("▼", "yellow"),
    "normal": ("", ""),
    "high": ("▲", "yellow"),
    "critical-high": ("▲▲", "bold red"),
    "abnormal": ("*", "yellow"),
}
_LIVE: Final = {"active", "current", "in-progress", "pending", "planned", "preliminary"}

Line = tuple[str, str, str, str, str]
"""When, what, details, status, style."""


def print_timeline(timeline: Timeline, *, limit: int) -> None:
    """Print every section that has entries, newest first, at most ``limit`` entries each."""
    from rich.text import Text

    terminal = console()
    terminal.print(Text(_heading(timeline.person), style="bold"))
    labs = [each for each in timeline.results if each.category != "vital"]
    vitals = [each for each in timeline.results if each.category == "vital"]
    sections: tuple[tuple[str, Iterable[Line]], ...] = (
        ("Allergies", map(_allergy, timeline.allergies)),
        ("Problems", map(_fact, timeline.conditions)),
        ("Medications", map(_medication, timeline.medications)),
        ("Results", map(_result, labs)),
        ("Vital signs", map(_result, vitals)),
        ("Encounters", map(_fact, timeline.encounters)),
        ("Procedures", map(_fact, timeline.procedures)),
        ("Orders", map(_order, timeline.orders)),
        ("Reports", map(_fact, timeline.reports)),
        ("Notes", map(_fact, timeline.notes)),
        ("Immunizations", map(_fact, timeline.immunizations)),
        ("Devices", map(_fact, timeline.devices)),
        ("Care plans", map(_fact, timeline.care_plans)),
        ("Family history", map(_fact, timeline.family)),
    )
    for title, lines in sections:
        _section(terminal, title, list(lines), limit)


def _section(terminal: Console, title: str, lines: list[Line], limit: int) -> None:
    from rich.table import Table
    from rich.text import Text

    # That nothing is recorded of these is something to know; of the others it is not.
    if not lines and title not in ("Allergies", "Problems", "Medications"):
        return
    terminal.print()
    terminal.print(Text(f"{say(title)} ({len(lines)})", style="bold cyan"))
    if not lines:
        terminal.print(Text(f"  {say('nothing recorded')}", style="dim"))
        return
    table = Table.grid(padding=(0, 2))
    for when, what, details, status, style in lines[:limit]:
        cells = (Text(f"  {when}", style="dim"), Text(what, style=style), Text(details, style=style), Text(status))
        table.add_row(*cells)
    terminal.print(table)
    if len(lines) > limit:
        terminal.print(Text(f"  {len(lines) - limit} {say('more: --limit shows them')}", style="dim"))


def _heading(person: Person) -> str:
    parts = [_text(person.name) or person.id, _text(person.gender)]
    if person.birth_date:
        parts.append(f"{say('born')} {_text(person.birth_date)}")
    if person.deceased_at:
        parts.append(f"{say('died')} {person.deceased_at.date()}")
    parts += [f"{plain(label)} {_text(field)}" for label, field in person.identifiers if label == "MR"]
    return " · ".join(part for part in parts if part)


def _fact(fact: Fact) -> Line:
    return _day(fact.start), _text(fact.name), "", say(fact.status), "" if fact.status in _LIVE else "dim"


def _allergy(fact: Fact) -> Line:
    when, what, details, status, style = _fact(fact)
    return when, what, details, status, "bold red" if fact.status in ("active", "unknown") else style


def _medication(fact: Medication) -> Line:
    when, what, _, status, style = _fact(fact)
    reason = f"({_text(fact.reason)})" if fact.reason else ""
    return when, what, " ".join(part for part in (_dosage(fact.dosage), reason) if part), status, style


def _dosage(dosage: Dosage | None) -> str:
    if dosage is None:
        return ""
    if dosage.text:
        return _text(dosage.text)
    per = f"{_text(dosage.frequency)} / {_text(dosage.period)} {_text(dosage.period_unit)}" if dosage.frequency else ""
    return " ".join(part for part in (_text(dosage.value), _text(dosage.unit), per.strip()) if part)


def _result(fact: Result) -> Line:
    mark, style = _FLAGS.get(fact.flag or "normal", ("", ""))
    value = " ".join(part for part in (_text(fact.comparator) + _text(fact.value), _text(fact.unit), mark) if part)
    between = "–".join(_text(end) for end in (fact.low, fact.high) if end) if fact.low or fact.high else ""
    between = _text(fact.range_text) or between
    return _day(fact.start), _text(fact.name), value, f"{say('reference')} {between}" if between else "", style


def _order(fact: Order) -> Line:
    when, what, _, status, style = _fact(fact)
    return when, what, f"→ {_day(fact.due)}" if fact.due else "", status, style


def _day(field: Field | None) -> str:
    text = _text(field)
    return text[:16].replace("T", " ") if "T" in text else text


def _text(field: Field | None) -> str:
    return "" if field is None else " ".join(plain(field.text).split())

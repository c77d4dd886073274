"""What was asked for and is not answered yet."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Order, Report
from bogam.skills.writing.compose import day, hidden, name, plain
from bogam.skills.writing.orders import open_orders, open_reports, overdue
from bogam.skills.writing.reading import Part, Reading


def pending(reading: Reading) -> Part:
    """Unanswered orders and reports that are not final."""
    items: list[Order | Report] = [*open_orders(reading), *open_reports(reading)]
    return reading.cut("pending", items, lambda item: _write(reading, item))


def _write(reading: Reading, item: Order | Report) -> Claim:
    line = reading.line().add(name(item.name))
    if isinstance(item, Report):
        if item.status_field is not None:
            line.say("report-open", x=plain(item.status_field))
        return (line.add(day(item.start)) if item.start is not None else line).claim("pending")
    line.add(hidden(item.status_field))
    if item.priority is not None and item.priority.text != "routine":
        line.say("priority", x=plain(item.priority))
    if item.start is not None:
        line.say("ordered", x=day(item.start))
    if item.due is not None and (item.start is None or item.due.text[:10] != item.start.text[:10]):
        line.say("due", x=day(item.due))
    if overdue(reading, item):
        line.say("overdue", x=hidden(item.due))
    if item.reason is not None:
        line.say("for", x=name(item.reason))
    return line.claim("pending")

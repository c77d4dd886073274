"""What was asked for and is not answered yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Order, Report
from bogam.skills.record_summary.compose import day, hidden, name, plain
from bogam.skills.record_summary.reading import Part, Reading

_GRACE: Final = timedelta(days=1)


def open_orders(reading: Reading) -> list[Order]:
    """Return orders without an answer, overdue ones first, then the newest."""
    waiting = [o for o in reading.timeline.orders if o.status == "pending" and not o.answered]
    return sorted(waiting, key=lambda order: not overdue(reading, order))


def open_reports(reading: Reading) -> list[Report]:
    """Return reports that are not final yet."""
    return [r for r in reading.timeline.reports if r.status in ("preliminary", "pending")]


def overdue(reading: Reading, order: Order) -> bool:
    """Say whether an order was to happen a day or more before the day of the summary."""
    return order.due_at is not None and order.due_at + _GRACE <= reading.moment


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

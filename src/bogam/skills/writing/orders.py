"""What was asked for and is not answered yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bogam.record.facts import Order, Report
from bogam.skills.writing.reading import Reading

_GRACE: Final = timedelta(days=1)


def open_orders(reading: Reading) -> list[Order]:
    """Return orders without an answer, overdue ones first, then the newest."""
    waiting = [o for o in reading.timeline.orders if o.status == "pending" and not o.answered]
    return sorted(waiting, key=lambda order: not overdue(reading, order))


def open_reports(reading: Reading) -> list[Report]:
    """Return reports that are not final yet."""
    return [r for r in reading.timeline.reports if r.status in ("preliminary", "pending")]


def overdue(reading: Reading, order: Order) -> bool:
    """Say whether an order was to happen a day or more before the moment of the draft."""
    return order.due_at is not None and order.due_at + _GRACE <= reading.moment

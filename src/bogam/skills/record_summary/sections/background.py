"""Family and social history, in brief."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Condition, Family, Result
from bogam.skills.record_summary.sections.results import social
from bogam.skills.writing.compose import day, hidden, measured, name, number
from bogam.skills.writing.importance import rank
from bogam.skills.writing.reading import Part, Reading, groups
from bogam.skills.writing.values import series


def background(reading: Reading) -> Part:
    """Family history, then the latest of each social observation, then active social findings."""
    habits = [points[0] for points in series(reading, "other", "lab") if social(points[0].name.text)]
    findings = groups(c for c in reading.timeline.conditions if c.status == "active" and rank(c.name.text) == "social")
    items: list[Family | Result | Condition] = [
        *reading.timeline.family,
        *(result for result in habits if result.value is not None),
        *(entries[0] for entries in findings),
    ]
    return reading.cut("background", items, lambda item: _write(reading, item))


def _write(reading: Reading, item: Family | Result | Condition) -> Claim:
    line = reading.line()
    if isinstance(item, Family):
        if item.relation is not None:
            line.say("relation", x=name(item.relation), y=name(item.name))
        else:
            line.add(name(item.name))
        return line.claim("background")
    if isinstance(item, Result) and item.value is not None:
        value = number(item.value) if item.number is not None else name(item.value)
        phrase = "relation" if item.number is not None else "observed"
        line.say(phrase, x=name(item.name), y=measured(value, item.unit))
    else:
        line.add(name(item.name)).add(hidden(item.status_field))
    if item.start is not None:
        line.add(day(item.start)) if isinstance(item, Result) else line.say("onset", x=day(item.start))
    return line.claim("background")

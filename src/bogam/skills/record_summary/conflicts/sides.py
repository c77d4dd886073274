"""Left and right. The lists are transcribed from general knowledge, not from a named edition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Condition, Procedure
from bogam.skills.record_summary.conflicts.telling import KIND, told
from bogam.skills.writing.compose import joined, name
from bogam.skills.writing.reading import Reading, days_between

_LEFT: Final = re.compile(r"\bleft\b|\blt\b|왼쪽|좌측|\b좌(?=[ )])", re.IGNORECASE)
_RIGHT: Final = re.compile(r"\bright\b|\brt\b|오른쪽|우측|\b우(?=[ )])", re.IGNORECASE)
_PARTS: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"hip|femur|femoral|고관절"
        r"|대퇴", r"knee|무릎|슬관절", r"wrist|radius|forearm|손목|요골", r"ankle|발목", r"shoulder|humer|어깨|상완",
        r"breast|mast|유방", r"kidney|renal|nephr|신장", r"lung|pneumon|lobe|폐", r"eye|catarac|retin|눈|백내장|망막",
        r"hemipleg|hemipar|weakness|편마비|마비", r"foot|toe|발", r"hand|finger|손",
    )
)  # fmt: skip
_WEEKS: Final = 60.0


def sides(reading: Reading) -> Iterator[Claim]:
    """A procedure on one side for a problem of the other: same body part, within 60 days, none on its own side.

    Compares the names, the body site and the reason of the procedure.
    """
    active = [c for c in reading.timeline.conditions if c.status in ("active", "resolved")]
    for procedure in reading.timeline.procedures:
        text = _text(procedure)
        side = _side(text)
        if side is None or procedure.status == "not-done":
            continue
        part = next((words for words in _PARTS if words.search(text)), None)
        near = [c for c in active if part is not None and part.search(_text(c)) and _near(procedure, c)]
        own = [c for c in near if _side(_text(c)) in (side, None)]
        if near and not own:
            shown = told(reading, procedure)
            if procedure.body_site is not None and _side(procedure.name.text) is None:
                shown = joined([shown, name(procedure.body_site)])
            pieces = {"a": shown, "b": told(reading, near[0])}
            yield reading.line().say("conflict-side", **pieces).claim("conflicts", KIND)


def _text(fact: Procedure | Condition) -> str:
    return f"{fact.name.text} {fact.body_site.text if fact.body_site else ''}"


def _side(text: str) -> str | None:
    left, right = _LEFT.search(text) is not None, _RIGHT.search(text) is not None
    return None if left == right else "left" if left else "right"


def _near(procedure: Procedure, condition: Condition) -> bool:
    gap = days_between(condition.at, procedure.at)
    return gap is None or abs(gap) <= _WEEKS

"""Values that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.record_summary.conflicts.limits import ADULT, ALIASES, LIMITS, SIGNED
from bogam.skills.record_summary.sections.results import DIASTOLIC, SYSTOLIC
from bogam.skills.writing.compose import Piece, day, hidden, joined, label, measured, name, number
from bogam.skills.writing.reading import Reading

_COUNTED = ("final", "amended", "preliminary", "unknown")


def impossible_values(reading: Reading) -> Iterator[Claim]:
    """Results outside survivable limits for their LOINC code and unit, negative amounts, and a diastolic pressure that
    is not below the systolic one of the same measurement."""
    systolic: dict[str, Result] = {}
    diastolic: list[Result] = []
    wrong: dict[str, list[Result]] = {}
    grown = _grown(reading)
    for result in reading.timeline.results:
        if result.number is None or result.status not in _COUNTED:
            continue
        codes = [coding.code.text for coding in result.codes]
        if SYSTOLIC in codes:
            systolic[result.origin.source] = result
        elif DIASTOLIC in codes:
            diastolic.append(result)
        if _wrong(result, codes, grown is not None and result.at is not None and result.at >= grown):
            wrong.setdefault(result.key or label(result.name), []).append(result)
    for results in wrong.values():
        yield _impossible(reading, results)
    for low in diastolic:
        high = systolic.get(low.origin.source)
        if high is None or high.number is None or low.number is None or low.number < high.number:
            continue
        line = reading.line().say("conflict-pressure", high=_told(high), low=_told(low))
        yield line.add(day(low.start) if low.start else None).claim("conflicts", "conflict.impossible-value")


_LIKEWISE: Final = 3
"""At most so many further dates of the same fault are told; all are cited."""


def _impossible(reading: Reading, results: list[Result]) -> Claim:
    newest, others = results[0], results[1:]
    line = reading.line().say("conflict-value", name=name(newest.name), value=_value(newest))
    line.add(day(newest.start) if newest.start else None)
    dated = [day(other.start) for other in others if other.start is not None]
    if dated:
        more = [Piece("…")] if len(dated) > _LIKEWISE else []
        line.say("likewise", x=joined([*dated[:_LIKEWISE], *more]))
    line.add(hidden(*(other.value for other in others)))
    return line.claim("conflicts", "conflict.impossible-value")


def _grown(reading: Reading) -> datetime | None:
    """Return when the patient turned eighteen, where the birth date is known to the day."""
    birth = reading.timeline.person.birth_date
    if birth is None or len(birth.text) < 10:
        return None
    try:
        born = datetime.fromisoformat(birth.text[:10]).replace(tzinfo=UTC)
        return born.replace(year=born.year + 18)
    except ValueError:  # no date, or the 29th of February
        return None


def _wrong(result: Result, codes: list[str], adult: bool) -> bool:
    number = result.number
    assert number is not None
    unit = result.unit.text if result.unit else ""
    unit = ALIASES.get(unit, unit)
    for code in codes:
        table = ADULT if adult and code in ADULT else LIMITS
        bounds = table.get(code, {}).get(unit)
        if bounds is not None:
            return not bounds[0] <= number <= bounds[1]
    if number < 0 and result.category in ("lab", "vital"):
        text = f"{result.name.text} {unit}".casefold()
        return not any(word in text for word in SIGNED)
    return False


def _told(result: Result) -> Piece:
    return joined([name(result.name), _value(result)], " ")


def _value(result: Result) -> Piece:
    assert result.value is not None
    return measured(number(result.value), result.unit)

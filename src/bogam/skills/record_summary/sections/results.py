"""Recent and abnormal results with their trend, and the latest vital signs.

Results are ordered: critical, then abnormal within a year, then abnormal before that that became normal within a
week, then the rest by what usually matters most (see `importance`) and the newest. A value is called high or low only
where the record does, or where its recorded reference range says so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.record.facts import Result
from bogam.skills.writing.importance import laboratory
from bogam.skills.writing.person import CODE_STATUS
from bogam.skills.writing.reading import Part, Reading, days_between
from bogam.skills.writing.values import DIASTOLIC, SYSTOLIC, coded, measurement, series, vital_sign

_SOCIAL: Final = re.compile(
    r"smok|tobacco|alcohol|housing|sexual orientation|abuse status|insurance|hospitalizations|education"
    r"|employment|income"
    r"|stress level|violence|transport|language|refugee|armed forces|migrant|hiv status|prapare|흡연|음주|직업"
    r"|결혼|동거",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def social(name: str) -> bool:
    """Say whether an observation is on how someone lives; those stand with the family and social history."""
    return _SOCIAL.search(name) is not None


_IGNORED: Final = re.compile(r"cause of death", re.IGNORECASE)
_VITAL_ORDER: Final = (
    "8480-6", "8867-4", "9279-1", "8310-5", "8331-1", "2708-6", "59408-5", "9269-2", "29463-7", "8302-2", "39156-5",
)  # fmt: skip


def results(reading: Reading) -> Part:
    """One line for each series of laboratory and other measured results."""
    kept: list[tuple[tuple[float, ...], str, list[Result]]] = []
    minor = 0
    for points in series(reading, "lab", "other"):
        newest = points[0]
        if newest.value is None and newest.absent_reason is None:
            continue
        if social(newest.name.text) or _IGNORED.search(newest.name.text):
            continue
        if any(coding.code.text in CODE_STATUS for coding in newest.codes):
            continue
        age = reading.age(newest)
        if not reading.request.whole and newest.flag in (None, "normal") and laboratory(newest.name.text) == 1:
            minor += 1
            continue
        kept.append(
            (
                (_rank(points, age), -laboratory(newest.name.text), age if age is not None else 1e9),
                newest.name.text,
                points,
            )
        )
    kept.sort(key=lambda item: item[:2])
    return reading.cut(
        "results", [item[2] for item in kept], lambda points: measurement(reading, points, "results", True), minor
    )


def _rank(points: list[Result], age: float | None) -> float:
    flag = points[0].flag
    old = age is None or age > 365
    if flag in ("critical-low", "critical-high"):
        return 3 if old else 0
    if flag in ("low", "high", "abnormal"):
        return 4 if old else 1
    if len(points) > 1 and points[1].flag not in (None, "normal"):
        gap = days_between(points[1].at, points[0].at)
        if gap is not None and gap <= 7 and not old:
            return 2
    return 7 if age is None or age > 3 * 365 else 6 if old else 5


def vitals(reading: Reading) -> Part:
    """The latest of each vital sign, blood pressure in one line."""
    found = series(reading, "vital")
    diastolic = {p.origin.source: p for points in found for p in points if coded(p, DIASTOLIC)}
    shown = [points for points in found if not (coded(points[0], DIASTOLIC) and _paired(points[0], found))]
    shown = [points for points in shown if points[0].value is not None]

    def order(points: list[Result]) -> tuple[int, float, str]:
        newest = points[0]
        codes = {coding.code.text for coding in newest.codes}
        place = next((i for i, code in enumerate(_VITAL_ORDER) if code in codes), len(_VITAL_ORDER))
        age = reading.age(newest)
        urgent = newest.flag in ("critical-low", "critical-high") and age is not None and age <= 365
        return (-1 if urgent else place), age if age is not None else 1e9, newest.name.text

    shown.sort(key=order)
    return reading.cut("vitals", shown, lambda points: vital_sign(reading, points, diastolic, "vitals"))


def _paired(result: Result, found: list[list[Result]]) -> bool:
    return any(p.origin.source == result.origin.source and coded(p, SYSTOLIC) for points in found for p in points[:1])

"""Entries that do not fit the person. The lists are transcribed from general knowledge, not from a named edition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Fact
from bogam.skills.record_summary.conflicts.telling import KIND, told
from bogam.skills.writing.compose import Piece, day
from bogam.skills.writing.person import age
from bogam.skills.writing.reading import Reading


def open_after_death(reading: Reading) -> Iterator[Claim]:
    """An encounter that began after the patient's death and is still in progress."""
    who = reading.timeline.person
    if who.deceased is None or who.deceased_at is None:
        return
    for encounter in reading.timeline.encounters:
        if (
            encounter.status == "in-progress"
            and encounter.at is not None
            and encounter.at > who.deceased_at + timedelta(days=1)
        ):
            pieces = {"name": told(reading, encounter), "death": day(who.deceased)}
            yield reading.line().say("conflict-open-after-death", **pieces).claim("conflicts", KIND)


_FEMALE_ONLY: Final = re.compile(
    r"pregnan|miscarriage|eclampsia|ovarian|ovary|uterine|uterus|cervical cancer|endometri|임신|유산|자간|난소|자궁",
    re.IGNORECASE,
)
_MALE_ONLY: Final = re.compile(r"prostat|testic|전립선|고환", re.IGNORECASE)
_NOT_OWN: Final = re.compile(
    r"family history|가족력|history of|병력|screening|test|검사|father|partner|not pregnant", re.IGNORECASE
)


def sex_bound(reading: Reading) -> Iterator[Claim]:
    """A problem of the other sex's organs. Recorded gender can differ from anatomy: the physician decides."""
    gender = reading.timeline.person.gender
    if gender is None or gender.text not in ("male", "female"):
        return
    wrong = _FEMALE_ONLY if gender.text == "male" else _MALE_ONLY
    facts: list[Fact] = [c for c in reading.timeline.conditions if c.status in ("active", "resolved")]
    for fact in facts:
        if wrong.search(fact.name.text) and not _NOT_OWN.search(fact.name.text):
            shown = {"name": told(reading, fact), "gender": Piece(gender.text, (gender.cite(),))}
            yield reading.line().say("conflict-sex", **shown).claim("conflicts", KIND)


_MENOPAUSE: Final = 60
"""A pregnancy that begins at this age or later is told as a contradiction."""


def late_pregnancy(reading: Reading) -> Iterator[Claim]:
    """An active pregnancy at sixty or later."""
    who = reading.timeline.person
    if who.birth_date is None or (who.gender is not None and who.gender.text == "male"):
        return
    for condition in reading.timeline.conditions:
        begun = condition.at.date() if condition.at is not None else reading.as_of
        aged = age(who.birth_date.text, begun)
        if condition.status != "active" or aged is None or aged[0] != "years" or aged[1] < _MENOPAUSE:
            continue
        if _PREGNANT.search(condition.name.text) and not _NOT_OWN.search(condition.name.text):
            shown = {"name": told(reading, condition), "birth": day(who.birth_date)}
            yield reading.line().say("conflict-late-pregnancy", **shown).claim("conflicts", KIND)


_PREGNANT: Final = re.compile(r"pregnan|임신", re.IGNORECASE)

"""Who the patient is, for the head of a draft."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bogam.record.facts import Person
from bogam.skills.writing.compose import clean
from bogam.skills.writing.reading import Reading


def age(birth: str, on: date | None) -> tuple[str, int] | None:
    """Return the completed years (under 2: months, under 2 months: days) from a full birth date to ``on``.

    None when either is not known, or in the wrong order.
    """
    if on is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", birth):
        return None
    try:
        born = date.fromisoformat(birth[:10])
    except ValueError:
        return None
    if born > on:
        return None
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 2:
        return "days", (on - born).days
    return ("years", months // 12) if months >= 24 else ("months", months)


CODE_STATUS: Final = frozenset({"100822-6", "81351-9"})
"""LOINC codes of an observation on resuscitation."""


def dead(who: Person) -> bool:
    return who.deceased is not None and who.deceased.text != "false"


def subject(reading: Reading) -> str:
    """Identify the patient in one line: name, record number, birth date, sex, age."""
    who = reading.timeline.person
    known = [
        clean(who.display or (who.name.text if who.name else "")) or None,
        next((clean(value.text) for label, value in who.identifiers if label.upper() in ("MR", "MRN")), None),
        who.birth_date.text[:10] if who.birth_date else None,
    ]
    if who.gender is not None and who.gender.text in ("male", "female"):
        known.append(reading.words.phrases[who.gender.text][reading.language].replace("{x}", ""))
    aged = age(who.birth_date.text, reading.as_of) if who.birth_date and not dead(who) else None
    if aged is not None:
        known.append(reading.words.phrases[aged[0]][reading.language].replace("{n}", str(aged[1])))
    return " · ".join(part for part in known if part) or who.id

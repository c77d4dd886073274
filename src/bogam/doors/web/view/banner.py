"""The banner of a patient page: who this is, and what must not be overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bogam.doors.web.view import moment
from bogam.doors.web.words import Words
from bogam.record.cards import current_stay
from bogam.record.facts import Allergy, Timeline

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Banner:
    """What the banner shows; empty texts are not recorded. ``allergies`` is empty with ``allergies_recorded`` when the
    record says that there are none."""

    id: str
    name: str
    sex: str
    age: str
    born: str
    number: str
    location: str
    attending: str
    allergies: tuple[str, ...]
    more_allergies: int
    allergies_recorded: bool
    resuscitation: str
    deceased: str
    conflicts: int
    flags: tuple[str, ...]


def banner(timeline: Timeline, words: Words, conflicts: int = 0) -> Banner:
    """Make the banner of one patient; ``conflicts`` is how many the newest summary found."""
    person = timeline.person
    stay = current_stay(timeline)
    active = [each for each in timeline.allergies if each.status in ("active", "unknown") and not each.none_known]
    named = list(dict.fromkeys(_allergy(each) for each in active))
    labelled = sorted(person.identifiers, key=lambda pair: pair[0] != "MR")
    gender = person.gender.text if person.gender else ""
    deceased = moment.day(person.deceased.text) if person.deceased else ""
    dead = bool(deceased) and deceased != "false"
    until = (person.deceased_at or datetime.now(UTC)).date() if dead else None
    born = person.birth_date.text if person.birth_date else ""
    return Banner(
        id=person.id,
        name=person.display or person.id,
        sex=words.get(f"sex.{gender}", gender),
        age=moment.age(born, words, until),
        born=born,
        number=labelled[0][1].text if labelled else "",
        location=stay.location.text if stay and stay.location else "",
        attending=stay.attending.text if stay and stay.attending else "",
        allergies=tuple(named[:_NAMED]),
        more_allergies=max(0, len(named) - _NAMED),
        allergies_recorded=bool(timeline.allergies),
        resuscitation=person.resuscitation.text if person.resuscitation else "",
        conflicts=conflicts,
        flags=tuple(dict.fromkeys(each.name.text for each in timeline.flags if each.status == "active"))[:_NAMED],
        deceased=(deceased if deceased != "true" else words("banner.date_unknown")) if dead else "",
    )


def _allergy(allergy: Allergy) -> str:
    reaction = allergy.reactions[0].text if allergy.reactions else ""
    return f"{allergy.name.text} ({reaction})" if reaction else allergy.name.text

"""Entries that cannot both hold. The lists are transcribed from general knowledge, not from a named edition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.skills.record_summary.conflicts.observations import blood_groups, smoking
from bogam.skills.record_summary.conflicts.persons import late_pregnancy, open_after_death, sex_bound
from bogam.skills.record_summary.conflicts.sides import sides
from bogam.skills.record_summary.conflicts.telling import KIND, both, told
from bogam.skills.writing.compose import day, hidden, joined, label
from bogam.skills.writing.reading import Reading


def contradictions(reading: Reading) -> Iterator[Claim]:
    """Run each rule below."""
    yield from none_known_with_allergy(reading)
    yield from opposite_problems(reading)
    yield from active_and_refuted(reading)
    yield from active_and_resolved(reading)
    yield from open_after_death(reading)
    yield from sex_bound(reading)
    yield from late_pregnancy(reading)
    yield from sides(reading)
    yield from blood_groups(reading)
    yield from smoking(reading)


def none_known_with_allergy(reading: Reading) -> Iterator[Claim]:
    """ "No known allergies" (or no known drug allergies) beside an active allergy it denies."""
    active = [a for a in reading.timeline.allergies if a.status in ("active", "unknown")]
    for none in (a for a in active if a.none_known):
        only_drugs = re.search(r"drug|medic|약물|약제", none.name.text, re.IGNORECASE) is not None
        only_food = re.search(r"food|음식|식품", none.name.text, re.IGNORECASE) is not None
        for allergy in (a for a in active if not a.none_known):
            if (only_drugs and allergy.category not in (None, "medication")) or (
                only_food and allergy.category not in (None, "food")
            ):
                continue
            shown = {"none": told(reading, none), "allergy": told(reading, allergy)}
            yield reading.line().say("conflict-none-known", **shown).claim("conflicts", KIND)


_OPPOSITES: Final = (
    (
        r"type (?:1|i) diabetes|diabetes mellitus,? type (?:1|i)\b|1형 당뇨",
        r"type (?:2|ii) diabetes|diabetes mellitus,? type (?:2|ii)\b|2형 당뇨",
    ),
    (r"hyperkal[a]?emia|고칼륨혈증", r"hypokal[a]?emia|저칼륨혈증"),
    (r"hypernatr[a]?emia|고나트륨혈증", r"hyponatr[a]?emia|저나트륨혈증"),
    (r"hypercalc[a]?emia|고칼슘혈증", r"hypocalc[a]?emia|저칼슘혈증"),
    (r"hyperthyroid|갑상선 ?기능 ?항진|갑상샘 ?기능 ?항진", r"hypothyroid|갑상선 ?기능 ?저하|갑상샘 ?기능 ?저하"),
    (r"non-?smoker|never smok|비흡연", r"current smoker|smokes tobacco daily|현재 흡연"),
)  # fmt: skip
_PAIRS: Final = tuple((re.compile(a, re.IGNORECASE), re.compile(b, re.IGNORECASE)) for a, b in _OPPOSITES)


def opposite_problems(reading: Reading) -> Iterator[Claim]:
    """Two active problems of which only one can hold, such as type 1 and type 2 diabetes."""
    active = [c for c in reading.timeline.conditions if c.status == "active"]
    for first, second in _PAIRS:
        one = next((c for c in active if first.search(c.name.text) and not second.search(c.name.text)), None)
        other = next((c for c in active if second.search(c.name.text) and not first.search(c.name.text)), None)
        if one is not None and other is not None:
            yield both(reading, one, other)


def active_and_resolved(reading: Reading) -> Iterator[Claim]:
    """One problem with an active entry and a resolved one of the same beginning: it cannot be both over and not.

    A problem that resolved and came back has two beginnings and is no contradiction.
    """
    resolved = {
        (label(c.name), c.start.text[:10]): c for c in reading.timeline.conditions if c.status == "resolved" and c.start
    }
    for condition in reading.timeline.conditions:
        if condition.status != "active" or condition.start is None:
            continue
        other = resolved.get((label(condition.name), condition.start.text[:10]))
        if other is not None:
            ended = [day(other.end)] if other.end is not None else []
            pieces = {"a": told(reading, condition), "b": joined([hidden(other.name, other.status_field), *ended], "")}
            phrase = "conflict-resolved" if ended else "conflict-resolved-undated"
            yield reading.line().say(phrase, **pieces).claim("conflicts", KIND)


def active_and_refuted(reading: Reading) -> Iterator[Claim]:
    """One problem or allergy with an active entry and a refuted one."""
    for facts in (reading.timeline.conditions, reading.timeline.allergies):
        refuted = {label(f.name): f for f in facts if f.status == "refuted"}
        for fact in facts:
            other = refuted.get(label(fact.name)) if fact.status == "active" else None
            if other is not None:
                shown = joined([told(reading, fact), hidden(other.name), hidden(other.status_field)], "")
                yield reading.line().say("conflict-refuted", a=shown).claim("conflicts", KIND)

"""What the patient takes: entries of one drug brought together."""

from __future__ import annotations

from typing import Final

from bogam.record.facts import Medication
from bogam.skills.writing.compose import label
from bogam.skills.writing.dose import dose
from bogam.skills.writing.reading import Reading
from bogam.terms.drugs import ingredients

RUNNING: Final = ("current", "on-hold", "planned")


def current(reading: Reading) -> list[list[Medication]]:
    """Return the current drugs; entries of one name and dose are one drug, its newest entry first."""
    found: dict[tuple[str, str, str], list[Medication]] = {}
    for entry in reading.timeline.medications:
        if entry.status in RUNNING:
            shown = dose(entry.dosage, "en")
            found.setdefault((label(entry.name), shown.text if shown else "", entry.status), []).append(entry)
    undosed = [key for key in found if not key[1]]
    for key in undosed:  # a dispense or a statement without dose says nothing beyond the order of the same drug
        fuller = next((other for other in found if other[0] == key[0] and other[1] and other[2] == key[2]), None)
        if fuller is not None and all(entry.kind != "request" for entry in found[key]):
            found[fuller].extend(found.pop(key))
    return list(found.values())


def same_drug(entries: list[Medication]) -> list[list[Medication]]:
    """Group by ingredients, or by name where they are not known: one drug is written in many ways."""
    found: dict[str, list[Medication]] = {}
    for entry in entries:
        known = ingredients(entry.name.text)
        found.setdefault(" + ".join(sorted(known)) or label(entry.name), []).append(entry)
    return list(found.values())

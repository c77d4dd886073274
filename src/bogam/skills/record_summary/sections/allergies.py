"""Allergies and intolerances. Never cut."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.facts import Allergy, Mention
from bogam.skills.record_summary import noted
from bogam.skills.writing.compose import day, hidden, joined, label, name
from bogam.skills.writing.reading import Part, Reading

_ORDER = {"high": 0, "unable-to-assess": 1, "low": 2}


def allergies(reading: Reading) -> Part:
    """Active allergies: high criticality first, then drugs, then by name; then those that only a note names.

    Refuted and resolved ones are counted.
    """
    entries = [a for a in reading.timeline.allergies if a.status in ("active", "unknown")]

    def order(entry: Allergy) -> tuple[int, bool, str]:
        criticality = entry.criticality.text if entry.criticality else ""
        return _ORDER.get(criticality, 1), entry.category != "medication", label(entry.name)

    entries.sort(key=order)
    others = len(reading.timeline.allergies) - len(entries)
    return reading.cut("allergies", [*entries, *noted.allergies(reading)], lambda item: _write(reading, item), others)


def _write(reading: Reading, entry: Allergy | Mention) -> Claim:
    if isinstance(entry, Mention):
        return noted.told(reading, entry, "allergies")
    line = reading.line()
    if entry.none_known:
        line.say("none-known", x=name(entry.name))
    else:
        line.add(name(entry.name))
    if entry.verification is not None and entry.verification.text.casefold() in ("unconfirmed", "presumed"):
        line.say("not-confirmed-status", x=hidden(entry.verification))
    if entry.criticality is not None and f"criticality-{entry.criticality.text}" in _KNOWN:
        line.say(f"criticality-{entry.criticality.text}", x=hidden(entry.criticality))
    if entry.reactions:
        line.say("reaction", x=joined([name(reaction) for reaction in entry.reactions[:4]]))
    if entry.start is not None:
        line.say("recorded", x=day(entry.start))
    line.add(hidden(entry.status_field))
    return line.claim("allergies")


_KNOWN = ("criticality-high", "criticality-low", "criticality-unable-to-assess")

"""What a note says against what the lists of the record say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Allergy, Fact, Medication, Mention
from bogam.skills.record_summary import noted
from bogam.skills.record_summary.conflicts.telling import told
from bogam.skills.writing.compose import Piece, hidden, joined, name, span
from bogam.skills.writing.drugs import current
from bogam.skills.writing.reading import Reading
from bogam.text.stopped import is_stopped

_LISTED: Final = 6
"""At most so many entries of a list are named beside a note; all are cited."""


def notes_against_lists(reading: Reading) -> Iterator[Claim]:
    """Run each rule below."""
    yield from drug_not_listed(reading)
    yield from listed_drug_stopped(reading)
    yield from none_known_in_note(reading)
    yield from allergy_not_recorded(reading)


def drug_not_listed(reading: Reading) -> Iterator[Claim]:
    """A drug that a note says is taken and that no entry of the record explains, beside the drugs that are listed.

    Where no drug is listed at all, that is told as missing, and the drug stands under the medications.
    """
    listed = [entries[0] for entries in current(reading)]
    for mention in noted.drugs(reading) if listed else ():
        pieces = {"drug": name(mention.name), "note": noted.source(reading, mention), "list": _list(listed)}
        yield reading.line().say("conflict-note-drug", **pieces).claim("conflicts", "conflict.note-drug")


def _list(entries: list[Medication] | list[Allergy]) -> Piece:
    rest = [entry.name for entry in entries[_LISTED:]]
    shown = [joined([name(entry.name), hidden(entry.status_field)], "") for entry in entries[:_LISTED]]
    return joined([*shown, *([Piece("…", hidden(*rest).citations)] if rest else [])])


def listed_drug_stopped(reading: Reading) -> Iterator[Claim]:
    """A drug that is listed as current, and that a note written since says was stopped."""
    said = [m for m in reading.timeline.mentions if m.kind == "drug" and m.key[:2] == "d:" and _stopped(m)]
    if not said:
        return
    for entries in current(reading):
        drug = entries[0]
        if drug.status != "current":
            continue
        given = noted.ingredients_of(drug.name.text)
        mention = next((m for m in said if m.key[2:] in given), None)
        if mention is None or _after(drug, mention) or _again(reading, mention):
            continue
        pieces = {"drug": told(reading, drug), "note": noted.source(reading, mention), "words": _sentence(mention)}
        yield reading.line().say("conflict-note-stopped", **pieces).claim("conflicts", "conflict.note-stopped")


def _stopped(mention: Mention) -> bool:
    """Say whether the mention's sentence says that just this drug was stopped: nothing but drugs stands between."""
    if mention.assertion in ("hypothetical", "other", "possible"):
        return False
    start = mention.name.offset - mention.sentence.offset
    return is_stopped(mention.sentence.text, start, start + len(mention.name.text))


def _after(drug: Medication, mention: Mention) -> bool:
    """Say whether the drug was ordered after the note, or either is undated."""
    return drug.at is None or mention.at is None or drug.at >= mention.at


def _again(reading: Reading, mention: Mention) -> bool:
    """Say whether a later note, or a list in the same one, names the drug as taken."""
    return any(
        m.kind == "drug" and m.key == mention.key and m.assertion == "present" and not _stopped(m)
        for m in reading.timeline.mentions
        if m.origin == mention.origin or (m.at is not None and mention.at is not None and m.at > mention.at)
    )


_DRUGS_ONLY: Final = re.compile(r"NKDA|drug|medic|약물|약제", re.IGNORECASE)


def none_known_in_note(reading: Reading) -> Iterator[Claim]:
    """ "No known allergies" in the newest note that speaks of allergies, against an allergy recorded before it."""
    mention = next((m for m in reading.timeline.mentions if m.kind == "allergy"), None)
    if mention is None or mention.key != "none-known":
        return
    drugs_only = _DRUGS_ONLY.search(mention.sentence.text) is not None
    denied = [
        allergy
        for allergy in reading.timeline.allergies
        if not allergy.none_known
        and allergy.status in ("active", "unknown")
        and not (drugs_only and allergy.category not in (None, "medication"))
        and not (allergy.at is not None and mention.at is not None and allergy.at.date() > mention.at.date())
    ]
    if denied:
        pieces = {"none": _sentence(mention), "note": noted.source(reading, mention), "allergy": _list(denied)}
        yield reading.line().say("conflict-note-none-known", **pieces).claim("conflicts", "conflict.note-allergy")


def allergy_not_recorded(reading: Reading) -> Iterator[Claim]:
    """An allergy that only a note tells, beside the entries that are recorded, "no known allergy" among them.

    Where nothing is recorded at all, that is told as missing, and the allergy stands under the allergies.
    """
    entries = [a for a in reading.timeline.allergies if a.status in ("active", "unknown")]
    for mention in noted.allergies(reading) if entries else ():
        denied: list[Fact] = [entry for entry in entries if entry.none_known]
        note = noted.source(reading, mention)
        if denied:
            pieces = {"allergy": _sentence(mention), "note": note, "none": told(reading, denied[0])}
            claim = reading.line().say("conflict-note-allergy-denied", **pieces)
        else:
            pieces = {"allergy": name(mention.name), "note": note, "list": _list(entries)}
            claim = reading.line().say("conflict-note-allergy", **pieces)
        yield claim.claim("conflicts", "conflict.note-allergy")


def _sentence(mention: Mention) -> Piece:
    return span(mention.sentence, 0, len(mention.sentence.text))

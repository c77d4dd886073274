"""What in the record cannot all be true, or should not stand together. Each rule says its reasoning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from bogam.evidence.claim import Claim
from bogam.skills.record_summary.conflicts.contradictions import contradictions
from bogam.skills.record_summary.conflicts.dates import date_order
from bogam.skills.record_summary.conflicts.drugs import drug_allergy, duplicate_drugs
from bogam.skills.record_summary.conflicts.notes import notes_against_lists
from bogam.skills.record_summary.conflicts.values import impossible_values
from bogam.skills.writing.reading import Reading

RULES: Final[tuple[Callable[[Reading], Iterable[Claim]], ...]] = (
    drug_allergy,
    duplicate_drugs,
    notes_against_lists,
    impossible_values,
    contradictions,
    date_order,
)


def conflicts(reading: Reading) -> tuple[Claim, ...]:
    """Run every rule, the most dangerous kind first."""
    return tuple(dict.fromkeys(claim for rule in RULES for claim in rule(reading)))

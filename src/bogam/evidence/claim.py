"""A claim: one sentence or one field, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bogam.record.citation import Citation


@dataclass(frozen=True, slots=True)
class Failure:
    """One atom of a claim that its citations do not bear out.

    ``kind`` is citation (a place that does not resolve), number, unit, date, code, drug, dose, side, negation or term;
    ``text`` the atom as the claim has it; ``found`` what the cited evidence says instead, empty when nothing.
    """

    kind: Literal["citation", "number", "unit", "date", "code", "drug", "dose", "side", "negation", "term"]
    text: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """What verification found. ``unchecked`` is the state before it ran and is never shown as supported.

    ``absence`` is for statements that something is not in the record: they cite nothing and say what was searched.
    """

    state: Literal["supported", "unsupported", "conflicting", "absence", "unchecked"] = "unchecked"
    failed: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or field of a draft.

    Parameters
    ----------
    text
        The sentence as shown.
    citations
        What it rests on. Empty only for absences.
    support
        Verification's result.
    section
        Key of the section it belongs to.
    kind
        ``statement``, or for findings their kind, e.g. ``conflict.drug-allergy``, ``missing.allergies``.
    searched
        For absences: what was looked for and where, e.g. ``AllergyIntolerance: 0 of 312 resources``.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    support: Support = Support()
    section: str = ""
    kind: str = "statement"
    searched: str = ""

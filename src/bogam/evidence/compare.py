"""Compare what a claim states with what its citations bear out, atom by atom.

The rules, in words. A number must be cited, in the unit it is claimed in, and be the value of what it is claimed of;
a record's digits may be rounded. A date must be cited; it may say less than the record, not more. A drug, a clinical
term and a code must be named. A side, a denial and a status word must not be contradicted, and a denial or an ending
must have something behind it. Four things may be worked out instead of cited: an age or a time between two dates, a
difference of two cited values, and a count of the sources cited.
"""

from __future__ import annotations

from bogam.evidence import figures, wording
from bogam.evidence.claim import Failure
from bogam.evidence.gather import Chosen, Evidence
from bogam.text.atoms import Reading


def failures(claim: Reading, got: Evidence, as_of: str) -> list[Failure]:
    """Return every atom of ``claim`` that ``got`` does not bear out; none when it is supported."""
    found: list[Failure] = []
    chosen: Chosen = []
    for number, label in zip(claim.quantities, claim.labels, strict=True):
        found.extend(figures.number(claim, number, label, got, as_of, chosen))
    found.extend(figures.frequencies(claim, got))
    found.extend(figures.dates(claim, got, as_of, chosen))
    found.extend(figures.codes(claim, got))
    found.extend(wording.terms(claim, got, bool(found)))
    found.extend(wording.sides(claim, got))
    found.extend(wording.denials(claim, got))
    found.extend(wording.statuses(claim, got))
    found.extend(figures.trend(claim, got, chosen))
    return list(dict.fromkeys(found))

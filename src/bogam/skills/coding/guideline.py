"""When a diagnosis that a note mentions may be coded.

ICD-10-CM Official Guidelines for Coding and Reporting, fiscal year 2026 (CMS and NCHS): section II.H (uncertain
diagnosis, inpatient), IV.H (uncertain diagnosis, outpatient), IV.J (chronic and coexisting conditions, history),
I.C.1.a, I.C.1.f, I.C.1.g and I.C.10.c (HIV, Zika, COVID-19 and novel influenza are coded only when confirmed). Told in
our own words.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from bogam.record.facts import Assertion
from bogam.skills.writing.importance import rank

Setting = Literal["inpatient", "outpatient"]
Reason = Literal[
    "present", "chronic-history", "uncertain-inpatient", "absent", "history", "hypothetical", "other",
    "uncertain-outpatient", "uncertain-confirmed-only",
]  # fmt: skip

_CONFIRMED_ONLY: Final = ("B20", "U07.1", "A92.5", "J09")


class Ruling(NamedTuple):
    """Whether a code is allowed, and by what reason (a phrase of this skill)."""

    allowed: bool
    reason: Reason


def rule(code: str, name: str, assertion: Assertion, setting: Setting) -> Ruling:
    """Rule on one place that mentions a diagnosis.

    Parameters
    ----------
    code, name
        The ICD-10-CM code and its title.
    assertion
        How the place means it.
    setting
        Where the encounter takes place; emergency and clinic visits are outpatient.
    """
    if assertion == "present":
        return Ruling(True, "present")
    if assertion == "historical":
        lasting = rank(name) in ("chronic", "grave")
        return Ruling(lasting, "chronic-history" if lasting else "history")
    if assertion == "possible":
        if code.startswith(_CONFIRMED_ONLY):
            return Ruling(False, "uncertain-confirmed-only")
        inpatient = setting == "inpatient"
        return Ruling(inpatient, "uncertain-inpatient" if inpatient else "uncertain-outpatient")
    return Ruling(False, assertion)

"""The codes of a draft as data: which claims carry a code, and the FHIR Conditions made of them.

A claim carries a code when its kind begins with ``code.`` and it cites the ``/code`` of an entry of a code system, or
a Coding of the record. The Conditions are contained in the draft's Composition: they say what a
coder chose, and have no life of their own in the record until the hospital's own system gives them one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Filed
from bogam.record.citation import Citation
from bogam.terms import icd10cm

_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/condition-category"
_OF_ENTRY: Final = "/code"


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its system (a URI, or empty where the record gives none that is cited), release, title and claim."""

    code: str
    system: str
    release: str
    title: str
    claim: Claim
    evidence: tuple[Citation, ...]


def coded(draft: Draft) -> list[Coded]:
    """Return the codes that a draft's claims carry, in their order."""
    found: list[Coded] = []
    for claim in draft.claims:
        if not claim.kind.startswith("code."):
            continue
        entry = next((each for each in claim.citations if each.pointer == _OF_ENTRY and ":" in each.source), None)
        evidence = tuple(each for each in claim.citations if ":" not in each.source)
        if entry is not None:
            system = entry.source.partition(":")[0]
            title = next(
                (each.quote for each in claim.citations if each.source == entry.source and each.pointer == "/title"), ""
            )
            uri = icd10cm.URI if system == icd10cm.SYSTEM else f"urn:bogam:terms:{system}"
            found.append(Coded(entry.quote, uri, entry.version, title, claim, evidence))
            continue
        coding = next((each for each in claim.citations if each.pointer.endswith("/code")), None)
        if coding is not None:
            found.append(Coded(coding.quote, "", "", "", claim, evidence))
    return found


def conditions(filed: Filed) -> list[dict[str, Any]]:
    """Return a Condition (FHIR R4) for each code: confirmed once signed, provisional before."""
    draft = filed.draft
    status = "confirmed" if filed.state == "signed" else "provisional"
    return [
        {
            "resourceType": "Condition",
            "id": f"code-{number}",
            "verificationStatus": {"coding": [{"system": _CLINICAL, "code": status}]},
            "category": [{"coding": [{"system": _CATEGORY, "code": "encounter-diagnosis"}]}],
            "code": _concept(each),
            "subject": {"reference": f"Patient/{draft.patient}"},
            "evidence": [{"detail": [{"reference": ref}]} for ref in dict.fromkeys(c.source for c in each.evidence)],
            "note": [{"text": each.claim.text}],
        }
        for number, each in enumerate(coded(draft), 1)
    ]


def _concept(each: Coded) -> dict[str, Any]:
    coding = {"system": each.system, "version": each.release, "code": each.code, "display": each.title}
    return {"coding": [{name: value for name, value in coding.items() if value}], "text": each.title or each.code}

"""A whole skill in one file: the allergies of a patient, each cited."""

from pathlib import Path

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Section
from bogam.record.facts import Timeline


class Request(BaseModel):
    """This skill asks for nothing beyond the patient."""


class AllergyCard:
    name = "allergy-card"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        claims = tuple(
            Claim(text=f"{allergy.name.text}.", citations=(allergy.name.cite(),), section="allergies")
            for allergy in evidence.allergies
            if allergy.status == "active"
        )
        searched = f"AllergyIntolerance: 0 of {evidence.resources} resources"
        missing = Claim(text="No allergy list.", kind="missing.allergies", section="allergies", searched=searched)
        return Draft(
            id=f"allergy-card-{evidence.sha[:16]}",
            skill=self.name,
            patient=evidence.person.id,
            language="en",
            title="Allergy card",
            subject=evidence.person.display,
            sections=(Section("allergies", "Allergies"),),
            claims=claims,
            missing=() if evidence.allergies else (missing,),
            conflicts=(),
            engine="built-in",
            evidence_hash=evidence.sha,
            as_of=evidence.latest.date().isoformat() if evidence.latest else "",
        )


skill = AllergyCard()

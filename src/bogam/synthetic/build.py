"""The chart of one patient under construction: each method writes valid FHIR R4 and remembers it for the notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bogam.synthetic.case import Said, Track, between, drift
from bogam.synthetic.catalog.conditions import DISEASES
from bogam.synthetic.catalog.drugs import DRUGS, Drug
from bogam.synthetic.catalog.other import ALLERGENS
from bogam.synthetic.catalog.tests import STUDIES, TESTS
from bogam.synthetic.documents import Form, attachment
from bogam.synthetic.elements import (
    ATC,
    HL7,
    ICD,
    LOINC,
    SCT,
    Value,
    bounds,
    coded,
    dosage,
    interpretation,
    quantity,
    ranges,
    rounded,
    stamp,
)
from bogam.synthetic.people import STAFF, Json, bed_name
from bogam.synthetic.recorder import Med, Problem, Recorder

SIDES: Final[dict[str, Said]] = {"left": ("좌측", "Left"), "right": ("우측", "Right")}
_SIDE_CODES: Final = {"left": "7771000", "right": "24028007"}
_CLASSES: Final = {"IMP": "inpatient encounter", "EMER": "emergency", "AMB": "ambulatory", "HH": "home health"}
_KINDS: Final[dict[str, Said]] = {
    "IMP": ("입원", "Hospital admission"),
    "EMER": ("응급실 진료", "Emergency visit"),
    "AMB": ("외래 진료", "Outpatient visit"),
}
_PLACES: Final[dict[str, Said]] = {"EMER": ("응급실", "Emergency department"), "AMB": ("외래", "Outpatient clinic")}
_GAP: Final = timedelta(hours=31)
"""How long a patient whose vital signs are missing has had none."""
_ALLERGY_STATUS: Final = {
    "clinicalStatus": coded("allergyintolerance-clinical", "active"),
    "verificationStatus": coded("allergyintolerance-verification", "confirmed"),
}


class Chart(Recorder):
    """A chart and what can happen to its patient."""

    def visit(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        dept: str,
        reason: Said,
        *keys: str,
        home: Said | None = None,
    ) -> str:
        """Open an encounter; what is written after it belongs to it. ``keys`` are diagnoses known before it."""
        self.dept = dept
        period = _period(start, end)
        place = {"IMP": f"bed-{self.case.bed}", "EMER": "er"}.get(kind, "clinic")
        name = bed_name(self.case.country, self.case.bed) if kind == "IMP" else self.t(_PLACES[kind])
        spot = self.shared("Location", place, name)
        discharge = {"dischargeDisposition": {"text": self.t(home)}} if home else None
        diagnosis = [{"condition": self.link("Condition", self.problems[k].id)} for k in keys]
        id_ = self.put(
            "Encounter",
            f"enc-{kind.lower()}",
            status="finished" if end else "in-progress",
            **{"class": {"system": HL7 + "v3-ActCode", "code": kind, "display": _CLASSES[kind]}},
            type=[{"text": self.t(_KINDS[kind])}],
            participant=[{"type": [coded("v3-ParticipationType", "ATND")], "individual": self.who(dept)}],
            period=period,
            reasonCode=[{"text": self.t(reason)}],
            diagnosis=diagnosis or None,
            hospitalization=discharge,
            location=[{"location": spot, "status": "completed" if end else "active", "period": period}],
            serviceProvider=self.shared("Organization", "hospital"),
        )
        self.visits.append(self.resources[-1])
        if kind == "IMP":
            self.hospital_stay = start
        return id_

    def condition(
        self,
        key: str,
        onset: str | datetime,
        *,
        end: datetime | None = None,
        side: str | None = None,
        here: bool = False,
        text: Said | None = None,
    ) -> str:
        """Record a condition; ``end`` resolves it, ``here`` makes it a diagnosis of the encounter, not a problem."""
        disease = DISEASES[key]
        name = self.t(text or (disease.ko, disease.en))
        site = None
        if side:
            name = f"{SIDES[side][0]} {name}" if self.ko else f"{SIDES[side][1]} {name[0].lower() + name[1:]}"
            site = [self.concept(SCT, _SIDE_CODES[side], SIDES[side][1], SIDES[side][0])]
        status = "resolved" if end else "active"
        start = onset if isinstance(onset, str) else stamp(onset)
        codings = [
            {"system": ICD, "code": disease.icd, "display": disease.en},
            {"system": SCT, "code": disease.snomed, "display": disease.en},
        ]
        id_ = self.put(
            "Condition",
            key,
            clinicalStatus=coded("condition-clinical", status),
            verificationStatus=coded("condition-ver-status", "confirmed"),
            category=[coded("condition-category", "encounter-diagnosis" if here else "problem-list-item")],
            code={"coding": codings, "text": name},
            bodySite=site,
            encounter=self.encounter_link() if here else None,
            onsetDateTime=start,
            abatementDateTime=stamp(end) if end else None,
            recordedDate=start if here else None,
        )
        mark = {"left": "Lt. ", "right": "Rt. "}[side] if side else ""
        if here:
            self.acute.add(key)
            self.visits[-1].setdefault("diagnosis", []).append({"condition": self.link("Condition", id_)})
        self.problems[key] = Problem(key, mark + disease.short, name, id_, start, status, side)
        return id_

    def observe(self, key: str, at: datetime, value: Value) -> str:
        """Record a measurement, rounded as its test is, with unit, range and (laboratory) interpretation."""
        test = TESTS[key]
        if key == "weight" and "missing.weight" in self.case.gaps:
            return ""
        value = rounded(value, test)
        self.values.setdefault(key, []).append((at, value))
        limits = bounds(test, self.case.sex, self.case.adult)
        return self.put(
            "Observation",
            f"{key}",
            status="final",
            category=[coded("observation-category", test.category)],
            code=self.concept(LOINC, test.loinc, test.en, test.ko),
            encounter=self.encounter_link(),
            effectiveDateTime=stamp(at),
            valueQuantity=quantity(value, test),
            interpretation=interpretation(value, test, limits) if test.category == "laboratory" else None,
            **ranges(test, limits),
        )

    def labs(self, at: datetime, **values: Value) -> None:
        """Record laboratory values taken at one time."""
        for key, value in values.items():
            self.observe(key, at, value)

    def pressure(self, at: datetime, sbp: Value, dbp: Value) -> str:
        """Record a blood pressure with its two components."""
        parts: list[Json] = []
        for key, value in (("sbp", sbp), ("dbp", dbp)):
            test = TESTS[key]
            self.values.setdefault(key, []).append((at, round(value)))
            part: Json = {
                "code": self.concept(LOINC, test.loinc, test.en, test.ko),
                "valueQuantity": quantity(round(value), test),
            }
            parts.append(part | ranges(test, bounds(test, self.case.sex, self.case.adult)))
        return self.put(
            "Observation",
            "bp",
            status="final",
            category=[coded("observation-category", "vital-signs")],
            code=self.concept(LOINC, "85354-9", "Blood pressure", "혈압"),
            encounter=self.encounter_link(),
            effectiveDateTime=stamp(at),
            component=parts,
        )

    def vitals(self, at: datetime, **values: Value) -> None:
        """Record a round of vital signs (keys of `TESTS`; sbp and dbp go together)."""
        if "missing.vitals" in self.case.gaps and self.visits[-1]["status"] == "in-progress" and self.now - at < _GAP:
            return
        for key, value in values.items():
            if key not in ("sbp", "dbp"):
                self.observe(key, at, value)
        if "sbp" in values:
            self.pressure(at, values["sbp"], values["dbp"])

    def monitor(self, start: datetime, end: datetime, every: float, **tracks: Track) -> None:
        """Record vital signs every so many hours along courses given from ``start``."""
        moment = start
        while moment <= end:
            hour = (moment - start).total_seconds() / 3600
            self.vitals(moment, **{k: drift(k, between(t, hour), moment, self.rng) for k, t in tracks.items()})
            moment += timedelta(hours=every)

    def drug(
        self,
        key: str,
        start: datetime,
        dose: str,
        freq: str,
        why: str | Said,
        *,
        route: str = "po",
        stop: datetime | None = None,
        because: Said | None = None,
        prn: bool = False,
        brand: bool = False,
    ) -> str:
        """Order a drug. ``why`` is a condition's key or words; ``because`` says why it was stopped (else: completed).

        Returns the order's id, empty where the chart must hold no drugs.
        """
        drug = DRUGS[key]
        if "missing.medications" in self.case.gaps:
            return ""
        status = "active" if stop is None else ("stopped" if because else "completed")
        gap = "missing.dose" in self.case.gaps and status == "active" and freq in ("qd", "bid", "hs") and not brand
        name = self._drug_name(drug, "" if gap or route != "po" else dose.replace(" ", "" if self.ko else " "), brand)
        if isinstance(why, str):
            reason = {"reasonReference": [self.link("Condition", self.problems[why].id, self.problems[why].text)]}
        else:
            reason = {"reasonCode": [{"text": self.t(why)}]}
        id_ = self.put(
            "MedicationRequest",
            f"rx-{key}",
            status=status,
            statusReason={"text": self.t(because)} if because else None,
            intent="order",
            category=[coded("medicationrequest-category", "inpatient" if self._inside() else "outpatient")],
            medicationCodeableConcept={
                "coding": [{"system": ATC, "code": drug.atc, "display": drug.en}],
                "text": name,
            },
            encounter=self.encounter_link(),
            authoredOn=stamp(start),
            requester=self.who(self.dept),
            **reason,
            dosageInstruction=None if gap else [dosage(dose, freq, route, prn, self.ko)],
            dispenseRequest={"validityPeriod": _period(start, stop)},
        )
        signa = ("", "", "") if gap else (dose, route.upper(), freq)
        mark = " ".join((drug.en, *signa, "PRN" if prn and not gap else "")).strip()
        self.meds.append(Med(drug, mark, signa, id_, start, stop, self.resources[-1]))
        if gap:
            self.case.gaps.discard("missing.dose")
            self.plant("missing.dose", {"drug": drug.en}, f"MedicationRequest/{id_}")
        return id_

    def stop_drugs(self, at: datetime, because: Said, *ids: str) -> None:
        """Stop running drugs, all of them where none is named."""
        for med in self.meds:
            if med.stop is None and (not ids or med.id in ids):
                med.stop = at
                med.resource |= {"status": "stopped", "statusReason": {"text": self.t(because)}}
                med.resource["dispenseRequest"] = {"validityPeriod": _period(med.start, at)}

    def allergies(self, recorded: str) -> None:
        """Record the case's allergies, or that none is known; nothing where the allergy list must be missing."""
        if "missing.allergies" in self.case.gaps:
            return
        for key in self.case.allergens:
            self.allergy(key, recorded)
        if not self.case.allergens:
            code = self.concept(SCT, "716186003", "No known allergy", "알려진 알레르기 없음")
            self.put("AllergyIntolerance", "nka", "patient", **_ALLERGY_STATUS, code=code, recordedDate=recorded)

    def allergy(self, key: str, recorded: str) -> str:
        """Record one allergy with its reaction."""
        a = ALLERGENS[key]
        return self.put(
            "AllergyIntolerance",
            f"allergy-{key}",
            "patient",
            **_ALLERGY_STATUS,
            type="allergy",
            category=[a.category],
            criticality=a.criticality,
            code=self.concept(SCT, a.snomed, a.en, a.ko),
            recordedDate=recorded,
            reaction=[{"manifestation": [{"text": self.t((a.reaction_ko, a.reaction_en))}]}],
        )

    def order(
        self, key: str, at: datetime, why: str | None = None, *, done: bool = True, due: datetime | None = None
    ) -> str:
        """Order a study; ``due`` is when it is to happen, where that is not at once."""
        study = STUDIES[key]
        return self.put(
            "ServiceRequest",
            f"order-{key}",
            status="completed" if done else "active",
            intent="order",
            code=self.concept(LOINC, study.loinc, study.en, study.ko),
            encounter=self.encounter_link(),
            occurrenceDateTime=stamp(due or at),
            authoredOn=stamp(at),
            requester=self.who(self.dept),
            reasonReference=[self.link("Condition", self.problems[why].id)] if why else None,
        )

    def report(
        self,
        key: str,
        at: datetime,
        conclusion: Said,
        *,
        order: str | None = None,
        status: str = "final",
        form: Form | None = None,
        results: Sequence[str] = (),
    ) -> str:
        """Report a study. A PDF is written for English only, a Korean one becomes HTML."""
        study = STUDIES[key]
        if order is None and status == "final":
            order = self.order(key, at - timedelta(hours=2))
        text, title = self.t(conclusion), self.t((study.ko, study.en))
        if form == "pdf" and self.ko:
            form = "html"
        signed = f"{text}\n\n{self.t(('판독', 'Reported by'))}: {STAFF[self.dept].name(self.case.country)}"
        return self.put(
            "DiagnosticReport",
            f"report-{key}",
            status=status,
            category=[{"coding": [{"system": HL7 + "v2-0074", "code": study.section}]}],
            code=self.concept(LOINC, study.loinc, study.en, study.ko),
            encounter=self.encounter_link(),
            effectiveDateTime=stamp(at),
            issued=stamp(at + timedelta(minutes=20)),
            performer=[self.shared("Organization", "hospital")],
            basedOn=[self.link("ServiceRequest", order)] if order else None,
            result=[self.link("Observation", each) for each in results] or None,
            conclusion=text,
            presentedForm=[attachment(signed, form, title, self.ko, at)] if form else None,
        )

    def died(self, at: datetime) -> None:
        """Record the death; running drugs stop then."""
        self.deceased = at
        self.stop_drugs(at, ("사망", "Patient died"))

    def _inside(self) -> bool:
        return bool(self.visits) and self.visits[-1]["class"]["code"] == "IMP"

    def _drug_name(self, drug: Drug, strength: str, brand: bool) -> str:
        """Write a drug as hospitals do: English or Korean in Korea, a brand where asked for (and there is one)."""
        english = (brand and drug.brand_en) or drug.en
        korean = (brand and drug.brand_ko) or drug.ko
        name = korean if self.ko and (brand or self.rng.random() < 0.6) else english
        return f"{name} {strength}".strip()


def _period(start: datetime, end: datetime | None) -> Json:
    return {"start": stamp(start), "end": stamp(end)} if end else {"start": stamp(start)}

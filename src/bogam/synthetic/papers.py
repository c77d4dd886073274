"""What surrounds the course: procedures, vaccines, devices, plans, appointments, family, insurance, consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bogam.synthetic.build import SIDES, Chart
from bogam.synthetic.case import Said
from bogam.synthetic.catalog.conditions import DISEASES
from bogam.synthetic.catalog.other import DEVICES, PROCEDURES, VACCINES
from bogam.synthetic.elements import CVX, HL7, LOINC, SCT, coded, stamp
from bogam.synthetic.people import HOSPITALS, PAYERS, Json

_ACT: Final = HL7 + "v3-ActReason"
_SMOKING: Final = {
    "never": ("266919005", "비흡연", "Never smoker"),
    "former": ("8517006", "과거 흡연", "Ex-smoker"),
    "current": ("449868002", "현재 흡연(매일)", "Current every day smoker"),
}
_CODE_STATUS: Final = {
    "full": ("304252001", "심폐소생술 시행", "Full code"),
    "dnr": ("304253006", "심폐소생술 거부(DNR)", "Do not resuscitate"),
}


def procedure(c: Chart, key: str, at: datetime, why: str | None = None, *, side: str | None = None) -> str:
    """Record a completed procedure."""
    named = PROCEDURES[key]
    name = c.concept(SCT, named.code, named.en, named.ko)
    site = None
    if side:
        mark = c.t(SIDES[side])
        name["text"] = f"{mark} {name['text']}" if c.ko else f"{mark} {name['text'][0].lower()}{name['text'][1:]}"
        site = [{"text": mark}]
    return c.put(
        "Procedure",
        f"proc-{key}",
        status="completed",
        code=name,
        bodySite=site,
        encounter=c.encounter_link(),
        performedDateTime=stamp(at),
        performer=[{"actor": c.who(c.dept)}],
        reasonReference=[c.link("Condition", c.problems[why].id)] if why else None,
    )


def vaccine(c: Chart, key: str, at: datetime) -> None:
    named = VACCINES[key]
    c.put(
        "Immunization",
        f"vax-{key}",
        "patient",
        status="completed",
        vaccineCode=c.concept(CVX, named.code, named.en, named.ko),
        occurrenceDateTime=stamp(at)[:10],
        primarySource=True,
    )


def device(c: Chart, key: str, at: datetime) -> str:
    named = DEVICES[key]
    return c.put(
        "Device",
        f"dev-{key}",
        "patient",
        status="active",
        deviceName=[{"name": c.t((named.ko, named.en)), "type": "user-friendly-name"}],
        type=c.concept(SCT, named.code, named.en, named.ko),
        manufactureDate=stamp(at - timedelta(days=200))[:10],
        note=[{"text": f"{stamp(at)[:10]}: {c.t(('사용 시작', 'in use from this day'))}"}],
    )


def smoking(c: Chart, status: str, at: datetime) -> str:
    """Record the smoking status: never, former or current."""
    code, ko, en = _SMOKING[status]
    return c.put(
        "Observation",
        "smoking",
        status="final",
        category=[coded("observation-category", "social-history")],
        code=c.concept(LOINC, "72166-2", "Tobacco smoking status", "흡연 상태"),
        effectiveDateTime=stamp(at),
        valueCodeableConcept=c.concept(SCT, code, en, ko),
    )


def code_status(c: Chart, at: datetime, wish: str = "full") -> None:
    """Record what was agreed about resuscitation: full or dnr."""
    code, ko, en = _CODE_STATUS[wish]
    c.put(
        "Observation",
        "code-status",
        status="final",
        category=[coded("observation-category", "social-history")],
        code=c.concept(LOINC, "100822-6", "Code status", "심폐소생술 여부"),
        encounter=c.encounter_link(),
        effectiveDateTime=stamp(at),
        valueCodeableConcept=c.concept(SCT, code, en, ko),
    )


def plan(c: Chart, title: Said, start: datetime, *activities: Said, why: str | None = None) -> None:
    """Write an active care plan."""
    steps = [{"detail": {"status": "in-progress", "description": c.t(each)}} for each in activities]
    c.put(
        "CarePlan",
        "plan",
        status="active",
        intent="plan",
        title=c.t(title),
        category=[{"text": c.t(title)}],
        period={"start": stamp(start)[:10]},
        addresses=[c.link("Condition", c.problems[why].id)] if why else None,
        activity=steps,
    )


def appointment(c: Chart, at: datetime, what: Said, dept: str, status: str = "booked") -> str:
    """Book a visit (30 minutes)."""
    patient = {"actor": c.link("Patient", c.case.id, c.case.name.text), "status": "accepted"}
    id_ = c.put(
        "Appointment",
        "appt",
        status=status,
        description=c.t(what),
        start=stamp(at),
        end=stamp(at + timedelta(minutes=30)),
        created=stamp(min(at - timedelta(days=45), c.now - timedelta(days=1)))
        if at > c.now
        else stamp(at - timedelta(days=45)),
        participant=[patient, {"actor": c.who(dept), "status": "accepted"}],
    )
    del c.resources[-1]["subject"]  # an Appointment knows its patient only as a participant
    return id_


def family(c: Chart, relation: str, key: str, age: int) -> None:
    """Record that a parent (FTH, MTH) or sibling (SIB) has or had a condition, and from what age."""
    names = {"FTH": ("아버지", "Father"), "MTH": ("어머니", "Mother"), "SIB": ("형제자매", "Sibling")}
    disease = DISEASES[key]
    c.kin.append((c.t(names[relation]), disease.short if c.ko else disease.en.lower()))
    years = {"value": age, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}
    c.put(
        "FamilyMemberHistory",
        f"family-{relation.lower()}",
        "patient",
        status="completed",
        relationship={
            "coding": [{"system": HL7 + "v3-RoleCode", "code": relation}],
            "text": c.t(names[relation]),
        },
        condition=[{"code": c.concept(SCT, disease.snomed, disease.en, disease.ko), "onsetAge": years}],
    )


def consent(c: Chart, at: datetime, purpose: str, words: Said, *, scope: str) -> None:
    """Record that a purpose of use (HL7 v3 PurposeOfUse) is refused. ``scope``: research, patient-privacy."""
    refusal = {"type": "deny", "purpose": [{"system": _ACT, "code": purpose}]}
    provision: Json = refusal if scope == "research" else {"type": "permit", "provision": [refusal]}
    c.put(
        "Consent",
        "consent",
        "patient",
        status="active",
        scope=coded("consentscope", scope),
        category=[{"coding": [{"system": LOINC, "code": "59284-0"}], "text": c.t(words)}],
        dateTime=stamp(at),
        organization=[c.shared("Organization", "hospital", HOSPITALS[c.case.country])],
        policyRule={"coding": [{"system": HL7 + "v3-ActCode", "code": "OPTIN"}]},
        provision=provision,
    )


def insurance(c: Chart) -> None:
    """Write the coverage, and a claim for each of the last three finished encounters."""
    country = c.case.country
    payer = c.shared("Organization", "payer", PAYERS[country])
    cover = c.put(
        "Coverage",
        "coverage",
        "beneficiary",
        status="active",
        type={"text": c.t(("국민건강보험 지역/직장 가입자", "Commercial PPO"))},
        subscriberId=f"{'가상' if c.ko else 'SMH'}-{c.case.mrn}",
        period={"start": f"{c.now.year}-01-01"},
        payor=[payer],
    )
    done = [v for v in c.visits if v["status"] == "finished"][-3:]
    for visit in done:
        _claim(c, visit, payer, c.link("Coverage", cover))


def _claim(c: Chart, visit: Json, payer: Json, cover: Json) -> None:
    money = "KRW" if c.ko else "USD"
    base = {"IMP": 2_400_000, "EMER": 180_000, "AMB": 38_000}[visit["class"]["code"]] * c.rng.randint(80, 130) // 100
    amount = {"value": base // 10 * 10 if c.ko else base // 900, "currency": money}
    kind = "institutional" if visit["class"]["code"] == "IMP" else "professional"
    diagnoses = [
        {"sequence": n, "diagnosisReference": d["condition"]} for n, d in enumerate(visit.get("diagnosis", []), 1)
    ]
    line = {"sequence": 1, "productOrService": {"text": visit["type"][0]["text"]}, "net": amount}
    c.put(
        "Claim",
        "claim",
        "patient",
        status="active",
        type=coded("claim-type", kind),
        use="claim",
        created=visit["period"]["end"],
        insurer=payer,
        provider=c.shared("Organization", "hospital", HOSPITALS[c.case.country]),
        priority=coded("processpriority", "normal"),
        diagnosis=diagnoses or None,
        insurance=[{"sequence": 1, "focal": True, "coverage": cover}],
        item=[line | {"encounter": [c.link("Encounter", visit["id"])]}],
        total=amount,
    )

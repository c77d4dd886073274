"""The Patient resource."""

from __future__ import annotations

from datetime import datetime

from bogam.synthetic.case import Case
from bogam.synthetic.elements import coded, stamp
from bogam.synthetic.people import HOSPITALS, Json, address, phone

_FORM = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"


def person(case: Case, deceased: datetime | None) -> Json:
    """Build the Patient. A Korean name stands in Hangul first and in Latin letters after it."""
    name, korean = case.name, case.country == "KR"
    written: Json = {"use": "official", "text": name.text, "family": name.family, "given": [name.given]}
    names = [written]
    if name.roman:
        family, given = name.roman.split(" ")
        written["extension"] = [{"url": _FORM, "valueCode": "IDE"}]
        latin: Json = {"use": "official", "text": name.roman, "family": family, "given": [given]}
        names.append(latin | {"extension": [{"url": _FORM, "valueCode": "ABC"}]})
    hospital = {"reference": f"Organization/{case.country.lower()}-hospital", "display": HOSPITALS[case.country]}
    number = {
        "use": "usual",
        "type": coded("v2-0203", "MR") | {"text": "등록번호" if korean else "Medical record number"},
        "system": f"urn:oid:2.25.{'8201' if korean else '8202'}",
        "value": case.mrn,
    }
    return {
        "resourceType": "Patient",
        "id": case.id,
        "identifier": [number],
        "active": deceased is None,
        "name": names,
        "telecom": [{"system": "phone", "value": phone(case.country, case.rng), "use": "mobile"}],
        "gender": "female" if case.sex == "F" else "male",
        "birthDate": case.birth.isoformat(),
        **({"deceasedDateTime": stamp(deceased)} if deceased else {}),
        "address": [address(case.country, case.rng)],
        "communication": [
            {
                "language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "ko" if korean else "en"}]},
                "preferred": True,
            }
        ],
        "managingOrganization": hospital,
    }

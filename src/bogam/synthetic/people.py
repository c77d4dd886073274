"""The two invented hospitals of the ward, their staff and beds, and names for patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from random import Random
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from bogam.synthetic.catalog.names import FAMILY_KR, FAMILY_US, GIVEN_KR, GIVEN_US, STREETS_KR, STREETS_US
from bogam.synthetic.catalog.table import rows

Country = Literal["KR", "US"]
Json = dict[str, Any]

SPACE: Final = UUID("6f0d1c6e-2b0a-5c84-9a55-2f1f3a5be0d7")
"""Namespace of every urn:uuid of the ward: the same resource has the same uuid in every run."""

ZONES: Final[dict[Country, timezone]] = {"KR": timezone(timedelta(hours=9)), "US": timezone(timedelta(hours=-7))}
"""Both hospitals stand where clocks do not change (the second is in Arizona)."""

HOSPITALS: Final[dict[Country, str]] = {"KR": "은행나무대학교병원", "US": "Juniper Valley Medical Center"}
PAYERS: Final[dict[Country, str]] = {"KR": "국민건강보험(가상)", "US": "Saguaro Mutual Health Plan (fictional)"}


@dataclass(frozen=True, slots=True)
class Staff:
    """A practitioner: ``key`` is the department, ``abbr`` the department as written after a name."""

    key: str
    ko: str
    en: str
    dept_ko: str
    dept_en: str
    abbr: str

    def name(self, country: Country) -> str:
        return self.ko if country == "KR" else self.en

    def dept(self, country: Country) -> str:
        return self.dept_ko if country == "KR" else self.dept_en


_STAFF = """
im|이지은|Hannah Whitlock|내과|Internal medicine|IM
card|최민수|David Okafor|순환기내과|Cardiology|CV
pulm|서동현|Priya Raman|호흡기내과|Pulmonology|PULM
neph|신예린|Luis Herrera|신장내과|Nephrology|NEPH
gi|조현우|Karen Lindqvist|소화기내과|Gastroenterology|GI
endo|한지수|Grace Tanaka|내분비내과|Endocrinology|ENDO
rheum|유나영|Omar Haddad|류마티스내과|Rheumatology|RHEU
neuro|정하늘|Samuel Brandt|신경과|Neurology|NR
os|한도윤|Melissa Grant|정형외과|Orthopaedics|OS
onc|윤서진|Robert Castellano|종양내과|Oncology|ONC
ped|오세영|Aisha Coleman|소아청소년과|Paediatrics|PED
ob|강유진|Claire Dubois|산부인과|Obstetrics|OBGY
psy|임수아|Martin Keller|정신건강의학과|Psychiatry|NP
fm|배준영|Linda Marsh|가정의학과|Family medicine|FM
er|문지호|Kevin Doyle|응급의학과|Emergency medicine|EM
res|박지훈|Emily Park|내과 R2|Resident, PGY-2|R2
rn|류가은|Nora Jensen|간호사|Registered nurse|RN
"""

STAFF: Final[dict[str, Staff]] = {row[0]: Staff(*row) for row in rows(_STAFF, 6)}


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: as written, its parts, and the Latin form of a Korean name (empty for others)."""

    text: str
    family: str
    given: str
    roman: str = ""


def korean(family: tuple[str, str], given: tuple[str, str]) -> Name:
    """Build the name of a Korean person from (Hangul, Latin) parts."""
    return Name(family[0] + given[0], family[0], given[0], f"{family[1]} {given[1]}")


def _drawn(country: Country, rng: Random, sex: str) -> Name:
    if country == "KR":
        return korean(rng.choice(FAMILY_KR), rng.choice(GIVEN_KR[sex]))
    given, family = rng.choice(GIVEN_US[sex]), rng.choice(FAMILY_US)
    return Name(f"{given} {family}", family, given)


def names(country: Country, rng: Random, taken: set[str], sex: str) -> Name:
    """Draw a name that nobody in the ward has yet; in a very large ward names repeat."""
    for _ in range(200):
        name = _drawn(country, rng, sex)
        if name.text not in taken:
            taken.add(name.text)
            return name
    return _drawn(country, rng, sex)


def address(country: Country, rng: Random) -> Json:
    """Draw an address in a district that does not exist (KR) or with a postal code that is not assigned (US)."""
    if country == "KR":
        flat = f"{rng.randint(101, 112)}동 {rng.randint(1, 15)}0{rng.randint(1, 4)}호"
        line = f"{rng.choice(STREETS_KR)} {rng.randint(2, 140)}, {flat}"
        return {
            "use": "home",
            "text": f"서울특별시 보감구 {line}",
            "line": [line],
            "city": "보감구",
            "state": "서울특별시",
            "country": "KR",
        }
    line = f"{rng.randint(12, 980)} {rng.choice(STREETS_US)}"
    return {
        "use": "home",
        "line": [line],
        "city": "Juniper Valley",
        "state": "AZ",
        "postalCode": "85000",
        "country": "US",
    }


def phone(country: Country, rng: Random) -> str:
    """Draw a telephone number from a range that is not given out."""
    return f"010-0000-{rng.randint(1000, 9999)}" if country == "KR" else f"602-555-01{rng.randint(10, 99)}"


def bed_name(country: Country, bed: str) -> str:
    """``7병동 712-3`` or ``Ward 7, 712-3``: the first digit of the room is the ward."""
    return f"{bed[0]}병동 {bed}" if country == "KR" else f"Ward {bed[0]}, {bed}"


def urn(type_: str, id_: str) -> str:
    """Return the urn:uuid under which a resource stands in its bundle."""
    return f"urn:uuid:{uuid5(SPACE, f'{type_}/{id_}')}"


def entry(resource: Json) -> Json:
    """Wrap a resource as an entry of a transaction that puts it at its own id."""
    type_, id_ = resource["resourceType"], resource["id"]
    return {"fullUrl": urn(type_, id_), "resource": resource, "request": {"method": "PUT", "url": f"{type_}/{id_}"}}


def shared(beds: dict[Country, list[str]]) -> Json:
    """Build the bundle of everything that patients share: organizations, practitioners, locations."""
    made: list[Json] = []
    for country in ("KR", "US"):
        at = country.lower()
        hospital = {"reference": urn("Organization", f"{at}-hospital"), "display": HOSPITALS[country]}
        made.append(
            {"resourceType": "Organization", "id": f"{at}-hospital", "active": True, "name": HOSPITALS[country]}
        )
        made.append({"resourceType": "Organization", "id": f"{at}-payer", "active": True, "name": PAYERS[country]})
        for staff in STAFF.values():
            made.append(_practitioner(country, staff))
        places = {f"{at}-er": ("응급실", "Emergency department"), f"{at}-clinic": ("외래", "Outpatient clinic")}
        for id_, (ko, en) in places.items():
            made.append(_location(id_, ko if country == "KR" else en, "ER" if id_.endswith("er") else "OF", hospital))
        for bed in sorted(set(beds[country])):
            made.append(_location(f"{at}-bed-{bed}", bed_name(country, bed), "bd", hospital))
    return {"resourceType": "Bundle", "id": "ward-shared", "type": "transaction", "entry": [entry(r) for r in made]}


def _practitioner(country: Country, staff: Staff) -> Json:
    text = staff.name(country)
    family, given = (text[0], text[1:]) if country == "KR" else (text.split()[1], text.split()[0])
    return {
        "resourceType": "Practitioner",
        "id": f"{country.lower()}-{staff.key}",
        "active": True,
        "name": [{"text": text, "family": family, "given": [given]}],
        "qualification": [{"code": {"text": staff.dept(country)}}],
    }


def _location(id_: str, name: str, kind: str, hospital: Json) -> Json:
    systems = "http://terminology.hl7.org/CodeSystem/"
    system = systems + ("location-physical-type" if kind == "bd" else "v3-RoleCode")
    key = "physicalType" if kind == "bd" else "type"
    concept: Json = {"coding": [{"system": system, "code": kind}]}
    return {
        "resourceType": "Location",
        "id": id_,
        "status": "active",
        "name": name,
        key: concept if kind == "bd" else [concept],
        "managingOrganization": hospital,
    }

"""ClinicalTrials.gov's REST API v2, and its JSON download, from a few made studies.

Its quirks as published and seen: errors are plain text; a page token is bound to no question; an obsolete number is
redirected with the query dropped; a question of nothing but numbers drops every filter.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from bogam.synthetic.upstream.essie import BadExpression, Study, read
from bogam.synthetic.upstream.server import Asked, Reply, Simulator

_LOADED: Final = "2026-10-02T09:00:05"
_WITHHELD: Final = "[Trial of device that is not approved or cleared by the U.S. FDA]"
_SEOUL: Final = ("Hangang University Hospital", "Seoul", "", "South Korea", 37.566, 126.978)
_BUSAN: Final = ("Haeundae Medical Center", "Busan", "", "South Korea", 35.18, 129.08)
_BOSTON: Final = ("Charles River Clinic", "Boston", "Massachusetts", "United States", 42.36, -71.06)
_LYON: Final = ("Hôpital de la Croix", "Lyon", "", "France", 45.76, 4.84)
_Site = tuple[str, str, str, str, float, float]

_CRITERIA: Final = """Inclusion Criteria:

* Adults with type 2 diabetes for one year or more
* HbA1c \\>= 7.5% at screening
* At least one of:

  * metformin for 3 months
  * a documented intolerance of metformin

Exclusion Criteria:

1. eGFR \\< 30 mL/min/1.73m2
2. Pregnancy or breast-feeding,
   or the intention to become pregnant
"""


def _study(
    number: int,
    title: str,
    conditions: Sequence[str],
    *,
    status: str = "RECRUITING",
    phases: Sequence[str] = ("PHASE3",),
    kind: str = "INTERVENTIONAL",
    drug: str = "Placebo",
    sex: str = "ALL",
    ages: tuple[str, str] = ("18 Years", ""),
    sites: Sequence[_Site] = (_BOSTON,),
    updated: str = "2026-01-01",
    criteria: str = "Inclusion Criteria:\n\n* Written consent\n\nExclusion Criteria:\n\n* None\n",
    results: bool = False,
    **identity: Any,
) -> dict[str, Any]:
    limits = {name: value for name, value in zip(("minimumAge", "maximumAge"), ages, strict=True) if value}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "orgStudyIdInfo": {"id": f"BOG-{number % 1000}"}}
            | {"briefTitle": title, "organization": {"fullName": "Bogam Trial Group", "class": "OTHER"}, **identity},
            "statusModule": {
                "overallStatus": status,
                "startDateStruct": {"date": "2024-03", "type": "ACTUAL"},
                "completionDateStruct": {"date": "2027-12-31", "type": "ESTIMATED"},
                "studyFirstPostDateStruct": {"date": "2024-01-09", "type": "ACTUAL"},
                "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
                **({"whyStopped": "Slow enrolment"} if status == "TERMINATED" else {}),
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Bogam Trial Group", "class": "OTHER"}},
            "descriptionModule": {"briefSummary": f"A made study of {drug.lower()} in {conditions[0].lower()}."},
            "conditionsModule": {"conditions": list(conditions)},
            "designModule": {
                "studyType": kind,
                **({"phases": list(phases)} if kind == "INTERVENTIONAL" else {}),
                "enrollmentInfo": {"count": 40 + number % 100, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": drug}]},
            "outcomesModule": {"primaryOutcomes": [{"measure": "Change of the main value", "timeFrame": "24 weeks"}]},
            "eligibilityModule": {"eligibilityCriteria": criteria, "healthyVolunteers": False, "sex": sex, **limits},
            "contactsLocationsModule": {
                "centralContacts": [{"name": "Study Office", "role": "CONTACT", "phone": "000-000-0000"}],
                "locations": [
                    {"facility": name, "status": "RECRUITING", "city": city, "country": country}
                    | ({"state": state} if state else {})
                    | {"geoPoint": {"lat": latitude, "lon": longitude}}
                    for name, city, state, country, latitude, longitude in sites
                ],
            },
        },
        "derivedSection": {
            "miscInfoModule": {"versionHolder": _LOADED[:10]},
            "conditionBrowseModule": {"meshes": [{"id": "D000000", "term": conditions[0]}]},
        },
        "hasResults": results,
    }


_DIABETES: Final = ["Type 2 Diabetes"]
STUDIES: Final[Sequence[dict[str, Any]]] = (
    _study(90000001, "Weekly Insulin in Adults With Type 2 Diabetes", _DIABETES, drug="Insulin Icodec",
           sites=(_SEOUL, _BUSAN), criteria=_CRITERIA, updated="2026-09-01", nctIdAliases=["NCT90000099"],
           officialTitle="A Randomised Study of Weekly Insulin", acronym="WEEKLY-1"),
    _study(90000002, "Metformin Before Surgery", _DIABETES, drug="Metformin", status="COMPLETED", phases=("PHASE4",),
           results=True, updated="2025-05-05"),
    _study(90000003, "Diabetes in Teenagers", [*_DIABETES, "Obesity"], drug="Semaglutide",
           ages=("12 Years", "17 Years"), phases=("PHASE2", "PHASE3"), sites=(_LYON,), updated="2026-03-03"),
    _study(90000004, "A Registry of Diabetes", _DIABETES, kind="OBSERVATIONAL", drug="Usual care",
           status="ACTIVE_NOT_RECRUITING", ages=("", ""), updated="2026-02-02"),
    _study(90000005, "Gestational Diabetes and Diet", ["Gestational Diabetes"], drug="Diet", sex="FEMALE",
           ages=("18 Years", "45 Years"), status="NOT_YET_RECRUITING", phases=("NA",), updated="2026-04-04"),
    _study(90000006, "Foot Ulcer Dressing", [*_DIABETES, "Foot Ulcer"], drug="Silver Dressing", status="TERMINATED",
           sites=(_BUSAN,), updated="2024-06-06"),
    _study(90000007, "Prostate Cancer Imaging", ["Prostate Cancer"], drug="PSMA PET", sex="MALE", phases=("PHASE2",),
           ages=("40 Years", "85 Years"), updated="2026-05-05"),
    _study(90000008, "Nirmatrelvir for Long COVID", ["Long COVID"], drug="Nirmatrelvir", updated="2026-06-06",
           sites=(_BOSTON, _LYON)),
    _study(90000009, "한국인 고혈압 환자의 복약 순응도", ["Hypertension", "고혈압"], drug="Amlodipine", sites=(_SEOUL,),
           phases=("PHASE4",), updated="2026-07-07"),
    _study(90000010, "Ménière’s Disease Diuretics", ["Ménière Disease"], drug="Acetazolamide", sites=(_LYON,),
           updated="2025-08-08", criteria="Definite disease after the Bárány criteria. No surgery of the ear."),
    {"protocolSection": {"identificationModule": {"nctId": "NCT90000011", "briefTitle": _WITHHELD},
                         "statusModule": {"overallStatus": "WITHHELD"}},
     "derivedSection": {"miscInfoModule": {"versionHolder": _LOADED[:10]}}, "hasResults": False},
)  # fmt: skip

_MODULES: Final = {
    "IdentificationModule": "identificationModule", "StatusModule": "statusModule", "DesignModule": "designModule",
    "SponsorCollaboratorsModule": "sponsorCollaboratorsModule", "DescriptionModule": "descriptionModule",
    "ConditionsModule": "conditionsModule", "ArmsInterventionsModule": "armsInterventionsModule",
    "OutcomesModule": "outcomesModule", "EligibilityModule": "eligibilityModule",
    "ContactsLocationsModule": "contactsLocationsModule", "ConditionBrowseModule": "conditionBrowseModule",
    "InterventionBrowseModule": "interventionBrowseModule", "MiscInfoModule": "miscInfoModule",
    "HasResults": "hasResults",
}  # fmt: skip
_QUERIES: Final = ("query.cond", "query.term", "query.intr", "query.titles", "query.spons", "query.locn", "query.id")
_KNOWN: Final = frozenset({*_QUERIES, "filter.overallStatus", "filter.geo", "filter.ids", "filter.advanced"}) | {
    "fields", "sort", "countTotal", "pageSize", "pageToken", "format"
}  # fmt: skip
_STATUSES: Final = {
    "ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING", "RECRUITING",
    "SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE", "NO_LONGER_AVAILABLE", "WITHHELD", "UNKNOWN",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING",
}  # fmt: skip
_ONLY_IDS: Final = re.compile(r"[\s,]*NCT\d{1,8}(?:[\s,]+NCT\d{1,8})*[\s,]*", re.IGNORECASE)
_GEO: Final = re.compile(r"distance\((-?[\d.]+),(-?[\d.]+),([\d.]+)(km|mi)\)")
NOT_OURS: Final = "NCT90009999"
"""Asked for this number, the interface answers with a study that does not have it."""
EMPTY_404: Final = "NCT90009998"
"""Asked for this one, it answers 404 as a wrong path does, without a word."""


class _Refused(Exception):
    """A question that is answered with status 400 and plain text."""


def simulator() -> Simulator:
    """Return the API."""
    return _answer


def _answer(asked: Asked) -> Reply:
    if asked.path == "/api/v2/version":
        return Reply({"apiVersion": "2.0.5", "dataTimestamp": _LOADED})
    try:
        if asked.path == "/api/v2/studies":
            return Reply(_search(asked))
        found = re.fullmatch(r"/api/v2/studies/([^/]+)", asked.path)
        return _one(found[1], asked) if found else Reply(b"", 404, "text/plain")
    except _Refused as error:
        return Reply(str(error).encode(), 400, "text/plain; charset=utf-8")


def _one(id: str, asked: Asked) -> Reply:
    if not re.fullmatch(r"NCT\d{8}", id):
        raise _Refused(f"NCT number {id} has incorrect format")
    if id == NOT_OURS:
        return Reply(STUDIES[1])
    if id == EMPTY_404:
        return Reply(b"", 404, "text/plain")
    for study in STUDIES:
        named = study["protocolSection"]["identificationModule"]
        if named["nctId"] == id:
            return Reply(_projected(study, asked))
        if id in named.get("nctIdAliases", ()):
            return Reply(b"", 301, headers={"Location": f"/api/v2/studies/{named['nctId']}"})
    return Reply(f"NCT number {id} not found".encode(), 404, "text/plain; charset=utf-8")


def _search(asked: Asked) -> dict[str, Any]:
    unknown = sorted(set(asked.query) - _KNOWN)
    if unknown:
        raise _Refused(f"Request contains unknown parameter {unknown[0]}")
    found = [study for study in STUDIES if _matching(asked)(study)]
    found.sort(key=lambda study: _updated(study), reverse=True)
    size = max(1, min(1000, int(asked.one("pageSize", "10") or "10")))
    token = asked.one("pageToken")
    if token and not re.fullmatch(r"at-\d+", token):
        raise _Refused("`pageToken` has incorrect format")
    start = int(token[3:]) if token else 0
    page: dict[str, Any] = {"studies": [_projected(study, asked) for study in found[start : start + size]]}
    if asked.one("countTotal") == "true" and not token:
        page["totalCount"] = len(found)
    if start + size < len(found):
        page["nextPageToken"] = f"at-{start + size}"
    return page


def _matching(asked: Asked) -> Callable[[Mapping[str, Any]], bool]:
    numbers = [each for each in (asked.one(name) for name in _QUERIES) if each and _ONLY_IDS.fullmatch(each)]
    if numbers:
        ids = set(re.findall(r"NCT\d{8}", " ".join(numbers).upper()))
        return lambda study: bool(ids & {*_areas(study)["NCTId"], *_areas(study)["NCTIdAlias"]})
    statuses = [each for each in re.split(r"[,|]", asked.one("filter.overallStatus")) if each]
    if set(statuses) - _STATUSES:
        raise _Refused(f"`filter.overallStatus` has unknown value {sorted(set(statuses) - _STATUSES)[0]}")
    geo = _GEO.fullmatch(asked.one("filter.geo")) if asked.one("filter.geo") else None
    if asked.one("filter.geo") and geo is None:
        raise _Refused("`filter.geo` has incorrect format")
    for name in _QUERIES:
        if re.search(r"[\[\](){}\"]", asked.one(name)):
            raise _Refused(f"`{name}`: Incorrect syntax")
    try:
        advanced = read(asked.one("filter.advanced")) if asked.one("filter.advanced") else None
    except BadExpression as error:
        raise _Refused(f"`filter.advanced`: {error}") from error
    words = {name: _words(asked.one(name)) for name in _QUERIES}

    def matches(study: Mapping[str, Any]) -> bool:
        areas = _areas(study)
        return (
            all(words[name] <= _words(" ".join(areas[name])) for name in _QUERIES)
            and (not statuses or areas["OverallStatus"][0] in statuses)
            and (geo is None or any(_near(site, geo) for site in _sites(study)))
            and (advanced is None or advanced(areas))
        )

    return matches


def _areas(study: Mapping[str, Any]) -> Study:
    """Return what the search areas and the single fields of a study hold."""
    protocol = study["protocolSection"]
    named, status = protocol["identificationModule"], protocol["statusModule"]
    eligible, design = protocol.get("eligibilityModule", {}), protocol.get("designModule", {})
    conditions = protocol.get("conditionsModule", {}).get("conditions", [])
    drugs = [each["name"] for each in protocol.get("armsInterventionsModule", {}).get("interventions", [])]
    places = [str(each[part]) for each in _sites(study) for part in ("facility", "city", "country")]
    titles = [named["briefTitle"], named.get("officialTitle", ""), named.get("acronym", "")]
    ids = [named["nctId"], *named.get("nctIdAliases", []), named.get("orgStudyIdInfo", {}).get("id", "")]
    sponsor = protocol.get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name", "")
    text = [*titles, *ids, *conditions, *drugs, *places, sponsor, eligible.get("eligibilityCriteria", "")]
    return {
        "query.cond": conditions,
        "query.term": [*text, protocol.get("descriptionModule", {}).get("briefSummary", "")],
        "query.intr": drugs,
        "query.titles": titles,
        "query.spons": [sponsor],
        "query.locn": places,
        "query.id": ids,
        "NCTId": [named["nctId"]],
        "NCTIdAlias": named.get("nctIdAliases", []),
        "OverallStatus": [status["overallStatus"]],
        "LastUpdatePostDate": [date] if (date := _updated(study)) else [],
        "Phase": design.get("phases", []),
        "StudyType": [design["studyType"]] if "studyType" in design else [],
        "Sex": [eligible["sex"]] if "sex" in eligible else [],
        "MinimumAge": [eligible["minimumAge"]] if "minimumAge" in eligible else [],
        "MaximumAge": [eligible["maximumAge"]] if "maximumAge" in eligible else [],
        "LocationCountry": [each["country"] for each in _sites(study)],
        "HasResults": [str(study["hasResults"]).lower()],
    }


def _sites(study: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return study["protocolSection"].get("contactsLocationsModule", {}).get("locations", [])


def _updated(study: Mapping[str, Any]) -> str:
    return study["protocolSection"]["statusModule"].get("lastUpdatePostDateStruct", {}).get("date", "")


def _words(text: str) -> set[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return {unicodedata.normalize("NFKC", each).casefold() for each in re.findall(r"\w+", plain)}


def _near(site: Mapping[str, Any], geo: re.Match[str]) -> bool:
    """Tell whether a site lies within the distance, on a sphere of 6,371 km."""
    one, two = math.radians(float(geo[1])), math.radians(site["geoPoint"]["lat"])
    across = math.radians(site["geoPoint"]["lon"] - float(geo[2]))
    cosine = math.sin(one) * math.sin(two) + math.cos(one) * math.cos(two) * math.cos(across)
    return 6371 * math.acos(max(-1.0, min(1.0, cosine))) <= float(geo[3]) * (1.609344 if geo[4] == "mi" else 1)


def _projected(study: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    fields = [each for each in re.split(r"[,|]", asked.one("fields")) if each]
    wrong = [each for each in fields if each not in _MODULES]
    if wrong:
        raise _Refused(f"`fields` has unknown field {wrong[0]}")
    if not fields:
        return dict(study)
    wanted = {_MODULES[each] for each in fields}
    made: dict[str, Any] = {
        section: {name: part for name, part in study[section].items() if name in wanted}
        for section in ("protocolSection", "derivedSection")
    }
    return {**made, "hasResults": study["hasResults"]} if "hasResults" in wanted else made


def bulk(folder: Path) -> list[Path]:
    """Write the zip that the site offers: one JSON file for each study."""
    place = folder / "ctg-studies.json.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
        for study in STUDIES:
            id = study["protocolSection"]["identificationModule"]["nctId"]
            packed.writestr(f"ctg-studies/{id}.json", orjson.dumps(study))
    return [place]

"""A study of ClinicalTrials.gov as an item: the registry's modules under names that people use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from bogam.sources.answer import Item
from bogam.sources.clinicaltrials.criteria import split

NCT: Final = re.compile(r"NCT[0-9]{8}")
PAGE: Final = "https://clinicaltrials.gov/study/"
_SITES: Final = 300
"""Sites that are listed; a few studies have thousands."""
_OUTCOMES: Final = 100
_AGE: Final = re.compile(r"(\d{1,4})\s*(year|month|week|day|hour|minute)s?", re.IGNORECASE)
_YEARS: Final = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}


class BadStudy(ValueError):
    """A study that is not of the registry's shape; the message says where."""


class _Module:
    """A part of a study: its values by name, each of the type it must have."""

    def __init__(self, name: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise BadStudy(f"{name} is no object")
        self._name = name
        self._values = cast(dict[str, Any], values)

    def part(self, name: str) -> _Module:
        return _Module(name, self._values.get(name, {}))

    def text(self, name: str) -> str:
        value = self._values.get(name, "")
        if not isinstance(value, str):
            raise BadStudy(f"{self._name}.{name} is no text")
        return value.strip()

    def flag(self, name: str) -> bool | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise BadStudy(f"{self._name}.{name} is neither true nor false")
        return value

    def number(self, name: str) -> int | float | None:
        value = self._values.get(name)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
            raise BadStudy(f"{self._name}.{name} is no number")
        return value

    def texts(self, name: str) -> list[str]:
        found = self._list(name)
        if not all(isinstance(each, str) for each in found):
            raise BadStudy(f"{self._name}.{name} has what is no text")
        return [each.strip() for each in found]

    def parts(self, name: str) -> list[_Module]:
        return [_Module(f"{self._name}.{name}", each) for each in self._list(name)]

    def _list(self, name: str) -> list[Any]:
        value = self._values.get(name, [])
        if not isinstance(value, list):
            raise BadStudy(f"{self._name}.{name} is no list")
        return cast(list[Any], value)


def item_of(study: Any) -> Item:
    """Return the item of a study as the interface and the downloads give it.

    Raises
    ------
    BadStudy
        When it has no number, or a member has the wrong type.
    """
    whole = _Module("study", study)
    protocol, derived = whole.part("protocolSection"), whole.part("derivedSection")
    named, status = protocol.part("identificationModule"), protocol.part("statusModule")
    id = named.text("nctId")
    if not NCT.fullmatch(id):
        raise BadStudy(f'nctId is "{id[:40]}"')
    if not status.text("overallStatus"):
        raise BadStudy(f"{id} has no overallStatus")
    title = named.text("briefTitle") or named.text("officialTitle")
    if not title:
        raise BadStudy(f"{id} has no title")
    fields = {
        "nct_id": id,
        "obsolete_ids": named.texts("nctIdAliases"),
        "organization_id": named.part("orgStudyIdInfo").text("id"),
        "secondary_ids": [each.text("id") for each in named.parts("secondaryIdInfos")],
        "acronym": named.text("acronym"),
        "official_title": named.text("officialTitle"),
        **_status(status),
        **_design(protocol),
        **_eligibility(protocol.part("eligibilityModule")),
        **_people(protocol),
        "summary": protocol.part("descriptionModule").text("briefSummary"),
        "description": protocol.part("descriptionModule").text("detailedDescription"),
        "primary_outcomes": _outcomes(protocol, "primaryOutcomes"),
        "secondary_outcomes": _outcomes(protocol, "secondaryOutcomes"),
        "condition_mesh": _mesh(derived.part("conditionBrowseModule")),
        "intervention_mesh": _mesh(derived.part("interventionBrowseModule")),
        "has_results": whole.flag("hasResults") or False,
    }
    kept = {name: value for name, value in fields.items() if value not in ("", None, [], {})}
    return Item("clinicaltrials", id, title, PAGE + id, status.part("lastUpdatePostDateStruct").text("date"), kept)


def snapshot(study: Any) -> str:
    """Return the day of the registry's data that a study was taken from; empty where it does not tell."""
    return _Module("study", study).part("derivedSection").part("miscInfoModule").text("versionHolder")[:10]


def years(age: str) -> float | None:
    """Return an age limit such as ``18 Years`` or ``6 Months`` in years; None for none."""
    found = _AGE.search(age)
    return round(int(found[1]) * _YEARS.get(found[2].lower(), 0.0), 3) if found else None


def _status(status: _Module) -> dict[str, Any]:
    return {
        "status": status.text("overallStatus"),
        "last_known_status": status.text("lastKnownStatus"),
        "why_stopped": status.text("whyStopped"),
        "start_date": status.part("startDateStruct").text("date"),
        "primary_completion_date": status.part("primaryCompletionDateStruct").text("date"),
        "completion_date": status.part("completionDateStruct").text("date"),
        "first_posted": status.part("studyFirstPostDateStruct").text("date"),
        "results_first_posted": status.part("resultsFirstPostDateStruct").text("date"),
        "last_updated": status.part("lastUpdatePostDateStruct").text("date"),
    }


def _design(protocol: _Module) -> dict[str, Any]:
    design, arms = protocol.part("designModule"), protocol.part("armsInterventionsModule")
    about = design.part("designInfo")
    return {
        "study_type": design.text("studyType"),
        "phases": design.texts("phases"),
        "allocation": about.text("allocation"),
        "intervention_model": about.text("interventionModel"),
        "primary_purpose": about.text("primaryPurpose"),
        "masking": about.part("maskingInfo").text("masking"),
        "enrollment": design.part("enrollmentInfo").number("count"),
        "enrollment_type": design.part("enrollmentInfo").text("type"),
        "conditions": protocol.part("conditionsModule").texts("conditions"),
        "keywords": protocol.part("conditionsModule").texts("keywords"),
        "arms": [
            _told(type=each.text("type"), label=each.text("label"), description=each.text("description"))
            for each in arms.parts("armGroups")
        ],
        "interventions": [
            _told(
                type=each.text("type"),
                name=each.text("name"),
                other_names=each.texts("otherNames"),
                description=each.text("description"),
            )
            for each in arms.parts("interventions")
        ],
    }


def _eligibility(module: _Module) -> dict[str, Any]:
    return {
        "eligibility": split(module.text("eligibilityCriteria")) if module.text("eligibilityCriteria") else {},
        "sex": module.text("sex"),
        "gender_based": module.flag("genderBased"),
        "minimum_age": module.text("minimumAge"),
        "minimum_age_years": years(module.text("minimumAge")),
        "maximum_age": module.text("maximumAge"),
        "maximum_age_years": years(module.text("maximumAge")),
        "healthy_volunteers": module.flag("healthyVolunteers"),
        "study_population": module.text("studyPopulation"),
    }


def _people(protocol: _Module) -> dict[str, Any]:
    sponsors, places = protocol.part("sponsorCollaboratorsModule"), protocol.part("contactsLocationsModule")
    sites = places.parts("locations")
    countries = dict.fromkeys(each.text("country") for each in sites)
    return {
        "sponsor": sponsors.part("leadSponsor").text("name"),
        "sponsor_class": sponsors.part("leadSponsor").text("class"),
        "collaborators": [each.text("name") for each in sponsors.parts("collaborators")],
        "contacts": [_contact(each) for each in places.parts("centralContacts")],
        "officials": [
            _told(name=each.text("name"), role=each.text("role"), affiliation=each.text("affiliation"))
            for each in places.parts("overallOfficials")
        ],
        "countries": sorted(each for each in countries if each),
        "locations": [_site(each) for each in sites[:_SITES]],
        "locations_left_out": max(0, len(sites) - _SITES) or None,
    }


def _site(site: _Module) -> dict[str, Any]:
    point = site.part("geoPoint")
    return _told(
        facility=site.text("facility"),
        city=site.text("city"),
        state=site.text("state"),
        zip=site.text("zip"),
        country=site.text("country"),
        status=site.text("status"),
        latitude=point.number("lat"),
        longitude=point.number("lon"),
        contacts=[_contact(each) for each in site.parts("contacts")],
    )


def _contact(person: _Module) -> dict[str, Any]:
    return _told(**{name: person.text(name) for name in ("name", "role", "phone", "email")})


def _outcomes(protocol: _Module, name: str) -> list[dict[str, Any]]:
    return [
        _told(measure=each.text("measure"), time_frame=each.text("timeFrame"), description=each.text("description"))
        for each in protocol.part("outcomesModule").parts(name)[:_OUTCOMES]
    ]


def _mesh(module: _Module) -> list[str]:
    return [each.text("term") for each in module.parts("meshes")]


def _told(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def ancestors(study: Mapping[str, Any]) -> list[str]:
    """Return the broader MeSH terms of a study's conditions and interventions."""
    derived = _Module("study", study).part("derivedSection")
    modules = [derived.part(f"{name}BrowseModule") for name in ("condition", "intervention")]
    return [each.text("term") for module in modules for each in module.parts("ancestors")]

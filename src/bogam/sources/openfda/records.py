"""openFDA's records as items: checked, named in words, and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

from bogam.sources.answer import Item
from bogam.sources.openfda.question import Kind, Search, count_id
from bogam.sources.reading.shape import Shape
from bogam.sources.reading.spl import SECTIONS, bounded, date

NOTE: Final = (
    "Spontaneous reports: not every event is reported, a report proves no cause, and one report may name several drugs "
    "and reactions. No rate, incidence or comparison of risks follows from their number."
)
_SEX: Final = {"0": "unknown", "1": "male", "2": "female"}
_ROLE: Final = {"1": "suspect", "2": "concomitant", "3": "interacting"}
_OUTCOME: Final = {
    "1": "recovered",
    "2": "recovering",
    "3": "not recovered",
    "4": "recovered with sequelae",
    "5": "fatal",
    "6": "unknown",
}
_REPORTER: Final = {
    "1": "physician",
    "2": "pharmacist",
    "3": "other health professional",
    "4": "lawyer",
    "5": "consumer or other non-health professional",
}
_AGE: Final = {"800": "decades", "801": "years", "802": "months", "803": "weeks", "804": "days", "805": "hours"}
_SERIOUS: Final = {
    "seriousnessdeath": "death",
    "seriousnesslifethreatening": "life-threatening",
    "seriousnesshospitalization": "hospitalization",
    "seriousnessdisabling": "disabling",
    "seriousnesscongenitalanomali": "congenital anomaly",
    "seriousnessother": "other medically important",
}
_SECTIONS: Final = frozenset(SECTIONS.values())
_NO_SECTION: Final = frozenset({"spl_product_data_elements"})
_MOST: Final = 200
"""Drugs, reactions or packages of one record that are shown; ``cut`` says when there are more."""


def item(kind: Kind, record: Any, disclaimer: str) -> Item:
    """Return a record as an item. Raises `Upstream` for one that has not the documented shape."""
    given = Shape(record, f"openFDA: {kind}")
    return _label(given, record, disclaimer) if kind == "label" else _OTHERS[kind](given, disclaimer)


def count(request: Search, term: str, reports: int, total: int, disclaimer: str, version: str) -> Item:
    """Return how many reports hold a term, as an item."""
    skipped = {"limit", "next", "kind", "count_by"}
    asked = request.model_dump(mode="json", exclude=skipped, exclude_defaults=True)
    fields = {
        "term": term,
        "counted_by": request.count_by,
        "reports": reports,
        "total_reports": total,
        "of": {name: str(value) for name, value in asked.items()},
        "note": NOTE,
        "disclaimer": disclaimer,
    }
    title = f"{term}: in {reports} of {total} spontaneous reports"
    return Item("openfda", count_id(request, term), title, "", version, fields)


def _label(given: Shape, record: Mapping[str, Any], disclaimer: str) -> Item:
    set_id, names = given.text("set_id", due=True).lower(), _inside(given, "openfda")
    sections = {name: given.texts(name) for name, value in record.items() if _is_section(name, value)}
    kept, cut = bounded(sections)
    listed = {
        name: names.texts(name)
        for name in (
            *("brand_name", "generic_name", "substance_name", "manufacturer_name", "product_type", "route"),
            *("product_ndc", "package_ndc", "rxcui", "application_number"),
        )
    }
    fields = {
        "set_id": set_id,
        "spl_id": given.text("id"),
        "spl_version": given.text("version"),
        "effective_date": date(given.text("effective_time")),
        **listed,
        "sections": kept,
        "cut": cut,
        "disclaimer": disclaimer,
    }
    title = _drug(listed) or " ".join(given.texts("spl_product_data_elements"))[:100] or f"Label {set_id}"
    maker = f" [{listed['manufacturer_name'][0]}]" if listed["manufacturer_name"] else ""
    url = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={quote(set_id)}"
    version = f"{fields['effective_date']} v{fields['spl_version']}".strip()
    return Item("openfda", f"label/{set_id}", title + maker, url, version, fields)


def _is_section(name: str, value: Any) -> bool:
    """Say whether a member is the text of a section; the sections' tables are in their texts already."""
    if not isinstance(value, list) or name.endswith("_table") or name in _NO_SECTION:
        return False
    return name in _SECTIONS or all(isinstance(each, str) for each in cast("list[Any]", value))


def _drug(listed: Mapping[str, list[str]]) -> str:
    brand, generic = ", ".join(listed["brand_name"][:3]), ", ".join(listed["generic_name"][:3])
    return f"{brand} ({generic})" if brand and generic and brand.casefold() != generic.casefold() else brand or generic


def _event(given: Shape, disclaimer: str) -> Item:
    id, patient = given.text("safetyreportid", due=True), _inside(given, "patient")
    reactions = [
        {"term": each.text("reactionmeddrapt"), "outcome": _OUTCOME.get(each.text("reactionoutcome"), "")}
        for each in patient.objects("reaction")
    ]
    drugs = [_reported(each) for each in patient.objects("drug")]
    lists = {"reactions": reactions, "drugs": drugs}
    age, unit = patient.text("patientonsetage"), _AGE.get(patient.text("patientonsetageunit"), "")
    received = date(given.text("receivedate"))
    fields = {
        "report_id": id,
        "received": received,
        "latest_information": date(given.text("receiptdate")),
        "serious": {"1": True, "2": False}.get(given.text("serious")),
        "seriousness": [word for name, word in _SERIOUS.items() if given.text(name) == "1"],
        "sex": _SEX.get(patient.text("patientsex"), ""),
        "age": f"{age} {unit}".strip() if age else "",
        "weight_kg": patient.text("patientweight"),
        "country": given.text("occurcountry") or given.text("primarysourcecountry"),
        "reporter": _REPORTER.get(_inside(given, "primarysource").text("qualification"), ""),
        **{name: listed[:_MOST] for name, listed in lists.items()},
        "cut": [f"{name}: the first {_MOST} of {len(each)}" for name, each in lists.items() if len(each) > _MOST],
        "note": NOTE,
        "disclaimer": disclaimer,
    }
    what = ", ".join(each["term"] for each in reactions[:3]) or "no reaction named"
    suspects = [str(each["name"]) for each in drugs if each["role"] == "suspect"] or [str(d["name"]) for d in drugs]
    title = f"Report {id}: {what}; {', '.join(dict.fromkeys(suspects[:3])) or 'no drug named'}"
    version = f"{fields['latest_information']} v{given.text('safetyreportversion') or '1'}".strip()
    url = f"https://api.fda.gov/drug/event.json?search=safetyreportid:%22{quote(id)}%22"
    return Item("openfda", f"event/{id}", title, url, version, fields)


def _reported(drug: Shape) -> dict[str, Any]:
    names = _inside(drug, "openfda")
    return {
        "name": drug.text("medicinalproduct"),
        "role": _ROLE.get(drug.text("drugcharacterization"), ""),
        "active_substance": _inside(drug, "activesubstance").text("activesubstancename"),
        "indication": drug.text("drugindication"),
        "dose": drug.text("drugdosagetext"),
        "brand_name": names.texts("brand_name")[:10],
        "generic_name": names.texts("generic_name")[:10],
    }


def _ndc(given: Shape, disclaimer: str) -> Item:
    code, product = given.text("product_ndc", due=True), given.text("product_id", due=True)
    ingredients = [
        {"name": i.text("name"), "strength": i.text("strength")} for i in given.objects("active_ingredients")
    ]
    packages = [
        {
            "ndc": each.text("package_ndc"),
            "description": each.text("description"),
            "marketing_start": date(each.text("marketing_start_date")),
            "marketing_end": date(each.text("marketing_end_date")),
        }
        for each in given.objects("packaging")
    ]
    names = _inside(given, "openfda")
    plain = ("brand_name", "generic_name", "labeler_name", "dosage_form", "product_type", "marketing_category")
    fields = {
        "product_ndc": code,
        **{name: given.text(name) for name in (*plain, "application_number", "dea_schedule")},
        "route": given.texts("route"),
        "pharm_class": given.texts("pharm_class"),
        "active_ingredients": ingredients[:_MOST],
        "packaging": packages[:_MOST],
        "cut": [
            f"{name}: the first {_MOST} of {len(listed)}"
            for name, listed in (("active_ingredients", ingredients), ("packaging", packages))
            if len(listed) > _MOST
        ],
        "marketing_start": date(given.text("marketing_start_date")),
        "listing_expires": date(given.text("listing_expiration_date")),
        "set_id": names.texts("spl_set_id"),
        "rxcui": names.texts("rxcui"),
        "disclaimer": disclaimer,
    }
    name = given.text("brand_name") or given.text("generic_name") or code
    form = given.text("dosage_form").lower()
    url = f"https://api.fda.gov/drug/ndc.json?search=product_id:%22{quote(product)}%22"
    return Item(
        "openfda", f"ndc/{product}", f"{f'{name} {form}'.strip()}, NDC {code}", url, given.text("spl_id"), fields
    )


def _inside(given: Shape, name: str) -> Shape:
    return given.object(name) or Shape({}, f"{given.what}: {name}")


_OTHERS: Final = {"event": _event, "ndc": _ndc}

"""What DailyMed can be asked, and a label as an item."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from pydantic import Field

from bogam.sources.answer import BadQuery, Item
from bogam.sources.reading import phrase
from bogam.sources.reading.spl import Label, bounded
from bogam.sources.source import Lookup, Query

Part = Literal["history", "media", "ndcs", "packaging"]


class Search(Query):
    """A search of labels. Each field given must match."""

    text: str = Field("", max_length=400, description="The same as drug_name: DailyMed is searched by names and codes")
    drug_name: str = Field("", max_length=200, description="Generic or brand name")
    name_type: Literal["both", "generic", "brand"] = Field("both", description="Which kind of name drug_name is")
    ndc: str = Field("", max_length=20, description="National Drug Code with hyphens: product or package")
    rxcui: str = Field("", max_length=12, description="RxNorm concept; not in the mirror, labels do not carry it")
    setid: str = Field("", max_length=40, description="Set id of the label")
    labeler: str = Field("", max_length=200, description="Company that submitted the label")
    manufacturer: str = Field("", max_length=200, description="Company that makes the product")
    boxed_warning: bool | None = Field(None, description="Only labels with (true) or without (false) a boxed warning")


class Get(Lookup):
    """One label by its set id, or a part: ``SETID/history``, ``/media``, ``/ndcs``, ``/packaging``."""

    id: str = Field(min_length=1, max_length=60, description="SETID, SETID/history, /media, /ndcs or /packaging")


_SET_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NDC: Final = re.compile(r"\d{4,5}-\d{3,4}(-\d{1,2})?")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY: Final = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})\b")


def check(request: Search) -> str:
    """Return the name that is searched for. Raises `BadQuery` for what cannot be asked."""
    if request.text and request.drug_name and request.text != request.drug_name:
        raise BadQuery("text is the same as drug_name: give one of them.")
    if request.ndc and not _NDC.fullmatch(request.ndc):
        raise BadQuery(f'"{request.ndc}" is no National Drug Code with hyphens, such as 0002-1433 or 0002-1433-80.')
    if request.rxcui and not (request.rxcui.isascii() and request.rxcui.isdigit()):
        raise BadQuery(f'"{request.rxcui}" is no RxCUI: it is a number.')
    if request.setid and not _SET_ID.fullmatch(request.setid):
        raise BadQuery(f'"{request.setid}" is no set id: 32 hexadecimal digits in five groups.')
    name = request.drug_name or request.text
    for given in (name, request.labeler, request.manufacturer):
        phrase.latin(given, "DailyMed")
    if name and not any(map(str.isalnum, name)):
        raise BadQuery(f'"{name[:40]}" holds no word to search for.')
    return name


def identified(id: str) -> tuple[str, Part | None]:
    """Return set id and part. Raises `BadQuery` for what is neither."""
    set_id, _, part = id.partition("/")
    if _SET_ID.fullmatch(set_id) and (not part or part in get_args(Part)):
        return set_id.lower(), next((each for each in get_args(Part) if each == part), None)
    raise BadQuery(f'"{id[:60]}" is no id of DailyMed: a set id, alone or with /{", /".join(get_args(Part))}.')


def day(told: str) -> str:
    """Return ``May 25, 2026`` and what may follow as ``2026-05-25``; another text as it is."""
    found = _DAY.match(told)
    if found is None or found[1] not in _MONTHS:
        return told
    return f"{found[3]}-{_MONTHS.index(found[1]) + 1:02}-{int(found[2]):02}"


def page_of(set_id: str) -> str:
    """Return the page of a label."""
    return f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={set_id}"


def entry(set_id: str, title: str, version: str, published: str) -> Item:
    """Return a label as a search lists it."""
    fields = {"set_id": set_id, "spl_version": version, "published_date": published}
    return Item("dailymed", set_id, title, page_of(set_id), f"{published} v{version}".strip(), fields)


def whole(label: Label) -> Item:
    """Return a label with its sections."""
    sections, cut = bounded(label.sections)
    fields = {
        "set_id": label.set_id,
        "spl_id": label.spl_id,
        "spl_version": label.version,
        "effective_date": label.effective,
        "label_type": label.kind,
        "heading": label.title,
        "labeler": label.labeler,
        "manufacturers": list(filter(None, label.makers)),
        "products": [
            {
                "ndc": each.ndc,
                "name": each.name,
                "generic_name": each.generic,
                "dosage_form": each.form,
                "route": list(each.route),
                "active_ingredients": [{"name": name, "strength": strength} for name, strength in each.ingredients],
                "package_ndc": list(each.packages),
            }
            for each in label.products
        ],
        "sections": sections,
        "cut": cut,
        "media": list(label.media),
    }
    version = f"{label.effective} v{label.version}".strip()
    return Item("dailymed", label.set_id, title_of(label), page_of(label.set_id), version, fields)


def title_of(label: Label) -> str:
    """Return the title that DailyMed gives a label: names, form, labeler."""
    names = ", ".join(dict.fromkeys(each.name.upper() for each in label.products if each.name))
    generics = ", ".join(dict.fromkeys(each.generic.upper() for each in label.products if each.generic))
    forms = ", ".join(dict.fromkeys(each.form.upper() for each in label.products if each.form))
    parts = [names, f"({generics})" if generics else "", forms, f"[{label.labeler.upper()}]" if label.labeler else ""]
    return " ".join(filter(None, parts))[:500] or label.title[:500] or f"Label {label.set_id}"


def part(set_id: str, which: Part, title: str, version: str, published: str, listed: list[dict[str, object]]) -> Item:
    """Return a part of a label as an item."""
    named = {"history": "versions", "media": "images and files", "ndcs": "drug codes", "packaging": "packaging"}[which]
    fields = {"set_id": set_id, "spl_version": version, "published_date": published, which: listed}
    stamp = f"{published} v{version}".strip() if version else ""
    return Item("dailymed", f"{set_id}/{which}", f"{title}: {named}", page_of(set_id), stamp, fields)

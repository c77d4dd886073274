"""A document of the Medicare Coverage Database as an item, whether it came from the interface or from the downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from bogam.sources.answer import BadQuery, Item
from bogam.sources.reading.prose import paragraphs, text

Kind = Literal["ncd", "lcd", "article"]
KINDS: Final[tuple[Kind, ...]] = ("ncd", "lcd", "article")
Status = Literal["active", "future", "retired"]

_LOCAL: Final = re.compile(
    r"(?:lcd[/ -]?|L)([0-9]{1,8})(?:/([0-9]{1,5}))?|(?:article[/ -]?|A)([0-9]{1,8})(?:/([0-9]{1,5}))?", re.I
)
_NATIONAL: Final = re.compile(r"(?:ncd[/ -]?)?([0-9]{1,4}(?:\.[0-9]{1,4}){1,4})(?:/([0-9]{1,5}))?", re.I)
_PAGES: Final = "https://www.cms.gov/medicare-coverage-database/view/"
_MAC: Final = re.compile(r"([^()\n]+?)\s*\n\s*\(([^()\n]*)\)")
_LONGEST: Final = 150_000
"""Characters of text sections kept for one document; codes are never cut."""

_SECTIONS: Final[Mapping[Kind, Sequence[tuple[str, str]]]] = {
    "ncd": (
        ("item_service_description", "Item/Service Description"),
        ("indications_limitations", "Indications and Limitations of Coverage"),
        ("reasons_for_denial", "Reasons for Denial"),
        ("cross_reference", "Cross Reference"),
        ("other_text", "Other"),
        ("revision_history", "Revision History"),
    ),
    "lcd": (
        ("indication", "Coverage Indications, Limitations, and/or Medical Necessity"),
        ("cms_cov_policy", "CMS National Coverage Policy"),
        ("diagnoses_support", "Diagnoses that Support Medical Necessity"),
        ("diagnoses_dont_support", "Diagnoses that Do Not Support Medical Necessity"),
        ("coding_guidelines", "Coding Guidelines"),
        ("doc_reqs", "Documentation Requirements"),
        ("util_guide", "Utilization Guidelines"),
        ("associated_info", "Associated Information"),
        ("summary_of_evidence", "Summary of Evidence"),
        ("analysis_of_evidence", "Analysis of Evidence"),
        ("source_info", "Sources of Information"),
        ("bibliography", "Bibliography"),
    ),
    "article": (
        ("description", "Article Text"),
        ("cms_cov_policy", "CMS National Coverage Policy"),
        ("other_comments", "Other Comments"),
        ("icd9_covered_para", "Diagnoses that Support Medical Necessity"),
        ("icd9_noncovered_para", "Diagnoses that Do Not Support Medical Necessity"),
        ("add_icd10_info", "Additional ICD-10 Information"),
        ("revenue_para", "Revenue Codes"),
    ),
}
NCD_COLUMNS: Final = {
    "ncd_id": "document_id",
    "ncd_vrsn_num": "document_version",
    "ncd_mnl_sect": "document_display_id",
    "ncd_mnl_sect_title": "title",
    "ncd_efctv_dt": "effective_date",
    "ncd_impltn_dt": "implementation_date",
    "ncd_trmntn_dt": "retirement_date",
    "itm_srvc_desc": "item_service_description",
    "indctn_lmtn": "indications_limitations",
    "xref_txt": "cross_reference",
    "othr_txt": "other_text",
    "rev_hstry": "revision_history",
    "trnsmtl_num": "transmittal_number",
    "trnsmtl_url": "transmittal_url",
    "ncd_keyword": "keywords",
    "last_updt_tmstmp": "last_updated",
}
"""Columns of ``ncd_trkg.csv`` under the names that the interface gives them."""


@dataclass(frozen=True, slots=True)
class Name:
    """Which document: its kind, its number (an NCD's manual section), and its version where one is asked for."""

    kind: Kind
    number: str
    version: str = ""

    @property
    def shown(self) -> str:
        """The id that the database shows: ``L33822``, ``A52399``, ``NCD 240.2``."""
        return {"ncd": "NCD ", "lcd": "L", "article": "A"}[self.kind] + self.number

    @property
    def id(self) -> str:
        """The item's id. Without a version it is the document as it stands now."""
        return f"{self.kind}/{self.number}" + (f"/{self.version}" if self.version else "")


def named(id: str, version: int | None = None) -> Name:
    """Read an id as people and items write it.

    Raises
    ------
    BadQuery
        For what is no id of a document, and for two versions that differ.
    """
    local, national = _LOCAL.fullmatch(id), _NATIONAL.fullmatch(id)
    if local:
        kind: Kind = "lcd" if local[1] else "article"
        found = Name(kind, str(int(local[1] or local[3])), local[2] or local[4] or "")
    elif national:
        found = Name("ncd", national[1], national[2] or "")
    else:
        raise BadQuery(f'"{id[:60]}" is no id of a coverage document: write L33822, A52399, NCD 240.2 or lcd/33822.')
    found = replace(found, version=str(int(found.version)) if found.version else "")
    if version is not None and found.version not in ("", str(version)):
        raise BadQuery(f'"{id}" names version {found.version}, and version {version} was asked for besides.')
    return replace(found, version=str(version)) if version is not None else found


@dataclass(frozen=True, slots=True)
class Listing:
    """What a report or an index says of one version of a document. Dates are ISO 8601, empty where there is none."""

    name: Name
    document_id: str
    version: str
    title: str
    status: Status
    notice: str = ""
    contractors: tuple[tuple[str, str], ...] = ()
    effective: str = ""
    retired: str = ""
    updated: str = ""

    @property
    def key(self) -> tuple[Kind, str]:
        return self.name.kind, self.name.number

    def fields(self) -> dict[str, Any]:
        """Return what is told of a document that only the index has."""
        return {
            "kind": {"ncd": "NCD", "lcd": "LCD", "article": "Article"}[self.name.kind],
            "display_id": self.name.shown,
            "document_id": self.document_id,
            "document_version": self.version,
            "status": self.status,
            "notice": self.notice,
            "contractors": [{"name": name, "type": type} for name, type in self.contractors],
            "effective_date": self.effective,
            "retirement_date": self.retired,
            "updated_on": self.updated,
        }

    def item(self, fields: Mapping[str, Any], id: str) -> Item:
        """Return the item of this version under ``id``."""
        released = f"{self.version} ({self.effective})" if self.effective else self.version
        return Item("cms", id, self.title, page(self.name.kind, self.document_id, self.version), released, fields)


def note(fields: Mapping[str, Any]) -> str:
    """Say what a reader must know of a document: that it does not hold now, or that only its listing is here."""
    shown, ended, begins = fields["display_id"], fields["retirement_date"], fields["effective_date"]
    told: list[str] = []
    if fields["status"] == "retired":
        told.append(f"{shown} is retired{f' since {ended}' if ended else ''}.")
    elif fields["status"] == "future":
        when = f"before {begins}" if begins else "yet"
        told.append(f"Version {fields['document_version']} of {shown} is not in effect {when}.")
    elif ended:
        told.append(f"{shown} ends on {ended}.")
    if "extent" in fields:
        told.append(f"{shown} is {fields['extent']}.")
    return " ".join(told)


def notes(found: Iterable[Item]) -> str:
    """Say which of the documents found do not hold now."""
    named: dict[str, list[str]] = {"retired": [], "future": []}
    for each in found:
        if each.fields["status"] in named:
            version = f" version {each.fields['document_version']}" if each.fields["status"] == "future" else ""
            named[each.fields["status"]].append(each.fields["display_id"] + version)
    labels = {"retired": "Retired", "future": "Not in effect yet"}
    return " ".join(f"{labels[status]}: {', '.join(ids)}." for status, ids in named.items() if ids)


def page(kind: Kind, document_id: str, version: str) -> str:
    """Return the address of a document's page."""
    number = f"{'ncd' if kind == 'ncd' else kind}id={document_id}"
    return f"{_PAGES}{kind}.aspx?{number}&{'ncdver' if kind == 'ncd' else 'ver'}={version}"


def listed(row: Mapping[str, Any], kind: Kind) -> Listing:
    """Read a row of a report or of the index.

    Raises
    ------
    ValueError
        Naming the column that is missing or wrong.
    """
    display, number = _text(row, "document_display_id"), _text(row, "document_id")
    version, title = _text(row, "document_version"), text(_text(row, "title"))
    for column, value in (("document_id", number), ("document_version", version), ("document_display_id", display)):
        if not value or (column != "document_display_id" and not value.isdecimal()):
            raise ValueError(f'{column} is "{value[:40]}"')
    if not title:
        raise ValueError("title is empty")
    note = text(_text(row, "note"))
    number, version = str(int(number)), str(int(version))
    ended = day(_text(row, "retirement_date"))
    retired = note.lower().startswith("retired") or _is_retired(title) or _text(row, "document_status") == "Retired"
    status: Status = "retired" if retired else "future" if note.lower().startswith("future") else "active"
    return Listing(
        Name(kind, display.removeprefix("NCD ").strip() if kind == "ncd" else number),
        number,
        version,
        title,
        status,
        note,
        contractors(_text(row, "contractor_name_type")),
        day(_text(row, "effective_date")),
        ended,
        day(_text(row, "updated_on") or _text(row, "last_updated")),
    )


def recorded(row: Mapping[str, Any], kind: Kind, macs: Iterable[tuple[str, str]] = (), *, section: str = "") -> Listing:
    """Read a document's own record (of the interface, or a row of the downloads) as `listed` reads its listing.

    ``section`` is an NCD's manual section, for a record that does not tell it.
    """
    id_column, version_column = (
        (f"{kind}_id", f"{kind}_version") if kind != "ncd" else ("document_id", "document_version")
    )
    number, version = _text(row, id_column), _text(row, version_column)
    display, title = _text(row, "document_display_id") or section, text(_text(row, "title"))
    if not number.isdecimal() or not version.isdecimal():
        raise ValueError(f'{id_column} is "{number[:40]}", {version_column} is "{version[:40]}"')
    if not title:
        raise ValueError("title is empty")
    if kind == "ncd" and not _NATIONAL.fullmatch(display):
        raise ValueError(f'the manual section is "{display[:40]}"')
    ended = day(_text(row, "date_retired") or _text(row, "retirement_date"))
    letter = _text(row, "status")[:1].upper()
    retired = letter == "R" or (bool(ended) and letter not in ("A", "F")) or _is_retired(title)
    begins = [_text(row, name) for name in ("rev_eff_date", "orig_det_eff_date", "article_rev_eff_date")]
    begins += [_text(row, name) for name in ("article_eff_date", "effective_date")]
    return Listing(
        Name(kind, display if kind == "ncd" else str(int(number))),
        str(int(number)),
        str(int(version)),
        title,
        "retired" if retired else "future" if letter == "F" else "active",
        "",
        _merged(macs),
        day(next(filter(None, begins), "")),
        ended,
        day(_text(row, "last_updated")),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The tables beside a document's record, each a list of rows under the names of its columns."""

    hcpcs: Sequence[Mapping[str, Any]] = ()
    hcpcs_groups: Sequence[Mapping[str, Any]] = ()
    covered: Sequence[Mapping[str, Any]] = ()
    covered_groups: Sequence[Mapping[str, Any]] = ()
    noncovered: Sequence[Mapping[str, Any]] = ()
    noncovered_groups: Sequence[Mapping[str, Any]] = ()
    related: Sequence[Mapping[str, Any]] = ()


def whole(listing: Listing, row: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Return the fields of a document: what its listing says, its sections as paragraphs, and its codes by group."""
    sections, cut = _sections(row, listing.name.kind)
    fields = listing.fields()
    first = day(_text(row, "orig_det_eff_date") or _text(row, "article_eff_date"))
    more = {
        "original_effective_date": first,
        "implementation_date": day(_text(row, "implementation_date")),
        "benefit_category": text(_text(row, "benefit_category")),
        "transmittal_number": _text(row, "transmittal_number"),
        "keywords": text(_text(row, "keywords")),
        "sections": sections,
        "sections_cut": f"Text after {_LONGEST} characters is left out; open the page." if cut else "",
        "hcpcs": _groups(parts.hcpcs, parts.hcpcs_groups, "hcpc_code_id", "hcpc_code_group"),
        "icd10_covered": _groups(parts.covered, parts.covered_groups, "icd10_code_id", "icd10_covered_group"),
        "icd10_noncovered": _groups(
            parts.noncovered, parts.noncovered_groups, "icd10_code_id", "icd10_noncovered_group"
        ),
        "related": _related(parts.related, listing),
    }
    return {**fields, **{name: value for name, value in more.items() if value}}


def contractors(told: str) -> tuple[tuple[str, str], ...]:
    """Read a report's contractor column: name, line break, kinds of contract in brackets; more after empty lines."""
    found = _MAC.findall("\n".join(line.strip() for line in re.split(r"<br\s*/?>|\r?\n", told)))
    if not found and told.strip():
        return ((" ".join(told.split()), ""),)
    return tuple((" ".join(name.split()), " ".join(type.split())) for name, type in found)


def day(told: str) -> str:
    """Return a date of the database (``08/14/2025``, ``2025-08-14 00:00:00``) as ISO 8601; empty for none or N/A."""
    told = told.strip()
    for length, form in ((10, "%m/%d/%Y"), (10, "%Y-%m-%d")):
        try:
            return datetime.strptime(told[:length], form).strftime("%Y-%m-%d")
        except ValueError:
            continue
    return ""


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_retired(title: str) -> bool:
    return re.search(r"\bRETIRED\b", title) is not None


def _merged(macs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Put the kinds of contract of one contractor together."""
    kinds: dict[str, list[str]] = {}
    for name, type in macs:
        known = kinds.setdefault(name, [])
        if type and type not in known:
            known.append(type)
    return tuple((name, ", ".join(types)) for name, types in kinds.items())


def _sections(row: Mapping[str, Any], kind: Kind) -> tuple[list[dict[str, Any]], bool]:
    made: list[dict[str, Any]] = []
    left = _LONGEST
    for column, label in _SECTIONS[kind]:
        kept: list[str] = []
        for each in paragraphs(_text(row, column)[: 4 * _LONGEST]):
            if left <= 0:
                break
            kept.append(each[:left])
            left -= len(each)
        if kept:
            made.append({"label": label, "paragraphs": kept})
    return made, left < 0


def _groups(
    rows: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], code_column: str, group_column: str
) -> list[dict[str, Any]]:
    """Put codes into their groups, each with the paragraph that says what the group is for."""
    groups: dict[str, dict[str, Any]] = {}
    for row in told:
        number = _text(row, group_column)
        groups[number] = {"group": number, "paragraphs": paragraphs(_text(row, "paragraph")), "codes": []}
    for row in rows:
        code, number = _text(row, code_column), _text(row, group_column)
        if not code:
            continue
        group = groups.setdefault(number, {"group": number, "paragraphs": [], "codes": []})
        described = _text(row, "long_description") or _text(row, "description") or _text(row, "short_description")
        group["codes"].append({"code": code, "description": text(described)})
    numbered = sorted(groups.items(), key=lambda each: (len(each[0]), each[0]))
    return [group for _, group in numbered if group["codes"] or group["paragraphs"]]


def _related(rows: Sequence[Mapping[str, Any]], listing: Listing) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        for kind in ("lcd", "article"):
            number = _text(row, f"r_{kind}_id")
            if number.isdecimal() and int(number) and (kind, number) != listing.key:
                found[f"{kind}/{int(number)}"] = None
    return sorted(found)

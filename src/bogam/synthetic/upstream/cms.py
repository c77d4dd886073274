"""The CMS Coverage API, and the downloads of the Medicare Coverage Database, from a few made documents.

Shapes as CMS publishes them: reports without a licence, documents behind a token of one hour, rows under ``data`` with
``meta.status`` and ``meta.next_token``, HTML escaped inside fields, no row (and no error) for what is not there.
"""

from __future__ import annotations

import csv
import io
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Final

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

_PAGE: Final = 4
_CHILD_PAGE: Final = 2
_STATES: Final = (
    (6, "CA", "California - Entire State"),
    (96, "NF", "California - Northern"),
    (31, "NJ", "New Jersey"),
    (44, "TX", "Texas"),
)


@dataclass(frozen=True)
class _Contractor:
    id: int
    name: str
    types: Mapping[int, str]
    states: Sequence[int]

    @property
    def told(self) -> str:
        return f"{self.name}\r\n({', '.join(self.types.values())})"


_PRAIRIE: Final = _Contractor(71, "Prairie Medicare Services, LLC", {8: "MAC - Part A", 9: "MAC - Part B"}, (44,))
_COASTAL: Final = _Contractor(72, "Coastal Benefit Administrators, Inc.", {9: "MAC - Part B"}, (6, 96, 31))
_TYPES: Final = {8: "MAC - Part A", 9: "MAC - Part B"}


@dataclass(frozen=True)
class _Made:
    """One version of a made document; tables beside it by their name in the interface."""

    kind: str
    number: int
    version: int
    title: str
    effective: date
    updated: date
    contractors: Sequence[_Contractor] = ()
    section: str = ""
    status: str = "A"
    retired: date | None = None
    text: Mapping[str, str] = field(default_factory=dict[str, str])
    beside: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict[str, Sequence[Mapping[str, Any]]])

    @property
    def display(self) -> str:
        return self.section or ("L" if self.kind == "lcd" else "A") + str(self.number)


def _hcpcs(group: int, *codes: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"hcpc_code_id": c, "hcpc_code_version": 2025, "hcpc_code_group": group, "range": "N", "long_description": told}
        | {"short_description": told.upper()[:28]}
        for c, told in codes
    ]


def _icd10(list_: str, group: int, *codes: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"icd10_code_id": code, "icd10_code_version": 2025, f"icd10_{list_}_group": group, "range": "N"}
        | {"sort_order": at, "description": told, "asterisk": "N"}
        for at, (code, told) in enumerate(codes, 1)
    ]


_MADE: Final = (
    _Made(
        "ncd", 901, 2, "Home Oxygen Use", date(2021, 9, 27), date(2023, 3, 1), section="900.1",
        text={
            "item_service_description": "<p>Oxygen at home for people who need it for a short or a long time.</p>",
            "indications_limitations": "<p><strong>A. Covered</strong></p><ul><li>An arterial PO<sub>2</sub> of "
            "55&nbsp;mm Hg or less, or a saturation &le; 88 percent at rest.</li><li>Cluster headache.</li></ul>"
            "<p><strong>B. Not covered</strong></p><p>Breathlessness without hypoxaemia (PO2 >60 and no &ldquo;cor "
            "pulmonale&rdquo;).</p>",
            "revision_history": "<p>03/2023 - wording.</p>",
        },
    ),
    _Made("ncd", 902, 1, "Electric Sleep Therapy - RETIRED", date(2020, 1, 1), date(2021, 1, 2), section="900.2",
          text={"indications_limitations": "<p>Retired; contractors decide.</p>"}),
    _Made("ncd", 903, 4, "Infusion Pumps", date(2004, 12, 17), date(2022, 6, 6), section="900.14",
          text={"indications_limitations": "<p>Covered for chelation of iron and for morphine in cancer pain.</p>"}),
    _Made(
        "lcd", 90101, 36, "Oxygen and Oxygen Equipment", date(2025, 1, 1), date(2025, 7, 3), (_PRAIRIE, _COASTAL),
        text={
            "indication": "<p>For payment, all of the following must be met:</p><ol><li>The practitioner has seen the "
            "person within 30 days.</li><li>A qualifying test: saturation &lt;= 88%.</li></ol>",
            "doc_reqs": "<div>The test result and who made it must be in the record.</div>",
            "summary_of_evidence": "<p>Long-term oxygen lowered mortality in severe hypoxaemia.</p>",
            "bibliography": "<p>1. A made reference.</p>",
            "keywords": "oxygen, hypoxaemia",
        },
        beside={
            "hcpc-code-group": [{"hcpc_code_group": 1, "paragraph": "<p>Equipment:</p>"}],
            "hcpc-code": _hcpcs(1, ("E1390", "Oxygen concentrator"), ("E0431", "Portable gaseous oxygen system"),
                                ("E0439", "Stationary liquid oxygen system")),
            "related-documents": [{"related_num": 1, "r_article_id": 90201, "r_article_version": 24, "r_lcd_id": 0,
                                   "r_lcd_version": 0, "url": ""}],
        },
    ),
    _Made("lcd", 90102, 7, "Continuous Glucose Monitors", date(2024, 4, 16), date(2024, 4, 11), (_PRAIRIE,),
          text={"indication": "<p>Covered for people with diabetes who take insulin.</p>"}),
    _Made("lcd", 90102, 8, "Continuous Glucose Monitors", date(2026, 1, 1), date(2025, 8, 1), (_PRAIRIE,), status="F",
          text={"indication": "<p>Covered for people with diabetes, with or without insulin.</p>"}),
    _Made("lcd", 90103, 12, "Hyperbaric Wound Therapy", date(2019, 5, 1), date(2025, 6, 6), (_COASTAL,), status="R",
          retired=date(2025, 6, 5), text={"indication": "<p>Was covered for diabetic foot ulcers.</p>"}),
    _Made("lcd", 90104, 3, "Ménière’s Disease: Vestibular Tests", date(2023, 2, 2), date(2023, 1, 30), (_COASTAL,),
          text={"indication": "<p>Vertigo with <b>hearing loss</b>. 어지럼증 검사.</p>"}),
    _Made("lcd", 90105, 5, "Language Access (통역) in Telehealth", date(2024, 9, 9), date(2024, 9, 1), (_PRAIRIE,),
          text={"indication": "<p>Interpreters for visits by video.</p>"}),
    _Made(
        "article", 90201, 24, "Billing and Coding: Oxygen and Oxygen Equipment", date(2025, 1, 1), date(2025, 7, 3),
        (_PRAIRIE, _COASTAL),
        text={"description": "<p>Codes for oxygen at home.</p>", "other_comments": "<p>Modifier KX tells that all "
              "criteria are met.</p>"},
        beside={
            "hcpc-code-group": [{"hcpc_code_group": 1, "paragraph": "<p>Group 1</p>"}],
            "hcpc-code": _hcpcs(1, ("E1390", "Oxygen concentrator"), ("E0431", "Portable gaseous oxygen system"),
                                ("E0439", "Stationary liquid oxygen system")),
            "icd10-covered-group": [
                {"icd10_covered_group": 1, "paragraph": "<p>One of these alone:</p>"},
                {"icd10_covered_group": 2, "paragraph": "<p>One of these <em>with</em> a code of group 1:</p>"},
            ],
            "icd10-covered": [*_icd10("covered", 1, ("J44.9", "Chronic obstructive pulmonary disease, unspecified"),
                                      ("J96.11", "Chronic respiratory failure with hypoxia"),
                                      ("R09.02", "Hypoxemia")),
                              *_icd10("covered", 2, ("I27.81", "Cor pulmonale (chronic)"))],
            "icd10-noncovered-group": [{"icd10_noncovered_group": 1, "paragraph": "<p>Never:</p>"}],
            "icd10-noncovered": _icd10("noncovered", 1, ("R06.02", "Shortness of breath")),
            "related-documents": [{"related_num": 1, "r_lcd_id": 90101, "r_lcd_version": 36, "r_article_id": 0,
                                   "r_article_version": 0, "url": ""}],
        },
    ),
    _Made("article", 90202, 2, "Billing and Coding: Glucose Monitors", date(2024, 4, 16), date(2024, 4, 12),
          (_PRAIRIE,), text={"description": "<p>Codes for sensors.</p>"},
          beside={"hcpc-code": _hcpcs(1, ("A4239", "Supplies for a glucose monitor, one month"))}),
    _Made("article", 90203, 9, "Response to Comments: Vestibular Tests", date(2023, 2, 2), date(2023, 2, 1),
          (_COASTAL,), text={"description": "<p>Answers to what was written to us.</p>"}),
)  # fmt: skip

_ITEMS: Final = {"lcd": ("lcdid", "ver"), "article": ("articleid", "ver"), "ncd": ("ncdid", "ncdver")}
_REPORTS: Final = {"national-coverage-ncd": "ncd", "local-coverage-final-lcds": "lcd"} | {
    "local-coverage-articles": "article"
}
_TABLES: Final = {
    "lcd": ("hcpc-code", "hcpc-code-group", "related-documents"),
    "article": (
        *("hcpc-code", "hcpc-code-group", "icd10-covered", "icd10-covered-group"),
        *("icd10-noncovered", "icd10-noncovered-group", "related-documents"),
    ),
    "ncd": (),
}
BROKEN_VERSION: Final = 99
"""Asked for this version of any document, the interface fails with status 200."""
OTHER_VERSION: Final = 98
"""Asked for this version, it answers with another one."""


def simulator(uses: int = 20, ignore_state: bool = False, endless: bool = False) -> Simulator:
    """Return a fresh CMS Coverage API.

    Parameters
    ----------
    uses
        Requests that a token is good for, in place of an hour.
    ignore_state
        Whether ``state_id`` is taken and not applied.
    endless
        Whether paging gives the same next_token again and again.
    """
    left: dict[str, int] = {}

    def answer(asked: Asked) -> Reply:
        parts = asked.path.strip("/").split("/")
        if parts == ["v1", "metadata", "license-agreement"]:
            token = secrets.token_urlsafe(24)
            left[token] = uses
            return _envelope([{"Token": token}], notes="By using this token you accept the licence agreements.")
        if parts == ["v1", "metadata", "states"]:
            return _envelope([{"state_id": id, "description": name} for id, _, name in _STATES])
        if parts[:2] == ["v1", "reports"] and len(parts) == 3 and parts[2] in _REPORTS:
            return _paged(_report(_REPORTS[parts[2]], asked, ignore_state), asked, _PAGE, endless)
        if parts[:2] == ["v1", "data"] and len(parts) in (3, 4) and parts[2] in _ITEMS:
            if parts[2] != "ncd":
                token = asked.headers.get("authorization", "").removeprefix("Bearer ")
                if left.get(token, 0) <= 0:
                    return Reply({"message": "Unauthorized"}, 401)
                left[token] -= 1
            return _data(parts[2], parts[3] if len(parts) == 4 else "", asked)
        return Reply({"message": "Not Found"}, 404)

    return answer


def _envelope(rows: Sequence[Any], token: str = "", notes: str = "", status: int = 200, message: str = "OK") -> Reply:
    columns = list(rows[0]) if rows else []
    meta = {"status": {"id": status, "message": message}, "notes": notes or f"{len(rows)} results", "fields": columns}
    return Reply({"meta": {**meta, "children": [], "next_token": token}, "data": list(rows)})


def _paged(rows: Sequence[Any], asked: Asked, size: int, endless: bool = False) -> Reply:
    token = asked.one("next_token")
    if token and not token.removeprefix("page-").isdecimal():
        return Reply({"message": "Bad Request: next_token"}, 400)
    start = int(token.removeprefix("page-")) if token else 0
    end = start + size
    following = "page-4" if endless else f"page-{end}" if end < len(rows) else ""
    return _envelope(rows[start:end], following)


def _american(day: date | None) -> str:
    return day.strftime("%m/%d/%Y") if day else "N/A"


def _report(kind: str, asked: Asked, ignore_state: bool) -> list[dict[str, Any]]:
    rows = [each for each in _MADE if each.kind == kind]
    state = asked.one("state_id")
    if state and not ignore_state:
        rows = [each for each in rows if any(int(state) in mac.states for mac in each.contractors)]
    return [_listed(each) for each in sorted(rows, key=lambda each: each.updated, reverse=True)]


def _listed(each: _Made) -> dict[str, Any]:
    common = {
        "document_id": each.number,
        "document_version": each.version,
        "document_display_id": each.display,
        "document_type": {"ncd": "NCD", "lcd": "LCD", "article": "Article"}[each.kind],
        "title": each.title,
    }
    if each.kind == "ncd":
        return {**common, "chapter": each.section.split(".")[0], "is_lab": 0, "last_updated": _american(each.updated)}
    return {
        **common,
        "note": {"A": "", "R": "Retired", "F": "Future(Notice Ends 12/31/2025)"}[each.status],
        "contractor_name_type": "\r\n\r\n".join(mac.told for mac in each.contractors),
        "updated_on": _american(each.updated),
        "updated_on_sort": each.updated.strftime("%Y%m%d000000"),
        "effective_date": _american(each.effective),
        "retirement_date": _american(each.retired),
        "url": f"/data/{each.kind}?{each.kind}id={each.number}&ver={each.version}",
    }


def _data(kind: str, table: str, asked: Asked) -> Reply:
    id, version = _ITEMS[kind]
    unknown = set(asked.query) - {id, version, "next_token"}
    if unknown or not asked.one(id).isdecimal() or not (asked.one(version) or "1").isdecimal():
        return Reply({"message": f"Bad Request: {', '.join(sorted(unknown)) or id}"}, 400)
    if table and table not in _TABLES[kind]:
        return Reply({"message": "Not Found"}, 404)
    number, wanted = int(asked.one(id)), int(asked.one(version) or 0)
    if wanted == BROKEN_VERSION:
        return _envelope([], status=500, message="The database is not available")
    versions = [each for each in _MADE if each.kind == kind and each.number == number]
    if wanted and wanted != OTHER_VERSION:
        versions = [each for each in versions if each.version == wanted]
    if not versions:
        return _envelope([])
    found = max(versions, key=lambda each: (each.status != "F", each.version))
    if table:
        own = {f"{kind}_id": found.number, f"{kind}_version": found.version}
        return _paged([{**own, **_sent(row)} for row in found.beside.get(table, [])], asked, _CHILD_PAGE)
    return _envelope([_sent(_record(found))])


def _record(each: _Made) -> dict[str, Any]:
    if each.kind == "ncd":
        return {
            "document_id": str(each.number),
            "document_version": each.version,
            "document_display_id": each.section,
            "title": each.title,
            "publication_number": "100-3",
            "effective_date": _american(each.effective),
            "implementation_date": _american(each.effective),
            "benefit_category": "Durable Medical Equipment",
            "transmittal_number": "10838",
            **each.text,
        }
    own: dict[str, Any] = {f"{each.kind}_id": each.number, f"{each.kind}_version": each.version, "title": each.title}
    begins = {"lcd": ("orig_det_eff_date", "rev_eff_date"), "article": ("article_eff_date",)}[each.kind]
    dates = {name: _american(each.effective) for name in begins}
    return {**own, **dates, "status": each.status, "last_updated": _american(each.updated), **each.text}


def _sent(row: Mapping[str, Any]) -> dict[str, Any]:
    """HTML inside the JSON is escaped, slashes too."""
    return {
        name: escape(value).replace("/", "&sol;") if isinstance(value, str) and "<" in value else value
        for name, value in row.items()
    }


# --- the downloads


def bulk(folder: Path) -> list[Path]:
    """Write ``all_data.zip`` with the made documents."""
    place = folder / "all_data.zip"
    with zipfile.ZipFile(place, "w") as every:
        for name, kind in (("ncd", "ncd"), ("all_lcd", "lcd"), ("all_article", "article")):
            inner = _zip({f"{table}.csv": _csv(rows) for table, rows in _tables(kind).items()})
            every.writestr(f"{name}.zip", _zip({f"{name}_csv.zip": inner, "readme_first.txt": b"Made documents."}))
    return [place]


def _zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return out.getvalue()


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, quoting=csv.QUOTE_ALL, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _stamp(day: date | None) -> str:
    return f"{day} 00:00:00" if day else ""


def _tables(kind: str) -> dict[str, list[dict[str, Any]]]:
    made = [each for each in _MADE if each.kind == kind]
    if kind == "ncd":
        columns = {"item_service_description": "itm_srvc_desc", "indications_limitations": "indctn_lmtn"} | {
            "revision_history": "rev_hstry"
        }
        return {
            "ncd_trkg": [
                {"NCD_id": each.number, "NCD_vrsn_num": each.version, "natl_cvrg_type": "True", "cvrg_lvl_cd": 2}
                | {"NCD_mnl_sect": each.section, "NCD_mnl_sect_title": each.title, "trnsmtl_num": "10838"}
                | {"NCD_efctv_dt": _stamp(each.effective), "NCD_impltn_dt": _stamp(each.effective), "NCD_trmntn_dt": ""}
                | {"last_updt_tmstmp": _stamp(each.updated)}
                | {column: each.text.get(name, "") for name, column in columns.items()}
                for each in made
            ],
            "ncd_bnft_ctgry_ref": [{"bnft_ctgry_cd": 7, "bnft_ctgry_desc": "Durable Medical Equipment"}],
            "ncd_trkg_bnft_xref": [
                {"NCD_id": each.number, "NCD_vrsn_num": each.version, "bnft_ctgry_cd": 7} for each in made
            ],
        }
    tables: dict[str, list[dict[str, Any]]] = {kind: [], f"{kind}_x_contractor": [], **_contractor_tables()}
    for each in made:
        own = {f"{kind}_id": each.number, f"{kind}_version": each.version}
        begins = ("orig_det_eff_date", "rev_eff_date") if kind == "lcd" else ("article_eff_date",)
        dates = {name: _stamp(each.effective) for name in begins} | {"date_retired": _stamp(each.retired)}
        row = {**own, "title": each.title, "status": each.status, "display_id": "", **dates, **each.text}
        tables[kind].append({**row, "last_updated": _stamp(each.updated)})
        for mac in each.contractors:
            tables[f"{kind}_x_contractor"] += [
                {**own, "contractor_id": mac.id, "contractor_type_id": type, "contractor_version": 1}
                for type in mac.types
            ]
        for name, rows in each.beside.items():
            table = f"{kind}_{'' if name == 'related-documents' else 'x_'}{name.replace('-', '_')}"
            tables.setdefault(table, []).extend({**own, **row} for row in rows)
    return tables


def _contractor_tables() -> dict[str, list[dict[str, Any]]]:
    macs = [(mac, type) for mac in (_PRAIRIE, _COASTAL) for type in mac.types]
    keys = [{"contractor_id": mac.id, "contractor_type_id": type, "contractor_version": 1} for mac, type in macs]
    return {
        "contractor": [{**key, "contractor_bus_name": mac.name} for key, (mac, _) in zip(keys, macs, strict=True)],
        "contractor_type_lookup": [{"contractor_type_id": id, "description": told} for id, told in _TYPES.items()],
        "contractor_jurisdiction": [
            {**key, "state_id": state, "active_date": "2012-01-01 00:00:00", "term_date": ""}
            for key, (mac, _) in zip(keys, macs, strict=True)
            for state in mac.states
        ],
        "state_lookup": [{"state_id": id, "state_abbrev": code, "description": name} for id, code, name in _STATES],
    }

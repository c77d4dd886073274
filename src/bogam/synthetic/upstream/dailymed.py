"""DailyMed's web services, version 2, as documented: numbers and nulls as text, labels as XML; made labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

PUBLISHED: Final = "Nov 18, 2026 07:50:58PM EST"
GONE: Final = "0a5e1111-0000-4000-8000-000000000099"
"""A set id that is answered with status 200 and nothing, as withdrawn labels have been."""
_LOINC: Final = "2.16.840.1.113883.6.1"
_PARAMETERS: Final = frozenset(
    ("drug_name", "name_type", "ndc", "rxcui", "setid", "labeler", "manufacturer", "boxed_warning", "pagesize", "page")
)
_SECTION = tuple[str, str, str]


@dataclass(frozen=True)
class Made:
    """A made label. Sections are LOINC code, title, and the XML inside ``<text>``."""

    at: int
    brand: str
    generic: str
    form: str
    labeler: str
    day: str
    published: str
    rxcui: str
    sections: list[_SECTION] = field(default_factory=list[_SECTION])
    nested: list[_SECTION] = field(default_factory=list[_SECTION])
    version: int = 2

    @property
    def set_id(self) -> str:
        return f"0a5e1111-0000-4000-8000-0000000000{self.at:02}"

    @property
    def ndc(self) -> str:
        return f"60001-{100 + self.at}"

    @property
    def title(self) -> str:
        return f"{self.brand.upper()} ({self.generic.upper()}) {self.form} [{self.labeler.upper()}]"

    @property
    def boxed(self) -> bool:
        return any(code == "34066-1" for code, _, _ in self.sections)

    def xml(self) -> bytes:
        """Return the label as Structured Product Labeling."""
        sections = "".join(_section(*each) for each in self.sections)
        if self.nested:
            inside = "".join(_section(*each) for each in self.nested)
            sections += _section("43684-0", "8 USE IN SPECIFIC POPULATIONS", "", inside)
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="https://www.accessdata.fda.gov/spl/stylesheet/spl.xsl" type="text/xsl"?>
<document xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <id root="1b5e1111-0000-4000-8000-0000000000{self.at:02}"/>
  <code code="34391-3" codeSystem="{_LOINC}" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>
  <title>These highlights are <content styleCode="bold">made</content> for tests of {escape(self.brand)}.</title>
  <effectiveTime value="{self.day}"/>
  <setId root="{self.set_id}"/>
  <versionNumber value="{self.version}"/>
  <author><time/><assignedEntity><representedOrganization>
    <id extension="000000000" root="1.3.6.1.4.1.519.1"/><name>{escape(self.labeler)}</name>
    <assignedEntity><assignedOrganization><assignedEntity><assignedOrganization>
      <name>Seoul Made Works</name>
    </assignedOrganization></assignedEntity></assignedOrganization></assignedEntity>
  </representedOrganization></assignedEntity></author>
  <component><structuredBody>
    <component><section>
      <code code="48780-1" codeSystem="{_LOINC}" displayName="SPL product data elements section"/>
      <subject><manufacturedProduct><manufacturedProduct>
        <code code="{self.ndc}" codeSystem="2.16.840.1.113883.6.69"/>
        <name>{escape(self.brand)}</name>
        <formCode code="C42998" codeSystem="2.16.840.1.113883.3.26.1.1" displayName={quoteattr(self.form)}/>
        <asEntityWithGeneric><genericMedicine><name>{escape(self.generic)}</name></genericMedicine></asEntityWithGeneric>
        <ingredient classCode="ACTIB">
          <quantity><numerator value="500" unit="mg"/><denominator value="1" unit="1"/></quantity>
          <ingredientSubstance><name>{escape(self.generic.upper())}</name></ingredientSubstance>
        </ingredient>
        <ingredient classCode="IACT"><ingredientSubstance><name>STARCH</name></ingredientSubstance></ingredient>
        <asContent><containerPackagedProduct>
          <code code="{self.ndc}-30" codeSystem="2.16.840.1.113883.6.69"/>
          <formCode code="C43169" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="BOTTLE"/>
        </containerPackagedProduct></asContent>
      </manufacturedProduct>
      <consumedIn><substanceAdministration>
        <routeCode code="C38288" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="ORAL"/>
      </substanceAdministration></consumedIn></manufacturedProduct></subject>
    </section></component>
    {sections}
    <component><section><code code="51945-4" codeSystem="{_LOINC}"/><title>PRINCIPAL DISPLAY PANEL</title>
      <component><observationMedia ID="MM1"><value mediaType="image/jpeg">
        <reference value="carton-{self.at}.jpg"/></value></observationMedia></component></section></component>
  </structuredBody></component>
</document>""".encode()


def _section(code: str, title: str, text: str, inside: str = "") -> str:
    return (
        f'<component><section ID="S{code}"><id root="made"/><code code="{code}" codeSystem="{_LOINC}"/>'
        f"<title>{escape(title)}</title><excerpt><highlight><text><paragraph>Highlight said twice.</paragraph></text>"
        f"</highlight></excerpt><text>{text}</text>{inside}</section></component>"
    )


_TABLE: Final = (
    "<paragraph>Made events in <content styleCode='italics'>two</content> groups:</paragraph><table><thead><tr>"
    "<th>Event</th><th>Drug</th></tr></thead><tbody><tr><td>Nausea</td><td>12%</td></tr></tbody></table>"
)
LABELS: Final = [
    Made(
        1,
        "Glucaveril",
        "metformin hydrochloride",
        "TABLET",
        "Hansol Made Pharma",
        "20260901",
        "20260903",
        "9990001",
        [
            ("34066-1", "WARNING: LACTIC ACIDOSIS", "<paragraph>Stop the drug when it is suspected.</paragraph>"),
            (
                "34067-9",
                "1 INDICATIONS AND USAGE",
                "<list><item>type 2 diabetes in adults</item><item>with diet</item></list>",
            ),
            ("34084-4", "6 ADVERSE REACTIONS", _TABLE),
            ("42229-5", "Made section of its own", "<paragraph>Unclassified.</paragraph>"),
        ],
        [
            ("42228-7", "8.1 Pregnancy", "<paragraph>Limited made data.</paragraph>"),
            ("42229-5", "8.9 Other", "<paragraph>A part without a name.</paragraph>"),
        ],
    ),
    Made(
        2,
        "Glucaveril XR",
        "metformin hydrochloride",
        "TABLET, EXTENDED RELEASE",
        "Hansol Made Pharma",
        "20260815",
        "20260816",
        "9990002",
        [("34070-3", "4 CONTRAINDICATIONS", "<paragraph>eGFR &lt; 30.</paragraph>")],
        version=3,
    ),
    Made(
        3,
        "Cardoprilen",
        "lisinopril",
        "TABLET",
        "Made Generics LLC",
        "20260701",
        "20260702",
        "9990003",
        [("34066-1", "WARNING: FETAL TOXICITY", "<paragraph>Stop.</paragraph>")],
    ),
    Made(4, "Thromboxan", "warfarin sodium", "TABLET", "Made Generics LLC", "20260630", "20260701", "9990004"),
    Made(5, "Children's A&B <syrup>", "acetaminophen", "SYRUP", "O'Made & Sons", "20250301", "20250302", "9990005"),
]


def simulator() -> Simulator:
    """Return the web services over the made labels."""
    return _answer


def bulk(folder: Path) -> list[Path]:
    """Write the made labels as a release: a ZIP of ZIPs, with an image in each."""
    path = folder / "dm_spl_release_human_rx_part1.zip"
    members = {f"prescription/{each.published}_{each.set_id}.zip": packed(each.xml()) for each in LABELS}
    return [release(path, members)]


def packed(xml: bytes, name: str = "label.xml") -> bytes:
    """Return the ZIP of one label."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
        archive.writestr("carton.jpg", b"\xff\xd8\xff made, no image")
    return out.getvalue()


def release(path: Path, members: dict[str, bytes]) -> Path:
    """Write a release that holds these files."""
    with ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def _answer(asked: Asked) -> Reply:
    if asked.path == "/spls.json":
        return _list(asked)
    found = re.fullmatch(r"/spls/([^/]+?)(?:/(history|media|ndcs|packaging))?\.(xml|json)", asked.path)
    if found is None:
        return _missing()
    set_id, part, ending = found.groups()
    if set_id == GONE:
        return Reply(b"", 200, "text/xml")
    label = next((each for each in LABELS if each.set_id == set_id), None)
    if label is None:
        return _missing()
    if part is None:
        return Reply(label.xml(), 200, "text/xml") if ending == "xml" else Reply(b"", 415)
    return Reply(_part(label, part))


def _missing() -> Reply:
    return Reply(b"<!DOCTYPE html><html><body>404 Not Found</body></html>", 404, "text/html")


def _list(asked: Asked) -> Reply:
    if not set(asked.query) <= _PARAMETERS:
        return Reply(b"Bad request", 400, "text/plain")
    size, page = min(int(asked.one("pagesize", "100")), 100), int(asked.one("page", "1"))
    found = [each for each in LABELS if _matches(each, asked)]
    shown = found[(page - 1) * size : page * size]
    pages = -(-len(found) // size)
    base = "https://dailymed.nlm.nih.gov/dailymed/services/v2/spls.json"
    metadata = {
        "db_published_date": PUBLISHED,
        "elements_per_page": size,
        "total_elements": len(found),
        "total_pages": pages,
        "current_page": page,
        "current_url": f"{base}?page={page}",
        "previous_page": page - 1 if page > 1 else "null",
        "previous_page_url": f"{base}?page={page - 1}" if page > 1 else "null",
        "next_page": page + 1 if page < pages else "null",
        "next_page_url": f"{base}?page={page + 1}" if page < pages else "null",
    }
    data = [
        {"spl_version": e.version, "published_date": _told(e.published), "title": e.title, "setid": e.set_id}
        for e in shown
    ]
    return Reply({"data": data, "metadata": metadata})


def _matches(label: Made, asked: Asked) -> bool:
    kinds = {"generic": [label.generic], "brand": [label.brand], "both": [label.generic, label.brand]}
    name, code = asked.one("drug_name").lower(), asked.one("ndc")
    named = any(_holds(each, name) for each in kinds[asked.one("name_type", "both")])
    return (
        (not name or named)
        and (not code or code in (label.ndc, f"{label.ndc}-30"))
        and asked.one("rxcui") in ("", label.rxcui)
        and asked.one("setid") in ("", label.set_id)
        and _holds(label.labeler, asked.one("labeler"))
        and _holds(f"{label.labeler} Seoul Made Works", asked.one("manufacturer"))
        and asked.one("boxed_warning") in ("", str(label.boxed).lower())
    )


def _holds(text: str, asked: str) -> bool:
    return all(word in text.lower() for word in re.findall(r"\w+", asked.lower()))


def _told(day: str) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{months[int(day[4:6]) - 1]} {day[6:]}, {day[:4]}"


def _part(label: Made, part: str) -> dict[str, Any]:
    about = {"setid": label.set_id, "title": label.title}
    metadata = {
        "elements_per_page": "100",
        "next_page_url": "null",
        "next_page": "null",
        "previous_page": "null",
        "total_pages": "1",
        "total_elements": "1",
        "current_page": "1",
        "current_url": f"https://dailymed.nlm.nih.gov/dailymed/services/v2/spls/{label.set_id}/{part}.json",
        "db_published_date": PUBLISHED,
    }
    if part == "history":
        versions = [
            {"spl_version": str(at), "published_date": _told(f"{2025 + at - label.version + 1}{label.published[4:]}")}
            for at in range(label.version, 0, -1)
        ]
        return {"metadata": metadata, "data": {"history": versions, "spl": about}}
    data: dict[str, Any] = {**about, "spl_version": str(label.version), "published_date": _told(label.published)}
    if part == "media":
        link = f"https://dailymed.nlm.nih.gov/dailymed/image.cfm?setid={label.set_id}&name=carton-{label.at}.jpg"
        data["media"] = [{"name": f"carton-{label.at}.jpg", "mime_type": "image/jpeg", "url": link}]
    elif part == "ndcs":
        data["ndcs"] = [{"ndc": f"{label.ndc}-30"}]
    else:
        metadata = {name: metadata[name] for name in ("current_url", "db_published_date")}
        data["products"] = [
            {
                "product_code": label.ndc,
                "product_name": label.brand,
                "product_name_generic": label.generic,
                "active_ingredients": [{"name": label.generic.upper(), "strength": "500 mg"}],
                "packaging": [{"ndc": f"{label.ndc}-30", "package_descriptions": ["30 in 1 BOTTLE"]}],
                "parts": {},
            }
        ]
    return {"metadata": metadata, "data": data}

"""Structured product labels: how their sections are called, and how their XML is read.

The standard is HL7 Structured Product Labeling as the FDA uses it: sections carry LOINC codes. openFDA names the
sections in its JSON; DailyMed publishes the XML. Here both have openFDA's names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from bogam.sources.answer import Upstream

SECTIONS: Final[Mapping[str, str]] = {
    "34066-1": "boxed_warning",
    "34067-9": "indications_and_usage",
    "34068-7": "dosage_and_administration",
    "43678-2": "dosage_forms_and_strengths",
    "34070-3": "contraindications",
    "43685-7": "warnings_and_cautions",
    "34071-1": "warnings",
    "42232-9": "precautions",
    "34072-9": "general_precautions",
    "34084-4": "adverse_reactions",
    "34073-7": "drug_interactions",
    "34074-5": "drug_and_or_laboratory_test_interactions",
    "43684-0": "use_in_specific_populations",
    "42228-7": "pregnancy",
    "34077-8": "teratogenic_effects",
    "34078-6": "nonteratogenic_effects",
    "34079-4": "labor_and_delivery",
    "34080-2": "nursing_mothers",
    "77290-5": "lactation",
    "77291-3": "females_and_males_of_reproductive_potential",
    "34081-0": "pediatric_use",
    "34082-8": "geriatric_use",
    "42227-9": "drug_abuse_and_dependence",
    "34085-1": "controlled_substance",
    "34086-9": "abuse",
    "34087-7": "dependence",
    "34088-5": "overdosage",
    "34089-3": "description",
    "34090-1": "clinical_pharmacology",
    "43679-0": "mechanism_of_action",
    "43681-6": "pharmacodynamics",
    "43682-4": "pharmacokinetics",
    "66106-6": "pharmacogenomics",
    "49489-8": "microbiology",
    "43680-8": "nonclinical_toxicology",
    "34083-6": "carcinogenesis_and_mutagenesis_and_impairment_of_fertility",
    "34091-9": "animal_pharmacology_and_or_toxicology",
    "34092-7": "clinical_studies",
    "34093-5": "references",
    "34069-5": "how_supplied",
    "44425-7": "storage_and_handling",
    "34075-2": "laboratory_tests",
    "34076-0": "information_for_patients",
    "42230-3": "spl_patient_package_insert",
    "42231-1": "spl_medguide",
    "68498-5": "patient_medication_information",
    "59845-8": "instructions_for_use",
    "43683-2": "recent_major_changes",
    "71744-7": "health_care_provider_letter",
    "55106-9": "active_ingredient",
    "51727-6": "inactive_ingredient",
    "55105-1": "purpose",
    "50570-1": "do_not_use",
    "50569-3": "ask_doctor",
    "50568-5": "ask_doctor_or_pharmacist",
    "50567-7": "when_using",
    "50566-9": "stop_use",
    "53414-9": "pregnancy_or_breast_feeding",
    "50565-1": "keep_out_of_reach_of_children",
    "53413-1": "questions",
    "60561-8": "other_safety_information",
    "54433-8": "user_safety_warnings",
    "51945-4": "package_label_principal_display_panel",
    "42229-5": "spl_unclassified_section",
}
"""LOINC code of a section, and its name in openFDA's labels."""

_LOINC: Final = "2.16.840.1.113883.6.1"
_NDC: Final = "2.16.840.1.113883.6.69"
_UNCLASSIFIED: Final = "spl_unclassified_section"
_LONGEST_SECTION: Final = 60_000
_LONGEST: Final = 200_000
_DEEPEST: Final = 60
_NS: Final = "{urn:hl7-org:v3}"
_BLOCKS: Final = frozenset(
    f"{_NS}{each}"
    for each in ("paragraph", "list", "item", "table", "thead", "tbody", "tfoot", "tr", "caption", "text")
)


def bounded(sections: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """Return sections of bearable length, and what was cut: ``adverse_reactions: the first 60000 of 91234 characters``.

    Boxed warnings, contraindications and the like come before long descriptive sections when all together are too long.
    """
    rank = {name: at for at, name in enumerate(SECTIONS.values())}
    kept: dict[str, list[str]] = {}
    cut: list[str] = []
    left = _LONGEST
    for name in sorted(sections, key=lambda each: (rank.get(each, len(rank)), each)):
        for text in sections[name]:
            room = min(_LONGEST_SECTION, left)
            if len(text) > room:
                cut.append(f"{name}: the first {room} of {len(text)} characters")
            if room:
                kept.setdefault(name, []).append(text[:room])
                left -= len(kept[name][-1])
    return kept, cut


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a label: its National Drug Code, names, form, active ingredients with strength, and packages."""

    ndc: str
    name: str
    generic: str
    form: str
    route: tuple[str, ...]
    ingredients: tuple[tuple[str, str], ...]
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A label as its XML says."""

    set_id: str
    spl_id: str
    version: str
    effective: str
    kind: str
    title: str
    labeler: str
    makers: tuple[str, ...]
    products: tuple[Product, ...]
    sections: Mapping[str, Sequence[str]]
    media: tuple[str, ...]


def read(root: Element) -> Label:
    """Read the XML of a label.

    Raises
    ------
    Upstream
        When it is no label: another root, no set id, no version, nested deeper than any label.
    """
    if root.tag != f"{_NS}document":
        raise Upstream(f"The XML is no label: its root is {root.tag[:60]}.")
    _check_depth(root)
    set_id, version = _attribute(root, "setId", "root"), _attribute(root, "versionNumber", "value")
    if not set_id or not version:
        raise Upstream("The XML is no whole label: it has no set id or no version.")
    body = root.find(f"{_NS}component/{_NS}structuredBody")
    if body is None:
        raise Upstream(f"The label {set_id[:60]} has no body.")
    sections: dict[str, list[str]] = {}
    for section in body.findall(f"{_NS}component/{_NS}section"):
        _collect(section, sections, within=False)
    labeler = root.findtext(f"{_NS}author/{_NS}assignedEntity/{_NS}representedOrganization/{_NS}name", "")
    return Label(
        set_id.lower(),
        _attribute(root, "id", "root").lower(),
        version,
        date(_attribute(root, "effectiveTime", "value")),
        _attribute(root, "code", "displayName"),
        _plain(root.find(f"{_NS}title")),
        " ".join(labeler.split()),
        tuple(dict.fromkeys(_plain(each.find(f"{_NS}name")) for each in root.iter(f"{_NS}assignedOrganization"))),
        tuple(_products(root)),
        sections,
        tuple(dict.fromkeys(each.get("value", "") for each in root.iter(f"{_NS}reference") if each.get("value"))),
    )


def date(stamp: str) -> str:
    """Return ``20240131`` or longer as ``2024-01-31``; empty for anything else."""
    digits = stamp[:8]
    return (
        f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isascii() and digits.isdigit() else ""
    )


def _check_depth(root: Element) -> None:
    level = [root]
    for _ in range(_DEEPEST * 2):
        level = [child for each in level for child in each]
        if not level:
            return
    raise Upstream("The XML is nested deeper than any label.")


def _attribute(root: Element, tag: str, name: str) -> str:
    found = root.find(f"{_NS}{tag}")
    return found.get(name, "").strip() if found is not None else ""


def _collect(section: Element, sections: dict[str, list[str]], *, within: bool) -> None:
    """Add a section and those inside it; a named one has the text of all that it holds, as in openFDA's labels."""
    code = section.find(f"{_NS}code")
    name = SECTIONS.get(code.get("code", ""), "") if code is not None and code.get("codeSystem") == _LOINC else ""
    if name and not (within and name == _UNCLASSIFIED):
        text = "\n".join(_lines(section))
        if text:
            sections.setdefault(name, []).append(text)
    for child in section.findall(f"{_NS}component/{_NS}section"):
        _collect(child, sections, within=within or bool(name))


def _lines(section: Element) -> Iterator[str]:
    """Yield title and text of a section and of those inside it; the highlights' excerpt says the same again."""
    title = _plain(section.find(f"{_NS}title"))
    if title:
        yield title
    text = section.find(f"{_NS}text")
    if text is not None:
        yield from _blocks(text)
    for child in section.findall(f"{_NS}component/{_NS}section"):
        yield from _lines(child)


def _blocks(element: Element) -> Iterator[str]:
    """Yield the paragraphs, items and rows inside an element; cells of a row stand apart by tabs."""
    inline: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag.removeprefix(_NS)
        if tag == "tr":
            yield from _told(inline)
            cells = "\t".join(" ".join(_blocks(cell)) for cell in child)
            yield from [cells] if cells.strip() else []
        elif tag == "item":
            yield from _told(inline)
            yield from _item(child)
        elif tag == "caption" and element.tag == f"{_NS}item":
            inline.append(f"{_running(child)} ")
            inline.append(child.tail or "")
            continue
        elif any(each.tag in _BLOCKS for each in child.iter()):
            yield from _told(inline)
            yield from _blocks(child)
        else:
            inline.append(_running(child))
            inline.append(child.tail or "")
            continue
        inline = [child.tail or ""]
    yield from _told(inline)


def _item(item: Element) -> Iterator[str]:
    """Yield the lines of an item, the first with a dash for whatever sign it has."""
    bare = [line.lstrip("•◦▪·*- ") if at == 0 else line for at, line in enumerate(_blocks(item))]
    lines = [line for line in bare if line]
    if lines:
        yield f"- {lines[0]}"
        yield from lines[1:]


def _told(parts: Sequence[str]) -> Iterator[str]:
    line = " ".join("".join(parts).split())
    if line:
        yield line


def _running(element: Element) -> str:
    """Return the text inside a line as it runs, spaces and all; a break is a space."""
    broken = " " if element.tag == f"{_NS}br" else ""
    return broken + (element.text or "") + "".join(_running(each) + (each.tail or "") for each in element)


def _plain(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _products(root: Element) -> Iterator[Product]:
    for outer in root.iter(f"{_NS}manufacturedProduct"):
        product = outer.find(f"{_NS}manufacturedProduct")
        if product is None:
            product = outer.find(f"{_NS}manufacturedMedicine")
        if product is None:
            continue
        generic = f"{_NS}asEntityWithGeneric/{_NS}genericMedicine/{_NS}name"
        packages = [each.find(f"{_NS}code") for each in product.iter(f"{_NS}containerPackagedProduct")]
        yield Product(
            _attribute(product, "code", "code"),
            _plain(product.find(f"{_NS}name")),
            _plain(product.find(generic)),
            _attribute(product, "formCode", "displayName"),
            tuple(filter(None, (each.get("displayName", "") for each in outer.iter(f"{_NS}routeCode")))),
            tuple(_ingredients(product)),
            tuple(p.get("code", "") for p in packages if p is not None and p.get("codeSystem") == _NDC),
        )


def _ingredients(product: Element) -> Iterator[tuple[str, str]]:
    for each in product.iter(f"{_NS}ingredient"):
        if not each.get("classCode", "").startswith("ACTI"):
            continue
        name = _plain(each.find(f"{_NS}ingredientSubstance/{_NS}name"))
        parts = [each.find(f"{_NS}quantity/{_NS}{part}") for part in ("numerator", "denominator")]
        amounts = [_amount(part) for part in parts if part is not None]
        yield name, " / ".join(filter(None, amounts))


def _amount(quantity: Element) -> str:
    value, unit = quantity.get("value", ""), quantity.get("unit", "")
    return f"{value} {unit}".strip() if unit not in ("", "1") else ("" if value in ("", "1") else value)

"""ChEMBL's records as items. Live interface and mirror hand in the same members, named as the interface names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from bogam.sources.answer import Item
from bogam.sources.reading.shape import Shape

SITE: Final = "https://www.ebi.ac.uk/chembl/explore"
ASSAY_TYPES: Final = {
    "B": "binding",
    "F": "functional",
    "A": "ADME",
    "T": "toxicity",
    "P": "physicochemical",
    "U": "unclassified",
}
_PROPERTIES: Final = (
    "full_molformula",
    "full_mwt",
    "alogp",
    "psa",
    "hba",
    "hbd",
    "rtb",
    "num_ro5_violations",
    "qed_weighted",
)


class Resource(NamedTuple):
    """A kind of record: its name in the interface, the name of its list, the member that is its id, how it is read."""

    path: str
    many: str
    key: str
    item: Callable[[Shape, str], Item]


def _molecule(raw: Shape, release: str) -> Item:
    id = raw.text("molecule_chembl_id", due=True)
    structure, parent = raw.object("molecule_structures"), raw.object("molecule_hierarchy")
    measured = raw.object("molecule_properties")
    synonyms = {
        (each.text("molecule_synonym") or each.text("synonyms"), each.text("syn_type"))
        for each in raw.objects("molecule_synonyms")
    }
    fields: dict[str, Any] = {
        "kind": "molecule",
        "chembl_id": id,
        "name": raw.text("pref_name"),
        "synonyms": [{"name": name, "type": type} for name, type in sorted(synonyms) if name],
        "molecule_type": raw.text("molecule_type"),
        "max_phase": raw.number("max_phase"),
        "first_approval": raw.number("first_approval"),
        "withdrawn": raw.flag("withdrawn_flag"),
        "black_box_warning": raw.flag("black_box_warning"),
        "atc": sorted(raw.texts("atc_classifications")),
        "parent": parent.text("parent_chembl_id") if parent else "",
        "canonical_smiles": structure.text("canonical_smiles") if structure else "",
        "standard_inchi": structure.text("standard_inchi") if structure else "",
        "standard_inchi_key": structure.text("standard_inchi_key") if structure else "",
        "molecule_properties": _properties(measured),
    }
    return Item("chembl", id, fields["name"] or id, f"{SITE}/compound/{id}", release, fields)


def _properties(measured: Shape | None) -> dict[str, Any]:
    if measured is None:
        return {}
    found = {name: measured.number(name) for name in _PROPERTIES[1:]}
    return {"full_molformula": measured.text("full_molformula"), **found}


def _target(raw: Shape, release: str) -> Item:
    id = raw.text("target_chembl_id", due=True)
    components = [
        {
            "accession": each.text("accession"),
            "description": each.text("component_description"),
            "type": each.text("component_type"),
            "gene_symbols": sorted(
                {
                    synonym.text("component_synonym")
                    for synonym in each.objects("target_component_synonyms")
                    if synonym.text("syn_type").startswith("GENE_SYMBOL")
                }
            ),
        }
        for each in raw.objects("target_components")
    ]
    fields: dict[str, Any] = {
        "kind": "target",
        "chembl_id": id,
        "name": raw.text("pref_name"),
        "target_type": raw.text("target_type"),
        "organism": raw.text("organism"),
        "tax_id": raw.number("tax_id"),
        "components": sorted(components, key=lambda each: (each["accession"], each["description"])),
    }
    return Item("chembl", id, fields["name"] or id, f"{SITE}/target/{id}", release, fields)


def _activity(raw: Shape, release: str) -> Item:
    id = raw.text("activity_id", due=True)
    assay, type = raw.text("assay_chembl_id", due=True), raw.text("assay_type")
    molecule = {"chembl_id": raw.text("molecule_chembl_id", due=True), "name": raw.text("molecule_pref_name")}
    target = {
        "chembl_id": raw.text("target_chembl_id"),
        "name": raw.text("target_pref_name"),
        "organism": raw.text("target_organism"),
    }
    standard = _measured(raw, "standard_")
    fields: dict[str, Any] = {
        "kind": "activity",
        "molecule": molecule,
        "target": target,
        **standard,
        "pchembl": raw.number("pchembl_value"),
        "as_published": _measured(raw, ""),
        "comparable": " | ".join((standard["type"], ASSAY_TYPES.get(type, type), raw.text("bao_format"))),
        "assay": {
            "chembl_id": assay,
            "type": type,
            "type_label": ASSAY_TYPES.get(type, ""),
            "bao_format": raw.text("bao_format"),
            "description": raw.text("assay_description"),
        },
        "document": {
            "chembl_id": raw.text("document_chembl_id"),
            "journal": raw.text("document_journal"),
            "year": raw.number("document_year"),
        },
        "activity_comment": raw.text("activity_comment"),
        "data_validity_comment": raw.text("data_validity_comment"),
        "potential_duplicate": raw.flag("potential_duplicate"),
    }
    value = " ".join(str(each) for each in (standard["relation"], standard["value"], standard["units"]) if each != "")
    value = value if standard["value"] is not None else fields["activity_comment"] or "no value"
    label = f" ({ASSAY_TYPES[type]} assay)" if type in ASSAY_TYPES else ""
    title = f"{molecule['name'] or molecule['chembl_id']}: {standard['type'] or 'activity'} {value}"
    title += f" on {target['name'] or target['chembl_id']}" if target["chembl_id"] else ""
    return Item("chembl", f"activity/{id}", title + label, f"{SITE}/assay/{assay}", release, fields)


def _measured(raw: Shape, prefix: str) -> dict[str, Any]:
    """Return what was measured, as ChEMBL standardized it or, without prefix, as it was published."""
    return {
        "type": raw.text(f"{prefix}type"),
        "relation": raw.text(f"{prefix}relation"),
        "value": raw.number(f"{prefix}value"),
        "units": raw.text(f"{prefix}units"),
    }


def _references(raw: Shape, name: str) -> list[dict[str, str]]:
    found = [{part: each.text(f"ref_{part}") for part in ("type", "id", "url")} for each in raw.objects(name)]
    return sorted(found, key=lambda each: (each["type"], each["id"]))


def _mechanism(raw: Shape, release: str) -> Item:
    id, molecule = raw.text("mec_id", due=True), raw.text("molecule_chembl_id", due=True)
    fields: dict[str, Any] = {
        "kind": "mechanism",
        "molecule": molecule,
        "parent": raw.text("parent_molecule_chembl_id"),
        "target": raw.text("target_chembl_id"),
        "mechanism_of_action": raw.text("mechanism_of_action"),
        "action_type": raw.text("action_type"),
        "direct_interaction": raw.flag("direct_interaction"),
        "disease_efficacy": raw.flag("disease_efficacy"),
        "mechanism_comment": raw.text("mechanism_comment"),
        "selectivity_comment": raw.text("selectivity_comment"),
        "references": _references(raw, "mechanism_refs"),
    }
    title = f"{molecule}: {fields['mechanism_of_action'] or fields['action_type'] or 'mechanism'}"
    return Item("chembl", f"mechanism/{id}", title, f"{SITE}/compound/{molecule}", release, fields)


def _indication(raw: Shape, release: str) -> Item:
    id, molecule = raw.text("drugind_id", due=True), raw.text("molecule_chembl_id", due=True)
    phase = raw.number("max_phase_for_ind")
    fields: dict[str, Any] = {
        "kind": "indication",
        "molecule": molecule,
        "parent": raw.text("parent_molecule_chembl_id"),
        "max_phase_for_ind": phase,
        "mesh_id": raw.text("mesh_id"),
        "mesh_heading": raw.text("mesh_heading"),
        "efo_id": raw.text("efo_id"),
        "efo_term": raw.text("efo_term"),
        "references": _references(raw, "indication_refs"),
    }
    title = f"{molecule}: {fields['efo_term'] or fields['mesh_heading'] or 'indication'}"
    title += f" (phase {phase})" if phase is not None else ""
    return Item("chembl", f"indication/{id}", title, f"{SITE}/compound/{molecule}", release, fields)


def _assay(raw: Shape, release: str) -> Item:
    id, type = raw.text("assay_chembl_id", due=True), raw.text("assay_type")
    fields: dict[str, Any] = {
        "kind": "assay",
        "chembl_id": id,
        "description": raw.text("description"),
        "type": type,
        "type_label": ASSAY_TYPES.get(type, ""),
        "organism": raw.text("assay_organism"),
        "cell_type": raw.text("assay_cell_type"),
        "bao_format": raw.text("bao_format"),
        "confidence_score": raw.number("confidence_score"),
        "target": raw.text("target_chembl_id"),
        "document": raw.text("document_chembl_id"),
    }
    return Item("chembl", id, fields["description"] or id, f"{SITE}/assay/{id}", release, fields)


def _document(raw: Shape, release: str) -> Item:
    id, abstract = raw.text("document_chembl_id", due=True), raw.text("abstract")
    fields: dict[str, Any] = {
        "kind": "document",
        "chembl_id": id,
        "doc_type": raw.text("doc_type"),
        "abstract": [{"label": "", "text": abstract}] if abstract else [],
        "authors": raw.text("authors"),
        "journal": raw.text("journal"),
        "year": raw.number("year"),
        "volume": raw.text("volume"),
        "first_page": raw.text("first_page"),
        "pubmed_id": raw.text("pubmed_id"),
        "doi": raw.text("doi"),
    }
    return Item("chembl", id, raw.text("title") or id, f"{SITE}/document/{id}", release, fields)


RESOURCES: Final = {
    "molecule": Resource("molecule", "molecules", "molecule_chembl_id", _molecule),
    "target": Resource("target", "targets", "target_chembl_id", _target),
    "activity": Resource("activity", "activities", "activity_id", _activity),
    "mechanism": Resource("mechanism", "mechanisms", "mec_id", _mechanism),
    "indication": Resource("drug_indication", "drug_indications", "drugind_id", _indication),
    "assay": Resource("assay", "assays", "assay_chembl_id", _assay),
    "document": Resource("document", "documents", "document_chembl_id", _document),
}

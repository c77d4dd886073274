"""ChEMBL's SQLite schema, read into the members that its web services have. The release is attached as ``release``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from bogam.sources.chembl.question import Search

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "molecule_dictionary": ("molregno", "pref_name", "chembl_id", "max_phase", "molecule_type", "first_approval"),
    "compound_structures": ("molregno", "standard_inchi", "standard_inchi_key", "canonical_smiles"),
    "compound_properties": ("molregno", "full_mwt", "full_molformula", "alogp"),
    "molecule_synonyms": ("molregno", "syn_type", "synonyms"),
    "molecule_hierarchy": ("molregno", "parent_molregno"),
    "molecule_atc_classification": ("molregno", "level5"),
    "target_dictionary": ("tid", "target_type", "pref_name", "tax_id", "organism", "chembl_id"),
    "target_components": ("tid", "component_id"),
    "component_sequences": ("component_id", "component_type", "accession", "description"),
    "component_synonyms": ("component_id", "component_synonym", "syn_type"),
    "assays": ("assay_id", "doc_id", "description", "assay_type", "tid", "chembl_id", "bao_format"),
    "docs": ("doc_id", "journal", "year", "chembl_id", "title", "abstract"),
    "activities": ("activity_id", "assay_id", "doc_id", "molregno", "standard_type", "standard_value", "pchembl_value"),
    "drug_mechanism": ("mec_id", "molregno", "mechanism_of_action", "tid", "action_type"),
    "mechanism_refs": ("mec_id", "ref_type", "ref_id", "ref_url"),
    "drug_indication": ("drugind_id", "molregno", "max_phase_for_ind", "mesh_heading", "efo_id", "efo_term"),
    "indication_refs": ("drugind_id", "ref_type", "ref_id", "ref_url"),
    "chembl_id_lookup": ("chembl_id", "entity_type", "status"),
    "version": ("name",),
}
"""What must be there, so that a file of another kind or an older schema is refused by name."""

_MOLECULE: Final = """
SELECT m.molregno, m.chembl_id AS molecule_chembl_id, m.pref_name, m.molecule_type, m.max_phase, m.first_approval,
  m.withdrawn_flag, m.black_box_warning, s.canonical_smiles, s.standard_inchi, s.standard_inchi_key,
  p.full_molformula, p.full_mwt, p.alogp, p.psa, p.hba, p.hbd, p.rtb, p.num_ro5_violations, p.qed_weighted,
  h.chembl_id AS parent_chembl_id
FROM release.molecule_dictionary m
LEFT JOIN release.compound_structures s ON s.molregno = m.molregno
LEFT JOIN release.compound_properties p ON p.molregno = m.molregno
LEFT JOIN release.molecule_hierarchy y ON y.molregno = m.molregno
LEFT JOIN release.molecule_dictionary h ON h.molregno = y.parent_molregno
"""
_TARGET: Final = """
SELECT t.tid, t.chembl_id AS target_chembl_id, t.pref_name, t.target_type, t.organism, t.tax_id
FROM release.target_dictionary t
"""
_ACTIVITY: Final = """
SELECT a.activity_id, a.standard_type, a.standard_relation, a.standard_value, a.standard_units, a.pchembl_value,
  a.type, a.relation, a.value, a.units, a.activity_comment, a.data_validity_comment, a.potential_duplicate,
  m.chembl_id AS molecule_chembl_id, m.pref_name AS molecule_pref_name,
  t.chembl_id AS target_chembl_id, t.pref_name AS target_pref_name, t.organism AS target_organism,
  s.chembl_id AS assay_chembl_id, s.assay_type, s.bao_format, s.description AS assay_description,
  d.chembl_id AS document_chembl_id, d.journal AS document_journal, d.year AS document_year
FROM release.activities a
JOIN release.assays s ON s.assay_id = a.assay_id
JOIN release.molecule_dictionary m ON m.molregno = a.molregno
LEFT JOIN release.target_dictionary t ON t.tid = s.tid
LEFT JOIN release.docs d ON d.doc_id = a.doc_id
"""
_MECHANISM: Final = """
SELECT c.mec_id, c.mechanism_of_action, c.action_type, c.direct_interaction, c.disease_efficacy, c.mechanism_comment,
  c.selectivity_comment, m.chembl_id AS molecule_chembl_id, h.chembl_id AS parent_molecule_chembl_id,
  t.chembl_id AS target_chembl_id
FROM release.drug_mechanism c
JOIN release.molecule_dictionary m ON m.molregno = c.molregno
LEFT JOIN release.molecule_hierarchy y ON y.molregno = m.molregno
LEFT JOIN release.molecule_dictionary h ON h.molregno = y.parent_molregno
LEFT JOIN release.target_dictionary t ON t.tid = c.tid
"""
_INDICATION: Final = """
SELECT i.drugind_id, i.max_phase_for_ind, i.mesh_id, i.mesh_heading, i.efo_id, i.efo_term,
  m.chembl_id AS molecule_chembl_id, h.chembl_id AS parent_molecule_chembl_id
FROM release.drug_indication i
JOIN release.molecule_dictionary m ON m.molregno = i.molregno
LEFT JOIN release.molecule_hierarchy y ON y.molregno = m.molregno
LEFT JOIN release.molecule_dictionary h ON h.molregno = y.parent_molregno
"""
_ASSAY: Final = """
SELECT s.chembl_id AS assay_chembl_id, s.description, s.assay_type, s.assay_organism, s.assay_cell_type, s.bao_format,
  s.confidence_score, t.chembl_id AS target_chembl_id, d.chembl_id AS document_chembl_id
FROM release.assays s
LEFT JOIN release.target_dictionary t ON t.tid = s.tid
LEFT JOIN release.docs d ON d.doc_id = s.doc_id
"""
_DOCUMENT: Final = """
SELECT d.chembl_id AS document_chembl_id, d.title, d.abstract, d.authors, d.journal, d.year, d.volume, d.first_page,
  d.pubmed_id, d.doi, d.doc_type
FROM release.docs d
"""
_OF: Final = {
    "molecule": (_MOLECULE, "m.chembl_id"),
    "target": (_TARGET, "t.chembl_id"),
    "activity": (_ACTIVITY, "a.activity_id"),
    "mechanism": (_MECHANISM, "c.mec_id"),
    "indication": (_INDICATION, "i.drugind_id"),
    "assay": (_ASSAY, "s.chembl_id"),
    "document": (_DOCUMENT, "d.chembl_id"),
}
_MOLREGNO: Final = "(SELECT molregno FROM release.molecule_dictionary WHERE chembl_id = ?)"
_TID: Final = "(SELECT tid FROM release.target_dictionary WHERE chembl_id = ?)"
_CONDITIONS: Final = {
    ("molecule", "molecule"): "m.chembl_id = ?",
    ("molecule", "smiles"): "s.canonical_smiles = ?",
    ("molecule", "inchi_key"): "s.standard_inchi_key = ?",
    ("molecule", "max_phase"): "m.max_phase >= ?",
    ("target", "target"): "t.chembl_id = ?",
    ("target", "organism"): "t.organism = ? COLLATE NOCASE",
    ("target", "gene"): "t.tid IN (SELECT c.tid FROM release.target_components c JOIN release.component_synonyms n "
    "ON n.component_id = c.component_id WHERE n.component_synonym = ? COLLATE NOCASE)",
    ("activity", "molecule"): f"a.molregno = {_MOLREGNO}",
    ("activity", "target"): f"a.assay_id IN (SELECT assay_id FROM assays_of WHERE tid = {_TID})",  # noqa: S608
    ("activity", "standard_type"): "a.standard_type = ? COLLATE NOCASE",
    ("activity", "assay_type"): "s.assay_type = ?",
    ("activity", "pchembl"): "a.pchembl_value >= ?",
    ("activity", "organism"): "t.organism = ? COLLATE NOCASE",
    ("mechanism", "molecule"): f"c.molregno = {_MOLREGNO}",
    ("mechanism", "target"): f"c.tid = {_TID}",
    ("indication", "molecule"): f"i.molregno = {_MOLREGNO}",
    ("indication", "max_phase"): "i.max_phase_for_ind >= ?",
    ("indication", "efo_id"): "i.efo_id = ?",
}
_TEXT: Final = {"activity": "s.description", "mechanism": "c.mechanism_of_action", "indication": "i.efo_term"}


def found(db: sqlite3.Connection, request: Search, start: int) -> tuple[list[dict[str, Any]], int]:
    """Return a page of what the filters of a request find, and how many there are in all."""
    select, key = _OF[request.kind]
    conditions = [_CONDITIONS[request.kind, name] for name in request.given()]
    values: list[Any] = [getattr(request, name) for name in request.given()]
    if request.text:
        conditions.append(f"{_TEXT[request.kind]} LIKE ? ESCAPE '\\'")
        values.append(f"%{_literal(request.text)}%")
    where = " AND ".join(conditions)
    tables = select[select.index("FROM ") :]
    total = db.execute(f"SELECT count(*) {tables} WHERE {where}", values).fetchone()[0]
    query = f"{select} WHERE {where} ORDER BY {key} LIMIT ? OFFSET ?"
    rows = db.execute(query, [*values, request.limit, start]).fetchall()
    return [_whole(db, request.kind, dict(row)) for row in rows], total


def one(db: sqlite3.Connection, kind: str, key: str) -> dict[str, Any] | None:
    """Return a record by its key; None when there is none."""
    select, name = _OF[kind]
    row = db.execute(f"{select} WHERE {name} = ?", (key,)).fetchone()
    return _whole(db, kind, dict(row)) if row else None


def _literal(text: str) -> str:
    """Return text for LIKE in which nothing stands for anything else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _many(db: sqlite3.Connection, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(query, values).fetchall()]


def _whole(db: sqlite3.Connection, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Add what stands in tables of its own."""
    if kind == "molecule":
        number = (row["molregno"],)
        row["molecule_synonyms"] = _many(
            db, "SELECT synonyms, syn_type FROM release.molecule_synonyms WHERE molregno = ?", number
        )
        atc = _many(db, "SELECT level5 FROM release.molecule_atc_classification WHERE molregno = ?", number)
        row["atc_classifications"] = [each["level5"] for each in atc]
        row["molecule_structures"] = row if row["standard_inchi_key"] or row["canonical_smiles"] else None
        row["molecule_properties"] = row if row["full_mwt"] is not None or row["full_molformula"] else None
        row["molecule_hierarchy"] = row if row["parent_chembl_id"] else None
    elif kind == "target":
        row["target_components"] = _many(
            db,
            "SELECT q.component_id, q.accession, q.description AS component_description, q.component_type "
            "FROM release.target_components c JOIN release.component_sequences q ON q.component_id = c.component_id "
            "WHERE c.tid = ?",
            (row["tid"],),
        )
        for component in row["target_components"]:
            component["target_component_synonyms"] = _many(
                db,
                "SELECT component_synonym, syn_type FROM release.component_synonyms WHERE component_id = ?",
                (component["component_id"],),
            )
    elif kind in ("mechanism", "indication"):
        table, key = ("mechanism_refs", "mec_id") if kind == "mechanism" else ("indication_refs", "drugind_id")
        query = f"SELECT ref_type, ref_id, ref_url FROM release.{table} WHERE {key} = ?"  # noqa: S608
        row[table] = _many(db, query, (row[key],))
    return row

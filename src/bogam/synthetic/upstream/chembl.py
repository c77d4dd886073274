"""ChEMBL's data web services and its SQLite release, from a few made records. No molecule here exists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

Record = dict[str, Any]

RELEASE: Final = "ChEMBL_99"
_MOST: Final = 1000


def _molecule(number: int, name: str | None, smiles: str, key: str, phase: float | None, **more: Any) -> Record:
    id = f"CHEMBL{number}"
    return {
        "molecule_chembl_id": id,
        "pref_name": name,
        "max_phase": None if phase is None else f"{phase:.1f}",
        "molecule_type": more.get("type", "Small molecule"),
        "first_approval": more.get("approved"),
        "withdrawn_flag": more.get("withdrawn", False),
        "black_box_warning": more.get("boxed", 0),
        "atc_classifications": more.get("atc", []),
        "molecule_hierarchy": {"molecule_chembl_id": id, "parent_chembl_id": f"CHEMBL{more.get('parent', number)}"},
        "molecule_structures": {
            "canonical_smiles": smiles,
            "standard_inchi": f"InChI=1S/made/{number}",
            "standard_inchi_key": key,
        }
        if smiles
        else None,
        "molecule_properties": {
            "full_molformula": "C21H22N4O2",
            "full_mwt": f"{300 + number / 100:.2f}",
            "alogp": "3.10",
            "psa": "74.20",
            "hba": 5,
            "hbd": 2,
            "rtb": 6,
            "num_ro5_violations": 0,
            "qed_weighted": "0.61",
        }
        if smiles
        else None,
        "molecule_synonyms": [
            {"molecule_synonym": synonym, "syn_type": type, "synonyms": synonym.upper()}
            for synonym, type in more.get("synonyms", [])
        ],
    }


MOLECULES: Final[list[Record]] = [
    _molecule(9001, "VELDORINIB", "COc1cc2ncnc(Nc3ccccc3F)c2cc1OCCN", "VELDORINIBAAAA-UHFFFAOYSA-N", 4, approved=2031,
              atc=["L01EX99"], boxed=1,
              synonyms=[("Veldorinib", "INN"), ("Veldora", "TRADE_NAME"), ("벨도리닙", "OTHER")]),
    _molecule(9002, "VELDORINIB MESYLATE", "COc1cc2ncnc(Nc3ccccc3F)c2cc1OCCN.CS(=O)(=O)O",
              "VELDORINIBSALT-UHFFFAOYSA-N", 4, parent=9001, approved=2031),
    _molecule(9003, "KORMELIDE", "CC(=O)N[C@@H](Cc1ccccc1)C(=O)NCCO", "KORMELIDEAAAAA-QMMMGPOBSA-N", 2,
              synonyms=[("Kormelide", "INN"), ("KM-0417", "RESEARCH_CODE")]),
    _molecule(9004, None, "O=C(Nc1ccc(Br)cc1)c1cccnc1", "NAMELESSAAAAAA-UHFFFAOYSA-N", None),
    _molecule(9005, "HANSELIMAB", "", "", 3, type="Antibody", synonyms=[("Hanselimab", "INN")]),
    _molecule(9006, "TRAXOPRIL", "CCOC(=O)[C@H](CC)N1CCC[C@H]1C(=O)O", "TRAXOPRILAAAAA-BDAKNGLRSA-N", 4, approved=1994,
              withdrawn=True, atc=["C09AA99"], synonyms=[("Traxopril", "INN"), ("50% Traxo_pril", "TRADE_NAME")]),
    *[_molecule(9100 + at, f"SERIALIN {at:02}", f"{'C' * (at + 2)}O", f"SERIALINAAAA{chr(65 + at)}A-UHFFFAOYSA-N", 1)
      for at in range(12)],
]  # fmt: skip


def _target(number: int, name: str, organism: str, tax: int, type: str, *components: tuple[str, str, str]) -> Record:
    return {
        "target_chembl_id": f"CHEMBL{number}",
        "pref_name": name,
        "organism": organism,
        "tax_id": tax,
        "target_type": type,
        "species_group_flag": False,
        "cross_references": [],
        "target_components": [
            {
                "accession": accession,
                "component_description": description,
                "component_id": number * 10 + at,
                "component_type": "PROTEIN",
                "relationship": type,
                "target_component_synonyms": [
                    {"component_synonym": gene, "syn_type": "GENE_SYMBOL"},
                    {"component_synonym": description, "syn_type": "UNIPROT"},
                ],
                "target_component_xrefs": [],
            }
            for at, (accession, description, gene) in enumerate(components)
        ],
    }


_HUMAN: Final = ("Homo sapiens", 9606)
TARGETS: Final[list[Record]] = [
    _target(8001, "Made kinase 1", *_HUMAN, "SINGLE PROTEIN", ("Q0MAD1", "Made kinase 1", "MADK1")),
    _target(8002, "Made kinase 1", "Mus musculus", 10090, "SINGLE PROTEIN", ("Q0MAD2", "Made kinase 1", "Madk1")),
    _target(8003, "Made kinase 1/made cyclin", *_HUMAN, "PROTEIN COMPLEX",
            ("Q0MAD1", "Made kinase 1", "MADK1"), ("Q0MAD3", "Made cyclin A", "MADCA")),
    _target(8004, "Made amine receptor α2", *_HUMAN, "SINGLE PROTEIN", ("Q0MAD4", "Made amine receptor", "MADR2")),
]  # fmt: skip

DOCUMENTS: Final[list[Record]] = [
    {
        "document_chembl_id": f"CHEMBL{number}",
        "title": title,
        "abstract": abstract,
        "authors": "Kim A, Lee B",
        "journal": "J Made Chem",
        "year": year,
        "volume": "7",
        "first_page": "11",
        "pubmed_id": pubmed,
        "doi": f"10.9999/made.{number}",
        "doc_type": "PUBLICATION",
    }
    for number, title, abstract, year, pubmed in (
        (7001, "A made series against made kinase 1", "We made a series – 새 계열 – and measured it.", 2030, 99000001),
        (7002, "Cells and made kinase 1", None, 2031, None),
    )
]


def _assay(number: int, type: str, target: int, document: int, description: str, bao: str) -> Record:
    return {
        "assay_chembl_id": f"CHEMBL{number}",
        "description": description,
        "assay_type": type,
        "assay_type_description": {"B": "Binding", "F": "Functional", "A": "ADME"}[type],
        "assay_organism": "Homo sapiens",
        "assay_cell_type": "HEK293" if type == "F" else None,
        "bao_format": bao,
        "confidence_score": 9,
        "target_chembl_id": f"CHEMBL{target}",
        "document_chembl_id": f"CHEMBL{document}",
    }


ASSAYS: Final[list[Record]] = [
    _assay(6001, "B", 8001, 7001, "Inhibition of made kinase 1, 100% ATP", "BAO_0000357"),
    _assay(6002, "F", 8001, 7002, "Inhibition of made kinase 1 in HEK293 cells", "BAO_0000219"),
    _assay(6003, "B", 8002, 7001, "Inhibition of mouse made kinase 1", "BAO_0000357"),
    _assay(6004, "A", 8004, 7002, "Clearance in made microsomes", "BAO_0000251"),
]


def _activity(number: int, molecule: int, assay: int, type: str, relation: str | None, value: str | None,
              units: str | None, pchembl: str | None, **more: Any) -> Record:  # fmt: skip
    held = next(each for each in ASSAYS if each["assay_chembl_id"] == f"CHEMBL{assay}")
    target = next(each for each in TARGETS if each["target_chembl_id"] == held["target_chembl_id"])
    document = next(each for each in DOCUMENTS if each["document_chembl_id"] == held["document_chembl_id"])
    found = next(each for each in MOLECULES if each["molecule_chembl_id"] == f"CHEMBL{molecule}")
    return {
        "activity_id": number,
        "activity_comment": more.get("comment"),
        "assay_chembl_id": held["assay_chembl_id"],
        "assay_description": held["description"],
        "assay_type": held["assay_type"],
        "bao_format": held["bao_format"],
        "data_validity_comment": more.get("validity"),
        "document_chembl_id": document["document_chembl_id"],
        "document_journal": document["journal"],
        "document_year": document["year"],
        "molecule_chembl_id": f"CHEMBL{molecule}",
        "molecule_pref_name": found["pref_name"],
        "pchembl_value": pchembl,
        "potential_duplicate": more.get("duplicate", 0),
        "relation": relation,
        "standard_relation": relation,
        "standard_type": type,
        "standard_units": units,
        "standard_value": value,
        "target_chembl_id": target["target_chembl_id"],
        "target_organism": target["organism"],
        "target_pref_name": target["pref_name"],
        "type": type,
        "units": "uM" if units == "nM" else units,
        "value": None if value is None else str(float(value) / 1000) if units == "nM" else value,
    }


ACTIVITIES: Final[list[Record]] = [
    _activity(501, 9001, 6001, "IC50", "=", "12.0", "nM", "7.92"),
    _activity(502, 9001, 6002, "IC50", "=", "340.0", "nM", "6.47"),
    _activity(503, 9001, 6003, "IC50", ">", "10000.0", "nM", None),
    _activity(504, 9003, 6001, "Ki", "=", "2.5", "nM", "8.60"),
    _activity(505, 9004, 6001, "Inhibition", None, None, None, None, comment="Not Active"),
    _activity(506, 9004, 6001, "IC50", "=", "5600000.0", "nM", None, validity="Outside typical range"),
    _activity(507, 9001, 6004, "CL", "=", "18.2", "mL.min-1.kg-1", None),
    _activity(508, 9003, 6001, "Ki", "=", "2.5", "nM", "8.60", duplicate=1),
]
MECHANISMS: Final[list[Record]] = [
    {
        "mec_id": number,
        "mechanism_of_action": said,
        "action_type": action,
        "molecule_chembl_id": f"CHEMBL{molecule}",
        "parent_molecule_chembl_id": f"CHEMBL{parent}",
        "target_chembl_id": f"CHEMBL{target}" if target else None,
        "direct_interaction": True,
        "disease_efficacy": True,
        "mechanism_comment": None,
        "selectivity_comment": None,
        "max_phase": 4,
        "mechanism_refs": [{"ref_type": "PubMed", "ref_id": "99000001", "ref_url": "http://example.org/99000001"}],
    }
    for number, said, action, molecule, parent, target in (
        (41, "Made kinase 1 inhibitor", "INHIBITOR", 9001, 9001, 8001),
        (42, "Made kinase 1 inhibitor", "INHIBITOR", 9002, 9001, 8001),
        (43, "Made amine receptor α2 agonist", "AGONIST", 9003, 9003, 8004),
        (44, "Unknown mechanism", None, 9006, 9006, None),
    )
]
INDICATIONS: Final[list[Record]] = [
    {
        "drugind_id": number,
        "efo_id": efo,
        "efo_term": term,
        "mesh_id": mesh,
        "mesh_heading": heading,
        "max_phase_for_ind": f"{phase:.1f}",
        "molecule_chembl_id": f"CHEMBL{molecule}",
        "parent_molecule_chembl_id": f"CHEMBL{molecule}",
        "indication_refs": [
            {"ref_type": "ClinicalTrials", "ref_id": "NCT99000001", "ref_url": "http://example.org/NCT99000001"}
        ],
    }
    for number, molecule, phase, efo, term, mesh, heading in (
        (31, 9001, 4, "EFO:0000000", "made carcinoma", "D000001", "Carcinoma, Made"),
        (32, 9001, 2, "EFO:0000001", "made lymphoma", "D000002", "Lymphoma, Made"),
        (33, 9006, 4, "EFO:0000002", "hypertension (made)", "D000003", "Hypertension, Made"),
        (34, 9005, 0.5, None, None, "D000004", "Made Disease"),
    )
]
_LISTS: Final[dict[str, tuple[str, str, list[Record]]]] = {
    "molecule": ("molecules", "molecule_chembl_id", MOLECULES),
    "target": ("targets", "target_chembl_id", TARGETS),
    "activity": ("activities", "activity_id", ACTIVITIES),
    "mechanism": ("mechanisms", "mec_id", MECHANISMS),
    "drug_indication": ("drug_indications", "drugind_id", INDICATIONS),
    "assay": ("assays", "assay_chembl_id", ASSAYS),
    "document": ("documents", "document_chembl_id", DOCUMENTS),
}
LOOKUP: Final[dict[str, tuple[str, str]]] = {
    **{each["molecule_chembl_id"]: ("COMPOUND", "ACTIVE") for each in MOLECULES},
    **{each["target_chembl_id"]: ("TARGET", "ACTIVE") for each in TARGETS},
    **{each["assay_chembl_id"]: ("ASSAY", "ACTIVE") for each in ASSAYS},
    **{each["document_chembl_id"]: ("DOCUMENT", "ACTIVE") for each in DOCUMENTS},
    "CHEMBL5001": ("CELL", "ACTIVE"),
    "CHEMBL9999": ("COMPOUND", "OBS"),
}
_OPERATORS: Final = frozenset({"exact", "iexact", "icontains", "contains", "gte", "lte", "in", "isnull"})


def simulator() -> Simulator:
    """Return ChEMBL's data web services."""
    return _answer


def _answer(asked: Asked) -> Reply:
    prefix = "/chembl/api/data/"
    if asked.method != "GET" or not asked.path.startswith(prefix) or not asked.path.endswith(".json"):
        return _missing()
    parts = asked.path[len(prefix) : -len(".json")].split("/")
    if parts == ["status"]:
        return Reply({"chembl_db_version": RELEASE, "chembl_release_date": "2031-05-01", "status": "UP"})
    if parts[0] == "chembl_id_lookup" and len(parts) == 2:
        return _looked_up(parts[1])
    if parts[0] not in _LISTS or len(parts) > 2:
        return _missing()
    many, key, records = _LISTS[parts[0]]
    if len(parts) == 1:
        return _listed(asked, many, records, asked.path)
    if parts[1] == "search":
        return _searched(asked, many, records)
    found = [each for each in records if str(each[key]) == parts[1]]
    return Reply(found[0]) if found else _missing()


def _missing() -> Reply:
    return Reply(b"<h1>Page not found</h1>", 404, "text/html")


def _looked_up(id: str) -> Reply:
    if id not in LOOKUP:
        return _missing()
    entity, status = LOOKUP[id]
    path = {"COMPOUND": "molecule", "CELL": "cell_line"}.get(entity, entity.lower())
    url = f"/chembl/api/data/{path}/{id}"
    body = {"chembl_id": id, "entity_type": entity, "last_active": 99, "resource_url": url, "status": status}
    return Reply(body)


def _searched(asked: Asked, many: str, records: list[Record]) -> Reply:
    words = asked.one("q").lower().split()
    if not words:
        return Reply({"error_message": "The q parameter is required."}, 400)
    found = [each for each in records if all(word in " ".join(_texts(each)).lower() for word in words)]
    return _page(asked, many, [{**each, "score": 10.0} for each in found])


def _texts(value: Any) -> Iterable[str]:
    """Yield the names within a record, which its search looks at."""
    names = ("pref_name", "molecule_synonym", "component_synonym", "molecule_chembl_id", "target_chembl_id")
    if isinstance(value, dict):
        for name, each in cast(Record, value).items():
            if name in names and isinstance(each, str):
                yield each
            elif not isinstance(each, str):
                yield from _texts(each)
    elif isinstance(value, list):
        for each in cast(list[Any], value):
            yield from _texts(each)


def _listed(asked: Asked, many: str, records: list[Record], path: str) -> Reply:
    found = list(records)
    for name, values in asked.query.items():
        if name in ("limit", "offset", "order_by", "only", "format"):
            continue
        steps = name.split("__")
        operator = steps.pop() if steps[-1] in _OPERATORS else "exact"
        if not any(_reach(each, steps) for each in records):
            return Reply({"error_message": f"The '{name}' field does not allow filtering."}, 400)
        try:
            found = [each for each in found if any(_fits(got, operator, values[0]) for got in _reach(each, steps))]
        except ValueError:
            return Reply({"error_message": f"Invalid value for '{name}'."}, 400)
    order = asked.one("order_by").lstrip("-")
    if order and records and order not in records[0]:
        return Reply({"error_message": f"No matching '{order}' field for ordering on."}, 400)
    if order:
        found.sort(key=lambda each: each[order])
    return _page(asked, many, found)


def _reach(value: Any, steps: list[str]) -> list[Any]:
    """Return what stands at a path; lists on the way are gone through, and a step that is not there is nothing."""
    if isinstance(value, list):
        return [got for each in cast(list[Any], value) for got in _reach(each, steps)]
    if not steps:
        return [value]
    if not isinstance(value, dict) or steps[0] not in value:
        return []
    return _reach(cast(Record, value)[steps[0]], steps[1:])


def _fits(value: Any, operator: str, asked: str) -> bool:
    if operator in ("gte", "lte"):
        number = float(asked)
        return value is not None and (float(value) >= number if operator == "gte" else float(value) <= number)
    if operator == "isnull":
        return (value is None) == (asked.lower() == "true")
    if value is None:
        return False
    text = str(value)
    if operator in ("icontains", "contains"):
        return asked.lower() in text.lower()
    return text.lower() == asked.lower() if operator == "iexact" else text == asked


def _page(asked: Asked, many: str, found: list[Record]) -> Reply:
    try:
        limit, offset = int(asked.one("limit", "20")), int(asked.one("offset", "0"))
    except ValueError:
        return Reply({"error_message": "Invalid limit or offset. Please provide an integer."}, 400)
    if limit < 0 or offset < 0:
        return Reply({"error_message": "Invalid limit or offset. Please provide a positive integer >= 0."}, 400)
    limit = min(limit or _MOST, _MOST)
    page = found[offset : offset + limit]
    more = {name: values[0] for name, values in asked.query.items()}
    following = f"{asked.path}?{urlencode({**more, 'limit': limit, 'offset': offset + limit})}"
    before = f"{asked.path}?{urlencode({**more, 'limit': limit, 'offset': max(0, offset - limit)})}"
    meta = {
        "limit": limit,
        "offset": offset,
        "total_count": len(found),
        "next": following if offset + limit < len(found) else None,
        "previous": before if offset else None,
    }
    return Reply({many: page, "page_meta": meta})


# --- the release

_SCHEMA: Final = """
CREATE TABLE version (name VARCHAR(20) NOT NULL PRIMARY KEY, creation_date DATETIME, comments VARCHAR(2000));
CREATE TABLE chembl_id_lookup (chembl_id VARCHAR(20) NOT NULL PRIMARY KEY, entity_type VARCHAR(50) NOT NULL,
  entity_id BIGINT NOT NULL, status VARCHAR(10) NOT NULL, last_active INTEGER);
CREATE TABLE molecule_dictionary (molregno BIGINT NOT NULL PRIMARY KEY, pref_name VARCHAR(255),
  chembl_id VARCHAR(20) NOT NULL, max_phase NUMERIC(2, 1), molecule_type VARCHAR(30), first_approval INTEGER,
  black_box_warning SMALLINT, withdrawn_flag SMALLINT);
CREATE TABLE compound_structures (molregno BIGINT NOT NULL PRIMARY KEY, molfile TEXT, standard_inchi VARCHAR(4000),
  standard_inchi_key VARCHAR(27) NOT NULL, canonical_smiles VARCHAR(4000));
CREATE TABLE compound_properties (molregno BIGINT NOT NULL PRIMARY KEY, mw_freebase NUMERIC(9, 2),
  alogp NUMERIC(9, 2), hba INTEGER, hbd INTEGER, psa NUMERIC(9, 2), rtb INTEGER, num_ro5_violations SMALLINT,
  full_mwt NUMERIC(9, 2), qed_weighted NUMERIC(3, 2), full_molformula VARCHAR(100));
CREATE TABLE molecule_synonyms (molregno BIGINT NOT NULL, syn_type VARCHAR(50) NOT NULL, molsyn_id INTEGER PRIMARY KEY,
  res_stem_id BIGINT, synonyms VARCHAR(200), UNIQUE (molregno, syn_type, synonyms));
CREATE TABLE molecule_hierarchy (molregno BIGINT NOT NULL PRIMARY KEY, parent_molregno BIGINT, active_molregno BIGINT);
CREATE TABLE molecule_atc_classification (mol_atc_id INTEGER PRIMARY KEY, level5 VARCHAR(10) NOT NULL,
  molregno BIGINT NOT NULL);
CREATE TABLE target_dictionary (tid BIGINT NOT NULL PRIMARY KEY, target_type VARCHAR(30), pref_name VARCHAR(200),
  tax_id BIGINT, organism VARCHAR(150), chembl_id VARCHAR(20) NOT NULL, species_group_flag SMALLINT);
CREATE TABLE component_sequences (component_id BIGINT NOT NULL PRIMARY KEY, component_type VARCHAR(50),
  accession VARCHAR(25), description VARCHAR(200), tax_id BIGINT, organism VARCHAR(150));
CREATE TABLE component_synonyms (compsyn_id INTEGER PRIMARY KEY, component_id BIGINT NOT NULL,
  component_synonym VARCHAR(500), syn_type VARCHAR(20));
CREATE TABLE target_components (tid BIGINT NOT NULL, component_id BIGINT NOT NULL, targcomp_id INTEGER PRIMARY KEY,
  homologue SMALLINT);
CREATE TABLE docs (doc_id BIGINT NOT NULL PRIMARY KEY, journal VARCHAR(50), year INTEGER, volume VARCHAR(50),
  issue VARCHAR(50), first_page VARCHAR(50), pubmed_id BIGINT, doi VARCHAR(100), chembl_id VARCHAR(20) NOT NULL,
  title VARCHAR(500), doc_type VARCHAR(50), authors VARCHAR(4000), abstract TEXT);
CREATE TABLE assays (assay_id BIGINT NOT NULL PRIMARY KEY, doc_id BIGINT, description VARCHAR(4000),
  assay_type VARCHAR(1), assay_organism VARCHAR(250), assay_cell_type VARCHAR(100), tid BIGINT,
  confidence_score SMALLINT, chembl_id VARCHAR(20) NOT NULL, bao_format VARCHAR(11));
CREATE TABLE activities (activity_id BIGINT NOT NULL PRIMARY KEY, assay_id BIGINT NOT NULL, doc_id BIGINT,
  record_id BIGINT, molregno BIGINT, standard_relation VARCHAR(50), standard_value NUMERIC,
  standard_units VARCHAR(100), standard_type VARCHAR(250), activity_comment VARCHAR(4000),
  data_validity_comment VARCHAR(30), potential_duplicate SMALLINT, pchembl_value NUMERIC(4, 2), type VARCHAR(250),
  relation VARCHAR(50), value NUMERIC, units VARCHAR(100));
CREATE INDEX fk_act_molregno ON activities (molregno);
CREATE INDEX fk_act_assay_id ON activities (assay_id);
CREATE TABLE drug_mechanism (mec_id BIGINT NOT NULL PRIMARY KEY, record_id BIGINT, molregno BIGINT,
  mechanism_of_action VARCHAR(250), tid BIGINT, action_type VARCHAR(50), direct_interaction SMALLINT,
  disease_efficacy SMALLINT, mechanism_comment VARCHAR(2000), selectivity_comment VARCHAR(1000));
CREATE TABLE mechanism_refs (mecref_id INTEGER PRIMARY KEY, mec_id BIGINT NOT NULL, ref_type VARCHAR(50),
  ref_id VARCHAR(200), ref_url VARCHAR(400));
CREATE TABLE drug_indication (drugind_id BIGINT NOT NULL PRIMARY KEY, record_id BIGINT, molregno BIGINT,
  max_phase_for_ind NUMERIC(2, 1), mesh_id VARCHAR(20), mesh_heading VARCHAR(200), efo_id VARCHAR(20),
  efo_term VARCHAR(200));
CREATE TABLE indication_refs (indref_id INTEGER PRIMARY KEY, drugind_id BIGINT NOT NULL, ref_type VARCHAR(50),
  ref_id VARCHAR(4000), ref_url VARCHAR(4000));
"""


def bulk(folder: Path) -> list[Path]:
    """Write the release, ``chembl_99.db``."""
    place = folder / "chembl_99.db"
    with closing(sqlite3.connect(place)) as db:
        db.executescript(_SCHEMA)
        _row(db, "version", name=RELEASE, creation_date="2031-05-01", comments="made")
        for at, (id, (entity, status)) in enumerate(LOOKUP.items()):
            _row(db, "chembl_id_lookup", chembl_id=id, entity_type=entity, entity_id=at, status=status)
        for each in MOLECULES:
            _write_molecule(db, each)
        for each in TARGETS:
            _write_target(db, each)
        _write_assays(db)
        _write_drugs(db)
        db.commit()
    return [place]


def _row(db: sqlite3.Connection, table: str, **values: Any) -> None:
    marks = ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608


def _number(id: str | None) -> int | None:
    return int(id.removeprefix("CHEMBL")) if id else None


def _write_molecule(db: sqlite3.Connection, each: Record) -> None:
    number = _number(each["molecule_chembl_id"])
    names = ("pref_name", "max_phase", "molecule_type", "first_approval", "black_box_warning", "withdrawn_flag")
    kept = {name: each[name] for name in names}
    _row(db, "molecule_dictionary", molregno=number, chembl_id=each["molecule_chembl_id"], **kept)
    parent = _number(each["molecule_hierarchy"]["parent_chembl_id"])
    _row(db, "molecule_hierarchy", molregno=number, parent_molregno=parent, active_molregno=parent)
    if each["molecule_structures"]:
        _row(db, "compound_structures", molregno=number, **each["molecule_structures"])
        _row(db, "compound_properties", molregno=number, **each["molecule_properties"])
    for synonym in each["molecule_synonyms"]:
        told = {"syn_type": synonym["syn_type"], "synonyms": synonym["molecule_synonym"]}
        _row(db, "molecule_synonyms", molregno=number, **told)
    for code in each["atc_classifications"]:
        _row(db, "molecule_atc_classification", molregno=number, level5=code)


def _write_target(db: sqlite3.Connection, each: Record) -> None:
    number = _number(each["target_chembl_id"])
    kept = {name: each[name] for name in ("pref_name", "target_type", "tax_id", "organism")}
    _row(db, "target_dictionary", tid=number, chembl_id=each["target_chembl_id"], **kept)
    for component in each["target_components"]:
        id = component["component_id"]
        _row(db, "component_sequences", component_id=id, component_type=component["component_type"],
             accession=component["accession"], description=component["component_description"])  # fmt: skip
        _row(db, "target_components", tid=number, component_id=id, homologue=0)
        for synonym in component["target_component_synonyms"]:
            _row(db, "component_synonyms", component_id=id, **synonym)


def _write_assays(db: sqlite3.Connection) -> None:
    for each in DOCUMENTS:
        kept = {name: value for name, value in each.items() if name != "document_chembl_id"}
        _row(db, "docs", doc_id=_number(each["document_chembl_id"]), chembl_id=each["document_chembl_id"], **kept)
    for each in ASSAYS:
        names = ("description", "assay_type", "assay_organism", "assay_cell_type", "bao_format", "confidence_score")
        _row(db, "assays", assay_id=_number(each["assay_chembl_id"]), chembl_id=each["assay_chembl_id"],
             tid=_number(each["target_chembl_id"]), doc_id=_number(each["document_chembl_id"]),
             **{name: each[name] for name in names})  # fmt: skip
    for each in ACTIVITIES:
        names = ("activity_id", "activity_comment", "data_validity_comment", "pchembl_value", "potential_duplicate",
                 "relation", "standard_relation", "standard_type", "standard_units", "standard_value", "type", "units",
                 "value")  # fmt: skip
        _row(db, "activities", assay_id=_number(each["assay_chembl_id"]), doc_id=_number(each["document_chembl_id"]),
             molregno=_number(each["molecule_chembl_id"]), **{name: each[name] for name in names})  # fmt: skip


def _write_drugs(db: sqlite3.Connection) -> None:
    for each in MECHANISMS:
        names = ("mec_id", "mechanism_of_action", "action_type", "direct_interaction", "disease_efficacy",
                 "mechanism_comment", "selectivity_comment")  # fmt: skip
        _row(db, "drug_mechanism", molregno=_number(each["molecule_chembl_id"]),
             tid=_number(each["target_chembl_id"]), **{name: each[name] for name in names})  # fmt: skip
        for reference in each["mechanism_refs"]:
            _row(db, "mechanism_refs", mec_id=each["mec_id"], **reference)
    for each in INDICATIONS:
        names = ("drugind_id", "max_phase_for_ind", "mesh_id", "mesh_heading", "efo_id", "efo_term")
        number = _number(each["molecule_chembl_id"])
        _row(db, "drug_indication", molregno=number, **{name: each[name] for name in names})
        for reference in each["indication_refs"]:
            _row(db, "indication_refs", drugind_id=each["drugind_id"], **reference)

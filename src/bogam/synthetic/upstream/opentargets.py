"""The Open Targets Platform's GraphQL interface and Parquet files, from a few made records.

The interface runs on graphql-core (of the extra ``test``) with the part of the platform's schema that is spoken here,
so that a query with an unknown field or argument fails as it does there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import orjson

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

Record = dict[str, Any]

RELEASE: Final = "31.06"
_MOST: Final = 10_000
_SCHEMA: Final = """
type Query {
  meta: Meta!
  target(ensemblId: String!): Target
  disease(efoId: String!): Disease
  drug(chemblId: String!): Drug
  search(queryString: String!, entityNames: [String!], page: Pagination): SearchResults!
}
input Pagination { index: Int! size: Int! }
type Meta { name: String! dataVersion: DataVersion! apiVersion: APIVersion! }
type DataVersion { year: String! month: String! iteration: String }
type APIVersion { x: String! y: String! z: String! }
type LabelAndSource { label: String! source: String! }
type IdAndSource { id: String! source: String! }
type GenomicLocation { chromosome: String! start: Int! end: Int! strand: Int! }
type Tractability { label: String! modality: String! value: Boolean! }
type Target {
  id: String! approvedSymbol: String! approvedName: String! biotype: String! functionDescriptions: [String!]!
  symbolSynonyms: [LabelAndSource!]! proteinIds: [IdAndSource!]! genomicLocation: GenomicLocation!
  tractability: [Tractability!]!
  associatedDiseases(Bs: [String!], enableIndirect: Boolean, orderByScore: String, page: Pagination):
    AssociatedDiseases!
}
type DiseaseSynonyms { relation: String! terms: [String!]! }
type Disease {
  id: String! name: String! description: String synonyms: [DiseaseSynonyms!] therapeuticAreas: [Disease!]!
  parents: [Disease!]! dbXRefs: [String!]
  evidences(ensemblIds: [String!]!, enableIndirect: Boolean, datasourceIds: [String!], size: Int, cursor: String):
    Evidences!
  associatedTargets(Bs: [String!], enableIndirect: Boolean, orderByScore: String, page: Pagination): AssociatedTargets!
}
type DrugLabelAndSource { label: String! source: String! }
type Drug {
  id: String! name: String! description: String drugType: String! maximumClinicalStage: String!
  synonyms: [DrugLabelAndSource!]! tradeNames: [DrugLabelAndSource!]! parentMolecule: Drug
}
type Evidences { count: Int! cursor: String }
type ScoredComponent { id: String! score: Float! }
type AssociatedDisease {
  disease: Disease! score: Float! datatypeScores: [ScoredComponent!]! datasourceScores: [ScoredComponent!]!
}
type AssociatedDiseases { count: Int! rows: [AssociatedDisease!]! }
type AssociatedTarget {
  target: Target! score: Float! datatypeScores: [ScoredComponent!]! datasourceScores: [ScoredComponent!]!
}
type AssociatedTargets { count: Int! rows: [AssociatedTarget!]! }
union Entity = Target | Disease | Drug
type SearchResult { id: String! entity: String! name: String! description: String object: Entity }
type SearchResults { total: Int! hits: [SearchResult!]! }
"""


def _target(number: int, symbol: str, name: str, *synonyms: str, functions: tuple[str, ...] = ()) -> Record:
    return {
        "id": f"ENSG{number:011}",
        "approvedSymbol": symbol,
        "approvedName": name,
        "biotype": "protein_coding",
        "functionDescriptions": list(functions),
        "symbolSynonyms": [{"label": each, "source": "HGNC"} for each in synonyms],
        "proteinIds": [{"id": f"Q0M{number:03}", "source": "uniprot_swissprot"}],
        "genomicLocation": {"chromosome": "7", "start": 1000 * number, "end": 1000 * number + 500, "strand": -1},
        "tractability": [
            {"label": "Approved Drug", "modality": "SM", "value": number % 2 == 1},
            {"label": "UniProt loc high conf", "modality": "AB", "value": False},
        ],
    }


TARGETS: Final[list[Record]] = [
    _target(90001, "MADK1", "made kinase 1", "MKA", functions=("Phosphorylates what was made – in test tubes.",)),
    _target(90002, "MADCA", "made cyclin A"),
    _target(90003, "MADR2", "made amine receptor 2", "α2M"),
    *[_target(90100 + at, f"SERI{at}", f"made serial protein {at}") for at in range(7)],
]


def _disease(id: str, name: str, description: str | None, areas: list[str], **synonyms: list[str]) -> Record:
    return {
        "id": id,
        "name": name,
        "description": description,
        "synonyms": [{"relation": f"has{each.title()}Synonym", "terms": terms} for each, terms in synonyms.items()],
        "therapeuticAreas": areas,
        "parents": areas,
        "dbXRefs": [f"MESH:{id[-4:]}"],
    }


DISEASES: Final[list[Record]] = [
    _disease("MONDO_9000001", "made cancer", None, []),
    _disease("EFO_9000002", "made carcinoma", "A carcinoma that was made.", ["MONDO_9000001"],
             exact=["carcinoma, made", "만든 암종"], related=["made tumour"]),
    _disease("EFO_9000003", "made lymphoma", "A lymphoma that was made.", ["MONDO_9000001"], broad=["made neoplasm"]),
    _disease("HP_9000004", "made fever", None, [], exact=["asthma"]),
]  # fmt: skip


def _drug(number: int, name: str, type: str, stage: str, *trade: str, parent: str | None = None) -> Record:
    return {
        "id": f"CHEMBL{number}",
        "name": name,
        "description": f"{type} drug that was made.",
        "drugType": type,
        "maximumClinicalStage": stage,
        "synonyms": [{"label": name.title(), "source": "ChEMBL"}],
        "tradeNames": [{"label": each, "source": "ChEMBL"} for each in trade],
        "parentId": parent,
    }


DRUGS: Final[list[Record]] = [
    _drug(9001, "VELDORINIB", "Small molecule", "APPROVAL", "Veldora"),
    _drug(9002, "VELDORINIB MESYLATE", "Small molecule", "APPROVAL", parent="CHEMBL9001"),
    _drug(9005, "HANSELIMAB", "Antibody", "PHASE_3"),
    _drug(9007, "OLDARINE", "Unknown", ""),
]
ASSOCIATIONS: Final[list[Record]] = [
    {"targetId": target["id"], "diseaseId": disease, "score": score, "evidenceCount": count}
    for target, disease, score, count in (
        (TARGETS[0], "EFO_9000002", 0.8125, 512),
        (TARGETS[0], "EFO_9000003", 0.25, 3),
        (TARGETS[1], "EFO_9000002", 0.5, 40),
        (TARGETS[2], "EFO_9000003", 0.125, 1),
        *((each, "EFO_9000002", round(0.1 - at / 100, 2), 2) for at, each in enumerate(TARGETS[3:])),
    )
]


def _page(found: list[Any], page: Record | None) -> list[Any]:
    index, size = (page or {}).get("index", 0), (page or {}).get("size", 25)
    if index < 0 or not 0 < size <= _MOST:
        raise ValueError(f"Pagination (index {index}, size {size}) is out of bounds.")
    return found[index * size : (index + 1) * size]


def _by_id(records: list[Record], id: str) -> Record | None:
    return next((each for each in records if each["id"] == id), None)


def _associated(side: str, other: str, records: list[Record], id: str, given: Record) -> Record:
    """Return the rows of a target or a disease, the best first, with the other side put in."""
    wanted = given.get("Bs")
    found = [each for each in ASSOCIATIONS if each[f"{side}Id"] == id and (not wanted or each[f"{other}Id"] in wanted)]
    found.sort(key=lambda each: -each["score"])
    rows = [
        {
            "score": each["score"],
            "datatypeScores": [{"id": "literature", "score": each["score"] / 2}],
            "datasourceScores": [{"id": "europepmc", "score": each["score"] / 2}],
            other: _entity(other, _by_id(records, each[f"{other}Id"])),
        }
        for each in _page(found, given.get("page"))
    ]
    return {"count": len(found), "rows": rows}


def _entity(kind: str, record: Record | None) -> Record | None:
    """Return a record with what its type resolves by a call."""
    if record is None:
        return None
    id: str = record["id"]

    def associated(_: Any, **given: Any) -> Record:
        sides = ("target", "disease", DISEASES) if kind == "target" else ("disease", "target", TARGETS)
        return _associated(*sides, id, given)

    def evidences(_: Any, **given: Any) -> Record:
        return {"count": _evidence(id, given["ensemblIds"])}

    if kind == "target":
        return record | {"__typename": "Target", "associatedDiseases": associated}
    if kind == "disease":
        return record | {
            "__typename": "Disease",
            "therapeuticAreas": [_by_id(DISEASES, each) for each in record["therapeuticAreas"]],
            "parents": [_by_id(DISEASES, each) for each in record["parents"]],
            "evidences": evidences,
            "associatedTargets": associated,
        }
    parent = _by_id(DRUGS, record["parentId"]) if record["parentId"] else None
    return record | {"__typename": "Drug", "parentMolecule": parent}


def _evidence(disease: str, targets: list[str]) -> int:
    return sum(each["evidenceCount"] for each in ASSOCIATIONS
               if each["diseaseId"] == disease and each["targetId"] in targets)  # fmt: skip


def _search(_: Any, **given: Any) -> Record:
    words = given["queryString"].lower().split()
    names = given.get("entityNames") or ["target", "disease", "drug"]
    kinds = {"target": TARGETS, "disease": DISEASES, "drug": DRUGS}
    found = [
        {
            "id": each["id"],
            "entity": kind,
            "name": each.get("name") or each["approvedSymbol"],
            "description": each.get("description"),
            "object": _entity(kind, each),
        }
        for kind, records in kinds.items()
        if kind in names
        for each in records
        if all(word in orjson.dumps(each).decode().lower() for word in words)
    ]
    return {"total": len(found), "hits": _page(found, given.get("page"))}


def _one(kind: str, records: list[Record]) -> Callable[..., Record | None]:
    def resolve(_: Any, **given: Any) -> Record | None:
        (id,) = given.values()
        return _entity(kind, _by_id(records, id))

    return resolve


_ROOT: Final[Record] = {
    "meta": {
        "name": "Open Targets GraphQL & REST API Beta",
        "dataVersion": {"year": RELEASE[:2], "month": RELEASE[3:], "iteration": None},
        "apiVersion": {"x": "31", "y": "6", "z": "0"},
    },
    "target": _one("target", TARGETS),
    "disease": _one("disease", DISEASES),
    "drug": _one("drug", DRUGS),
    "search": _search,
}


def simulator() -> Simulator:
    """Return the GraphQL interface."""
    try:
        graphql: Any = import_module("graphql")
    except ModuleNotFoundError as error:
        raise RuntimeError("The simulator of Open Targets needs graphql-core: pip install bogam[test].") from error
    schema = graphql.build_schema(_SCHEMA)

    def answer(asked: Asked) -> Reply:
        if asked.method != "POST" or asked.path != "/api/v4/graphql":
            return Reply(b"Action Not Found", 404, "text/html")
        try:
            body: Record = orjson.loads(asked.body)
            document = graphql.parse(str(body["query"]))
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return Reply({"error": "Invalid Json"}, 400)
        except graphql.GraphQLError as error:
            return Reply({"syntaxError": error.message}, 400)
        wrong = graphql.validate(schema, document)
        if wrong:
            return Reply({"data": None, "errors": [{"message": each.message} for each in wrong]}, 400)
        result = graphql.execute_sync(schema, document, _ROOT, variable_values=body.get("variables") or {})
        return Reply(result.formatted)

    return answer


# --- the files


def bulk(folder: Path) -> list[Path]:
    """Write the datasets of a release as they are since 25.03, and return their folders."""
    root = folder / "platform" / RELEASE / "output"
    diseases = [
        {name: value for name, value in each.items() if name != "synonyms"}
        | {f"{relation}Synonyms": _terms(each, relation) for relation in ("exact", "narrow", "broad", "related")}
        for each in DISEASES
    ]
    return [
        _written(root / "target", TARGETS),
        _written(root / "disease", diseases),
        _written(root / "drug_molecule", DRUGS),
        _written(root / "association_overall_direct", [
            {("associationScore" if name == "score" else name): value for name, value in each.items()}
            for each in ASSOCIATIONS
        ]),
    ]  # fmt: skip


def bulk_before_25(folder: Path) -> list[Path]:
    """Write the same as releases before 25.03 had it: other folders, structs for synonyms, phases for stages."""
    root = folder / "platform" / "24.09" / "output" / "etl" / "parquet"
    targets = [
        each
        | {"tractability": [{"id": t["label"], "modality": t["modality"], "value": t["value"]}
                            for t in each["tractability"]]}
        for each in TARGETS
    ]  # fmt: skip
    relations = ("exact", "narrow", "broad", "related")
    diseases = [
        each | {"synonyms": {f"has{relation.title()}Synonym": _terms(each, relation) for relation in relations}}
        for each in DISEASES
    ]
    drugs = [
        {
            "id": each["id"],
            "name": each["name"],
            "description": each["description"],
            "drugType": each["drugType"],
            "maximumClinicalTrialPhase": {"APPROVAL": 4.0, "PHASE_3": 3.0}.get(each["maximumClinicalStage"]),
            "isApproved": each["maximumClinicalStage"] == "APPROVAL",
            "synonyms": [label["label"] for label in each["synonyms"]],
            "tradeNames": [label["label"] for label in each["tradeNames"]],
            "parentId": each["parentId"],
        }
        for each in DRUGS
    ]
    return [
        _written(root / "targets", targets),
        _written(root / "diseases", diseases),
        _written(root / "molecule", drugs),
        _written(root / "associationByOverallDirect", ASSOCIATIONS),
    ]


def _terms(disease: Record, relation: str) -> list[str]:
    return [
        term
        for each in disease["synonyms"]
        if each["relation"] == f"has{relation.title()}Synonym"
        for term in each["terms"]
    ]


def _written(folder: Path, records: list[Record]) -> Path:
    """Write records into two files of a folder, as the publisher splits them."""
    import duckdb

    folder.mkdir(parents=True)
    half = (len(records) + 1) // 2
    lines = folder.with_suffix(".ndjson")
    lines.write_bytes(b"\n".join(orjson.dumps(each) for each in records))
    with duckdb.connect(":memory:") as db:
        for at, (start, count) in enumerate(((0, half), (half, len(records) - half))):
            place = folder / f"part-{at:05}-{folder.name}.snappy.parquet"
            read = "SELECT * FROM read_json(?, format = 'newline_delimited', sample_size = -1) LIMIT ? OFFSET ?"
            db.sql(read, params=[str(lines), count, start]).write_parquet(str(place))
    lines.unlink()
    return folder

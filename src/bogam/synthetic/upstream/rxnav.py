"""RxNav as its publisher documents it, and a release of RxNorm in RRF, from one small made graph of concepts.

The names of acetaminophen and its numbers are public facts; all else is invented.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bogam.synthetic.upstream.server import Asked, Reply, Simulator


@dataclass(frozen=True, slots=True)
class _Concept:
    id: str
    tty: str
    name: str
    synonym: str = ""
    suppress: str = "N"


_PRODUCTS: Final = 130
_CONCEPTS: Final = (
    _Concept("161", "IN", "acetaminophen", "APAP"),
    _Concept("202433", "BN", "Tylenol"),
    _Concept("315263", "SCDC", "acetaminophen 325 MG"),
    _Concept("369097", "SCDF", "acetaminophen Oral Tablet"),
    _Concept("317541", "DF", "Oral Tablet"),
    _Concept("1151133", "DFG", "Pill"),
    _Concept("313782", "SCD", "acetaminophen 325 MG Oral Tablet", "APAP 325 MG Oral Tablet"),
    _Concept("209387", "SBD", "acetaminophen 325 MG Oral Tablet [Tylenol]", "Tylenol 325 MG Oral Tablet"),
    _Concept("9900001", "IN", "zelquitan"),
    _Concept("9900002", "BN", "Zelqui"),
    _Concept("9900004", "SCD", "1 ML zelquitan 2 MG/ML Injection"),
    _Concept("9900003", "SCD", "zelquitan 2 MG/ML Injection", suppress="E"),
    _Concept("9900005", "SCD", "zelquitan 7 MG Oral Lozenge", suppress="O"),
    _Concept("9900008", "BN", "Élixine"),
    *(_Concept(str(9910000 + at), "SCD", f"zelquitan {at + 1} MG Oral Tablet") for at in range(_PRODUCTS)),
)
_BY_ID: Final = {each.id: each for each in _CONCEPTS}
_UP: Final = (
    ("202433", "tradename_of", "161"), ("315263", "has_ingredient", "161"), ("369097", "has_ingredient", "161"),
    ("369097", "has_dose_form", "317541"), ("317541", "has_doseformgroup", "1151133"),
    ("313782", "consists_of", "315263"), ("313782", "isa", "369097"), ("313782", "has_dose_form", "317541"),
    ("209387", "tradename_of", "313782"), ("209387", "has_ingredient", "202433"),
    ("9900002", "tradename_of", "9900001"), ("9900008", "tradename_of", "9900001"),
    ("9900004", "consists_of", "9900001"), ("9900004", "quantified_form_of", "9900003"),
    *((str(9910000 + at), "consists_of", "9900001") for at in range(_PRODUCTS)),
)  # fmt: skip
_GONE: Final = {"9900006": ("zelquitan 1 MG Tablet", "SCD", "9910000"), "9900007": ("zelquitan 9 MG Gum", "SCD", "")}
"""Concepts of earlier releases: name, term type, and the concept that took their place, if one did."""
_CODES: Final = {"161": {"ATC": "N02BE01", "SNOMEDCT": "387517004"}}
_CLASSES: Final = {
    "161": [("N02BE", "Anilides", "ATC1-4", "", "ATC"), ("D010146", "Pain", "DISEASE", "may_treat", "MEDRT")]
}
_PACKAGES: Final = {"00990100101": ("313782", "ACTIVE"), "00990100202": ("313782", "OBSOLETE")}
_SOLD: Final = ("SCD", "SBD", "GPCK", "BPCK")
_SHOWN: Final = ("BN", "BPCK", "DF", "DFG", "GPCK", "IN", "MIN", "PIN", "SBD", "SBDC", "SBDF", "SBDG", "SCD", "SCDC",
                 "SCDF", "SCDG")  # fmt: skip


def _related(id: str) -> list[_Concept]:
    """Return what RxNav shows beside a concept: all above and all below it, and the brands of what is below."""

    def reach(start: str, edges: Iterable[tuple[str, str]]) -> set[str]:
        pairs, found, todo = list(edges), {start}, [start]
        while todo:
            at = todo.pop()
            fresh = {other for one, other in pairs if one == at} - found
            found |= fresh
            todo += fresh
        return found

    below = reach(id, ((up, low) for low, _, up in _UP))
    brands = {up for low, _, up in _UP if low in below and _BY_ID[up].tty == "BN"}
    found = (reach(id, ((low, up) for low, _, up in _UP)) | below | brands) - {id}
    return [each for each in _CONCEPTS if each.id in found and each.suppress in ("N", "E")]


def _shown(each: _Concept) -> dict[str, str]:
    return {"rxcui": each.id, "name": each.name, "synonym": each.synonym, "tty": each.tty, "language": "ENG",
            "suppress": each.suppress, "umlscui": ""}  # fmt: skip


def _groups(concepts: Iterable[_Concept], types: Iterable[str]) -> list[dict[str, Any]]:
    """Return concept groups; a type without concepts has no ``conceptProperties``."""
    listed = list(concepts)
    made: list[dict[str, Any]] = []
    for tty in types:
        found = [_shown(each) for each in listed if each.tty == tty]
        made.append({"tty": tty, "conceptProperties": found} if found else {"tty": tty})
    return made


def simulator() -> Simulator:
    """Return the interface over the made concepts."""
    return _answer


def _answer(asked: Asked) -> Reply:
    path = asked.path
    if asked.method != "GET" or not path.startswith("/REST/"):
        return Reply(b"<html><body>Not Found</body></html>", 404, "text/html")
    if path == "/REST/version.json":
        return Reply({"version": "05-Jan-2026", "apiVersion": "3.1.350"})
    simple = {"/REST/rxcui.json": _by_name, "/REST/drugs.json": _drugs, "/REST/approximateTerm.json": _approximate,
              "/REST/ndcstatus.json": _ndc_status, "/REST/ndcproperties.json": _ndc_properties,
              "/REST/rxclass/class/byRxcui.json": _classes}  # fmt: skip
    if path in simple:
        return simple[path](asked)
    match = re.fullmatch(r"/REST/rxcui/([^/]+)/(\w+)\.json", path)
    of_id = {"properties": _properties, "allProperties": _all_properties, "related": _related_by_type,
             "allrelated": _all_related, "historystatus": _history}  # fmt: skip
    if match is None or match[2] not in of_id:
        return Reply({"error": "Not found"}, 404)
    return of_id[match[2]](match[1], asked)


def _due(asked: Asked, name: str) -> Reply | None:
    if asked.one(name):
        return None
    return Reply({"error": f"Required parameter '{name}' is not present."}, 400)


def _by_name(asked: Asked) -> Reply:
    name = asked.one("name")
    if missing := _due(asked, "name"):
        return missing

    def plain(text: str) -> list[str]:
        return sorted(re.findall(r"\w+", text.casefold()))

    active = [each for each in _CONCEPTS if each.suppress == "N"]
    found = [each for each in active if name.casefold() in (each.name.casefold(), each.synonym.casefold())]
    if not found and asked.one("search", "0") in ("1", "2"):
        found = [each for each in active if plain(name) in (plain(each.name), plain(each.synonym))]
    return Reply({"idGroup": {"rxnormId": [each.id for each in found]} if found else {}})


def _drugs(asked: Asked) -> Reply:
    if missing := _due(asked, "name"):
        return missing
    name = asked.one("name").casefold()
    roots = [
        each for each in _CONCEPTS if each.suppress == "N" and name in (each.name.casefold(), each.synonym.casefold())
    ]
    sold = {each.id: each for root in roots for each in (root, *_related(root.id)) if each.tty in _SOLD}
    sold = {id: each for id, each in sold.items() if each.suppress == "N"}
    if not sold:
        return Reply({"drugGroup": {"name": asked.one("name")}})
    return Reply({"drugGroup": {"name": None, "conceptGroup": _groups(sold.values(), _SOLD)}})


def _approximate(asked: Asked) -> Reply:
    if missing := _due(asked, "term"):
        return missing
    words = set(re.findall(r"\w+", asked.one("term").casefold()))
    scored: list[tuple[float, _Concept]] = []
    for each in _CONCEPTS:
        have = set(re.findall(r"\w+", f"{each.name} {each.synonym}".casefold()))
        near = sum(any(w == h or (len(w) > 4 and w[:4] == h[:4]) for h in have) for w in words)
        if near and each.suppress == "N":
            scored.append((round(10 * near / len(have | words), 4), each))
    scored.sort(key=lambda pair: (-pair[0], int(pair[1].id)))
    most = int(asked.one("maxEntries", "20"))
    candidates = [
        {"rxcui": each.id, "rxaui": f"{each.id}{copy}", "score": str(score), "rank": str(rank),
         **({"name": each.name} if source == "RXNORM" else {}), "source": source}
        for rank, (score, each) in enumerate(scored[:most], 1)
        for copy, source in enumerate(("RXNORM", "MMSL"))
    ]  # fmt: skip
    group: dict[str, Any] = {"inputTerm": None}
    return Reply({"approximateGroup": {**group, "candidate": candidates} if candidates else group})


def _ndc_status(asked: Asked) -> Reply:
    if missing := _due(asked, "ndc"):
        return missing
    ndc = asked.one("ndc")
    if ndc not in _PACKAGES:
        return Reply({"ndcStatus": {"ndc11": ndc, "status": "UNKNOWN", "active": "", "rxnormNdc": "NO", "rxcui": "",
                                    "conceptName": "", "conceptStatus": "", "sourceList": {}, "altNdc": "NO",
                                    "comment": "", "ndcHistory": []}})  # fmt: skip
    id, status = _PACKAGES[ndc]
    return Reply({"ndcStatus": {
        "ndc11": ndc, "status": status, "active": "YES" if status == "ACTIVE" else "NO", "rxnormNdc": "YES",
        "rxcui": id,
        "conceptName": _BY_ID[id].name, "conceptStatus": "ACTIVE", "sourceList": {"sourceName": ["RXNORM"]},
        "altNdc": "NO", "comment": "",
        "ndcHistory": [{"activeRxcui": id, "originalRxcui": id, "startDate": "201401", "endDate": "202601"}],
    }})  # fmt: skip


def _ndc_properties(asked: Asked) -> Reply:
    if missing := _due(asked, "id"):
        return missing
    ndc = asked.one("id")
    if ndc not in _PACKAGES:
        return Reply({})
    return Reply({"ndcPropertyList": {"ndcProperty": [{
        "ndcItem": ndc, "ndc9": "0990-1001", "ndc10": "0990-1001-01", "rxcui": _PACKAGES[ndc][0],
        "splSetIdItem": "00000000-0000-4000-8000-000000000001",
        "packagingList": {"packaging": ["100 TABLET in 1 BOTTLE (0990-1001-01)"]},
        "propertyConceptList": {"propertyConcept": [{"propName": "LABELER", "propValue": "Made Labs"}]},
    }]}})  # fmt: skip


def _classes(asked: Asked) -> Reply:
    if missing := _due(asked, "rxcui"):
        return missing
    id = asked.one("rxcui")
    if id not in _CLASSES:
        return Reply({"userInput": {"rxcui": id}})
    concept = _BY_ID[id]
    return Reply({"userInput": {"rxcui": id}, "rxclassDrugInfoList": {"rxclassDrugInfo": [
        {"minConcept": {"rxcui": id, "name": concept.name, "tty": concept.tty},
         "rxclassMinConceptItem": {"classId": class_id, "className": name, "classType": kind},
         "rela": rela, "relaSource": source}
        for class_id, name, kind, rela, source in _CLASSES[id]
    ]}})  # fmt: skip


def _properties(id: str, asked: Asked) -> Reply:
    return Reply({"properties": _shown(_BY_ID[id])} if id in _BY_ID else {})


def _all_properties(id: str, asked: Asked) -> Reply:
    if id not in _BY_ID:
        return Reply({"propConceptGroup": None})
    each = _BY_ID[id]
    rows = [("ATTRIBUTES", "TTY", each.tty), ("CODES", "RxCUI", id), ("NAMES", "RxNorm Name", each.name)]
    rows += [("NAMES", "RxNorm Synonym", each.synonym)] if each.synonym else []
    rows += [("CODES", source, code) for source, code in _CODES.get(id, {}).items()]
    listed = [{"propCategory": kind, "propName": name, "propValue": value} for kind, name, value in rows]
    return Reply({"propConceptGroup": {"propConcept": listed}})


def _related_by_type(id: str, asked: Asked) -> Reply:
    if missing := _due(asked, "tty"):
        return missing
    types = asked.one("tty").split()
    if id not in _BY_ID:
        return Reply({"relatedGroup": {"rxcui": None, "termType": types, "conceptGroup": None}})
    return Reply({"relatedGroup": {"rxcui": id, "termType": types, "conceptGroup": _groups(_related(id), types)}})


def _all_related(id: str, asked: Asked) -> Reply:
    if id not in _BY_ID:
        return Reply({"allRelatedGroup": {"rxcui": None, "conceptGroup": None}})
    return Reply({"allRelatedGroup": {"rxcui": id, "conceptGroup": _groups(_related(id), _SHOWN)}})


def _history(id: str, asked: Asked) -> Reply:
    if id in _GONE:
        name, tty, now = _GONE[id]
        heir = _BY_ID.get(now)
        derived: dict[str, Any] = {}
        if heir:
            derived = {"remappedConcept": [{"remappedRxCui": now, "remappedName": heir.name, "remappedActive": "YES",
                                            "remappedTTY": heir.tty}]}  # fmt: skip
        return Reply(_told(id, name, tty, "Remapped" if heir else "NotCurrent", {}, derived))
    each = _BY_ID.get(id)
    if each is None:
        return Reply({"rxcuiStatusHistory": {"metaData": {"status": "UNKNOWN"}, "attributes": None}})
    features: dict[str, Any] = {}
    if id == "313782":
        features = {
            "ingredientAndStrength": [{"baseRxcui": "161", "baseName": "acetaminophen", "numeratorValue": "325",
                                       "numeratorUnit": "MG", "denominatorValue": "1", "denominatorUnit": "EACH"}],
            "doseFormConcept": [{"doseFormRxcui": "317541", "doseFormName": "Oral Tablet"}],
        }  # fmt: skip
    derived = {}
    if each.suppress == "E":
        forms = [low for low, rela, up in _UP if up == id and rela == "quantified_form_of"]
        derived = {"quantifiedConcept": [{"quantifiedRxcui": low, "quantifiedName": _BY_ID[low].name,
                                          "quantifiedTTY": "SCD", "quantifiedActive": "YES"}
                                         for low in forms]}  # fmt: skip
    status = {"N": "Active", "O": "Obsolete", "E": "Quantified"}[each.suppress]
    return Reply(_told(id, each.name, each.tty, status, features, derived))


def _told(
    id: str, name: str, tty: str, status: str, features: dict[str, Any], derived: dict[str, Any]
) -> dict[str, Any]:
    return {"rxcuiStatusHistory": {
        "metaData": {"status": status, "source": "RXNORM", "releaseStartDate": "042005", "releaseEndDate": "",
                     "isCurrent": "YES" if id in _BY_ID else "NO", "activeStartDate": "042005", "activeEndDate": "",
                     "remappedDate": ""},
        "attributes": {"rxcui": id, "name": name, "tty": tty, "isMultipleIngredient": "NO", "isBranded": "NO"},
        "definitionalFeatures": features, "pack": {}, "derivedConcepts": derived,
    }}  # fmt: skip


def bulk(folder: Path) -> list[Path]:
    """Write a release's zip: RXNCONSO, RXNREL, RXNSAT and RXNATOMARCHIVE, each relation in both directions."""
    names = [_conso(each.id, each.tty, each.name, each.suppress) for each in _CONCEPTS]
    names += [_conso(each.id, "SY", each.synonym, each.suppress) for each in _CONCEPTS if each.synonym]
    names += [
        _conso(id, "PT", _BY_ID[id].name, "N", {"SNOMEDCT": "SNOMEDCT_US"}.get(source, source), code)
        for id, codes in _CODES.items() for source, code in codes.items()
    ]  # fmt: skip
    relations = [_rel(low, rela, up) for low, rela, up in _UP] + [
        _rel(up, f"inverse_{rela}", low) for low, rela, up in _UP
    ]
    packages = [
        f"{id}|||1||CODE|||NDC|RXNORM|{ndc}|{'N' if status == 'ACTIVE' else 'O'}||"
        for ndc, (id, status) in _PACKAGES.items()
    ]
    archive = [
        f"1||{name}|01/01/2020|01/01/2019|01/01/2020|{id}|N|ENG|||RXNORM_20AA|{id}|RXNORM|{tty}|{now}|"
        for id, (name, tty, now) in _GONE.items()
    ]
    path = folder / "RxNorm_full_01052026.zip"
    tables = {"RXNCONSO": names, "RXNREL": relations, "RXNSAT": packages, "RXNATOMARCHIVE": archive}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, rows in tables.items():
            made.writestr(f"rrf/{name}.RRF", "".join(f"{row}\n" for row in rows))
    return [path]


def _conso(id: str, tty: str, name: str, suppress: str, source: str = "RXNORM", code: str = "") -> str:
    return f"{id}|ENG||||||{id}0|||{code or id}|{source}|{tty}|{code or id}|{name}||{suppress}|4096|"


def _rel(low: str, rela: str, up: str) -> str:
    """RXCUI2 (here ``low``) has the relation to RXCUI1."""
    return f"{up}||CUI|RO|{low}||CUI|{rela}|||RXNORM|||||4096|"

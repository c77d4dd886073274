"""A map as FHIR R4 ConceptMap (http://hl7.org/fhir/R4/conceptmap.html).

Approved items have their target; items that a person found no target for, and items nobody has decided, are listed as
unmatched. How a target was found, its score and who approved it stand in the target's comment, and as extensions for
machines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from bogam.terms import icd10cm
from bogam.terms.imported import SYSTEMS
from bogam.terms.mapping.maps import MapItem, MapRow
from bogam.terms.wordindex import words

METHOD: Final = "Bogam matching: letters and words, unit and specimen"
_EXTENSION: Final = "urn:bogam:map:"


def conceptmap(map: MapRow, items: Iterable[MapItem]) -> dict[str, Any]:
    """Return the ConceptMap: status active when all is decided, else draft."""
    target = icd10cm.URI if map.system == icd10cm.SYSTEM else SYSTEMS[map.system].uri
    made: dict[str, Any] = {
        "resourceType": "ConceptMap",
        "id": f"bogam-map-{map.id}",
        "status": "active" if map.decided == map.total else "draft",
        "experimental": False,
        "date": map.at,
        "title": map.name,
        "description": f"Local codes of {map.name} to {map.system} {map.version}. {METHOD}; approved by people.",
        "targetUri": target,
    }
    elements = [_element(item) for item in items]
    if elements:
        source = f"urn:bogam:local:{map.id}"
        group = {"source": source, "target": target, "targetVersion": map.version, "element": elements}
        made["group"] = [group]
    return made


def _element(item: MapItem) -> dict[str, Any]:
    element: dict[str, Any] = {"code": item.code, "display": item.name}
    if item.state != "approved":
        told = f"No target, by {item.by}, {item.at}." if item.state == "none" else "Not decided yet."
        return element | {"target": [{"equivalence": "unmatched", "comment": told}]}
    target: dict[str, Any] = {
        "extension": [
            {"url": f"{_EXTENSION}method", "valueString": METHOD},
            {"url": f"{_EXTENSION}score", "valueDecimal": round(item.score, 4)},
            {"url": f"{_EXTENSION}approved-by", "valueString": item.by},
            {"url": f"{_EXTENSION}approved-at", "valueDateTime": item.at},
        ],
        "code": item.target,
        "display": item.display,
        "equivalence": "equivalent" if words(item.name) == words(item.display) else "relatedto",
        "comment": f"{METHOD}; score {item.score:.2f}; approved by {item.by}, {item.at}.",
    }
    return element | {"target": [target]}


def render(map: MapRow, items: Iterable[MapItem]) -> bytes:
    """Return the ConceptMap as JSON."""
    return orjson.dumps(conceptmap(map, items))

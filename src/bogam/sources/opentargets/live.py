"""The GraphQL interface of the Open Targets Platform (https://platform-docs.opentargets.org/data-access/graphql-api).

The queries are those of the schema served since release 26.06.
"""

from __future__ import annotations

from typing import Any, Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import start_of
from bogam.sources.opentargets import records
from bogam.sources.opentargets.question import Search, parts_of
from bogam.sources.outside.http import Http
from bogam.sources.reading import korean
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup

_META: Final = "meta { dataVersion { year month iteration } }"
_TARGET: Final = """
id approvedSymbol approvedName biotype functionDescriptions symbolSynonyms { label source } proteinIds { id source }
genomicLocation { chromosome start end strand } tractability { label modality value }
"""
_DISEASE: Final = """
id name diseaseDescription: description diseaseSynonyms: synonyms { relation terms } therapeuticAreas { id }
parents { id } dbXRefs
"""
_DRUG: Final = """
id name drugDescription: description drugType maximumClinicalStage drugSynonyms: synonyms { label source }
tradeNames { label source } parentMolecule { id }
"""
_SCORES: Final = "score datatypeScores { id score } datasourceScores { id score }"
_FOUND: Final = f"""
query Search($text: String!, $kinds: [String!]!, $index: Int!, $size: Int!) {{
  {_META}
  search(queryString: $text, entityNames: $kinds, page: {{index: $index, size: $size}}) {{
    total
    hits {{
      id entity
      object {{ ... on Target {{ {_TARGET} }} ... on Disease {{ {_DISEASE} }} ... on Drug {{ {_DRUG} }} }}
    }}
  }}
}}
"""
_OF_TARGET: Final = f"""
query OfTarget($target: String!, $only: [String!], $index: Int!, $size: Int!) {{
  {_META}
  target(ensemblId: $target) {{
    id approvedSymbol
    associatedDiseases(Bs: $only, enableIndirect: false, page: {{index: $index, size: $size}}) {{
      count rows {{ {_SCORES} disease {{ id name }} }}
    }}
  }}
}}
"""
_OF_DISEASE: Final = f"""
query OfDisease($disease: String!, $only: [String!], $index: Int!, $size: Int!) {{
  {_META}
  disease(efoId: $disease) {{
    id name
    associatedTargets(Bs: $only, enableIndirect: false, page: {{index: $index, size: $size}}) {{
      count rows {{ {_SCORES} target {{ id approvedSymbol }} }}
    }}
  }}
}}
"""
_PAIR: Final = f"""
query Pair($disease: String!, $target: String!) {{
  {_META}
  disease(efoId: $disease) {{
    id name
    evidences(ensemblIds: [$target], enableIndirect: false, size: 1) {{ count }}
    associatedTargets(Bs: [$target], enableIndirect: false, page: {{index: 0, size: 1}}) {{
      count rows {{ {_SCORES} target {{ id approvedSymbol }} }}
    }}
  }}
}}
"""
_ONE: Final = {
    "target": f"query One($id: String!) {{ {_META} target(ensemblId: $id) {{ {_TARGET} }} }}",
    "disease": f"query One($id: String!) {{ {_META} disease(efoId: $id) {{ {_DISEASE} }} }}",
    "drug": f"query One($id: String!) {{ {_META} drug(chemblId: $id) {{ {_DRUG} }} }}",
}
_KINDS: Final = ("target", "disease", "drug")


class Live:
    """The live backend."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        return korean.asked(request, self._search, "Open Targets")

    def _search(self, request: Search) -> Result:
        start = start_of(request.next)
        if start % request.limit:
            raise BadQuery("Open Targets goes on in whole pages: keep the limit of the earlier answer.")
        page = {"index": start // request.limit, "size": request.limit}
        if request.disease:
            items, total, release = self._of_disease(request, page)
        elif request.target:
            items, total, release = self._of_target(request, page)
        else:
            items, total, release = self._found(request, page)
        if not items and start < total:
            raise Upstream(f"Open Targets sent an empty page where {total - start} of {total} were left.")
        end = start + request.limit
        return Result(items, total, str(end) if end < total else "", version=release)

    def get(self, request: Lookup) -> Result:
        kind, key, other = parts_of(request.id)
        if kind == "association":
            return self._pair(key, other)
        data, release = self._ask(_ONE[kind], {"id": key})
        found = data.object(kind)
        if found is None:
            raise UnknownId(f'Open Targets has no {kind} "{key}".')
        return Result((_item(kind, _asked_for(found, key), release),), 1, version=release)

    def _found(self, request: Search, page: dict[str, int]) -> tuple[tuple[Item, ...], int, str]:
        kinds = list(_KINDS) if request.kind == "any" else [request.kind]
        data, release = self._ask(_FOUND, {"text": request.text, "kinds": kinds, **page})
        found = _due(data, "search")
        items: list[Item] = []
        for hit in found.objects("hits", due=True):
            kind, object = hit.text("entity", due=True), hit.object("object")
            if kind not in kinds or object is None:
                raise Upstream(f"Open Targets found a {kind[:40]} without content where {', '.join(kinds)} was asked.")
            items.append(_item(kind, _asked_for(object, hit.text("id")), release))
        return tuple(items), _count(found, "total"), release

    def _of_target(self, request: Search, page: dict[str, int]) -> tuple[tuple[Item, ...], int, str]:
        data, release = self._ask(_OF_TARGET, {"target": request.target, "only": None, **page})
        found = data.object("target")
        if found is None:
            raise UnknownId(f'Open Targets has no target "{request.target}".')
        target = _named(_asked_for(found, request.target))
        rows = _due(found, "associatedDiseases")
        items = [
            records.association(target, _named(_due(row, "disease")), row, release)
            for row in rows.objects("rows", due=True)
        ]
        return tuple(items), _count(rows, "count"), release

    def _of_disease(self, request: Search, page: dict[str, int]) -> tuple[tuple[Item, ...], int, str]:
        only = [request.target] if request.target else None
        data, release = self._ask(_OF_DISEASE, {"disease": request.disease, "only": only, **page})
        found = data.object("disease")
        if found is None:
            raise UnknownId(f'Open Targets has no disease "{request.disease}".')
        disease = _named(_asked_for(found, request.disease))
        rows = _due(found, "associatedTargets")
        items = [
            records.association(_named(_due(row, "target")), disease, row, release)
            for row in rows.objects("rows", due=True)
        ]
        return tuple(items), _count(rows, "count"), release

    def _pair(self, target: str, disease: str) -> Result:
        data, release = self._ask(_PAIR, {"disease": disease, "target": target})
        found = data.object("disease")
        rows = _due(_asked_for(found, disease), "associatedTargets").objects("rows", due=True) if found else []
        if found is None or not rows:
            raise UnknownId(f"Open Targets has no direct association of {target} with {disease}.")
        one = _asked_for(_due(rows[0], "target"), target)
        whole = rows[0].plus(evidenceCount=_count(_due(found, "evidences"), "count"))
        return Result((records.association(_named(one), _named(found), whole, release),), 1, version=release)

    def _ask(self, query: str, variables: dict[str, Any]) -> tuple[Shape, str]:
        """Return the data of an answer and the release it is of; errors come with status 200."""
        reply = self._http.post("/api/v4/graphql", {"query": query, "variables": variables}, ok=(200,))
        answer = Shape(reply.object(), "Open Targets' answer")
        errors = answer.objects("errors")
        if errors:
            raise Upstream(f"Open Targets reported an error: {errors[0].text('message')[:200]}")
        data = _due(answer, "data")
        version = _due(_due(data, "meta"), "dataVersion")
        year, month = version.text("year", due=True), version.text("month", due=True)
        iteration = version.text("iteration")
        return data, f"{year}.{month:0>2}" + (f".{iteration}" if iteration not in ("", "0") else "")


def _due(shape: Shape, name: str) -> Shape:
    found = shape.object(name)
    if found is None:
        raise Upstream(f"{shape.what} lacks {name}. Its interface may have changed.")
    return found


def _asked_for(found: Shape, id: str) -> Shape:
    if found.text("id") != id:
        raise Upstream(f"Open Targets sent {found.text('id')[:60] or 'nothing'} where {id[:60]} was asked for.")
    return found


def _count(shape: Shape, name: str) -> int:
    found = shape.number(name)
    if not isinstance(found, int) or found < 0:
        raise Upstream(f"{shape.what}: {name} is no count. Its interface may have changed.")
    return found


def _named(raw: Shape) -> dict[str, Any]:
    return {
        "id": raw.text("id", due=True),
        "approved_symbol": raw.text("approvedSymbol"),
        "name": raw.text("name"),
    }


def _item(kind: str, raw: Shape, release: str) -> Item:
    """Return an item; what the interface nests is laid flat as the files have it."""
    if kind == "target":
        return records.target(raw, release)
    if kind == "drug":
        parent = raw.object("parentMolecule")
        flat = raw.plus(
            description=raw.text("drugDescription"),
            synonyms=[{"label": each.text("label")} for each in raw.objects("drugSynonyms")],
            parentId=parent.text("id") if parent else "",
        )
        return records.drug(flat, release)
    flat = raw.plus(
        description=raw.text("diseaseDescription"),
        synonyms=[
            {"relation": each.text("relation"), "terms": each.texts("terms")} for each in raw.objects("diseaseSynonyms")
        ],
        therapeuticAreas=[each.text("id") for each in raw.objects("therapeuticAreas")],
        parents=[each.text("id") for each in raw.objects("parents")],
    )
    return records.disease(flat, release)

"""ChEMBL's data web services (https://chembl.gitbook.io/chembl-interface-documentation/web-services)."""

from __future__ import annotations

from typing import Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.chembl.question import Search, kind_and_key
from bogam.sources.chembl.records import RESOURCES, Resource
from bogam.sources.mirrors import start_of
from bogam.sources.outside.http import Http, Reply
from bogam.sources.reading import korean
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup

_API: Final = "/chembl/api/data"
_ENTITIES: Final = {"COMPOUND": "molecule", "TARGET": "target", "ASSAY": "assay", "DOCUMENT": "document"}
_TEXT: Final = {
    "activity": "assay_description__icontains",
    "mechanism": "mechanism_of_action__icontains",
    "indication": "efo_term__icontains",
}
_FILTERS: Final = {
    "molecule": "molecule_chembl_id",
    "target": "target_chembl_id",
    "gene": "target_components__target_component_synonyms__component_synonym__iexact",
    "organism": "organism__iexact",
    "smiles": "molecule_structures__canonical_smiles__exact",
    "inchi_key": "molecule_structures__standard_inchi_key",
    "max_phase": "max_phase__gte",
    "standard_type": "standard_type__iexact",
    "assay_type": "assay_type",
    "pchembl": "pchembl_value__gte",
    "efo_id": "efo_id",
}
_OF_KIND: Final = {
    ("activity", "organism"): "target_organism__iexact",
    ("indication", "max_phase"): "max_phase_for_ind__gte",
}


class Live:
    """The live backend."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        return korean.asked(request, self._search, "ChEMBL")

    def _search(self, request: Search) -> Result:
        resource = RESOURCES[request.kind]
        start = start_of(request.next)
        params: dict[str, str | int] = {"limit": request.limit, "offset": start}
        path = f"{_API}/{resource.path}.json"
        ranked = bool(request.text) and request.kind in ("molecule", "target")
        if ranked:
            path = f"{_API}/{resource.path}/search.json"
            params["q"] = request.text
        else:
            params["order_by"] = resource.key
            for name in request.given():
                params[_OF_KIND.get((request.kind, name), _FILTERS[name])] = str(getattr(request, name))
            if request.text:
                params[_TEXT[request.kind]] = request.text
        page = _sound(self._http.get(path, params))
        rows, total = _rows(page, resource, start, request.limit, whole=not ranked)
        release = self._release()
        items = tuple(resource.item(row, release) for row in rows)
        end = start + request.limit
        return Result(items, total, str(end) if end < total else "", version=release)

    def get(self, request: Lookup) -> Result:
        kind, key = kind_and_key(request.id)
        resource = RESOURCES[kind or self._kind_of(key)]
        reply = self._http.get(f"{_API}/{resource.path}/{key}.json", ok=(200, 404))
        if reply.status == 404:
            raise UnknownId(f'ChEMBL has no "{request.id}".')
        raw = _sound(reply)
        if raw.text(resource.key, due=True) != key:
            raise Upstream(f"ChEMBL sent {raw.text(resource.key)[:60]} where {key} was asked for.")
        release = self._release()
        item: Item = resource.item(raw, release)
        return Result((item,), 1, version=release)

    def _kind_of(self, id: str) -> str:
        """Return what a ChEMBL id stands for."""
        reply = self._http.get(f"{_API}/chembl_id_lookup/{id}.json", ok=(200, 404))
        if reply.status == 404:
            raise UnknownId(f'ChEMBL has no "{id}".')
        raw = _sound(reply)
        if raw.text("chembl_id") != id:
            raise Upstream(f"ChEMBL looked up {raw.text('chembl_id')[:60]} where {id} was asked for.")
        return kind_of(id, raw.text("entity_type", due=True), raw.text("status"))

    def _release(self) -> str:
        """Return the release that the interface serves (``ChEMBL_36``)."""
        return _sound(self._http.get(f"{_API}/status.json")).text("chembl_db_version", due=True)


def kind_of(id: str, entity: str, status: str) -> str:
    """Return the kind of record that an entry of ChEMBL's list of ids stands for.

    Raises
    ------
    UnknownId
        When the id is no longer in use.
    BadQuery
        When it stands for what is not read here (a cell line, a tissue).
    """
    if status not in ("ACTIVE", ""):
        raise UnknownId(f"{id} is no longer in ChEMBL (status {status[:20]}).")
    if entity not in _ENTITIES:
        raise BadQuery(f"{id} is a {entity[:40].lower()}; molecules, targets, assays and documents are read here.")
    return _ENTITIES[entity]


def _sound(reply: Reply) -> Shape:
    """Return the object of a reply, unless it tells of an error although its status does not."""
    found = Shape(reply.object(), "ChEMBL's answer")
    if found.has("error_message"):
        raise Upstream(f"ChEMBL reported an error: {found.text('error_message')[:200]}")
    return found


def _rows(page: Shape, resource: Resource, start: int, limit: int, *, whole: bool) -> tuple[list[Shape], int]:
    """Return the records of a page and how many there are in all, after the page was compared with what it says.

    A list must be ``whole``; a search by rank may hold a record less where its index is behind, but not none.
    """
    meta = page.object("page_meta")
    total = meta.number("total_count") if meta else None
    if meta is None or not isinstance(total, int) or total < 0:
        raise Upstream("ChEMBL sent a page without page_meta.total_count. Its interface may have changed.")
    rows = page.objects(resource.many, due=True)
    due = max(0, min(limit, total - start))
    short = len(rows) != due or (start + due < total) != meta.has("next")
    if len(rows) > due or (short and (whole or not rows)):
        raise Upstream(f"ChEMBL sent {len(rows)} records where {due} of {total} were due. Try again later.")
    return rows, total

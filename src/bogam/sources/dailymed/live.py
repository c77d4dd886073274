"""DailyMed over its web services: lists as JSON with numbers and nulls as text, labels as XML."""

from __future__ import annotations

from typing import Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.dailymed.label import Get, Part, Search, check, day, entry, identified, part, whole
from bogam.sources.mirrors import start_of
from bogam.sources.outside.http import Http
from bogam.sources.reading.shape import Shape
from bogam.sources.reading.spl import read

_PAGES: Final = 20
"""Pages of a part that are read, a hundred entries each."""


class Live:
    """Answers from https://dailymed.nlm.nih.gov."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        """Return labels as DailyMed lists them: id, title, version, date."""
        name = check(request)
        start = start_of(request.next)
        if start % request.limit:
            raise BadQuery("DailyMed is read page by page: go on with the limit that you began with.")
        params: dict[str, str | int] = {
            "drug_name": name,
            "name_type": request.name_type if name else "",
            "ndc": request.ndc,
            "rxcui": request.rxcui,
            "setid": request.setid.lower(),
            "labeler": request.labeler,
            "manufacturer": request.manufacturer,
            "boxed_warning": "" if request.boxed_warning is None else str(request.boxed_warning).lower(),
            "pagesize": request.limit,
            "page": start // request.limit + 1,
        }
        body = Shape(self._http.get("/spls.json", params).object(), "DailyMed: spls")
        total, version = _count(body), _published(body)
        items = tuple(_listed(each) for each in body.objects("data", due=True))
        end = start + len(items)
        due = min(request.limit, max(total - start, 0))
        if len(items) != due:
            raise Upstream(f"DailyMed sent {len(items)} labels where {due} were due ({total} match). Try again later.")
        return Result(items, total, str(end) if end < total else "", version=version)

    def get(self, request: Get) -> Result:
        """Return a label with its sections, or one of its parts."""
        set_id, which = identified(request.id)
        return self._part(set_id, which) if which else self._label(set_id)

    def _label(self, set_id: str) -> Result:
        reply = self._http.get(f"/spls/{set_id}.xml", ok=(200, 404))
        if reply.status == 404 or not reply.body.strip():
            raise self._unknown(set_id)
        label = read(reply.xml())
        if label.set_id != set_id:
            raise Upstream(f"DailyMed sent the label {label.set_id[:60]} where {set_id} was asked for.")
        return Result((whole(label),), 1, version=label.effective)

    def _part(self, set_id: str, which: Part) -> Result:
        listed: list[dict[str, object]] = []
        page, more, title, version, published, stamp = 1, True, "", "", "", ""
        while more and page <= _PAGES:
            params = {"pagesize": 100, "page": page} if which != "packaging" else {}
            reply = self._http.get(f"/spls/{set_id}/{which}.json", params, ok=(200, 404))
            if reply.status == 404 or not reply.body.strip():
                raise self._unknown(set_id)
            body = Shape(reply.object(), f"DailyMed: {which}")
            data, meta = _inside(body, "data"), _inside(body, "metadata")
            about = _inside(data, "spl") if which == "history" else data
            if about.text("setid", due=True).lower() != set_id:
                raise Upstream(f"DailyMed sent {which} of {about.text('setid')[:60]} where {set_id} was asked for.")
            title, version, published = (
                about.text("title", due=True),
                about.text("spl_version"),
                about.text("published_date"),
            )
            stamp = _published(body) if meta.has("db_published_date") else ""
            listed += [
                _entry(which, each) for each in data.objects("products" if which == "packaging" else which, due=True)
            ]
            more = _null(meta.text("next_page")) != "" or page < (meta.number("total_pages") or 1)
            page += 1
        cut = f"Only the first {len(listed)} entries are read." if more else ""
        made = part(set_id, which, title, version, day(published), listed)
        return Result((made,), 1, cut=cut, version=stamp)

    def _unknown(self, set_id: str) -> UnknownId | Upstream:
        """Return what a missing label means: asked for in the list, DailyMed says whether it has it."""
        body = Shape(self._http.get("/spls.json", {"setid": set_id}).object(), "DailyMed: spls")
        if _count(body):
            return Upstream(f"DailyMed lists the label {set_id} and does not give it. Try again later.")
        return UnknownId(f'DailyMed has no label "{set_id}".')


def _listed(given: Shape) -> Item:
    set_id, title = given.text("setid", due=True).lower(), given.text("title", due=True)
    return entry(set_id, title, given.text("spl_version", due=True), day(given.text("published_date", due=True)))


def _entry(which: Part, given: Shape) -> dict[str, object]:
    if which == "history":
        version, published = given.text("spl_version", due=True), given.text("published_date", due=True)
        return {"spl_version": version, "published_date": day(published)}
    if which == "media":
        return {name: given.text(name, due=name != "mime_type") for name in ("name", "mime_type", "url")}
    if which == "ndcs":
        return {"ndc": given.text("ndc", due=True)}
    return {
        "ndc": given.text("product_code"),
        "name": given.text("product_name"),
        "generic_name": given.text("product_name_generic"),
        "active_ingredients": [
            {"name": each.text("name"), "strength": each.text("strength")}
            for each in given.objects("active_ingredients")
        ],
        "packages": [
            {"ndc": each.text("ndc"), "descriptions": each.texts("package_descriptions")}
            for each in given.objects("packaging")
        ],
    }


def _inside(given: Shape, name: str) -> Shape:
    found = given.object(name)
    if found is None:
        raise Upstream(f"{given.what}: {name} is missing. The source's interface may have changed.")
    return found


def _count(body: Shape) -> int:
    total = _inside(body, "metadata").number("total_elements")
    if not isinstance(total, int) or total < 0:
        raise Upstream("DailyMed does not say how many labels match. Its interface may have changed.")
    return total


def _published(body: Shape) -> str:
    return day(_inside(body, "metadata").text("db_published_date", due=True))


def _null(text: str) -> str:
    """Return a text; DailyMed writes nothing as the word null."""
    return "" if text == "null" else text

"""openFDA over its interface: search, paging by ``search_after``, counting, and what each of its failures means."""

from __future__ import annotations

import re
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.openfda import records
from bogam.sources.openfda.question import COUNTED, PATHS, SORTS, Get, Kind, Search, check, counted, expression
from bogam.sources.outside.http import Http, Reply
from bogam.sources.reading.shape import Shape

_FARTHEST: Final = 25_000
"""The greatest ``skip`` that openFDA allows."""
_NEXT: Final = re.compile(r"(\d{1,9})(?:~([\x21-\x7e]{1,500}))?")
_LINK: Final = re.compile(r'<([^>]{1,4000})>\s*;\s*rel="?next"?', re.IGNORECASE)
_ID: Final = re.compile(r"(label|event|ndc)/([0-9A-Za-z_.-]{1,120})")


class Live:
    """Answers from https://api.fda.gov."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        """Return records, or counts of reports."""
        check(request)
        if request.count_by:
            return self._counts(request)
        seen, after = _place(request.next)
        params: dict[str, str | int] = {
            "search": expression(request),
            "limit": request.limit,
            "sort": SORTS[request.kind],
            "search_after": after,
        }
        if seen and not after:
            params["skip"] = seen
        page = self._page(PATHS[request.kind], params)
        if page is None:
            if seen:
                raise Upstream("openFDA has no more records although it said that more match. Search anew.")
            return Result()
        if len(page.results) > request.limit:
            raise Upstream(f"openFDA sent {len(page.results)} records where at most {request.limit} were asked for.")
        items = tuple(records.item(request.kind, each, page.disclaimer) for each in page.results)
        end = seen + len(items)
        next, cut = page.onward(end, short=len(items) < request.limit)
        return Result(items, page.total, next, cut, page.version, records.NOTE if request.kind == "event" else "")

    def get(self, request: Get) -> Result:
        """Return one record; for a product's National Drug Code all that are listed under it."""
        count = counted(request.id)
        if count is not None:
            return self._one_count(*count)
        kind, id = identified(request.id)
        field = {"label": "set_id", "event": "safetyreportid"}.get(kind) or ndc_field(id)
        page = self._page(PATHS[kind], {"search": f'{field}:"{id}"', "limit": 1 if kind != "ndc" else 100})
        if page is None:
            raise UnknownId(f'openFDA has no {kind} "{id}".')
        items = tuple(records.item(kind, each, page.disclaimer) for each in page.results)
        wrong = [each.id for each in items if not is_asked(each, kind, id)]
        if wrong or not items:
            raise Upstream(f"openFDA sent {', '.join(wrong) or 'nothing'} where {request.id} was asked for.")
        return Result(items, len(items), version=page.version, note=records.NOTE if kind == "event" else "")

    def _counts(self, request: Search) -> Result:
        assert request.count_by
        asked = expression(request)
        params = {"search": asked, "count": COUNTED[request.count_by], "limit": request.limit + 1}
        page = self._page(PATHS["event"], params, counts=True)
        if page is None:
            return Result()
        total = self._total(asked)
        items: list[Item] = []
        for each in page.results:
            given = Shape(each, "openFDA: count")
            items.append(_count(request, given.text("term", due=True), given.text("count"), total, page))
        cut = f"Only the {request.limit} most frequent terms; ask for more with limit, or narrow the question."
        more = len(items) > request.limit
        shown = tuple(items[: request.limit])
        return Result(shown, None, cut=cut if more else "", version=page.version, note=records.NOTE)

    def _one_count(self, request: Search, term: str) -> Result:
        assert request.count_by
        asked = expression(request)
        holding = f'{COUNTED[request.count_by]}:"{term}"'
        both = f"{asked} AND {holding}" if asked else holding
        page = self._page(PATHS["event"], {"search": both, "limit": 1})
        if page is None:
            raise UnknownId(f'openFDA has no report with "{term}" among those asked for.')
        made = _count(request, term, str(page.total), self._total(asked), page)
        return Result((made,), 1, version=page.version, note=records.NOTE)

    def _total(self, asked: str) -> int:
        page = self._page(PATHS["event"], {"search": asked, "limit": 1})
        if page is None:
            raise Upstream("openFDA counts reports and finds none of them. Try again later.")
        return page.total

    def _page(self, path: str, params: dict[str, Any], *, counts: bool = False) -> Page | None:
        """Ask; None when openFDA says that nothing matches, which it says with status 404 in its own words alone."""
        reply = self._http.get(path, params, ok=(200, 400, 404), api_key=self._http.key)
        body = reply.object()
        error = body.get("error")
        if reply.status == 200 and error is None:
            return Page(reply, body, counts=counts)
        told = cast("dict[str, Any]", error) if isinstance(error, dict) else {}
        code, message = str(told.get("code", "")), str(told.get("message", ""))[:200]
        if reply.status == 404 and code == "NOT_FOUND" and message.lower().startswith("no matches found"):
            return None
        raise Upstream(f"openFDA refused the question (status {reply.status}, {code or 'no code'}: {message}).")


class Page:
    """A response with records or counts, its envelope checked."""

    def __init__(self, reply: Reply, body: dict[str, Any], *, counts: bool) -> None:
        meta = Shape(body.get("meta"), "openFDA: meta")
        results = body.get("results")
        if not isinstance(results, list) or not results:
            raise Upstream("openFDA sent status 200 without results. Its interface may have changed.")
        self.results = cast("list[Any]", results)
        self.version, self.disclaimer = meta.text("last_updated", due=True), meta.text("disclaimer")
        paging = None if counts else meta.object("results")
        self.total = _whole(paging.text("total") if paging else "0" if counts else "", "total")
        self._link = reply.link
        if not counts and self.total < len(self.results):
            raise Upstream(f"openFDA sent {len(self.results)} records and says that {self.total} match.")

    def onward(self, end: int, *, short: bool) -> tuple[str, str]:
        """Return what leads on after ``end`` records, or why nothing does."""
        if end >= self.total:
            return "", ""
        if short:
            raise Upstream(f"openFDA sent a page that ends after {end} of {self.total} records. Try again later.")
        found = _LINK.search(self._link)
        after = parse_qs(urlsplit(found[1]).query).get("search_after", [""])[0] if found else ""
        next = f"{end}~{after}"
        if after and _NEXT.fullmatch(next):
            return next, ""
        if end <= _FARTHEST:
            return str(end), ""
        return "", f"openFDA lets nobody read past {_FARTHEST} of {self.total} records here: narrow the question."


def identified(id: str) -> tuple[Kind, str]:
    """Return kind and own id of a record's id. Raises `BadQuery` for none."""
    found = _ID.fullmatch(id)
    if found is None:
        raise BadQuery(f'"{id[:60]}" is no id of openFDA: label/SET-ID, event/REPORT-ID or ndc/CODE.')
    return cast(Kind, found[1]), found[2].lower() if found[1] == "label" else found[2]


def ndc_field(id: str) -> str:
    """Return the member of a drug code that an id names: its product's id, a package's code, or the product's code."""
    return "product_id" if "_" in id else "packaging.package_ndc" if id.count("-") > 1 else "product_ndc"


def is_asked(item: Item, kind: Kind, id: str) -> bool:
    """Say whether an item is the one that an id names."""
    if kind != "ndc":
        return item.id == f"{kind}/{id}"
    codes = {item.id.removeprefix("ndc/"), item.fields["product_ndc"], *(p["ndc"] for p in item.fields["packaging"])}
    return id in codes


def _place(next: str) -> tuple[int, str]:
    """Return how many records lie behind, and openFDA's own mark of the place."""
    if not next:
        return 0, ""
    found = _NEXT.fullmatch(next)
    if found is None or (not found[2] and int(found[1]) > _FARTHEST):
        raise BadQuery(f'"{next[:40]}" is no place to go on from: give back `next` of the earlier answer as it was.')
    return int(found[1]), found[2] or ""


def _count(request: Search, term: str, reports: str, total: int, page: Page) -> Item:
    return records.count(request, term.upper(), _whole(reports, "count"), total, page.disclaimer, page.version)


def _whole(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise Upstream(f'openFDA sent "{text[:40]}" as {what}. Its interface may have changed.')
    return int(text)

"""A preprint server live: openRxiv's API, the same for bioRxiv and medRxiv.

It lists what was posted in a span of days, oldest first, and knows no keyword search. So a search reads the span from
its end, newest first, page by page, and says how far it came. Numbers come as numbers or as text, pages have 30 or 100
rows, and failures and empty spans alike are told in ``messages[0].status`` with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors.nearest import folded
from bogam.sources.outside.http import Http
from bogam.sources.preprints.preprint import Server, category_of, doi_of, item_of, warning_of
from bogam.sources.preprints.question import PreprintLookup, PreprintSearch
from bogam.sources.reading.shape import Shape

_PAGES: Final = 10
"""Most pages that one question reads; ``next`` goes on from there."""
_LARGEST_PAGE: Final = 100
_NONE: Final = ("no posts found", "no articles found")
_PLACE: Final = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)/(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[Shape]
    total: int


@dataclass(frozen=True, slots=True)
class _Span:
    """The days read, and how many of their rows, counted from the oldest, are still to be read; -1 for all."""

    first: str
    last: str
    left: int = -1


class PreprintLive:
    """Speaks the API through one conversation."""

    def __init__(self, http: Http, server: Server) -> None:
        self._http, self._server = http, server

    def search(self, request: PreprintSearch) -> Result:
        words, span = request.words, self._span(request)
        oldest = self._page(span, 0, request.category)
        begin = left = oldest.total if span.left < 0 else min(span.left, oldest.total)
        found: list[Item] = []
        unread: list[str] = []
        for row in self._newest_first(span, oldest, left, request.category):
            left -= 1
            try:
                item = item_of(row, self._server)
            except Upstream as error:
                unread.append(str(error))
                continue
            found += [item] if _has(item, words) else []
            if len(found) == request.limit:
                break
        if unread and not found:
            raise Upstream(unread[0])
        place = f"{span.first}/{span.last}/{left}" if left else ""
        cut = self._unread(span, begin - left, left) if words and left else ""
        total = oldest.total if not words else len(found) if begin == oldest.total and not left else None
        lost = f"Rows that could not be read: {len(unread)} ({unread[0]})" if unread else ""
        return Result(tuple(found), total, place, cut, note=" ".join(filter(None, (warning_of(found), lost))))

    def _newest_first(self, span: _Span, oldest: _Page, left: int, category: str) -> Iterator[Shape]:
        """Yield the first ``left`` rows of a span backwards, no more than one question may read."""
        for _ in range(_PAGES):
            start = max(0, left - len(oldest.rows))
            if start == left:
                return
            page = oldest if start == 0 else self._page(span, start, category)
            if len(page.rows) < left - start:
                raise Upstream(f"{self._server.label} sent {len(page.rows)} rows of {left - start}. Try again later.")
            yield from reversed(page.rows[: left - start])
            left = start

    def get(self, request: PreprintLookup) -> Result:
        rows = self._rows(f"/details/{self._server.name}/{request.doi}/na/json")[1]
        if not rows:
            label, other = self._server.label, self._server.other
            raise UnknownId(f"{label} has no preprint {request.doi}; it may be one of {other}.")
        for row in rows:
            if doi_of(row) != request.doi:
                raise Upstream(f"{self._server.label} sent {doi_of(row)} where {request.doi} was asked for.")
        items = sorted((item_of(row, self._server) for row in rows), key=lambda item: -int(item.version))
        held = ", ".join(item.version for item in reversed(items))
        if request.version:
            items = [item for item in items if item.version == request.version]
        if not items:
            raise UnknownId(f"{request.doi} has no version {request.version}; its versions are {held}.")
        return Result(tuple(self._with_journal(items, request.doi)), len(items), note=warning_of(items))

    def _with_journal(self, items: list[Item], doi: str) -> list[Item]:
        """Add in which journal, and when, a preprint was published."""
        if not any(item.fields["published_doi"] for item in items):
            return items
        rows = self._rows(f"/pubs/{self._server.name}/{doi}/na/json")[1]
        for row in rows:
            if doi_of(row, "preprint_doi") != doi:
                raise Upstream(f"{self._server.label} sent the journal of another preprint than {doi}.")
        if not rows:
            return items
        named = {name: rows[-1].text(name) for name in ("published_doi", "published_journal", "published_date")}
        return [replace(item, fields={**item.fields, **named}) for item in items]

    def _span(self, request: PreprintSearch) -> _Span:
        asked = request.date_from or self._server.since, request.date_to or datetime.now(UTC).date().isoformat()
        if not request.next:
            return _Span(*asked)
        found = _PLACE.fullmatch(request.next)
        if found is None or not _same(found.groups(), request):
            raise BadQuery("`next` belongs to another question: give it back with the dates of the earlier one.")
        return _Span(found.group(1), found.group(2), int(found.group(3)))

    def _page(self, span: _Span, start: int, category: str) -> _Page:
        path = f"/details/{self._server.name}/{span.first}/{span.last}/{start}/json"
        message, rows = self._rows(path, {"category": category_of(category)})
        if message is None:
            if start:
                raise Upstream(f"{self._server.label} sent no rows from {start} on, where there were some before.")
            return _Page([], 0)
        count, total, cursor = (_whole(message, name) for name in ("count", "total", "cursor"))
        if cursor != start:
            raise Upstream(f"{self._server.label} sent the rows from {cursor} on where those from {start} were due.")
        if count != len(rows) or not 0 < count <= _LARGEST_PAGE or start + count > total:
            raise Upstream(f"{self._server.label} says {count} rows of {total} but sent {len(rows)}. Try again later.")
        interval = message.text("interval")
        if interval and interval != f"{span.first}:{span.last}":
            raise Upstream(f"{self._server.label} answered for {interval[:30]}, which was not asked for.")
        return _Page(rows, total)

    def _rows(self, path: str, params: dict[str, str] | None = None) -> tuple[Shape | None, list[Shape]]:
        """Return the message and the rows of an answer; no message where the server says that there are none."""
        label = self._server.label
        answer = Shape(self._http.get(path, params).json(), f"{label}'s answer")
        messages = answer.objects("messages", due=True)
        if not messages:
            raise Upstream(f"{label} sent no message with its answer. Its interface may have changed.")
        status = messages[0].text("status", due=True).strip()
        rows = answer.objects("collection")
        if status.lower() in _NONE and not rows:
            return None, []
        if status.lower() != "ok":
            raise Upstream(f"{label} said “{status[:120]}”.")
        if not rows:
            raise Upstream(f"{label} said that all is well but sent no rows. Try again later.")
        return messages[0], rows

    def _unread(self, span: _Span, read: int, left: int) -> str:
        return (
            f"{self._server.label} has no keyword search: of the postings from {span.first} to {span.last}, {read:,} "
            f"were read here, the newest first; {left:,} older ones were not. Ask again with `next`, or narrow the "
            "dates or the category."
        )


def _same(place: tuple[Any, ...], request: PreprintSearch) -> bool:
    return request.date_from in ("", place[0]) and request.date_to in ("", place[1])


def _whole(message: Shape, name: str) -> int:
    """Return a count, which comes as a number or as text."""
    found = message.text(name, due=True)
    if not (found.isascii() and found.isdigit()) or len(found) > 9:
        raise Upstream(f'{message.what} has "{found[:20]}" as its {name}.')
    return int(found)


def _has(item: Item, words: list[str]) -> bool:
    """Tell whether title and abstract hold all words, as the mirror's index compares them: marks on letters aside."""
    if not words:
        return True
    texts = [item.title, *(part["text"] for part in item.fields["abstract"])]
    held = folded("\n".join(texts))
    return all(held.issuperset(folded(word)) for word in words)

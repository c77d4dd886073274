"""The NPPES interface, ``/api/?version=2.1``: an answer for every question, refusals too, with status 200."""

from __future__ import annotations

from typing import Any, Final, cast

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.npi.number import checked
from bogam.sources.npi.provider import from_interface
from bogam.sources.npi.question import Criteria, Get, Search, folded, plans, walk
from bogam.sources.outside.http import Http

_PAGE: Final = 200
_LAST_SKIP: Final = 1000
_REACH: Final = _LAST_SKIP + _PAGE
_TOO_MANY: Final = (
    f"The registry gives the first {_REACH:,} of a question and not how many there are. To see the others, add a first "
    "name, a city, a postal code or a specialty."
)


class Live:
    """Asks the interface. It tells no total and gives at most 1,200 results: 200 at a time, 1,000 skipped."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, request: Get) -> Result:
        number = checked(request.id)
        found = self._asked({"number": number}, 1, 0)
        if not found:
            raise UnknownId(
                f"The registry has no NPI {number}: it was never given out, or it is deactivated and no longer shown. "
                "The deactivation report tells."
            )
        if found[0].id != number or len(found) > 1:
            raise Upstream(
                f"The NPI registry answered with {found[0].id} when {number} was asked for. Try again later."
            )
        return Result(tuple(found), 1, note=note_of(found[0]))

    def search(self, request: Search) -> Result:
        streams = plans(request)

        def ask(stream: int, offset: int, most: int) -> tuple[list[Item], bool, str]:
            skip = min(offset, _LAST_SKIP)
            past = offset - skip
            rows = self._asked(streams[stream], min(_PAGE, past + most + 1), skip)
            if past + most >= _PAGE == len(rows) and skip + _PAGE <= _LAST_SKIP:
                rows += self._asked(streams[stream], 1, skip + _PAGE)
            found = rows[past : past + most]
            at_end = offset + len(found) >= _REACH
            more = len(rows) > past + most
            return _ranked(found, streams[stream]), more and not at_end, _TOO_MANY if at_end else ""

        return walk(request, len(streams), ask)

    def _asked(self, criteria: Criteria, limit: int, skip: int) -> list[Item]:
        """Ask once, and make sure that the answer is whole."""
        paging: dict[str, str | int] = {} if "number" in criteria else {"limit": limit, "skip": skip}
        told = self._http.get("/api/", {"version": "2.1", **criteria, **paging}).object()
        if "Errors" in told or "errors" in told:
            _refuse(told.get("Errors", told.get("errors")), criteria)
        rows, count = told.get("results"), told.get("result_count")
        if not isinstance(rows, list) or not isinstance(count, int):
            raise Upstream("The NPI registry sent neither results nor an error. Its interface may have changed.")
        rows = cast(list[Any], rows)
        if count != len(rows) or ("number" not in criteria and len(rows) > limit):
            raise Upstream(f"The NPI registry announced {count} results and sent {len(rows)}. Try again later.")
        return [from_interface(row) for row in rows]


def _refuse(errors: Any, criteria: Criteria) -> None:
    """Say whose fault an ``Errors`` list is: of a criterion that was sent, or of the registry.

    Raises
    ------
    BadQuery
        When every error names a criterion of the question.
    Upstream
        Otherwise.
    """
    listed = cast(list[Any], errors) if isinstance(errors, list) else []
    each = [cast(dict[str, Any], error) for error in listed if isinstance(error, dict)]
    said = "; ".join(f"{error.get('field', '')}: {error.get('description', '')}"[:200] for error in each[:5])
    if each and all(error.get("field") in criteria for error in each):
        raise BadQuery(f"The NPI registry does not take the question: {said}.")
    raise Upstream(f"The NPI registry answered with an error: {said or 'without saying which'}. Try again later.")


def _ranked(items: list[Item], criteria: Criteria) -> list[Item]:
    """Put those first whose legal name is the one asked for; the registry also finds other names, in no order."""
    for name in ("last_name", "organization_name"):
        if asked := criteria.get(name, "").rstrip("*"):
            return sorted(items, key=lambda item: folded(item.fields.get(name, "")) != asked)
    return items


def note_of(item: Item) -> str:
    """Say what a reader must know of a provider: that the number is no longer valid."""
    if item.fields["status"] == "active":
        return ""
    since = item.fields.get("deactivation_date")
    return f"NPI {item.id} is deactivated{f' since {since}' if since else ''}: it identifies no one who may bill."

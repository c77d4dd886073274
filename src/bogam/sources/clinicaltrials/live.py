"""ClinicalTrials.gov, live: REST API v2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final, cast

import orjson

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.clinicaltrials.request import Get, Search
from bogam.sources.clinicaltrials.study import NCT, BadStudy, item_of
from bogam.sources.outside.http import Http, Reply

FIELDS: Final = (
    "IdentificationModule",
    "StatusModule",
    "SponsorCollaboratorsModule",
    "DescriptionModule",
    "ConditionsModule",
    "DesignModule",
    "ArmsInterventionsModule",
    "OutcomesModule",
    "EligibilityModule",
    "ContactsLocationsModule",
    "ConditionBrowseModule",
    "InterventionBrowseModule",
    "MiscInfoModule",
    "HasResults",
)
_SYNTAX: Final = re.compile(r"[\[\](){}\"\\|:*]")
_OPERATOR: Final = re.compile(r"\b(?:AND|OR|NOT|AREA|SEARCH|RANGE|MISSING|EXPANSION|COVERAGE|TILT|ALL)\b")
_ONLY_IDS: Final = re.compile(r"[\s,]*NCT\d{1,8}(?:[\s,]+NCT\d{1,8})*[\s,]*", re.IGNORECASE)


class Live:
    """The backend that asks clinicaltrials.gov."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        asked = parameters(request)
        mark = sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
        total, seen, token = _place(request.next, mark)
        version = self._version()
        page = {"pageToken": token} if token else {"countTotal": "true"}
        reply = self._http.get(
            "/api/v2/studies",
            {**asked, "fields": ",".join(FIELDS), "pageSize": request.limit, **page},
            ok=(200, 400),
        )
        if reply.status == 400:
            raise _refused(reply, request)
        body = reply.object()
        items = _items(body.get("studies"))
        statuses = request.status.split(",") if request.status else []
        strangers = [each.id for each in items if statuses and each.fields["status"] not in statuses]
        if strangers:
            raise Upstream(f"ClinicalTrials.gov listed {strangers[0]}, whose status was not asked for.")
        following = body.get("nextPageToken", "")
        if not isinstance(following, str) or (token and (following == token or not items)):
            raise Upstream("ClinicalTrials.gov sent a page that leads nowhere. Try again later.")
        total = total if token else _total(body.get("totalCount"), len(items))
        seen += len(items)
        if not following and seen < total:
            raise Upstream(
                f"ClinicalTrials.gov counts {total} studies and ends its list after {seen}. Try again later."
            )
        more = f"{mark}.{total}.{seen}.{following}" if following and seen < total else ""
        return Result(items, total, more, version=version)

    def get(self, request: Get) -> Result:
        id = number(request.id)
        version = self._version()
        reply = self._http.get(f"/api/v2/studies/{id}", {"fields": ",".join(FIELDS)}, ok=(200, 404))
        if reply.status == 404:
            if id.encode() not in reply.body or reply.body.lstrip()[:1] == b"<":
                raise Upstream("ClinicalTrials.gov answered 404 without saying that it knows no such study.")
            raise UnknownId(f"ClinicalTrials.gov has no study {id}.")
        item = _item(reply.object())
        if item.id != id and id not in item.fields.get("obsolete_ids", ()):
            raise Upstream(f"ClinicalTrials.gov was asked for {id} and answered {item.id}.")
        return Result((item,), 1, version=version, note=replaced(id, item))

    def _version(self) -> str:
        """Return when the registry's data was loaded."""
        told = self._http.get("/api/v2/version").object().get("dataTimestamp")
        try:
            return date.fromisoformat(str(told)[:10]).isoformat() if isinstance(told, str) else _no_date()
        except ValueError:
            return _no_date()


def number(id: str) -> str:
    """Return a study's number as the registry writes it.

    Raises
    ------
    BadQuery
        For what is none.
    """
    found = id.strip().upper()
    if not NCT.fullmatch(found) or not int(found[3:]):
        raise BadQuery(f'"{id[:40]}" is no number of a study: write NCT and eight digits.')
    return found


def replaced(asked: str, item: Item) -> str:
    """Say that the number asked for is obsolete, where it is."""
    return "" if item.id == asked else f"{asked} is obsolete: the registry holds this study as {item.id}."


def parameters(request: Search) -> dict[str, str]:
    """Return the query parameters of a search, without those of paging.

    Raises
    ------
    BadQuery
        For numbers of studies together with anything else: the registry then looks up the numbers and drops the rest.
    """
    texts = {
        "query.term": request.text,
        "query.cond": request.condition,
        "query.intr": request.intervention,
        "query.titles": request.title,
        "query.spons": request.sponsor,
        "query.locn": request.location,
    }
    asked = {name: plain(value) for name, value in texts.items() if plain(value)}
    advanced = _expression(request)
    by_number = any(_ONLY_IDS.fullmatch(value) for value in asked.values())
    if by_number and (len(asked) > 1 or advanced or request.status or request.near):
        raise BadQuery("Ask for a study by its number alone: the registry drops all else that is asked with it.")
    filters = {
        "filter.overallStatus": request.status,
        "filter.geo": f"distance({request.near})" if request.near else "",
        "filter.advanced": advanced,
    }
    order = "@relevance,LastUpdatePostDate:desc" if asked else "LastUpdatePostDate:desc,StudyFirstPostDate:desc"
    return {**asked, **{name: value for name, value in filters.items() if value}, "sort": order}


def plain(words: str) -> str:
    """Return words without what the registry's language would take as its own."""
    bare = _OPERATOR.sub(lambda found: found.group().lower(), _SYNTAX.sub(" ", words))
    return " ".join("".join(c if c.isprintable() else " " for c in bare).split())


def _expression(request: Search) -> str:
    """Return the filters that have no parameter of their own, in the registry's language (Essie)."""
    made: list[str] = []
    if request.country:
        made.append(f'AREA[LocationCountry]"{plain(request.country)}"')
    if request.phase:
        made.append(f"AREA[Phase]({' OR '.join(request.phase.split(','))})")
    if request.study_type:
        made.append(f"AREA[StudyType]{request.study_type}")
    if request.sex:
        made.append(f"AREA[Sex]({request.sex} OR ALL)")
    if request.age is not None:
        made.append(f"(AREA[MinimumAge]RANGE[MIN, {request.age} years] OR AREA[MinimumAge]MISSING)")
        made.append(f"(AREA[MaximumAge]RANGE[{request.age} years, MAX] OR AREA[MaximumAge]MISSING)")
    if request.has_results is not None:
        made.append(f"AREA[HasResults]{'true' if request.has_results else 'false'}")
    if request.updated_from:
        made.append(f"AREA[LastUpdatePostDate]RANGE[{request.updated_from.isoformat()}, MAX]")
    if request.advanced:
        made.append(f"({request.advanced})" if made else request.advanced)
    return " AND ".join(made)


def _place(next: str, mark: str) -> tuple[int, int, str]:
    """Return total, studies seen, and page token of `next`.

    A token is bound to no question: with other words it leads into another list, so it must come with the same ones.
    """
    if not next:
        return 0, 0, ""
    found = re.fullmatch(r"([0-9a-f]{12})\.(\d{1,9})\.(\d{1,9})\.([\x21-\x7e]{1,1000})", next)
    if found is None or found[1] != mark:
        raise BadQuery("`next` belongs to another question: give it back with the same words and filters.")
    return int(found[2]), int(found[3]), found[4]


def _items(studies: Any) -> tuple[Item, ...]:
    if not isinstance(studies, list):
        raise Upstream("ClinicalTrials.gov's answer has no list of studies. Its interface may have changed.")
    items = tuple(_item(each) for each in cast(Sequence[Any], studies))
    if len({each.id for each in items}) != len(items):
        raise Upstream("ClinicalTrials.gov listed a study twice on one page. Try again later.")
    return items


def _item(study: Any) -> Item:
    try:
        return item_of(study)
    except BadStudy as error:
        raise Upstream(f"A study of ClinicalTrials.gov cannot be read: {error}.") from error


def _total(told: Any, listed: int) -> int:
    if not isinstance(told, int) or told < listed or (told and not listed):
        raise Upstream(f"ClinicalTrials.gov counts {told} studies and lists {listed}. Try again later.")
    return told


def _refused(reply: Reply, request: Search) -> BadQuery | Upstream:
    said = " ".join(reply.body[:300].decode("utf-8", "replace").split())
    if said.startswith("<"):
        return Upstream("ClinicalTrials.gov refused the question with a web page. Try again later.")
    if request.advanced or request.next:
        return BadQuery(f"ClinicalTrials.gov cannot read the question: {said}")
    return Upstream(f"ClinicalTrials.gov refused a question that its documentation allows: {said}")


def _no_date() -> str:
    raise Upstream("ClinicalTrials.gov does not say how old its data is. Its interface may have changed.")

"""The CMS Coverage API: open reports, and documents behind a licence that the hospital accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.cms.document import KINDS, Kind, Listing, Name, Parts, listed, named, note, notes, recorded, whole
from bogam.sources.cms.request import Get, Search
from bogam.sources.cms.standing import ids_of, standing
from bogam.sources.cms.states import state_named
from bogam.sources.mirrors import key_words, start_of
from bogam.sources.outside.http import Http

_REPORTS: Final[Mapping[Kind, str]] = {
    "ncd": "/v1/reports/national-coverage-ncd",
    "lcd": "/v1/reports/local-coverage-final-lcds",
    "article": "/v1/reports/local-coverage-articles",
}
_CHILDREN: Final[Mapping[Kind, Mapping[str, str]]] = {
    "ncd": {},
    "lcd": {"hcpcs": "hcpc-code", "hcpcs_groups": "hcpc-code-group", "related": "related-documents"},
    "article": {
        "hcpcs": "hcpc-code",
        "hcpcs_groups": "hcpc-code-group",
        "covered": "icd10-covered",
        "covered_groups": "icd10-covered-group",
        "noncovered": "icd10-noncovered",
        "noncovered_groups": "icd10-noncovered-group",
        "related": "related-documents",
    },
}
_PAGES: Final = 500
"""More pages than any table has: a paging that does not end."""
_TOKEN_S: Final = 50 * 60
"""A licence token is good for about an hour."""
EXTENT: Final = "a list entry only: `get` has its text and codes"


class Live:
    """The backend that asks api.coverage.cms.gov.

    The reports (all documents in force, retired lately or to come, with titles, contractors and dates) need no licence
    and are searched here: the interface has no search by words. The text and codes of LCDs and articles do.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    # --- search

    def search(self, request: Search) -> Result:
        start = start_of(request.next)
        if request.code:
            raise BadQuery("The live interface cannot be searched by code; a mirror of the downloads can.")
        local = bool(request.state or request.contractor)
        if local and request.kind == "ncd":
            raise BadQuery("An NCD holds in every state and has no contractor: leave out state and contractor.")
        every: list[Kind] = [kind for kind in KINDS if kind != "ncd" or not local]
        kinds: list[Kind] = [request.kind] if request.kind else every
        state = self._state_id(request.state) if request.state else ""
        found: list[Item] = []
        newest = ""
        for kind in kinds:
            listings = self._report(kind)
            newest = max([newest, *(each.updated for each in listings)])
            here = self._report_of_state(kind, state, listings) if state else listings
            ids = ids_of(listings)
            found += [
                each.item({**each.fields(), "extent": EXTENT}, ids[each.key, each.version])
                for each in here
                if _matches(each, request)
            ]
        found.sort(key=lambda each: (each.fields["updated_on"], each.id), reverse=True)
        if start and start >= len(found):
            raise BadQuery(f"CMS now lists {len(found)} such documents, fewer than were shown before: search anew.")
        page = tuple(found[start : start + request.limit])
        end = start + len(page)
        return Result(page, len(found), str(end) if end < len(found) else "", version=newest, note=notes(page))

    def _report(self, kind: Kind) -> list[Listing]:
        """Return all documents of a kind. There are hundreds: a list without any is no answer."""
        every = [self._listed(row, kind) for row in self._rows(_REPORTS[kind], {})]
        if not every:
            raise Upstream(f"CMS sent an empty list of all {kind} documents. Try again later.")
        return every

    def _report_of_state(self, kind: Kind, state: str, every: list[Listing]) -> list[Listing]:
        """Return the documents of a state, and make sure that the interface did choose."""
        here = [self._listed(row, kind) for row in self._rows(_REPORTS[kind], {"state_id": state})]
        known = {(each.key, each.version) for each in every}
        if any((each.key, each.version) not in known for each in here):
            raise Upstream(f"CMS lists {kind} documents for a state that its whole list lacks. Try again later.")
        if len(here) == len(every) > 0:
            raise Upstream("CMS did not apply the state. Leave it out, or name a contractor instead.")
        return here

    def _listed(self, row: Mapping[str, Any], kind: Kind) -> Listing:
        try:
            return listed(row, kind)
        except ValueError as error:
            raise Upstream(f"A row of CMS's list of {kind} documents cannot be read: {error}.") from error

    def _state_id(self, asked: str) -> str:
        states: dict[str, str] = {}
        for row in self._rows("/v1/metadata/states", {}):
            id, description = row.get("state_id"), row.get("description")
            if not isinstance(id, int | str) or not isinstance(description, str):
                raise Upstream("CMS's list of states has a row without id or name. Its interface may have changed.")
            states[description] = str(id)
        return states[state_named(asked, states)]

    # --- get

    def get(self, request: Get) -> Result:
        name = named(request.id, request.version)
        licensed = name.kind != "ncd"
        if licensed and self._http.more.get("accept_license") is not True:
            raise BadQuery(
                f"The text and codes of {name.shown} are behind the AMA, ADA and AHA licences, which the hospital "
                "accepts with accept_license = true in [sources.cms] of config.toml. Searching needs none, and a "
                "mirror of the downloads has them too."
            )
        listings = [each for each in self._report(name.kind) if each.key == (name.kind, name.number)]
        current = standing(listings)
        version = name.version or (current.version if current else "")
        number = current.document_id if current else name.number
        if name.kind == "ncd" and current is None:
            raise UnknownId(f"CMS lists no {name.shown}.")
        row = self._document(name, number, version)
        told = self._recorded(row, name, number, version)
        listing = next((each for each in listings if each.version == told.version), told)
        listing = replace(
            listing, effective=listing.effective or told.effective, updated=listing.updated or told.updated
        )
        stands = listing.version == current.version if current else not name.version
        id = replace(name, version="" if stands else listing.version).id
        children = {
            part: self._rows(f"/v1/data/{name.kind}/{path}", _asking(name.kind, number, listing.version), licensed=True)
            for part, path in _CHILDREN[name.kind].items()
        }
        item = listing.item(whole(listing, row, Parts(**children)), id)
        return Result((item,), 1, version=listing.updated, note=note(item.fields))

    def _document(self, name: Name, number: str, version: str) -> Mapping[str, Any]:
        rows = self._rows(f"/v1/data/{name.kind}", _asking(name.kind, number, version), licensed=name.kind != "ncd")
        if not rows:
            which = f"version {version} of {name.shown}" if version else name.shown
            raise UnknownId(f"CMS has no {which}.")
        return rows[0]

    def _recorded(self, row: Mapping[str, Any], name: Name, number: str, version: str) -> Listing:
        try:
            told = recorded(row, name.kind, section=name.number)
        except ValueError as error:
            raise Upstream(f"CMS's record of {name.shown} cannot be read: {error}.") from error
        if told.document_id != number or (version and told.version != version):
            raise Upstream(
                f"CMS was asked for {name.shown} (document {number}, version {version or 'any'}) and answered document "
                f"{told.document_id}, version {told.version}."
            )
        return told

    # --- the interface

    def _rows(self, path: str, params: Mapping[str, str], *, licensed: bool = False) -> list[Mapping[str, Any]]:
        """Return all rows of a table, page after page."""
        rows: list[Mapping[str, Any]] = []
        seen: set[str] = set()
        token = ""
        for _ in range(_PAGES):
            page = {**params, **({"next_token": token} if token else {})}
            body = self._licensed(path, page) if licensed else self._http.get(path, page).object()
            data, meta = _checked(body, path)
            rows += data
            told = meta.get("next_token") or ""
            if not isinstance(told, str):
                raise Upstream(f"CMS gave a next_token for {path} that is no text. Its interface may have changed.")
            if not told:
                return rows
            if told in seen:
                raise Upstream(f"CMS gave the same next_token twice for {path}; the rest cannot be read.")
            seen.add(told)
            token = told
        raise Upstream(f"CMS's table {path} does not end.")

    def _licensed(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        """Ask with the licence token; one that has run out is renewed once."""
        token = self._http.token.get(_TOKEN_S)
        for renewed in (False, True):
            token = token or self._token()
            reply = self._http.get(path, params, ok=(200, 401, 403), headers={"Authorization": f"Bearer {token}"})
            if reply.status == 200:
                return reply.object()
            token = ""
            self._http.token.put("")
            if renewed:
                raise Upstream(f"CMS refused a new licence token too (status {reply.status}). Try again later.")
        raise AssertionError

    def _token(self) -> str:
        body = self._http.get("/v1/metadata/license-agreement", keep=False).object()
        data, _ = _checked(body, "the licence agreement")
        token = data[0].get("Token") if data else None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{8,8000}", token):
            raise Upstream("CMS gave no licence token. Its interface may have changed.")
        self._http.token.put(token)
        return token


def _asking(kind: Kind, number: str, version: str) -> dict[str, str]:
    named = {f"{kind}id": number}
    if version:
        named["ncdver" if kind == "ncd" else "ver"] = version
    return named


def _checked(body: Mapping[str, Any], path: str) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    """Return data and meta of the envelope, when it is one and says that all went well."""
    meta, data = body.get("meta"), body.get("data")
    if not isinstance(meta, dict) or not isinstance(data, list):
        raise Upstream(f"CMS's answer for {path} is not of the documented shape (meta, data).")
    meta = cast(dict[str, Any], meta)
    status = meta.get("status")
    code = cast(dict[str, Any], status).get("id") if isinstance(status, dict) else None
    if not isinstance(code, int) or isinstance(code, bool) or not 200 <= code < 300:
        said = cast(dict[str, Any], status).get("message") if isinstance(status, dict) else status
        raise Upstream(f"CMS answered {path} with status {code} inside: {str(said)[:160]}. Try again later.")
    rows = cast(list[Any], data)
    if not all(isinstance(row, dict) for row in rows):
        raise Upstream(f"CMS's answer for {path} has rows that are no objects.")
    return cast(list[Mapping[str, Any]], rows), meta


def _matches(each: Listing, request: Search) -> bool:
    known = set(key_words(f"{each.title} {each.name.shown} {each.name.number}"))
    macs = set(key_words(" ".join(name for name, _ in each.contractors)))
    return (
        known.issuperset(key_words(request.text))
        and macs.issuperset(key_words(request.contractor))
        and (not request.status or each.status == request.status)
        and (not request.effective_from or each.effective >= request.effective_from.isoformat())
        and (not request.effective_to or "" < each.effective <= request.effective_to.isoformat())
    )

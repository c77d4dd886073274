"""PubMed live: NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25501/).

A search is esearch, which gives PMIDs, and efetch, which gives the articles; every PMID is accounted for. NCBI tells
most failures with status 200: ``{"error": ...}`` at the top, ``ERROR`` inside ``esearchresult``, an ``ERROR`` element.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import start_of
from bogam.sources.outside.http import Http, Params, Reply
from bogam.sources.pubmed.article import ARTICLE, BOOK, DELETED, Unreadable, edition_of, pmid_of, read, warning_of
from bogam.sources.pubmed.question import PubMedLookup, PubMedSearch, term_of

REACH: Final = 9_999
"""PubMed gives no more than so many PMIDs of one search, however it is paged."""
_PLACE: Final = "/entrez/eutils/"
_NO_SUMMARY: Final = "cannot get document summary"


@dataclass(frozen=True, slots=True)
class _Found:
    ids: list[str]
    count: int
    ignored: list[str]


class PubMedLive:
    """Speaks E-utilities through one conversation."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: PubMedSearch) -> Result:
        start = start_of(request.next)
        if start >= REACH:
            raise BadQuery(_beyond(0))
        found = self._esearch(request, start)
        if start and start >= found.count:
            raise BadQuery(f"PubMed now finds {found.count} articles, fewer than were shown before: search anew.")
        if not found.ids:
            return Result(total=found.count)
        articles, gone = self._efetch(found.ids)
        end = start + len(found.ids)
        cut = [f"PubMed found PMID {', '.join(gone)} but did not deliver it; it may be withdrawn."] if gone else []
        more = str(end) if end < min(found.count, REACH) else ""
        if not more and found.count > end:
            cut.append(_beyond(found.count))
        ignored = ", ".join(f"“{phrase}”" for phrase in found.ignored)
        without = "searched without it, or for its single words: these articles match the rest."
        note = f"PubMed does not know {ignored} and {without}" if ignored else ""
        note = " ".join(filter(None, (warning_of(articles), note)))
        if cut and more:
            cut.append("More items match; ask again with `next`.")
        return Result(tuple(articles), found.count, more, " ".join(cut), note=note)

    def get(self, request: PubMedLookup) -> Result:
        articles, gone = self._efetch([request.id])
        if gone:
            self._confirm_unknown(request.id)
            raise UnknownId(f"PubMed has no PMID {request.id}; it may be mistyped, or withdrawn.")
        return Result(tuple(articles), 1, note=warning_of(articles))

    def _esearch(self, request: PubMedSearch, start: int) -> _Found:
        wanted = min(request.limit, REACH - start)
        params: dict[str, str | int] = {
            "term": term_of(request),
            "retmode": "json",
            "retstart": start,
            "retmax": wanted,
            "sort": request.sort,
        }
        if request.mindate or request.maxdate:
            params |= {"datetype": "pdat", "mindate": request.mindate or "1000", "maxdate": request.maxdate or "3000"}
        answer = self._json("esearch", params)
        result = _object(answer, "esearchresult", "esearch")
        if "ERROR" in result:
            raise Upstream(f"PubMed could not search: {_said(result['ERROR'])}")
        count, ids = _number(result, "count"), result.get("idlist")
        if not isinstance(ids, list) or not all(_is_pmid(each) for each in cast(list[Any], ids)):
            raise Upstream("PubMed's esearch sent no list of PMIDs. Its interface may have changed.")
        named = cast(list[str], ids)
        if _number(result, "retstart") != start and count > start:
            raise Upstream(f"PubMed sent the page from {result['retstart']} where the one from {start} was asked for.")
        due = max(0, min(wanted, count - start))
        if len(named) != due or len(set(named)) != due:
            raise Upstream(
                f"PubMed says that {count} articles match but sent {len(set(named))} PMIDs instead of {due}."
            )
        return _Found(named, count, _ignored(result))

    def _efetch(self, ids: list[str]) -> tuple[list[Item], list[str]]:
        """Return the articles in the order asked for, and the PMIDs that were not delivered."""
        root = _tree(self._ask("efetch", {"id": ",".join(ids), "retmode": "xml"}))
        editions: dict[str, Element] = {}
        for element in root:
            if element.tag not in (ARTICLE, BOOK, DELETED):
                raise Upstream(f"PubMed's efetch sent <{element.tag[:40]}> among the articles.")
            if element.tag == DELETED:
                continue
            try:
                pmid = pmid_of(element)
            except Unreadable as error:
                raise Upstream(f"PubMed's efetch sent {error}.") from error
            if pmid not in ids:
                raise Upstream(f"PubMed's efetch sent PMID {pmid}, which was not asked for.")
            if pmid not in editions or edition_of(element) > edition_of(editions[pmid]):
                editions[pmid] = element
        gone = [pmid for pmid in ids if pmid not in editions]
        if gone == ids and len(ids) > 1:
            raise Upstream(f"PubMed found {len(ids)} articles and delivered none of them. Try again later.")
        try:
            return [read(editions[pmid]) for pmid in ids if pmid in editions], gone
        except Unreadable as error:
            raise Upstream(f"PubMed's efetch sent {error}.") from error

    def _confirm_unknown(self, pmid: str) -> None:
        """Ask esummary whether an article that efetch did not deliver really does not exist: it says so for each id."""
        answer = self._ask("esummary", {"id": pmid, "retmode": "json"}).object()
        if _NO_SUMMARY in str(answer.get("error", "")):
            return
        if "error" in answer:
            raise Upstream(f"PubMed refused: {_said(answer['error'])}")
        about = _object(_object(answer, "result", "esummary"), pmid, "esummary")
        if not about.get("error"):
            raise Upstream(f"PubMed lists PMID {pmid} but did not deliver the article. Try again later.")

    def _json(self, utility: str, params: Params) -> dict[str, Any]:
        answer = self._ask(utility, params).object()
        if "error" in answer:
            raise Upstream(f"PubMed refused: {_said(answer['error'])}")
        return answer

    def _ask(self, utility: str, params: Params) -> Reply:
        """Ask a utility. Status 400 is read here, because its body repeats the key."""
        email = self._http.more.get("email", "")
        who = email if isinstance(email, str) else ""
        named = {"db": "pubmed", **params, "tool": "bogam"}
        reply = self._http.get(f"{_PLACE}{utility}.fcgi", named, ok=(200, 400), api_key=self._http.key, email=who)
        if reply.status == 400:
            if b"API key" in reply.body:
                raise Upstream("PubMed refused the API key. Check the key in config.toml.")
            raise Upstream(f"PubMed's {utility} refused the request as malformed. Its interface may have changed.")
        return reply


def _tree(reply: Reply) -> Element:
    """Return the set of articles of an efetch reply."""
    if reply.body.lstrip()[:1] == b"{":
        raise Upstream(f"PubMed refused: {_said(reply.object().get('error', 'JSON where articles were due'))}")
    root = reply.xml()
    if root.tag != "PubmedArticleSet":
        said = root.findtext("ERROR") or f"<{root.tag[:40]}> where articles were due"
        raise Upstream(f"PubMed did not deliver: {_said(said)}")
    return root


def _object(answer: dict[str, Any], name: str, utility: str) -> dict[str, Any]:
    found = answer.get(name)
    if not isinstance(found, dict):
        raise Upstream(f'PubMed\'s {utility} sent no "{name}". Its interface may have changed.')
    return cast(dict[str, Any], found)


def _number(result: dict[str, Any], name: str) -> int:
    value = str(result.get(name, ""))
    if not (value.isascii() and value.isdigit()) or len(value) > 12:
        raise Upstream(f'PubMed\'s esearch sent "{value[:20]}" as its {name}. Its interface may have changed.')
    return int(value)


def _is_pmid(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10


def _ignored(result: dict[str, Any]) -> list[str]:
    """Return the phrases that PubMed does not know and searched without."""
    told: list[str] = []
    for group, names in (
        ("errorlist", ("phrasesnotfound", "fieldsnotfound")),
        ("warninglist", ("quotedphrasesnotfound",)),
    ):
        found = result.get(group)
        for name in names if isinstance(found, dict) else ():
            phrases = cast(dict[str, Any], found).get(name)
            told += [_said(each) for each in cast(list[Any], phrases)] if isinstance(phrases, list) else []
    return [phrase.strip('"') for phrase in told]


def _said(value: Any) -> str:
    return " ".join(str(value).split())[:200]


def _beyond(count: int) -> str:
    of = f" of the {count:,} that match" if count else ""
    return f"PubMed gives only the first {REACH:,}{of}: narrow the search by dates, publication type or further words."

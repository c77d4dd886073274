"""MedlinePlus: health information for patients, found by a code (MedlinePlus Connect) or by words (the topics file)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from pydantic import Field

from bogam.record.attachment.markup import markup_text
from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror, start_of
from bogam.sources.mirrors.archive import Bounded, members
from bogam.sources.reading.shape import Shape
from bogam.sources.source import Lookup, Query, Source

if TYPE_CHECKING:
    from bogam.sources.outside.http import Http

SYSTEMS: Final[Mapping[str, str]] = {
    "icd-10-cm": "2.16.840.1.113883.6.90",
    "icd-9-cm": "2.16.840.1.113883.6.103",
    "snomed-ct": "2.16.840.1.113883.6.96",
    "rxnorm": "2.16.840.1.113883.6.88",
    "ndc": "2.16.840.1.113883.6.69",
    "loinc": "2.16.840.1.113883.6.1",
}
"""The code systems that MedlinePlus Connect knows, by their object identifiers."""
_DRUGS: Final = ("rxnorm", "ndc")
_LANGUAGES: Final = {"en": "English", "es": "Spanish"}
_LONGEST: Final = 100_000
_RECORD: Final = 8 << 20
_CODE: Final = re.compile(r"[0-9A-Za-z.-]{1,30}")
_TOPIC: Final = re.compile(r"[0-9A-Za-z_-]+(?:/[0-9A-Za-z_-]+){0,4}")


class Search(Query):
    """A code and its system, or, in the mirror, words."""

    text: str = Field("", max_length=400, description="Words; only the mirror is searched by words")
    code: str = Field("", max_length=30, description="The code of a problem, drug or test")
    code_system: str = Field(
        "", max_length=20, description="icd-10-cm, icd-9-cm, snomed-ct, rxnorm, ndc or loinc; mesh in the mirror"
    )
    display_name: str = Field("", max_length=200, description="What the code means; for a drug it may stand alone")
    language: str = Field("en", max_length=20, description="en or es: there is no other")


class Get(Lookup):
    """A topic by its page (``diabetestype2``; mirror), or what a code leads to (``icd-10-cm/E11.9``; live)."""

    id: str = Field(min_length=1, max_length=200, description="diabetestype2, spanish/diabetestype2 or icd-10-cm/E11.9")


class Live:
    """Answers from https://connect.medlineplus.gov."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def search(self, request: Search) -> Result:
        """Return the pages that a code, or the name of a drug, leads to."""
        _check_language(request.language)
        if request.text:
            raise BadQuery(
                "MedlinePlus Connect is asked by code, its mirror by words: give code and code_system, "
                "or import the topics file."
            )
        if request.code_system not in SYSTEMS:
            raise BadQuery(f'"{request.code_system}" is no code system of MedlinePlus Connect: {", ".join(SYSTEMS)}.')
        if not request.code and not (request.display_name and request.code_system in _DRUGS):
            raise BadQuery("Give a code; only a drug (rxnorm, ndc) is found by its display_name alone.")
        if request.code and not _CODE.fullmatch(request.code):
            raise BadQuery(f'"{request.code[:30]}" is no code.')
        start = start_of(request.next)
        items = self._ask(request)
        end = min(start + request.limit, len(items))
        return Result(items[start:end], len(items), str(end) if end < len(items) else "")

    def get(self, request: Get) -> Result:
        """Return the pages that a code leads to."""
        system, _, code = request.id.partition("/")
        if system not in SYSTEMS:
            raise BadQuery(
                f'"{request.id[:60]}" is no code: MedlinePlus Connect is asked by code, as in icd-10-cm/E11.9. '
                "Topics by their page are in the mirror."
            )
        if not _CODE.fullmatch(code):
            raise BadQuery(f'"{code[:30]}" is no code.')
        items = self._ask(Search.model_validate({"code": code, "code_system": system}))
        if not items:
            raise UnknownId(f"MedlinePlus has nothing for {request.id}.")
        return Result(items, len(items))

    def _ask(self, request: Search) -> tuple[Item, ...]:
        params = {
            "mainSearchCriteria.v.cs": SYSTEMS[request.code_system],
            "mainSearchCriteria.v.c": request.code,
            "mainSearchCriteria.v.dn": request.display_name,
            "informationRecipient.languageCode.c": request.language,
            "knowledgeResponseType": "application/json",
        }
        body = Shape(self._http.get("/service", params).object(), "MedlinePlus Connect")
        feed = body.object("feed")
        if feed is None:
            raise Upstream("MedlinePlus Connect sent no feed. Its interface may have changed.")
        criteria = {each.text("scheme"): each.text("term") for each in feed.objects("category", due=True)}
        echoed = criteria.get("mainSearchCriteria.v.c", "")
        if echoed.casefold() != request.code.casefold():
            raise Upstream(f'MedlinePlus Connect answered for "{echoed[:30]}" where "{request.code}" was asked for.')
        language = feed.text("lang")
        if language and language != request.language:
            raise Upstream(
                f'MedlinePlus Connect answered in "{language[:10]}" where "{request.language}" was asked for.'
            )
        return tuple(_page(each, request.language) for each in feed.objects("entry", due=True))


class MedlinePlusMirror(SqliteMirror):
    """The health topics, English and Spanish."""

    files: ClassVar[str] = (
        "mplus_topics_YYYY-MM-DD.xml, or the same compressed (.zip), of https://medlineplus.gov/xml.html."
    )

    def __init__(self, folder: Path) -> None:
        super().__init__("medlineplus", folder)

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the day in the name of the newest file; else the day that the file itself gives."""
        named = [found[0] for path in paths if (found := re.search(r"\d{4}-\d{2}-\d{2}", path.name))]
        return max(named or [_generated(path) for path in paths])

    def read(self, path: Path) -> Iterator[Entry]:
        """Read topic by topic."""
        for name, stream, done in members(path, ".xml", _RECORD):
            for at, topic in enumerate(_topics(name, stream), 1):
                stream.renew()
                yield _entry(topic, f"{name}, topic {at}", done())

    def filters(self, request: Search) -> Iterable[tuple[str, str]]:
        """Return language and MeSH heading."""
        yield "language", request.language
        if request.code:
            yield "mesh", request.code.lower()

    def search(self, request: Search) -> Result:
        """Return topics that have all words, by title first."""
        _check_language(request.language)
        if (request.code or request.code_system) and request.code_system != "mesh":
            raise BadQuery(
                f'The topics file carries MeSH headings and no "{request.code_system}" codes: ask the mirror by words, '
                "by a MeSH id (D003924) with code_system mesh, or ask MedlinePlus Connect live."
            )
        if request.display_name and not request.text:
            request = request.model_copy(update={"text": request.display_name})
        return super().search(request)

    def get(self, request: Lookup) -> Result:
        """Return a topic by its page."""
        if request.id.partition("/")[0] in SYSTEMS:
            raise BadQuery(
                "The topics file carries no such codes: ask MedlinePlus Connect live, or the mirror by words."
            )
        if not _TOPIC.fullmatch(request.id):
            raise BadQuery(f'"{request.id[:60]}" is no topic: take the last part of its page\'s address.')
        return super().get(request)


class MedlinePlus(Source):
    """https://medlineplus.gov."""

    name = "medlineplus"
    title = "MedlinePlus"
    holds = (
        "Health information for patients in English and Spanish, by diagnosis, drug or test code.",
        "환자를 위한 건강정보(영어·스페인어): 진단·약·검사 코드로 찾습니다.",
    )
    publisher = "US National Library of Medicine"
    licence = "Topic summaries: US government work; say that the information is from MedlinePlus.gov"
    licence_ko = "주제 요약은 미국 정부 저작물. MedlinePlus.gov의 정보임을 밝힐 것"
    english = True
    home = "https://medlineplus.gov/medlineplus-connect/web-service/"
    base = "https://connect.medlineplus.gov"
    per_second = 1.6
    """100 a minute."""
    example: ClassVar[tuple[str, str]] = ("diabetes", "icd-10-cm/E11.9")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> MedlinePlusMirror:
        return MedlinePlusMirror(folder)


def _check_language(language: str) -> None:
    if language not in _LANGUAGES:
        raise BadQuery(
            f'MedlinePlus has English (en) and Spanish (es), not "{language}": ask with language en.',
            ko=f"MedlinePlus에는 영어(en)와 스페인어(es)만 있습니다(“{language}” 없음). language en으로 물으십시오.",
        )


def _page(entry: Shape, language: str) -> Item:
    """Return an entry of the feed. Its date is that of the request, day and month exchanged, and says nothing."""
    title, summary = entry.object("title"), entry.object("summary")
    link = next((each for each in entry.objects("link", due=True) if each.text("rel") in ("alternate", "")), None)
    if title is None or link is None:
        raise Upstream("MedlinePlus Connect sent an entry without title or link. Its interface may have changed.")
    text = markup_text(summary.text("_value")) if summary is not None else ""
    address = link.text("href", due=True)
    fields = {"language": language, "summary": text[:_LONGEST]}
    return Item("medlineplus", _id(address), title.text("_value", due=True), _bare(address), "", fields)


def _id(address: str) -> str:
    """Return what names a page: its path without ``.html``."""
    found = urlsplit(address).path.strip("/").removesuffix(".html")
    if not _TOPIC.fullmatch(found):
        raise Upstream(f'MedlinePlus sent "{address[:80]}" as the address of a page.')
    return found


def _bare(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise Upstream(f'MedlinePlus sent "{address[:80]}" as the address of a page.')
    return f"https://{parts.netloc}{parts.path}"


# --- the topics file


def _topics(name: str, stream: Bounded) -> Iterator[Element]:
    """Yield the topics one at a time; each is forgotten when the next is read."""
    root: Element | None = None
    try:
        for event, element in defusedxml.ElementTree.iterparse(stream, events=("start", "end"), forbid_dtd=False):
            if root is None:
                if element.tag != "health-topics":
                    raise BadFile(
                        f"{name} is no file of MedlinePlus's health topics: it begins with {element.tag[:40]}."
                    )
                root = element
            elif event == "end" and element.tag == "health-topic":
                yield element
                root.clear()
    except (defusedxml.ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise BadFile(f"{name} is damaged or not complete ({error}). Download it again.") from error


def _generated(path: Path) -> str:
    """Return the day that a file says it was made."""
    for _, stream, _ in members(path, ".xml", _RECORD):
        found = re.search(rb'date-generated="(\d\d)/(\d\d)/(\d{4})', stream.read(2000))
        return "-".join((found[3].decode(), found[1].decode(), found[2].decode())) if found else ""
    return ""


def _entry(topic: Element, place: str, done: int) -> Entry:
    title, address = topic.get("title", "").strip(), topic.get("url", "").strip()
    language = {name: short for short, name in _LANGUAGES.items()}.get(topic.get("language", ""))
    try:
        if not title or language is None:
            raise Upstream(f'it has no title, or its language "{topic.get("language", "")[:20]}" is neither known')
        id, url = _id(address), _bare(address)
    except Upstream as error:
        return Entry(refused=f"Not a topic: {error}.", raw=f"{title} {address}", place=place, done=done)
    mesh = [(each.get("id", ""), each.text or "") for each in topic.iter("descriptor")]
    other = topic.find("language-mapped-topic")
    fields: dict[str, Any] = {
        "language": language,
        "summary": markup_text(topic.findtext("full-summary", ""))[:_LONGEST],
        "also_called": _texts(topic, "also-called"),
        "see_references": _texts(topic, "see-reference"),
        "groups": _texts(topic, "group"),
        "mesh": [{"id": code, "name": name} for code, name in mesh],
        "related_topics": [{"title": e.text or "", "url": e.get("url", "")} for e in topic.findall("related-topic")],
        "primary_institute": topic.findtext("primary-institute", ""),
        "in_other_language": {"title": other.text or "", "url": other.get("url", "")} if other is not None else {},
        "date_created": topic.get("date-created", ""),
    }
    words = [*fields["also_called"], *fields["see_references"], *fields["groups"], *(name for _, name in mesh)]
    keys = (("language", language), *(("mesh", code.lower()) for code, _ in mesh if code))
    item = Item("medlineplus", id, title, url, "", fields)
    return Entry(item, "\n".join([*words, fields["summary"]]), keys, place=place, done=done)


def _texts(topic: Element, name: str) -> list[str]:
    return [each.text.strip() for each in topic.findall(name) if each.text and each.text.strip()]


source = MedlinePlus()

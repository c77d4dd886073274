"""One article as PubMed's XML gives it, read as an item.

efetch and the bulk files share the format (NLM's ``pubmed_YYMMDD.dtd``): ``PubmedArticle`` for journals,
``PubmedBookArticle`` for chapters such as GeneReviews, which efetch alone delivers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from bogam.sources.answer import Item

ARTICLE, BOOK, DELETED = "PubmedArticle", "PubmedBookArticle", "DeleteCitation"
_AUTHORS: Final = 200
"""Most authors kept; ``author_count`` says how many there are."""
_LONGEST: Final = 100_000
"""Most characters kept of one part of an abstract."""
_MONTHS: Final = {
    name: f"{at:02}"
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_NOTICES: Final = {
    "RetractionIn": "retracted in",
    "RetractionOf": "retraction of",
    "PartialRetractionIn": "partially retracted in",
    "ExpressionOfConcernIn": "expression of concern in",
    "ErratumIn": "erratum in",
    "CorrectedandRepublishedIn": "corrected and republished in",
    "RetractedandRepublishedIn": "retracted and republished in",
    "UpdateIn": "updated in",
    "UpdateOf": "update of",
}


class Unreadable(ValueError):
    """An article that cannot be read; the message says why."""


def pmid_of(element: Element) -> str:
    """Return the PMID of an article.

    Raises
    ------
    Unreadable
        When it has none, or one that is no number.
    """
    found = (element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID") or "").strip()
    if not (found.isascii() and found.isdigit()) or len(found) > 9:
        raise Unreadable(f'an article without a PMID ("{found[:20]}")')
    return found


def edition_of(element: Element) -> int:
    """Return the ``Version`` of a PMID: F1000-style articles have several."""
    found = element.find("MedlineCitation/PMID")
    version = found.get("Version", "1") if found is not None else "1"
    return int(version) if version.isascii() and version.isdigit() else 1


def read(element: Element) -> Item:
    """Return an article as an item.

    Raises
    ------
    Unreadable
        When it has no PMID, or no journal article in it.
    """
    pmid = pmid_of(element)
    fields = _book(element) if element.tag == BOOK else _journal(element)
    title = fields.pop("title") or fields.get("vernacular_title") or f"(no title) PMID {pmid}"
    url = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    told = {"pmid": pmid, "notice": _notice(fields), "published": _published(fields), **fields}
    return Item("pubmed", pmid, title, url, fields["date_revised"], told)


def text_of(item: Item) -> str:
    """Return what full-text search sees besides the title: abstracts, MeSH terms, keywords."""
    fields = item.fields
    parts = [part["text"] for part in (*fields["abstract"], *fields["other_abstract"])]
    terms = [*(each["descriptor"] for each in fields["mesh"]), *fields["keywords"], fields["vernacular_title"]]
    return "\n".join(filter(None, (*parts, "; ".join(filter(None, terms)))))


def warning_of(items: Iterable[Item]) -> str:
    """Say which of the articles are retracted; nothing where none is."""
    retracted = [item.id for item in items if item.fields["retracted"]]
    return f"Retracted: PMID {', '.join(retracted)}." if retracted else ""


def _journal(element: Element) -> dict[str, Any]:
    citation, article = element.find("MedlineCitation"), element.find("MedlineCitation/Article")
    if citation is None or article is None:
        raise Unreadable(f"PMID {pmid_of(element)} without an Article")
    types = _texts(article, "PublicationTypeList/PublicationType")
    notices = list(_notices(citation))
    retracted = "Retracted Publication" in types or any(each["type"] == "RetractionIn" for each in notices)
    issue = "Journal/JournalIssue"
    return {
        "title": _text(article.find("ArticleTitle")),
        "vernacular_title": _text(article.find("VernacularTitle")),
        "abstract": _abstract(article.find("Abstract")),
        "other_abstract": [
            {"language": other.get("Language", ""), **part}
            for other in citation.findall("OtherAbstract")
            for part in _abstract(other)
        ],
        "retracted": retracted,
        "notices": notices,
        "publication_types": types,
        "journal": {
            "title": _text(article.find("Journal/Title")),
            "abbreviation": _text(article.find("Journal/ISOAbbreviation")),
            "issn": _text(article.find("Journal/ISSN")),
            "volume": _text(article.find(f"{issue}/Volume")),
            "issue": _text(article.find(f"{issue}/Issue")),
            "pages": _text(article.find("Pagination/MedlinePgn")),
        },
        "publication_date": _day(article.find(f"{issue}/PubDate")) or _day(article.find("ArticleDate")),
        **_authors(article),
        "languages": _texts(article, "Language"),
        **_ids(element, article),
        "mesh": _mesh(citation),
        "keywords": _texts(citation, "KeywordList/Keyword"),
        "conflict_of_interest": _text(citation.find("CoiStatement")),
        "copyright": _text(article.find("Abstract/CopyrightInformation")),
        "medline_status": citation.get("Status", ""),
        "date_revised": _day(citation.find("DateRevised")) or _day(citation.find("DateCompleted")),
    }


def _book(element: Element) -> dict[str, Any]:
    """Return a chapter under the same names; what only journals have is empty."""
    document = element.find("BookDocument")
    if document is None:
        raise Unreadable("a PubmedBookArticle without a BookDocument")
    return {
        "title": _text(document.find("ArticleTitle")) or _text(document.find("Book/BookTitle")),
        "vernacular_title": "",
        "abstract": _abstract(document.find("Abstract")),
        "other_abstract": [],
        "retracted": False,
        "notices": [],
        "publication_types": _texts(document, "PublicationType"),
        "journal": {
            "title": _text(document.find("Book/BookTitle")),
            "abbreviation": "",
            "issn": "",
            "volume": "",
            "issue": "",
            "pages": "",
        },
        "publication_date": _day(document.find("ContributionDate")) or _day(document.find("Book/PubDate")),
        **_authors(document),
        "languages": _texts(document, "Language"),
        **_ids(element, document),
        "mesh": [],
        "keywords": _texts(document, "KeywordList/Keyword"),
        "conflict_of_interest": "",
        "copyright": _text(document.find("Abstract/CopyrightInformation")),
        "medline_status": "",
        "date_revised": _day(document.find("DateRevised")) or _day(document.find("ContributionDate")),
    }


def _notice(fields: dict[str, Any]) -> str:
    """Say what a reader must know of an article before relying on it."""
    grave = ("RetractionIn", "PartialRetractionIn", "RetractedandRepublishedIn", "ExpressionOfConcernIn")
    told = [each["text"] for each in fields["notices"] if each["type"] in grave]
    said = "; ".join(told)
    return said[:1].upper() + said[1:] or ("Retracted." if fields["retracted"] else "")


def _published(fields: dict[str, Any]) -> str:
    """Return where and when an article was published, as citations say it: ``Lancet. 2024-03-15;12(3):101-9``."""
    journal = fields["journal"]
    issue = f"({journal['issue']})" if journal["issue"] else ""
    place = f"{journal['volume']}{issue}" + (f":{journal['pages']}" if journal["pages"] else "")
    when = ";".join(filter(None, (fields["publication_date"], place)))
    return ". ".join(filter(None, (journal["abbreviation"] or journal["title"], when)))


def _text(element: Element | None) -> str:
    """Return the text below an element in one line; a raised digit after a digit stays an exponent (10^9, not 109)."""
    if element is None:
        return ""
    return " ".join(("".join(_runs(element)) if len(element) else element.text or "").split())


def _runs(element: Element) -> Iterator[str]:
    if element.text:
        yield element.text
    before = element.text or ""
    for child in element:
        inner = "".join(_runs(child))
        if child.tag == "sup" and before[-1:].isdigit() and re.match(r"[-−+]?\d", inner):
            yield "^"
        yield inner
        yield child.tail or ""
        before = child.tail or inner


def _texts(element: Element, path: str) -> list[str]:
    return [found for found in map(_text, element.findall(path)) if found]


def _abstract(element: Element | None) -> list[dict[str, str]]:
    parts = element.findall("AbstractText") if element is not None else []
    read = [{"label": part.get("Label", "").strip(), "text": _text(part)[:_LONGEST]} for part in parts]
    return [part for part in read if part["text"]]


def _authors(article: Element) -> dict[str, Any]:
    """Return the authors in order, as PubMed writes them (``Kim MJ``); editors of a book are none."""
    lists = [each for each in article.findall("AuthorList") if each.get("Type", "authors") == "authors"]
    names: list[str] = []
    for author in (author for each in lists for author in each.findall("Author")):
        last, initials = _text(author.find("LastName")), _text(author.find("Initials"))
        names.append(f"{last} {initials}".strip() or _text(author.find("CollectiveName")))
    named = [name for name in names if name]
    return {"authors": named[:_AUTHORS], "author_count": len(named)}


def _ids(element: Element, article: Element) -> dict[str, str]:
    """Return DOI and PMC id of the article itself; those of its references stand elsewhere."""
    own: dict[str, str] = {}
    for path in ("PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId"):
        for each in element.findall(path):
            own.setdefault(each.get("IdType", ""), _text(each))
    for each in article.findall("ArticleIdList/ArticleId"):
        own.setdefault(each.get("IdType", ""), _text(each))
    for each in article.findall("ELocationID"):
        if each.get("ValidYN", "Y") == "Y":
            own.setdefault(each.get("EIdType", ""), _text(each))
    return {"doi": own.get("doi", ""), "pmc": own.get("pmc", ""), "bookshelf": own.get("bookaccession", "")}


def _mesh(citation: Element) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for heading in citation.findall("MeshHeadingList/MeshHeading"):
        descriptor, qualifiers = heading.find("DescriptorName"), heading.findall("QualifierName")
        major = any(each.get("MajorTopicYN") == "Y" for each in (descriptor, *qualifiers) if each is not None)
        name = _text(descriptor)
        if name:
            ui = descriptor.get("UI", "") if descriptor is not None else ""
            found.append(
                {"descriptor": name, "ui": ui, "qualifiers": [_text(each) for each in qualifiers], "major": major}
            )
    return found


def _notices(citation: Element) -> Iterator[dict[str, str]]:
    for each in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        kind = each.get("RefType", "")
        if kind in _NOTICES:
            source, pmid = _text(each.find("RefSource")), _text(each.find("PMID"))
            yield {"type": kind, "text": f"{_NOTICES[kind]} {source}".strip(), "pmid": pmid}


def _day(element: Element | None) -> str:
    """Return a date as far as it is given: ``2024``, ``2024-03``, ``2024-03-15``; of a range its beginning."""
    if element is None:
        return ""
    year, month, day = (_text(element.find(name)) for name in ("Year", "Month", "Day"))
    if not year:
        written = _text(element.find("MedlineDate"))
        found = re.match(r"(\d{4})(?:\s+([A-Za-z]{3}))?", written)
        year, month = (found.group(1), found.group(2) or "") if found else ("", "")
    month = _MONTHS.get(month[:3].lower(), month.zfill(2) if month.isdigit() else "")
    if not re.fullmatch(r"\d{4}", year):
        return ""
    return "-".join(filter(None, (year, month, day.zfill(2) if month and day.isdigit() else "")))

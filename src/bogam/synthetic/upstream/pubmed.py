"""NCBI's E-utilities over a few made articles, and the same articles as NLM's bulk files.

The articles are invented. Shapes as in the E-utilities help (https://www.ncbi.nlm.nih.gov/books/NBK25499/) and
``pubmed_250101.dtd``; failures as the service sends them, most with status 200.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

_PROLOG: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
    '2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
_TOO_FAR: Final = (
    "Search Backend failed: Exception: 'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve "
    "the first 9,999 records matching the query."
)
_PHRASE: Final = re.compile(r'"([^"]+)"(?!\[)')
_ORDINARY: Final = frozenset({"an", "ordinary", "article"})
MANY: Final = range(50_000_000, 50_012_000)
"""PMIDs of articles that are made when asked for: more than one search can reach. Their title holds "ordinary"."""
WITHDRAWN: Final = "38000013"
"""Found by esearch, delivered by efetch no more."""


@dataclass(frozen=True)
class Article:
    """A made article. ``abstract`` is markup, as (label, XML) pairs."""

    pmid: str
    title: str
    abstract: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ("Han Seo-yeon", "Brandt Otto")
    journal: tuple[str, str] = ("Annals of invented medicine", "Ann Invent Med")
    date: str = "<Year>2024</Year><Month>Mar</Month><Day>15</Day>"
    day: str = "2024/03/15"
    revised: str = "2024-06-01"
    types: tuple[str, ...] = ("Journal Article",)
    language: str = "eng"
    vernacular: str = ""
    korean: str = ""
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    doi: str = ""
    pmc: str = ""
    notice: tuple[str, str, str] = ("", "", "")
    group: str = ""
    book: bool = False
    words: frozenset[str] = field(default=frozenset(), compare=False)


def _trial(number: int, drug: str, finding: str, day: str, **more: Any) -> Article:
    year, month, _ = day.split("/")
    return Article(
        str(38_000_000 + number),
        f"{drug} in heart failure: trial {number} of a made series.",
        (("BACKGROUND", "Heart failure is common in this invented cohort."), ("RESULTS", finding)),
        date=f"<Year>{year}</Year><Month>{month}</Month>",
        day=day,
        doi=f"10.5555/made.{number}",
        **more,
    )


ARTICLES: Final = (
    Article(
        "38000001",
        "Inhaled budesonide-formoterol as needed in children with mild asthma: a randomised trial.",
        (
            ("BACKGROUND", "As-needed inhalers are little studied in children with asthma."),
            ("METHODS", "We randomised 412 children to as-needed budesonide-formoterol or salbutamol for 52 weeks."),
            ("RESULTS", "Severe exacerbations occurred in 11 of 206 and 24 of 206 children; p&lt;0.05."),
            ("CONCLUSIONS", "As-needed budesonide-formoterol reduced severe exacerbations."),
        ),
        types=("Journal Article", "Randomized Controlled Trial"),
        mesh=("Asthma", "Child", "Budesonide, Formoterol Fumarate Drug Combination"),
        keywords=("reliever therapy",),
        doi="10.5555/made.1",
        pmc="PMC9900001",
        revised="2025-02-03",
    ),
    Article(
        "38000002",
        "[Community-acquired pneumonia in the elderly: a made review].",
        (("", "This invented review describes pneumonia in persons over 75 years of age."),),
        authors=("Kim Min-jun",),
        journal=("Korean journal of invented geriatrics", "Korean J Invent Geriatr"),
        language="kor",
        vernacular="고령 환자의 지역사회획득 폐렴",
        korean="고령 환자의 폐렴은 발열 없이 나타날 수 있다.",
        types=("English Abstract", "Journal Article", "Review"),
        mesh=("Pneumonia", "Aged"),
        date="<Year>2023</Year><Season>Winter</Season>",
        day="2023/12/01",
    ),
    Article(
        "38000003",
        "A miracle lozenge cures sepsis: an invented and retracted study.",
        (("", "Mortality fell to zero."),),
        types=("Journal Article", "Retracted Publication"),
        mesh=("Sepsis",),
        notice=("RetractionIn", "Ann Invent Med. 2024 May;12(5):300. doi: 10.5555/made.4", "38000004"),
    ),
    Article(
        "38000004",
        "Retraction: A miracle lozenge cures sepsis.",
        types=("Retraction of Publication",),
        notice=("RetractionOf", "Ann Invent Med. 2024 Mar;12(3):101", "38000003"),
        mesh=("Sepsis",),
    ),
    Article(
        "38000005",
        "Platelet counts below 20 × 10<sup>9</sup>/L in Sjögren disease.",
        (("", "Counts fell to 12 × 10<sup>9</sup>/L; serum Ca<sup>2+</sup> and H<sub>2</sub>O balance were normal."),),
        mesh=("Sjogren's Syndrome",),
        date="<MedlineDate>2023 Dec-2024 Jan</MedlineDate>",
        day="2023/12/01",
    ),
    Article(
        "38000006",
        "Letters &amp; tags: &lt;script&gt;alert(1)&lt;/script&gt; and \u202eesrever\u202c in a title.",
        (),
        types=("Letter",),
        group="The Hostile Input Study Group",
        authors=(),
    ),
    _trial(7, "Dapagliflozin", "Admissions fell from 21 to 15 per 100 patient-years.", "2021/05/01"),
    _trial(
        8, "Sacubitril", "Blood pressure fell by 6 mmHg.", "2022/02/01", types=("Journal Article", "Clinical Trial")
    ),
    _trial(9, "Vericiguat", "No difference was found.", "2022/09/01"),
    _trial(
        10,
        "Empagliflozin",
        "NT-proBNP fell by 13 %.",
        "2023/01/01",
        types=("Journal Article", "Randomized Controlled Trial"),
        authors=("Kim Min-jun", "Ortega Luz"),
    ),
    _trial(11, "Iron", "Walking distance rose by 30 m.", "2024/08/01", revised="2025-01-09"),
    Article(
        "38000012",
        "Made Gene-Related Cardiomyopathy.",
        (("CLINICAL CHARACTERISTICS", "An invented chapter about cardiomyopathy."),),
        journal=("Invented Gene Reviews", ""),
        book=True,
        day="2020/01/09",
        date="<Year>2020</Year><Month>01</Month><Day>09</Day>",
        types=("Review",),
    ),
    Article(WITHDRAWN, "A vanishing heart failure article.", day="2019/01/01"),
)
BULK: Final = tuple(article for article in ARTICLES if not article.book and article.pmid != WITHDRAWN)
DELETED: Final = "38000099"
"""In the baseline; the update file deletes it."""


def simulator() -> Simulator:
    """Return E-utilities as a callable."""
    utilities = {"esearch": _esearch, "esummary": _esummary, "efetch": _efetch}

    def answer(asked: Asked) -> Reply:
        found = re.fullmatch(r"/entrez/eutils/(\w+)\.fcgi", asked.path)
        if found is None or found.group(1) not in utilities:
            return Reply(b"<!DOCTYPE html><html><body>404</body></html>", 404, "text/html")
        key = asked.one("api_key")
        if key and not key.startswith("made-"):
            return Reply({"error": "API key invalid", "api-key": key, "type": "api key", "status": "unknown"}, 400)
        if asked.one("db") != "pubmed":
            return Reply({"esearchresult": {"ERROR": f"Invalid db name specified: {asked.one('db')}"}})
        return utilities[found.group(1)](asked)

    return answer


# --- esearch


def _esearch(asked: Asked) -> Reply:
    start, most = int(asked.one("retstart", "0")), min(int(asked.one("retmax", "20")), 9_999)
    if not asked.one("term"):
        return _searched({"ERROR": "Empty term and query_key - nothing todo"})
    if start > 9_998:
        return _searched({"ERROR": _TOO_FAR})
    if bool(asked.one("mindate")) != bool(asked.one("maxdate")):
        return _searched({"ERROR": "mindate and maxdate must both be given"})
    matched, unknown = _matching(asked.one("term"))
    unquoted = [
        quoted for quoted in _PHRASE.findall(asked.one("term")) if not any(_in_order(quoted, a) for a in ARTICLES)
    ]
    dates = asked.one("mindate"), asked.one("maxdate")
    if dates[0]:
        first, last = (dates[0], f"{dates[1]}~")
        matched = [each for each in matched if first <= each.day <= last]
    if asked.one("sort") == "pub_date":
        matched = sorted(matched, key=lambda each: each.day, reverse=True)
    ids = [each.pmid for each in matched]
    shown = ids[start : min(start + most, 9_999)]
    result: dict[str, Any] = {
        "count": str(len(ids)),
        "retmax": str(len(shown)),
        "retstart": str(start),
        "idlist": shown,
        "translationset": [],
        "querytranslation": asked.one("term"),
    }
    if unknown:
        result["errorlist"] = {"phrasesnotfound": unknown, "fieldsnotfound": []}
    if unquoted or not ids:
        quoted = [f'"{phrase}"' for phrase in unquoted]
        said = [] if ids else ["No items found."]
        result["warninglist"] = {"phrasesignored": [], "quotedphrasesnotfound": quoted, "outputmessages": said}
    return _searched(result)


def _searched(result: dict[str, Any]) -> Reply:
    return Reply({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})


def _matching(term: str) -> tuple[list[Article], list[str]]:
    """Return what has all parts of a term, and the words that no article has, which PubMed leaves out."""
    everything = _all_ordinary() if "ordinary" in term else list(ARTICLES)
    unknown: list[str] = []
    matched = everything
    for quoted, tag, word in re.findall(r'"([^"]*)"(?:\[(\w+)\])?|([^\s()"]+)', term):
        if word in ("AND", "all[sb]"):
            continue
        if word == "hasabstract":
            matched = [each for each in matched if each.abstract]
            continue
        if re.match(r"10\.\d{4,9}/", word):
            matched = [each for each in matched if each.doi == word.lower()]
            continue
        if tag:
            matched = [each for each in matched if quoted.lower() in _named(each, tag)]
            continue
        asked = set(_words(quoted or word)) - {"of", "the", "in", "with", "made"}
        if not any(asked <= _held(each) for each in everything):
            unknown.append(quoted or word)
            continue
        matched = [each for each in matched if asked <= _held(each)]
    return ([] if unknown and matched == everything else matched), unknown


def _named(article: Article, tag: str) -> list[str]:
    types = [*article.types, *(["Clinical Trial"] if "Randomized Controlled Trial" in article.types else [])]
    named: dict[str, Iterable[str]] = {
        "pt": types,
        "au": map(_short, article.authors),
        "ta": article.journal,
        "la": [article.language],
    }
    return [each.lower() for each in named[tag]]


def _held(article: Article) -> frozenset[str]:
    parts = [article.pmid, article.title, article.vernacular, article.korean, *article.mesh, *article.keywords]
    return article.words or frozenset(_words(" ".join((*parts, *(text for _, text in article.abstract)))))


def _in_order(phrase: str, article: Article) -> bool:
    return " ".join(_words(phrase)) in " ".join(_words(article.title))


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.findall(r"\w+", unicodedata.normalize("NFC", plain))


def _ordinary(pmid: str) -> Article:
    return Article(pmid, f"An ordinary article, {pmid}.", day="2010/01/01", words=_ORDINARY)


@cache
def _all_ordinary() -> list[Article]:
    return [_ordinary(str(pmid)) for pmid in MANY]


def _article(pmid: str) -> Article | None:
    if pmid.isdigit() and int(pmid) in MANY:
        return _ordinary(pmid)
    return next((each for each in ARTICLES if each.pmid == pmid), None)


# --- esummary and efetch


def _ids(asked: Asked) -> list[str]:
    return [each.strip() for each in asked.one("id").split(",") if each.strip().isdigit() and int(each) > 0]


def _esummary(asked: Asked) -> Reply:
    ids = _ids(asked)
    if not ids:
        return Reply({"header": {"type": "esummary", "version": "0.3"}, "error": "Empty id list - nothing todo"})
    result: dict[str, Any] = {"uids": ids}
    for pmid in ids:
        article = _article(pmid)
        if article is None:
            result[pmid] = {"uid": pmid, "error": "cannot get document summary"}
        else:
            authors = [{"name": _short(name), "authtype": "Author", "clusterid": ""} for name in article.authors]
            result[pmid] = {
                "uid": pmid,
                "pubdate": article.day,
                "source": article.journal[1],
                "authors": authors,
                "title": article.title,
                "lang": [article.language],
                "pubtype": list(article.types),
                "articleids": [{"idtype": "pubmed", "idtypen": 1, "value": pmid}],
                "fulljournalname": article.journal[0],
            }
    return Reply({"header": {"type": "esummary", "version": "0.3"}, "result": result})


def _efetch(asked: Asked) -> Reply:
    ids = _ids(asked)
    if not ids:
        body = "<eFetchResult>\n\t<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>\n</eFetchResult>\n"
        return Reply(f'<?xml version="1.0" encoding="UTF-8" ?>\n{body}'.encode(), 400, "text/xml; charset=UTF-8")
    found = [_article(pmid) for pmid in dict.fromkeys(ids) if pmid != WITHDRAWN]
    return Reply(article_set(filter(None, found)), type="text/xml; charset=UTF-8")


# --- XML


def article_set(articles: Iterable[Article], deleted: Iterable[str] = ()) -> bytes:
    """Return a ``PubmedArticleSet``."""
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    body = "\n".join(_book(each) if each.book else _journal(each) for each in articles)
    gone = f"<DeleteCitation>{gone}</DeleteCitation>" if gone else ""
    return f"{_PROLOG}<PubmedArticleSet>\n{body}{gone}</PubmedArticleSet>\n".encode()


def _short(name: str) -> str:
    last, _, first = name.partition(" ")
    return f"{last} {''.join(part[0].upper() for part in first.split('-'))}"


def _abstract(article: Article) -> str:
    def part(label: str, text: str) -> str:
        named = f' Label="{label}" NlmCategory="{label}"' if label else ""
        return f"<AbstractText{named}>{text}</AbstractText>"

    parts = "".join(part(label, text) for label, text in article.abstract)
    return f"<Abstract>{parts}<CopyrightInformation>© Nobody.</CopyrightInformation></Abstract>" if parts else ""


def _author_list(article: Article) -> str:
    def author(name: str) -> str:
        last, _, first = name.partition(" ")
        initials = _short(name).rpartition(" ")[2]
        names = f"<LastName>{last}</LastName><ForeName>{first}</ForeName><Initials>{initials}</Initials>"
        return f'<Author ValidYN="Y">{names}</Author>'

    group = f"<Author><CollectiveName>{escape(article.group)}</CollectiveName></Author>" if article.group else ""
    kind = ' Type="authors"' if article.book else ""
    return f'<AuthorList{kind} CompleteYN="Y">{"".join(map(author, article.authors))}{group}</AuthorList>'


def _journal(article: Article) -> str:
    year, month, day = article.revised.split("-")
    types = "".join(f'<PublicationType UI="D016428">{each}</PublicationType>' for each in article.types)
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D000000" MajorTopicYN="{"NY"[at == 0]}">{escape(each)}</DescriptorName>'
        f"</MeshHeading>"
        for at, each in enumerate(article.mesh)
    )
    keywords = "".join(f'<Keyword MajorTopicYN="N">{each}</Keyword>' for each in article.keywords)
    kind, source, pmid = article.notice
    notice = f"<RefSource>{source}</RefSource><PMID Version='1'>{pmid}</PMID></CommentsCorrections>"
    notices = f"<CommentsCorrections RefType={quoteattr(kind)}>{notice}" if kind else ""
    other = (
        f'<OtherAbstract Type="Publisher" Language="kor"><AbstractText>{article.korean}</AbstractText></OtherAbstract>'
    )
    vernacular = f"<VernacularTitle>{article.vernacular}</VernacularTitle>" if article.vernacular else ""
    doi = f'<ELocationID EIdType="doi" ValidYN="Y">{article.doi}</ELocationID>' if article.doi else ""
    title, short = article.journal
    ids = (("pubmed", article.pmid), ("doi", article.doi), ("pmc", article.pmc))
    named = "".join(f'<ArticleId IdType="{kind}">{value}</ArticleId>' for kind, value in ids if value)
    cited = '<Reference><ArticleIdList><ArticleId IdType="doi">10.5555/cited</ArticleId></ArticleIdList></Reference>'
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{article.pmid}</PMID>'
        f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised>"
        f'<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print">'
        f"<Volume>12</Volume><Issue>3</Issue><PubDate>{article.date}</PubDate></JournalIssue><Title>{title}</Title>"
        f"<ISOAbbreviation>{short}</ISOAbbreviation></Journal><ArticleTitle>{article.title}</ArticleTitle>"
        f"<Pagination><MedlinePgn>101-9</MedlinePgn></Pagination>{doi}{_abstract(article)}{_author_list(article)}"
        f"<Language>{article.language}</Language><PublicationTypeList>{types}</PublicationTypeList>{vernacular}</Article>"
        f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList><MeshHeadingList>{mesh}</MeshHeadingList>"
        f'{other if article.korean else ""}<KeywordList Owner="NOTNLM">{keywords}</KeywordList></MedlineCitation>'
        f"<PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>{named}</ArticleIdList>"
        f"<ReferenceList>{cited}</ReferenceList></PubmedData></PubmedArticle>"
    )


def _book(article: Article) -> str:
    types = "".join(f'<PublicationType UI="D016454">{each}</PublicationType>' for each in article.types)
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{article.pmid}</PMID><ArticleIdList>'
        f'<ArticleId IdType="bookaccession">NBK900{article.pmid[-3:]}</ArticleId></ArticleIdList><Book><Publisher>'
        f"<PublisherName>Nobody</PublisherName></Publisher><BookTitle>{article.journal[0]}</BookTitle><PubDate><Year>1993"
        f'</Year></PubDate><AuthorList Type="editors"><Author><LastName>Editor</LastName></Author></AuthorList></Book>'
        f"<ArticleTitle>{article.title}</ArticleTitle><Language>eng</Language>{_author_list(article)}{types}"
        f"{_abstract(article)}<ContributionDate>{article.date}</ContributionDate></BookDocument><PubmedBookData>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{article.pmid}</ArticleId></ArticleIdList></PubmedBookData>'
        "</PubmedBookArticle>"
    )


# --- bulk


def bulk(folder: Path) -> list[Path]:
    """Write a baseline file and an update file with newer versions and a deletion; the update is named first."""
    older = [replace(each, title=f"Older: {each.title}", revised="2024-01-02") for each in BULK[:4]]
    doomed = Article(DELETED, "An article that was deleted later.")
    unreadable = Article("x", "An article whose PMID is no number.")
    base, update = folder / "pubmed25n0001.xml.gz", folder / "pubmed25n1275.xml.gz"
    base.write_bytes(gzip.compress(article_set([*older, *BULK[4:], doomed, unreadable])))
    update.write_bytes(gzip.compress(article_set(BULK[:4], deleted=[DELETED])))
    return [update, base]

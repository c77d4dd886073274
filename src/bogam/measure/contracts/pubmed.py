"""What PubMed must answer."""

from __future__ import annotations

from collections.abc import Callable

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.pubmed import WITHDRAWN, bulk, simulator

_SERIES = {"text": "heart failure made series"}


def _ids(*numbers: int) -> Callable[[Answer], bool]:
    """Return a check that exactly these made articles were found."""

    def holds(answer: Answer) -> bool:
        return sorted(item.id for item in answer.items) == [str(38_000_000 + each) for each in numbers]

    return holds


def _whole(answer: Answer) -> bool:
    (item,) = answer.items
    fields = item.fields
    return (
        item.version == "2025-02-03"
        and [part["label"] for part in fields["abstract"]] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
        and item.cite("/fields/abstract/2/text").quote.endswith("24 of 206 children; p<0.05.")
        and (fields["doi"], fields["pmc"]) == ("10.5555/made.1", "PMC9900001")
        and fields["authors"] == ["Han SY", "Brandt O"]
        and fields["journal"]["abbreviation"] == "Ann Invent Med"
        and fields["published"] == "Ann Invent Med. 2024-03-15;12(3):101-9"
        and fields["mesh"][0]["descriptor"] == "Asthma"
        and fields["mesh"][0]["major"]
        and not fields["retracted"]
        and answer.url == "https://pubmed.ncbi.nlm.nih.gov/38000001/"
    )


def _korean(answer: Answer) -> bool:
    fields = answer.items[0].fields
    other = {"language": "kor", "label": "", "text": "고령 환자의 폐렴은 발열 없이 나타날 수 있다."}
    return fields["vernacular_title"].startswith("고령") and fields["other_abstract"] == [other]


def _retracted(answer: Answer) -> bool:
    fields = answer.items[0].fields
    noticed = fields["notices"][0]["pmid"] == "38000004"
    notice = "Retracted in Ann Invent Med. 2024 May;12(5):300. doi: 10.5555/made.4"
    return (
        fields["retracted"] and noticed and fields["notice"] == notice and "Retracted: PMID 38000003" in answer.reason
    )


def _exponents(answer: Answer) -> bool:
    item = answer.items[0]
    return "20 × 10^9/L" in item.title and "12 × 10^9/L; serum Ca2+ and H2O" in item.fields["abstract"][0]["text"]


def _hostile(answer: Answer) -> bool:
    item = answer.items[0]
    return "<script>alert(1)</script>" in item.title and item.fields["authors"] == ["The Hostile Input Study Group"]


def _chapter(answer: Answer) -> bool:
    item = answer.items[0]
    return item.fields["bookshelf"] == "NBK900012" and item.fields["authors"] == ["Han SY", "Brandt O"]


def _newest_first(answer: Answer) -> bool:
    return [item.fields["publication_date"] for item in answer.items] == ["2024-08", "2023-01", "2022-09"]


def _some(answer: Answer) -> bool:
    return len(answer.items) == 3 and bool(answer.next) and (answer.total or 0) > 3


_SEARCHES = [
    Case("words are found", "search", {"text": "heart failure", "limit": 3}, "truncated", _some, EVERYWHERE),
    Case("all words must be there", "search", {"text": "budesonide children"}, "found", _ids(1)),
    Case("words that tell nothing are not asked for", "search", {"text": "asthma of the children"}, "found", _ids(1)),
    Case("a PMID as the text", "search", {"text": "38000001"}, "found", _ids(1)),
    Case("a DOI as the text", "search", {"text": "10.5555/made.10"}, "found", _ids(10)),
    Case("words of the MeSH terms are found", "search", {"text": "aged pneumonia"}, "found", _ids(2)),
    Case("a phrase is found in its order", "search", {"text": '"mild asthma"'}, "found", _ids(1)),
    Case("a phrase out of order is not", "search", {"text": '"asthma mild"'}, "none", where=("mirror",)),
    Case(
        "a phrase that PubMed takes apart is told",
        "search",
        {"text": '"asthma mild"'},
        "found",
        lambda a: "“asthma mild”" in a.reason,
        ("simulator",),
    ),
    Case("marks on letters do not matter", "search", {"text": "sjogren"}, "found", _ids(5)),
    Case("Korean words are found", "search", {"text": "고령 환자의 폐렴"}, "found", _ids(2)),
    Case("no match is none", "search", {"text": "qqzzxv wwkjqy"}, "none", where=EVERYWHERE),
    Case("words that never meet are none", "search", {"text": "asthma dapagliflozin"}, "none"),
    Case("markup in a question is only words", "search", {"text": "<script>alert(1)</script>"}, "found", _ids(6)),
    Case("brackets and quotes do no harm", "search", {"text": "asthma') -- ; \u202e {{children}}"}, "found", _ids(1)),
    Case("publication type", "search", {"publication_type": "Randomized Controlled Trial"}, "found", _ids(1, 10)),
    Case("a broader type", "search", {"publication_type": "clinical trial"}, "found", _ids(1, 8, 10)),
    Case("author", "search", {"author": "Kim MJ"}, "found", _ids(2, 10)),
    Case("journal by its abbreviation", "search", {"journal": "Korean J Invent Geriatr"}, "found", _ids(2)),
    Case("language", "search", {"language": "kor"}, "found", _ids(2)),
    Case("years", "search", {**_SERIES, "mindate": "2022", "maxdate": "2023"}, "found", _ids(8, 9, 10)),
    Case("a month", "search", {**_SERIES, "mindate": "2022/09", "maxdate": "2022/09"}, "found", _ids(9)),
    Case("from a year on", "search", {**_SERIES, "mindate": "2023"}, "found", _ids(10, 11)),
    Case("with an abstract", "search", {"text": "sepsis", "has_abstract": True}, "found", _ids(3)),
    Case(
        "a retraction is told in a list",
        "search",
        {"text": "lozenge"},
        "found",
        lambda a: _ids(3, 4)(a) and "Retracted: PMID 38000003." in a.reason,
    ),
    Case("newest first", "search", {**_SERIES, "sort": "pub_date", "limit": 3}, "truncated", _newest_first),
    Case("the last page", "search", {**_SERIES, "sort": "pub_date", "limit": 3, "next": "3"}, "found", _ids(7, 8)),
    Case("the total is told", "search", {**_SERIES, "limit": 1}, "truncated", lambda a: a.total == 5),
    Case("an exponent stays one", "search", {"text": "platelet"}, "found", _exponents),
    Case(
        "words that PubMed leaves out are told",
        "search",
        {**_SERIES, "text": "heart failure made series xyzzyqqq"},
        "found",
        lambda a: "xyzzyqqq" in a.reason and _ids(7, 8, 9, 10, 11)(a),
        ("simulator",),
    ),
    Case("the same words in a mirror", "search", {"text": "heart failure xyzzyqqq"}, "none", where=("mirror",)),
    Case(
        "a PMID found but not delivered is told",
        "search",
        {"text": "heart failure"},
        "truncated",
        lambda a: WITHDRAWN in a.reason and _ids(7, 8, 9, 10, 11)(a),
        ("simulator",),
    ),
    Case(
        "the 9,999th article is the last, and it is told",
        "search",
        {"text": "ordinary article", "limit": 20, "next": "9990"},
        "truncated",
        lambda a: len(a.items) == 9 and not a.next and a.total == 12_000 and "9,999" in a.reason,
        ("simulator",),
    ),
    Case("what was deleted is gone", "search", {"text": "deleted later"}, "none", where=("mirror",)),
    Case("the older version is gone", "search", {"text": "older"}, "none", where=("mirror",)),
]
_LOOKUPS = [
    Case("an article whole", "get", {"id": "38000001"}, "found", _whole),
    Case("its PMID as people write it", "get", {"id": "PMID: 38000001"}, "found", _whole),
    Case("a Korean article", "get", {"id": "38000002"}, "found", _korean),
    Case("a retracted article says so", "get", {"id": "38000003"}, "found", _retracted),
    Case("hostile characters stay text", "get", {"id": "38000006"}, "found", _hostile),
    Case("a chapter of a book", "get", {"id": "38000012"}, "found", _chapter, ("simulator",)),
    Case("a per-id error is unknown_id", "get", {"id": "999999999"}, "unknown_id", where=EVERYWHERE),
    Case(
        "an article that is listed but not delivered is an error",
        "get",
        {"id": WITHDRAWN},
        "upstream_error",
        where=("simulator",),
    ),
    Case("what was deleted is unknown", "get", {"id": "38000099"}, "unknown_id", where=("mirror",)),
]

contract = Contract(
    "pubmed",
    [*_SEARCHES, *_LOOKUPS],
    simulator,
    bulk,
    [("search", {"text": "heart failure made series"}), ("get", {"id": "38000001"})],
    {"key": "made-key", "email": "library@hospital.example"},
)

"""What a preprint server must answer: bioRxiv here, and medRxiv by the same cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.preprints import bulk, simulator

_DOI = "10.1101/2024.01.10.900001"
_DAYS = {"date_from": "2024-01-01", "date_to": "2024-12-31"}
_ANTS = {"date_from": "2015-01-01", "date_to": "2016-12-31"}
_BEES = {"date_from": "2023-06-01", "date_to": "2023-08-31"}


def _ids(*ids: str) -> Callable[[Answer], bool]:
    """Return a check that exactly these preprints were found, in whatever order."""

    def holds(answer: Answer) -> bool:
        return sorted(item.id for item in answer.items) == sorted(ids)

    return holds


def _versions(answer: Answer) -> bool:
    newest = answer.items[0]
    return (
        [item.id for item in answer.items] == [f"{_DOI}v3", f"{_DOI}v2", f"{_DOI}v1"]
        and [item.version for item in answer.items] == ["3", "2", "1"]
        and newest.fields["published_doi"] == "10.5555/journal.77"
        and newest.url == f"https://www.{answer.source}.org/content/{_DOI}v3"
        and newest.fields["license"] == "CC BY 4.0"
        and newest.fields["authors"] == ["Seo, J.", "Brandt, O. K.", "The Invented Consortium"]
        and newest.cite("/fields/abstract/0/text").quote == "The third version was sent to a journal."
    )


def _marked(answer: Answer) -> bool:
    """Every preprint says that nobody reviewed it."""
    return all(
        item.fields["peer_reviewed"] is False and item.cite("/fields/notice").quote.startswith("Preprint: not peer")
        for item in answer.items
    ) and answer.reason.startswith("Preprints are not peer reviewed. Withdrawn: 10.1101/2024.03.05.900003v1.")


def _dates(answer: Answer) -> list[str]:
    return [item.fields["date"] for item in answer.items]


def _exponent(answer: Answer) -> bool:
    return answer.items[0].fields["abstract"][0]["text"] == "Platelet counts fell to 20 x 10^9/L."


def _withdrawn(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return fields["withdrawn"] and fields["abstract"] == []


def _journal(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (fields["published_journal"], fields["published_date"]) == ("Journal of Made Haematology", "2024-09-30")


def of(server: str) -> Contract:
    """Return the contract of a server."""
    none = {"date_from": "2024-06-01", "date_to": "2024-06-30"}
    cases = [
        Case("words are found in every version", "search", {"text": "platelets mice", **_DAYS}, "found", _ids(
            f"{_DOI}v1", f"{_DOI}v2", f"{_DOI}v3")),
        Case("every preprint is marked as one", "search", {**_DAYS}, "found", _marked, EVERYWHERE[:2]),
        Case("all words must be there", "search", {"text": "platelets journal", **_DAYS}, "found", _ids(f"{_DOI}v3")),
        Case("no match in days read whole is none", "search", {"text": "qqzzxv", **_DAYS}, "none"),
        Case("days without posts are none", "search", none, "none"),
        Case("case and marks do not matter", "search", {"text": "EPITHELIAL", **_DAYS}, "found", _ids(
            "10.1101/2024.03.01.900002v1")),
        Case("Korean words are found", "search", {"text": "수면과 면역", **_DAYS}, "found", _ids(
            "10.1101/2024.03.09.900004v1")),
        Case("hostile characters stay text", "search", {"text": "<script>alert(1)</script>", **_DAYS}, "found", (
            lambda a: "<script>alert(1)</script>" in a.items[0].title)),
        Case("the newest come first", "search", {**_DAYS, "limit": 2}, "truncated", (
            lambda a: _dates(a) == ["2024-04-02", "2024-03-11"] and a.total == 7)),
        Case("one day", "search", {"date_from": "2024-03-05", "date_to": "2024-03-05"}, "found", _withdrawn),
        Case("a category", "search", {"category": "cell biology", **_DAYS}, "found", _ids(
            "10.1101/2024.03.01.900002v1")),
        Case("a category without posts is none", "search", {"category": "zoology", **_DAYS}, "none"),
        Case("words over several pages", "search", {"text": "filling 3", **_BEES}, "found", _ids(
            "10.1101/2023.06.04.900103v1")),
        Case("more than a page is not all", "search", {**_BEES, "limit": 70}, "truncated", (
            lambda a: len(a.items) == 70 and a.total == 80)),
        Case("days not read whole are told, with no match yet", "search", {"text": "bees", **_ANTS}, "truncated", (
            lambda a: not a.items and a.next == "2015-01-01/2016-12-31/340" and "no keyword search" in a.reason
        ), ("simulator",)),
        Case("the rest of such days", "search", {"text": "ants 7", "next": "2015-01-01/2016-12-31/40"}, "found", _ids(
            "10.1101/2015.01.08.900307v1"), ("simulator",)),
        Case("days too many to read live are read from a mirror", "search", {"text": "bees", **_ANTS}, "none", where=(
            "mirror",)),
        Case("all versions, newest first", "get", {"id": _DOI}, "found", _versions),
        Case("a DOI in capitals, as an address", "get", {"id": f"https://doi.org/{_DOI}"}, "found", _versions),
        Case("one version", "get", {"id": f"{_DOI}v1"}, "found", _exponent),
        Case("a version that is not there is unknown", "get", {"id": f"{_DOI}v9"}, "unknown_id"),
        Case("a DOI that is not there is unknown", "get", {"id": "10.1101/1900.01.01.000000"}, "unknown_id", (
            lambda a: not a.items), EVERYWHERE),
        Case("the journal of a published one", "get", {"id": _DOI}, "found", _journal, ("simulator",)),
        Case("what is withdrawn says so", "get", {"id": "10.1101/2024.03.05.900003"}, "found", _withdrawn),
    ]  # fmt: skip
    return Contract(
        server,
        cases,
        partial(simulator, server),
        partial(bulk, server=server),
        [("search", {"text": "bees filling", **_BEES, "limit": 100}), ("get", {"id": _DOI})],
    )


contract = of("biorxiv")

"""What MedlinePlus must answer: by code live, by words from the topics file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bogam.measure.contracts.contract import Case, Contract, Where
from bogam.sources.answer import Answer
from bogam.synthetic.upstream import medlineplus

_LIVE: Sequence[Where] = ["simulator"]
_MIRROR: Sequence[Where] = ["mirror"]
_DIABETES = {"code": "E11.9", "code_system": "icd-10-cm"}


def _ids(*ids: str) -> Callable[[Answer], bool]:
    return lambda answer: [each.id for each in answer.items] == list(ids) and answer.total == len(ids)


def _page(answer: Answer) -> bool:
    item = answer.items[0]
    lines = item.fields["summary"].split("\n")
    return (
        item.title == "Made Diabetes"
        and item.url == "https://medlineplus.gov/madediabetes.html"
        and item.fields["language"] == "en"
        and lines[0] == "What is made diabetes?"
        and "An invented summary: blood sugar is high & stays so." in lines
        and item.cite("/fields/summary", 0, 4).quote == "What"
        and item.version == ""
    )


def _topic(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (
        _page(answer)
        and fields["also_called"] == ["Made sugar disease"]
        and fields["groups"] == ["Made Disorders"]
        and fields["mesh"] == [{"id": "D0000001", "name": "Made Diabetes Mellitus"}]
        and fields["related_topics"][0]["title"] == "Made Kidney Disease"
        and fields["in_other_language"]["title"] == "Diabetes inventada"
        and answer.version == medlineplus.DAY
    )


def _code(code: str, system: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "code_system": system, **more}


contract = Contract(
    "medlineplus",
    [
        Case(
            "a diagnosis leads to pages, in MedlinePlus's order",
            "search",
            _DIABETES,
            "found",
            _ids("madediabetes", "madekidney", "madefeet"),
            _LIVE,
        ),
        Case("a page has title, address and text", "search", _code("44054006", "snomed-ct"), "found", _page, _LIVE),
        Case("in Spanish", "search", {**_DIABETES, "language": "es"}, "found", _ids("spanish/madediabetes"), _LIVE),
        Case("Korean is refused, and English suggested", "search", {**_DIABETES, "language": "ko"}, "refused"),
        Case("a language's long name is refused", "search", {**_DIABETES, "language": "English"}, "refused"),
        Case("an empty list of entries is none", "search", _code("Z99.9", "icd-10-cm"), "none", where=_LIVE),
        Case("a page of pages", "search", {**_DIABETES, "limit": 2}, "truncated", lambda a: a.next == "2", _LIVE),
        Case(
            "the rest of the pages",
            "search",
            {**_DIABETES, "limit": 2, "next": "2"},
            "found",
            lambda a: [each.id for each in a.items] == ["madefeet"],
            _LIVE,
        ),
        Case("a drug by RxNorm", "search", _code("9990001", "rxnorm"), "found", _ids("druginfo/meds/a000001"), _LIVE),
        Case("a drug by NDC", "search", _code("60001-101", "ndc"), "found", _ids("druginfo/meds/a000001"), _LIVE),
        Case(
            "a drug by its name alone",
            "search",
            {"code_system": "rxnorm", "display_name": "Glucaveril"},
            "found",
            _ids("druginfo/meds/a000001"),
            _LIVE,
        ),
        Case("a test by LOINC", "search", _code("4548-4", "loinc"), "found", _ids("lab-tests/made-a1c-test"), _LIVE),
        Case("a problem needs its code", "search", {"code_system": "icd-10-cm", "display_name": "diabetes"}, "refused"),
        Case("an unknown code system", "search", _code("1", "icpc-2"), "refused"),
        Case("a code with hostile signs", "search", _code("E11&x=1", "icd-10-cm"), "refused"),
        Case("words need the mirror", "search", {"text": "diabetes"}, "refused", where=_LIVE),
        Case("a code as an id", "get", {"id": "icd-10-cm/R05.9"}, "found", _ids("madecough"), _LIVE),
        Case("a code that leads nowhere", "get", {"id": "icd-10-cm/Z99.9"}, "unknown_id", where=_LIVE),
        Case("a topic as an id needs the mirror", "get", {"id": "madecough"}, "refused", where=_LIVE),
        Case("an id with signs", "get", {"id": "icd-10-cm/<script>"}, "refused"),
        Case(
            "topics by words, title first",
            "search",
            {"text": "made kidney"},
            "found",
            lambda a: a.items[0].id == "madekidney",
            _MIRROR,
        ),
        Case("topics by another name", "search", {"text": "sugar disease"}, "found", _topic, _MIRROR),
        Case(
            "topics in Spanish",
            "search",
            {"text": "azucar", "language": "es"},
            "found",
            _ids("spanish/madediabetes"),
            _MIRROR,
        ),
        Case("a Spanish word in English topics", "search", {"text": "azúcar"}, "none", where=_MIRROR),
        Case("a Korean word", "search", {"text": "기침"}, "found", _ids("madecough"), _MIRROR),
        Case("no topic", "search", {"text": "xylotrumpet"}, "none", where=_MIRROR),
        Case("signs alone", "search", {"text": '"*()'}, "refused"),
        Case("hostile words are words", "search", {"text": 'cough" OR title:"made'}, "none", where=_MIRROR),
        Case("by MeSH heading", "search", _code("D0000001", "mesh"), "found", _ids("madediabetes"), _MIRROR),
        Case("MeSH is no code of MedlinePlus Connect", "search", _code("D0000001", "mesh"), "refused", where=_LIVE),
        Case("other codes are not in the file", "search", _DIABETES, "refused", where=_MIRROR),
        Case("pages of topics", "search", {"limit": 2}, "truncated", lambda a: a.total == 4 and a.next == "2", _MIRROR),
        Case("a topic", "get", {"id": "madediabetes"}, "found", _topic, _MIRROR),
        Case(
            "a Spanish topic",
            "get",
            {"id": "spanish/madediabetes"},
            "found",
            lambda a: "azúcar" in a.items[0].fields["summary"],
            _MIRROR,
        ),
        Case("an unknown topic", "get", {"id": "madenothing"}, "unknown_id", where=_MIRROR),
        Case("a code as an id is not in the file", "get", {"id": "icd-10-cm/R05.9"}, "refused", where=_MIRROR),
        Case("diabetes leads to pages", "search", _DIABETES, "found", where=["real"]),
    ],
    simulator=medlineplus.simulator,
    bulk=medlineplus.bulk,
    faults=[("search", _DIABETES), ("get", {"id": "icd-10-cm/R05.9"})],
)

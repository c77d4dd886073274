"""The contract of RxNorm."""

from __future__ import annotations

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.rxnav import bulk, simulator


def _ids(answer: Answer) -> list[str]:
    return [item.id for item in answer.items]


def _types(answer: Answer) -> set[str]:
    return {each["tty"] for each in answer.items[0].fields["related"]}


def _acetaminophen(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (
        fields["name"] == "acetaminophen"
        and fields["tty"] == "IN"
        and fields["status"] == "Active"
        and {"source": "ATC", "codes": ["N02BE01"]} in fields["codes"]
        and fields["synonyms"] == ["APAP"]
        and _types(answer) >= {"BN", "SCD", "SBD", "SCDC", "SCDF"}
        and answer.version == "2026-01-05"
    )


def _korean(answer: Answer) -> bool:
    return _ids(answer) == ["161"] and "아세트아미노펜" in answer.reason and "acetaminophen" in answer.reason


contract = Contract(
    source="rxnav",
    simulator=simulator,
    bulk=bulk,
    faults=[
        ("get", {"id": "313782"}),
        ("get", {"id": "ndc/00990100101"}),
        ("search", {"text": "acetaminophen"}),
        ("search", {"text": "zelquitam", "match": "approximate", "limit": 1}),
    ],
    cases=[
        Case("an ingredient with codes and relatives", "get", {"id": "161"}, "found", _acetaminophen),
        Case("an ingredient, live", "get", {"id": "161"}, "found",
             lambda a: a.items[0].fields["name"] == "acetaminophen", where=("real",)),
        Case("classes are told live", "get", {"id": "161"}, "found",
             lambda a: a.items[0].fields["classes"][0]["class_id"] == "N02BE", where=("simulator",)),
        Case("the mirror says that it has no classes", "get", {"id": "161"}, "found",
             lambda a: "classes" in a.reason and "classes" not in a.items[0].fields, where=("mirror",)),
        Case("a product with ingredient, form and brand", "get", {"id": "313782"}, "found",
             lambda a: a.items[0].fields["ingredients"][0]["name"] == "acetaminophen"
             and a.items[0].fields["dose_forms"][0]["name"] == "Oral Tablet" and "BN" in _types(a)),
        Case("many relatives are cut within an item, and counted", "get", {"id": "9900001"}, "found",
             lambda a: any(len(each["concepts"]) < each["total"] == 131 for each in a.items[0].fields["related"])),
        Case("an unknown id answered with status 200", "get", {"id": "99999999"}, "unknown_id", where=EVERYWHERE),
        Case("letters are no id", "get", {"id": "abc"}, "refused", where=EVERYWHERE),
        Case("a path is no id", "get", {"id": "161/../../x"}, "refused", where=EVERYWHERE),
        Case("a remapped concept says what it is now", "get", {"id": "9900006"}, "found",
             lambda a: a.items[0].fields["status"] == "Remapped"
             and a.items[0].fields["remapped_to"][0]["rxcui"] == "9910000" and "9910000" in a.reason),
        Case("a concept that is no longer there", "get", {"id": "9900007"}, "found",
             lambda a: a.items[0].fields["status"] == "NotCurrent" and a.reason != ""),
        Case("an obsolete concept", "get", {"id": "9900005"}, "found",
             lambda a: a.items[0].fields["status"] == "Obsolete" and "Obsolete" in a.reason),
        Case("a name", "search", {"text": "acetaminophen"}, "found", lambda a: _ids(a) == ["161"]),
        Case("a name in capitals", "search", {"text": "TYLENOL"}, "found", lambda a: _ids(a) == ["202433"]),
        Case("a synonym", "search", {"text": "APAP 325 MG Oral Tablet"}, "found", lambda a: _ids(a) == ["313782"]),
        Case("words in another order", "search", {"text": "Oral Tablet acetaminophen 325 MG"}, "found",
             lambda a: _ids(a) == ["313782"]),
        Case("exact takes no other order", "search",
             {"text": "Oral Tablet acetaminophen 325 MG", "match": "exact"}, "none"),
        Case("an idGroup without ids matches nothing", "search", {"text": "zzyzxqv"}, "none", where=EVERYWHERE),
        Case("a Korean name is asked in English, and said", "search", {"text": "아세트아미노펜"}, "found", _korean),
        Case("a Korean brand", "search", {"text": "타이레놀 500mg"}, "found", lambda a: _ids(a) == ["161"]),
        Case("Korean that is no drug", "search", {"text": "이상한 말"}, "refused", where=EVERYWHERE),
        Case("an accent", "search", {"text": "Élixine"}, "found", lambda a: _ids(a) == ["9900008"]),
        Case("an obsolete name is not offered", "search", {"text": "zelquitan 7 MG Oral Lozenge"}, "none"),
        Case("names like it, each with its rank", "search", {"text": "acetaminophen APAP", "match": "approximate"},
             "found", lambda a: a.items[0].fields["match"] == "approximate" and a.items[0].fields["rank"] == "1"),
        Case("nothing is like it", "search", {"text": "qqqq wwww", "match": "approximate"}, "none"),
        Case("products under a brand", "search", {"text": "Tylenol", "match": "products"}, "found",
             lambda a: _ids(a) == ["209387"]),
        Case("products of a type", "search", {"text": "acetaminophen", "match": "products", "tty": "SCD"}, "found",
             lambda a: _ids(a) == ["313782"]),
        Case("many products come in pages", "search", {"text": "zelquitan", "match": "products"}, "truncated",
             lambda a: len(a.items) == 10 and a.total == 131),
        Case("the last page", "search", {"text": "zelquitan", "match": "products", "next": "130"}, "found",
             lambda a: len(a.items) == 1 and not a.next),
        Case("relatives of a type", "search", {"related_to": "161", "tty": "BN"}, "found",
             lambda a: _ids(a) == ["202433"]),
        Case("all relatives", "search", {"related_to": "209387", "limit": 50}, "found",
             lambda a: set(_ids(a)) == {"161", "202433", "313782", "315263", "317541", "369097", "1151133"}),
        Case("no relatives of a type", "search", {"related_to": "161", "tty": "BPCK"}, "none"),
        Case("relatives of an unknown concept", "search", {"related_to": "99999999"}, "unknown_id", where=EVERYWHERE),
        Case("a package code", "search", {"ndc": "00990100101"}, "found",
             lambda a: a.items[0].fields["rxcui"] == "313782" and a.items[0].fields["status"] == "ACTIVE"),
        Case("with hyphens", "search", {"ndc": "0990-1001-01"}, "found", lambda a: _ids(a) == ["ndc/00990100101"]),
        Case("an obsolete package code", "get", {"id": "ndc/00990100202"}, "found",
             lambda a: a.items[0].fields["status"] == "OBSOLETE"),
        Case("an unknown package code matches nothing", "search", {"ndc": "99999999999"}, "none", where=EVERYWHERE),
        Case("an unknown package code as an id", "get", {"id": "ndc/99999999999"}, "unknown_id", where=EVERYWHERE),
        Case("ten digits may be three codes", "search", {"ndc": "0990100101"}, "refused", where=EVERYWHERE),
        Case("two questions at once", "search", {"text": "x", "ndc": "00990100101"}, "refused", where=EVERYWHERE),
        Case("no question", "search", {}, "refused", where=EVERYWHERE),
        Case("a type that there is not", "search", {"text": "acetaminophen", "tty": "XYZ"}, "refused"),
        Case("signs of other languages", "search", {"text": "\"' OR 1=1 -- * ^ \x00 \u202e 약"}, "refused"),
        Case("signs of search languages", "search", {"text": "\" OR NEAR(* ^-- ();"}, "none"),
    ],
)  # fmt: skip

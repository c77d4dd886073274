"""What the Medicare Coverage Database must answer."""

from __future__ import annotations

from typing import Any

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.cms import BROKEN_VERSION, OTHER_VERSION, bulk, simulator

_SIMULATOR = ("simulator",)
_MIRROR = ("mirror",)


def _ids(answer: Answer) -> list[str]:
    return [item.id for item in answer.items]


def _fields(answer: Answer) -> dict[str, Any]:
    return dict(answer.items[0].fields)


def _codes(answer: Answer, table: str) -> list[tuple[str, str, str]]:
    groups: list[dict[str, Any]] = _fields(answer)[table]
    return [
        (group["group"], " ".join(group["paragraphs"]), each["code"]) for group in groups for each in group["codes"]
    ]


_OXYGEN_CODES = [("1", "Group 1", "E1390"), ("1", "Group 1", "E0431"), ("1", "Group 1", "E0439")]

_SEARCHES = (
    Case(
        "words of a title find the local document, its article and no other",
        "search",
        {"text": "oxygen equipment"},
        "found",
        lambda answer: set(_ids(answer)) == {"lcd/90101", "article/90201"} and answer.total == 2,
    ),
    Case("nothing has these words", "search", {"text": "zebrafish teleportation"}, "none"),
    Case(
        "only national determinations",
        "search",
        {"kind": "ncd"},
        "found",
        lambda answer: _ids(answer) == ["ncd/900.1", "ncd/900.14", "ncd/900.2"],
    ),
    Case(
        "an id finds its document",
        "search",
        {"text": "L90101", "kind": "lcd"},
        "found",
        lambda answer: _ids(answer) == ["lcd/90101"],
    ),
    Case(
        "a version to come stands beside the one in force, under an id of its own",
        "search",
        {"text": "glucose", "kind": "lcd"},
        "found",
        lambda answer: (
            {each.id: each.fields["status"] for each in answer.items}
            == {"lcd/90102": "active", "lcd/90102/8": "future"}
            and answer.reason == "Not in effect yet: L90102 version 8."
        ),
    ),
    Case(
        "retired documents are found as retired",
        "search",
        {"status": "retired", "kind": "lcd"},
        "found",
        lambda answer: (
            [(each.id, each.fields["retirement_date"]) for each in answer.items] == [("lcd/90103", "2025-06-05")]
            and answer.reason == "Retired: L90103."
        ),
    ),
    Case(
        "a contractor by a word of its name, whatever the line breaks around it",
        "search",
        {"contractor": "coastal", "kind": "lcd"},
        "found",
        lambda answer: (
            set(_ids(answer)) == {"lcd/90101", "lcd/90103", "lcd/90104"}
            and {"name": "Coastal Benefit Administrators, Inc.", "type": "MAC - Part B"}
            in next(each for each in answer.items if each.id == "lcd/90101").fields["contractors"]
        ),
    ),
    Case(
        "a state by its abbreviation",
        "search",
        {"state": "TX", "kind": "article"},
        "found",
        lambda answer: set(_ids(answer)) == {"article/90201", "article/90202"},
    ),
    Case(
        "a state that several contractors share means the whole of it",
        "search",
        {"state": "California", "kind": "lcd"},
        "found",
        lambda answer: set(_ids(answer)) == {"lcd/90101", "lcd/90103", "lcd/90104"},
    ),
    Case(
        "in effect in a span of days",
        "search",
        {"effective_from": "2024-01-01", "effective_to": "2024-12-31"},
        "found",
        lambda answer: set(_ids(answer)) == {"lcd/90102", "lcd/90105", "article/90202"},
    ),
    Case("no local document before 1990", "search", {"effective_to": "1990-01-01", "kind": "lcd"}, "none"),
    Case(
        "a title with accents is found without them",
        "search",
        {"text": "meniere's"},
        "found",
        lambda answer: _ids(answer) == ["lcd/90104"],
    ),
    Case("Korean words", "search", {"text": "통역"}, "found", lambda answer: _ids(answer) == ["lcd/90105"]),
    Case("signs of a query language are no words", "search", {"text": '"); DROP TABLE items;--‮\x00'}, "none"),
    Case(
        "a part says that it is one",
        "search",
        {"kind": "lcd", "limit": 4},
        "truncated",
        lambda answer: answer.total == 6 and len(answer.items) == 4 and answer.next == "4",
    ),
    Case(
        "the rest follows without gap or double",
        "search",
        {"kind": "lcd", "limit": 4, "next": "4"},
        "found",
        lambda answer: len(answer.items) == 2 and not answer.next,
    ),
)

_GETS = (
    Case(
        "a local document has its criteria as paragraphs, its codes and its article",
        "get",
        {"id": "L90101"},
        "found",
        lambda answer: (
            answer.items[0].id == "lcd/90101"
            and answer.items[0].version == "36 (2025-01-01)"
            and _fields(answer)["sections"][0]["paragraphs"][-1] == "• A qualifying test: saturation <= 88%."
            and [code for _, _, code in _codes(answer, "hcpcs")] == ["E1390", "E0431", "E0439"]
            and _fields(answer)["related"] == ["article/90201"]
            and answer.items[0].cite("/fields/sections/0/paragraphs/2").quote.endswith("88%.")
            and answer.url.startswith("https://www.cms.gov/medicare-coverage-database/view/lcd.aspx?lcdid=90101")
        ),
    ),
    Case(
        "an article has every page of its code tables, each code in its group with what the group is for",
        "get",
        {"id": "article/90201"},
        "found",
        lambda answer: (
            _codes(answer, "hcpcs") == _OXYGEN_CODES
            and _codes(answer, "icd10_covered")
            == [
                ("1", "One of these alone:", "J44.9"),
                ("1", "One of these alone:", "J96.11"),
                ("1", "One of these alone:", "R09.02"),
                ("2", "One of these with a code of group 1:", "I27.81"),
            ]
            and _codes(answer, "icd10_noncovered") == [("1", "Never:", "R06.02")]
            and _fields(answer)["related"] == ["lcd/90101"]
        ),
    ),
    Case(
        "a national determination by its manual section; comparisons stay, tags and entities do not",
        "get",
        {"id": "NCD 900.1"},
        "found",
        lambda answer: (
            answer.items[0].id == "ncd/900.1"
            and answer.items[0].version == "2 (2021-09-27)"
            and _fields(answer)["benefit_category"] == "Durable Medical Equipment"
            and "PO2 of 55 mm Hg or less, or a saturation ≤ 88 percent" in str(_fields(answer)["sections"])
            and "(PO2 >60 and no “cor pulmonale”)" in str(_fields(answer)["sections"])
        ),
    ),
    Case(
        "a retired document says so",
        "get",
        {"id": "lcd/90103"},
        "found",
        lambda answer: "retired since 2025-06-05" in answer.reason and _fields(answer)["status"] == "retired",
    ),
    Case(
        "a retired national determination says so",
        "get",
        {"id": "ncd/900.2"},
        "found",
        lambda answer: "retired" in answer.reason and _fields(answer)["status"] == "retired",
    ),
    Case(
        "without a version the one in force is meant",
        "get",
        {"id": "L90102"},
        "found",
        lambda answer: answer.items[0].id == "lcd/90102" and _fields(answer)["document_version"] == "7",
    ),
    Case(
        "a version to come is had by its number and says when it begins",
        "get",
        {"id": "L90102", "version": 8},
        "found",
        lambda answer: answer.items[0].id == "lcd/90102/8" and "not in effect before 2026-01-01" in answer.reason,
    ),
    Case(
        "the version in force by its number is the same document",
        "get",
        {"id": "lcd/90102/7"},
        "found",
        lambda answer: answer.items[0].id == "lcd/90102",
    ),
    Case("an empty detail for an unknown document is unknown_id", "get", {"id": "L1"}, "unknown_id"),
    Case("an empty detail for an unknown version is unknown_id", "get", {"id": "L90101", "version": 5}, "unknown_id"),
    Case("an unknown article", "get", {"id": "A99999999"}, "unknown_id"),
    Case("an unknown national determination", "get", {"id": "NCD 999.9"}, "unknown_id"),
    Case(
        "Korean text stands as it is",
        "get",
        {"id": "L90104"},
        "found",
        lambda answer: "어지럼증 검사." in str(_fields(answer)["sections"]),
    ),
    Case(
        "a failure told with status 200 is a failure",
        "get",
        {"id": "L90101", "version": BROKEN_VERSION},
        "upstream_error",
        lambda answer: "not available" in answer.reason,
        where=_SIMULATOR,
    ),
    Case(
        "another version than the one asked for is a failure",
        "get",
        {"id": "L90101", "version": OTHER_VERSION},
        "upstream_error",
        where=_SIMULATOR,
    ),
    Case(
        "a code finds the documents that list it",
        "search",
        {"code": "r09.02"},
        "found",
        lambda answer: _ids(answer) == ["article/90201"],
        where=_MIRROR,
    ),
    Case("a code that no document lists", "search", {"code": "R09"}, "none", where=_MIRROR),
    Case(
        "words of the text alone",
        "search",
        {"text": "modifier KX criteria"},
        "found",
        lambda answer: _ids(answer) == ["article/90201"],
        where=_MIRROR,
    ),
)

_REAL = (
    Case(
        "home oxygen is a national determination",
        "get",
        {"id": "NCD 240.2"},
        "found",
        lambda answer: "Oxygen" in answer.items[0].title,
        where=("real",),
    ),
    Case("no such national determination", "get", {"id": "NCD 999.99"}, "unknown_id", where=("real",)),
)

contract = Contract(
    "cms",
    (*_SEARCHES, *_GETS, *_REAL),
    simulator,
    bulk,
    faults=(
        ("search", {"text": "oxygen", "state": "TX"}),
        ("get", {"id": "NCD 900.1"}),
        ("get", {"id": "L90101"}),
        ("get", {"id": "A90201"}),
    ),
    settings={"accept_license": True},
)

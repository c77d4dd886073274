"""What openFDA must answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream import openfda

_SET = "0a5e0000-0000-4000-8000-0000000000"
_REPORTS = {"kind": "event", "generic_name": "metformin"}


def _ids(*ids: str) -> Callable[[Answer], bool]:
    return lambda answer: [each.id for each in answer.items] == list(ids)


def _set(*ids: str) -> Callable[[Answer], bool]:
    return lambda answer: {each.id for each in answer.items} == set(ids) and answer.total == len(ids)


def _reports(*numbers: int) -> Callable[[Answer], bool]:
    return _set(*(f"event/9100{each:04}" for each in numbers))


def _sections(answer: Answer) -> bool:
    item = answer.items[0]
    sections = item.fields["sections"]
    warning = item.cite("/fields/sections/boxed_warning/0", 0, 8)
    return (
        warning.quote == "WARNING:"
        and "adverse_reactions_table" not in sections
        and "spl_product_data_elements" not in sections
        and sections["contraindications"][0].startswith("4 CONTRAINDICATIONS")
        and item.fields["effective_date"] == "2026-09-01"
        and item.version == "2026-09-01 v2"
        and item.url.endswith(f"setid={_SET}01")
        and answer.version == openfda.UPDATED
        and item.fields["disclaimer"] == openfda.DISCLAIMER
    )


def _cut(answer: Answer) -> bool:
    fields = answer.items[0].fields
    text = fields["sections"]["description"][0]
    return len(text) == 60_000 and fields["cut"] == ["description: the first 60000 of 99000 characters"]


def _counts(answer: Answer) -> bool:
    told = [(each.fields["term"], each.fields["reports"]) for each in answer.items]
    first = answer.items[0]
    return (
        told == [("NAUSEA", 3), ("DIARRHOEA", 2), ("CROHN'S DISEASE", 1), ("LACTIC ACIDOSIS", 1)]
        and {each.fields["total_reports"] for each in answer.items} == {5}
        and "No rate" in first.fields["note"]
        and "No rate" in answer.reason
        and first.title == "NAUSEA: in 3 of 5 spontaneous reports"
        and first.id == "event-count/reaction/NAUSEA?generic_name=metformin"
    )


def _one_count(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (fields["reports"], fields["total_reports"]) == (1, 5) and "No rate" in fields["note"]


def _report(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (
        fields["serious"] is True
        and fields["seriousness"] == ["death"]
        and fields["sex"] == "male"
        and fields["age"] == "43 years"
        and [each["term"] for each in fields["reactions"]] == ["Lactic acidosis", "Nausea"]
        and [each["role"] for each in fields["drugs"]] == ["suspect", "concomitant"]
        and fields["reporter"] == "physician"
        and "No rate" in fields["note"]
        and answer.items[0].version == "2026-09-30 v2"
    )


def _code(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (
        answer.items[0].id == f"ndc/60000-101_1b5e{_SET[4:]}01"
        and fields["active_ingredients"] == [{"name": "METFORMIN HYDROCHLORIDE", "strength": "500 mg/1"}]
        and fields["packaging"][0]["ndc"] == "60000-101-30"
        and fields["set_id"] == [f"{_SET}01"]
    )


def _labels(**asked: Any) -> dict[str, Any]:
    return {"kind": "label", **asked}


contract = Contract(
    "openfda",
    [
        Case("labels are found by a word", "search", _labels(text="acidosis"), "found", _ids(f"label/{_SET}01")),
        Case(
            "all words must match",
            "search",
            _labels(text="invented label", limit=5),
            "found",
            _set(f"label/{_SET}01", f"label/{_SET}02"),
        ),
        Case("no match is none: status 404 in openFDA's words", "search", _labels(text="xylotrumpet"), "none"),
        Case(
            "a name matches words side by side",
            "search",
            _labels(brand_name="glucaveril xr"),
            "found",
            _ids(f"label/{_SET}02"),
        ),
        Case("words of a name apart do not match", "search", _labels(generic_name="metformin sitagliptin"), "none"),
        Case(
            "newest label first",
            "search",
            _labels(generic_name="metformin"),
            "found",
            _ids(*(f"label/{_SET}0{n}" for n in (1, 2, 5))),
        ),
        Case(
            "a package's code finds its label", "search", _labels(ndc="60000-103-30"), "found", _ids(f"label/{_SET}03")
        ),
        Case(
            "substance and manufacturer together",
            "search",
            _labels(substance_name="WARFARIN SODIUM", manufacturer_name="Made Generics"),
            "found",
            _ids(f"label/{_SET}04"),
        ),
        Case(
            "an apostrophe and an ampersand in a name",
            "search",
            _labels(manufacturer_name="O'Made & Sons"),
            "found",
            _ids(f"label/{_SET}05"),
        ),
        Case(
            "days in effect, both ends included",
            "search",
            _labels(since="2026-06-30", until="2026-07-01"),
            "found",
            _set(f"label/{_SET}03", f"label/{_SET}04"),
        ),
        Case("an open end", "search", _labels(since="2026-08-16"), "found", _ids(f"label/{_SET}01")),
        Case(
            "text cannot become a query",
            "search",
            _labels(text='zzz" OR set_id:"' + _SET + "01"),
            "none",
        ),
        Case("an operator in a name is a word", "search", _labels(brand_name='x") OR (brand_name:"y'), "none"),
        Case("a wildcard matches nothing by itself", "search", _labels(brand_name="gluca* ~2"), "none"),
        Case("letters with accents are asked without", "search", _labels(brand_name="Glucavéril XR"), "found"),
        Case("a Korean question is refused: the records are English", "search", _labels(text="메트포민"), "refused"),
        Case("a question of signs alone is refused", "search", _labels(text='"*:()"'), "refused"),
        Case("a code without hyphens is refused", "search", _labels(ndc="60000101"), "refused"),
        Case(
            "days in the wrong order are refused", "search", _labels(since="2026-02-01", until="2026-01-01"), "refused"
        ),
        Case("a reaction is no question about labels", "search", _labels(reaction="Nausea"), "refused"),
        Case("an invented place to go on is refused", "search", _labels(text="acidosis", next="7~ü"), "refused"),
        Case(
            "everything, a page of it", "search", _labels(limit=2), "truncated", lambda a: a.total == 7 and a.next != ""
        ),
        Case("a label has named, citable sections", "get", {"id": f"label/{_SET}01"}, "found", _sections),
        Case(
            "a section that comes in parts",
            "get",
            {"id": f"label/{_SET}02"},
            "found",
            lambda a: len(a.items[0].fields["sections"]["dosage_and_administration"]) == 2,
        ),
        Case(
            "a label without names has a title",
            "get",
            {"id": f"label/{_SET}06"},
            "found",
            lambda a: a.items[0].title == "Hand Foam ALCOHOL",
        ),
        Case("a very long section is cut and says so", "get", {"id": f"label/{_SET}07"}, "found", _cut),
        Case("an unknown label", "get", {"id": f"label/{_SET}99"}, "unknown_id"),
        Case("an id of no kind is refused", "get", {"id": "recall/12"}, "refused"),
        Case("an id with signs is refused", "get", {"id": 'label/x" OR "y'}, "refused"),
        Case("reports by drug and reaction", "search", {**_REPORTS, "reaction": "nausea"}, "found", _reports(1, 2, 3)),
        Case("serious reports", "search", {**_REPORTS, "serious": True}, "found", _reports(1, 3, 6)),
        Case("reports that are not serious", "search", {"kind": "event", "serious": False}, "found", _reports(2, 5, 7)),
        Case("reports by sex", "search", {**_REPORTS, "sex": "male"}, "found", _reports(3, 5)),
        Case(
            "reports by the day received",
            "search",
            {"kind": "event", "since": "2026-01-11", "until": "2026-02-15"},
            "found",
            _reports(2, 3),
        ),
        Case(
            "the drug as the reporter wrote it",
            "search",
            {"kind": "event", "medicinalproduct": "kimchi tea"},
            "found",
            _reports(7),
        ),
        Case("no report", "search", {**_REPORTS, "reaction": "levitation"}, "none"),
        Case("a report says what it is and is not", "get", {"id": "event/91000003"}, "found", _report),
        Case("an unknown report", "get", {"id": "event/1"}, "unknown_id"),
        Case(
            "reports are counted by reaction, with their total",
            "search",
            {**_REPORTS, "count_by": "reaction"},
            "found",
            _counts,
        ),
        Case(
            "more terms than asked for",
            "search",
            {**_REPORTS, "count_by": "reaction", "limit": 2},
            "truncated",
            lambda a: len(a.items) == 2 and not a.next and "most frequent" in a.reason,
        ),
        Case("nothing to count", "search", {"kind": "event", "generic_name": "nixol", "count_by": "reaction"}, "none"),
        Case("counts are not paged", "search", {**_REPORTS, "count_by": "reaction", "next": "2"}, "refused"),
        Case(
            "a count is found again by its id",
            "get",
            {"id": "event-count/reaction/CROHN%27S+DISEASE?generic_name=metformin"},
            "found",
            _one_count,
        ),
        Case(
            "a count of nothing", "get", {"id": "event-count/reaction/LEVITATION?generic_name=metformin"}, "unknown_id"
        ),
        Case("a made up id of a count", "get", {"id": "event-count/reaction/X?search=serious:1"}, "refused"),
        Case("drug codes by name", "search", {"kind": "ndc", "brand_name": "Cardoprilen"}, "found"),
        Case(
            "drug codes by ingredient",
            "search",
            {"kind": "ndc", "substance_name": "metformin"},
            "found",
            lambda a: a.total == 2,
        ),
        Case("a product's code", "get", {"id": "ndc/60000-101"}, "found", _code),
        Case("a package's code", "get", {"id": "ndc/60000-101-30"}, "found", _code),
        Case("a product's own id", "get", {"id": f"ndc/60000-101_1b5e{_SET[4:]}01"}, "found", _code),
        Case("an unknown code", "get", {"id": "ndc/99999-999"}, "unknown_id"),
        Case("metformin has labels", "search", _labels(generic_name="metformin", limit=1), "truncated", where=["real"]),
    ],
    simulator=openfda.simulator,
    bulk=openfda.bulk,
    faults=[
        ("search", _labels(generic_name="metformin")),
        ("search", {**_REPORTS, "count_by": "reaction"}),
        ("get", {"id": "event-count/reaction/NAUSEA?generic_name=metformin"}),
        ("get", {"id": f"label/{_SET}01"}),
    ],
)

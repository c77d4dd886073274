"""What DailyMed must answer."""

from __future__ import annotations

from collections.abc import Callable

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream import dailymed

_SET = "0a5e1111-0000-4000-8000-0000000000"


def _set(*numbers: int) -> Callable[[Answer], bool]:
    ids = {f"{_SET}{each:02}" for each in numbers}
    return lambda answer: {each.id for each in answer.items} == ids and answer.total == len(ids)


def _listed(answer: Answer) -> bool:
    item = answer.items[0]
    return (
        item.title == "GLUCAVERIL XR (METFORMIN HYDROCHLORIDE) TABLET, EXTENDED RELEASE [HANSOL MADE PHARMA]"
        and item.fields == {"set_id": f"{_SET}02", "spl_version": "3", "published_date": "2026-08-16"}
        and item.version == "2026-08-16 v3"
        and item.url.endswith(f"setid={_SET}02")
    )


def _label(answer: Answer) -> bool:
    item = answer.items[0]
    sections, product = item.fields["sections"], item.fields["products"][0]
    return (
        item.cite("/fields/sections/boxed_warning/0", 0, 24).quote == "WARNING: LACTIC ACIDOSIS"
        and sections["indications_and_usage"] == ["1 INDICATIONS AND USAGE\n- type 2 diabetes in adults\n- with diet"]
        and "Made events in two groups:\nEvent\tDrug\nNausea\t12%" in sections["adverse_reactions"][0]
        and not any("said twice" in text for texts in sections.values() for text in texts)
        and item.version == "2026-09-01 v2"
        and product["ndc"] == "60001-101"
        and product["active_ingredients"] == [{"name": "METFORMIN HYDROCHLORIDE", "strength": "500 mg"}]
        and product["package_ndc"] == ["60001-101-30"]
        and item.fields["labeler"] == "Hansol Made Pharma"
    )


def _nested(answer: Answer) -> bool:
    sections = answer.items[0].fields["sections"]
    return (
        sections["pregnancy"] == ["8.1 Pregnancy\nLimited made data."]
        and "A part without a name." in sections["use_in_specific_populations"][0]
        and sections["spl_unclassified_section"] == ["Made section of its own\nUnclassified."]
    )


def _history(answer: Answer) -> bool:
    versions = answer.items[0].fields["history"]
    return [each["spl_version"] for each in versions] == ["3", "2", "1"] and versions[0][
        "published_date"
    ] == "2026-08-16"


contract = Contract(
    "dailymed",
    [
        Case("by generic name", "search", {"drug_name": "metformin"}, "found", _set(1, 2)),
        Case("words are a drug's name", "search", {"text": "metformin"}, "found", _set(1, 2)),
        Case("two different names are refused", "search", {"text": "a", "drug_name": "b"}, "refused"),
        Case("what a list says", "search", {"drug_name": "Glucaveril XR"}, "found", _listed),
        Case("a brand is no generic", "search", {"drug_name": "glucaveril", "name_type": "generic"}, "none"),
        Case("a generic as such", "search", {"drug_name": "lisinopril", "name_type": "generic"}, "found", _set(3)),
        Case("no label", "search", {"drug_name": "xylotrumpet"}, "none"),
        Case("by product code", "search", {"ndc": "60001-103"}, "found", _set(3)),
        Case("by package code", "search", {"ndc": "60001-104-30"}, "found", _set(4)),
        Case("by set id", "search", {"setid": f"{_SET}05"}, "found", _set(5)),
        Case("by labeler", "search", {"labeler": "Made Generics"}, "found", _set(3, 4)),
        Case(
            "by manufacturer", "search", {"manufacturer": "seoul made works", "limit": 50}, "found", _set(1, 2, 3, 4, 5)
        ),
        Case("with a boxed warning", "search", {"boxed_warning": True}, "found", _set(1, 3)),
        Case("without one", "search", {"boxed_warning": False, "drug_name": "metformin"}, "found", _set(2)),
        Case("by RxCUI, live", "search", {"rxcui": "9990004"}, "found", _set(4), ["simulator"]),
        Case("by RxCUI, not in the mirror", "search", {"rxcui": "9990004"}, "refused", where=["mirror"]),
        Case("a RxCUI that is no number", "search", {"rxcui": "12a"}, "refused"),
        Case("a code without hyphens", "search", {"ndc": "60001103"}, "refused"),
        Case("signs alone", "search", {"drug_name": '"*&'}, "refused"),
        Case("hostile signs around a name", "search", {"drug_name": "warfarin&setid="}, "none"),
        Case("a Korean name is refused: labels are English", "search", {"drug_name": "메트포민"}, "refused"),
        Case("a name with a quote and an ampersand", "search", {"drug_name": "Children's A&B"}, "found", _set(5)),
        Case("a page of all", "search", {"limit": 2}, "truncated", lambda a: a.total == 5 and a.next == "2"),
        Case(
            "the last page, whose next is the word null",
            "search",
            {"limit": 2, "next": "4"},
            "found",
            lambda a: len(a.items) == 1,
        ),
        Case("an invented place to go on", "search", {"next": "1e3"}, "refused"),
        Case("another limit within pages, live", "search", {"limit": 3, "next": "2"}, "refused", where=["simulator"]),
        Case("sections under openFDA's names", "get", {"id": f"{_SET}01"}, "found", _label),
        Case("sections inside sections", "get", {"id": f"{_SET}01"}, "found", _nested),
        Case("an id in capitals", "get", {"id": f"{_SET}01".upper()}, "found", lambda a: a.items[0].id == f"{_SET}01"),
        Case(
            "an escaped sign in a text",
            "get",
            {"id": f"{_SET}02"},
            "found",
            lambda a: a.items[0].fields["sections"]["contraindications"][0].endswith("eGFR < 30."),
        ),
        Case(
            "signs in names",
            "get",
            {"id": f"{_SET}05"},
            "found",
            lambda a: a.items[0].title == "CHILDREN'S A&B <SYRUP> (ACETAMINOPHEN) SYRUP [O'MADE & SONS]",
        ),
        Case("an unknown label: status 404", "get", {"id": f"{_SET}98"}, "unknown_id"),
        Case("an unknown label: status 200 and nothing", "get", {"id": dailymed.GONE}, "unknown_id"),
        Case("no set id", "get", {"id": "38012345"}, "refused"),
        Case("a path is no id", "get", {"id": "../../spls"}, "refused"),
        Case("an unknown part", "get", {"id": f"{_SET}01/secrets"}, "refused"),
        Case("versions, live", "get", {"id": f"{_SET}02/history"}, "found", _history, ["simulator"]),
        Case("versions, not in the mirror", "get", {"id": f"{_SET}02/history"}, "refused", where=["mirror"]),
        Case("versions of an unknown label", "get", {"id": f"{_SET}98/history"}, "unknown_id", where=["simulator"]),
        Case(
            "images",
            "get",
            {"id": f"{_SET}01/media"},
            "found",
            lambda a: (
                a.items[0].fields["media"][0]["name"] == "carton-1.jpg"
                and a.items[0].fields["media"][0]["mime_type"] == "image/jpeg"
            ),
        ),
        Case(
            "codes",
            "get",
            {"id": f"{_SET}01/ndcs"},
            "found",
            lambda a: a.items[0].fields["ndcs"] == [{"ndc": "60001-101-30"}],
        ),
        Case(
            "packaging",
            "get",
            {"id": f"{_SET}01/packaging"},
            "found",
            lambda a: a.items[0].fields["packaging"][0]["packages"][0]["ndc"] == "60001-101-30",
        ),
        Case("metformin has labels", "search", {"drug_name": "metformin", "limit": 1}, "truncated", where=["real"]),
        Case(
            "a label of DailyMed's own documentation",
            "get",
            {"id": "9aa7140c-012c-4ea6-866d-4732e915dab6"},
            "found",
            where=["real"],
        ),
    ],
    simulator=dailymed.simulator,
    bulk=dailymed.bulk,
    faults=[
        ("search", {"drug_name": "metformin"}),
        ("get", {"id": f"{_SET}01"}),
        ("get", {"id": f"{_SET}01/history"}),
    ],
)

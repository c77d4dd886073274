"""What the source ICD-10-CM must answer. It is part of Bogam, so there is nothing to simulate or to mirror."""

from __future__ import annotations

from bogam.measure.contracts.contract import Case, Contract
from bogam.sources.answer import Answer
from bogam.terms import icd10cm


def _codes(answer: Answer) -> list[str]:
    return [item.id for item in answer.items]


def _resolves(answer: Answer) -> bool:
    """The citation of every item leads to the document that codes are cited by everywhere else."""
    for item in answer.items:
        found = icd10cm.cited(item.ref, item.document.version)
        if found is None or found.sha != item.document.sha or item.cite("/fields/title").quote != item.title:
            return False
    return True


def _notes(answer: Answer) -> bool:
    inherited = answer.items[0].fields["inherited"]
    return any(each["section"] == "excludes1" and each["source"] != "icd-10-cm:E11.9" for each in inherited)


contract = Contract(
    "icd-10-cm",
    [
        Case("words find a code", "search", {"text": "essential hypertension"}, "found", lambda a: (
            "I10" in _codes(a)[:3])),
        Case("a word begun finds as one types", "search", {"text": "hyperten", "limit": 5}, "truncated"),
        Case("a code begun lists its subdivisions", "search", {"text": "E11.2"}, "found", lambda a: (
            "E11.21" in _codes(a))),
        Case("Korean words find a code", "search", {"text": "고혈압"}, "truncated", lambda a: "I10" in _codes(a)),
        Case("Korean with particles", "search", {"text": "제2형 당뇨병의"}, "truncated", lambda a: any(
            code.startswith("E11") for code in _codes(a))),
        Case("no match is none", "search", {"text": "zzqxv wwkjq"}, "none"),
        Case("unknown Korean words are none", "search", {"text": "뷁뷁쀍"}, "none"),
        Case("without words the chapters", "search", {"limit": 100}, "found", lambda a: "9" in _codes(a)),
        Case("within without words browses one step", "search", {"within": "I10-I1A", "limit": 50}, "found", lambda a: (
            "I10" in _codes(a) and "I11.0" not in _codes(a))),
        Case("within with words", "search", {"text": "heart failure", "within": "I11"}, "found", lambda a: all(
            code.startswith("I11") for code in _codes(a))),
        Case("only billable codes", "search", {"text": "hypertension", "billable": True}, "truncated", lambda a: all(
            item.fields["billable"] for item in a.items)),
        Case("an unknown within is refused", "search", {"text": "x", "within": "Q99.999"}, "refused"),
        Case("a next that was not given out is refused", "search", {"text": "hypertension", "next": "١"}, "refused"),
        Case("hostile characters do no harm", "search", {"text": "\u202e\x00%'\"*()+$;--"}, "none"),
        Case("a code", "get", {"id": "I10"}, "found", lambda a: a.items[0].title.startswith("Essential")),
        Case("a code in lower case without its dot", "get", {"id": "e119"}, "found", lambda a: _codes(a) == ["E11.9"]),
        Case("a code completed by a seventh character", "get", {"id": "S72.001A"}, "found", _resolves),
        Case("a block", "get", {"id": "E08-E13"}, "found", lambda a: bool(a.items[0].fields["children"])),
        Case("notes are inherited with their place", "get", {"id": "E11.9"}, "found", _notes),
        Case("the hierarchy stands in it", "get", {"id": "E11.9"}, "found", lambda a: (
            a.items[0].fields["ancestors"][0]["code"] == "E11")),
        Case("citations are those of coding", "search", {"text": "asthma", "limit": 20}, "truncated", _resolves),
        Case("an unknown code says what is near", "get", {"id": "I10.9"}, "unknown_id", lambda a: "I10" in a.reason),
        Case("what is no code is refused", "get", {"id": "hypertension"}, "refused"),
    ],
)  # fmt: skip

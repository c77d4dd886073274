"""What the source Open Targets must answer."""

from __future__ import annotations

from collections.abc import Callable

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream import opentargets

_KINASE, _CYCLIN = "ENSG00000090001", "ENSG00000090002"
_PAIR = f"association/{_KINASE}/EFO_9000002"


def _ids(*expected: str) -> Callable[[Answer], bool]:
    return lambda answer: sorted(item.id for item in answer.items) == sorted(expected) and answer.total == len(expected)


def _field(name: str, value: object) -> Callable[[Answer], bool]:
    return lambda answer: answer.items[0].fields[name] == value


def _best_first(answer: Answer) -> bool:
    scores = [item.fields["score"] for item in answer.items]
    return scores == sorted(scores, reverse=True) and scores[0] == 0.8125


contract = Contract(
    "opentargets",
    [
        Case("a target by symbol", "search", {"text": "MADK1", "kind": "target"}, "found", _ids(_KINASE)),
        Case("a target by synonym in Greek", "search", {"text": "α2M"}, "found", _ids("ENSG00000090003")),
        Case("a target by protein", "search", {"text": "Q0M90001"}, "found", _ids(_KINASE)),
        Case("a disease by Korean synonym", "search", {"text": "만든 암종", "kind": "disease"}, "found", _ids(
            "EFO_9000002")),
        Case("a drug by trade name", "search", {"text": "veldora", "kind": "drug"}, "found", lambda a: (
            "CHEMBL9001" in [i.id for i in a.items])),
        Case("every hit has its kind", "search", {"text": "made", "limit": 100}, "found", lambda a: (
            {i.fields["kind"] for i in a.items} == {"target", "disease", "drug"} and len(a.items) == 18)),
        Case("only one kind", "search", {"text": "made", "kind": "drug", "limit": 100}, "found", lambda a: (
            len(a.items) == 4 and all(i.fields["kind"] == "drug" for i in a.items))),
        Case("a Korean word is asked in English too", "search", {"text": "천식"}, "found", lambda a: (
            [i.id for i in a.items] == ["HP_9000004"] and "asthma" in a.reason)),
        Case("no match is none", "search", {"text": "zzqxv"}, "none"),
        Case("more than a page is truncated", "search", {"text": "serial", "limit": 3}, "truncated", lambda a: (
            len(a.items) == 3 and a.total == 7 and a.next == "3")),
        Case("the last page is found", "search", {"text": "serial", "limit": 3, "next": "6"}, "found", lambda a: (
            len(a.items) == 1 and not a.next)),
        Case("associations of a disease, the best first", "search", {"disease": "EFO_9000002", "limit": 20}, "found",
             lambda a: _best_first(a) and len(a.items) == 9),
        Case("associations page by page", "search", {"disease": "EFO_9000002", "limit": 4, "next": "4"}, "truncated",
             lambda a: len(a.items) == 4 and a.next == "8" and a.total == 9),
        Case("associations of a target", "search", {"target": _KINASE}, "found", _ids(
            _PAIR, f"association/{_KINASE}/EFO_9000003")),
        Case("one association by both sides", "search", {"target": _CYCLIN, "disease": "EFO:9000002"}, "found", _ids(
            f"association/{_CYCLIN}/EFO_9000002")),
        Case("a pair without association is none", "search", {"target": _CYCLIN, "disease": "HP_9000004"}, "none"),
        Case("a disease without associations is none", "search", {"disease": "HP_9000004"}, "none"),
        Case("associations of an unknown disease", "search", {"disease": "EFO_0000000"}, "unknown_id"),
        Case("associations of an unknown target", "search", {"target": "ENSG00000000000"}, "unknown_id"),
        Case("associations of nothing are refused", "search", {"kind": "association"}, "refused"),
        Case("a symbol where an id is due is refused", "search", {"target": "MADK1"}, "refused"),
        Case("no word is refused", "search", {"text": "{}()\"'"}, "refused"),
        Case("hostile characters do no harm", "search", {"text": "\u202ezq\x00\"}) { meta } #"}, "none"),
        Case("a target", "get", {"id": _KINASE}, "found", lambda a: (
            a.items[0].fields["tractability"] == [{"modality": "SM", "label": "Approved Drug"}]
            and a.items[0].fields["genomic_location"]["strand"] == -1
            and a.items[0].cite("/fields/functions/0").quote.endswith("test tubes.")
            and a.version == a.items[0].version == opentargets.RELEASE)),
        Case("a disease", "get", {"id": "EFO_9000002"}, "found", _field("synonyms", [
            {"relation": "exact", "terms": ["carcinoma, made", "만든 암종"]},
            {"relation": "related", "terms": ["made tumour"]}])),
        Case("a disease names its areas", "get", {"id": "EFO_9000003"}, "found", _field(
            "therapeutic_areas", ["MONDO_9000001"])),
        Case("a drug", "get", {"id": "CHEMBL9001"}, "found", _field("trade_names", ["Veldora"])),
        Case("a drug in trials", "get", {"id": "CHEMBL9005"}, "found", _field("maximum_clinical_stage", "PHASE_3")),
        Case("a salt names its parent", "get", {"id": "CHEMBL9002"}, "found", _field("parent", "CHEMBL9001")),
        Case("an association with its evidence count", "get", {"id": _PAIR}, "found", lambda a: (
            a.items[0].fields["evidence_count"] == 512 and a.items[0].fields["direct"] is True
            and a.items[0].title == "MADK1 – made carcinoma")),
        Case("an association that there is not", "get", {"id": f"association/{_CYCLIN}/HP_9000004"}, "unknown_id"),
        Case("an unknown target", "get", {"id": "ENSG00000000000"}, "unknown_id", where=EVERYWHERE),
        Case("an unknown disease", "get", {"id": "EFO_999999999"}, "unknown_id", where=EVERYWHERE),
        Case("an unknown drug", "get", {"id": "CHEMBL999999999"}, "unknown_id", where=EVERYWHERE),
        Case("what is no id is refused", "get", {"id": "BRAF"}, "refused"),
        Case("a real target", "get", {"id": "ENSG00000157764"}, "found", _field("approved_symbol", "BRAF"), ("real",)),
        Case("real associations", "search", {"target": "ENSG00000157764", "limit": 5}, "truncated", lambda a: (
            len(a.items) == 5), ("real",)),
    ],
    simulator=opentargets.simulator,
    bulk=opentargets.bulk,
    faults=[
        ("search", {"text": "made kinase"}),
        ("search", {"disease": "EFO_9000002"}),
        ("get", {"id": _PAIR}),
    ],
)  # fmt: skip

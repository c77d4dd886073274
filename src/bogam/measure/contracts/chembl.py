"""What the source ChEMBL must answer."""

from __future__ import annotations

from collections.abc import Callable

from bogam.measure.contracts.contract import BOTH, EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream import chembl

_VELDORINIB = "COc1cc2ncnc(Nc3ccccc3F)c2cc1OCCN"


def _ids(*expected: str) -> Callable[[Answer], bool]:
    """Exactly these items, in any order, of the release."""
    return lambda answer: sorted(item.id for item in answer.items) == sorted(expected) and answer.total == len(expected)


def _field(name: str, value: object) -> Callable[[Answer], bool]:
    return lambda answer: answer.items[0].fields[name] == value


def _kept(answer: Answer) -> bool:
    """An activity keeps its relation, value, unit, assay and document."""
    said = answer.items[0].fields
    return (
        (said["relation"], said["value"], said["units"], said["pchembl"]) == (">", 10000, "nM", None)
        and said["as_published"] == {"type": "IC50", "relation": ">", "value": 10, "units": "uM"}
        and said["assay"]["chembl_id"] == "CHEMBL6003"
        and said["document"] == {"chembl_id": "CHEMBL7001", "journal": "J Made Chem", "year": 2030}
        and said["target"]["organism"] == "Mus musculus"
    )


def _apart(answer: Answer) -> bool:
    """Values of different types and assays do not look comparable."""
    return len({item.fields["comparable"] for item in answer.items}) == len(answer.items)


contract = Contract(
    "chembl",
    [
        Case("a molecule by name", "search", {"text": "kormelide"}, "found", _ids("CHEMBL9003")),
        Case("a name finds salts too", "search", {"text": "veldorinib"}, "found", _ids("CHEMBL9001", "CHEMBL9002")),
        Case("a molecule by synonym", "search", {"text": "KM-0417"}, "found", _ids("CHEMBL9003")),
        Case("a molecule by Korean synonym", "search", {"text": "벨도리닙"}, "found", _ids("CHEMBL9001")),
        Case("no match is none", "search", {"text": "zzqxv"}, "none"),
        Case("more than a page is truncated", "search", {"text": "serialin", "limit": 5}, "truncated", lambda a: (
            len(a.items) == 5 and a.total == 12 and a.next == "5")),
        Case("the last page is found", "search", {"text": "serialin", "limit": 5, "next": "10"}, "found", lambda a: (
            len(a.items) == 2 and not a.next)),
        Case("by canonical SMILES, exactly", "search", {"smiles": _VELDORINIB}, "found", _ids("CHEMBL9001")),
        Case("a part of a structure finds nothing", "search", {"smiles": "c1ccccc1"}, "none"),
        Case("by InChIKey", "search", {"inchi_key": "NAMELESSAAAAAA-UHFFFAOYSA-N"}, "found", _ids("CHEMBL9004")),
        Case("by clinical phase", "search", {"max_phase": 3}, "found", _ids(
            "CHEMBL9001", "CHEMBL9002", "CHEMBL9005", "CHEMBL9006")),
        Case("a target by name", "search", {"kind": "target", "text": "made kinase"}, "found", _ids(
            "CHEMBL8001", "CHEMBL8002", "CHEMBL8003")),
        Case("a target by gene and organism", "search", {"kind": "target", "gene": "madk1", "organism": "homo sapiens"},
             "found", _ids("CHEMBL8001", "CHEMBL8003")),
        Case("activities of a molecule on a target", "search", {
            "kind": "activity", "molecule": "chembl9001", "target": "CHEMBL8001"}, "found", _ids(
            "activity/501", "activity/502")),
        Case("activities are not pooled", "search", {"kind": "activity", "molecule": "CHEMBL9001"}, "found", lambda a: (
            len(a.items) == 4)),
        Case("binding and functional values stand apart", "search", {
            "kind": "activity", "molecule": "CHEMBL9001", "target": "CHEMBL8001"}, "found", _apart),
        Case("activities by assay type", "search", {"kind": "activity", "molecule": "CHEMBL9001", "assay_type": "B"},
             "found", _ids("activity/501", "activity/503")),
        Case("activities by type and pChEMBL", "search", {
            "kind": "activity", "target": "CHEMBL8001", "standard_type": "ki", "pchembl": 8.6}, "found", _ids(
            "activity/504", "activity/508")),
        Case("activities by words of the assay", "search", {
            "kind": "activity", "target": "CHEMBL8001", "text": "100% ATP"}, "found", lambda a: len(a.items) == 5),
        Case("activities page by page", "search", {"kind": "activity", "target": "CHEMBL8001", "limit": 2, "next": "2"},
             "truncated", lambda a: [i.id for i in a.items] == ["activity/504", "activity/505"] and a.next == "4"),
        Case("mechanisms of a target", "search", {"kind": "mechanism", "target": "CHEMBL8001"}, "found", _ids(
            "mechanism/41", "mechanism/42")),
        Case("mechanisms by words", "search", {"kind": "mechanism", "text": "α2 agonist"}, "found", _ids(
            "mechanism/43")),
        Case("indications of a molecule from phase 3", "search", {
            "kind": "indication", "molecule": "CHEMBL9001", "max_phase": 3}, "found", _ids("indication/31")),
        Case("indications by disease", "search", {"kind": "indication", "efo_id": "EFO:0000002"}, "found", _ids(
            "indication/33")),
        Case("a Korean word is asked in English too", "search", {
            "kind": "indication", "text": "고혈압"}, "found", lambda a: (
            [i.id for i in a.items] == ["indication/33"] and "hypertension" in a.reason)),
        Case("an unknown Korean word says why nothing is found", "search", {"text": "뷁뷁"}, "none", lambda a: (
            "English" in a.reason)),
        Case("percent and underscore are no wildcards", "search", {"kind": "mechanism", "text": "_ade%"}, "none"),
        Case("a filter of another kind is refused", "search", {"kind": "molecule", "pchembl": 6}, "refused"),
        Case("activities of everything are refused", "search", {"kind": "activity", "standard_type": "Ki"}, "refused"),
        Case("names with filters are refused", "search", {"text": "a", "max_phase": 4}, "refused"),
        Case("nothing asked is refused", "search", {}, "refused"),
        Case("hostile characters are refused or none", "search", {"text": "\u202e'\" OR 1=1 --\x00*"}, "none"),
        Case("no word is refused", "search", {"text": "%%%***"}, "refused"),
        Case("a molecule", "get", {"id": "CHEMBL9001"}, "found", lambda a: (
            a.items[0].fields["black_box_warning"] is True and a.items[0].fields["atc"] == ["L01EX99"]
            and a.version == a.items[0].version == "ChEMBL_99"
            and {"name": "Veldora", "type": "TRADE_NAME"} in a.items[0].fields["synonyms"])),
        Case("a withdrawn molecule says so", "get", {"id": "CHEMBL9006"}, "found", _field("withdrawn", True)),
        Case("a molecule without structure", "get", {"id": "CHEMBL9005"}, "found", _field("canonical_smiles", "")),
        Case("a molecule without name", "get", {"id": "CHEMBL9004"}, "found", lambda a: (
            a.items[0].title == "CHEMBL9004")),
        Case("a salt names its parent", "get", {"id": "CHEMBL9002"}, "found", _field("parent", "CHEMBL9001")),
        Case("a target", "get", {"id": "CHEMBL8003"}, "found", lambda a: (
            [each["gene_symbols"] for each in a.items[0].fields["components"]] == [["MADK1"], ["MADCA"]])),
        Case("an activity keeps relation, unit, assay and document", "get", {"id": "activity/503"}, "found", _kept),
        Case("an activity without value says what was noted", "get", {"id": "activity/505"}, "found", lambda a: (
            "Not Active" in a.items[0].title and a.items[0].fields["value"] is None)),
        Case("an activity in doubt says so", "get", {"id": "activity/506"}, "found", _field(
            "data_validity_comment", "Outside typical range")),
        Case("an activity counted twice says so", "get", {"id": "activity/508"}, "found", _field(
            "potential_duplicate", True)),
        Case("an assay", "get", {"id": "CHEMBL6002"}, "found", _field("type_label", "functional")),
        Case("a document's abstract is citable", "get", {"id": "CHEMBL7001"}, "found", lambda a: (
            a.items[0].cite("/fields/abstract/0/text").quote.startswith("We made a series – 새 계열"))),
        Case("a mechanism", "get", {"id": "mechanism/44"}, "found", _field("target", "")),
        Case("an indication of half a phase", "get", {"id": "indication/34"}, "found", _field(
            "max_phase_for_ind", 0.5)),
        Case("an unknown ChEMBL id", "get", {"id": "CHEMBL123456789"}, "unknown_id", where=EVERYWHERE),
        Case("an unknown activity", "get", {"id": "activity/999"}, "unknown_id"),
        Case("an obsolete id is unknown", "get", {"id": "CHEMBL9999"}, "unknown_id", lambda a: "no longer" in a.reason),
        Case("a cell line is not read", "get", {"id": "CHEMBL5001"}, "refused"),
        Case("what is no id is refused", "get", {"id": "CHEMBL25; DROP TABLE x"}, "refused", where=BOTH),
        Case("a real molecule", "get", {"id": "CHEMBL25"}, "found", lambda a: (
            a.items[0].fields["standard_inchi_key"] == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"), ("real",)),
        Case("real activities", "search", {"kind": "activity", "molecule": "CHEMBL25", "limit": 5}, "truncated",
             lambda a: len(a.items) == 5, ("real",)),
    ],
    simulator=chembl.simulator,
    bulk=chembl.bulk,
    faults=[
        ("search", {"kind": "activity", "molecule": "CHEMBL9001"}),
        ("get", {"id": "CHEMBL9001"}),
    ],
)  # fmt: skip

"""ICD-10-CM: look-up, hierarchy, notes, validation, order and search, beside the package it is compiled from."""

from __future__ import annotations

import os
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.evidence.claim import Claim
from bogam.evidence.resolve import CitationError, resolve
from bogam.evidence.verify import verify
from bogam.record.json import PointerError
from bogam.terms import icd10cm
from bogam.terms.bilingual import in_english
from bogam.terms.icd10cm.codes import spans
from bogam.terms.icd10cm.compiled import opened
from bogam.terms.icd10cm.index import Icd10cm

INDEX = icd10cm.default()


def first(query: str) -> str:
    return INDEX.search(query, 1)[0].entry.code


def test_every_complete_code_of_the_official_list_is_valid_and_no_other() -> None:
    spec = find_spec("simple_icd_10_cm")
    assert spec is not None
    folder = Path(next(iter(spec.submodule_search_locations or ()))) / "data"
    listed = sorted(
        code
        for code in next(folder.glob("code-list*.txt")).read_text("utf-8").split()
        if "-" not in code and len(code) > 2
    )
    leaves = {code for code, following in zip(listed, [*listed[1:], ""], strict=True) if not following.startswith(code)}
    ours = {code.replace(".", "") for code in INDEX.codes()}
    assert ours == leaves
    assert len(ours) > 74_000
    assert not [code for code in islice(INDEX.codes(), 0, None, 41) if not INDEX.validate(code).valid]


def test_an_entry_has_its_notes_in_place() -> None:
    entry = INDEX["e11"]
    assert (entry.code, entry.title, entry.kind, entry.billable) == (
        "E11", "Type 2 diabetes mellitus", "category", False,
    )  # fmt: skip
    assert "diabetes NOS" in entry.includes
    assert "type 1 diabetes mellitus (E10.-)" in entry.excludes1
    assert "insulin (Z79.4)" in entry.use_additional
    assert INDEX["S72"].seventh[0] == ("A", "initial encounter for closed fracture")
    assert dict(INDEX["S72"].seventh)["B"].endswith("; initial encounter for open fracture NOS")
    assert INDEX["H54.8"].billable
    assert INDEX.get("nonsense") is None
    with pytest.raises(KeyError, match="X99X"):
        INDEX["X99X"]


def test_hierarchy() -> None:
    assert [entry.code for entry in INDEX.ancestors("E11.9")] == ["E11", "E08-E13", "4"]
    assert [entry.code for entry in INDEX.ancestors("S72.001A")][:3] == ["S72.001", "S72.00", "S72.0"]
    assert [entry.code for entry in INDEX.ancestors("B20")][:2] == ["B20-B20", "1"]
    assert INDEX.parent("4") is None
    assert "E11.9" in [entry.code for entry in INDEX.children("E11")]
    assert [entry.code[-1] for entry in INDEX.children("T07")] == ["A", "D", "S"]
    assert INDEX.children("I10") == ()
    assert len(INDEX.chapters()) == 22


def test_notes_come_down_from_category_block_and_chapter() -> None:
    where = {(note.code, note.text) for note in INDEX.notes("E11.9", "excludes1")}
    assert ("E11", "type 1 diabetes mellitus (E10.-)") in where
    assert any(note.code == "1" for note in INDEX.notes("A00.0", "use_additional"))
    note = INDEX.notes("S72.001A", "excludes1")[0]
    assert (note.code, note.pointer) == ("S72", "/excludes1/0")
    assert INDEX.field(note.code, note.pointer).text == note.text


@pytest.mark.parametrize(
    ("code", "why", "said"),
    [
        ("I10", "valid", "Essential"),
        (" e119 ", "valid", "E11.9"),
        ("T07.XXXA", "valid", "T07.XXXA"),
        ("S72.001a", "valid", "right femur"),
        ("I10.9", "no-subdivision", "I10 has no subdivisions"),
        ("S72.001", "needs-seventh", "A initial encounter for closed fracture"),
        ("T07", "needs-seventh", "S sequela"),
        ("S72.001Z", "wrong-seventh", "Z is no 7th character of S72.001"),
        ("T07A", "placeholder", "T07.XXXA"),
        ("E11", "not-billable", "choose one of E11.0"),
        ("E11.77", "no-such-subdivision", "E11 has no such subdivision"),
        ("Y9X", "unknown", "no category Y9X"),
        ("E08-E13", "heading", "block"),
        ("4", "heading", "chapter"),
        ("", "shape", "shape"),
        ("10.I", "shape", "shape"),
        ("I10\u202e", "shape", "shape"),
        ("S72.001AA", "shape", "shape"),
    ],
)
def test_a_verdict_says_why(code: str, why: str, said: str) -> None:
    verdict = INDEX.validate(code)
    assert verdict.why == why
    assert verdict.valid is (why == "valid")
    assert said in verdict.reason
    assert verdict.reason_ko != verdict.reason
    assert all(INDEX.get(choice) is not None for choice in verdict.choices)


@given(st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_verdict_and_a_search(text: str) -> None:
    verdict = INDEX.validate(text)
    assert verdict.valid is (verdict.why == "valid")
    assert len(INDEX.search(text, 3)) <= 3


def test_spans_of_codes_in_notes() -> None:
    assert [tuple(span) for span in spans("pregnancy (O10-O11, O13.-, I51.4-I51.7)")] == [
        ("O10", "O11"), ("O13", "O13"), ("I51.4", "I51.7"),
    ]  # fmt: skip
    assert spans("poisoning (T36-T65 with fifth or sixth character 1-4)") == ()
    assert spans("see body system-related chapters; type 1; GUSTILO IIIA") == ()
    assert spans("(O10-O11)")[0].holds("O11.9")
    assert not spans("(O10-O11)")[0].holds("O12")


def test_excludes1_conflicts() -> None:
    conflict = INDEX.excludes1_conflicts(["I10", "E11.9", "E10.9"])[0]
    assert {conflict.code, conflict.excluded} == {"E11.9", "E10.9"}
    assert "E10.-" in conflict.note.text or "E11.-" in conflict.note.text
    assert INDEX.excludes1_conflicts(["E11.9", "I10", "nonsense"]) == ()
    assert INDEX.excludes1_conflicts(["E11.9", "E11.65"]) == ()


def test_code_first_and_use_additional_give_an_order() -> None:
    assert INDEX.arranged(["N18.30", "I10", "E11.22"]) == ("I10", "E11.22", "N18.30")
    order = INDEX.sequence(["I50.9", "I11.0"])
    assert [(each.first, each.then) for each in order] == [("I11.0", "I50.9")]
    assert any("underlying" in note.text for note in INDEX.code_first("F02.80"))
    assert INDEX.is_manifestation("F02.80")
    assert not INDEX.is_manifestation("I10")


def test_what_a_code_leaves_open() -> None:
    assert INDEX.sides("S72.009A") == {"right": "S72.001A", "left": "S72.002A", "unspecified": "S72.009A"}
    assert INDEX.sides("H25.11")["bilateral"] == "H25.13"
    assert INDEX.sides("I10") == {}
    assert [question.about for question in INDEX.open_questions("S72.009A")] == ["laterality"]
    assert [question.about for question in INDEX.open_questions("S72.001")] == ["seventh"]
    assert [question.about for question in INDEX.open_questions("E11")] == ["subdivision"]
    assert INDEX.open_questions("I10") == ()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("I10", "I10"), ("s72.001a", "S72.001A"), ("폐렴", "J18"), ("급성 심근경색", "I21"), ("HTN", "I10"),
        ("acute appendicits", "K35"), ("type 2 diab", "E11"), ("fracture neck femur right", "S72.001"),
        ("chest pain", "R07.9"), ("당뇨병", "E11"), ("Ménière", "H81.0"),
    ],
)  # fmt: skip
def test_search_as_it_is_typed(query: str, code: str) -> None:
    assert first(query) == code


def test_a_search_finds_by_inclusion_terms_and_says_which() -> None:
    match = next(match for match in INDEX.search("fracture of hip NOS", 5) if match.entry.code == "S72.00")
    assert (match.words, match.pointer) == ("Fracture of hip NOS", "/inclusion/0")
    assert INDEX.search("qqqzzzxxx") == ()


def test_korean_runs_are_read_word_by_word() -> None:
    assert in_english("우측고관절골절")[0] in ("right hips fracture", "right hip fracture")
    assert "acute myocardial infarction" in in_english("급성 심근 경색")
    assert in_english("appendicitis") == ()


def test_citations_lead_to_the_words_and_are_verified() -> None:
    title, code = INDEX.field("S72.001A"), INDEX.field("S72.001A", "/code")
    document = icd10cm.cited("icd-10-cm:S72.001A", str(INDEX.version))
    assert document is not None
    assert resolve(title.cite(), document) == title.text
    good = Claim("S72.001A, fracture of neck of right femur", (code.cite(), title.cite()))
    wrong_side = Claim("S72.001A, fracture of neck of left femur", (code.cite(), title.cite()))
    wrong_code = Claim("S72.002A, fracture of neck of right femur", (code.cite(), title.cite()))
    states = [claim.support.state for claim in verify([good, wrong_side, wrong_code], icd10cm.cited)]
    assert states == ["supported", "unsupported", "unsupported"]


def test_a_citation_of_what_is_not_there_does_not_resolve() -> None:
    version = str(INDEX.version)
    assert icd10cm.cited("icd-10-cm:I10", "20010101") is None
    assert icd10cm.cited("icd-10-cm:i10", version) is None
    assert icd10cm.cited("icd-10-cm:X99X", version) is None
    assert icd10cm.cited("loinc:I10", version) is None
    with pytest.raises(PointerError):
        INDEX.field("I10", "/inclusion/0")
    changed = INDEX.field("I10").cite()
    document = icd10cm.cited("icd-10-cm:E11", version)
    assert document is not None
    with pytest.raises(CitationError):
        resolve(changed, document)


def test_the_index_is_kept_and_a_damaged_one_is_made_again(tmp_path: Path) -> None:
    made = opened(tmp_path)
    kept = next(tmp_path.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == [f"icd-10-cm-{made.release.replace('-', '')}.msgpack"]
    written = kept.stat().st_mtime_ns
    assert opened(tmp_path).source == made.source
    assert kept.stat().st_mtime_ns == written
    os.truncate(kept, 1000)
    assert Icd10cm(opened(tmp_path))["I10"].title == "Essential (primary) hypertension"
    assert kept.stat().st_size > 1_000_000


def test_it_works_where_nothing_can_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert opened(blocked / "terms").release == INDEX.release

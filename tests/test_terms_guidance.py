"""Words that mean the same in hospital documents and in questions."""

from __future__ import annotations

from importlib.resources import files
from time import perf_counter

import pytest

from bogam.terms import guidance


def keys(text: str) -> set[str]:
    return {each.key for each in guidance.said(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How soon can we take out the foley?", "폴리는 언제 제거하나요?"),
        ("콧줄이 빠졌어요", "the nasogastric tube was pulled out"),
        ("환자가 토했습니다", "vomiting"),
        ("the patient has turned yellow", "황달"),
        ("소변을 못 봐요", "urinary retention"),
        ("피가 나요", "bleeding"),
    ],
)
def test_the_same_is_said_in_other_words(one: str, other: str) -> None:
    assert keys(one) & keys(other)


def test_a_verb_is_known_in_its_forms() -> None:
    assert keys("관을 뽑았는데") & keys("관을 뽑고") & keys("뽑아야 하나요")


def test_short_names_stand_for_themselves_only_as_words() -> None:
    assert "alcohol" in keys("술을 드십니다")
    assert "alcohol" not in keys("수술 뒤")
    assert not keys("it is") & keys("IT 주사")


def test_names_inside_a_longer_name_are_told_too() -> None:
    said = guidance.said("dose in renal impairment")
    assert {each.key for each in said if each.inside} > {"kidney"}
    assert next(each.inside for each in said) is False


def test_places_are_those_of_the_words() -> None:
    text = "Please withdraw the Foley."
    for each in guidance.said(text):
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        assert each.end <= len(text)


def test_kinds_lead_on_and_end() -> None:
    rows = [row for row, _ in _rows()]
    assert any(guidance.wider(row[0]) for row in rows if len(row) > 3)
    for row in rows:
        assert row[0] not in guidance.wider(row[0])


def test_every_row_has_its_columns() -> None:
    for row, kind in _rows():
        assert len(row) in (3, 4), row
        assert row[0], row
        assert kind in ("", "asking", "subject")


@pytest.mark.parametrize("text", ["", "가" * 20_000, "뽑" * 5000, "a " * 8000, "ﬀ 약" * 3000, "\x00\u202e약을 술"])
def test_no_text_takes_long(text: str) -> None:
    guidance.said("table")
    started = perf_counter()
    guidance.said(text)
    assert perf_counter() - started < 2


def _rows() -> list[tuple[list[str], str]]:
    folder = files("bogam.terms") / "data"
    found: list[tuple[list[str], str]] = []
    for file in (folder / "guidance.tsv", folder / "hospital_words.tsv", *(folder / "hospital_words").iterdir()):
        kind = ""
        for line in file.read_text("utf-8").splitlines():
            kind = line[1:] if line.startswith("@") else kind
            if line and not line.startswith(("#", "@")):
                found.append((line.split("\t"), kind))
    return found


def test_a_subject_stays_one_in_whatever_table_it_stands_too() -> None:
    kinds = {each.key: each.kind for each in guidance.said("dialysis, transfusion, pregnancy, a child")}
    assert {kinds[each] for each in ("dialysis", "transfusion", "pregnancy", "child")} == {"subject"}


def test_the_end_of_a_person_and_a_particle_are_no_name() -> None:
    assert not {each.key for each in guidance.said("환자의 약")} & {each.key for each in guidance.said("자의")}
    assert not {each.key for each in guidance.said("환자가 온다")} & {each.key for each in guidance.said("자가")}
    assert guidance.said("자의 퇴원")

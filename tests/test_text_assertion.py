"""Assertion: one example for each family of cues, English, Korean and mixed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.text.assertion import classify

_SAID = """
absent	Denies any suicidal ideation, homicidal ideation or [[hallucinations]].
absent	EGD: no [[varices]], mild gastritis only.
present	EGD: no varices, mild [[gastritis]] only.
absent	Cardiac enzymes negative x3, [[MI]] ruled out.
absent	+ cough, - [[fever]], - chills
absent	No family history of [[colon cancer]].
possible	[[Malignancy]] cannot be excluded.
possible	[[PE]] felt to be unlikely given normal D-dimer.
possible	Likely pneumonia vs [[atelectasis]] at the left base.
historical	[[Breast cancer]] in remission since 2016.
historical	Prior [[DVT]] in 2015, completed anticoagulation.
present	Diagnosed with [[type 2 diabetes]] 10 years ago, on metformin.
hypothetical	Return to the ED for worsening pain or [[fever]].
hypothetical	Should [[chest pain]] recur, take nitroglycerin.
hypothetical	Heparin SQ for [[DVT]] prophylaxis.
other	Father died of [[MI]] at 52.
present	Husband states she was [[confused]] this morning.
present	The patient's [[pain]] has not improved with ibuprofen.
absent	발열, [[오한]], 근육통 없음
present	[[오심]] 있으나 구토는 없음
absent	오심 있으나 [[구토]]는 없음
present	[[흉통]] 호전되지 않아 재내원
present	없던 [[두통]]이 새로 생김
possible	[[악성종양]] 가능성을 배제할 수 없음
possible	r/o [[급성 충수염]]
absent	[[뇌출혈]]은 배제됨
historical	[[간염]] 앓은 적 있음
present	10년 전 [[당뇨]] 진단받고 경구혈당강하제 복용 중
hypothetical	[[발열]] 시 타이레놀 복용하도록 함
hypothetical	[[심부정맥혈전증]] 예방 위해 헤파린 투여
other	아버지는 당뇨, 어머니는 [[고혈압]]
present	어머니가 [[발열]] 있다며 데리고 옴
absent	DM(-) [[HTN]](-) Tbc(-)
present	HTN/DM/Tbc (+/+/-), [[cough]] (+)
"""


@pytest.mark.parametrize("row", [row for row in _SAID.splitlines() if row])
def test_assertion(row: str) -> None:
    label, marked = row.split("\t")
    start, end = marked.index("[["), marked.index("]]") - 2
    assert classify(marked.replace("[[", "").replace("]]", ""), start, end) == label


def test_a_group_of_signs_is_read_one_by_one() -> None:
    text = "HTN/DM/Tbc (+/-/-)"
    assert [classify(text, *span) for span in ((0, 3), (4, 6), (7, 10))] == ["present", "absent", "absent"]


def test_the_section_counts_where_the_words_say_nothing() -> None:
    assert classify("hypertension", 0, 12, "family-history") == "other"
    assert classify("hypertension", 0, 12, "past-history") == "historical"
    assert classify("Family history: hypertension in two siblings", 16, 28) == "other"


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_any_text_has_an_assertion(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert classify(text, start, end) in {"present", "absent", "possible", "historical", "hypothetical", "other"}


@pytest.mark.parametrize("unit", ["no ", "없고 ", "mother has ", "모친 ", "a/", "(-) ", "if ", ", "])
def test_a_hostile_sentence_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * 8_000
    start = time.process_time()
    classify(text, len(text) // 2, len(text) // 2 + 1)
    assert time.process_time() - start < 5

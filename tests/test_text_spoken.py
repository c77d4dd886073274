"""Numbers in words, English and Korean, and words that only look like numbers."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bogam.text.spoken import numbers


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("one twenty over eighty", ["120", "80"]),
        ("one hundred and two point four", ["102.4"]),
        ("a hundred and five", ["105"]),
        ("two and a half tablets", ["2.5"]),
        ("one oh eight", ["108"]),
        ("zero point oh five", ["0.05"]),
        ("twenty-five years old", ["25"]),
        ("five hundred milligrams", ["500"]),
        ("98 point 6", ["98.6"]),
        ("one tablet", ["1"]),
        ("백이십에 팔십이에요", ["120", "80"]),
        ("삼십칠 점 오", ["37.5"]),
        ("열두 개", ["12"]),
        ("스물다섯 살", ["25"]),
        ("이틀 전", ["2"]),
        ("사흘", ["3"]),
        ("두 시간 반", ["2.5"]),
        ("삼일 전부터", ["3"]),
        ("이십사시간", ["24"]),
        ("오백 밀리그램", ["500"]),
    ],
)
def test_numbers_in_words(text: str, digits: list[str]) -> None:
    assert [each.digits for each in numbers(text)] == digits


@pytest.mark.parametrize(
    "text",
    ["one of them said no one came", "the one I saw", "at one point it was worse", "a half", "eight thirty at night",
     "이 환자는 일을 하다",
     "세상 이상 사람", "일상생활, 이상 없음, 사실 오늘 구토", "십이지장", "백내장 오심 사지", "만성"],
)  # fmt: skip
def test_words_that_are_no_number(text: str) -> None:
    assert numbers(text) == ()


def test_the_halves_of_a_pressure_are_a_pair() -> None:
    assert [each.pair for each in numbers("one thirty five over ninety two, one forty")] == [1, 2, 0]
    assert [each.pair for each in numbers("백사십에 구십")] == [1, 2]


_PARTS = [
    "one",
    "twenty",
    "oh",
    "point",
    "and",
    "a",
    "half",
    "hundred",
    "over",
    "백",
    "이십",
    "삼",
    "점",
    "열",
    "두",
    "에",
    "반",
    "하루",
    "3",
]


@given(st.lists(st.sampled_from(_PARTS)))
def test_places_are_in_order_and_hold_what_they_say(words: list[str]) -> None:
    text = " ".join(words)
    found = numbers(text)
    assert all(0 <= each.start < each.end <= len(text) and each.value == float(each.digits) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("unit", ["one ", "백", "point ", "이십 ", "twenty-", "두 ", "점 오"])
def test_time_is_linear(unit: str) -> None:
    numbers.cache_clear()
    start = time.process_time()
    numbers(unit * 20_000)
    assert time.process_time() - start < 5


def test_a_number_begun_in_digits_and_ended_in_words_is_one_number() -> None:
    assert [(n.start, n.end, n.digits) for n in numbers("it was 3 point one two today")] == [(7, 22, "3.12")]
    assert [(n.start, n.end, n.digits) for n in numbers("98 point 6")] == [(0, 10, "98.6")]

"""Answers that correct or qualify themselves, in both languages."""

from __future__ import annotations

import pytest

from bogam.text.answer import qualifies, reverses


@pytest.mark.parametrize(
    "said",
    [
        "No. Actually yes, when I climb stairs.",
        "No. Well, a little yesterday.",
        "No, only at night.",
        "Yes. Actually no.",
        "아니요. 아니 그게, 계단 오를 때 아파요.",
        "아니요. 아 네, 어제 났어요.",
        "없어요. 근데 밤에는 조금 나요.",
        "아니요, 가끔요.",
        "네. 아니, 아니요.",
    ],
)
def test_an_answer_takes_itself_back(said: str) -> None:
    assert reverses(said)
    assert qualifies(said)


@pytest.mark.parametrize("said", ["No, but I cough.", "No, I quit two years ago.", "아니요, 예전에 끊었어요."])
def test_an_answer_is_limited(said: str) -> None:
    assert qualifies(said)
    assert not reverses(said)


@pytest.mark.parametrize(
    "said",
    ["No.", "No, never.", "No, not really.", "Yes, I do.", "아니요, 없어요.", "네, 있어요.", "Actually, it hurts."],
)
def test_a_plain_answer_stands(said: str) -> None:
    assert not qualifies(said)

"""Vectors of meaning: of every key, near where meanings are near, and what a text comes to by them."""

from __future__ import annotations

import numpy as np
import pytest

from bogam.evidence.retrieval.answers import STANDING, standing
from bogam.evidence.retrieval.features import concepts
from bogam.evidence.retrieval.meaning import Meant
from bogam.terms import guidance, meanings


def test_every_key_of_guidance_has_a_meaning() -> None:
    keys = guidance.all_keys()
    without = [key for key in keys if not len(meanings.rows([key]))]
    assert without == [], "words were added: run scripts/make_meanings.py"
    held = meanings.vectors(meanings.rows(keys))
    assert held.shape == (len(keys), 96)
    assert np.linalg.norm(held, axis=1) == pytest.approx(np.ones(len(keys)), abs=1e-5)
    assert len(meanings.rows(["no-such-key"])) == 0


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("bruise", "contusion", "billing"),
        ("refuse", "refuse-treatment", "crossmatch"),
        ("discharge", "go-home", "vancomycin"),
    ],
)
def test_like_meanings_are_near(one: str, near: str, far: str) -> None:
    def cosine(other: str) -> float:
        first, second = (meanings.vectors(meanings.rows([key]))[0] for key in (one, other))
        return float(first @ second)

    assert cosine(near) > 0.6 > 0.3 > cosine(far)


@pytest.mark.parametrize(
    ("question", "says", "other"),
    [
        ("Can he refuse surgery?", "An operation may be declined at any time.", "The ward is cleaned at any time."),
        ("멍이 들었는데 계속 먹어도 되나요", "Report a contusion to the physician.", "Report lost keys to the porter."),
    ],
)
def test_a_text_in_other_words_comes_nearer_than_one_about_something_else(question: str, says: str, other: str) -> None:
    asked = concepts(question)
    meant = Meant(asked, [1.0] * len(asked))
    assert meant.shares(says).sum() > meant.shares(other).sum()
    assert meant.likeness(says) > meant.likeness(other)
    assert 0 <= meant.shares(says).min() <= meant.shares(says).max() <= 1
    assert meant.shares("…") == pytest.approx(np.zeros(len(asked)))
    assert meant.likeness("…") == 0.0


def test_a_question_without_known_words_means_nothing() -> None:
    meant = Meant(concepts("zxqv"), [1.0])
    assert meant.shares("Give oxygen.").tolist() == [0.0]
    assert meant.likeness("Give oxygen.") == 0.0


def test_the_judge_sees_how_a_passage_stands_among_the_others() -> None:
    ranks = np.array([1.0, 4.0, 2.5])
    assert standing(ranks).tolist() == [[1.0, 0.0, 0.0, -3.0], [4.0, 3.0, 1.5, 0.0], [2.5, 1.5, 1.5, -1.5]]
    assert standing(np.array([])).shape == (0, len(STANDING))
    many = standing(np.arange(20.0))
    assert many[-1].tolist() == [19.0, 10.0, 1.0, 0.0]

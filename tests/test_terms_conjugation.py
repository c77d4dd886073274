"""How verbs begin in running text."""

from __future__ import annotations

import pytest

from bogam.terms.conjugation import beginnings


@pytest.mark.parametrize(
    ("verb", "written"),
    [
        ("빼다", "빼고 빼면 빼는 뺐다 빼서 뺀 뒤 뺄 때"),
        ("내리다", "내리면 내려 내렸다 내린 내릴"),
        ("누르다", "누르는 눌러 눌렀다 누른"),
        ("모으다", "모으고 모아 모았다"),
        ("아프다", "아프면 아파 아팠다"),
        ("쓰다", "쓰는 써야 썼다"),
        ("주다", "주고 줘도 줬다 주었다"),
        ("마시다", "마시고 마셔 마셨다"),
        ("되다", "되면 돼요 됐다 되어"),
        ("먹다", "먹는 먹어 먹었다 먹은"),
        ("눕다", "눕는 누워 누운 누웠다"),
        ("잡다", "잡는 잡아 잡았다"),
        ("걷다", "걷는 걸어 걸은 걸었다"),
        ("받다", "받는 받아 받은"),
        ("붓다", "붓는 부어 부은 부었다"),
        ("씻다", "씻는 씻어 씻은"),
        ("열다", "여는 열어 열면 엽니다"),
        ("노랗다", "노란 노래졌다 노랗게"),
        ("넣다", "넣는 넣어 넣은"),
        ("급하다", "급한 급해 급했다"),
        ("열이 나다", "열이 나면 열이 났다 열이 날"),
    ],
)
def test_forms_begin_so(verb: str, written: str) -> None:
    held = beginnings(verb)
    known = written.replace(" 뒤", "_뒤").replace(" 때", "_때").replace("열이 ", "열이_").split()
    for form in (each.replace("_", " ") for each in known):
        assert form.startswith(held), form


@pytest.mark.parametrize(
    ("verb", "others"),
    [
        ("잡다", ("자우", "자워")),
        ("씻다", ("씨어",)),
        ("받다", ("발아",)),
        ("넣다", ("너은", "너아")),
        ("빼다", ("빼", "뺀")),
    ],
)
def test_what_is_no_form(verb: str, others: tuple[str, ...]) -> None:
    assert not [each for each in others if each.startswith(beginnings(verb))]


@pytest.mark.parametrize("word", ["", "다", "빼", "take", "둘 다"])
def test_only_a_dictionary_form_is_taken(word: str) -> None:
    with pytest.raises(ValueError, match="빼다"):
        beginnings(word)

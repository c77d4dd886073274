"""Rows near a question are found by the words that few rows hold; common words decide between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bogam.sources.answer import Item
from bogam.sources.mirrors import Entry, SqliteMirror, nearest

TEXTS = {
    "a": "budesonide in adults",
    "b": "budesonide in children with asthma",
    "c": "patients and children",
    "d": "patients with asthma",
    "e": "patients, children, asthma and no drug",
    "f": "Sjögren patients",
}


class Few(SqliteMirror):
    def read(self, path: Path) -> Iterator[Entry]:
        for id, text in TEXTS.items():
            yield Entry(Item("few", id, f"Item {id}"), text)


@pytest.fixture
def few(tmp_path: Path) -> Few:
    mirror = Few("few", tmp_path)
    place = tmp_path / "texts"
    place.touch()
    mirror.load([place])
    return mirror


def ids(mirror: Few, *words: str, limit: int = 3) -> list[str]:
    return [item.id for item in mirror.nearest(words, limit)]


def test_any_word_may_be_missing(few: Few) -> None:
    assert ids(few, "budesonide", "adults", "unheard") == ["a", "b"]
    assert ids(few, "unheard") == ids(few) == []
    assert ids(few, "sjogren") == ["f"]
    assert ids(few, 'a"b', "NEAR(", "*") == []


def test_a_common_word_decides_between_what_a_telling_word_finds(few: Few, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "COMMON", 2)
    assert ids(few, "budesonide", "asthma", "children") == ["b", "a"]
    assert ids(few, "sjogren", "patients") == ["f"]


def test_common_words_alone_find_what_holds_all_of_them_or_two(few: Few, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "COMMON", 2)
    assert ids(few, "patients", "children", "asthma") == ["e"]
    monkeypatch.setattr(nearest, "COMMON", 1)
    assert ids(few, "children", "budesonide", "patients") == ["b"]

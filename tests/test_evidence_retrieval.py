"""Retrieval: words and keys across languages, what answers and what does not, the kept index, dense vectors."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

from bogam.evidence.retrieval import dense
from bogam.evidence.retrieval.amounts import stated
from bogam.evidence.retrieval.features import concepts, features
from bogam.evidence.retrieval.find import find, text_features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.need import Consult, Question
from bogam.evidence.retrieval.passage import passages
from bogam.evidence.retrieval.retriever import Retriever, asked_words
from bogam.skills.answering.quote import Quoted, named
from bogam.sources.answer import Item
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream import pubmed
from bogam.text.tokens import tokens

DOCUMENTS = {
    "heparin": "# Heparin\n\n## Dose\nGive a bolus of 80 units/kg.\n\nCheck the aPTT after 6 hours.\n",
    "낙상": "---\neffective: 2026-03-01\n---\n# 낙상 예방\n\n## 평가\n입원 24시간 이내에 평가한다.\n",
}


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    for name, text in DOCUMENTS.items():
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    made = Retriever(ReferenceDesk(tmp_path / "home"), vectors=False)
    assert made.shelf is not None
    made.shelf.add([tmp_path / f"{name}.md" for name in DOCUMENTS])
    return made


def test_tokens_are_runs_of_one_script() -> None:
    assert tokens("DM으로 vancomycin 1,500 mg dosing") == ["dm", "vancomycin", "1500", "mg", "dose"]
    assert tokens("항응고제를 평가합니까?") == ["항응", "응고", "고제", "평가"]
    assert tokens("the of 무엇 언제") == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("아픽사반", "apixaban", "k:d:apixaban"),
        ("혈소판 수치", "platelet count", "k:platelet"),
        ("용량은 얼마인가요", "what dose", "g:dose"),
        ("골절", "lorazepam", ""),
    ],
)
def test_keys_are_equal_across_languages(one: str, other: str, shared: str) -> None:
    common = set(features(one)) & set(features(other))
    assert (shared in common) if shared else not common


def test_a_question_is_what_it_asks_about() -> None:
    asked = {each.words: each for each in concepts("소아의 와파린 용량은 얼마인가요?")}
    assert asked["와파린"].named
    assert asked["소아의"].named
    assert not asked["용량"].named
    assert "얼마인가요" not in asked


def first(retriever: Retriever, question: str) -> str:
    hits = retriever.gather((Question(question),)).hits[0]
    return hits[0].passage.text.text if hits else ""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What bolus dose of heparin is given?", "Give a bolus of 80 units/kg."),
        ("When is the fall risk assessed after admission?", "입원 24시간 이내에 평가한다."),
        ("What is the bolus of heparin in children?", ""),
        ("What is the bolus of enoxaparin?", ""),
        ("", ""),
        ("???", ""),
    ],
)
def test_passages_that_answer(retriever: Retriever, question: str, answer: str) -> None:
    assert first(retriever, question) == answer


def test_what_a_document_says_is_no_answer_for_patients_of_whom_it_nowhere_speaks(tmp_path: Path) -> None:
    made = Retriever(ReferenceDesk(tmp_path), vectors=False)
    assert made.shelf is not None
    with as_file(files("bogam.measure") / "sets/ask/train/second/library") as folder:
        made.shelf.add([folder])
    said = "성인 남성은 14~16 Fr, 성인 여성은 12~14 Fr를 기본으로 한다."
    assert first(made, "성인 환자 폴리 굵기는 몇 Fr?") == said
    assert first(made, "소아 환자 폴리 굵기는 몇 Fr?") == ""
    assert first(made, "HFNC 시작 유량은 얼마로 하나요?").startswith("고유량 비강캐뉼라(HFNC)는 유량 40 L/min")
    assert first(made, "HFNC 최대 유량은 몇 리터까지 올릴 수 있어요?") == ""


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("몇 년 보관하나요?", "48시간 이내에 스캔하고 원본은 의무기록팀으로 보낸다.", False),
        ("몇 년 보관하나요?", "동의서는 5년 보관한다.", True),
        ("How many days may it stay in?", "Change it every 72 hours.", True),
        ("What is the most she can have in a day?", "Oral labetalol 200 mg twice daily is the first choice.", False),
        ("What is the most she can have in a day?", "No more than 2.4 g a day is given.", True),
        ("최대 유량은 몇 리터까지 올려요?", "유량 40 L/min로 시작한다.", False),
        ("누가 서명하나요?", "주치의가 서명한다.", True),
    ],
)
def test_an_amount_of_the_kind_asked_for_must_be_stated(question: str, text: str, held: bool) -> None:
    assert stated(question, text) is held


def test_the_index_follows_the_library(retriever: Retriever) -> None:
    assert first(retriever, "When is the aPTT checked?") == "Check the aPTT after 6 hours."
    assert retriever.shelf is not None
    retriever.shelf.add_bytes(DOCUMENTS["heparin"].replace("6 hours", "4 hours").encode(), "heparin.md")
    assert first(retriever, "When is the aPTT checked?") == "Check the aPTT after 4 hours."
    retriever.shelf.remove("heparin")
    assert first(retriever, "When is the aPTT checked?") == ""


def test_a_kept_index_opens_again(retriever: Retriever, tmp_path: Path) -> None:
    retriever.refresh()
    again = Retriever(ReferenceDesk(tmp_path / "home"), vectors=False)
    assert first(again, "When is the aPTT checked?") == "Check the aPTT after 6 hours."


def test_what_is_gathered_is_told(retriever: Retriever) -> None:
    found = retriever.gather((Question("heparin bolus", ("library",)), Consult("pubmed", "get", {"id": "1"})))
    assert [(each.source, each.items) for each in found.looked] == [("library", 2)]
    assert found.answers == (None, None)  # pubmed is not mirrored, and nothing is asked live
    assert found.sha != retriever.gather((Question("???"),)).sha


def test_an_article_has_passages_with_pointers() -> None:
    text = "Heparin was given to 120 patients and bleeding was rare."
    item = Item("pubmed", "1", "A trial", "https://example.org/1", "2020", {"abstract": [{"label": "R", "text": text}]})
    (found,) = passages(item)
    assert (found.text.pointer, found.text.text, found.dated) == ("/fields/abstract/0/text", text, "2020")
    assert item.cite(found.text.pointer).quote == text
    (hit,) = find(Index.of([text_features(found)]), lambda _: found, "how often is bleeding with heparin")
    assert hit.passage is found


def test_retracted_articles_answer_nothing_and_preprints_say_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    desk = ReferenceDesk(tmp_path / "home")
    desk.load("pubmed", pubmed.bulk(tmp_path / "in"))
    made = Retriever(desk, vectors=False)
    hits = made.gather((Question("heart failure dapagliflozin admissions", ("pubmed",), answers=False),)).hits[0]
    assert "Admissions fell" in hits[0].passage.text.text
    assert desk.get("pubmed", "38000003").items[0].fields["retracted"]
    asked = made.gather((Question("miracle lozenge sepsis mortality", answers=False),)).hits[0]
    assert "pubmed:38000003" not in [hit.passage.ref for hit in asked]
    item = Item(
        "medrxiv", "1", "A preprint", "", "1", {"abstract": "Heparin worked in all of them.", "peer_reviewed": False}
    )
    (found,) = passages(item)
    assert "not peer reviewed" in named([Quoted(found, found.text)], "en")


def test_a_mirror_is_asked_in_english() -> None:
    words = [each.lower() for each in asked_words("심방세동 환자의 와파린")]
    assert {"atrial", "fibrillation", "warfarin"} <= set(words)


def test_an_empty_index_and_an_unknown_word() -> None:
    assert Index.of([]).scores(["a"]).shape == (0,)
    made = Index.of([["a", "b"], []])
    assert made.scores(["zz"]).tolist() == [0, 0]
    assert made.holders("b").tolist() == [0]


@pytest.mark.skipif(dense.model() is None, reason="needs the dense extra")
def test_dense_vectors_know_what_is_meant() -> None:
    model = dense.model()
    assert model is not None
    told = ["A cat sits on the mat.", "There is a cat on a rug.", "Heparin dosing in renal failure.", ""]
    vectors = model.vectors(told)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = vectors @ vectors.T
    assert near[0, 1] > 0.5 > near[0, 2]
    assert np.allclose(vectors[2], model.vectors([told[2]])[0], atol=1e-5)  # padding changes nothing


@pytest.mark.skipif(dense.model() is None, reason="needs the dense extra")
def test_dense_vectors_are_those_of_the_published_model() -> None:
    published = pytest.importorskip("sentence_transformers")
    model = dense.model()
    assert model is not None
    told = ["A cat sits on the mat.", "Heparin dosing in renal failure."]
    theirs = published.SentenceTransformer("sentence-transformers/all-MiniLM-L6-v2", local_files_only=True).encode(told)
    assert np.allclose(model.vectors(told), theirs, atol=1e-4)

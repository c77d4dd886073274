"""What a question finds in mirrored literature: abstracts, never a retracted article, and preprints said to be ones."""

from __future__ import annotations

import pytest

from bogam.evidence.retrieval.need import Question
from bogam.evidence.retrieval.retriever import Retriever
from bogam.skills.answering.quote import by_document, quoted
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream import preprints, pubmed


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    home = tmp_path_factory.mktemp("home")
    desk = ReferenceDesk(home)
    desk.load("pubmed", pubmed.bulk(home))
    desk.load("medrxiv", preprints.bulk(home, "medrxiv"))
    return Retriever(desk)


def found(retriever: Retriever, question: str) -> list[tuple[str, str]]:
    (hits,) = retriever.gather([Question(question, ("pubmed", "medrxiv"), 10)]).hits
    return [(hit.passage.ref, hit.passage.text.pointer) for hit in hits]


def test_an_abstract_answers(retriever: Retriever) -> None:
    first = found(retriever, "Did as-needed budesonide-formoterol reduce severe exacerbations in children?")[0]
    assert first[0] == "pubmed:38000001"
    assert first[1].startswith("/fields/abstract/")


def test_nothing_rests_on_a_retracted_article(retriever: Retriever) -> None:
    refs = [ref for ref, _ in found(retriever, "Does a miracle lozenge lower mortality in sepsis?")]
    assert "pubmed:38000003" not in refs


def test_notices_and_copyright_are_no_evidence(retriever: Retriever) -> None:
    pointers = [pointer for _, pointer in found(retriever, "Is this preprint peer reviewed, or a guide to treatment?")]
    assert not [pointer for pointer in pointers if "abstract" not in pointer]


def test_a_preprint_is_headed_as_one(retriever: Retriever) -> None:
    (hits,) = retriever.gather([Question("Was the third version sent to a journal?", ("medrxiv",), 3)]).hits
    sections, _ = by_document([each for hit in hits for each in quoted(hit, [])], "ko")
    assert sections
    assert all("동료 심사 전" in section.title for section in sections)

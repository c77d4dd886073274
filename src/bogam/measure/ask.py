"""Measure answers out of sources: the right passage, refusals, citations; and PubMedQA's questions to their abstracts.

The libraries in ``sets/ask/test`` and the questions over each are by three authors who did not know the retrieval.
Lexicon, signals and threshold were made on ``sets/ask/train``.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np
import orjson

from bogam.evidence.retrieval import dense
from bogam.evidence.retrieval.features import concepts, features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.need import Question
from bogam.evidence.retrieval.rank import rank
from bogam.evidence.retrieval.retriever import Retriever
from bogam.evidence.verify import verify_draft
from bogam.measure.bootstrap import mean_interval
from bogam.measure.figure import Figure, Say
from bogam.skills.ask.schema import Request
from bogam.skills.ask.skill import skill
from bogam.sources.library.shelf import Shelf
from bogam.sources.reference_desk import ReferenceDesk
from bogam.text.tokens import tokens

SETS: Final = ("sets/ask/test/city", "sets/ask/test/harbour", "sets/ask/test/regional")
_FIRST: Final = 3
_NOTE: Final = (
    "three libraries and their questions by three authors who did not know the retrieval; lexicon, signals and "
    "threshold made on ten other sets; without the dense extra"
)
_KINDS: Final = {"k": "Korean", "x": "Korean over English", "e": "English", "m": "English over Korean"}
"""Which language a question asks in and its answer stands in, by the first letter of the question's id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: which document answers it and words of the right paragraph; both empty where none does."""

    id: str
    text: str
    document: str
    words: str


@dataclass(slots=True)
class Told:
    """What became of the questions, in their order."""

    kind: list[str] = field(default_factory=list[str])
    found: list[bool] = field(default_factory=list[bool])
    plain: list[bool] = field(default_factory=list[bool])
    right: list[bool] = field(default_factory=list[bool])
    kept_back: list[bool] = field(default_factory=list[bool])
    refused: list[bool] = field(default_factory=list[bool])
    cited: list[bool] = field(default_factory=list[bool])
    seconds: list[float] = field(default_factory=list[float])


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``ask.*``, and with ``data`` ``pubmedqa.*``."""
    figures = _answers(say)
    if data is None or not (data / "pubmedqa").is_dir():
        say("ask: pubmedqa.* need the data folder with pubmedqa/")
    else:
        figures |= _pubmedqa(data, say)
    for name, figure in figures.items():
        say(f"{name}: {figure.value:.4g} {figure.beside or ''}")
    return figures


def questions(name: str) -> list[Asked]:
    """Return the questions of a set, by its folder in the package."""
    text = files("bogam.measure").joinpath(name, "questions.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Asked(*(*line.split("\t"), "", "")[:4]) for line in lines]


def _answers(say: Say) -> dict[str, Figure]:
    told = Told()
    for name in SETS:
        _ask_all(name, told, vectors=False)
        say(f"ask: {name} asked, {len(told.seconds)} questions so far")
    near = _with_vectors(say)
    milliseconds = [1000 * each for each in told.seconds]
    return near | {
        "ask.passage_top3": _share(told.found, _NOTE, {"BM25": float(np.mean(told.plain))} | _by_kind(told)),
        "ask.answered_right": _share(told.right, "answered, and the right paragraph is quoted"),
        "ask.refused": _share(told.refused, "questions near the topic that the library does not answer"),
        "ask.false_refusals": _share(told.kept_back, "questions with an answer that were refused"),
        "ask.sentences_cited": _share(told.cited, "sentences with a citation that resolves and bears them out"),
        "ask.p50_ms": Figure(float(np.percentile(milliseconds, 50)), "ms", n=len(milliseconds)),
        "ask.p95_ms": Figure(float(np.percentile(milliseconds, 95)), "ms", n=len(milliseconds)),
    }


def _ask_all(name: str, told: Told, *, vectors: bool) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(as_file(files("bogam.measure") / name / "library"))
        desk = ReferenceDesk(Path(stack.enter_context(TemporaryDirectory())))
        retriever = Retriever(desk, vectors=vectors)
        assert retriever.shelf is not None
        retriever.shelf.add([folder])
        retriever.refresh()
        plain = _Plain(retriever.shelf)
        for each in questions(name):
            _ask(each, retriever, desk, plain, told)


def _with_vectors(say: Say) -> dict[str, Figure]:
    if dense.model() is None:
        say("ask: ask.passage_top3_dense needs the dense extra")
        return {}
    told = Told()
    for name in SETS:
        _ask_all(name, told, vectors=True)
    return {"ask.passage_top3_dense": _share(told.found, f"the same with {dense.NAME}", _by_kind(told))}


def _by_kind(told: Told) -> dict[str, float]:
    return {
        name: float(np.mean([found for kind, found in zip(told.kind, told.found, strict=True) if kind == letter]))
        for letter, name in _KINDS.items()
        if letter in told.kind
    }


def _ask(each: Asked, retriever: Retriever, desk: ReferenceDesk, plain: _Plain, told: Told) -> None:
    request = Request(question=each.text, language="ko" if each.text[0] >= "가" else "en")
    started = perf_counter()
    knowledge = retriever.gather(skill.needs(None, request))
    draft = verify_draft(skill.draft(None, request, knowledge), desk.cited)
    told.seconds.append(perf_counter() - started)
    told.cited.extend(bool(c.citations) and c.support.state == "supported" for c in draft.claims)
    if not each.document:
        told.refused.append(not draft.claims)
        return
    ranked = retriever.gather((Question(each.text, ("library",), _FIRST, answers=False),)).hits[0]
    told.kind.append(each.id[0])
    told.found.append(any(_is(each, hit.passage.ref, hit.passage.text.text) for hit in ranked))
    told.plain.append(any(_is(each, *found) for found in plain.first(each.text)))
    told.right.append(any(_is(each, c.citations[0].source, c.text) for c in draft.claims))
    told.kept_back.append(not draft.claims)


def _is(each: Asked, ref: str, text: str) -> bool:
    return ref == f"library:{each.document}" and each.words in text


class _Plain:
    """BM25 over the words of the same paragraphs alone."""

    def __init__(self, shelf: Shelf) -> None:
        items = [shelf.item(each) for each in shelf.in_force()]
        self._held = [(i.ref, str(text)) for i in items for page in i.fields["pages"] for text in page["paragraphs"]]
        self._index = Index.of([tokens(text) for _, text in self._held])

    def first(self, question: str) -> list[tuple[str, str]]:
        scores = self._index.scores(tokens(question))
        order: list[int] = np.argsort(-scores, kind="stable")[:_FIRST].tolist()
        return [self._held[at] for at in order if scores[at] > 0]


def _share(held: Sequence[bool], note: str, beside: dict[str, float] | None = None) -> Figure:
    values = [float(each) for each in held]
    interval = mean_interval(values)
    return Figure(float(np.mean(values)), "of 1", n=len(values), interval=interval, beside=beside or {}, note=note)


def _pubmedqa(data: Path, say: Say) -> dict[str, Figure]:
    """Rank the 474 abstracts for each question; right when its own comes first."""
    with gzip.open(data / "pubmedqa" / "pubmedqa-half.json.gz") as file:
        held: list[dict[str, Any]] = list(orjson.loads(file.read()).values())
    asked = [str(each["QUESTION"]) for each in held]
    abstracts = [" ".join(each["CONTEXTS"]) for each in held]
    index, plain = Index.of([features(text) for text in abstracts]), Index.of([tokens(text) for text in abstracts])
    read = [concepts(text) for text in asked]
    ours = [int(rank(index, each).score.argmax()) == at for at, each in enumerate(read)]
    hits = [int(plain.scores(tokens(text)).argmax()) == at for at, text in enumerate(asked)]
    base = float(np.mean(hits))
    note = "474 expert-labelled PubMedQA questions (Jin et al. 2019); nothing was tuned on them"
    figures = {"pubmedqa.r1": _share(ours, note, {"BM25": base})}
    model = dense.model()
    if model is None:
        say("ask: pubmedqa.r1_dense needs the dense extra")
        return figures
    say("ask: 474 abstracts as dense vectors")
    vectors, queries = model.vectors(abstracts), model.vectors(asked)
    near = queries @ vectors.T
    fused = [int(rank(index, each, near[at]).score.argmax()) == at for at, each in enumerate(read)]
    alone = float((near.argmax(1) == np.arange(len(held))).mean())
    return figures | {"pubmedqa.r1_dense": _share(fused, note, {"BM25": base, dense.NAME: alone})}

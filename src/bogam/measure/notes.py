"""Measure the drafting of notes on MTS-Dialog and ACI-Bench test 1, which nothing was trained or tuned on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from bogam.measure.bootstrap import mean_interval
from bogam.measure.figure import Figure, Say
from bogam.measure.grounding import grounding
from bogam.measure.rouge import rouge1
from bogam.record.transcript import turns
from bogam.skills.visit_note.check import Dialogue
from bogam.skills.visit_note.compose import Sentence, section, whole_note
from bogam.skills.visit_note.model import header_model
from bogam.skills.visit_note.sets import Pair, aci, mts
from bogam.skills.visit_note.statements import utterances

_CHOSEN: Final = (
    "Trained on the training split; everything set by hand was chosen on validation and by cross-validation within "
    "training; test 1 scored by this command only."
)
_COPIED: Final = (
    "Copying the nearest other patient's note scores near it and is wrong about the patient, so ROUGE alone proves "
    "nothing: read it with aci.citations_valid."
)


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure ``mts.*``, ``aci.*`` and ``grounding.*``: headers, ROUGE-1 F1, valid citations (%), grounding."""
    if data is None:
        say("notes: needs the data folder with mts-dialog/ and aci-bench/")
        return {}
    figures = _short(data, say) | _visits(data, say) | grounding(data, say)
    for name, figure in figures.items():
        say(f"{name}: {figure.value:.3f} {figure.beside or ''}")
    return figures


def _short(data: Path, say: Say) -> dict[str, Figure]:
    known, asked = mts(data, "train"), mts(data, "test1")
    right = [float(header_model().header(each.dialogue) == each.header) for each in asked]
    say("notes: MTS-Dialog headers done")
    made = [_text(section(each.dialogue, each.header)) for each in asked]
    scores = _scores(made, asked)
    beside = {
        "all patient turns": _mean([_patients_words(each.dialogue) for each in asked], asked),
        "first two patient sentences": _mean([_first(each.dialogue) for each in asked], asked),
        "nearest training text (ungrounded)": _mean(_nearest(known, asked), asked),
    }
    return {
        "mts.header_accuracy": Figure(
            float(np.mean(right)),
            "of 1",
            n=len(right),
            interval=mean_interval(right),
            beside={"TF-IDF and linear SVM": _plain_svm(known, asked), "most frequent header": _most(known, asked)},
            note=f"20 headers. {_CHOSEN}",
        ),
        "mts.rouge1": Figure(
            float(np.mean(scores)),
            "of 1",
            n=len(scores),
            interval=mean_interval(scores),
            beside=beside,
            note=f"Section text with the header given; only supported sentences are written. {_CHOSEN}",
        ),
    }


def _visits(data: Path, say: Say) -> dict[str, Figure]:
    known, asked = aci(data, "train"), aci(data, "test1")
    drafts = [whole_note(each.dialogue) for each in asked]
    say("notes: ACI-Bench drafts done")
    scores = _scores([_text(each) for each in drafts], asked)
    beside = {
        "all patient turns": _mean([_patients_words(each.dialogue) for each in asked], asked),
        "whole dialogue": _mean([each.dialogue for each in asked], asked),
        "nearest other patient's note (ungrounded)": _mean(_nearest(known, asked), asked),
    }
    valid = [float(ok) for draft, each in zip(drafts, asked, strict=True) for ok in _valid(draft, each.dialogue)]
    copied = [each for note, pair in zip(_nearest(known, asked), asked, strict=True) for each in _borne(note, pair)]
    return {
        "aci.rouge1": Figure(
            float(np.mean(scores)),
            "of 1",
            n=len(scores),
            interval=mean_interval(scores),
            beside=beside,
            note=f"Whole note without headings. {_COPIED} {_CHOSEN}",
        ),
        "aci.citations_valid": Figure(
            100 * float(np.mean(valid)),
            "%",
            n=len(valid),
            interval=mean_interval(valid, scale=100) if len(set(valid)) > 1 else (100.0, 100.0),
            beside={"sentences of the nearest other note, citing every turn": 100 * float(np.mean(copied))},
            note="Sentences whose citations lie in turns of the dialogue and whose verification supports them.",
        ),
    }


def _text(sentences: Sequence[Sentence]) -> str:
    return " ".join(each.text for each in sentences)


def _scores(made: Sequence[str], asked: Sequence[Pair]) -> list[float]:
    return [rouge1(text, each.note) for text, each in zip(made, asked, strict=True)]


def _mean(made: Sequence[str], asked: Sequence[Pair]) -> float:
    return float(np.mean(_scores(made, asked)))


def _valid(draft: Sequence[Sentence], dialogue: str) -> list[bool]:
    """Tell for each sentence whether it cites, inside turns only, words that support it."""
    held, said = Dialogue(dialogue), turns(dialogue)
    return [
        bool(each.spans)
        and all(any(turn.start <= start < end <= turn.end for turn in said) for start, end in each.spans)
        and held.supports(each.text, each.spans)
        for each in draft
    ]


def _borne(note: str, pair: Pair) -> list[float]:
    """Tell for each line of another patient's note whether this whole dialogue supports it."""
    held = Dialogue(pair.dialogue)
    spans = tuple((turn.start, turn.end) for turn in turns(pair.dialogue))
    lines = [line.strip(" •-") for line in note.splitlines() if len(line.split()) > 3]
    return [float(held.supports(line, spans)) for line in lines]


def _patients_words(dialogue: str) -> str:
    return " ".join(dialogue[turn.start : turn.end] for turn in turns(dialogue) if turn.speaker != "doctor")


def _first(dialogue: str) -> str:
    return " ".join([each.said for each in utterances(dialogue) if each.speaker != "doctor"][:2])


def _nearest(known: Sequence[Pair], asked: Sequence[Pair]) -> list[str]:
    """Return for each dialogue the text of the training dialogue that is most alike (TF-IDF cosine)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors: Any = TfidfVectorizer(sublinear_tf=True, min_df=2)
    learnt: Any = vectors.fit_transform([each.dialogue for each in known])
    found: np.ndarray = np.asarray((vectors.transform([each.dialogue for each in asked]) @ learnt.T).todense())
    best: list[int] = found.argmax(axis=1).tolist()
    return [known[at].note for at in best]


def _plain_svm(known: Sequence[Pair], asked: Sequence[Pair]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectors: Any = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
    fitted: Any = LinearSVC(random_state=0)
    fitted.fit(vectors.fit_transform([each.dialogue for each in known]), [each.header for each in known])
    told = fitted.predict(vectors.transform([each.dialogue for each in asked]))
    return float(np.mean([one == each.header for one, each in zip(told, asked, strict=True)]))


def _most(known: Sequence[Pair], asked: Sequence[Pair]) -> float:
    headers = [each.header for each in known]
    most = max(sorted(set(headers)), key=headers.count)
    return float(np.mean([each.header == most for each in asked]))

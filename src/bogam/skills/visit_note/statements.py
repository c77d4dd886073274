"""What a dialogue says, as the sentences a note might use, each with the words it rests on.

Every candidate rests on one utterance, or on a question and its answer. Candidates of one utterance say the same thing
in different forms; a note takes at most one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from bogam.record.transcript import Turn, turns
from bogam.skills.visit_note import english, korean
from bogam.skills.visit_note.clinical import clinical
from bogam.skills.visit_note.numbers import written, written_korean
from bogam.text.answer import qualifies, reverses

_HANGUL: Final = re.compile(r"[가-힣]")
_END: Final = re.compile(r"(?:(?<!\b[DdMm]r)(?<!\b[Mm]s)(?<!\b[Mm]rs)(?<!\bvs)[.]|[?!。？]+|\n)(?:\s+|$)")
_THEREFORE: Final = re.compile(r"(?:의심되(?:니까?|는데)|의심돼서|같으니까?|같아서|같은데|로 보이(?:니까?|는데))[,\s]+")
"""Where a doctor goes over from what it is to what is done."""
_LONGEST: Final = 600
"""Code points of the longest utterance that is turned; longer ones are cut there."""
_WORDS: Final = re.compile(r"[^\W_]+")


MOST: Final = 200
"""Utterances of one turn that are drafted; nobody says more at once."""


class Utterance(NamedTuple):
    """One sentence as spoken: its turn, where its words are, and who says it."""

    turn: int
    start: int
    end: int
    said: str
    speaker: str


class Candidate(NamedTuple):
    """A sentence that a note might have.

    ``spans`` are the words it rests on; ``of`` the utterance (its number) that it is a form of; ``kind`` is said,
    headless, denied, affirmed, quoted or none.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    of: int
    kind: str
    speaker: str
    turn: int
    asked: str = ""


def utterances(text: str, said: Sequence[Turn] | None = None) -> list[Utterance]:
    """Cut a dialogue into utterances. Turns that were heard badly are left out.

    An answer and what takes it back are one: "No. Actually yes, on stairs." Of each turn the first `MOST` are taken.
    """
    every: list[Utterance] = []
    for number, turn in enumerate(turns(text) if said is None else said):
        if turn.marked:
            continue
        found: list[Utterance] = []
        start = turn.start
        ends = [_END, _THEREFORE] if turn.speaker == "doctor" else [_END]
        cuts = sorted({each.end() for end in ends for each in end.finditer(text, turn.start, turn.end)})
        for end in [*cuts, turn.end]:
            while end - start > _LONGEST:
                cut = text.rfind(" ", start, start + _LONGEST)
                cut = cut if cut > start else start + _LONGEST
                found += _utterance(text, number, start, cut, turn.speaker)
                start = cut
            found += _utterance(text, number, start, end, turn.speaker)
            start = end
        asked = bool(every) and every[-1].turn == number - 1 and _asks(every[-1])
        found = found[:MOST]
        every += _rejoined(text, found) if asked and turn.speaker != "doctor" else found
    return every


def beyond(text: str) -> list[tuple[int, int]]:
    """Return the turns of more than `MOST` sentences, each with how many sentences of it are not drafted."""
    found = [
        (number, sum(1 for _ in _END.finditer(text, turn.start, turn.end)) - MOST)
        for number, turn in enumerate(turns(text), 1)
        if not turn.marked
    ]
    return [(number, more) for number, more in found if more > 0]


def _asks(each: Utterance) -> bool:
    return korean.is_question(each.said, doctor=each.speaker == "doctor")


_CORRECTS: Final = re.compile(
    r"(?:oh,? )?(?:actually|well|wait|but|except|only)\b|아니 그게|아,? 네|근데|그런데|사실", re.I
)
_REACH: Final = 3
"""Utterances of a turn within which an answer is taken back."""


def _rejoined(text: str, of_turn: list[Utterance]) -> list[Utterance]:
    for size in range(2, min(_REACH, len(of_turn)) + 1):
        first, last = of_turn[0], of_turn[size - 1]
        whole = text[first.start : last.end]
        if len(whole) > _LONGEST or qualifies(text[first.start : of_turn[size - 2].end]):
            break
        if reverses(whole) or (_CORRECTS.match(last.said) and qualifies(whole)):
            return [first._replace(end=last.end, said=whole), *of_turn[size:]]
    return of_turn


def _utterance(text: str, turn: int, start: int, end: int, speaker: str) -> Iterator[Utterance]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if _WORDS.search(text, start, end):
        yield Utterance(turn, start, end, text[start:end], speaker)


def is_korean(text: str) -> bool:
    """Whether a dialogue is in Korean: a tenth of its letters are Hangul."""
    letters = sum(char.isalpha() for char in text)
    return letters > 0 and len(_HANGUL.findall(text)) * 10 >= letters


def candidates(text: str, gender: str = "") -> list[Candidate]:
    """Return every sentence that a note of this dialogue might have, in the order of the dialogue."""
    spoken = utterances(text)
    if is_korean(text):
        return [each for number in range(len(spoken)) for each in _in_figures(_korean(spoken, number), written_korean)]
    who = gender or english.gender_in(text)
    found = [each for number in range(len(spoken)) for each in _english(spoken, number, who)]
    return [each for each in dict.fromkeys(found) if not _EMPTY.issuperset(_WORDS.findall(each.text.lower()))]


_EMPTY: Final = frozenset(
    [
        "is",
        "was",
        "are",
        "were",
        "the",
        "a",
        "an",
        "it",
        "that",
        "this",
        "they",
        "these",
        "those",
        "there",
        "he",
        "she",
        "patient",
        "of",
        "for",
        "in",
        "on",
        "to",
        "and",
        "or",
        "so",
        "no",
        "not",
        "yes",
        "does",
        "did",
        "do",
        "has",
        "have",
        "had",
        "will",
        "would",
        "be",
        "been",
        "would",
        "can",
        "could",
        "doing",
        "other",
        "anything",
        "something",
        "good",
        "fine",
        "take",
        "look",
    ]
)
"""Words that say nothing by themselves."""


def _question(spoken: Sequence[Utterance], number: int) -> Utterance | None:
    """Return the question that utterance ``number`` answers: the last of the turn before, by somebody else."""
    this = spoken[number]
    if number == 0 or spoken[number - 1].turn == this.turn:
        return None
    before = spoken[number - 1]
    if before.speaker == this.speaker or before.turn != this.turn - 1:
        return None
    return before


def _english(spoken: Sequence[Utterance], number: int, gender: str) -> Iterator[Candidate]:
    return _in_figures(_forms(spoken, number, gender), written)


def _in_figures(made: Iterator[Candidate], write: Callable[[str], str]) -> Iterator[Candidate]:
    """Give each candidate with its numbers in figures before it as it was said. What is quoted in Korean stays."""
    as_said = list(made)
    for each in as_said:
        figures = write(each.text)
        if figures != each.text and not (write is written_korean and each.kind == "quoted"):
            yield each._replace(text=figures)
    yield from as_said


def _forms(spoken: Sequence[Utterance], number: int, gender: str) -> Iterator[Candidate]:
    this = spoken[number]
    asked = _question(spoken, number)
    said = english.clean(this.said)
    own = (this.start, this.end)
    question = english.clean(asked.said) if asked is not None else ""

    def made(text: str, kind: str, *, both: bool = False) -> Candidate:
        spans = ((asked.start, asked.end), own) if both and asked is not None else (own,)
        return Candidate(text, spans, number, kind, this.speaker, this.turn, question)

    short = _ANSWER.fullmatch(this.said.strip(" .,!")) is not None
    answers = asked is not None and asked.said.endswith("?") and this.speaker != "doctor" and question != ""
    if asked is not None and answers and qualifies(this.said):
        yield made(_asked_and_said(asked, this), "quoted", both=True)
        if reverses(this.said) or not clinical(said):
            return
    elif asked is not None and answers:
        rest = "" if short else english.rest_of(said)
        denies, forms = english.NO.search(this.said) is not None, list[str]()
        if denies:
            forms = english.denied(question)
        elif english.YES.search(this.said):
            forms = english.affirmed(question)
        for form in forms:
            if rest and not denies:
                yield made(f"{form.rstrip('.')}: {rest}.", "affirmed", both=True)
            yield made(form, "denied" if denies else "affirmed", both=True)
        if denies and forms:
            yield made("None.", "none", both=True)
        if forms or len(_WORDS.findall(said)) < _FEW:
            yield made(_asked_and_said(asked, this), "quoted", both=True)
        if rest and forms and not denies:
            return
    if short or this.said.rstrip().endswith("?") or english.is_greeting(said) or len(_WORDS.findall(said)) < 1:
        return
    turned = english.of_doctor(said) if this.speaker == "doctor" else english.of_patient(said, gender)
    if this.speaker not in ("doctor", "patient") and _FIRST.search(said):
        yield made(f'{_who(this).capitalize()}: "{_quote(this.said)}"', "quoted")
        return
    if this.speaker not in ("doctor", "patient"):
        turned = said
    full = english.sentence(turned)
    if not full:
        return
    yield made(full, "said")
    short = english.headless(full)
    if short and short != full:
        yield made(short, "headless")
    for part in _clauses(full):
        yield made(part, "clause")


_FIRST: Final = re.compile(r"\b(?:i|me|my|mine|we|our|us)\b", re.I)
_FEW: Final = 4
_ANSWER: Final = re.compile(
    r"(?:(?:no|nope|nah|none|never|not really|not at all|nothing|yes|yeah|yep|correct|right|sure|i do|"
    r"i have|i am|i did|"
    r"i don't|i do n't|i haven't|sir|ma'am|doctor|uh-?huh|mm-?hmm|it is|it does|that's right|okay|ok|thank you|thanks|"
    r"not that i know of|none that i know of)[\s,.!]*)+",
    re.I,
)
"""An answer that says nothing without its question."""


def _quote(said: str) -> str:
    return " ".join(said.split()).replace('"', "'")


def _asked_and_said(asked: Utterance, this: Utterance) -> str:
    return f'Asked "{_quote(asked.said)}", the {_who(this)} said "{_quote(this.said)}"'


def _who(utterance: Utterance) -> str:
    return {"patient": "patient", "family": "family", "nurse": "nurse"}.get(utterance.speaker, "speaker")


_CUT: Final = re.compile(
    r",\s+(?:and|but|so|because)\s+|\s+(?:but|because|so)\s+|;\s+|,\s+(?=(?:the patient|he|she|it|we|there)\b)", re.I
)
_BOUND: Final = re.compile(
    r"\b(?:if|unless|whether|until|when|whenever|or|although|though|except|would|could|might|may|think|thinks)\b", re.I
)
"""A part of a sentence with one of these may mean something else alone."""


def _clauses(full: str) -> Iterator[str]:
    """Give the clauses of a long sentence, where each may stand alone."""
    parts = [] if _BOUND.search(full) else _CUT.split(full)
    for part in parts if len(parts) > 1 else []:
        if len(_WORDS.findall(part)) >= _FEW:
            yield english.sentence(part)


_SHORT: Final = 14
"""Code points of the longest Korean answer that may mean nothing without its question."""


_GOES_ON: Final = re.compile(r"(?:근데|그런데|하지만|그래도|반대로)(?![가-힣])|(?:왼|오른)쪽(?:은|도)|반대쪽은")
"""What begins so is told of what was said before it."""


def _korean(spoken: Sequence[Utterance], number: int) -> Iterator[Candidate]:
    this = spoken[number]
    asked = _question(spoken, number)
    doctor = this.speaker == "doctor"
    own = (this.start, this.end)
    question = asked.said if asked is not None else ""
    seen: set[str] = set()

    def made(text: str, kind: str, *, both: bool = False) -> Iterator[Candidate]:
        spans = ((asked.start, asked.end), own) if both and asked is not None else (own,)
        for form in dict.fromkeys((korean.figures(text), text) if kind != "quoted" else (text,)):
            if form and form not in seen:
                seen.add(form)
                yield Candidate(form, spans, number, kind, this.speaker, this.turn, question)

    asks = korean.is_question(this.said, doctor=doctor)
    answers = asked is not None and not doctor and not asks and korean.is_question(question)
    if answers and qualifies(this.said):
        yield from made(f'"{_quote(question)}" — "{_quote(this.said)}"', "quoted", both=True)
        return
    before = spoken[number - 1] if number and spoken[number - 1].turn == this.turn else None
    if before is not None and not doctor and _GOES_ON.match(this.said):
        yield Candidate(
            f'"{_quote(before.said)} {_quote(this.said)}"', ((before.start, before.end), own), number, "quoted",
            this.speaker, this.turn, question,
        )  # fmt: skip
        return
    if answers:
        kind = "denied" if korean.NO.search(this.said) else "affirmed"
        yield from made(korean.answered(question, this.said), kind, both=True)
        yield from made(korean.labelled(question, this.said), "said", both=True)
    alone = len(this.said) <= _SHORT and not clinical(this.said)
    if answers and clinical(question) and (korean.is_answer(this.said) or (alone and korean.is_open(question))):
        yield from made(f'"{_quote(question)}" — "{_quote(this.said)}"', "quoted", both=True)
    if not asks and not korean.is_answer(this.said):
        yield from made(korean.noted(this.said, doctor=doctor), "said")
    if clinical(this.said) and not (doctor and asks):
        yield from made(f'"{_quote(this.said)}"', "quoted")

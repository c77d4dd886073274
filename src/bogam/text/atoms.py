"""Read a text once: the atoms that a claim states and a source bears out, each with where it stands.

Atoms are numbers with units, frequencies, dates, codes, drugs and terms, sides, denials and status words, in English,
Korean and the mixture of both that Korean notes are written in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from bogam.terms.concepts import Key, keys
from bogam.terms.cues import Cues
from bogam.text.dates import When, dates
from bogam.text.polarity import Polarity, polarity
from bogam.text.quantities import Frequency, Quantity, frequencies, quantities

Kind = Literal["number", "frequency", "date", "code", "drug", "term", "side", "negation", "status"]


class Atom(NamedTuple):
    """One checkable piece of a text: its kind, its words, and where they stand."""

    kind: Kind
    text: str
    start: int
    end: int


class Side(NamedTuple):
    """left, right or bilateral, and the keys that it says it of: the next after it, else the last before."""

    side: str
    start: int
    end: int
    of: tuple[str, ...]


class Code(NamedTuple):
    """A code or identifier, as written."""

    text: str
    start: int
    end: int


class Reading(NamedTuple):
    """A text as read. ``labels`` gives for each quantity the keys it is said of; ``sentence_of`` its sentence."""

    text: str
    quantities: tuple[Quantity, ...]
    labels: tuple[frozenset[str], ...]
    sentence_of: tuple[int, ...]
    frequencies: tuple[Frequency, ...]
    dates: tuple[When, ...]
    codes: tuple[Code, ...]
    keys: tuple[Key, ...]
    sides: tuple[Side, ...]
    polarity: Polarity
    trend: int
    """1 for a rise, -1 for a fall, 0 where the text says neither or both."""


_SAME: Final = str.maketrans(
    {
        **{chr(0xFF01 + step): chr(0x21 + step) for step in range(94)},
        "\u3000": " ", "\u00a0": " ", "\u200b": " ", "\u202f": " ", "\u2009": " ", "µ": "u", "μ": "u", "–": "-",
        "—": "-",
        "‐": "-", "‑": "-", "−": "-", "～": "~", "〜": "~", "∼": "~", "×": "x", "’": "'", "‘": "'",
        "＜": "<", "＞": ">",
    }
)  # fmt: skip

_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9.\-])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9.]*[A-Za-z0-9])(?<!B12)(?<!B6)"
    r"|(?<![A-Za-z\d.\-])\d{3,5}-\d(?![A-Za-z\d.\-])|(?<![A-Za-z\d.,\-])\d{6,18}(?![A-Za-z\d.,\-])"
    r"|\b\d{2,4}-\d{3,4}-\d{4}\b"
    r"|(?i:(?<=rxnorm )|(?<=rxcui )|(?<=snomed )|(?<=loinc ))\d+(?:-\d)?"
)
_DIGITS: Final = re.compile(r"\d\d")
_SIDE: Final = re.compile(
    r"(?P<bilateral>(?i:\bbilateral(?:ly)?\b)|\b[Bb]oth\s(?=(?:lower |upper |distal )?(?:lungs?|eyes?|ears?|knees?"
    r"|hips?|legs?|arms?|hands?|feet|kidneys?|breasts?|shoulders?|ankles?|wrists?|elbows?|extremit|sides?|lobes?"
    r"|calves))"
    r"|양측|양쪽|양안|양하지|양상지|양폐|양손|양발|양 ?무릎|양슬)"
    r"|(?P<left>\b(?:[Ll]eft|LEFT)(?!\s(?:the|against|AMA|home|hospital|without|for|over|alone|on|at)\b)(?:[- "
    r"]sided)?\b|\b[Ll]t\.?(?=[ ,)])|\bLLL\b|\bLUL\b|\bLLQ\b|\bLUQ\b|\(L\)|(?<![A-Za-z\d.])L(?= (?:knee|hip"
    r"|shoulder|arm|leg|eye|ear|hand|foot|ankle|wrist|elbow|lung|breast|flank|side))"
    r"|왼쪽|왼편|왼 ?(?=손|발|팔|다리|눈|귀|무릎|어깨)|(?<![가-힣])좌(?=[측안폐슬완족신]|하[엽지복]|상[엽지복]"
    r"|심[실방]|반신|편마비|무릎|고관절|대퇴|견|주관절|전완|경동맥|관상|늑골|쇄골|유방|난소|요관|전두|측두|두정"
    r"|후두|\s?\)))"
    r"|(?P<right>(?<!all )\b(?:[Rr]ight|RIGHT)(?!\s(?:away|now|after|before|handed)\b|[- ]handed)(?:[- ]sided)?\b"
    r"|\b[Rr]t\.?(?=[ ,)])|\bRLL\b|\bRUL\b|\bRML\b|\bRLQ\b|\bRUQ\b|\(R\)|(?<![A-Za-z\d.])R(?= (?:knee|hip|shoulder"
    r"|arm|leg|eye|ear|hand|foot|ankle|wrist|elbow|lung|breast|flank|side))"
    r"|오른쪽|오른편|오른 ?(?=손|발|팔|다리|눈|귀|무릎|어깨)|(?<![가-힣])우(?=[측안폐슬완족신]|하[엽지복]"
    r"|상[엽지복]|중엽|심[실방]|반신|편마비|무릎|고관절|대퇴|견|주관절|전완|경동맥|관상|늑골|쇄골|유방|난소|요관"
    r"|전두|측두|두정|후두|\s?\)))"
)
_SEGMENT: Final = re.compile(
    r"[,;\n()|]|→|->|\s/\s|\.(?=\s|$)|\s(?:and|및|그리고|with)\s|(?<=[가-힣])[와과이]며?\s(?=[가-힣A-Z])|[고며]\s"
)
_UP: Final = re.compile(
    r"\b(?:increas(?:ed|es|ing)|rose|rises|risen|rising|went up|climbed|up from|gained)\b|증가|상승|올랐|올라", re.I
)
_DOWN: Final = re.compile(
    r"\b(?:decreas(?:ed|es|ing)|fell|falls|fallen|falling|dropped|drops|declined|went down|down from|lost)\b|감소"
    r"|하락|떨어|저하|내려",
    re.I,
)


def plain(text: str) -> str:
    """Return ``text`` with full-width forms, dashes and micro signs made ordinary, code point by code point."""
    return text if text.isascii() else text.translate(_SAME)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    return text


@lru_cache(maxsize=16384)
def read(text: str) -> Reading:
    """Read ``text``. The result is kept for the texts read last, as the same words are cited again and again."""
    line = plain(text)
    codes = (
        tuple(Code(match[0], match.start(), match.end()) for match in _CODE.finditer(line) if _is_code(match[0]))
        if _DIGITS.search(line)
        else ()
    )
    rest = _blank(line, [(code.start, code.end) for code in codes])
    moments = dates(rest)
    rest = _blank(rest, [(when.start, when.end) for when in moments if when.certain])
    often = frequencies(rest)
    rest = _blank(rest, [(found.start, found.end) for found in often])
    numbers = quantities(rest)
    moments = tuple(when for when in moments if when.certain or not any(_unit_in(number, when) for number in numbers))
    words = keys(line)
    sense = polarity(line)
    up, down = (
        (bool(_UP.search(line)), bool(_DOWN.search(line))) if numbers and _may_say_trend(line) else (False, False)
    )
    return Reading(
        text,
        numbers,
        _labels(line, numbers, words, sense),
        tuple(sense.sentence(number.start) for number in numbers),
        often,
        moments,
        codes,
        words,
        _sides(line, words),
        sense,
        up - down,
    )


def _unit_in(number: Quantity, when: When) -> bool:
    return number.start < when.end and when.start < number.end and (number.unit is not None or bool(number.comparator))


def _is_code(text: str) -> bool:
    """Accept a LOINC-like number only with its check digit, so that a range is not taken for one."""
    head, dash, check = text.partition("-")
    if not dash or len(check) != 1 or not head.isdigit():
        return True
    total = 0
    for place, digit in enumerate(reversed(head)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (-total) % 10 == int(check)


def _labels(
    text: str, numbers: tuple[Quantity, ...], words: tuple[Key, ...], sense: Polarity
) -> tuple[frozenset[str], ...]:
    if not numbers:
        return ()
    cuts = [match.end() for match in _SEGMENT.finditer(text)]
    found: list[frozenset[str]] = []
    last = frozenset[str]()
    last_sentence = -1
    previous = 0
    for index, number in enumerate(numbers):
        sentence = sense.sentence(number.start)
        if sentence != last_sentence:
            last, last_sentence = frozenset[str](), sentence
        begin, end = sense.sentences[sentence]
        begin = max([begin, previous, *(cut for cut in cuts if cut <= number.start)])
        after = numbers[index + 1].start if index + 1 < len(numbers) else end
        end = min([end, after, *(cut for cut in cuts if cut > number.end)])
        if number.pair:
            label = frozenset({"sbp" if number.pair == 1 else "dbp"})
        else:
            label = (
                _names(words, begin, number.start)
                or (_names(words, number.end, end) if number.unit is not None or not last else frozenset[str]())
                or _before(words, sense.sentences[sentence][0], begin, previous)
                or last
            )
            if last and all(name[:2] == "w:" for name in label):
                label |= last
            last = label or last
        found.append(label)
        previous = number.end
    return tuple(found)


def _names(words: tuple[Key, ...], begin: int, end: int) -> frozenset[str]:
    return frozenset(word.name for word in words if begin <= word.start < end)


def _before(words: tuple[Key, ...], sentence: int, begin: int, previous: int) -> frozenset[str]:
    """Return what the words between the previous number and this segment name: "lisinopril (10 mg)"."""
    return _names(words, max(sentence, previous), begin)


_may_say_side: Final = Cues(
    "bilat both left right lt rt lll lul llq luq rll rul rml rlq ruq 양 왼 오른 좌 우", ("(L)", "(R)", " L ", " R ")
)
_may_say_trend: Final = Cues(
    "increas rose rise rising up climb gain decreas fell fall drop declin down lost 증가 상승 올 감소 하락 떨어 "
    "저하 내려"
)


def _sides(text: str, words: tuple[Key, ...]) -> tuple[Side, ...]:
    if not _may_say_side(text):
        return ()
    found: list[Side] = []
    matches = list(_SIDE.finditer(text))
    for index, match in enumerate(matches):
        until = min(match.end() + 24, matches[index + 1].start() if index + 1 < len(matches) else len(text))
        cut = _SEGMENT.search(text, match.end(), until)
        until = cut.start() + 1 if cut else until
        after = [word.name for word in words if match.end() - 4 <= word.start < until and word.end > match.end() - 2]
        before = [word.name for word in words if word.end <= match.start()]
        found.append(Side(match.lastgroup or "", match.start(), match.end(), tuple(after[:3]) or tuple(before[-1:])))
    return tuple(found)


def atoms(text: str) -> tuple[Atom, ...]:
    """Return the atoms of ``text`` in the order they stand."""
    got = read(text)
    found = [Atom("number", text[q.start : q.end], q.start, q.end) for q in got.quantities]
    found += [Atom("frequency", text[f.start : f.end], f.start, f.end) for f in got.frequencies]
    found += [Atom("date", text[d.start : d.end], d.start, d.end) for d in got.dates]
    found += [Atom("code", c.text, c.start, c.end) for c in got.codes]
    found += [Atom("drug" if k.name[:2] == "d:" else "term", text[k.start : k.end], k.start, k.end) for k in got.keys]
    found += [Atom("side", text[s.start : s.end], s.start, s.end) for s in got.sides]
    found += [Atom("negation", text[s.start : s.end], s.start, s.end) for s in got.polarity.denied if s.state == 1]
    found += [Atom("status", group, start, start + 1) for group, start in got.polarity.statuses]
    return tuple(sorted(found, key=lambda atom: atom.start))

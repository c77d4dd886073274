"""Notes with identifiers planted into them, each with where it stands. The same seed gives the same notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from bogam.measure.deid import people
from bogam.measure.deid.contexts import FILLER_EN, FILLER_KO, IDS_EN, IDS_KO, NAMES_EN, NAMES_KO

Language = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier in a note: the code points ``start`` to ``end`` of the note hold it."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """A note and what was planted into it. ``people`` are those whose names stand in it."""

    text: str
    language: Language
    planted: tuple[Planted, ...]
    people: tuple[people.Name, ...] = ()


_SLOT: Final = re.compile(r"<(\w+)>")
_WIDE: Final = {ord(narrow): chr(ord(narrow) + 0xFEE0) for narrow in "0123456789-"}


def identifiers(count: int, language: Language, rng: Random, notes: Sequence[str] = ()) -> list[Seeded]:
    """Make notes that hold one structured identifier each: every other one of ``notes`` with a line put in, the others
    of lines that hold none."""
    contexts, filler = (IDS_EN, FILLER_EN) if language == "en" else (IDS_KO, FILLER_KO)
    made: list[Seeded] = []
    for index in range(count):
        kind = list(contexts)[index % len(contexts)]
        context = rng.choice(contexts[kind])
        value = _written(_value(kind, language, rng), rng) if kind != "email" else _value(kind, language, rng)
        around = rng.choice(notes).splitlines() if notes and index % 2 else ()
        made.append(
            _note([context], filler, language, rng, lambda _, kind=kind, value=value: (kind, value), around=around)
        )
    return made


def names(count: int, language: Language, rng: Random) -> list[Seeded]:
    """Make notes of three lines that name people, between lines that name nobody."""
    contexts, filler = (NAMES_EN, FILLER_EN) if language == "en" else (NAMES_KO, FILLER_KO)
    made: list[Seeded] = []
    for _ in range(count):
        who: list[people.Name] = []

        def slot(form: str, who: list[people.Name] = who) -> tuple[str, str]:
            who.append(people.english(rng) if language == "en" else people.korean(rng))
            return "name", _form(who[-1], form)

        made.append(_note(rng.sample(contexts, 3), filler, language, rng, slot, who))
    return made


def _form(name: people.Name, form: str) -> str:
    forms = {
        "full": name.text,
        "FULL": name.text.upper(),
        "family": name.family,
        "given": name.given or name.text,
        "last_first": f"{name.family}, {name.given}",
    }
    return forms[form]


def _note(
    contexts: Sequence[str],
    filler: Sequence[str],
    language: Language,
    rng: Random,
    slot: Callable[[str], tuple[str, str]],
    who: Sequence[people.Name] = (),
    around: Sequence[str] = (),
) -> Seeded:
    lines = list(around) or [*contexts, *rng.sample(filler, 4)]
    if around:
        place = rng.randint(0, len(lines))
        lines[place:place] = contexts
    else:
        rng.shuffle(lines)
    text, planted = "", list[Planted]()
    for line in lines:
        at = 0
        for found in _SLOT.finditer(line) if line in contexts else ():
            text += line[at : found.start()]
            kind, value = slot(found[1])
            planted.append(Planted(len(text), len(text) + len(value), kind))
            text, at = text + value, found.end()
        text += line[at:] + "\n"
    return Seeded(text, language, tuple(planted), tuple(who))


def _digits(count: int, rng: Random) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _value(kind: str, language: Language, rng: Random) -> str:
    if kind == "email":
        name = rng.choice(["j.hollis", "mkp", "lorna_m", "d.farraday+clinic", "suni77", "pjh-0412", "care.team"])
        return f"{name}{rng.randint(1, 999)}@{rng.choice(['example.org', 'mail.example.com', 'example.co.kr'])}"
    if kind == "phone":
        return _phone_en(rng) if language == "en" else _phone_ko(rng)
    if kind == "national-id":
        return _ssn(rng) if language == "en" else _resident(rng)
    number = _digits(rng.randint(7, 9), rng)
    forms = [number, number, f"E{number}", f"{number[:2]}-{number[2:4]}-{number[4:]}", f"{number[:3]} {number[3:]}"]
    return rng.choice(forms if language == "en" else [number, number, f"H{number}", f"{number[:2]}-{number[2:]}"])


def _ssn(rng: Random) -> str:
    parts = (str(rng.randint(100, 665)), _digits(2, rng), _digits(4, rng))
    return rng.choice(("-", "-", " ", "")).join(parts)


def _phone_en(rng: Random) -> str:
    area, tail = str(rng.randint(201, 989)), f"01{_digits(2, rng)}"
    forms = [
        "({a}) 555-{t}",
        "{a}-555-{t}",
        "{a}.555.{t}",
        "{a} 555 {t}",
        "+1 {a} 555 {t}",
        "1-{a}-555-{t}",
        "({a})555-{t}",
    ]
    return rng.choice(forms).format(a=area, t=tail)


def _phone_ko(rng: Random) -> str:
    head = rng.choice(["010", "010", "010", "02", "031", "051", "070", "064"])
    middle, tail = _digits(4 if head in ("010", "070") else rng.choice((3, 4)), rng), _digits(4, rng)
    middle = "2" + middle[1:]
    forms = [
        "{h}-{m}-{t}",
        "{h}-{m}-{t}",
        "{h}{m}{t}",
        "{h} {m} {t}",
        "{h}.{m}.{t}",
        "{h}) {m}-{t}",
        "+82-{n}-{m}-{t}",
        "+82 {n} {m} {t}",
    ]
    return rng.choice(forms).format(h=head, m=middle, t=tail, n=head[1:])


def _resident(rng: Random) -> str:
    born = f"{_digits(2, rng)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    tail = rng.choice("12345678") + _digits(6, rng)
    forms = ["{b}-{t}", "{b}-{t}", "{b}{t}", "{b} - {t}", "{b} {t}", "{b}–{t}", "{b}-{m}******"]
    return rng.choice(forms).format(b=born, t=tail, m=tail[0])


def _written(value: str, rng: Random) -> str:
    """One in ten in full-width figures, one in twenty broken over two lines."""
    chosen = rng.random()
    if chosen < 0.1:
        return value.translate(_WIDE)
    breaks = [index for index, sign in enumerate(value) if sign == "-" and index > 1]
    if chosen < 0.15 and breaks:
        return f"{value[: breaks[-1] + 1]}\n{value[breaks[-1] + 1 :]}"
    return value

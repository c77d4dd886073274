"""Make a true sentence false in one number or one side, by rules that know nothing of how it is checked."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from bogam.evidence.grounding.number import Number
from bogam.evidence.grounding.signs import Side


def tenfold(digits: str, rng: random.Random) -> str:
    """Let the decimal point slip by one place, up or down: the classical error of dosing and of dictation."""
    return f"{float(digits.replace(',', '')) * rng.choice((10, 0.1)):g}" if float(digits.replace(",", "")) else "10"


def redigit(digits: str, rng: random.Random) -> str:
    """Change a digit, swap two, or step the value: what often makes a number that was said of something else."""
    plain = digits.replace(",", "")
    for _ in range(20):
        way = rng.randrange(3)
        if way == 0:
            place = rng.choice([index for index, sign in enumerate(plain) if sign.isdigit()])
            made = plain[:place] + rng.choice("123456789") + plain[place + 1 :]
        elif way == 1 and len(plain) > 1 and "." not in plain[:2]:
            made = plain[1] + plain[0] + plain[2:]
        else:
            places = len(plain.partition(".")[2])
            made = f"{max(float(plain) + rng.choice((-3, -2, 2, 3, 7)) * 10**-places, 0):.{places}f}"
        if float(made) != float(plain):
            return made
    return str(float(plain) + 1)


ALTERATIONS: Final[dict[str, Callable[[str, random.Random], str]]] = {"tenfold": tenfold, "digit": redigit}


def renumbered(sentence: str, number: Number, made: str) -> str:
    """Return the sentence with ``made`` in place of the number."""
    return sentence[: number.start] + made + sentence[number.end :]


def swapped(sentence: str, side: Side) -> str:
    """Return the sentence with the other side."""
    other = "right" if side.name == "left" else "left"
    return sentence[: side.start] + other + sentence[side.end :]

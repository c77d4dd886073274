"""Vital signs written without their names (``120/80-72-20-36.5``) or with one letter (``P 80 R 20 T 36.5``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Vital(NamedTuple):
    """A vital sign: its key, the place of its name (of the number where it has none), its value and where it is."""

    key: str
    start: int
    end: int
    number: float
    value: tuple[int, int]


_UNNAMED: Final = re.compile(
    r"(?<![\d/.-])(?P<sbp>\d{2,3})\s?/\s?(?P<dbp>\d{2,3})(?:\s?mmHg)?\s?[-–]\s?(?P<hr>\d{2,3})\s?[-–]\s?(?P<rr>\d{1,2})"
    r"\s?[-–]\s?(?P<bt>[34]\d(?:\.\d{1,2})?)(?![\d/]|\.\d|-\d)"
)
"""Blood pressure, heart rate, respiratory rate and temperature, in the order in which Korean notes write them."""
_LETTERS: Final = re.compile(
    r"(?<![A-Za-z가-힣])(?P<p>P)[\s:]{0,2}(?P<hr>\d{2,3})[\s,;/-]{1,3}(?P<r>R)[\s:]{0,2}(?P<rr>\d{1,2})(?!\d)"
    r"(?:[\s,;/-]{1,3}(?P<t>T)[\s:]{0,2}(?P<bt>[34]\d(?:\.\d{1,2})?)(?!\d))?"
)
_KEYS: Final = {
    "sbp": "sbp", "dbp": "dbp", "hr": "heart-rate", "rr": "respiratory-rate", "bt": "temperature",
}  # fmt: skip
_NAMES: Final = {"hr": "p", "rr": "r", "bt": "t"}
_PLAUSIBLE: Final = {"sbp": (40, 300), "dbp": (10, 200), "hr": (20, 260), "rr": (4, 80), "bt": (30, 44)}
"""mmHg, beats and breaths a minute, degrees Celsius: other numbers are no vital signs (a date, a telephone number)."""


def vitals(text: str) -> Iterator[Vital]:
    """Return the vital signs of ``text`` that are written without names or with one letter, in order of place."""
    for match in (*_UNNAMED.finditer(text), *_LETTERS.finditer(text)):
        found = {group: float(match[group]) for group in _KEYS if match.groupdict().get(group)}
        if not all(_PLAUSIBLE[group][0] <= number <= _PLAUSIBLE[group][1] for group, number in found.items()):
            continue
        for group, number in found.items():
            name = match.span(_NAMES[group]) if match.re is _LETTERS else match.span(group)
            yield Vital(_KEYS[group], *name, number, match.span(group))

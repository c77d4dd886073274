"""A rule: a pattern that finds one kind of identifier by its shape, or by the words before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bogam.text.deid.finding import Category, Finding

BREAK: Final = r"[ ]{0,3}(?:\r?\n)?[ ]{0,3}"
"""Where a number may be broken: blanks, and one new line."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern for folded text.

    The finding is the group ``value`` where the pattern has one, else all of it. ``sure`` takes the match and returns
    the confidence, or 0 to refuse; a number is the same for every match. ``needs`` is a character that must be in the
    text, so that most texts need not be searched.
    """

    name: str
    category: Category
    pattern: re.Pattern[str]
    sure: float | Callable[[re.Match[str]], float]
    needs: str = ""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield what the rule finds in a folded text."""
        if self.needs and self.needs not in text:
            return
        group = "value" if "value" in self.pattern.groupindex else 0
        for found in self.pattern.finditer(text):
            confidence = self.sure(found) if callable(self.sure) else self.sure
            if confidence:
                yield Finding(found.start(group), found.end(group), self.category, self.name, confidence)


def rule(
    name: str,
    category: Category,
    pattern: str,
    sure: float | Callable[[re.Match[str]], float],
    needs: str = "",
    flags: int = re.I,
) -> Rule:
    """Make a rule from the text of its pattern."""
    return Rule(name, category, re.compile(pattern, flags), sure, needs)


def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(filter(str.isdigit, text))


def weighed(numbers: Sequence[int], weights: Sequence[int]) -> int:
    """Return the sum of products, as checksums are made of."""
    return sum(number * weight for number, weight in zip(numbers, weights, strict=False))

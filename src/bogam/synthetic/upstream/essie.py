"""The part of ClinicalTrials.gov's query language that filters use: AREA, RANGE, MISSING, AND, OR, NOT, brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<area>AREA\[(?P<name>\w+)\])|(?P<range>RANGE\[(?P<low>[^,\]]+),(?P<high>[^\]]+)\])|(?P<quoted>\"[^\"]*\")"
    r"|(?P<sign>[()])|(?P<word>[^\s()\[\]\"]+))"
)
_AGE: Final = re.compile(r"(\d+)\s*(year|month)s?", re.IGNORECASE)

Study = Mapping[str, Sequence[str]]
"""The values of a study's areas."""
Test = Callable[[Study], bool]


class BadExpression(ValueError):
    """An expression that cannot be read."""


def read(expression: str) -> Test:
    """Return the test that an expression means. Raises `BadExpression`."""
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(expression.rstrip()):
        found = _TOKEN.match(expression, at)
        if found is None:
            raise BadExpression(f"Incorrect syntax at position {at}")
        tokens.append(found)
        at = found.end()
    parser = _Parser(tokens)
    test = parser.either()
    if parser.tokens:
        raise BadExpression(f"Unexpected {parser.tokens[0].group().strip()}")
    return test


class _Parser:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens

    def either(self) -> Test:
        tests = [self._both()]
        while self._takes("OR"):
            tests.append(self._both())
        return lambda study: any(test(study) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._takes("AND"):
            tests.append(self._one())
        return lambda study: all(test(study) for test in tests)

    def _one(self) -> Test:
        if self._takes("NOT"):
            test = self._one()
            return lambda study: not test(study)
        if self._takes("("):
            test = self.either()
            if not self._takes(")"):
                raise BadExpression("Missing closing bracket")
            return test
        token = self._next()
        if token["area"] is None:
            raise BadExpression(f"AREA expected, not {token.group().strip()}")
        return self._value(token["name"])

    def _value(self, area: str) -> Test:
        token = self._next()
        if token["range"] is not None:
            low, high = _bound(token["low"]), _bound(token["high"])
            return lambda study: any(
                (low is None or low <= _size(value)) and (high is None or _size(value) <= high)
                for value in study.get(area, ())
            )
        if token["word"] == "MISSING":
            return lambda study: not study.get(area)
        if token["sign"] == "(":
            values = [self._words()]
            while self._takes("OR"):
                values.append(self._words())
            if not self._takes(")"):
                raise BadExpression("Missing closing bracket")
        else:
            self.tokens.insert(0, token)
            values = [self._words()]
        wanted = [value.casefold() for value in values]
        return lambda study: any(value.casefold() in wanted for value in study.get(area, ()))

    def _words(self) -> str:
        words: list[str] = []
        while self.tokens and (self.tokens[0]["word"] or self.tokens[0]["quoted"]):
            if self.tokens[0]["word"] in ("AND", "OR", "NOT"):
                break
            words.append(self._next().group().strip().strip('"'))
        if not words:
            raise BadExpression("A value is missing")
        return " ".join(words)

    def _next(self) -> re.Match[str]:
        if not self.tokens:
            raise BadExpression("The expression ends too early")
        return self.tokens.pop(0)

    def _takes(self, word: str) -> bool:
        if self.tokens and self.tokens[0].group().strip() == word:
            self.tokens.pop(0)
            return True
        return False


def _bound(told: str) -> tuple[float, str] | None:
    return None if told.strip() in ("MIN", "MAX") else _size(told.strip())


def _size(value: str) -> tuple[float, str]:
    """Return an age as a number and a date as itself, so that each kind is in order."""
    age = _AGE.fullmatch(value.strip())
    if age:
        return int(age[1]) / (12 if age[2].lower() == "month" else 1), ""
    return 0.0, value.strip()

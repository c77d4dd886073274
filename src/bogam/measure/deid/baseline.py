"""What de-identification is compared with: the plain patterns that are written first, and names by honorific alone."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d{6}-\d{7}",
        r"\d{3}-\d{2}-\d{4}",
        r"\d{2,3}-\d{3,4}-\d{4}",
        r"\(\d{3}\) \d{3}-\d{4}",
        r"[\w.]+@[\w.]+\.\w+",
        r"MRN:? ?\d+",
        r"등록번호:? ?\d+",
    )
)
_TITLED: Final = (
    re.compile(r"(?:Dr|Mr|Mrs|Ms)\. ([A-Z][a-z]+(?: [A-Z][a-z]+)?)"),
    re.compile(r"([가-힣]{2,4}) ?(?:님|씨|교수|선생)"),
)

Span = tuple[int, int]


def structured(text: str) -> list[Span]:
    """Return what the usual plain patterns match."""
    return [found.span() for pattern in _PLAIN for found in pattern.finditer(text)]


def honorifics(text: str) -> list[Span]:
    """Return what stands beside a title."""
    return [found.span(1) for pattern in _TITLED for found in pattern.finditer(text)]

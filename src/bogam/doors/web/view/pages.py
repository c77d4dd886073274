"""Paging of lists by plain links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list a page stands. ``query`` is what the links keep."""

    number: int
    size: int
    total: int
    query: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    def link(self, number: int) -> str:
        """Return the query string of another page of the same list."""
        return "?" + urlencode([pair for pair in self.query if pair[1]] + [("page", str(number))])

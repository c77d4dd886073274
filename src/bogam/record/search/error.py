"""What a search can be refused for."""

from __future__ import annotations


class SearchError(ValueError):
    """A search that cannot be answered as asked. ``parameter`` is the one at fault, as it was written."""

    def __init__(self, reason: str, parameter: str) -> None:
        self.reason = reason
        self.parameter = parameter
        super().__init__(reason)

"""A token that a live source gives out for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

_NONE: Final = ("", 0.0)


class Token:
    """Keeps one token in memory, for as long as it is good.

    Parameters
    ----------
    clock
        Seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept = _NONE
        self._lock = threading.Lock()

    def get(self, good_s: float) -> str:
        """Return the token when it was put here less than ``good_s`` seconds ago, else nothing."""
        with self._lock:
            token, at = self._kept
            return token if self._clock() - at < good_s else ""

    def put(self, token: str) -> None:
        """Keep a token; an empty one forgets."""
        with self._lock:
            self._kept = (token, self._clock()) if token else _NONE

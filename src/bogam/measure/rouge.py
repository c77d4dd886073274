"""ROUGE-1 F1 (Lin 2004): how many words a text shares with a reference, each counted as often as both have it.

Words are lower-case ASCII letters and digits without stemming, as in the package rouge-score.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9]+")


def rouge1(text: str, reference: str) -> float:
    """Return ROUGE-1 F1 of ``text`` against ``reference``, 0 to 1; 0 where either has no word."""
    ours, theirs = (Counter(_WORD.findall(each.lower())) for each in (text, reference))
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else 0.0

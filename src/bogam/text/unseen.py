"""Characters that a reader does not see, or that change the order of what is seen, and so can hide words in a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

JOINERS: Final = "\u200c\u200d"
"""Zero width non-joiner and joiner: Persian, Hindi and others need them between letters."""
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control
    "\ud800-\udfff\ufff9-\ufffb"  # halves of pairs, interlinear annotation
    # Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt)
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def seen(text: str, mark: str = "") -> str:
    """Return text with ``mark`` in the place of each such character; a joiner between two letters stays."""
    return _UNSEEN.sub(lambda found: found[0] if _joins(text, found.start()) else mark, text)


def _joins(text: str, at: int) -> bool:
    """Whether the character at ``at`` is a joiner between two letters, or the marks on them."""
    if text[at] not in JOINERS or not 0 < at < len(text) - 1:
        return False
    return all(
        unicodedata.category(each)[0] in "LM" and not _UNSEEN.match(each) for each in (text[at - 1], text[at + 1])
    )

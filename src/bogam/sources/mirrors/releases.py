"""The order of releases: a mirror is not taken back to an older one unawares."""

from __future__ import annotations

import re
from typing import Final

from bogam.sources.mirrors.mirror import MirrorState, OlderRelease

_NUMBERED: Final = re.compile(r"(\D*)(\d+(?:[-._]\d+)*)")


def older(offered: str, held: str) -> bool | None:
    """Say whether a release is older than the one that is held; None where their names tell no order.

    Names are compared where they are the same words with numbers: ``2025-08`` and ``2025-10-05``, ``chembl_34`` and
    ``chembl_35``. Of two numbers of unequal length nothing is said, because they may be a year and a day.
    """
    names = _NUMBERED.fullmatch(offered.strip()), _NUMBERED.fullmatch(held.strip())
    if names[0] is None or names[1] is None or names[0][1] != names[1][1]:
        return None
    parts = [re.split(r"[-._]", name[2]) for name in names if name]
    if len(parts[0][0]) != len(parts[1][0]):
        return None
    return any(first != second for first, second in zip(*parts, strict=False)) and [*map(int, parts[0])] < [
        *map(int, parts[1])
    ]


def may_replace(source: str, offered: str, held: MirrorState | None, allowed: bool) -> str:
    """Return what is to be said about replacing what is held by another release; empty for a newer or the same one.

    Raises
    ------
    OlderRelease
        For an older one, unless ``allowed``.
    """
    if held is None or offered == held.version:
        return ""
    before = older(offered, held.version)
    if before is None:
        had, now = held.version or "without a date", offered or "without a date"
        return f"Which of the two is newer is not known: the mirror held {had} and holds {now} now."
    if before and not allowed:
        raise OlderRelease(source, offered, held.version)
    return f"An older release replaced a newer one: {offered} stands for {held.version} now." if before else ""

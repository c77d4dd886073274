"""What an access token allows: SMART App Launch 2 scopes for the record, and two of our own.

``patient/Condition.rs`` lets read and search the conditions of the one patient that the token names; ``user/*.rs``
those of everyone whom the token's user may see. Letters are create, read, update, delete, search; ``.read`` of SMART 1
means ``.rs``. Scopes narrow what the user's role allows and never widen it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

SOURCES: Final = "bogam/sources.r"
SKILLS: Final = "bogam/skills.run"
SUPPORTED: Final = ("patient/*.rs", "user/*.rs", SOURCES, SKILLS)
"""What the metadata document offers. Each type of resource may stand in the place of ``*``."""

Level = Literal["user", "patient"]
_CLINICAL: Final = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z0-9]{0,63})\.(read|write|\*|[cruds]{1,5})")
_LETTERS: Final = {"read": "rs", "write": "cud", "*": "cruds"}


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of one token.

    Parameters
    ----------
    granted
        (level, resource type or ``*``, letters).
    own
        Those of ours.
    patient
        The patient that the token is about (SMART's launch context); empty where it names none.
    """

    granted: frozenset[tuple[Level, str, str]]
    own: frozenset[str]
    patient: str = ""

    @classmethod
    def of(cls, scopes: Iterable[str], patient: str = "") -> Scopes:
        """Read scopes. What is not understood grants nothing: a constraint that is not applied must not be dropped."""
        granted: set[tuple[Level, str, str]] = set()
        own: set[str] = set()
        for each in scopes:
            found = _CLINICAL.fullmatch(each)
            if found:
                level: Level = "patient" if found[1] == "patient" else "user"
                granted.add((level, found[2], _LETTERS.get(found[3], found[3])))
            elif each in (SOURCES, SKILLS):
                own.add(each)
        return cls(frozenset(granted), frozenset(own), patient)

    def level(self, need: str) -> Level | None:
        """Return which level of scope covers ``need`` (``Condition.r``, ``*.s``, ``bogam/sources.r``), or None."""
        if need in (SOURCES, SKILLS):
            return "user" if need in self.own else None
        type, _, letter = need.partition(".")
        levels = {level for level, of, letters in self.granted if of in ("*", type) and letter in letters}
        return "user" if "user" in levels else "patient" if levels else None

    def written(self, need: str) -> str:
        """Return the scope that would cover ``need``, as it is asked for."""
        return need if need in (SOURCES, SKILLS) else f"{'patient' if self.patient else 'user'}/{need}"

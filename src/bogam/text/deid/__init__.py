"""De-identification of notes, R4 resources and tables, Korean and English: pure, by rules and lists, with no download.

find(text, known)                      what identifies somebody, where, by which rule
deidentify(text, mode, known=…)        the text without it, and how places belong together
"""

from __future__ import annotations

from bogam.text.deid.apply import MODES, Deidentified, Mode, Piece, apply, deidentify
from bogam.text.deid.detect import find
from bogam.text.deid.finding import CATEGORIES, Category, Finding
from bogam.text.deid.known import Known, known, known_of
from bogam.text.deid.surrogate import Pseudonyms

__all__ = [
    "CATEGORIES",
    "MODES",
    "Category",
    "Deidentified",
    "Finding",
    "Known",
    "Mode",
    "Piece",
    "Pseudonyms",
    "apply",
    "deidentify",
    "find",
    "known",
    "known_of",
]

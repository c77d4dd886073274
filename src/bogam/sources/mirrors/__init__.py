"""Mirrors: publishers' bulk files read into local storage, for a hospital without a way out."""

from __future__ import annotations

from bogam.sources.mirrors.mirror import (
    BadFile,
    Entry,
    Imported,
    KeepsVersions,
    Mirror,
    MirrorState,
    OlderRelease,
    Progress,
    Refusal,
    Say,
    Tally,
)
from bogam.sources.mirrors.sqlite import SqliteMirror, start_of
from bogam.sources.mirrors.words import key_words, words_of

__all__ = [
    "BadFile",
    "Entry",
    "Imported",
    "KeepsVersions",
    "Mirror",
    "MirrorState",
    "OlderRelease",
    "Progress",
    "Refusal",
    "Say",
    "SqliteMirror",
    "Tally",
    "key_words",
    "start_of",
    "words_of",
]

"""A document as read: its pages, their paragraphs with the headings above them, and what it says about itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bogam.sources.library.instructions import to_programs
from bogam.sources.library.told import HIDDEN, addressed, misdated

MOST_PARAGRAPHS: Final = 20_000
MOST_TEXT: Final = 4_000_000
"""Code points of one document."""
_DROPPED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_DATE: Final = re.compile(r"(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})\s?[일.]?")
_EFFECTIVE: Final = re.compile(
    r"(?:시행\s?일자?|시행|발효일|적용일|effective(?: date| from)?|in force (?:from|since)|valid from)"
    r"\s{0,3}[:：]?\s{0,3}(\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2})",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    r"</?(?:b|i|u|s|em|strong|span|font|sub|sup|small|big|mark|code|tt|kbd|abbr|a)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE
)
_BREAK: Final = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|th|hr|center)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
_HANGUL: Final = re.compile(r"[가-힣]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_LETTERS: Final = 4000
_HEAD: Final = 1500
"""Code points at the beginning of a document in which it may say when it takes effect."""


class Unreadable(ValueError):
    """A file that is not taken into the library; the message says why and what to do, in one sentence."""


@dataclass(slots=True)
class Page:
    """One page: paragraphs in order, and for each the headings above it, joined by " > " (empty where none is)."""

    number: int
    paragraphs: list[str] = field(default_factory=list[str])
    headings: list[str] = field(default_factory=list[str])

    def quarantined(self) -> list[int]:
        """Return the places of the paragraphs that speak to a program, or stand under a heading that does."""
        return to_programs(self.paragraphs, self.headings)

    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"number": self.number, "paragraphs": self.paragraphs, "headings": self.headings}
        kept_apart = self.quarantined()
        return told | ({"quarantined": kept_apart} if kept_apart else {})


@dataclass(slots=True)
class Written:
    """What a reader made of a file. ``effective`` is an ISO date, empty where the document states none."""

    title: str = ""
    effective: str = ""
    publisher: str = ""
    language: str = ""
    id: str = ""
    pages: list[Page] = field(default_factory=list[Page])
    unread: str = ""
    """What of it could not be read, in a sentence."""
    hidden: bool = False
    """Whether hidden text was left out."""
    misdated: str = ""
    """A date from which it says that it applies, and that is none."""

    def notes(self) -> list[str]:
        """Return what a reader of the report must know of it, a sentence each."""
        apart = sum(len(page.quarantined()) for page in self.pages)
        told = [self.unread, HIDDEN if self.hidden else "", addressed(apart) if apart else ""]
        if self.misdated and not self.effective:
            told.append(misdated(self.misdated))
        return [each for each in told if each]

    def texts(self) -> Iterable[str]:
        return (each for page in self.pages for each in page.paragraphs)


class Writer:
    """Collects headings and paragraphs in reading order."""

    def __init__(self) -> None:
        self.written = Written()
        self._above: list[tuple[int, str]] = []
        self._size = 0
        self._count = 0
        self.page(1)

    def page(self, number: int) -> None:
        """Begin a page."""
        self.written.pages.append(Page(number))

    def heading(self, level: int, text: str) -> None:
        """Put a heading above what follows. The first one of a document is its title, where it has no other."""
        text = clean(unmarked(text))
        if not text or (level <= 1 and text == self.written.title):
            return
        if not self.written.title:
            self.written.title = text[:300]
            if level <= 1:
                return
        self._above = [each for each in self._above if each[0] < level]
        self._above.append((level, text[:200]))

    def paragraph(self, text: str) -> None:
        """Add a paragraph.

        Raises
        ------
        Unreadable
            When the document is larger than the library takes.
        """
        text = clean(unmarked(text))
        if not text:
            return
        self._count += 1
        self._size += len(text)
        if self._count > MOST_PARAGRAPHS or self._size > MOST_TEXT:
            raise Unreadable(
                f"it has more than {MOST_PARAGRAPHS:,} paragraphs or {MOST_TEXT:,} characters: split it into parts"
            )
        page = self.written.pages[-1]
        page.paragraphs.append(text)
        page.headings.append(" > ".join(each for _, each in self._above))

    def done(self) -> Written:
        """Return the document with what can be told of it.

        Raises
        ------
        Unreadable
            When it has no text.
        """
        made = self.written
        made.pages = [page for page in made.pages if page.paragraphs]
        if not made.pages:
            raise Unreadable("it has no text; a scan must be read by OCR first")
        head = made.title + "\n" + "\n".join(made.texts())[:_HEAD]
        said = "" if made.effective else stated(head)
        made.effective = made.effective or day(said)
        made.misdated = made.misdated or ("" if made.effective else clean(said))
        made.language = made.language or language_of("".join(made.texts())[:_LETTERS])
        return made


def clean(text: str) -> str:
    """Return text on one line in composed form (NFC), without control, zero-width and bidirectional characters."""
    return " ".join(_DROPPED.sub("", unicodedata.normalize("NFC", text.replace("\n", " ").replace("\t", " "))).split())


def day(text: str) -> str:
    """Return a date as people write it as an ISO date; empty when it is none."""
    found = _DATE.search(text[:80])
    if found is None:
        return ""
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return ""


def stated(head: str) -> str:
    """Return the date from which a document says in its first lines that it applies, as written; empty where none."""
    found = _EFFECTIVE.search(head)
    return found[1] if found else ""


def unmarked(text: str) -> str:
    """Return text without marks of HTML that were left standing in it, such as ``<b>``."""
    return _BREAK.sub(" ", _MARK.sub("", text)) if "<" in text else text


def language_of(text: str) -> str:
    """Return ``ko`` or ``en`` by the letters of a text."""
    return "ko" if 3 * len(_HANGUL.findall(text)) > len(_LATIN.findall(text)) else "en"

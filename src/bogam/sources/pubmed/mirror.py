"""PubMed's mirror: NLM's baseline and daily update files (https://ftp.ncbi.nlm.nih.gov/pubmed/)."""

from __future__ import annotations

import gzip
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, ClassVar, Final, cast
from xml.etree.ElementTree import Element

import defusedxml.ElementTree

from bogam.sources.answer import Item, Result
from bogam.sources.mirrors import BadFile, Entry, Imported, Say, SqliteMirror
from bogam.sources.mirrors.archive import Bounded
from bogam.sources.pubmed.article import ARTICLE, BOOK, DELETED, Unreadable, read, text_of, warning_of
from bogam.sources.pubmed.question import PubMedSearch, words_for_mirror
from bogam.sources.source import Lookup

_NUMBERED: Final = re.compile(r"pubmed(\d{2})n(\d{4,})")
_PROLOG: Final = 65_536
_LARGEST: Final = 64 << 20
"""Most bytes of XML that one article may take; the largest real ones take about one megabyte."""
_PMID: Final = re.compile(r"[1-9][0-9]{4,8}", re.ASCII)
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/\S+", re.ASCII)
_MOST: Final = 1_000_000
"""Most articles of one file: an emptied one still takes some 200 bytes of memory until the file ends."""
_BROADER: Final = {
    "randomized controlled trial": ("clinical trial",),
    "controlled clinical trial": ("clinical trial",),
    "pragmatic clinical trial": ("clinical trial", "randomized controlled trial"),
    "equivalence trial": ("clinical trial", "randomized controlled trial"),
    "adaptive clinical trial": ("clinical trial",),
    "clinical trial, phase i": ("clinical trial",),
    "clinical trial, phase ii": ("clinical trial",),
    "clinical trial, phase iii": ("clinical trial",),
    "clinical trial, phase iv": ("clinical trial",),
    "systematic review": ("review",),
    "practice guideline": ("guideline",),
}
"""Broader publication types that a search for them includes, as PubMed does; written from general knowledge of MeSH."""


class PubMedMirror(SqliteMirror):
    """Articles of the bulk files. Update files are added in the order of their number; the newest version stands."""

    files: ClassVar[str] = (
        "pubmedYYnNNNN.xml.gz: the yearly baseline and the daily update files of https://ftp.ncbi.nlm.nih.gov/pubmed/"
    )
    incremental: ClassVar[bool] = True

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        return super().load(sorted(paths, key=_number), version=version, older=older, say=say)

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the newest file that was read, as NLM numbers them: ``pubmed26n1340``."""
        names = [path.name for path in paths]
        if self.path.exists():
            with closing(sqlite3.connect(self.path)) as db:
                known = db.execute("SELECT name FROM sqlite_master WHERE name = 'files'").fetchone()
                names += [row[0] for row in db.execute("SELECT name FROM files")] if known else []
        numbered = [found.group() for found in map(_NUMBERED.match, names) if found]
        return max(numbered, default="", key=lambda name: _number(Path(name)))

    def overtaken(self, held: str, item: Item) -> bool:
        return held > item.version

    def filters(self, request: PubMedSearch) -> Iterable[tuple[str, str]]:
        for name in ("publication_type", "author", "journal", "language"):
            if getattr(request, name):
                yield name, _key(getattr(request, name))
        if request.has_abstract:
            yield "has_abstract", "yes"

    def ranges(self, request: PubMedSearch) -> Iterable[tuple[str, str, str]]:
        if request.mindate or request.maxdate:
            until = request.maxdate.replace("/", "-")
            yield "date", request.mindate.replace("/", "-"), f"{until}~" if until else ""

    def search(self, request: PubMedSearch) -> Result:
        words = words_for_mirror(request)
        found = self._by_number(request) or self.find(
            request, words, self.filters(request), newest=request.sort == "pub_date"
        )
        return replace(found, note=warning_of(found.items))

    def _by_number(self, request: PubMedSearch) -> Result | None:
        """Return the article whose PMID or DOI was given as the text, as PubMed itself does."""
        if _DOI.fullmatch(request.text):
            return self.find(request, [], [("doi", request.text.lower()), *self.filters(request)])
        if not _PMID.fullmatch(request.text) or list(self.filters(request)) or list(self.ranges(request)):
            return None
        named = self.items([request.text])
        return Result(tuple(named), 1) if named else None

    def get(self, request: Lookup) -> Result:
        found = super().get(request)
        return replace(found, note=warning_of(found.items))

    def read(self, path: Path) -> Iterator[Entry]:
        with path.open("rb") as raw, _plain(raw) as plain:
            _check_prolog(path, plain)
            for number, element in enumerate(_articles(path, Bounded(plain, _LARGEST, path.name)), 1):
                yield from _entries(element, f"article {number}", raw.tell())


def _articles(path: Path, stream: Bounded) -> Iterator[Element]:
    """Yield what stands in the set, each emptied afterwards. A declared entity ends the reading."""
    element, number = None, 0
    for _, element in defusedxml.ElementTree.iterparse(stream, events=("end",), forbid_dtd=False):
        if element.tag in (ARTICLE, BOOK, DELETED):
            number += 1
            if number > _MOST:
                raise BadFile(f"{path.name} holds more than {_MOST:,} articles, where NLM's files hold 30,000.")
            stream.renew()
            yield element
            element.clear()
    yield from (child for child in element or () if child.tag not in (ARTICLE, BOOK, DELETED))


def _entries(element: Element, place: str, done: int) -> Iterator[Entry]:
    if element.tag == DELETED:
        for each in element.findall("PMID"):
            yield Entry(deleted=(each.text or "").strip(), place=place, done=done)
        return
    if element.tag not in (ARTICLE, BOOK):
        yield Entry(refused=f"<{element.tag[:40]}> is no article.", raw=element.tag[:200], place=place, done=done)
        return
    try:
        item = read(element)
    except (Unreadable, RecursionError) as error:
        yield Entry(refused=f"Not read: {error}.", raw="".join(element.itertext())[:200], place=place, done=done)
        return
    yield Entry(item, text_of(item), tuple(_keys(item)), item.fields["publication_date"], place=place, done=done)


def _keys(item: Item) -> Iterator[tuple[str, str]]:
    fields: dict[str, Any] = dict(item.fields)
    types = [_key(each) for each in fields["publication_types"]]
    broader = [broad for each in types for broad in _BROADER.get(each, ())]
    journal = fields["journal"]
    for name, values in (
        ("publication_type", dict.fromkeys((*types, *broader))),
        ("author", map(_key, fields["authors"])),
        ("journal", dict.fromkeys(_key(each) for each in (journal["title"], journal["abbreviation"]) if each)),
        ("language", fields["languages"]),
        ("has_abstract", ["yes"] if fields["abstract"] else []),
        ("doi", [fields["doi"].lower()] if fields["doi"] else []),
        ("date", [fields["publication_date"]] if fields["publication_date"] else []),
    ):
        yield from ((name, value) for value in values)


def _key(value: str) -> str:
    """Return a value as filters compare it: journals are written with and without full stops."""
    return " ".join(value.lower().replace(".", "").split())


def _number(path: Path) -> tuple[int, int, str]:
    found = _NUMBERED.match(path.name)
    return (int(found.group(1)), int(found.group(2)), path.name) if found else (99, 0, path.name)


def _plain(raw: IO[bytes]) -> IO[bytes]:
    zipped = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if zipped else raw


def _check_prolog(path: Path, plain: IO[bytes]) -> None:
    """See that this is a set of PubMed articles whose prolog, the only place for it, declares no entity."""
    try:
        head = plain.read(_PROLOG)
        plain.seek(0)
    except (EOFError, OSError, zlib.error) as error:
        raise BadFile(f"{path.name} cannot be unpacked ({error}): fetch it again.") from error
    before, root, _ = head.partition(b"<PubmedArticleSet")
    if not root:
        raise BadFile(f"{path.name} is no PubMed file: no PubmedArticleSet at its beginning.")
    if b"<!ENTITY" in before or b"[" in before.partition(b"<!DOCTYPE")[2]:
        raise BadFile(f"{path.name} declares entities, which NLM's files never do; nothing was read.")

"""The mirror: the Medicare Coverage Database's downloads, or an index of it, in one local file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from bogam.sources.answer import BadQuery, Item, Result, UnknownId
from bogam.sources.cms import downloads, index
from bogam.sources.cms.document import named, note, notes
from bogam.sources.cms.downloads import Read, is_download, made_on
from bogam.sources.cms.request import Get, Search
from bogam.sources.cms.states import USPS
from bogam.sources.mirrors import Entry, Imported, Say, SqliteMirror, key_words


class CmsMirror(SqliteMirror):
    """Documents by id; the version in force under the plain id, others with their number (``lcd/39297/6``)."""

    files: ClassVar[str] = (
        "The downloads of the Medicare Coverage Database (ncd.zip, current_lcd.zip, all_lcd.zip, current_article.zip, "
        "all_article.zip or all_data.zip, or lcd.csv, article.csv and ncd_trkg.csv beside their other tables) from "
        "cms.gov/medicare-coverage-database/downloads, or an index of its documents as CSV"
    )

    batch: ClassVar[int] = 100

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import files. An index goes first, so that documents whose text is there replace their listing."""
        first = sorted(paths, key=lambda path: path.is_file() and is_download(path))
        return super().load(first, version=version, older=older, say=say)

    def read(self, path: Path) -> Iterator[Entry]:
        found = downloads.documents(path) if is_download(path) else index.documents(path)
        return map(_entry, found)

    def version_of(self, paths: Sequence[Path]) -> str:
        dates = [found[0] for path in paths if (found := re.search(r"20\d\d-[01]\d(-[0-3]\d)?(?!\d)", path.name))]
        dates += [made for path in paths if is_download(path) and (made := made_on(path))]
        return max(dates, default="")

    def listed(self, kinds: Sequence[str] = ("article", "lcd", "ncd")) -> int:
        """Count the documents of these kinds that are held as index entries, without their text."""
        with self._ready() as db:
            marks = ", ".join("?" * len(kinds))
            counted = f"SELECT count(*) FROM keys WHERE name = 'extent' AND value IN ({marks})"  # noqa: S608
            return int(db.execute(counted, tuple(kinds)).fetchone()[0])

    # --- answers

    def search(self, request: Any) -> Result:
        found = super().search(request)
        return replace(found, note=notes(found.items), cut=self._unseen(request) if not found.next else "")

    def _unseen(self, request: Search) -> str:
        """Say which documents a search by state or code could not look into: those held as index entries."""
        asked = " and ".join(name for name in ("state", "code") if getattr(request, name))
        if not asked:
            return ""
        count = self.listed([request.kind] if request.kind else ["article", "lcd"])
        if not count:
            return ""
        return (
            f"{count:,} documents are held as index entries, without {asked}: import the downloads to search them too."
        )

    def filters(self, request: Search) -> Iterable[tuple[str, str]]:
        if (request.state or request.contractor) and request.kind == "ncd":
            raise BadQuery("An NCD holds in every state and has no contractor: leave out state and contractor.")
        if request.kind:
            yield "kind", request.kind
        if request.status:
            yield "status", request.status
        for word in key_words(request.contractor):
            yield "contractor", word
        if request.code:
            yield "code", request.code.casefold()
        if request.state:
            yield "state", self._state(request.state)

    def ranges(self, request: Search) -> Iterable[tuple[str, str, str]]:
        if request.effective_from or request.effective_to:
            first = request.effective_from.isoformat() if request.effective_from else "0"
            yield "effective", first, request.effective_to.isoformat() if request.effective_to else ""

    def get(self, request: Any) -> Result:
        asked: Get = request
        name = named(asked.id, asked.version)
        plain = self.items([replace(name, version="").id])
        found = plain
        if name.version and not (plain and plain[0].fields["document_version"] == name.version):
            found = self.items([name.id])
        if not found:
            raise UnknownId(f"The mirror of cms has no {name.shown}{self._instead(name.version, plain)}.")
        return Result((found[0],), 1, note=note(found[0].fields))

    def _instead(self, version: str, plain: Sequence[Item]) -> str:
        if not version:
            return ""
        held = f": it holds version {plain[0].fields['document_version']}" if plain else ""
        return f" in version {version}{held}"

    def _state(self, asked: str) -> str:
        with self._ready() as db:
            known = {row[0] for row in db.execute("SELECT DISTINCT value FROM keys WHERE name = 'state'")}
        if not known:
            raise BadQuery(
                "What is mirrored does not say which states its documents hold in: name a contractor instead."
            )
        wanted = USPS.get(asked.upper(), asked).casefold()
        for form in (wanted, f"{wanted} - entire state", asked.casefold()):
            if form in known:
                return form
        if asked.upper() in USPS or wanted in {each.casefold() for each in USPS.values()}:
            return wanted
        raise BadQuery(f'No state "{asked[:40]}" is known: write CA or California.')


def _entry(read: Read) -> Entry:
    """Return the row of the mirror for a document that was read, or for a row that was not."""
    listing, fields = read.listing, read.fields
    if listing is None:
        return Entry(refused=read.refused, raw=read.raw, place=read.place)
    keys = {("kind", listing.name.kind), ("status", listing.status)}
    keys |= {("contractor", word) for name, _ in listing.contractors for word in key_words(name)}
    keys |= {("state", state.casefold()) for state in read.states}
    if "extent" in fields:
        keys.add(("extent", listing.name.kind))
    keys |= {("code", each["code"].casefold()) for each in _codes(fields)}
    if listing.effective:
        keys.add(("effective", listing.effective))
    return Entry(
        listing.item(fields, read.id),
        text=_searched(fields),
        keys=tuple(sorted(keys)),
        order=listing.updated or listing.effective,
        place=read.place,
    )


def _searched(fields: Mapping[str, Any]) -> str:
    """Return what full-text search sees of a document besides its title: ids, contractors, text and codes."""
    told = [fields["display_id"], fields["document_id"], fields.get("keywords", "")]
    told += [each["name"] for each in fields["contractors"]]
    for section in fields.get("sections", []):
        told += section["paragraphs"]
    told += [each["code"] for group in fields.get("hcpcs", []) for each in group["codes"]]
    return "\n".join(filter(None, told))


def _codes(fields: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for table in ("hcpcs", "icd10_covered", "icd10_noncovered"):
        for group in fields.get(table, []):
            yield from group["codes"]

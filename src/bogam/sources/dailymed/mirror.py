"""DailyMed's bulk release as a mirror: ZIP files of ZIP files, each with the XML of one label."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final, cast
from urllib.parse import urlencode
from zipfile import BadZipFile, ZipFile

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bogam.sources.answer import BadQuery, Item, Result, Upstream
from bogam.sources.dailymed.label import Part, Search, check, entry, identified, part, whole
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror
from bogam.sources.mirrors.archive import Bounded, inside, members
from bogam.sources.mirrors.archive import whole as unpacked
from bogam.sources.reading import phrase
from bogam.sources.reading.spl import date, read
from bogam.sources.source import Lookup

_PACKED: Final = 256 << 20
"""Bytes of the ZIP of one label that are read: it holds images as well."""
_XML: Final = 24 << 20
_STAMP: Final = re.compile(r"(?:.*/)?(\d{8})_[0-9a-f-]{36}\.zip", re.IGNORECASE)


class DailyMedMirror(SqliteMirror):
    """The labels of one or more releases. Updates are added; an older version never replaces a newer one."""

    files: ClassVar[str] = (
        "dm_spl_release_*.zip (full releases) and dm_spl_*_update_*.zip (updates) of "
        "https://dailymed.nlm.nih.gov/dailymed/spl-resources-all-drug-labels.cfm."
    )
    incremental: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        super().__init__("dailymed", folder)

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the newest day in the names of the labels' files."""
        return max((each for path in paths for each in _days(path)), default="")

    def read(self, path: Path) -> Iterator[Entry]:
        """Read label by label; one that cannot be read is refused."""
        seen = False
        for name, stream, done in members(path, (".zip", ".xml"), _PACKED):
            seen = True
            for place, xml in _documents(name, stream):
                yield _entry(place, xml, _day(name), done())
        if not seen:
            raise BadFile(f"{path.name} holds no label of DailyMed.")

    def overtaken(self, held: str, item: Item) -> bool:
        """Say whether the version held is the newer one."""
        return _number(held) > _number(item.version)

    def filters(self, request: Search) -> Iterable[tuple[str, str]]:
        """Return what a label must have."""
        yield from phrase.filters(request.name_type, request.drug_name or request.text)
        yield from phrase.filters("labeler", request.labeler)
        yield from phrase.filters("manufacturer", request.manufacturer)
        if request.ndc:
            yield "ndc", request.ndc
        if request.setid:
            yield "setid", request.setid.lower()
        if request.boxed_warning is not None:
            yield "boxed_warning", str(request.boxed_warning).lower()

    def search(self, request: Search) -> Result:
        """Return labels as DailyMed lists them."""
        check(request)
        if request.rxcui:
            raise BadQuery(
                "The mirror of dailymed cannot be asked by RxCUI: labels do not carry it. Ask by name or NDC."
            )
        found = self.find(request, [], self.filters(request))
        items = tuple(
            entry(each.id, each.title, each.fields["spl_version"], each.fields["published_date"])
            for each in found.items
        )
        return Result(items, found.total, found.next)

    def get(self, request: Lookup) -> Result:
        """Return a label, or a part of it."""
        set_id, which = identified(request.id)
        if which == "history":
            raise BadQuery("The mirror of dailymed has the newest version alone: ask for the history live.")
        (label,) = super().get(Lookup(id=set_id)).items
        if which is None:
            return Result((_as_given(label),), 1)
        told = (label.fields["spl_version"], label.fields["published_date"])
        return Result((part(set_id, which, label.title, *told, _part(which, set_id, label.fields)),), 1)

    def nearest(self, words: Sequence[str], limit: int) -> list[Item]:
        """Return the labels that share the most telling words, as `get` gives them."""
        return [_as_given(each) for each in super().nearest(words, limit)]


def _as_given(label: Item) -> Item:
    """Return a label as its XML tells it; the day of publication stands in the name of its file alone."""
    return replace(label, fields={name: each for name, each in label.fields.items() if name != "published_date"})


def _documents(name: str, stream: Bounded) -> Iterator[tuple[str, Bounded | BadFile]]:
    """Yield the XML of a member: itself, or what its own ZIP holds; or why it cannot be read."""
    if not name.lower().endswith(".zip"):
        yield name, stream
        return
    try:
        for inner, xml in inside(unpacked(stream), name, ".xml", _XML):
            yield f"{name}/{inner}", xml
    except BadFile as error:
        yield name, error


def _entry(place: str, xml: Bounded | BadFile, published: str, done: int) -> Entry:
    try:
        if isinstance(xml, BadFile):
            raise xml
        label = read(defusedxml.ElementTree.fromstring(xml.read(_XML), forbid_dtd=False))
    except (defusedxml.ElementTree.ParseError, DefusedXmlException, ValueError, Upstream, BadFile) as error:
        return Entry(refused=str(error), place=place, done=done)
    except RecursionError:
        return Entry(refused="It is nested too deep to be read.", place=place, done=done)
    item = whole(label)
    fields = {**item.fields, "published_date": published}
    kept = Item("dailymed", item.id, item.title, item.url, item.version, fields)
    brands = [each.name for each in label.products]
    generics = [each.generic for each in label.products] + [n for each in label.products for n, _ in each.ingredients]
    codes = {code for each in label.products for code in (each.ndc, *each.packages) if code}
    keys = {
        *phrase.keys("brand", brands),
        *phrase.keys("generic", generics),
        *phrase.keys("both", [*brands, *generics]),
        *phrase.keys("labeler", [label.labeler]),
        *phrase.keys("manufacturer", [label.labeler, *label.makers]),
        *(("ndc", code) for code in codes),
        ("setid", label.set_id),
        ("boxed_warning", str("boxed_warning" in label.sections).lower()),
    }
    text = "\n".join(each for texts in label.sections.values() for each in texts)
    names = " ".join([*brands, *generics, label.labeler, *codes])
    return Entry(kept, f"{names}\n{text}", tuple(sorted(keys)), label.effective, place=place, done=done)


def _part(which: Part, set_id: str, fields: Mapping[str, Any]) -> list[dict[str, object]]:
    products = cast("list[dict[str, Any]]", fields["products"])
    if which == "ndcs":
        codes = [code for each in products for code in each["package_ndc"]]
        return [{"ndc": code} for code in dict.fromkeys(codes)]
    if which == "media":
        link = "https://dailymed.nlm.nih.gov/dailymed/image.cfm?"
        return [
            {
                "name": n,
                "mime_type": mimetypes.guess_type(n)[0] or "",
                "url": link + urlencode({"setid": set_id, "name": n}),
            }
            for n in fields["media"]
        ]
    return [
        {
            **{name: each[name] for name in ("ndc", "name", "generic_name", "active_ingredients")},
            "packages": [{"ndc": code, "descriptions": []} for code in each["package_ndc"]],
        }
        for each in products
    ]


def _day(name: str) -> str:
    found = _STAMP.fullmatch(name)
    return date(found[1]) if found else ""


def _days(path: Path) -> list[str]:
    try:
        with ZipFile(path) as archive:
            return [_day(name) for name in archive.namelist()]
    except (BadZipFile, OSError, NotImplementedError):
        return []


def _number(version: str) -> int:
    digits = version.rpartition(" v")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0

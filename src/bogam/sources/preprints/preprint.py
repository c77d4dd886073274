"""One version of a preprint, as a row of openRxiv's answers, read as an item."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bogam.sources.answer import Item, Upstream
from bogam.sources.reading.shape import Shape

DOI: Final = r"10\.[0-9]{4,9}/[A-Za-z0-9][A-Za-z0-9._-]*?"
WARNING: Final = "Preprints are not peer reviewed."
NOTICE: Final = "Preprint: not peer reviewed. It may change or be withdrawn, and is no guide to treatment."
_TAG: Final = re.compile(r"</?(?:sup|sub|i|b|em|strong|p|br|italic|bold|title|sec)\s*/?>", re.IGNORECASE)
_EXPONENT: Final = re.compile(r"(?<=\d)<sup>(?=\s*[-−+]?\d)", re.IGNORECASE)
_LICENCES: Final = {
    "cc_no": "No reuse without the authors' permission",
    "cc0": "CC0",
    "cc0_ng": "CC0, work of the US government",
    "cc_by": "CC BY 4.0",
    "cc_by_nc": "CC BY-NC 4.0",
    "cc_by_nd": "CC BY-ND 4.0",
    "cc_by_nc_nd": "CC BY-NC-ND 4.0",
}
_LONGEST: Final = 100_000
_AUTHORS: Final = 200


@dataclass(frozen=True, slots=True)
class Server:
    """A preprint server. ``since`` is the day of its first preprint."""

    name: str
    label: str
    since: str

    @property
    def other(self) -> str:
        """The server that a DOI may belong to instead."""
        return MEDRXIV.label if self is BIORXIV else BIORXIV.label


BIORXIV: Final = Server("biorxiv", "bioRxiv", "2013-11-07")
MEDRXIV: Final = Server("medrxiv", "medRxiv", "2019-06-06")


def item_of(row: Shape, server: Server) -> Item:
    """Return one version as an item; its id is the DOI with the version, as the servers write it: ``10.1101/123456v2``.

    Raises
    ------
    Upstream
        When the row has no DOI, version or date, or belongs to the other server.
    """
    doi, version, posted = doi_of(row), version_of(row), row.text("date", due=True)
    try:
        date.fromisoformat(posted)
    except ValueError:
        raise Upstream(f'{doi} has the date "{posted[:20]}", which is none.') from None
    of = row.text("server")
    if of and of.lower() != server.name:
        raise Upstream(f"{doi} is a preprint of {of[:20]}, not of {server.label}.")
    title, abstract = _plain(row.text("title")), _plain(row.text("abstract"))[:_LONGEST]
    authors = [name.strip() for name in row.text("authors").split(";") if name.strip()]
    licence = row.text("license")
    fields: dict[str, Any] = {
        "peer_reviewed": False,
        "notice": NOTICE,
        "doi": doi,
        "version": version,
        "date": posted,
        "server": server.label,
        "abstract": [{"label": "", "text": abstract}] if abstract not in ("", "NA") else [],
        "withdrawn": title.upper().startswith("WITHDRAWN") or row.text("type").lower() == "withdrawn",
        "authors": authors[:_AUTHORS],
        "author_count": len(authors),
        "author_corresponding": _known(row.text("author_corresponding")),
        "author_corresponding_institution": _known(row.text("author_corresponding_institution")),
        "category": row.text("category"),
        "type": row.text("type"),
        "license": _LICENCES.get(licence, licence),
        "published_doi": _known(row.text("published")),
        "published_journal": "",
        "published_date": "",
    }
    url = f"https://www.{server.name}.org/content/{doi}v{version}"
    return Item(server.name, f"{doi}v{version}", title or f"(no title) {doi}", url, str(version), fields)


def warning_of(items: Sequence[Item]) -> str:
    """Say what a reader must know of preprints, and which were withdrawn."""
    withdrawn = ", ".join(item.id for item in items if item.fields["withdrawn"])
    told = [WARNING, f"Withdrawn: {withdrawn}." if withdrawn else ""]
    return " ".join(filter(None, told)) if items else ""


def doi_of(row: Shape, name: str = "doi") -> str:
    """Return the DOI of a row, in lower case. Raises `Upstream` for anything else."""
    found = row.text(name, due=True).strip().lower()
    if not re.fullmatch(DOI, found, re.ASCII):
        raise Upstream(f'{row.what} has the DOI "{found[:40]}", which is none.')
    return found


def version_of(row: Shape) -> int:
    """Return the version of a row. Raises `Upstream` for anything but a number from 1 on."""
    found = row.text("version", due=True)
    if not (found.isascii() and found.isdigit() and 0 < len(found) < 4 and int(found)):
        raise Upstream(f'{row.what} has the version "{found[:20]}", which is none.')
    return int(found)


def category_of(name: str) -> str:
    """Return a subject category as the interface's parameter writes it: ``infectious_diseases``."""
    return "_".join(name.lower().split())


def _plain(text: str) -> str:
    """Return text without markup; a raised digit after a digit stays an exponent (10^9, not 109)."""
    return " ".join(html.unescape(_TAG.sub("", _EXPONENT.sub("^", text))).split())


def _known(text: str) -> str:
    return "" if text.strip() in ("NA", "N/A") else text.strip()

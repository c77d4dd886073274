"""openRxiv's API over a few made preprints of bioRxiv and medRxiv, and the same as saved answers.

The preprints are invented. Shapes as https://api.biorxiv.org documents and sends them: rows of a span of days oldest
first, pages of 30, counts as numbers and totals as text, no keyword search, "no posts found" with status 200.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

PAGE: Final = 30
_LABEL: Final = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
_NONE: Final = {"messages": [{"status": "no posts found"}], "collection": []}


def _row(number: int, title: str, abstract: str, posted: str, version: int = 1, **more: str) -> dict[str, str]:
    year, month, day = posted.split("-")
    return {
        "title": title,
        "authors": "Seo, J.; Brandt, O. K.; The Invented Consortium",
        "author_corresponding": "Jiwoo Seo",
        "author_corresponding_institution": "University of Nowhere",
        "doi": more.pop("doi", f"10.1101/{year}.{month}.{day}.{900_000 + number}"),
        "date": posted,
        "version": str(version),
        "type": "new results",
        "license": "cc_by",
        "category": "immunology",
        "jatsxml": "https://www.biorxiv.org/content/early/made.source.xml",
        "abstract": abstract,
        "funder": "NA",
        "published": "NA",
        "server": "bioRxiv",
        **more,
    }


_FIRST: Final = "10.1101/2024.01.10.900001"
_ROWS: Final = (
    _row(1, "Platelets age in made mice", "Platelet counts fell to 20 x 10<sup>9</sup>/L.", "2024-01-10"),
    _row(1, "Platelets age in made mice", "A second version, with counts &lt; 30.", "2024-02-20", 2, doi=_FIRST),
    _row(
        1,
        "Platelets age in made mice: final",
        "The third version was sent to a journal.",
        "2024-04-02",
        3,
        doi=_FIRST,
        published="10.5555/journal.77",
    ),
    _row(
        2, "Épithelial repair by an invented peptide", "Wounds closed in 5 days.", "2024-03-01", category="cell biology"
    ),
    _row(3, "WITHDRAWN: A cure for everything", "NA", "2024-03-05", category="epidemiology", license="cc_no"),
    _row(4, "한국 성인의 수면과 면역", "수면이 짧은 성인에서 가상의 지표가 낮았다.", "2024-03-09"),
    _row(5, "Tags <script>alert(1)</script> and \u202ebidi\u202c", "Nothing happens; \u0000 neither.", "2024-03-11"),
)
_FILLING: Final = tuple(
    _row(100 + at, f"Filling preprint {at} about bees", "Bees were counted.", str(date(2023, 6, 1) + timedelta(at)))
    for at in range(80)
)
_OLD: Final = tuple(
    _row(300 + at, f"Old preprint {at} about ants", "Ants were counted.", str(date(2015, 1, 1) + timedelta(at)))
    for at in range(640)
)
"""More than one question reads of a server."""
_PUBLISHED: Final = {
    "preprint_doi": _FIRST,
    "published_doi": "10.5555/journal.77",
    "published_journal": "Journal of Made Haematology",
    "preprint_platform": "bioRxiv",
    "preprint_title": "Platelets age in made mice: final",
    "preprint_authors": "Seo, J.; Brandt, O. K.",
    "preprint_category": "immunology",
    "preprint_date": "2024-04-02",
    "published_date": "2024-09-30",
    "preprint_abstract": "The third version was sent to a journal.",
    "preprint_author_corresponding": "Jiwoo Seo",
    "preprint_author_corresponding_institution": "University of Nowhere",
}


def rows_of(server: str) -> list[dict[str, str]]:
    """Return the made rows of a server, oldest first."""
    rows = sorted((*_ROWS, *_FILLING, *_OLD), key=lambda row: row["date"])
    return [{**row, "server": _LABEL[server]} for row in rows]


def simulator(server: str) -> Simulator:
    """Return the API as a callable that knows the preprints of one server."""
    rows = rows_of(server)

    def answer(asked: Asked) -> Reply:
        found = re.fullmatch(r"/(details|pubs)/(\w+)/(.+)", asked.path)
        if found is None:
            return Reply(b"<html><body>404 Not Found</body></html>", 404, "text/html")
        kind, named, rest = found.groups()
        if named not in _LABEL:
            return Reply({"messages": [{"status": "Server not recognized"}], "collection": []})
        span = re.fullmatch(r"([^/]+)/([^/]+)/(\d+)/json", rest)
        lookup = re.fullmatch(r"(10\.\d+/[^/]+)/na/json", rest)
        if kind == "pubs" and lookup:
            return _pubs(lookup.group(1), named if named == server else "")
        if lookup:
            return _preprint(lookup.group(1), rows if named == server else [])
        if kind == "details" and span:
            first, last, cursor = span.groups()
            return _interval(first, last, cursor, rows if named == server else [], asked.one("category"))
        return Reply({"messages": [{"status": "Both dates must be in yyyy-mm-dd format"}], "collection": []})

    return answer


def _preprint(doi: str, rows: list[dict[str, str]]) -> Reply:
    found = [row for row in rows if row["doi"].lower() == doi.lower()]
    return Reply({"messages": [{"status": "ok"}], "collection": found} if found else _NONE)


def _pubs(doi: str, server: str) -> Reply:
    if doi != _FIRST or not server:
        return Reply(_NONE)
    return Reply({"messages": [{"status": "ok"}], "collection": [{**_PUBLISHED, "preprint_platform": _LABEL[server]}]})


def _interval(first: str, last: str, cursor: str, rows: list[dict[str, str]], category: str) -> Reply:
    if not all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in (first, last)):
        return Reply({"messages": [{"status": "Both dates must be in yyyy-mm-dd format"}], "collection": []})
    found = [row for row in rows if first <= row["date"] <= last]
    found = [row for row in found if not category or row["category"].replace(" ", "_") == category]
    at = int(cursor)
    if not found:
        return Reply(_NONE)
    if at >= len(found):
        return Reply(b"Internal Server Error", 500, "text/html")
    return Reply(_answer(found, at, f"{first}:{last}", category))


def _answer(found: list[dict[str, str]], at: int, interval: str, category: str = "") -> dict[str, Any]:
    page = found[at : at + PAGE]
    message = {
        "status": "ok",
        "category": category or "all",
        "interval": interval,
        "funder": "all",
        "cursor": str(at) if at else 0,
        "count": len(page),
        "count_new_papers": str(sum(row["version"] == "1" for row in found)),
        "total": str(len(found)),
    }
    return {"messages": [message], "collection": page}


def bulk(folder: Path, server: str) -> list[Path]:
    """Write the answers that a hospital saves: one a file, the last one in lines, some of which cannot be read."""
    rows = rows_of(server)
    pages = [_answer(rows, at, "2015-01-01:2024-12-31") for at in range(0, len(rows), PAGE)]
    paths = [folder / f"{server}-{at}.json" for at in range(len(pages) - 1)]
    for path, page in zip(paths, pages[:-1], strict=True):
        path.write_bytes(orjson.dumps(page, option=orjson.OPT_INDENT_2))
    other = {
        **rows[0],
        "doi": "10.1101/2024.01.01.999999",
        "server": _LABEL["medrxiv" if server == "biorxiv" else "biorxiv"],
    }
    lines = [pages[-1], {**rows[0], "doi": "none"}, other, {"messages": [{"status": "error"}], "collection": []}]
    last = folder / f"{server}-last.jsonl"
    last.write_bytes(b"\n".join([*map(orjson.dumps, lines), b'{"doi": "10.1101/2', b""]))
    return [*paths, last]

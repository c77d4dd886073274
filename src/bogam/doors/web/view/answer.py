"""What a source answered, as a page shows it: its fields as texts, lists, tables and folded long texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, cast
from urllib.parse import quote, urlencode, urlsplit

from bogam.doors.web.view import moment
from bogam.doors.web.words import Words
from bogam.sources.answer import Answer, Item

Kind = Literal["text", "long", "words", "list", "table", "members", "link"]
_LONG: Final = 500
_LEAD: Final = 160
_SHORT: Final = 60
_WORD: Final = 30
_ROWS: Final = 60
_COLUMNS: Final = 7
_DEEP: Final = 8
_HINTS: Final = 3
_FIRST: Final = {
    name: at
    for at, name in enumerate(
        (
            "notice", "status", "overall_status", "retracted", "journal", "published", "publication_types", "phases",
            "study_type", "conditions", "interventions", "category", "kind", "type", "boxed_warning", "indications",
            "generic_name", "brand_name", "manufacturer", "labeler", "tty", "max_phase", "taxonomy", "effective",
            "effective_date", "contractor", "summary", "abstract", "authors", "sponsor",
        )
    )
}  # fmt: skip
"""Fields that a reader looks for first, in this order."""
_MARKS: Final = {"found": "ok", "none": "", "truncated": "ok", "stale": "warn", "unknown_id": "warn", "upstream_error": "critical"}  # fmt: skip  # noqa: E501
_SIGNS: Final = {"found": "✓", "none": "○", "truncated": "✓", "stale": "!", "unknown_id": "○", "upstream_error": "✕"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value laid out. ``text`` is what is said, ``lead`` the beginning of a long text, ``left`` what is not shown."""

    kind: Kind
    text: str = ""
    lead: str = ""
    parts: tuple[Node, ...] = ()
    members: tuple[tuple[str, Node], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Node, ...], ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above an answer: what it is, how old, and what a reader must know."""

    mark: str
    sign: str
    status: str
    where: str
    version: str
    retrieved: str
    age: str
    count: str
    reason: str


def head(answer: Answer, words: Words) -> Head:
    """Lay out what an answer is and where it came from."""
    shown = len(answer.items)
    total = answer.total if answer.total is not None and answer.total > shown else None
    count = words("sources.count_of", n=f"{shown:,}", total=f"{total:,}") if total else words("sources.count", n=shown)
    dated = answer.retrieved_at and answer.status != "upstream_error"
    at = moment.parsed(answer.retrieved_at) if dated else None
    age = moment.ago(at, words, at + timedelta(seconds=answer.age_s)) if at else ""
    return Head(
        _MARKS[answer.status],
        _SIGNS[answer.status],
        words(f"sources.status_{answer.status}"),
        words(f"sources.backend_{answer.backend.replace('-', '_')}"),
        answer.version,
        moment.shown(answer.retrieved_at.removesuffix("Z")) if at else "",
        age,
        count if shown else "",
        answer.reason if answer.status != "truncated" or not answer.next else "",
    )


def way(source: str, id: str) -> str:
    """Return the path of the page of one item."""
    return f"/sources/{quote(source, safe='')}/items/{quote(id, safe='/')}"


def more(path: str, given: Mapping[str, Any], next: str) -> str:
    """Return the address of the items that follow."""
    return f"{path}?{urlencode({**given, 'next': next, 'go': '1'}, doseq=True)}"


def outward(url: str) -> str:
    """Return an address that a person can open outside; empty for one that is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("https", "http") and parts.netloc else ""


def hints(item: Item, words: Words) -> list[tuple[str, str]]:
    """Return a few short fields of an item for a list, with their labels."""
    found = [
        (label(name, words), str(value))
        for name, value in sorted_fields(item)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and 0 < len(str(value)) <= _SHORT
    ]
    return [each for each in found if each[1] != item.title][:_HINTS]


def sorted_fields(item: Item) -> list[tuple[str, Any]]:
    """Return the fields of an item, those first that a reader looks for first."""
    return sorted(item.fields.items(), key=lambda each: _FIRST.get(each[0], len(_FIRST)))


def label(name: str, words: Words) -> str:
    """Return what a field is called: common ones in the reader's language, others as the publisher names them."""
    return words.get(f"field.{name}", name.replace("_", " "))


def laid(value: Any, words: Words, deep: int = 0) -> Node | None:
    """Lay out a value of an item; None where it holds nothing."""
    if isinstance(value, Mapping):
        return _mapping(cast(Mapping[str, Any], value), words, deep)
    if isinstance(value, list):
        return _list(cast("list[Any]", value), words, deep)
    return _text(value, words)


def _text(value: Any, words: Words) -> Node | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Node("text", words("sources.yes" if value else "sources.no"))
    text = str(value)
    if len(text) > _LONG:
        return Node("long", text, lead=f"{text[:_LEAD].rstrip()} …")
    return Node("link", text) if outward(text) and " " not in text else Node("text", text)


def _mapping(value: Mapping[str, Any], words: Words, deep: int) -> Node | None:
    if deep >= _DEEP:
        return Node("text", words("sources.deeper"))
    made = [(label(name, words), node) for name, each in value.items() if (node := laid(each, words, deep + 1))]
    return Node("members", members=tuple(made)) if made else None


def _list(value: list[Any], words: Words, deep: int) -> Node | None:
    if deep >= _DEEP:
        return Node("text", words("sources.deeper"))
    shown, left = value[:_ROWS], max(0, len(value) - _ROWS)
    if all(isinstance(each, Mapping) for each in shown) and len(shown) > 1:
        table = _table(cast("list[Mapping[str, Any]]", shown), words, deep, left)
        if table is not None:
            return table
    made = [node for each in shown if (node := laid(each, words, deep + 1))]
    if not made:
        return None
    if len(made) == 1 and not left:
        return made[0]
    short = all(node.kind == "text" and len(node.text) <= _WORD for node in made)
    return Node("words" if short else "list", parts=tuple(made), left=left)


def _table(rows: list[Mapping[str, Any]], words: Words, deep: int, left: int) -> Node | None:
    names = list(dict.fromkeys(name for row in rows for name, each in row.items() if each not in (None, "", [], {})))
    if not 1 < len(names) <= _COLUMNS:
        return None
    empty = Node("text")
    cells = tuple(tuple(laid(row.get(name), words, deep + 1) or empty for name in names) for row in rows)
    return Node("table", columns=tuple(label(name, words) for name in names), rows=cells, left=left)

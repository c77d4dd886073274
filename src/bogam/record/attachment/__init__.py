"""The text within attachments, addressable: plain text, HTML and XML, RTF, PDF, and the narrative of resources.

The same bytes give the same text always, so that a citation made today resolves tomorrow: every format is read within
limits that depend on the bytes and not on the clock. Nothing in an attachment is executed or fetched.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

from bogam.record.attachment.markup import markup_text
from bogam.record.attachment.rtf import RtfError, rtf_text
from bogam.record.json import PointerError, point

LARGEST: Final = 32 << 20
"""Bytes of the largest attachment that is read."""
_LARGEST_TEXT: Final = 4 << 20
"""Bytes of the largest attachment other than a PDF that is read."""
_PAGE: Final = re.compile(r"(.*/data)/page/([1-9]\d{0,5})")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:\-]+)""", re.IGNORECASE)
_CODECS: Final = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "utf-8-sig",
    "ascii": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "cp949": "cp949",
    "ms949": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "uhc": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
_KOREAN: Final = re.compile(
    r"[\x00-\x7f가-힣ㄱ-ㆎ一-鿿豈-﫿　-〿！-｠·×÷±°′″℃Å㎎㎏㎍㎖ℓ㎝㎜㎡→←↑↓○●◎△▲▽▼□■◇◆★☆※∼～…–—‘’“”]*"
)
"""What a Korean text in cp949 is made of. Other 8-bit text decodes as cp949 too, but not to this."""

_PLAIN: Final = frozenset({"text/plain", "text/markdown", "text/csv", "text/tab-separated-values", "text/x-markdown"})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_XML: Final = frozenset({"text/xml", "application/xml"})
_RTF: Final = frozenset({"application/rtf", "text/rtf", "text/richtext", "application/x-rtf"})
_UNTYPED: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class Reading(NamedTuple):
    """The text of an attachment as (pointer, text), and in a sentence what of it could not be read."""

    parts: list[tuple[str, str]]
    unread: str | None = None


def read(attachment: dict[str, Any], pointer: str) -> Reading:
    """Read an Attachment or a Binary that stands at ``pointer`` within its resource."""
    content = attachment.get("data")
    if not isinstance(content, str) or not content:
        return Reading([], "The attachment has no content.")
    data = _bytes(content)
    if data is None:
        return Reading([], "The attachment is damaged: its content is no base64.")
    kind = _kind(attachment, data)
    if len(data) > (LARGEST if kind == "application/pdf" else _LARGEST_TEXT):
        return Reading([], f"The attachment is too large to be read ({len(data):,} bytes).")
    at = f"{pointer}/data"
    if kind == "application/pdf":
        return _pages(data, at)
    try:
        text = _text(kind, data, _charset(attachment))
    except RtfError as error:
        return Reading([], f"The RTF attachment cannot be read: {error}.")
    if text is None:
        return Reading([], f'An attachment of type "{kind or "unknown"}" has no text that can be read.')
    return Reading([(at, text)] if text.strip() else [], None if text.strip() else "The attachment is empty.")


def texts(json: Any) -> list[tuple[str, str]]:
    """Return (pointer, text) of every attachment and narrative within a decoded resource, in document order."""
    return list(_texts(json, ""))


def text_at(json: Any, pointer: str) -> str | None:
    """Return the text that ``pointer`` means within a decoded resource, exactly as `read` and `texts` give it.

    None when the pointer is not to an attachment's ``data``, a page of it, or a narrative's ``div``: then it means the
    leaf.
    """
    if pointer.endswith("/div"):
        try:
            div = point(json, pointer)
        except PointerError:
            return None
        return narrative(div) if isinstance(div, str) else None
    page = _PAGE.fullmatch(pointer)
    if not page and not pointer.endswith("/data"):
        return None
    at = page[1] if page else pointer
    try:
        holder = point(json, at.removesuffix("/data"))
    except PointerError:
        return None
    if not _is_attachment(holder):
        return None
    if not page:
        return next((text for place, text in read(holder, at.removesuffix("/data")).parts if place == pointer), None)
    data = _bytes(holder["data"])
    if data is None or _kind(holder, data) != "application/pdf":
        return None
    from bogam.record.attachment.pdf import page_text

    return page_text(data, int(page[2]))


def narrative(div: str) -> str:
    """Return the text of a narrative's XHTML."""
    return markup_text(div) if len(div) <= _LARGEST_TEXT else ""


def _pages(data: bytes, at: str) -> Reading:
    from bogam.record.attachment.pdf import PdfError, pdf_texts  # slow to import, and most records hold no PDF

    try:
        pages, unread = pdf_texts(data)
    except PdfError as error:
        return Reading([], str(error))
    return Reading([(f"{at}/page/{number}", text) for number, text in pages], unread)


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if type(value) is dict:
        element = cast("dict[str, Any]", value)
        if _is_attachment(element):
            yield from read(element, pointer).parts
        for key, item in element.items():
            if key == "div" and isinstance(item, str):
                if told := narrative(item):
                    yield f"{pointer}/div", told
            elif type(item) is dict or type(item) is list:
                yield from _texts(item, f"{pointer}/{key}")
    elif type(value) is list:
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _texts(item, f"{pointer}/{index}")


def _is_attachment(value: Any) -> bool:
    """Attachment and Binary have data; so have SampledData and Signature, with elements that those two have not."""
    if type(value) is not dict:
        return False
    element = cast("dict[str, Any]", value)
    return isinstance(element.get("data"), str) and not ({"origin", "dimensions", "who", "sigFormat"} & element.keys())


def _bytes(content: str) -> bytes | None:
    try:
        return binascii.a2b_base64(content)
    except ValueError:
        return None


def _charset(attachment: dict[str, Any]) -> str:
    kind = attachment.get("contentType")
    named = _CHARSET.search(kind) if isinstance(kind, str) else None
    return named[1].lower() if named else ""


def _kind(attachment: dict[str, Any], data: bytes) -> str:
    """The media type as given; from the first bytes when none is given."""
    given = attachment.get("contentType")
    kind = given.split(";", 1)[0].strip().lower() if isinstance(given, str) else ""
    if kind not in _UNTYPED:
        return kind
    start = data[:1024].lstrip()
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith(b"{\\rtf"):
        return "application/rtf"
    if start[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "text/html"
    return kind if b"\x00" in data or not _guessable(data) else "text/plain"


def _guessable(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(kind: str, data: bytes, charset: str) -> str | None:
    """The text of anything but a PDF, None of what has none. Raises RtfError."""
    if kind in _PLAIN:
        return _decoded(data, charset)
    if kind in _HTML or kind in _XML or kind.endswith("+xml"):
        return markup_text(_decoded(data, charset or _declared(data)), xml=kind not in _HTML)
    return rtf_text(_decoded(data, charset)) if kind in _RTF else None


def _declared(data: bytes) -> str:
    """The charset that an HTML or XML document names in its first lines."""
    named = re.search(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:\-]+)""", data[:1024], re.IGNORECASE)
    return named[1].decode("ascii", "replace").lower() if named else ""


def _decoded(data: bytes, charset: str) -> str:
    """The text by the charset that is named; where none is or it is wrong: UTF-8, Korean or Western, whichever fits."""
    for codec in (_CODECS.get(charset), "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else None, "utf-8-sig"):
        if codec:
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
    try:
        korean = data.decode("cp949")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
    return korean if _KOREAN.fullmatch(korean) else data.decode("cp1252", "replace")

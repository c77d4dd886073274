"""From a file to a document: which reader it needs, decided by its first bytes and its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from bogam.record.attachment.pdf import PdfError, pdf_properties, pdf_texts
from bogam.sources.library.docx import read_docx
from bogam.sources.library.plain import lay_out, read_html, read_markdown, read_text, tell
from bogam.sources.library.written import Unreadable, Writer, Written, clean

LARGEST: Final = 32 << 20
KINDS: Final = ("pdf", "docx", "html", "markdown", "text")
_ENDINGS: Final = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
ENDINGS: Final = tuple(_ENDINGS)
_CHARSET: Final = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w.:\-]{2,40})""", re.IGNORECASE)
_KOREAN_CODECS: Final = frozenset({b"euc-kr", b"cp949", b"ks_c_5601-1987", b"ksc5601", b"ms949", b"windows-949"})


def read(data: bytes, name: str) -> tuple[str, Written]:
    """Read a file.

    Parameters
    ----------
    name
        What it is called; its ending must be one of `ENDINGS`.

    Returns
    -------
    The kind (see `KINDS`) and the document. A title that it does not give is made of its name.

    Raises
    ------
    Unreadable
        With the reason.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST >> 20} MB: split it into parts")
    kind = _kind(data, name)
    if kind == "pdf":
        made = _pdf(data)
    elif kind == "docx":
        made = read_docx(data)
    else:
        made = {"html": read_html, "markdown": read_markdown, "text": read_text}[kind](_decoded(data))
    made.title = made.title or clean(PurePosixPath(name).stem.replace("_", " "))
    return kind, made


def _kind(data: bytes, name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    kind = _ENDINGS.get(ending)
    if ending in (".docm", ".dotm", ".xlsm", ".pptm"):
        raise Unreadable("it holds macros: save it without macros (.docx) or as PDF")
    if kind is None:
        raise Unreadable(
            f"a file that ends in {ending or 'nothing'} is not read; PDF, DOCX, HTML, Markdown and text are"
        )
    if not data.strip():
        raise Unreadable("it is empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("it is locked with a password, or an old .doc: save it as .docx or PDF without a password")
    seen = "pdf" if data[:1024].lstrip().startswith(b"%PDF-") else "docx" if data.startswith(b"PK\x03\x04") else ""
    if seen != (kind if kind in ("pdf", "docx") else ""):
        raise Unreadable(f"its content is {seen.upper() or f'no {kind.upper()}'} although its name ends in {ending}")
    return kind


def _decoded(data: bytes) -> str:
    """Decode text: by its byte order mark, as UTF-8, or as a Korean 8-bit code page.

    Raises
    ------
    Unreadable
        When it is none of these.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise Unreadable("it is no text: it holds NUL bytes")
    named = _CHARSET.search(data[:2048])
    codecs = ["cp949"] if named and named[1].lower() in _KOREAN_CODECS else ["utf-8-sig", "cp949"]
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Unreadable("its characters are neither UTF-8 nor a Korean code page: save it as UTF-8")


def _pdf(data: bytes) -> Written:
    made = Writer()
    try:
        for name, value in pdf_properties(data).items():
            tell(made.written, name, value)
        pages, unread = pdf_texts(data)
    except PdfError as error:
        said = str(error)
        hint = "; run OCR first" if "scan" in said else "; save it without a password" if "password" in said else ""
        raise Unreadable(f"{said[0].lower()}{said[1:].rstrip('.')}{hint}") from error
    made.written.pages.clear()
    for number, text in pages:
        made.page(number)
        lay_out(text, made)
    read = made.done()
    read.unread = unread or ""
    return read

"""Attachments: the same words as plain text, HTML, RTF or PDF."""

from __future__ import annotations

import base64
import html
from datetime import datetime
from typing import Final, Literal

from fpdf import FPDF

from bogam.synthetic.people import Json

Form = Literal["text", "html", "rtf", "pdf"]
_TYPES: Final[dict[Form, str]] = {
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "rtf": "application/rtf",
    "pdf": "application/pdf",
}


def attachment(text: str, form: Form, title: str, korean: bool, at: datetime) -> Json:
    """Build a FHIR Attachment. A PDF holds Latin text only (its fonts are the standard ones)."""
    writers = {"html": _html, "rtf": _rtf, "pdf": _pdf}
    body = writers[form](text, title, at) if form in writers else text.encode()
    return {
        "contentType": _TYPES[form],
        "language": "ko-KR" if korean else "en-US",
        "data": base64.b64encode(body).decode(),
        "title": title,
        "creation": at.isoformat(timespec="seconds"),
    }


def _html(text: str, title: str, _: datetime) -> bytes:
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    head = f'<head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    return f"<!DOCTYPE html>\n<html>{head}\n<body>\n<h1>{html.escape(title)}</h1>\n{lines}\n</body></html>\n".encode()


def _rtf(text: str, title: str, _: datetime) -> bytes:
    def escape(line: str) -> str:
        line = line.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
        # RTF counts UTF-16 units as signed 16-bit numbers; all that the ward writes is in the basic plane.
        return "".join(c if ord(c) < 128 else f"\\u{(ord(c) + 32768) % 65536 - 32768}?" for c in line)

    body = "\\par\n".join(escape(line) for line in text.splitlines())
    start = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs22\n"
    return f"{start}{{\\b {escape(title)}}}\\par\n{body}\\par\n}}".encode("ascii")


def _pdf(text: str, title: str, at: datetime) -> bytes:
    page = FPDF()
    page.set_creation_date(at)
    page.set_title(title)
    page.add_page()
    page.set_font("Helvetica", "B", 14)
    page.cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=11)
    # fpdf2 leaves the type of what this returns unknown; nothing of it is used.
    page.multi_cell(0, 6, text.encode("latin-1", "replace").decode("latin-1"))  # pyright: ignore[reportUnknownMemberType]
    return bytes(page.output())

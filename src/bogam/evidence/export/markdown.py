"""Markdown (CommonMark with GitHub's extensions), safe against what the record says."""

from __future__ import annotations

import re
from typing import Final

from bogam.evidence.draft import Filed
from bogam.evidence.export.document import document

_SYNTAX: Final = re.compile(r"([\\`*_\[\]<>|~&#{}$])")
_AUTOLINK: Final = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)|\b(www)(?=\.)")
_OPENING: Final = re.compile(r"^(\d+)(?=[.)])|^(?=[-+=:!])")


def escape(text: str) -> str:
    """Escape everything that Markdown would read as syntax, automatic links included."""
    text = _SYNTAX.sub(r"\\\1", text).replace("@", "\\@").replace("!\\[", "\\!\\[")
    text = _AUTOLINK.sub(lambda found: f"{found[0]}\\", text)
    return _OPENING.sub(lambda found: f"{found[0]}\\", text)


def render(filed: Filed) -> bytes:
    """Return a filed draft as UTF-8 Markdown."""
    doc = document(filed)
    lines = [f"# {escape(doc.title)}", "", f"**{escape(doc.subject)}**", "", f"**{escape(doc.status)}**", ""]
    if doc.spoken_from:
        lines += [escape(doc.spoken_from), ""]
    if doc.reason:
        lines += [escape(doc.reason), ""]
    for block in doc.blocks:
        lines += [f"## {escape(block.title)}", ""]
        for statement in block.statements:
            numbers = "".join(f"\\[{number}\\]" for number in statement.sources)
            mark = f"**{escape(statement.mark)}:** " if statement.mark else ""
            lines.append(f"- {mark}{escape(statement.text)} {numbers}".rstrip())
        if block.note:
            lines += ["", f"*{escape(block.note)}*"] if block.statements else [f"*{escape(block.note)}*"]
        lines.append("")
    lines += [f"## {escape(doc.word('sources'))}", ""]
    for source in doc.sources:
        lines.append(
            f"- \\[{source.number}\\] {escape(source.source)} ({escape(source.edition)}, sha256 {source.sha[:12]})"
        )
        lines += [f"  - {escape(pointer)}: “{escape(quote)}”" for pointer, quote in source.places]
    lines += ["", f"## {escape(doc.word('about'))}", ""]
    lines += [f"- {escape(label)}: {escape(value)}" for label, value in doc.about]
    return ("\n".join(lines) + "\n").encode()

"""Plain text."""

from __future__ import annotations

from bogam.evidence.draft import Filed
from bogam.evidence.export.document import document


def render(filed: Filed) -> bytes:
    """Return a filed draft as UTF-8 plain text."""
    doc = document(filed)
    lines = [doc.title, doc.subject, f"[{doc.status}]"]
    if doc.reason:
        lines.append(doc.reason)
    if doc.spoken_from:
        lines.append(doc.spoken_from)
    for block in doc.blocks:
        lines += ["", block.title.upper() if doc.language == "en" else f"[{block.title}]"]
        for statement in block.statements:
            numbers = "".join(f"[{number}]" for number in statement.sources)
            mark = f"!! {statement.mark}: " if statement.mark else ""
            lines.append(f"- {mark}{statement.text} {numbers}".rstrip())
        if block.note:
            lines.append(f"  ({block.note})")
    lines += ["", doc.word("sources").upper() if doc.language == "en" else f"[{doc.word('sources')}]"]
    for source in doc.sources:
        lines.append(f"[{source.number}] {source.source} ({source.edition}, sha256 {source.sha[:12]})")
        lines += [f"      {pointer}: “{quote}”" for pointer, quote in source.places]
    lines += ["", doc.word("about").upper() if doc.language == "en" else f"[{doc.word('about')}]"]
    lines += [f"{label}: {value}" for label, value in doc.about]
    return ("\n".join(lines) + "\n").encode()

"""Reads DiagnosticReport, ImagingStudy, DocumentReference and Composition: reports, and notes with their text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bogam.record.attachment import narrative, read
from bogam.record.citation import Field
from bogam.record.facts import Note, Report
from bogam.record.timeline.links import Record, encounter, fallback
from bogam.record.timeline.node import Node, Span
from bogam.record.transcript import coded_transcript

_REPORT: Final = {
    "registered": "pending",
    "partial": "preliminary",
    "preliminary": "preliminary",
    "final": "final",
    "amended": "final",
    "corrected": "final",
    "appended": "final",
    "available": "final",
    "cancelled": "cancelled",
}
_NOTE: Final = {
    "registered": "preliminary",
    "partial": "preliminary",
    "preliminary": "preliminary",
    "final": "current",
    "amended": "current",
    "corrected": "current",
    "appended": "current",
    "current": "current",
    "superseded": "superseded",
}
_SECTION_DEPTH: Final = 12


def diagnostic_report(node: Node, record: Record) -> tuple[Report | Note, ...]:
    """Read a DiagnosticReport, and as a note what it has attached."""
    when = node.span("effectiveDateTime", "effectivePeriod", "issued")
    report = Report(
        origin=node.origin,
        name=node.name("code") or fallback(node),
        codes=node.codings("code"),
        status=_REPORT.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        conclusion=node.name("conclusion", "conclusionCode"),
        category=node.name("category"),
    )
    forms = list(node.children("presentedForm"))
    if not forms:
        return (report,)
    status = _NOTE.get(node.word("status"), "unknown")
    author = record.person(node.child("resultsInterpreter")) or record.person(node.child("performer"))
    return report, _note(node, record, report.name, status, when, author, forms)


def imaging_study(node: Node, record: Record) -> tuple[Report, ...]:
    """Read an ImagingStudy. Without a description its procedure, body part or modality names it."""
    when = node.span("started")
    series = node.child("series")
    named = node.name("description", "procedureCode") or record.title(node.child("procedureReference"))
    return (
        Report(
            origin=node.origin,
            name=named
            or (series.name("description", "bodySite", "modality") if series else None)
            or node.name("modality")
            or fallback(node),
            codes=node.codings("procedureCode"),
            status=_REPORT.get(node.word("status"), "unknown"),
            status_field=node.leaf("status"),
            start=when.start,
            at=when.at,
            encounter=encounter(node),
            category=node.name("modality") or (series.name("modality") if series else None),
        ),
    )


def document_reference(node: Node, record: Record) -> tuple[Note, ...]:
    """Read a DocumentReference with the text of every attachment."""
    attachments = [found for one in node.children("content") if (found := one.child("attachment"))]
    if coded_transcript(node.codings("type")):
        attachments = attachments[:1]  # the second is the file that the dialogue was read from
    when = node.span("date")
    if when.start is None:
        created = (one.span("creation") for one in attachments)
        context = node.path("context", "period")
        when = next((one for one in created if one.start), context.period() if context else when)
    status = _NOTE.get(node.word("status"), "unknown")
    if status == "current" and node.word("docStatus") == "preliminary":
        status = "preliminary"
    titled = next((field for one in attachments if (field := one.leaf("title"))), None)
    name = node.name("type", "category", "description") or titled or fallback(node)
    return (_note(node, record, name, status, when, record.person(node.child("author")), attachments),)


def composition(node: Node, record: Record) -> tuple[Note, ...]:
    """Read a Composition with the narrative of every section."""
    when = node.span("date")
    parts = tuple(_sections(node, _SECTION_DEPTH))
    fact = Note(
        origin=node.origin,
        name=node.name("title", "type") or fallback(node),
        codes=node.codings("type"),
        status=_NOTE.get(node.word("status"), "unknown"),
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        encounter=encounter(node),
        parts=parts,
        author=record.person(node.child("author")),
        unread=None if parts else "The document has no narrative text.",
    )
    return (fact,)


def _sections(node: Node, depth: int) -> Iterator[Field]:
    for section in node.children("section"):
        text = section.child("text")
        told = narrative(text.word("div")) if text else ""
        if text and told:
            yield Field(node.origin, f"{text.pointer}/div", told)
        if depth:
            yield from _sections(section, depth - 1)


def _note(
    node: Node, record: Record, name: Field, status: str, when: Span, author: Field | None, attachments: list[Node]
) -> Note:
    parts: list[Field] = []
    unread: list[str] = []
    seen: set[str] = set()
    for attachment in attachments:
        # A document may be there twice under one content; other formats of it cannot be told from other documents.
        found, reason = _text(attachment, record)
        parts.extend(part for part in found if part.text not in seen)
        seen.update(part.text for part in found)
        if reason and reason not in unread:
            unread.append(reason)
    if not attachments:
        unread.append("The document has no attachment.")
    status_field = node.leaf("docStatus") if status == "preliminary" else None
    return Note(
        origin=node.origin,
        name=name,
        codes=node.codings("type") or node.codings("code"),
        status=status,
        status_field=status_field or node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        parts=tuple(parts),
        author=author,
        unread=" ".join(unread) or None,
    )


def _text(attachment: Node, record: Record) -> tuple[list[Field], str | None]:
    """The text of an attachment, or of the Binary that its url leads to."""
    source = attachment
    if not attachment.word("data"):
        url = attachment.word("url")
        binary = record.find(url) if "Binary/" in url else None
        if binary and binary.word("resourceType") == "Binary":
            source = binary
        elif url:
            return [], "The text is stored outside the record and was not fetched."
    reading = read(source.value, source.pointer)
    return [Field(source.origin, pointer, text) for pointer, text in reading.parts], reading.unread

"""Text of PDF by pypdf, a page at a time, within limits."""

from __future__ import annotations

import io
import logging
import zlib
from typing import Any, Final, cast

from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.errors import PyPdfError

PAGES: Final = 200
"""Pages read of one PDF."""
_OPERATIONS: Final = 100_000
"""Drawing operations followed on one page, forms within forms included; a dense page has 10,000."""
_ALL_OPERATIONS: Final = 1_000_000
_LIMITS: Final = Configuration(
    maximum_declared_stream_length=32 << 20,
    array_based_stream_maximum_output_length=4 << 20,
    lzw_maximum_output_length=4 << 20,
    run_length_maximum_output_length=4 << 20,
    zlib_maximum_output_length=4 << 20,
    zlib_maximum_recovery_input_length=1 << 20,
    stream_decoding_work_maximum_length=16 << 20,
    stream_parsing_work_maximum_count=500_000,
    page_tree_maximum_entries=20_000,
)
_DAMAGE: Final = (
    PyPdfError,
    zlib.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    EOFError,
)
"""What pypdf raises on damaged files: its own errors, and whatever a wrong type inside leads to."""

# What pypdf has to say about a file is said by `PdfError`, not on standard error.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


class PdfError(ValueError):
    """A PDF without readable text; says why."""


class _TooMuchError(ValueError):
    """A page with more drawing operations than are followed."""


def pdf_texts(data: bytes) -> tuple[list[tuple[int, str]], str | None]:
    """Return (page number from 1, text) of every page that has any, and a sentence about pages that were not read.

    Raises
    ------
    PdfError
        When it is damaged, locked, or has no text at all.
    """
    found: list[tuple[int, str]] = []
    spent, damaged = 0, 0
    with apply_configuration(_LIMITS):
        pages = _pages(data)
        read = pages[:PAGES]
        for number, page in enumerate(read, 1):
            text, operations = _text(page)
            spent += operations
            damaged += text is None
            if text:
                found.append((number, text))
            if spent > _ALL_OPERATIONS:
                read = read[:number]
                break
    unread: list[str] = []
    if len(read) < len(pages):
        unread.append(f"Only the first {len(read)} of {len(pages)} pages were read.")
    if damaged:
        unread.append(f"{damaged} of {len(read)} pages are damaged or too complex to read.")
    if not found:
        raise PdfError(unread[-1] if damaged else "The PDF has no text; it may be a scan.")
    return found, " ".join(unread) or None


def page_text(data: bytes, number: int) -> str | None:
    """Return the text of page ``number`` (from 1) as `pdf_texts` has it; None when it has none there."""
    with apply_configuration(_LIMITS):
        try:
            pages = _pages(data)
        except PdfError:
            return None
        return _text(pages[number - 1])[0] or None if 0 < number <= min(len(pages), PAGES) else None


def pdf_properties(data: bytes) -> dict[str, str]:
    """Return what a PDF's document information says of it, by lower-case name (``title``, ``author``).

    Raises
    ------
    PdfError
        When it is damaged or locked.
    """
    with apply_configuration(_LIMITS):
        try:
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise PdfError("The PDF is locked with a password.")
            told = cast("dict[Any, Any]", dict(reader.metadata or {}))
            return {str(name).lstrip("/").lower(): str(value) for name, value in told.items()}
        except PdfError:
            raise
        except _DAMAGE as error:
            raise PdfError("The PDF is damaged.") from error


def _pages(data: bytes) -> list[PageObject]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise PdfError("The PDF is locked with a password.")
        return list(reader.pages)
    except PdfError:
        raise
    except _DAMAGE as error:
        raise PdfError("The PDF is damaged.") from error


def _text(page: PageObject) -> tuple[str | None, int]:
    """The text of a page, None when it cannot be read, and the operations it took."""
    operations = 0

    def count(*_: Any) -> None:
        nonlocal operations
        operations += 1
        if operations > _OPERATIONS:
            raise _TooMuchError

    try:
        return page.extract_text(visitor_operand_before=count).strip(), operations
    except _DAMAGE:
        return None, operations

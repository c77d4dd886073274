"""Comma-separated values (RFC 4180): one row for each sentence, with the code that it carries where it carries one."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from bogam.evidence.draft import Filed
from bogam.evidence.export.codes import coded
from bogam.evidence.export.document import safe

COLUMNS: Final = (
    "draft", "revision", "state", "signed_by", "signed_at", "section", "code", "system", "release", "title", "text",
    "support", "evidence",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def render(filed: Filed) -> bytes:
    """Return a filed draft as CSV in UTF-8 with a byte order mark, which spreadsheets need to read Korean."""
    codes = {id(each.claim): each for each in coded(filed.draft)}
    signed = filed.signature if filed.state == "signed" else None
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for claim in filed.draft.claims:
        code = codes.get(id(claim))
        row = (
            filed.draft.id,
            str(filed.revision),
            filed.state,
            signed.name if signed else "",
            signed.at if signed else "",
            claim.section,
            *((code.code, code.system, code.release, code.title) if code else ("", "", "", "")),
            claim.text,
            claim.support.state,
            "; ".join(
                f"{each.source}{each.pointer} “{each.quote}”" for each in claim.citations if ":" not in each.source
            ),
        )
        table.writerow([_inert(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _inert(value: str) -> str:
    """Keep a spreadsheet from taking a value for a formula."""
    value = safe(value)
    return f"'{value}" if value.startswith(_FORMULA) else value

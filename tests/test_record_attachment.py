"""Attachments become addressable text, whatever is in them, in bounded time."""

from __future__ import annotations

import base64
import random
import time
import zlib
from typing import Any

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.record.attachment import read, text_at, texts

SECONDS = 20.0
"""No attachment may take longer, on a slow and busy machine."""


def attachment(data: bytes, kind: str | None) -> dict[str, Any]:
    found = {"data": base64.b64encode(data).decode()}
    return found if kind is None else found | {"contentType": kind}


def document(data: bytes, kind: str | None) -> dict[str, Any]:
    return {"resourceType": "DocumentReference", "content": [{"attachment": attachment(data, kind)}]}


def only(data: bytes, kind: str | None) -> str:
    reading = read(attachment(data, kind), "")
    assert reading.unread is None
    ((pointer, text),) = reading.parts
    assert pointer == "/data"
    return text


def pdf(*pages: str) -> bytes:
    made = FPDF()
    made.set_font("helvetica", size=12)
    for page in pages:
        made.add_page()
        if page:
            made.multi_cell(0, text=page)
    return bytes(made.output())


def raw_pdf(content: bytes, *, filter: bytes = b"/Filter /FlateDecode", more: bytes = b"") -> bytes:
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> "
        b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filter, content),
        more or b"<< >>",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return out + end % (len(parts) + 1, table, len(parts) + 1, len(out))


NOTE = "폐렴으로 입원. SpO2 91% → O2 2L 시작."


@pytest.mark.parametrize(
    ("codec", "kind"),
    [
        ("utf-8", "text/plain; charset=utf-8"),
        ("utf-8", "text/plain"),
        ("utf-8-sig", "text/plain"),
        ("cp949", "text/plain; charset=euc-kr"),
        ("cp949", 'text/plain;charset="KS_C_5601-1987"'),
        ("cp949", "text/plain; charset=x-unheard-of"),
        ("cp949", "text/plain"),
        ("utf-16", "text/plain"),
        ("utf-8", None),
        ("utf-8", "application/octet-stream"),
    ],
)
def test_korean_text_in_its_charset(codec: str, kind: str | None):
    assert only(NOTE.encode(codec), kind) == NOTE


@pytest.mark.parametrize("kind", ["text/plain; charset=iso-8859-1", "text/plain", "text/plain; charset=utf-8"])
def test_western_text_is_not_taken_for_korean(kind: str):
    assert only("Température 38,5 °C, über Nacht".encode("latin-1"), kind) == "Température 38,5 °C, über Nacht"


def test_plain_text_is_kept_to_the_character():
    assert only(b"\r\n  BP 120/80\t\r\n", "text/plain") == "\r\n  BP 120/80\t\r\n"


def test_html_is_what_a_reader_sees():
    page = (
        "<!DOCTYPE html><html><head><style>p{}</style><script>if (a<b) alert('<p>x</p>')</script></head>"
        "<body><h1>Plan</h1><p>Na&nbsp;&lt; 135 &amp; K <b>3</b>.<i>1</i></p><!-- <p>no</p> -->"
        "<ul><li>one</li><li title='a>b'>two</li></ul><table><tr><td>Hb</td><td>10.2</td></tr></table>"
        "a < b and <3</body></html>"
    )
    assert only(page.encode(), "text/html") == "Plan\n\nNa\xa0< 135 & K 3.1\n\none\n\ntwo\n\nHb\t10.2\n\na < b and <3"


def test_html_names_its_charset_itself():
    page = '<html><meta charset="euc-kr"><p>혈압</p></html>'
    assert only(page.encode("cp949"), "text/html") == "혈압"


def test_narrative_of_a_section():
    json = {
        "section": [{"text": {"div": '<div xmlns="http://www.w3.org/1999/xhtml">Dx:<br/>폐렴 &#x2192; 호전</div>'}}]
    }
    assert text_at(json, "/section/0/text/div") == "Dx:\n폐렴 → 호전"
    assert texts(json) == [("/section/0/text/div", "Dx:\n폐렴 → 호전")]


def test_rtf_with_korean_bytes_and_unicode():
    rtf = rb"{\rtf1\ansi\ansicpg949{\fonttbl{\f0\fcharset129 Batang;}}\f0 \'c6\'f3\'b7\'c5 \u54840?\par K 3.1}"
    assert only(rtf, "application/rtf") == "폐렴 혈\nK 3.1".replace("혈", chr(54840))


def test_rtf_link_keeps_its_words():
    rtf = rb'{\rtf1 see {\field{\*\fldinst{HYPERLINK "http://a.example"}}{\fldrslt{the guide}}} now}'
    assert only(rtf, "text/rtf") == "see the guide now"


def test_pdf_is_a_part_for_each_page_with_text():
    json = document(pdf("Sodium 131", "", "Potassium 5.9"), "application/pdf")
    at = "/content/0/attachment/data"
    assert texts(json) == [(f"{at}/page/1", "Sodium 131"), (f"{at}/page/3", "Potassium 5.9")]
    assert text_at(json, f"{at}/page/3") == "Potassium 5.9"
    assert [text_at(json, f"{at}{end}") for end in ("", "/page/2", "/page/4", "/page/0", "/page/x")] == [None] * 5


def test_only_attachments_and_narratives_have_texts():
    sampled = {"valueSampledData": {"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "1 2 3"}}
    signature = {"signature": [{"who": {"display": "A"}, "data": "YWJj"}]}
    for json in (sampled, signature):
        assert texts(json) == []
    assert text_at(sampled, "/valueSampledData/data") is None
    assert text_at(document(b"a", "text/plain"), "/content/0/attachment/contentType") is None
    assert text_at(document(b"a", "text/plain"), "/content/7/attachment/data") is None
    assert text_at({"resourceType": "Binary", "contentType": "text/plain", "data": "YWJj"}, "/data") == "abc"


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (b"\x89PNG", "image/png", "image/png"),
        (pdf(""), "application/pdf", "scan"),
        (pdf("x")[:300], "application/pdf", "damaged"),
        (b"%PDF-1.4 nothing here", None, "damaged"),
        (b"  ", "text/plain", "empty"),
        (b"\x00\x01\xff", None, "unknown"),
        (b"a" * (5 << 20), "text/plain", "too large"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, kind: str | None, says: str):
    parts, unread = read(attachment(data, kind), "")
    assert not parts
    assert unread is not None
    assert says in unread
    assert unread.endswith(".")


def test_content_that_is_no_base64():
    assert read({"contentType": "text/plain", "data": "a"}, "").unread is not None
    assert read({"contentType": "text/plain", "data": "가나다라"}, "").unread is not None


FORM = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length %d >>\nstream\n%s\nendstream"
HOSTILE = {
    "html tags": (b"<a " * 300_000, "text/html"),
    "html quotes": (b"<a '\">" * 300_000, "text/html"),
    "html comments": (b"<!--" * 300_000, "text/html"),
    "html ends": (b"</" * 500_000, "text/html"),
    "html scripts": (b"<script>" * 200_000, "text/html"),
    "html entities": (b"&amp" * 300_000, "text/html"),
    "xml markers": (b"<![CDATA[" * 200_000, "text/xml"),
    "rtf fonts": (b"{\\rtf1{\\fonttbl" + b"\\f1\\fcharset1" * 100_000 + b"}}", "text/rtf"),
    "rtf fonts without charset": (b"{\\rtf1{\\fonttbl" + b"\\f1;" * 7_000 + b"}}", "text/rtf"),
    "rtf links": (b"{\\rtf1" + b'{\\field{\\*\\fldinst{HYPERLINK "a"' * 50_000, "text/rtf"),
    "rtf braces": (b"{\\rtf1" + b"{" * 1_000_000, "text/rtf"),
    "rtf number": (b"{\\rtf1 \\u99999999999 x}", "text/rtf"),
    "pdf bomb": (raw_pdf(zlib.compress(b" " * (300 << 20), 9)), "application/pdf"),
    "pdf bomb in a bomb": (
        raw_pdf(zlib.compress(zlib.compress(b" " * (300 << 20), 9), 9), filter=b"/Filter [/FlateDecode /FlateDecode]"),
        "application/pdf",
    ),
    "pdf operations": (raw_pdf(zlib.compress(b"BT /F 1 Tf (a) Tj ET " * 190_000, 9)), "application/pdf"),
    "pdf form calls": (
        raw_pdf(zlib.compress(b"/A Do " * 60_000, 9), more=FORM % (30_000, b"BT (a) Tj ET\n" * 2_000)),
        "application/pdf",
    ),
    "pdf form in itself": (
        raw_pdf(
            zlib.compress(b"/A Do"),
            more=b"<< /Type /XObject /Subtype /Form /Resources << /XObject << /A 5 0 R >> >> /BBox [0 0 9 9] "
            b"/Length 12 >>\nstream\n/A Do /A Do \nendstream",
        ),
        "application/pdf",
    ),
    "pdf pages": (
        raw_pdf(zlib.compress(b"")).replace(b"/Kids [3 0 R]", b"/Kids [" + b"3 0 R " * 50_000 + b"]"),
        "application/pdf",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_attachment_ends(name: str):
    data, kind = HOSTILE[name]
    began = time.perf_counter()
    reading = read(attachment(data, kind), "")
    assert time.perf_counter() - began < SECONDS
    assert reading.parts or reading.unread


def test_damaged_pdfs_never_raise():
    whole, chance = pdf("Sodium 131 mmol/L", "K 5.9"), random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        json = document(bytes(data), "application/pdf")
        for pointer, text in texts(json):
            assert text_at(json, pointer) == text


@settings(deadline=None, max_examples=150)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="<>/!-[]ab\"'=& \n\\{}u1;", max_size=200).map(str.encode),
    ),
    kind=st.sampled_from(
        ["text/plain", "text/html", "text/xml", "text/rtf", "application/pdf", "", "text/plain;charset=euc-kr"]
    ),
)
def test_any_bytes_read_and_resolve_the_same(data: bytes, kind: str):
    json = document(data, kind)
    for pointer, text in texts(json):
        assert text
        assert text_at(json, pointer) == text

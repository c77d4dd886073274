"""Exports of a filed draft: what they say, and that hostile text stays text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from markdown_it import MarkdownIt
from pypdf import PdfReader

from bogam.evidence.claim import Claim, Failure, Support
from bogam.evidence.draft import Draft, Filed, Section, Signature
from bogam.evidence.export import fhir, html, markdown, pdf, text
from bogam.record.citation import Citation
from bogam.record.r4.check import check
from bogam.record.store import Resource

SHA = "a" * 64
OK = Support("supported")
HOSTILE = (
    "<script>alert(1)</script> [click](javascript:alert(1)) ![x](http://evil.example/a.png) http://evil.example "
    "\u202egnp.exe\u202c \u0007 <img src=x onerror=alert(1)> `code` **bold** | a | me@evil.example www.evil.example "
    "&lt;b&gt;"
)


def cite(source: str, pointer: str, quote: str) -> Citation:
    return Citation(source, "1", SHA, pointer, 0, len(quote), quote)


def filed(language: str = "en", **changes: object) -> Filed:
    claims = (
        Claim("Potassium 6.1 mmol/L, high", (cite("Observation/k1", "/valueQuantity/value", "6.1"),), OK, "results"),
        Claim(
            "Sodium 999 mmol/L",
            (cite("Observation/na", "/valueQuantity/value", "138"), cite("Observation/k1", "/status", "final")),
            Support("unsupported", (Failure("number", "999", "138"),)),
            "results",
        ),
    )
    conflict = Claim(
        "암피실린 is ordered, and an allergy to Penicillin is recorded",
        (cite("MedicationRequest/m", "/medicationCodeableConcept/text", "암피실린"),),
        OK,
        "conflicts",
        "conflict.drug-allergy-class",
    )
    missing = Claim(
        "No allergy entry",
        (),
        Support("absence"),
        "missing",
        "missing.allergies",
        "AllergyIntolerance: 0 of 3 resources",
    )
    draft = Draft(
        "d1", "record-summary", "p1", "ko" if language == "ko" else "en",
        "Record summary", "김서연 · 10023417 · 1959-03-02",
        (Section("person", "Patient"), Section("results", "Results", 7)), claims, (missing,), (conflict,),
        "built-in record-summary 1", "e" * 64, "2026-11-20",
    )  # fmt: skip
    return replace(Filed(draft, 1, "waiting", "2026-11-20T09:00:00Z", "kim"), **changes)


def signed(language: str = "en") -> Filed:
    signature = Signature("kim", "Kim Min-ji", "physician", "2026-11-20T10:00:00Z", "signed")
    return filed(language, state="signed", signature=signature)


def pages(body: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]


def words(render: str, of: Filed) -> str:
    if render == "text":
        return text.render(of).decode()
    if render == "markdown":
        return re.sub(r"\\([^\w\s])", r"\1", markdown.render(of).decode())
    if render == "html":
        return html.render(of).decode()
    return " ".join(" ".join(pages(pdf.render(of))).split())


FORMS = ("text", "markdown", "html", "pdf")


@pytest.mark.parametrize("form", FORMS)
def test_says_that_it_is_a_draft_and_what_it_rests_on(form: str) -> None:
    shown = words(form, filed()).replace("&#34;", '"')
    for part in (
        "DRAFT – not signed", "김서연", "Potassium 6.1 mmol/L, high", "NOT SUPPORTED by its source", "7 more not shown",
        "암피실린", "No allergy entry", "0 of 3 resources", "built-in record-summary 1", "2026-11-20", "e" * 64,
        "Observation/k1", "/valueQuantity/value", "6.1",
    ):  # fmt: skip
        assert part in shown, part
    assert "Signed by" not in shown


@pytest.mark.parametrize("form", FORMS)
def test_says_who_signed(form: str) -> None:
    assert "Signed by Kim Min-ji (physician), 2026-11-20T10:00:00Z" in words(form, signed())
    assert "DRAFT" not in words(form, signed())
    assert "Kim Min-ji (의사) 서명" in words(form, signed("ko"))


@pytest.mark.parametrize("form", FORMS)
def test_says_why_rejected(form: str) -> None:
    signature = Signature("kim", "Kim", "physician", "2026-11-20T10:00:00Z", "rejected", "wrong patient")
    shown = words(form, filed(state="rejected", signature=signature))
    assert "REJECTED by Kim" in shown
    assert "wrong patient" in shown


@pytest.mark.parametrize("render", [text.render, markdown.render, html.render, pdf.render, fhir.render])
def test_same_draft_same_bytes(render: object) -> None:
    assert callable(render)
    assert render(signed("ko")) == render(signed("ko"))


def hostile() -> Filed:
    draft = filed().draft
    claim = Claim(HOSTILE, (cite("Observation/k1", "/code/text", HOSTILE),), OK, "results")
    return replace(filed(), draft=replace(draft, claims=(claim,), subject=HOSTILE, conflicts=(claim,)))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


def tags(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    return parser


def test_html_keeps_hostile_text_as_text() -> None:
    page = html.render(hostile()).decode()
    seen = tags(page)
    assert not seen.seen & {"script", "img", "iframe", "b", "strong", "code"}
    assert all(link.startswith("#s") for link in seen.links)
    assert "\u202e" not in page
    assert "\u0007" not in page


def test_markdown_keeps_hostile_text_as_text() -> None:
    source = markdown.render(hostile()).decode()
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source)
    seen = tags(page)
    assert not seen.seen & {"script", "img", "a", "code", "table"}
    assert "http\\:" in source
    assert "\u202e" not in source


@pytest.mark.parametrize("render", [text.render, html.render, markdown.render])
def test_every_line_of_the_record_stays_on_its_line(render: object) -> None:
    assert callable(render)
    draft = filed().draft
    claim = Claim("fine\n# forged heading\n- forged", (cite("Observation/k1", "/x", "a\r\nb"),), OK, "results")
    lines = render(replace(filed(), draft=replace(draft, claims=(claim,)))).decode().splitlines()
    assert not any(line.startswith(("# forged", "- forged")) for line in lines)


def test_pdf_shows_korean_and_its_state_on_every_page() -> None:
    draft = filed("ko").draft
    many = tuple(Claim(f"포타슘 {n}.1 mmol/L", (cite("Observation/k1", "/x", "1"),), OK, "results") for n in range(200))
    shown = pages(pdf.render(replace(filed("ko"), draft=replace(draft, claims=many))))
    assert len(shown) > 3
    for number, page in enumerate(shown, 1):
        assert "초안 – 서명 전" in page
        assert "김서연" in page
        assert f"{len(shown)}쪽 중 {number}쪽" in page
    assert "포타슘 199.1 mmol/L" in " ".join(shown)


def test_pdf_embeds_its_font_and_dates_itself_by_the_draft() -> None:
    reader = PdfReader(io.BytesIO(pdf.render(filed("ko"))))
    assert b"FontFile2" in pdf.render(filed("ko"))
    assert reader.metadata is not None
    assert str(reader.metadata.creation_date).startswith("2026-11-20 09:00:00")


def test_pdf_survives_characters_that_its_font_lacks() -> None:
    draft = filed().draft
    claim = Claim("emoji 😀 and 漢字 stay legible", (cite("Observation/k1", "/x", "1"),), OK, "results")
    assert "stay legible" in " ".join(pages(pdf.render(replace(filed(), draft=replace(draft, claims=(claim,))))))


def stored(type_: str, id_: str, **members: object) -> Resource:
    body = orjson.dumps({"resourceType": type_, "id": id_, **members})
    return Resource(type_, id_, 1, "p1", body, sha256(body).hexdigest(), "2026-11-20T08:00:00Z")


def cited() -> list[Resource]:
    code = {"text": "Potassium"}
    return [
        stored("Patient", "p1", birthDate="1959-03-02"),
        stored("Observation", "k1", status="final", code=code, valueQuantity={"value": 6.1, "unit": "mmol/L"}),
        stored("Observation", "other", status="final", code=code),
    ]


@pytest.mark.parametrize("of", [filed(), signed("ko"), hostile()])
def test_fhir_document_is_valid(of: Filed) -> None:
    body = fhir.render(of, cited())
    assert check(body).type == "Bundle"
    bundle = Bundle.model_validate_json(body)
    kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
    assert kinds == ["Composition", "Observation", "Patient", "Provenance"]
    assert bundle.type == "document"
    assert len({entry.fullUrl for entry in bundle.entry}) == len(bundle.entry)


def test_fhir_keeps_the_cited_resources_as_they_are_stored() -> None:
    assert all(one.body in fhir.render(filed(), cited()) for one in cited()[:2])


def test_fhir_status_follows_the_signature() -> None:
    waiting, done = fhir.composition(filed()), fhir.composition(signed())
    assert waiting["status"] == "preliminary"
    assert "attester" not in waiting
    assert done["status"] == "final"
    assert done["attester"][0]["time"] == "2026-11-20T10:00:00Z"
    titles = [section["title"] for section in done["section"]]
    assert titles == [
        "Patient", "Conflicts in the record", "Results", "Missing from the record", "Sources", "About this document",
    ]  # fmt: skip


def test_signing_gives_a_composition_and_its_provenance() -> None:
    composed, source = fhir.resources(signed())
    assert check(composed).type == "Composition"
    assert check(source).type == "Provenance"
    provenance = orjson.loads(source)
    assert provenance["target"] == [{"reference": f"Composition/{orjson.loads(composed)['id']}"}]
    assert {"role": "source", "what": {"reference": "Observation/k1/_history/1"}} in provenance["entity"]
    assert provenance["signature"][0]["when"] == "2026-11-20T10:00:00Z"


def test_nothing_is_filed_unsigned() -> None:
    with pytest.raises(ValueError, match="not signed"):
        fhir.resources(filed())

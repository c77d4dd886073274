"""Verify claims: resolve every citation to its exact words, and compare the claim's atoms with them.

Nothing here trusts who wrote a claim. The same rules hold for a skill's sentence, a language model's and a person's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bogam.evidence.claim import Claim, Failure, Support
from bogam.evidence.compare import failures
from bogam.evidence.context import Measured, Piece, piece
from bogam.evidence.draft import Draft
from bogam.evidence.focus import closest, departures
from bogam.evidence.gather import Evidence, gather
from bogam.evidence.grounding.judge import is_dialogue, judge
from bogam.evidence.resolve import CitationError, Document, Documents, Fetch, words
from bogam.evidence.show import is_document
from bogam.record.citation import Citation
from bogam.text.atoms import Reading, read
from bogam.text.quantities import same_number
from bogam.text.sentences import sentences

_SUPPORTED = Support("supported")
_ABSENT = Support("absence")
_NO_SOURCE = Support("unsupported", (Failure("citation", "no source", "it cites nothing"),))


def verify(
    claims: Sequence[Claim], fetch: Fetch, *, as_of: str = "", documents: Documents | None = None
) -> tuple[Claim, ...]:
    """Return the claims with their support.

    Parameters
    ----------
    claims
        What to check, in any language mixture of English and Korean.
    fetch
        Returns the stored version of a source, or None.
    as_of
        ISO date that ages and times may be counted to.
    documents
        Parsed resources of an earlier call, to be read again.

    Notes
    -----
    ``supported``: every citation resolves and every atom of the text is borne out. ``unsupported``: ``failed`` lists
    each citation that does not resolve, or each atom and what the source has. ``conflicting``: what is cited
    disagrees with itself about what the claim states. ``absence``: nothing is cited, and ``searched`` says what was
    looked through; with citations, all but the denial itself is checked.
    """
    read_from = documents or Documents(fetch)
    return tuple(
        Claim(claim.text, claim.citations, _support(claim, read_from, as_of), claim.section, claim.kind, claim.searched)
        for claim in claims
    )


def verify_draft(draft: Draft, fetch: Fetch) -> Draft:
    """Return a draft with its claims, missing items and conflicts verified as of its date."""
    documents = Documents(fetch)
    claims, missing, conflicts = (
        verify(part, fetch, as_of=draft.as_of, documents=documents)
        for part in (draft.claims, draft.missing, draft.conflicts)
    )
    return replace(draft, claims=claims, missing=missing, conflicts=conflicts)


def _support(claim: Claim, documents: Documents, as_of: str) -> Support:
    if not claim.citations:
        return _ABSENT if claim.searched else _NO_SOURCE
    pieces: list[tuple[Document, Citation]] = []
    wrong: list[Failure] = []
    for citation in claim.citations:
        try:
            document = documents.get(citation.source, citation.version)
            words(citation, document)
            pieces.append((document, citation))
        except CitationError as error:
            wrong.append(Failure("citation", error.what, error.why))
    if wrong:
        return Support("unsupported", tuple(wrong))
    key = (claim.text, claim.citations, claim.searched == "", claim.kind.startswith("conflict"), as_of)
    known = documents.judged.get(key)
    if known is None:
        known = _judge(claim, pieces, as_of)
        documents.judge(key, known)
    return known


_FOCUSED: Final = frozenset({"number", "unit", "dose", "drug", "side", "negation"})


def _judge(claim: Claim, cited: Sequence[tuple[Document, Citation]], as_of: str) -> Support:
    """Compare a claim with citations that resolved. The same text on the same citations is the same verdict."""
    if all(is_dialogue(document) for document, _ in cited):
        return judge(claim, cited)
    if (own := _unquoted(claim.text, cited)) is not None:
        if not own.strip():
            return _SUPPORTED
        claim = replace(claim, text=own)
    pieces = [piece(document, each.pointer, each.start, each.end) for document, each in cited]
    got = gather(pieces)
    reading = read(claim.text)
    found = failures(reading, got, as_of)
    if not found and (near := closest(reading, pieces)) is not None:
        found = _focused(reading, cited, pieces, near, as_of)
    if claim.searched:
        found = [failure for failure in found if failure.kind != "negation"]
        return _ABSENT if not found else Support("unsupported", tuple(found))
    if found:
        return Support("unsupported", tuple(found))
    disagreeing = () if claim.kind.startswith("conflict") else _disagree(claim, got)
    return Support("conflicting", disagreeing) if disagreeing else _SUPPORTED


def _unquoted(text: str, cited: Sequence[tuple[Document, Citation]]) -> str | None:
    """Return what a claim says beside its quotations of outside documents; None when it quotes none.

    What is repeated word for word, in whole sentences, is what the source says, however it is read. It is the whole
    claim, or it stands in quotation marks.
    """
    own = " ".join(text.split())
    found = False
    for document, each in cited:
        quote = " ".join(each.quote.split())
        if not is_document(document.json) or not _in_sentences(document.leaf(each.pointer), each.start, each.end):
            continue
        if own == quote:
            return ""
        if f"“{quote}”" in own:
            own, found = own.replace(f"“{quote}”", "“”"), True
    return own if found else None


def _in_sentences(whole: str, start: int, end: int) -> bool:
    """Whether a span begins where a sentence does and ends where one does."""
    if (start, end) == (0, len(whole)):
        return True
    bounds = sentences(whole)
    return any(start == first for first, _ in bounds) and any(end == last for _, last in bounds)


def _repeats(claim: Reading, cited: Piece) -> bool:
    """Say whether a claim has all the words of a citation in quotation marks: then it is held to all its sentences."""
    return f"“{' '.join(cited.text.split())}”" in claim.text


def _focused(
    reading: Reading,
    cited: Sequence[tuple[Document, Citation]],
    pieces: list[Piece],
    near: tuple[int, int, int, float],
    as_of: str,
) -> list[Failure]:
    index, start, end, likeness = near
    if _repeats(reading, pieces[index]):
        start, end = 0, len(pieces[index].text)
    document, citation = cited[index]
    sentence = read(pieces[index].text[start:end])
    found = departures(reading, sentence, likeness, "\n".join(each.text for each in pieces))
    if (start, end) != (0, len(pieces[index].text)) and not found:
        narrow = list(pieces)
        narrow[index] = piece(document, citation.pointer, citation.start + start, citation.start + end)
        found = [failure for failure in failures(reading, gather(narrow), as_of) if failure.kind in _FOCUSED]
    return found


def _disagree(claim: Claim, got: Evidence) -> tuple[Failure, ...]:
    """Find two cited values of one thing that differ, where the claim states one and no date."""
    reading = read(claim.text)
    if reading.dates or len(reading.quantities) != 1:
        return ()
    number = reading.quantities[0]
    named: dict[tuple[frozenset[str], frozenset[str]], list[Measured]] = {}
    for cited in got.measured:
        if cited.structured and cited.units and "/valueQuantity/value" in _pointers(got, cited):
            named.setdefault((cited.label, cited.units), []).append(cited)
    for values in named.values():
        if not any(same_number(number.digits, cited.digits) for cited in values):
            continue
        if len({float(cited.digits) for cited in values}) > 1 and len({cited.scope for cited in values}) > 1:
            return (
                Failure("number", reading.text[number.start : number.end], ", ".join(cited.shown for cited in values)),
            )
    return ()


def _pointers(got: Evidence, cited: Measured) -> str:
    return " ".join(piece.pointer for piece in got.pieces if cited in piece.measured)

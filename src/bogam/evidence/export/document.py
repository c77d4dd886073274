"""What every export shows, before any format: the draft's statements, its state, and its numbered sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Filed, Language
from bogam.record.citation import Citation

WORDS: Final[dict[str, dict[Language, str]]] = {
    "draft": {"en": "DRAFT – not signed", "ko": "초안 – 서명 전"},
    "signed": {"en": "Signed by {name} ({role}), {at}", "ko": "{name} ({role}) 서명, {at}"},
    "rejected": {"en": "REJECTED by {name} ({role}), {at}", "ko": "{name} ({role}) 반려, {at}"},
    "reason": {"en": "Reason: {x}", "ko": "사유: {x}"},
    "conflicts": {"en": "Conflicts in the record", "ko": "기록 내 상충"},
    "missing": {"en": "Missing from the record", "ko": "기록에 없는 것"},
    "answer": {"en": "Draft, not a decision", "ko": "판단을 돕는 초안"},
    "against": {"en": "Conflicts with the record", "ko": "기록과의 상충"},
    "differ": {"en": "Sources disagree", "ko": "출처 간 차이"},
    "not-found": {"en": "Not found", "ko": "찾지 못한 것"},
    "sources": {"en": "Sources", "ko": "근거"},
    "codes": {"en": "Codes", "ko": "코드"},
    "about": {"en": "About this document", "ko": "문서 정보"},
    "left-out": {"en": "{n} more not shown", "ko": "그 밖에 {n}건 생략"},
    "place": {"en": "To be written by hand: ________________", "ko": "직접 작성: ________________"},
    "none-conflicts": {"en": "No conflict was found by the built-in rules.", "ko": "내장 규칙으로 찾은 상충은 없음."},
    "none-missing": {"en": "Nothing was found missing by the built-in rules.", "ko": "내장 규칙으로 찾은 누락은 없음."},
    "unsupported": {"en": "NOT SUPPORTED by its source", "ko": "근거로 뒷받침되지 않음"},
    "conflicting": {"en": "CONTRADICTED by its source", "ko": "근거와 어긋남"},
    "unchecked": {"en": "NOT CHECKED", "ko": "확인되지 않음"},
    "found": {"en": "{atom}, source: {found}", "ko": "{atom}, 근거: {found}"},
    "searched": {"en": "searched: {x}", "ko": "찾아본 곳: {x}"},
    "as-of": {"en": "As of", "ko": "기준일"},
    "engine": {"en": "Made by", "ko": "작성 엔진"},
    "made": {"en": "Made at", "ko": "작성 시각"},
    "revision": {"en": "Revision", "ko": "개정"},
    "edited": {"en": "Edited by", "ko": "수정자"},
    "hash": {"en": "Evidence hash (SHA-256)", "ko": "근거 해시 (SHA-256)"},
    "id": {"en": "Draft", "ko": "초안 번호"},
    "page": {"en": "Page {n} of {all}", "ko": "{all}쪽 중 {n}쪽"},
    "physician": {"en": "physician", "ko": "의사"},
    "nurse": {"en": "nurse", "ko": "간호사"},
    "coder": {"en": "coder", "ko": "보건의료정보관리사"},
}

_QUOTE: Final = 120
"""Longest quotation in the list of sources, in code points."""


def safe(text: str) -> str:
    """Put text on one line, without control, bidirectional-override or zero-width characters."""
    return " ".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in text).split())


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, the numbers of its sources, and a mark with the reason when verification did not bear it out.

    ``index`` is its place in the draft's claims, None for what is missing and what conflicts.
    """

    text: str
    sources: tuple[int, ...]
    mark: str = ""
    state: str = "unchecked"
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A titled part. ``note`` tells what the length left out, or that there is nothing."""

    key: str
    title: str
    statements: tuple[Statement, ...]
    note: str = ""
    origins: tuple[str, ...] = ()
    """``Type/id`` of what the statements cite, in order."""


@dataclass(frozen=True, slots=True)
class Source:
    """One version of one resource with the places in it that are cited: (pointer, quote)."""

    number: int
    source: str
    version: str
    sha: str
    places: tuple[tuple[str, str], ...]

    @property
    def edition(self) -> str:
        """``v2`` of a resource; of an outside document its own version or date, which stands before its digest."""
        release, outside, _ = self.version.partition("~")
        return (release or "undated") if outside else f"v{self.version}"


@dataclass(frozen=True, slots=True)
class Document:
    """A filed draft, ready for a format. All text is on one line and without hidden characters."""

    language: Language
    title: str
    subject: str
    status: str
    reason: str
    signed: bool
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    about: tuple[tuple[str, str], ...]
    stamp: str
    """When it was signed or rejected, otherwise when it was made (ISO 8601)."""

    @property
    def spoken_from(self) -> str:
        """The day that the document speaks from, with its label; empty where it has none."""
        label, value = self.about[0]
        return f"{label} {value}" if label == self.word("as-of") else ""

    def word(self, key: str) -> str:
        """Return a word of the catalogue in the document's language."""
        return WORDS[key][self.language]


class _Numbers:
    """Gives each cited version of a resource a number, in order of appearance."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, str], dict[tuple[str, str], None]] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}

    def of(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        numbers: dict[int, None] = {}
        for citation in citations:
            key = (citation.source, citation.version, citation.sha)
            places = self._places.setdefault(key, {})
            quote = safe(citation.quote)
            shown = quote if len(quote) <= _QUOTE else quote[:_QUOTE] + "…"
            places[(safe(citation.pointer), shown)] = None
            numbers[self._numbers.setdefault(key, len(self._numbers) + 1)] = None
        return tuple(numbers)

    def sources(self) -> tuple[Source, ...]:
        return tuple(
            Source(number, safe(source), safe(version), sha, tuple(places))
            for number, ((source, version, sha), places) in enumerate(self._places.items(), 1)
        )


def document(filed: Filed) -> Document:
    """Lay out a filed draft: who, conflicts, the other sections, what is missing, then the sources."""
    draft, language = filed.draft, filed.draft.language
    numbers = _Numbers()

    places = {id(claim): index for index, claim in enumerate(draft.claims)}

    def block(key: str, title: str, claims: Sequence[Claim], note: str) -> Block:
        statements = tuple(_statement(claim, numbers, language, places.get(id(claim))) for claim in claims)
        origins = tuple(dict.fromkeys(citation.source for claim in claims for citation in claim.citations))
        return Block(key, safe(title), statements, note, origins)

    blocks: list[Block] = []
    if draft.from_sources:
        against = [each for each in draft.conflicts if each.kind != "conflict.sources"]
        differ = [each for each in draft.conflicts if each.kind == "conflict.sources"]
        told = (("against", against), ("differ", differ))
        blocks.extend(block(key, WORDS[key][language], claims, "") for key, claims in told if claims)
    for place, section in enumerate(draft.sections):
        claims = [claim for claim in draft.claims if claim.section == section.key]
        note = WORDS["left-out"][language].format(n=section.left_out) if section.left_out else ""
        if section.place and not claims:
            note = WORDS["place"][language]
        blocks.append(block(section.key, section.title, claims, note))
        if place == 0 and not draft.from_sources:
            blocks.append(_findings("conflicts", draft.conflicts, block, language))
    if not draft.sections and not draft.from_sources:
        blocks.append(_findings("conflicts", draft.conflicts, block, language))
    if not draft.from_sources:
        blocks.append(_findings("missing", draft.missing, block, language))
    elif draft.missing:
        blocks.append(block("not-found", WORDS["not-found"][language], draft.missing, ""))
    status, reason, stamp = _state(filed)
    return Document(
        language, safe(draft.title), safe(draft.subject), status, reason, filed.state == "signed",
        tuple(blocks), numbers.sources(), _about(filed), stamp,
    )  # fmt: skip


_Make = Callable[[str, str, Sequence[Claim], str], Block]


def _findings(key: str, claims: Sequence[Claim], block: _Make, language: Language) -> Block:
    note = "" if claims else WORDS[f"none-{key}"][language]
    return block(key, WORDS[key][language], claims, note)


def _statement(claim: Claim, numbers: _Numbers, language: Language, index: int | None) -> Statement:
    text = safe(claim.text)
    if claim.searched:
        text += f" ({WORDS['searched'][language].format(x=safe(claim.searched))})"
    return Statement(text, numbers.of(claim.citations), _mark(claim, language), claim.support.state, index)


def _mark(claim: Claim, language: Language) -> str:
    state = claim.support.state
    if state not in ("unsupported", "conflicting", "unchecked"):
        return ""
    atoms = [
        WORDS["found"][language].format(atom=safe(failure.text), found=safe(failure.found))
        if failure.found
        else safe(failure.text)
        for failure in claim.support.failed
    ]
    return f"{WORDS[state][language]} ({'; '.join(atoms)})" if atoms else WORDS[state][language]


def _state(filed: Filed) -> tuple[str, str, str]:
    language, signature = filed.draft.language, filed.signature
    if signature is None:
        return WORDS["draft" if filed.draft.patient else "answer"][language], "", filed.made_at
    role = WORDS[signature.role][language] if signature.role in WORDS else safe(signature.role)
    told = WORDS[signature.verdict][language].format(name=safe(signature.name), role=role, at=safe(signature.at))
    reason = WORDS["reason"][language].format(x=safe(signature.reason)) if signature.reason else ""
    return told, reason, signature.at


def _about(filed: Filed) -> tuple[tuple[str, str], ...]:
    draft, language = filed.draft, filed.draft.language
    rows = [
        ("as-of", draft.as_of),
        ("engine", draft.engine),
        ("made", f"{filed.made_at}, {filed.made_by}" if filed.made_by else filed.made_at),
        ("revision", str(filed.revision)),
        ("edited", filed.edited_by),
        ("id", draft.id),
        ("hash", draft.evidence_hash),
    ]
    return tuple((WORDS[key][language], safe(value)) for key, value in rows if value)

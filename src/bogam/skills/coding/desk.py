"""What a coder does with a draft: accept, reject, add, finish. Each takes a draft and returns it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Section
from bogam.record.citation import Citation, Field, Origin
from bogam.record.facts import Note
from bogam.skills.coding import check
from bogam.skills.coding.sentences import quoted
from bogam.skills.coding.words import PHRASES, SECTIONS
from bogam.skills.writing.compose import Piece, fill, plain
from bogam.terms import icd10cm

ACCEPTED: Final = "accepted"


class NotACode(ValueError):
    """What a coder wants to add is no code that may be reported, or is there already. Says which in both languages."""

    def __init__(self, reason: str, reason_ko: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_ko = reason_ko


def code_of(claim: Claim) -> str:
    """Return the code that a claim of this skill begins with."""
    return claim.text.partition(" ")[0]


def accepted(draft: Draft) -> tuple[str, ...]:
    """Return the codes that the coder has chosen, in order."""
    return tuple(code_of(claim) for claim in draft.claims if claim.section == ACCEPTED)


def accept(draft: Draft, index: int, sex: Field | None, *, despite: bool = False) -> Draft:
    """Choose the suggestion at ``index``.

    Parameters
    ----------
    despite
        Choose it although it is not allowed (refuted, uncertain, someone else's). It keeps its reason, and stands among
        the conflicts.

    Raises
    ------
    NotACode
        When it is not allowed, and ``despite`` is False.
    """
    claim = draft.claims[index]
    if claim.section == "considered":
        if not despite:
            raise _unconfirmed(claim)
        text = claim.text + PHRASES["despite"][draft.language]
        claim = replace(claim, text=text, kind=f"code.{claim.kind}")
    claims = [*draft.claims[:index], replace(claim, section=ACCEPTED), *draft.claims[index + 1 :]]
    return _checked(draft, claims, sex)


def reject(draft: Draft, index: int, sex: Field | None) -> Draft:
    """Take the suggestion at ``index`` off the draft; undo brings it back."""
    return _checked(draft, [*draft.claims[:index], *draft.claims[index + 1 :]], sex)


def add(draft: Draft, code: str, evidence: Field | None, sex: Field | None) -> Draft:
    """Add a code of the coder's own, with the words of the record that it rests on.

    Raises
    ------
    NotACode
        When the code is not in ICD-10-CM, is a heading, or is chosen already. A code that needs more characters is
        taken, and what it lacks is listed.
    """
    known = icd10cm.default()
    verdict = known.validate(code)
    entry = known.get(code)
    if entry is None or entry.kind in ("chapter", "block"):
        raise NotACode(verdict.reason, verdict.reason_ko)
    if entry.code in accepted(draft):
        raise NotACode(f"{entry.code} is chosen already.", f"{entry.code}: 이미 선택한 코드입니다.")
    words = _say(draft, "own-bare")
    if evidence is not None:
        words = _say(draft, "own-words", words=quoted(evidence))
    said = _say(
        draft,
        "own",
        code=plain(known.field(entry.code, "/code")),
        title=plain(known.field(entry.code)),
        words=words,
    )
    claim = Claim(said.text, said.citations, section=ACCEPTED, kind=check.BARE if evidence is None else "code.own")
    others = [each for each in draft.claims if each.section == ACCEPTED or code_of(each) != entry.code]
    return _checked(draft, [*others, claim], sex)


def instead(draft: Draft, index: int, code: str, sex: Field | None) -> Draft:
    """Choose a finer ``code`` in place of the claim at ``index``, on the same evidence.

    Raises
    ------
    NotACode
        As `add` does, and when the claim is not allowed and not chosen knowingly yet.
    """
    old = draft.claims[index]
    if old.section == "considered":
        raise _unconfirmed(old)
    at = next(iter(places(old)), None)
    evidence = None
    if at is not None:
        evidence = Field(Origin(at.source, at.version, at.sha), at.pointer, at.quote, at.start)
    left = replace(draft, claims=(*draft.claims[:index], *draft.claims[index + 1 :]))
    made = add(left, code, evidence, sex)
    if not old.kind.startswith("code.considered."):
        return made
    why = _say(draft, old.kind.rpartition(".")[2], x=Piece(""))
    new = made.claims[-1]
    text = new.text + _say(draft, "own-why", why=why).text + PHRASES["despite"][draft.language]
    cited = tuple(dict.fromkeys((*new.citations, *old.citations)))
    return _checked(made, [*made.claims[:-1], replace(new, text=text, citations=cited, kind=old.kind)], sex)


def _unconfirmed(claim: Claim) -> NotACode:
    code = code_of(claim)
    return NotACode(
        f"The record does not allow {code}: confirm that you choose it all the same.",
        f"{code}: 기록으로는 코딩할 수 없습니다. 그래도 선택하려면 확인란에 표시하십시오.",
    )


def finish(draft: Draft, sex: Field | None) -> Draft:
    """Leave the chosen codes alone, in the order that "code first" notes ask for."""
    order = {code: at for at, code in enumerate(icd10cm.default().arranged(accepted(draft)))}
    chosen = [claim for claim in draft.claims if claim.section == ACCEPTED]
    done = _checked(draft, sorted(chosen, key=lambda claim: order.get(code_of(claim), len(order))), sex)
    return replace(done, sections=tuple(section for section in done.sections if section.key == ACCEPTED))


def found(notes: Iterable[Note], words: str) -> Field | None:
    """Return the first place in the notes where these very words stand, or None."""
    for note in notes:
        for part in note.parts:
            at = part.text.find(words) if words else -1
            if at >= 0:
                return part.part(at, at + len(words))
    return None


def places(claim: Claim) -> tuple[Citation, ...]:
    """Return what a claim cites in the record itself."""
    return tuple(each for each in claim.citations if ":" not in each.source)


def _checked(draft: Draft, claims: list[Claim], sex: Field | None) -> Draft:
    """Put the claims into the draft, with what the chosen codes lack and what is against them."""
    chosen = [code_of(claim) for claim in claims if claim.section == ACCEPTED]
    index = icd10cm.default()
    codes = chosen or [code_of(claim) for claim in claims if claim.section == "suggested"]
    codes = [code for code in codes if code in index]
    kept = [section for section in draft.sections if section.key != ACCEPTED]
    first = [Section(ACCEPTED, SECTIONS[ACCEPTED][draft.language])] if chosen else []
    present = {claim.section for claim in claims}
    return replace(
        draft,
        sections=tuple(section for section in (*first, *kept) if section.key in present or section.left_out),
        claims=tuple(claims),
        missing=check.missing(codes, draft.language, index),
        conflicts=(
            *check.chosen([each for each in claims if each.section == ACCEPTED], draft.language, index),
            *check.conflicts(codes, draft.language, index, sex),
        ),
    )


def _say(draft: Draft, phrase: str, **pieces: Piece) -> Piece:
    return fill(PHRASES[phrase][draft.language], pieces)

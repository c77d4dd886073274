"""Whether a code may be reported, and the reason in words a coder can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bogam.terms.icd10cm.codes import dotted
from bogam.terms.icd10cm.entry import Entry, Verdict

if TYPE_CHECKING:
    from bogam.terms.icd10cm.index import Icd10cm

_SHOWN: Final = 6


def of(index: Icd10cm, code: str) -> Verdict:
    """Validate ``code`` against ``index``."""
    given = code.strip()[:32]
    entry = index.get(given)
    if entry is not None:
        return _known(index, entry)
    written = dotted(given)
    if written is None:
        return Verdict(
            False, given, "shape",
            f'"{given}" has not the shape of an ICD-10-CM code: a letter, a digit, a digit or letter, then up to four '
            "more after a dot.",
            f"“{given}”: ICD-10-CM 코드의 형식이 아닙니다. 영문자 하나, 숫자 하나, 숫자나 영문자 하나, 점 뒤에 최대 "
            "네 자리입니다.",
        )  # fmt: skip
    return _unknown(index, written)


def _known(index: Icd10cm, entry: Entry) -> Verdict:
    code, title = entry.code, entry.title
    if entry.billable:
        return Verdict(True, code, "valid", f"{code} is valid: {title}.", f"{code}: 유효한 코드입니다. {title}")
    if entry.kind in ("chapter", "block"):
        return Verdict(
            False, code, "heading",
            f"{code} is a {entry.kind} of the tabular list and no code; choose a code within it.",
            f"{code}: 코드가 아니라 분류표의 {'장' if entry.kind == 'chapter' else '구역'} 제목입니다. 그 안의 코드를 "
            "고르십시오.",
        )  # fmt: skip
    choices = index.extensions(code)
    if choices:
        meanings = dict(index.meanings(code))
        told = "; ".join(f"{each[-1]} {meanings.get(each[-1], '')}".strip() for each in choices[:_SHOWN])
        more = "." if len(choices) <= _SHOWN else " …"
        return Verdict(
            False, code, "needs-seventh",
            f"{code} needs a 7th character: {told}{more}",
            f"{code}: 일곱째 자리가 필요합니다. {told}{more}",
            choices,
        )  # fmt: skip
    choices = tuple(each.code for each in index.children(code))
    return Verdict(
        False, code, "not-billable",
        f"{code} is not billable: choose one of {_listed(choices)}.",
        f"{code}: 더 세분해야 청구할 수 있습니다. 다음에서 고르십시오: {_listed(choices)}",
        choices,
    )  # fmt: skip


def _unknown(index: Icd10cm, code: str) -> Verdict:
    known = _longest(index, code)
    if known is None:
        return Verdict(
            False, code, "unknown",
            f"{code} is unknown: {index.release} has no category {code[:3]}.",
            f"{code}: 알 수 없는 코드입니다. {index.release} 판에 {code[:3]} 범주가 없습니다.",
        )  # fmt: skip
    choices = index.extensions(known.code)
    if choices:
        return _seventh(index, code, known, choices)
    if known.billable:
        return Verdict(
            False, code, "no-subdivision",
            f"{code} is no code: {known.code} has no subdivisions.",
            f"{code}: 없는 코드입니다. {known.code}에는 세분류가 없습니다.",
            (known.code,),
        )  # fmt: skip
    choices = tuple(each.code for each in index.children(known.code))
    return Verdict(
        False, code, "no-such-subdivision",
        f"{code} is no code: {known.code} has no such subdivision; it has {_listed(choices)}.",
        f"{code}: 없는 코드입니다. {known.code}에는 그런 세분류가 없습니다. 있는 세분류: {_listed(choices)}",
        choices,
    )  # fmt: skip


def _seventh(index: Icd10cm, code: str, known: Entry, choices: tuple[str, ...]) -> Verdict:
    """The code goes on where only a seventh character may follow."""
    rest = code.replace(".", "")[len(known.code.replace(".", "")) :]
    chars = "".join(each[-1] for each in choices)
    char = rest.lstrip("X") or rest[-1:]
    if len(char) == 1 and char in chars and len(code) < 8:
        whole = next(each for each in choices if each[-1] == char)
        return Verdict(
            False, code, "placeholder",
            f"{code} is no code: the 7th character must stand in seventh place, with X before it: {whole}.",
            f"{code}: 없는 코드입니다. 일곱째 자리 문자 앞을 X로 채워야 합니다: {whole}",
            (whole,),
        )  # fmt: skip
    if len(code) == 8 and index.base(code) is not None:
        return Verdict(
            False, code, "wrong-seventh",
            f"{code} is no code: {code[7]} is no 7th character of {known.code}; it takes {', '.join(chars)}.",
            f"{code}: 없는 코드입니다. {known.code}의 일곱째 자리는 {', '.join(chars)} 가운데 하나입니다.",
            choices,
        )  # fmt: skip
    return Verdict(
        False, code, "no-subdivision",
        f"{code} is no code: {known.code} has no subdivisions, only 7th characters ({_listed(choices)}).",
        f"{code}: 없는 코드입니다. {known.code}에는 세분류가 없고 일곱째 자리만 있습니다 ({_listed(choices)}).",
        choices,
    )  # fmt: skip


def _longest(index: Icd10cm, code: str) -> Entry | None:
    for length in range(len(code) - 1, 2, -1):
        known = index.get(code[:length].rstrip("."))
        if known is not None:
            return known
    return None


def _listed(codes: tuple[str, ...]) -> str:
    more = "" if len(codes) <= _SHOWN else f" … ({len(codes)})"
    return ", ".join(codes[:_SHOWN]) + more

"""Signs that Korean and English notes write instead of words: ``fever(-) cough(+)``, ``HTN/DM/Tbc (+/-/-)``, "
"``-chills``."""

from __future__ import annotations

import re
from typing import Final

from bogam.record.facts import Assertion

_MEANS: Final[dict[str, Assertion]] = {"+": "present", "-": "absent", "?": "possible", "±": "possible"}
_SIGN: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "＋": "+", "－": "-", "（": "(", "）": ")"})
_OWN: Final = re.compile(
    r"[\w가-힣.]{0,3}\s{0,2}[:=]?\s?\(\s?((?:[+]{1,4}|[-]{1,3}|[?±]|neg(?:ative)?|pos(?:itive)?|[NnYy]|no|yes"
    r"|[1-4]\+)(?:\s?[/,]\s?(?:[+-]|[?±]))*)\s?[),:]",
    re.I,
)
_BARE: Final = re.compile(r"\s?[:=]?\s?([+-]{1,3})(?=\s*(?:[,;/)]|$|\n|\s[A-Za-z가-힣]{2,}\s?[+-]))")
_GROUP: Final = re.compile(r"[^\s()]{1,30}(?:\s?/\s?[^\s()/]{1,20}){0,9}")
_AHEAD: Final = re.compile(r"(?:(?:^|[\s,/(])([+-])|(?:^|,\s?)([+-])\s)\Z")
_SIGNED: Final = re.compile(r"(?:^|[\s,/(])[+-](?=[A-Za-z가-힣])|(?:^|,\s?)[+-]\s(?=[A-Za-z가-힣])")
_LEADING: Final = re.compile(r"\(\s?([+-])\s?\)\s?\Z")
_LIST: Final = re.compile(r"(?:\s?,\s?[^,()+:;.]{1,24}){1,9}?\(\s?(-)\s?\)")


def plain_signs(sentence: str) -> str:
    """Return ``sentence`` with all minus signs, dashes and wide brackets made ordinary, code point by code point."""
    return sentence if sentence.isascii() else sentence.translate(_SIGN)


def assertion(sentence: str, start: int, end: int) -> Assertion | None:
    """Return what a sign beside the words from ``start`` to ``end`` says of them; None where none stands there."""
    if "+" not in sentence and "-" not in sentence and "(" not in sentence:
        return None
    if (shared := _shared(sentence, start, end)) is not None:
        return shared
    if match := _OWN.match(sentence, end):
        return _read(match[1], 0)
    if match := _BARE.match(sentence, end):
        return _MEANS[match[1][0]]
    ahead = _AHEAD.search(sentence, max(0, start - 4), start)
    ahead_sign = (ahead[1] or ahead[2]) if ahead else ""
    if ahead_sign and (ahead_sign == "+" or len(_SIGNED.findall(sentence)) > 1):
        return _MEANS[ahead_sign]
    leading = _LEADING.search(sentence, max(0, start - 6), start)
    if leading and sentence.lstrip().startswith("("):
        return _MEANS[leading[1]]
    if _LIST.match(sentence, end):
        return "absent"
    return None


def _read(mark: str, place: int) -> Assertion | None:
    parts = re.split(r"\s?[/,]\s?", mark.strip())
    part = parts[min(place, len(parts) - 1)].lower()
    if part in ("n", "no", "neg", "negative"):
        return "absent"
    if part in ("y", "yes", "pos", "positive") or part.endswith("+"):
        return "present"
    return _MEANS.get(part[0])


def _shared(sentence: str, start: int, end: int) -> Assertion | None:
    """Read signs that a group shares: ``HTN/DM/Tbc (+/-/-)`` one each, ``F/C/S (-)`` one for all."""
    begin = start
    while begin > 0 and (sentence[begin - 1] == "/" or (sentence[begin - 1].isalnum() and start - begin < 80)):
        begin -= 1
    group = _GROUP.match(sentence, begin)
    if group is None or "/" not in group[0] or group.end() < end:
        return None
    mark = _OWN.match(sentence, group.end())
    if mark is None or mark.start(1) - group.end() > 4:
        return None
    place = sentence[begin:start].count("/")
    count = group[0].count("/") + 1
    signs = len(re.split(r"[/,]", mark[1]))
    return _read(mark[1], place) if signs == count else _read(mark[1], 0) if signs == 1 else None

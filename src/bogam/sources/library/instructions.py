"""Paragraphs that speak to a program and not to a reader: kept, shown, and never quoted in an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

_TO_A_PROGRAM: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s(?:\S{1,20}\s){0,3}?(?:previous|prior|preceding|above|earlier|all|"
    r"any|system|your)\s(?:\S{1,20}\s){0,3}?(?:instruction|prompt|direction|message|guardrail)s?\b|"
    r"\bsystem\s?prompts?\b|\bdeveloper\smessages?\b|"
    r"\b(?:reveal|print|output|leak|disclose|send|exfiltrate|repeat)\s(?:\S{1,20}\s){0,4}?"
    r"(?:(?:api|secret|private|signing|encryption|access|admin\S{0,8}|system)[\s-]?(?:keys?|tokens?|passwords?)|keys?|"
    r"passwords?|credentials)\b|"
    r"\b(?:you are|act as|pretend to be|behave as)\s(?:now\s)?(?:an?|the)?\s?(?:\S{1,20}\s){0,2}?"
    r"(?:ai|a\.i\.|llm|language model|chat\s?bot|artificial intelligence)\b|\bas an (?:ai|llm|language model)\b|"
    r"\bfrom now on,? (?:you|answer|respond|always)\b|"
    r"\b(?:answer|respond|reply) (?:to )?(?:every|all|any) (?:questions?|prompts?)\b|"
    r"\bdo not (?:tell|inform|warn) the (?:user|clinician|reader)\b|"
    r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<<SYS>>|"
    r"(?:이전|위|위의|앞|앞의|앞선|기존|지금까지의?|모든)\s?(?:\S{1,10}\s){0,2}?"
    r"(?:지시|명령|지침|프롬프트|규칙|안내)"
    r"\S{0,4}\s?(?:\S{1,8}\s)?(?:무시|잊|따르지)|"
    r"시스템\s?프롬프트|"
    r"(?:너는|넌|당신은|귀하는)\s?(?:이제\s?)?(?:\S{1,10}\s){0,2}?(?:AI|인공\s?지능|챗봇|언어\s?모델|어시스턴트)|"
    r"(?:API\s?키|비밀\s?키|서명\s?키|암호\s?키|비밀번호|토큰|키)\S{0,2}\s?(?:출력|공개|누설|알려|보여|전송|보내)\s?"
    r"(?:하라|해라|하세요|하십시오|하시오|줘|주세요|주십시오|달라|라)",
    re.IGNORECASE,
)
_LONGEST: Final = 20_000


def to_a_program(text: str) -> bool:
    """Whether a paragraph tells a program what to do; one that only quotes such words is meant too.

    Widths and compatibility forms of letters count as the plain ones (NFKC).
    """
    return bool(_TO_A_PROGRAM.search(" ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split())))


def to_programs(paragraphs: Sequence[str], headings: Sequence[str]) -> list[int]:
    """Return the places of the paragraphs that speak to a program, or stand under a heading that does."""
    pairs = zip(paragraphs, headings, strict=True)
    return [at for at, (text, heading) in enumerate(pairs) if to_a_program(text) or to_a_program(heading)]


def set_apart(page: Mapping[str, Any]) -> frozenset[int]:
    """Return the places of a kept page that are no reader's: those marked when it was added, and those found today,
    for a page may have been added before either was known."""
    return frozenset(page.get("quarantined", ())) | frozenset(to_programs(page["paragraphs"], page["headings"]))

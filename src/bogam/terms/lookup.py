"""One way to ask any code system, ICD-10-CM or imported: look up, search, validate, check together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bogam.terms import icd10cm
from bogam.terms.icd10cm.compiled import SECTIONS
from bogam.terms.imported import Library
from bogam.terms.imported.library import Found


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a code is valid, and the reason in English and Korean."""

    code: str
    valid: bool
    reason: str
    reason_ko: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a note says of two codes that stand together. ``kind`` is excludes1 or order."""

    kind: str
    code: str
    other: str
    reason: str
    reason_ko: str


def told(library: Library, system: str, code: str) -> dict[str, Any] | None:
    """Return all that a system says of a code, as JSON values; None when it has none such.

    Raises
    ------
    LookupError
        For a system that is not known or not imported, with what to do.
    """
    if system == icd10cm.SYSTEM:
        index = icd10cm.default()
        entry = index.get(code)
        return None if entry is None else _of_icd10cm(index, entry)
    found = library.get(system, code)
    if found is None:
        return None
    return {
        "system": system,
        "version": found.version,
        "code": found.code,
        "name": found.name,
        "active": found.active,
        "names": [text for text, _ in found.names],
        "parents": [f"{code} {name}" for code, name in found.parents],
        "children": [f"{code} {name}" for code, name in found.children],
        **found.extra,
    }


def _of_icd10cm(index: icd10cm.Icd10cm, entry: icd10cm.Entry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "system": icd10cm.SYSTEM,
        "version": index.release,
        "code": entry.code,
        "name": entry.title,
        "kind": entry.kind,
        "billable": entry.billable,
        "parents": [f"{each.code} {each.title}" for each in index.ancestors(entry.code)],
        "children": [f"{each.code} {each.title}" for each in index.children(entry.code)],
    }
    for section in SECTIONS.values():
        notes = index.notes(entry.code, section) if section not in ("inclusion", "includes") else None
        own: Sequence[str] = getattr(entry, section)
        said[section] = list(own) if notes is None else [{"at": note.code, "note": note.text} for note in notes]
    said["seventh"] = [f"{char} {meaning}" for char, meaning in index.meanings(entry.code)]
    return said


def searched(library: Library, system: str, text: str, limit: int) -> tuple[Found, ...]:
    """Find codes in a system. Raises `LookupError` as `told` does."""
    if system == icd10cm.SYSTEM:
        matches = icd10cm.default().search(text, limit)
        return tuple(Found(each.entry.code, each.entry.title, each.words, True) for each in matches)
    return library.search(system, text, limit)


def checked(library: Library, system: str, code: str) -> Checked:
    """Validate a code. Raises `LookupError` as `told` does."""
    if system == icd10cm.SYSTEM:
        verdict = icd10cm.default().validate(code)
        return Checked(verdict.code, verdict.valid, verdict.reason, verdict.reason_ko, verdict.choices)
    found = library.get(system, code)
    shown = code[:40]
    if found is None:
        version = library.meta(system)["version"]
        return Checked(
            shown, False, f"{shown} is not in {system} {version}.", f"{shown}: {system} {version}에 없는 코드입니다."
        )
    if not found.active:
        return Checked(
            found.code, False, f"{found.code} is no longer active: {found.name}.",
            f"{found.code}: 더 이상 쓰지 않는 코드입니다. {found.name}",
        )  # fmt: skip
    return Checked(
        found.code, True, f"{found.code} is valid: {found.name}.", f"{found.code}: 유효한 코드입니다. {found.name}"
    )


def together(system: str, codes: Sequence[str]) -> list[Beside]:
    """Return what ICD-10-CM's notes say of ``codes`` standing together: excludes1 pairs and the order they ask for."""
    if system != icd10cm.SYSTEM or len(codes) < 2:
        return []
    index = icd10cm.default()
    found = [
        Beside(
            "excludes1", each.code, each.excluded,
            f'{each.code} and {each.excluded} are not coded together: {each.note.code}, "{each.note.text}".',
            f"{each.code}, {each.excluded}: 함께 부여하지 않습니다. {each.note.code}의 제외1: “{each.note.text}”",
        )
        for each in index.excludes1_conflicts(list(codes))
    ]  # fmt: skip
    found += [
        Beside(
            "order", each.first, each.then,
            f'{each.first} goes before {each.then}: {each.note.code}, "{each.note.text}".',
            f"{each.first} 다음에 {each.then}: {each.note.code}, “{each.note.text}”",
        )
        for each in index.sequence(list(codes))
    ]  # fmt: skip
    return found

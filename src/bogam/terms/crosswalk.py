"""From KCD to ICD-10-CM and back, as far as that goes without a map.

Both descend from WHO's ICD-10 and share its codes of up to four characters (``E11``, ``E11.9``). Beyond that each
country divides as it likes: the same five characters may mean different things, so nothing longer is carried over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bogam.terms.icd10cm import Icd10cm
from bogam.terms.icd10cm.codes import dotted

_SHARED = 5
"""Characters of ``X99.9``, the dot counted."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a KCD code and ICD-10-CM have in common.

    ``code`` is the ICD-10-CM code at the shared level, None where there is none. ``relation`` is ``related`` when the
    code has four characters or fewer in both (the same place in ICD-10, to be confirmed by a person), ``wider`` when
    only its first four characters could be carried over, ``none`` otherwise.
    """

    kcd: str
    code: str | None
    relation: Literal["related", "wider", "none"]
    reason: str
    reason_ko: str


def to_icd10cm(kcd: str, index: Icd10cm) -> Shared:
    """Return what ``kcd`` shares with ICD-10-CM; never more than four characters."""
    written = dotted(kcd.strip().rstrip("*†"))
    if written is None:
        return Shared(
            kcd,
            None,
            "none",
            f"{kcd[:20]} has not the shape of a KCD code.",
            f"{kcd[:20]}: KCD 코드의 형식이 아닙니다.",
        )
    short = written[:_SHARED]
    if short not in index:
        return Shared(
            written, None, "none", f"ICD-10-CM has no {short}; a map is needed.",
            f"ICD-10-CM에 {short} 코드가 없습니다. 매핑이 필요합니다.",
        )  # fmt: skip
    if len(written) > _SHARED:
        return Shared(
            written, short, "wider",
            f"{written}: KCD and ICD-10-CM divide differently beyond four characters; only {short} is shared.",
            f"{written}: 네 자리를 넘는 세분류는 KCD와 ICD-10-CM이 서로 다릅니다. {short}까지만 공유합니다.",
        )  # fmt: skip
    return Shared(
        written, short, "related", f"{short} is the same place in ICD-10; a person confirms that it means the same.",
        f"{short}: ICD-10의 같은 자리입니다. 뜻이 같은지는 사람이 확인합니다.",
    )  # fmt: skip

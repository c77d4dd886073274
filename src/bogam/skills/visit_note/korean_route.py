"""To which part of a note a Korean sentence belongs, by who says it, its ending and what it mentions."""

from __future__ import annotations

import re
from typing import Final

from bogam.skills.visit_note.clinical import kinds
from bogam.skills.visit_note.statements import Candidate
from bogam.text.note import read_note

_PLANNED: Final = re.compile(
    r"(?:예정|도록 함|기로 함|해야 함|와야 함|먹어야 함|게 좋겠음"
    r"|는 게 좋음)\.$|처방(?:함|했음)|예약|의뢰|세요[.\"]*$|게요[.\"]*$"
)
_JUDGED: Final = re.compile(
    r"의심|진단|추정|가능성|판단|생각|같음|같습니다|(?:으로|로) 보(?:임|입니다)|소견임|때문인|감별|재발|악화|호전|조절"
)
_RESULT: Final = re.compile(
    r"검사(?:에서|상|는| ?결과)|결과|수치|엑스레이|방사선|X-?ray|CT"
    r"|MRI|초음파|심전도|내시경|당화혈색소|HbA1c|콜레스테롤|판독|조직검사|"
    r"사진(?:에서|상)|소변 ?검사|피 ?검사|혈액 ?검사",
    re.I,
)
_EXAMINED: Final = re.compile(
    r"들림|들리|보임|보이|촉지|만져|압통|청진|촉진|진찰|호흡음|심음|심잡음|수포음|천명|고막|편도|발적|부종|부어|부은|감각|근력|반사|눌러|누르|"
    r"들어 올|들어올|굽|펴|빨[가갛갰]|혈압|맥박|체온|호흡수|산소포화도"
    r"|SpO2|체중|반발통|종괴|장음|항진|결절|발진|운동 ?범위|동공",
    re.I,
)


def korean_part(candidate: Candidate) -> str:
    """Return the part of a Korean sentence: what patients and families say is told, a doctor's by its words."""
    text = candidate.text
    if candidate.speaker in ("patient", "family"):
        return "subjective"
    if _PLANNED.search(text):
        return "plan"
    found = kinds(text)
    if "lab" in found or _RESULT.search(text):
        return "results"
    if _JUDGED.search(text):
        return "plan"
    if _EXAMINED.search(text) or "vital" in found:
        return "exam"
    if found & {"problem", "drug", "procedure"}:
        return "plan"
    examined = "symptom" in found or any(each.kind == "anatomy" for each in read_note(text).entities)
    return "exam" if examined else "subjective"

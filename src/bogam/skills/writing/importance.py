"""How important an entry is to someone who takes over the patient.

The tables are transcribed from general knowledge, not from a named edition. They order a list and choose what a page
has room for; they never remove an entry without counting it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from bogam.record.facts import Condition

Rank = Literal["critical", "grave", "chronic", "other", "past", "minor", "social", "noise"]

WEIGHTS: Final[dict[Rank, int]] = {
    "critical": 100,
    "grave": 80,
    "chronic": 60,
    "other": 40,
    "past": 30,
    "minor": 20,
    "social": 10,
    "noise": 0,
}
"""A critical problem weighs as much only within `FRESH` days of its start, and 70 later."""

FRESH: Final = 90
_STALE_CRITICAL: Final = 70

_WORDS: Final[tuple[tuple[Rank, str], ...]] = (
    (
        "noise",
        r"employment|labor force|higher education|high school|education \(|received certificate|medication review due"
        r"|criminal record|served in armed|only received primary|refugee|취업|고용 상태|학력|medication reconciliation",
    ),
    (
        "social",
        r"^stress\b|social contact|social isolation|intimate partner|violence in the environment|housing|homeless"
        r"|transport problem|risk activity|lack of access|unhealthy alcohol|tobacco|smok|not in labor|limited social"
        r"|independent living|lives alone|독거|흡연|음주",
    ),
    ("past", r"^history of|\bh/o\b|병력|status post|\bs/p\b"),
    (
        "critical",
        r"sepsis|septic|shock|myocardial infarction|\bn?stemi\b|\bstroke\b|cerebral infarct|cardiac arrest"
        r"|respiratory failure"
        r"|respiratory distress syndrome|pulmonary embol|haemorrhag|hemorrhag|\bbleed|ketoacidosis"
        r"|hyperosmolar|anaphyla"
        r"|meningitis|status epilepticus|eclampsia|acute kidney|acute renal|acute heart failure"
        r"|aortic dissection|overdose"
        r"|suicid|ruptur|peritonitis|neutropenic fever|febrile neutropenia|tension pneumothorax|tubal pregnancy|ectopic"
        r"|hyperkal|hip fracture|fracture of hip|fracture of neck of femur|acute exacerbation|급성 악화|pneumonia"
        r"|패혈|쇼크|심근경색|뇌경색|뇌졸중|뇌출혈|심정지|호흡부전|폐색전|출혈|케톤산|아나필락|수막염|자간"
        r"|급성 신|급성신|자살"
        r"|대퇴골.*골절|고관절.*골절|폐렴|자궁외",
    ),
    (
        "grave",
        r"malignan|cancer|carcinoma|lymphoma|leuk[a]?emia|myeloma|metasta|neoplasm of|end.stage|transplant"
        r"|heart failure"
        r"|\bchf\b|cirrhosis|\bcopd\b|chronic obstructive|emphysema|\bhiv\b|human immunodeficiency|dementia|alzheimer"
        r"|parkinson|chronic kidney disease stage [45]|\bckd\b.*[45]|dialysis|cystic fibrosis|pulmonary hypertension"
        r"|paralysis|multiple sclerosis|lupus|암$|암 |암,|악성|백혈병|림프종|골수종|전이|말기|이식|심부전"
        r"|간경변|만성폐쇄|폐기종|치매"
        r"|파킨슨|투석",
    ),
    (
        "chronic",
        r"diabet|chronic kidney|\bckd\b|atrial fibrillation|coronary|isch[a]?emic heart|angina|epilep|seizure disorder"
        r"|asthma|hypertension|hypertensive|depress|bipolar|schizophren|an[a]?emia|thromb|osteoporo"
        r"|hypothyroid|hyperthyroid"
        r"|hepatitis|pregnan|opioid|alcoholism|alcohol depend|dependence|sleep apn|migraine|rheumatoid|crohn|colitis"
        r"|pulmonary fibrosis|valve|cardiomyopathy|aneurysm|bronchiectasis|neuropath|retinopath|nephropath|proteinuria"
        r"|attention deficit|autis|urinary tract|chronic pain|hyperlip|dyslip|hypercholest|gout"
        r"|benign prostatic|miscarriage"
        r"|당뇨|신장병|신질환|심방세동|관상동맥|협심증|허혈|뇌전증|간질|천식|고혈압|우울|조현|양극성|빈혈|혈전"
        r"|골다공|갑상|간염|임신"
        r"|수면무호흡|류마티|통풍|이상지질|고지혈|전립선",
    ),
    (
        "minor",
        r"sinusitis|pharyngitis|sore throat|acute bronchitis|otitis|sprain|whiplash|laceration|contusion|obesity"
        r"|body mass index|overweight|molars|rhinitis|concussion with no|joint pain|muscle pain|fatigue"
        r"|headache \(|common cold"
        r"|gingivitis|dental caries|상기도|감기|비염|부비동염|인두염|비만|염좌|건강검진|health check|check.?up"
        r"|well.child",
    ),
)
_RANKS: Final[tuple[tuple[Rank, re.Pattern[str]], ...]] = tuple(
    (rank, re.compile(words, re.IGNORECASE)) for rank, words in _WORDS
)


@lru_cache(maxsize=4096)
def rank(name: str) -> Rank:
    """Return the rank of a problem by its name, English or Korean. The first table that knows a word decides."""
    for which, words in _RANKS:
        if words.search(name):
            return which
    return "other"


def weight(condition: Condition, age: float | None) -> int:
    """Return the weight of a problem that began ``age`` days ago (None: not known).

    Something that heals by itself and is still active after a year weighs 15. On top: +10 when recorded as severe, +12
    when it began within 30 days, +5 within a year, -10 when it is not confirmed.
    """
    which = rank(condition.name.text)
    total = WEIGHTS[which]
    if which == "critical" and (age is None or age > FRESH):
        total = _STALE_CRITICAL
    if age is not None and outlived(condition.name.text, age) and condition.status == "active":
        total = _OUTLIVED_WEIGHT
    if condition.severity is not None and re.search(r"severe|중증", condition.severity.text, re.IGNORECASE):
        total += 10
    if age is not None and which not in ("noise", "social"):
        total += 12 if age <= 30 else 5 if age <= 365 else 0
    if condition.verification is not None and condition.verification.text.casefold() in _PROVISIONAL:
        total -= 10
    return total


_EPISODE: Final = re.compile(
    r"sepsis|septic|pneumonia|ectopic|tubal pregnan|miscarriage|pregnan|blighted|fetus|eclampsia|overdose|appendicitis"
    r"|urinary tract infection|cystitis|bronchitis|laceration|concussion|cardiac arrest|ketoacidosis|anaphyla"
    r"|acute |패혈|폐렴|임신|유산|자간|급성 |요로감염|심정지|케톤산",
    re.IGNORECASE,
)
_OUTLIVED: Final = 365.0
_OUTLIVED_WEIGHT: Final = 15


def outlived(name: str, age: float) -> bool:
    """Say whether something that heals or ends by itself is still on record a year after it began, in days ``age``."""
    return age > _OUTLIVED and _EPISODE.search(name) is not None and not name.casefold().startswith("history of")


_PROVISIONAL: Final = frozenset({"provisional", "differential", "unconfirmed"})


def provisional(condition: Condition) -> bool:
    """Say whether a problem is recorded as not (yet) confirmed."""
    return condition.verification is not None and condition.verification.text.casefold() in _PROVISIONAL


_LABS: Final[tuple[tuple[int, str], ...]] = (
    (9, r"troponin|lactate|lactic|potassium|creatinine(?!.*clear)|\bph\b.*arterial|procalcitonin|칼륨|크레아티닌|젖산"),
    (
        8,
        r"h[a]?emoglobin(?! a1c|.*stool|\.gastro)|\bhb\b|sodium|glucose|platelets|leukocytes|\bwbc\b|\binr\b"
        r"|prothrombin"
        r"|natriuretic|bnp|나트륨|혈당|혈색소|혈소판|백혈구",
    ),
    (7, r"a1c|glomerular|egfr|c.reactive|\bcrp\b|bilirubin|ejection fraction|oxygen|pco2|co2 partial|d.dimer|digoxin"),
    (
        6,
        r"urea|\bbun\b|albumin|aminotransferase|\bast\b|\balt\b|tsh|thyrotropin|calcium|magnesium|phosph|ferritin|psa"
        r"|prostate specific|culture|배양|t-score|mmse|fev1",
    ),
    (4, r"cholesterol|triglyc|chloride|carbon dioxide|bicarbonate|hematocrit|uric"),
    (1, r"\bige\b|mcv|mch|distribution width|mean volume|erythrocytes|globulin|\brbc\b|rdw"),
)
_LAB_WORDS: Final = tuple((value, re.compile(words, re.IGNORECASE)) for value, words in _LABS)


@lru_cache(maxsize=4096)
def laboratory(name: str) -> int:
    """Return how much a result matters when neither its flag nor its age decides, 9 (most) to 1; 3 when not known."""
    for value, words in _LAB_WORDS:
        if words.search(name):
            return value
    return 3


_ROUTINE: Final = re.compile(
    r"documentation of current|medication reconciliation|assessment|screening|questionnaire|review of systems"
    r"|notification"
    r"|information gathering|certification|anticipatory guidance|examination|measurement|auscultation"
    r"|evaluation of uterine"
    r"|\btest\b|patient encounter|development of individual|education|counsel|smear|consult|medication review|specimen"
    r"|intramuscular injection|subcutaneous immunotherapy|blood typing|referral|history taking|교육|상담",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def routine(name: str) -> bool:
    """Say whether a procedure is a routine step (an assessment, a screening) that a page lists last."""
    return _ROUTINE.search(name) is not None

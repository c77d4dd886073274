"""Allergens, procedures, vaccines and devices. Transcribed from general knowledge, not from a named edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bogam.synthetic.catalog.table import rows


@dataclass(frozen=True, slots=True)
class Named:
    """One row: a code (its system is the caller's, empty where none is given), English and Korean names."""

    key: str
    code: str
    en: str
    ko: str


@dataclass(frozen=True, slots=True)
class Allergen:
    """A substance, and the reaction this ward records for it."""

    key: str
    snomed: str
    en: str
    ko: str
    category: str
    reaction_en: str
    reaction_ko: str
    criticality: str


_ALLERGENS = """
penicillin|764146007|Penicillin|페니실린|medication|Anaphylaxis|아나필락시스|high
cephalosporin|769003003|Cephalosporin|세팔로스포린|medication|Urticaria|두드러기|low
cefaclor||Cefaclor|세파클러|medication|Generalised urticaria|전신 두드러기|low
sulfa|387406002|Sulfonamide antibiotics|설폰아미드계 항생제|medication|Maculopapular rash|반구진 발진|low
sulfamethoxazole|363528007|Sulfamethoxazole|설파메톡사졸|medication|Stevens-Johnson syndrome|스티븐스-존슨 증후군|high
aspirin|387458008|Aspirin|아스피린|medication|Bronchospasm|기관지경련|high
ibuprofen|387207008|Ibuprofen|이부프로펜|medication|Angioedema|혈관부종|high
levofloxacin|387552007|Levofloxacin|레보플록사신|medication|Pruritic rash|가려운 발진|low
tramadol|386858008|Tramadol|트라마돌|medication|Vomiting and rash|구토와 발진|low
amoxicillin|372687004|Amoxicillin|아목시실린|medication|Urticaria|두드러기|low
codeine|387494007|Codeine|코데인|medication|Urticaria|두드러기|low
ketorolac|387481005|Ketorolac|케토롤락|medication|Urticaria|두드러기|low
contrast||Iodinated contrast|요오드화 조영제|medication|Urticaria|두드러기|low
shellfish||Shellfish|갑각류|food|Lip swelling|입술 부종|low
peanut|762952008|Peanut|땅콩|food|Urticaria|두드러기|low
buckwheat||Buckwheat|메밀|food|Urticaria|두드러기|low
mite|260147004|House dust mite|집먼지진드기|environment|Rhinitis|비염|low
latex|111088007|Latex|라텍스|environment|Contact dermatitis|접촉피부염|low
"""

_PROCEDURES = """
pci|415070008|Percutaneous coronary intervention with drug-eluting stent|경피적 관상동맥 중재술(약물용출 스텐트)
arthroplasty||Hip hemiarthroplasty|고관절 반치환술
fixation||Internal fixation of femoral neck|대퇴골 경부 내고정술
thrombectomy|429639007|Mechanical thrombectomy|기계적 혈전제거술
port||Insertion of chemoport|케모포트 삽입술
mastectomy||Partial mastectomy|부분 유방절제술
colectomy||Hemicolectomy|결장반절제술
paracentesis|86088003|Abdominal paracentesis|복수천자
band||Endoscopic variceal ligation|내시경 정맥류 결찰술
avf||Creation of arteriovenous fistula|동정맥루 조성술
chole|38102005|Cholecystectomy|담낭절제술
append|80146002|Appendectomy|충수절제술
csection|11466000|Caesarean section|제왕절개술
colonoscopy|73761001|Colonoscopy with polypectomy|대장내시경 용종절제술
cardioversion|250980009|Electrical cardioversion|전기 심율동전환술
foley||Urinary catheter insertion|도뇨관 삽입
cataract|54885007|Cataract extraction|백내장 수술
pacemaker|307280005|Implantation of cardiac pacemaker|심박동기 삽입술
chemo|367336001|Chemotherapy|항암화학요법
"""

_VACCINES = """
flu|140|Influenza vaccine, seasonal|인플루엔자 백신
ppsv|33|Pneumococcal polysaccharide vaccine (PPSV23)|폐렴구균 다당질 백신(PPSV23)
pcv|133|Pneumococcal conjugate vaccine (PCV13)|폐렴구균 단백결합 백신(PCV13)
covid|213|COVID-19 vaccine|코로나19 백신
tdap|115|Tdap vaccine|Tdap 백신
hepb|45|Hepatitis B vaccine|B형간염 백신
mmr|03|Measles, mumps and rubella vaccine|MMR 백신
zoster|187|Recombinant zoster vaccine|대상포진 백신
"""

_DEVICES = """
concentrator||Home oxygen concentrator|가정용 산소발생기
cpap|702172008|CPAP unit|양압기(CPAP)
stent||Drug-eluting coronary stent|관상동맥 약물용출 스텐트
pacemaker|14106009|Dual-chamber cardiac pacemaker|2강 심박동기
glucometer|337414009|Blood glucose meter|혈당측정기
cgm||Continuous glucose monitor|연속혈당측정기
prosthesis||Hip prosthesis|고관절 인공삽입물
port||Implanted venous port|케모포트
foley||Urinary catheter|도뇨관
spacer||Valved holding chamber (spacer)|흡입보조기(스페이서)
walker||Walking frame|보행기
"""

ALLERGENS: Final[dict[str, Allergen]] = {row[0]: Allergen(*row) for row in rows(_ALLERGENS, 8)}
PROCEDURES: Final[dict[str, Named]] = {row[0]: Named(*row) for row in rows(_PROCEDURES, 4)}
VACCINES: Final[dict[str, Named]] = {row[0]: Named(*row) for row in rows(_VACCINES, 4)}
DEVICES: Final[dict[str, Named]] = {row[0]: Named(*row) for row in rows(_DEVICES, 4)}

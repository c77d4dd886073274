"""Laboratory tests, vital signs and reports: LOINC, UCUM unit, adult reference range, decimals, critical limits.

Transcribed from general knowledge, not from a named edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bogam.synthetic.catalog.table import rows


@dataclass(frozen=True, slots=True)
class Test:
    """One measurable quantity. Limits are in ``unit`` (UCUM); None where the ward gives no range."""

    __test__ = False  # the name is the laboratory's, pytest must not collect it
    key: str
    loinc: str
    en: str
    ko: str
    short: str
    unit: str
    low: float | None
    high: float | None
    decimals: int
    critical_low: float | None
    critical_high: float | None
    category: Literal["laboratory", "vital-signs", "survey", "social-history"] = "laboratory"


@dataclass(frozen=True, slots=True)
class Study:
    """A report or an order: its LOINC code (empty where none is given) and HL7 v2-0074 service section."""

    key: str
    loinc: str
    en: str
    ko: str
    short: str
    section: str


_LABS = """
wbc|6690-2|White blood cells|백혈구|WBC|10*3/uL|4.0|10.0|1|1.0|30.0
anc|751-8|Neutrophils, absolute|절대호중구수|ANC|10*3/uL|1.8|7.5|2|0.5|
hb|718-7|Haemoglobin|혈색소|Hb|g/dL|12.0|16.0|1|7.0|20.0
plt|777-3|Platelets|혈소판|Plt|10*3/uL|150|400|0|30|1000
na|2951-2|Sodium|나트륨|Na|mmol/L|135|145|0|120|160
k|2823-3|Potassium|칼륨|K|mmol/L|3.5|5.1|1|2.5|6.5
cl|2075-0|Chloride|염소|Cl|mmol/L|98|107|0||
co2|2028-9|Bicarbonate (total CO2)|총 이산화탄소|tCO2|mmol/L|22|29|0|10|40
bun|3094-0|Urea nitrogen|혈액요소질소|BUN|mg/dL|8|20|0||100
cr|2160-0|Creatinine|크레아티닌|Cr|mg/dL|0.6|1.2|2||
egfr|62238-1|Estimated GFR (CKD-EPI)|추정 사구체여과율|eGFR|mL/min/{1.73_m2}|60||0||
glu|2345-7|Glucose|포도당|Glc|mg/dL|70|140|0|45|500
fbs|1558-6|Fasting glucose|공복혈당|FBS|mg/dL|70|99|0|45|500
a1c|4548-4|Haemoglobin A1c|당화혈색소|HbA1c|%|4.0|5.6|1||
lactate|2524-7|Lactate|젖산|lactate|mmol/L|0.5|1.6|1||4.0
crp|1988-5|C-reactive protein|C-반응단백|CRP|mg/L|0|5|1||
pct|33959-8|Procalcitonin|프로칼시토닌|PCT|ng/mL|0|0.5|2||
ast|1920-8|Aspartate aminotransferase|AST|AST|U/L|0|40|0||1000
alt|1742-6|Alanine aminotransferase|ALT|ALT|U/L|0|40|0||1000
tbil|1975-2|Bilirubin, total|총빌리루빈|T.bil|mg/dL|0.2|1.2|1||15
alb|1751-7|Albumin|알부민|Alb|g/dL|3.5|5.2|1||
inr|6301-6|INR|INR|INR|{INR}|0.9|1.2|2||5.0
bnp|33762-6|NT-proBNP|NT-proBNP|NT-proBNP|pg/mL|0|125|0||
tni|89579-7|Troponin I, high sensitivity|고감도 트로포닌 I|hs-TnI|ng/L|0|34|0||
ckmb|13969-1|CK-MB|CK-MB|CK-MB|ng/mL|0|5.0|1||
ldl|13457-7|LDL cholesterol|LDL 콜레스테롤|LDL|mg/dL|0|130|0||
hdl|2085-9|HDL cholesterol|HDL 콜레스테롤|HDL|mg/dL|40|90|0||
tc|2093-3|Cholesterol, total|총콜레스테롤|T.chol|mg/dL|0|200|0||
tg|2571-8|Triglycerides|중성지방|TG|mg/dL|0|150|0||
tsh|3016-3|Thyrotropin|갑상선자극호르몬|TSH|m[IU]/L|0.4|4.5|2||
ferritin|2276-4|Ferritin|페리틴|ferritin|ng/mL|20|250|0||
cea|2039-6|Carcinoembryonic antigen|암배아항원|CEA|ng/mL|0|5.0|1||
ca153|6875-9|CA 15-3|CA 15-3|CA15-3|U/mL|0|25|1||
acr|9318-7|Urine albumin/creatinine ratio|소변 알부민/크레아티닌비|UACR|mg/g|0|30|0||
ph|2744-1|Arterial pH|동맥혈 pH|pH|[pH]|7.35|7.45|2|7.2|7.6
pco2|2019-8|Arterial pCO2|동맥혈 이산화탄소분압|pCO2|mm[Hg]|35|45|0||70
po2|2703-7|Arterial pO2|동맥혈 산소분압|pO2|mm[Hg]|80|100|0|40|
phos|2777-1|Phosphate|인|P|mg/dL|2.5|4.5|1|1.0|
ca|17861-6|Calcium|칼슘|Ca|mg/dL|8.6|10.2|1|6.5|13.0
mg|19123-9|Magnesium|마그네슘|Mg|mg/dL|1.7|2.4|1||
uric|3084-1|Uric acid|요산|uric acid|mg/dL|3.0|7.0|1||
pth|2731-8|Parathyrin, intact|부갑상선호르몬|iPTH|pg/mL|15|65|0||
vitd|1989-3|25-hydroxyvitamin D3|비타민 D|25-OH vit.D|ng/mL|20|100|1||
esr|30341-2|Erythrocyte sedimentation rate|적혈구침강속도|ESR|mm/h|0|20|0||
rf|11572-5|Rheumatoid factor|류마티스 인자|RF|[IU]/mL|0|14|0||
ammonia|16362-6|Ammonia|암모니아|NH3|umol/L|11|48|0||150
afp|1834-1|Alpha-fetoprotein|알파태아단백|AFP|ng/mL|0|7.0|1||
ogtt1|20438-8|Glucose 1 h after glucose load|경구당부하 1시간 혈당|OGTT 1h|mg/dL|0|180|0||
ogtt2|1518-0|Glucose 2 h after 75 g glucose load|경구당부하 2시간 혈당|OGTT 2h|mg/dL|0|153|0||
upus|5821-4|Urine white cells|소변 백혈구|U-WBC|/[HPF]|0|5|0||
eos|711-2|Eosinophils|호산구|eosinophil|10*3/uL|0|0.5|2||
"""

_VITALS = """
bt|8310-5|Body temperature|체온|BT|Cel|36.0|37.5|1|35.0|40.0
hr|8867-4|Heart rate|맥박수|HR|/min|60|100|0|40|140
rr|9279-1|Respiratory rate|호흡수|RR|/min|12|20|0|8|30
spo2|59408-5|Oxygen saturation by pulse oximetry|산소포화도|SpO2|%|94|100|0|85|
o2|3151-8|Inhaled oxygen flow rate|산소 유량|O2|L/min|||1||
sbp|8480-6|Systolic blood pressure|수축기혈압|SBP|mm[Hg]|90|139|0|80|200
dbp|8462-4|Diastolic blood pressure|이완기혈압|DBP|mm[Hg]|60|89|0||120
weight|29463-7|Body weight|체중|BWt|kg|||1||
height|8302-2|Body height|신장|Ht|cm|||1||
bmi|39156-5|Body mass index|체질량지수|BMI|kg/m2|18.5|24.9|1||
fhr|55283-6|Fetal heart rate|태아심박수|FHR|/min|110|160|0||
"""

_SURVEYS = """
phq9|44261-6|PHQ-9 total score|PHQ-9 총점|PHQ-9|{score}|0|4|0||
nihss|70184-7|NIH stroke scale total|NIHSS 총점|NIHSS|{score}|0|0|0||
ahi|69990-0|Apnoea hypopnoea index|무호흡-저호흡 지수|AHI|/h|0|5|1||
lvef|10230-1|Left ventricular ejection fraction|좌심실 박출률|LVEF|%|52|75|0||
fev1|19926-5|FEV1/FVC|FEV1/FVC|FEV1/FVC|%|70||0||
pef|19935-6|Peak expiratory flow|최대호기유량|PEF|L/min|||0||
pain|72514-3|Pain severity (0-10)|통증 점수|NRS|{score}|0|3|0||
das28||DAS28-ESR|DAS28-ESR|DAS28|{score}|0|2.6|1||
"""

_STUDIES = """
bcx|600-7|Blood culture|혈액배양|blood Cx.|MB
ucx|630-4|Urine culture|소변배양|urine Cx.|MB
scx|624-7|Sputum culture|객담배양|sputum Cx.|MB
cxr|36643-5|Chest X-ray|흉부 X선|CXR|RAD
cthead|24725-4|CT head|뇌 CT|brain CT|RAD
mri|24590-2|MRI brain|뇌 MRI|brain MRI|RAD
ctabd|41806-1|CT abdomen|복부 CT|APCT|RAD
hipxr||Hip X-ray|고관절 X선|hip X-ray|RAD
echo|34552-0|Transthoracic echocardiogram|경흉부 심초음파|TTE|CUS
ecg|11524-6|12-lead ECG|12유도 심전도|ECG|EC
cag|18745-0|Coronary angiography|관상동맥조영술|CAG|CUS
psg|28633-6|Polysomnography|수면다원검사|PSG|NRS
path|22637-3|Pathology report|병리검사|Bx.|SP
renalus||Renal ultrasound|신장 초음파|kidney US|RUS
liverus||Liver ultrasound|간 초음파|liver US|RUS
fetalus|11525-3|Obstetric ultrasound|산과 초음파|OB US|OUS
colonoscopy|18746-8|Colonoscopy|대장내시경|CFS|GE
spirometry||Spirometry|폐기능검사|PFT|PF
dexa|38269-7|Bone density (DXA)|골밀도 검사|DXA|RAD
eye||Dilated eye examination|안저검사|fundus exam|OTH
a1cdue|4548-4|Haemoglobin A1c|당화혈색소|HbA1c|CH
ldct||Low-dose chest CT|저선량 흉부 CT|LDCT|RAD
mammo|24606-6|Mammography|유방촬영술|MMG|RAD
tshdue|3016-3|Thyrotropin|갑상선자극호르몬|TSH|CH
vitddue|1989-3|25-hydroxyvitamin D3|비타민 D|25-OH vit.D|CH
lipiddue|57698-3|Lipid panel|지질 검사|lipid panel|CH
"""

_Category = Literal["laboratory", "vital-signs", "survey", "social-history"]


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _tests(text: str, category: _Category) -> dict[str, Test]:
    made: dict[str, Test] = {}
    for key, loinc, en, ko, short, unit, low, high, decimals, critical_low, critical_high in rows(text, 11):
        limits = (_number(low), _number(high))
        critical = (_number(critical_low), _number(critical_high))
        made[key] = Test(key, loinc, en, ko, short, unit, *limits, int(decimals), *critical, category)
    return made


TESTS: Final[dict[str, Test]] = {
    **_tests(_LABS, "laboratory"),
    **_tests(_VITALS, "vital-signs"),
    **_tests(_SURVEYS, "survey"),
}
STUDIES: Final[dict[str, Study]] = {row[0]: Study(*row) for row in rows(_STUDIES, 6)}

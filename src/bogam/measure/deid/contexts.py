"""The notes that identifiers are planted into. Written before the rules, and the rules were not fitted to them.

``<full>``, ``<family>``, ``<given>``, ``<last_first>`` and ``<FULL>`` become parts of a name, ``<id>`` an identifier.
The lines between them name nobody: eponyms, drugs, devices, tests and institutions, which rules take for names.
"""

from __future__ import annotations

from typing import Final

NAMES_EN: Final = """
Patient: <full>
PATIENT NAME: <FULL>
Name: <last_first>
<full> is a 58-year-old man who presents with two days of productive cough.
Ms. <family> returns for follow-up of her hypertension.
Mr. <family> was seen in the emergency department overnight and sent home.
I had the pleasure of seeing <full> in clinic today.
Discussed the plan with the patient's daughter <given>, who agrees.
His wife, <full>, is at the bedside and provides most of the history.
Case discussed with Dr. <family> from cardiology.
Dr. <full> will see the patient tomorrow.
Attending physician: <full>, MD
Electronically signed by <full>, MD
Dictated by <full> for the primary team.
<full>, RN
Referred by Dr <given> <family> for evaluation of anaemia.
Emergency contact: <full> (son)
<given> lives with her sister and walks with a cane.
Nurse <family> called with a potassium of 6.1.
Spoke with <full>, health care proxy, by telephone.
Thank you for allowing us to participate in the care of <full>.
cc: <full>, <full>
Consult requested by <full> of nephrology.
Surgeon: <last_first>
Per <full>, the home health aide, the patient fell on Tuesday.
Patient states that her husband <given> has had similar symptoms.
Mother <given> reports decreased oral intake since yesterday.
PCP is Dr. <full>.
<full> tolerated the procedure well and was transferred to recovery.
The specimen was handed to <full> at the bench.
""".strip().splitlines()

FILLER_EN: Final = """
Past Medical History: Parkinson disease, Crohn disease, Hashimoto thyroiditis.
A Foley catheter was placed and a Swan-Ganz catheter floated without difficulty.
Babinski sign negative bilaterally, Romberg negative, Murphy sign absent.
Home Medications: Lipitor 40 mg daily, Lasix 20 mg twice daily, Synthroid 88 mcg.
Transferred from the Mayo Clinic after failing outpatient treatment.
Chest X-Ray shows clear lungs. Cardiac Silhouette is normal.
Assessment And Plan: continue Metoprolol, start Augmentin, recheck Basic Metabolic Panel in May.
Review of Systems: negative for fever, chills and weight loss.
Glasgow Coma Scale 15. Braden Scale 18. Apgar scores 8 and 9.
Blood pressure 134/82, heart rate 76, oxygen saturation 97% on room air.
White count 9.4, hemoglobin 12.1, platelets 245, creatinine 0.9.
Left Anterior Descending artery stenosis, status post Drug Eluting Stent.
General: alert and oriented, in no acute distress.
Follow up with Primary Care in two weeks; Physical Therapy to evaluate.
Epstein-Barr virus serology was positive; Lyme titers pending.
The patient denies alcohol use and quit smoking ten years ago.
Wolff-Parkinson-White pattern on ECG; Holter Monitor ordered.
Whipple procedure in the past, Roux-en-Y reconstruction.
Heparin drip per protocol, Coumadin held, Vitamin K given.
Cushing syndrome unlikely; Dexamethasone Suppression Test ordered for Monday.
""".strip().splitlines()

NAMES_KO: Final = """
환자명: <full>
성명 : <full>   성별 : F
환자 <full>, 상기 증상으로 내원함.
<full> 님 보호자에게 검사 결과 설명함.
<full>님 금일 퇴원 예정.
<full> 환자 수술 동의서 받음.
보호자(배우자) <full> 에게 연락함.
보호자 : <full> (딸)
주치의 <full> 에게 보고함.
담당의: <full>
집도의 : <full> / 마취의 : <full>
<full> 교수님 회진.
심장내과 <full> 교수 협진 의뢰함.
<full> 선생님께 notify 함.
R2 <full>
IM <full>
작성자: <full>
<full> RN
Dr. <full> 에게 환자 상태 보고 후 지켜보기로 함.
간호사 <full> 이 투약 확인함.
아들 <full> 씨와 통화하여 내원하도록 함.
어머니 <full> 님이 함께 오심.
<full>은 3일 전부터 발열이 있었다고 함.
<full>의 혈압이 낮아 수액 투여함.
<full> 씨는 당뇨병으로 외래 추적 중임.
의뢰의: <full> (은행내과의원)
수술 참여: 전공의 <full>, 인턴 <full>
서명: <full>
<full> (M/67) 흉통으로 응급실 내원.
딸 <given> 이가 간병 중임.
""".strip().splitlines()

FILLER_KO: Final = """
고혈압, 당뇨병, 이상지질혈증으로 약 복용 중임.
흉부 X선에서 이상 소견 없음. 심전도 정상 동율동.
조영제 부작용 없었으며 신장 기능 유지됨.
Foley catheter 유지, Babinski sign (-), Murphy sign (-).
금식 유지하고 수액 1L 투여, 진통제 처방함.
환자 상태 안정적이며 보호자 동의함.
정형외과 협진 후 재활치료 예정. 한방치료 원치 않음.
이전 병력상 위궤양, 담석증 있음. 알레르기 없음.
주사 부위 발적 없음. 도뇨관 제거함. 석식부터 연식 시작.
유방암 수술 후 방사선 치료 중, 항암제 투여 보류.
BP 120/80, HR 78, RR 18, BT 36.7, SpO2 98%
하지 부종 없음. 양측 폐 청진음 깨끗함.
오심, 구토 호전. 경구 섭취 가능함. 민감도 검사 결과 대기.
간호사실 호출벨 사용법 교육함. 낙상 예방 교육함.
보호자 상주 중. 담당의 회진 시 추가 설명 예정.
서울대학교병원에서 전원됨. 국민건강보험 적용.
임상 경과 호전되어 퇴원 고려. 외래 예약함.
""".strip().splitlines()

IDS_EN: Final[dict[str, list[str]]] = {
    "record-number": [
        "MRN: <id>",
        "MRN <id>, admitted from clinic.",
        "Medical record number <id> was verified at the bedside.",
        "Med Rec #: <id>",
        "Hospital No. <id>",
        "Chart # <id>",
    ],
    "phone": [
        "Phone: <id>",
        "Call <id> with any questions.",
        "Daughter can be reached at <id>.",
        "Home <id>",
        "Tel. <id>; leave a message.",
        "Her cell is <id> and she prefers mornings.",
    ],
    "email": ["Email: <id>", "Results were sent to <id>.", "Contact <id> for the records.", "(<id>)"],
    "national-id": ["SSN: <id>", "Social Security Number <id>", "SS# <id>", "His social is <id>."],
}

IDS_KO: Final[dict[str, list[str]]] = {
    "record-number": [
        "등록번호: <id>",
        "환자번호 <id>",
        "병록번호 : <id>",
        "차트번호 <id> 확인함.",
        "등록번호 <id>인 환자와 혼동 주의.",
        "환자등록번호(<id>)",
    ],
    "phone": [
        "연락처: <id>",
        "보호자 연락처 <id>로 전화함.",
        "전화번호 : <id>",
        "H.P <id>",
        "딸 휴대폰 <id> 부재중.",
        "(<id>)",
    ],
    "email": ["이메일: <id>", "<id>로 결과지 발송함.", "메일 주소는 <id>입니다."],
    "national-id": [
        "주민등록번호: <id>",
        "주민번호 <id>",
        "주민번호는 <id>임.",
        "외국인등록번호 : <id>",
        "<id>",
        "인적사항 <id> 확인",
    ],
}

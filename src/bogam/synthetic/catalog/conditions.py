"""Conditions: ICD-10 (the part that KCD shares), SNOMED CT, English, Korean, and the short form that notes use.

Transcribed from general knowledge, not from a named edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bogam.synthetic.catalog.table import rows


@dataclass(frozen=True, slots=True)
class Disease:
    """One row: codes and names of a condition."""

    key: str
    icd: str
    snomed: str
    en: str
    ko: str
    short: str


_TABLE = """
sepsis|A41.9|91302008|Sepsis due to urinary tract infection|요로감염에 의한 패혈증|urosepsis
apn|N10|45816000|Acute pyelonephritis|급성 신우신염|APN
uti|N39.0|68566005|Urinary tract infection|요로감염|UTI
aki|N17.9|14669001|Acute kidney injury|급성 신손상|AKI
dm2|E11.9|44054006|Type 2 diabetes mellitus|제2형 당뇨병|DM
dm1|E10.9|46635009|Type 1 diabetes mellitus|제1형 당뇨병|T1DM
retinopathy|H36.0|4855003|Diabetic retinopathy|당뇨병성 망막병증|DMR
neuropathy|G63.2|230572002|Diabetic polyneuropathy|당뇨병성 다발신경병증|DPN
htn|I10|59621000|Essential hypertension|본태성 고혈압|HTN
lipid|E78.5|55822004|Hyperlipidaemia|고지혈증|dyslipidemia
hf|I50.9|84114007|Heart failure with reduced ejection fraction|박출률 감소 심부전|HFrEF
af|I48.9|49436004|Atrial fibrillation|심방세동|AF
iscm|I25.5|426856002|Ischaemic cardiomyopathy|허혈성 심근병증|ICMP
copd|J44.1|195951007|Acute exacerbation of COPD|만성 폐쇄성 폐질환의 급성 악화|AECOPD
copd0|J44.9|13645005|Chronic obstructive pulmonary disease|만성 폐쇄성 폐질환|COPD
resp|J96.1|409622000|Chronic hypoxaemic respiratory failure|만성 저산소성 호흡부전|chronic hypoxic resp. failure
stroke|I63.9|432504007|Acute ischaemic stroke, middle cerebral artery|급성 중대뇌동맥 뇌경색|acute MCA infarction
hemi|G81.9|50582007|Hemiparesis|편마비|hemiparesis
dysphagia|R13|40739000|Dysphagia|연하곤란|dysphagia
hip|S72.0|5913000|Fracture of neck of femur|대퇴골 경부 골절|femur neck Fx.
osteo|M81.9|64859006|Osteoporosis|골다공증|osteoporosis
anaemia|D62|413532003|Acute blood loss anaemia|급성 출혈성 빈혈|postop. anemia
delirium|F05.9|2776000|Delirium|섬망|delirium
stemi|I21.1|73795002|Acute inferior ST elevation myocardial infarction|급성 하벽 ST 분절 상승 심근경색|inferior STEMI
cad|I25.1|53741008|Coronary artery disease|관상동맥질환|CAD
ckd3|N18.3|433144002|Chronic kidney disease stage 3|만성 신장병 3기|CKD 3
ckd4|N18.4|431857002|Chronic kidney disease stage 4|만성 신장병 4기|CKD 4
renalanaemia|D63.8|49708008|Anaemia of chronic kidney disease|만성 신장병 빈혈|renal anemia
hyperpara|N25.8|59455009|Secondary hyperparathyroidism of renal origin|신성 이차 부갑상선기능항진증|2' hyperPTH
gout|M10.9|90560007|Gout|통풍|gout
breast|C50.9|254837009|Malignant neoplasm of breast|유방암|breast ca.
colon|C18.9|363406005|Malignant neoplasm of colon|결장암|colon ca.
livermet|C78.7|94381002|Metastasis to liver|간 전이|liver meta
nausea|R11|422587007|Chemotherapy-induced nausea|항암화학요법 관련 오심|CINV
neutropenia|D70|409089005|Febrile neutropenia|호중구감소성 발열|febrile neutropenia
asthma|J45.9|195967001|Asthma|천식|asthma
asthmaex|J46|708090002|Acute exacerbation of asthma|천식 급성 악화|asthma AE
rhinitis|J30.4|61582004|Allergic rhinitis|알레르기 비염|AR
atopy|L20.9|24079001|Atopic dermatitis|아토피 피부염|AD
pregnancy|Z33|77386006|Pregnancy|임신|IUP
gdm|O24.4|11687002|Gestational diabetes mellitus|임신성 당뇨병|GDM
irondef|D50.9|87522002|Iron deficiency anaemia|철결핍빈혈|IDA
mdd|F33.1|66344007|Recurrent major depressive disorder, moderate|재발성 주요우울장애, 중등도|MDD
insomnia|G47.0|193462001|Insomnia|불면증|insomnia
gad|F41.1|21897009|Generalised anxiety disorder|범불안장애|GAD
osa|G47.3|78275009|Obstructive sleep apnoea|폐쇄성 수면무호흡증|OSA
obesity|E66.9|414916001|Obesity|비만|obesity
myopia|H52.1|57190000|Myopia|근시|myopia
polyp|K63.5|68496003|Colonic polyp|결장 용종|colon polyp
pneumonia|J18.9|385093006|Community acquired pneumonia|지역사회획득 폐렴|CAP
cirrhosis|K74.6|19943007|Cirrhosis of liver|간경변증|LC
hbv|B18.1|61977001|Chronic hepatitis B|만성 B형 간염|CHB
ascites|R18|389026000|Ascites|복수|ascites
enceph|K72.9|13920009|Hepatic encephalopathy|간성 뇌증|HEP
varices|I85.9|28670008|Oesophageal varices|식도 정맥류|EV
ra|M06.9|69896004|Rheumatoid arthritis|류마티스 관절염|RA
gerd|K21.9|235595009|Gastro-oesophageal reflux disease|위식도 역류질환|GERD
hypothyroid|E03.9|40930008|Hypothyroidism|갑상선기능저하증|hypothyroidism
oa|M17.9|239873007|Osteoarthritis of knee|무릎 골관절염|knee OA
bph|N40|266569009|Benign prostatic hyperplasia|전립선비대증|BPH
alcohol|F10.1|15167005|Alcohol abuse|알코올 남용|alcohol abuse
hypok|E87.6|43339004|Hypokalaemia|저칼륨혈증|hypokalemia
cellulitis|L03.1|128045006|Cellulitis of lower limb|하지 연조직염|cellulitis
gastritis|K29.7|4556007|Gastritis|위염|gastritis
zoster|B02.9|4740000|Herpes zoster|대상포진|zoster
bppv|H81.1|111541001|Benign paroxysmal positional vertigo|양성 돌발성 체위성 현훈|BPPV
otitis|H66.9|65363002|Otitis media|중이염|AOM
appendicitis|K35.8|74400008|Acute appendicitis|급성 충수염|acute appendicitis
"""

DISEASES: Final[dict[str, Disease]] = {row[0]: Disease(*row) for row in rows(_TABLE, 6)}

"""What the free words of the stories' notes say: phrase, then what it mentions.

Marks: ``+`` the patient has it, ``-`` has it not, ``?`` may have it, ``@`` a drug that is given (name, dose, route and
frequency, parted by slashes), ``!`` a drug that is named and no longer given, ``~`` a value to aim for and ``=`` one
that was measured (name, number). ``_`` stands for a blank. What a phrase says beyond that is no finding.
"""

from __future__ import annotations

from typing import Final

from bogam.synthetic.catalog.table import rows

_TABLE = """
3일전부터 fever, chills 발생|+fever +chills
내원 전일부터 fever, chills 발생|+fever +chills
fever, chills (3DA)|+fever +chills
fever (1DA)|+fever
fever, cough, sputum (4DA)|+fever +cough +sputum
fever, cough, purulent sputum 발생|+fever +cough +sputum
당일 fever, mental change 발생|+fever +mental_change
high fever, general weakness 지속|+fever +weakness
dysuria, frequency 있었으며|+dysuria +frequency
flank pain 동반|+flank_pain
dysuria(+)|+dysuria
nausea(+)|+nausea
cough(-)|-cough
diarrhea(-)|-diarrhea
R/O urosepsis|?urosepsis
UTI 의심|?UTI
Fever and rigors|+Fever +rigors
fever and rigors, dysuria and|+fever +rigors +dysuria
fever and chills since last night|+fever +chills
Fever since last night|+Fever
Fever and productive cough|+Fever +cough
fever and productive cough|+fever +cough
flank pain. No cough, no diarrhoea|+flank_pain -cough -diarrhoea
No cough or diarrhoea|-cough -diarrhoea
today febrile and confused|+febrile +confused
Worsening weakness and high fever|+weakness +fever
urinary frequency and burning|+frequency
CVA tenderness(+)|+CVA_tenderness
costovertebral tenderness|+costovertebral_tenderness
meropenem 1g IV q8h start|@meropenem/1g/IV/q8h
meropenem 1g IV q8h|@meropenem/1g/IV/q8h
Meropenem 1 g IV q8h|@Meropenem/1_g/IV/q8h
meropenem 유지|@meropenem
Continue meropenem|@meropenem
metformin, losartan hold|!metformin !losartan
Hold metformin and losartan|!metformin !losartan
열감 덜하다고 함|+열감
옆구리 통증 호전 중|+옆구리_통증
Flank pain easing|+Flank_pain
밤사이 발열 1회 있어|+발열
One fever overnight|+fever
dyspnea (5DA)|+dyspnea
dyspnea, sputum 증가 (3DA)|+dyspnea +sputum
dyspnea, wheezing (1DA)|+dyspnea +wheezing
DOE 악화, orthopnea, both leg edema 발생|+DOE +orthopnea +edema
dyspnea, purulent sputum 증가|+dyspnea +sputum
dyspnea, wheezing 심해져|+dyspnea +wheezing
전일부터 기침, 콧물|+기침 +콧물
숨참|+숨참
가래 약간|+가래
orthopnea(-)|-orthopnea
No orthopnoea|-orthopnoea
short of breath on two flights|+short_of_breath
Some white sputum|+sputum
Breathlessness for five days|+Breathlessness
Breathlessness and more sputum|+Breathlessness +sputum
worsening exertional breathlessness, orthopnoea and leg swelling|+breathlessness +orthopnoea +leg_swelling
worsening breathlessness and green sputum|+breathlessness +sputum
both basal crackle, pitting edema 2+|+crackle +edema
bibasal crackles, pitting oedema|+crackles +oedema
both wheezing(+)|+wheezing
Diffuse wheeze|+wheeze
whole lung expiratory wheezing|+wheezing
expiratory wheeze throughout|+wheeze
lower lobe crackle(+)|+crackle
Crackles over the|+Crackles
crackle(-)|-crackle
호흡곤란 호소 없음|-호흡곤란
하지부종 감소됨|+하지부종
Leg swelling less|+Leg_swelling
호흡곤란 지속|+호흡곤란
still breathless|+breathless
cardiogenic shock 진행|+shock
Progressed to cardiogenic shock|+shock
furosemide 40mg IV q12h|@furosemide/40mg/IV/q12h
Furosemide 40 mg IV q12h|@Furosemide/40_mg/IV/q12h
prednisolone 40mg, azithromycin 500mg|@prednisolone/40mg @azithromycin/500mg
Prednisolone 40 mg and azithromycin 500 mg daily|@Prednisolone/40_mg @azithromycin/500_mg
Five days of prednisolone in all|@prednisolone
SpO2 88-92% target|~SpO2/88
saturation 88-92%|~saturation/88
SpO2 94% 이상 유지|~SpO2/94
saturation at 94% or above|~saturation/94
ANC 0.5 이상 회복까지|~ANC/0.5
neutrophils recover above 0.5|~neutrophils/0.5
ceftriaxone 2g q24h + azithromycin 500mg|@ceftriaxone/2g//q24h @azithromycin/500mg
Ceftriaxone 2 g daily and azithromycin 500 mg|@Ceftriaxone/2_g//daily @azithromycin/500_mg
기침 줄고 열감 없음|+기침 -열감
Less cough, no fever|+cough -fever
기침 줄고 잘 먹음|+기침
Less cough, eating well|+cough
밤에 기침 주 1회|+기침
Night cough once a week|+cough
wheeze overnight|+wheeze
Wheeze and cough since last night|+Wheeze +cough
열감 없음|-열감
오한 없음|-오한
No rigors|-rigors
chest pain (1HA)|+chest_pain
squeezing chest pain, cold sweating 발생|+chest_pain +cold_sweating
Crushing chest pain|+chest_pain
crushing central chest pain with sweating|+chest_pain +sweating
chest pain(-), dyspnea(-)|-chest_pain -dyspnea
흉통 호소 없음|-흉통
흉통 없음|-흉통
hematoma 없음|-hematoma
No chest pain|-chest_pain
No angina|-angina
no murmur|-murmur
aspirin 300mg loading|@aspirin/300mg
Aspirin 300 mg given|@Aspirin/300_mg
Aspirin and clopidogrel, high-intensity statin|@Aspirin @clopidogrel
inferior STEMI로|+STEMI
Inferior STEMI treated|+STEMI
weakness, dysarthria (2HA)|+weakness +dysarthria
motor weakness, dysarthria 발생|+weakness +dysarthria
facial palsy|+facial_palsy
-sided weakness and slurred speech|+weakness +slurred_speech
arm and leg weakness with slurred speech|+weakness +slurred_speech
facial droop, dysarthria|+facial_droop +dysarthria
상하지 위약 지속|+위약
arm and leg still weak|+weak
사레 없음|-사레
hip pain (2HA)|+hip_pain
hip pain, gait disturbance 발생|+hip_pain +gait_disturbance
Left hip pain|+hip_pain
Right hip pain|+hip_pain
head trauma(-)|-head_trauma
No head injury|-head_injury
mental change (1DA), abdominal distension|+mental_change +abdominal_distension
flapping tremor 보여|+flapping_tremor
변비 3일|+변비
Confusion|+Confusion
three days of constipation|+constipation
flapping tremor(+)|+flapping_tremor
shifting dullness(+)|+shifting_dullness
asterixis|+asterixis
lactulose 30mL tid|@lactulose/30mL//tid
Lactulose 30 mL three times daily|@Lactulose/30_mL//three_times_daily
lactulose 유지|@lactulose
Continue lactulose|@lactulose
general weakness, jaundice|+weakness +jaundice
Weakness and jaundice|+Weakness +jaundice
icteric sclera, ascites|+icteric_sclera +ascites
Jaundiced|+Jaundiced
간부전 진행|+간부전
of liver failure|+liver_failure
Filgrastim started|@Filgrastim
nausea Gr. 1|+nausea
Grade 1 nausea|+nausea
손발저림(-)|-손발저림
fatigue(+)|+fatigue
Tired, no numbness|+Tired -numbness
구내염(-)|-구내염
설사(-)|-설사
No mouth sores, no diarrhoea|-mouth_sores -diarrhoea
polyuria(-)|-polyuria
No polyuria|-polyuria
hypoglycemia 없음|-hypoglycemia
No hypoglycaemia|-hypoglycaemia
발 저림 호소 없음|-저림
No tingling of the feet|-tingling
SI(-)|-SI
자살사고 부인|-자살사고
No suicidal thoughts|-suicidal_thoughts
Denies suicidal thoughts|-suicidal_thoughts
우울감, 무기력 지속|+우울감 +무기력
sertraline 50mg, mirtazapine 15mg start|@sertraline/50mg @mirtazapine/15mg
Start sertraline 50 mg and mirtazapine 15 mg|@sertraline/50_mg @mirtazapine/15_mg
sertraline 중단, escitalopram 10mg으로 변경|!sertraline @escitalopram/10mg
Sertraline stopped, escitalopram 10 mg instead|!Sertraline @escitalopram/10_mg
Sitagliptin stopped, insulin glargine 12 units at bedtime|!Sitagliptin @insulin_glargine/12_units//at_bedtime
sitagliptin 중단|!sitagliptin
insulin glargine 8 units hs start|@insulin_glargine/8_units//hs
empagliflozin 10mg 추가|@empagliflozin/10mg
Empagliflozin 10 mg added|@Empagliflozin/10_mg
Prednisolone stopped, methotrexate as before|!Prednisolone @methotrexate
Methotrexate 15 mg weekly|@Methotrexate/15_mg//weekly
Warfarin down to 2.5 mg|@Warfarin/2.5_mg
Warfarin unchanged|@Warfarin
네스프 30mcg 2주마다|@네스프/30mcg//2주마다
복통(-)|-복통
출혈(-)|-출혈
부종(-)|-부종
No pain or bleeding|-pain -bleeding
no bleeding|-bleeding
No bleeding, no palpitations|-bleeding -palpitations
전신 가려움 약간|+가려움
Some itching, no swelling|+itching -swelling
피로감 호소|+피로감
피로감 외 증상 없음|+피로감
Less nausea, no pain|+nausea -pain
Mild nausea, no bleeding|+nausea -bleeding
주간 졸림(+)|+졸림
주간 졸림 호전|+졸림
No longer sleepy|-sleepy
Loud snoring|+snoring
코골이 심하고|+코골이
무호흡 목격|+무호흡
mMRC 3|=mMRC/3
입덧 심하지 않음|+입덧
입덧 호전됨|+입덧
멍이 조금|+멍
Bruises a little|+Bruises
감기 기운|+감기
감기 후|+감기
after a cold|+cold
with a cold|+cold
출혈 없음, 두근거림 없음|-출혈 -두근거림
warfarin 유지|@warfarin
warfarin 2.5mg으로 감량|@warfarin/2.5mg
MTX 15mg 주 1회|@MTX/15mg//주_1회
prednisolone 중단, MTX 유지|!prednisolone @MTX
darbepoetin 30 mcg every two weeks|@darbepoetin/30_mcg//every_two_weeks
insulin glargine 12 units hs start|@insulin_glargine/12_units//hs
Insulin glargine 8 units at bedtime|@Insulin_glargine/8_units//at_bedtime
조조강직|+조조강직
손목 부종|+부종
손가락 통증 감소|+통증
통증 거의 없음|
Morning stiffness|+stiffness
swollen wrists|+swollen
OGTT상 GDM 진단|+GDM
salbutamol neb.|@salbutamol
Prednisolone|@Prednisolone
prednisolone|@prednisolone
금연|
"""

SAID: Final[tuple[tuple[str, str], ...]] = tuple(
    sorted(((row[0], row[1]) for row in rows(_TABLE, 2)), key=lambda row: -len(row[0]))
)
"""(phrase, what it says), the longest phrase first: "No cough" must not be read as "cough"."""

"""Drugs: English and Korean names, ATC code, and a brand in each language. How doses and frequencies are written.

Transcribed from general knowledge, not from a named edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bogam.synthetic.catalog.table import rows


@dataclass(frozen=True, slots=True)
class Drug:
    """One row. ``en`` and ``ko`` are ingredient names (Korean with the dosage form); brands may be empty."""

    key: str
    en: str
    ko: str
    atc: str
    brand_en: str
    brand_ko: str


_TABLE = """
metformin|metformin|메트포르민정|A10BA02|Glucophage|글루코파지정
empagliflozin|empagliflozin|엠파글리플로진정|A10BK03|Jardiance|자디앙정
sitagliptin|sitagliptin|시타글립틴정|A10BH01|Januvia|자누비아정
glargine|insulin glargine|인슐린글라진주|A10AE04|Lantus|란투스주
amlodipine|amlodipine|암로디핀정|C08CA01|Norvasc|노바스크정
losartan|losartan|로사르탄정|C09CA01|Cozaar|코자정
lisinopril|lisinopril|리시노프릴정|C09AA03|Zestril|제스트릴정
sacubitril|sacubitril/valsartan|사쿠비트릴/발사르탄정|C09DX04|Entresto|엔트레스토정
bisoprolol|bisoprolol|비소프롤롤정|C07AB07|Concor|콩코르정
metoprolol|metoprolol succinate|메토프롤롤서방정|C07AB02|Toprol-XL|베타록서방정
spironolactone|spironolactone|스피로노락톤정|C03DA01|Aldactone|알닥톤정
furosemide|furosemide|푸로세미드|C03CA01|Lasix|라식스
atorvastatin|atorvastatin|아토르바스타틴정|C10AA05|Lipitor|리피토정
rosuvastatin|rosuvastatin|로수바스타틴정|C10AA07|Crestor|크레스토정
aspirin|aspirin|아스피린장용정|B01AC06|Bayer Aspirin|아스피린프로텍트정
clopidogrel|clopidogrel|클로피도그렐정|B01AC04|Plavix|플라빅스정
ticagrelor|ticagrelor|티카그렐러정|B01AC24|Brilinta|브릴린타정
warfarin|warfarin|와파린정|B01AA03|Coumadin|쿠마딘정
apixaban|apixaban|아픽사반정|B01AF02|Eliquis|엘리퀴스정
enoxaparin|enoxaparin|에녹사파린주|B01AB05|Lovenox|크렉산주
pantoprazole|pantoprazole|판토프라졸정|A02BC02|Protonix|판토록정
meropenem|meropenem|메로페넴주|J01DH02||
amoxclav|amoxicillin/clavulanate|아목시실린/클라불란산정|J01CR02|Augmentin|오구멘틴정
amoxicillin|amoxicillin|아목시실린캡슐|J01CA04||
piptazo|piperacillin/tazobactam|피페라실린/타조박탐주|J01CR05|Zosyn|타조신주
ceftriaxone|ceftriaxone|세프트리악손주|J01DD04||
cefazolin|cefazolin|세파졸린주|J01DB04||
cefaclor|cefaclor|세파클러캡슐|J01DC04||
levofloxacin|levofloxacin|레보플록사신|J01MA12|Levaquin|크라비트
ciprofloxacin|ciprofloxacin|시프로플록사신정|J01MA02||
azithromycin|azithromycin|아지트로마이신정|J01FA10|Zithromax|지스로맥스정
tmpsmx|sulfamethoxazole/trimethoprim|설파메톡사졸/트리메토프림정|J01EE01|Bactrim|셉트린정
norepinephrine|norepinephrine|노르에피네프린주|C01CA03||
acetaminophen|acetaminophen|아세트아미노펜정|N02BE01|Tylenol|타이레놀정
ibuprofen|ibuprofen|이부프로펜정|M01AE01|Advil|부루펜정
naproxen|naproxen|나프록센정|M01AE02||
ketorolac|ketorolac|케토롤락주|M01AB15||
celecoxib|celecoxib|세레콕시브캡슐|M01AH01|Celebrex|쎄레브렉스캡슐
tramadol|tramadol|트라마돌|N02AX02||
codeine|codeine|코데인정|R05DA04||
oxycodone|oxycodone|옥시코돈정|N02AA05||
tiotropium|tiotropium|티오트로피움흡입제|R03BB04|Spiriva|스피리바
formoterol|budesonide/formoterol|부데소니드/포르모테롤흡입제|R03AK07|Symbicort|심비코트
salbutamol|albuterol|살부타몰흡입제|R03AC02|Ventolin|벤토린
fluticasone|fluticasone propionate|플루티카손흡입제|R03BA05|Flovent|후릭소타이드
montelukast|montelukast|몬테루카스트츄정|R03DC03|Singulair|싱귤레어츄정
prednisolone|prednisolone|프레드니솔론정|H02AB06||
methylpred|methylprednisolone|메틸프레드니솔론주|H02AB04||
cetirizine|cetirizine|세티리진정|R06AE07|Zyrtec|지르텍정
calcium|calcium carbonate|탄산칼슘정|A12AA04||
cholecalciferol|cholecalciferol|콜레칼시페롤|A11CC05||
alendronate|alendronate|알렌드로네이트정|M05BA04|Fosamax|포사맥스정
zoledronate|zoledronic acid|졸레드론산주|M05BA08||
iron|ferrous sulfate|황산제일철정|B03AA07||
sevelamer|sevelamer carbonate|세벨라머정|V03AE02|Renvela|렌벨라정
epo|darbepoetin alfa|다베포에틴알파주|B03XA02|Aranesp|네스프주
febuxostat|febuxostat|페북소스타트정|M04AA03|Uloric|페브릭정
doxorubicin|doxorubicin|독소루비신주|L01DB01||
cyclophosphamide|cyclophosphamide|사이클로포스파미드주|L01AA01||
oxaliplatin|oxaliplatin|옥살리플라틴주|L01XA03||
fluorouracil|fluorouracil|플루오로우라실주|L01BC02||
leucovorin|leucovorin|류코보린주|V03AF03||
ondansetron|ondansetron|온단세트론|A04AA01|Zofran|조프란
filgrastim|filgrastim|필그라스팀주|L03AA02||
folic|folic acid|엽산정|B03BB01||
escitalopram|escitalopram|에스시탈로프람정|N06AB10|Lexapro|렉사프로정
sertraline|sertraline|설트랄린정|N06AB06|Zoloft|졸로푸트정
mirtazapine|mirtazapine|미르타자핀정|N06AX11|Remeron|레메론정
quetiapine|quetiapine|쿠에티아핀정|N05AH04|Seroquel|쎄로켈정
tenofovir|tenofovir disoproxil|테노포비르정|J05AF07|Viread|비리어드정
lactulose|lactulose|락툴로오스시럽|A06AD11|Duphalac|듀파락시럽
propranolol|propranolol|프로프라놀롤정|C07AA05||
methotrexate|methotrexate|메토트렉세이트정|L04AX03||
hcq|hydroxychloroquine|히드록시클로로퀸정|P01BA02|Plaquenil|할록신정
levothyroxine|levothyroxine|레보티록신정|H03AA01|Synthroid|씬지로이드정
tamsulosin|tamsulosin|탐스로신서방캡슐|G04CA02|Flomax|하루날캡슐
"""

DRUGS: Final[dict[str, Drug]] = {row[0]: Drug(*row) for row in rows(_TABLE, 6)}

ROUTES: Final[dict[str, tuple[str, str, str]]] = {  # key: SNOMED CT, English, Korean
    "po": ("26643006", "by mouth", "경구"),
    "iv": ("47625008", "intravenously", "정맥"),
    "sc": ("34206005", "subcutaneously", "피하"),
    "inh": ("18679011000001101", "inhaled", "흡입"),
    "neb": ("45890007", "by nebuliser", "네뷸라이저"),
}

FREQUENCIES: Final[dict[str, tuple[str, str, dict[str, Any] | None]]] = {  # key: English, Korean, Timing.repeat
    "qd": ("once daily", "하루 1회", {"frequency": 1, "period": 1, "periodUnit": "d"}),
    "bid": ("twice daily", "하루 2회", {"frequency": 2, "period": 1, "periodUnit": "d"}),
    "tid": ("three times daily", "하루 3회", {"frequency": 3, "period": 1, "periodUnit": "d"}),
    "q4h": ("every 4 hours", "4시간마다", {"frequency": 1, "period": 4, "periodUnit": "h"}),
    "q6h": ("every 6 hours", "6시간마다", {"frequency": 1, "period": 6, "periodUnit": "h"}),
    "q8h": ("every 8 hours", "8시간마다", {"frequency": 1, "period": 8, "periodUnit": "h"}),
    "q12h": ("every 12 hours", "12시간마다", {"frequency": 1, "period": 12, "periodUnit": "h"}),
    "q24h": ("every 24 hours", "24시간마다", {"frequency": 1, "period": 24, "periodUnit": "h"}),
    "hs": ("at bedtime", "자기 전", {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]}),
    "qw": ("once weekly", "주 1회", {"frequency": 1, "period": 1, "periodUnit": "wk"}),
    "q2w": ("every 2 weeks", "2주마다", {"frequency": 1, "period": 2, "periodUnit": "wk"}),
    "q3w": ("every 3 weeks", "3주마다", {"frequency": 1, "period": 3, "periodUnit": "wk"}),
    "once": ("once", "1회", {"count": 1}),
    "cont": ("continuous infusion", "지속 주입", None),
}

UNITS: Final[dict[str, str]] = {  # as written in an order: UCUM
    "mg": "mg",
    "g": "g",
    "mcg": "ug",
    "mL": "mL",
    "units": "[iU]",
    "IU": "[iU]",
    "puffs": "{puff}",
    "mcg/kg/min": "ug/kg/min",
}

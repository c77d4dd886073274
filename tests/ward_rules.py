"""Rules that find the contradictions and gaps of a chart, for `test_synthetic`.

They share nothing with the ward's code or with the summary's, so that what is planted is proved to be there and nothing
else is. Drug names, classes and limits are transcribed from general knowledge, not from a named edition.
"""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

_NAMES = """
metformin 메트포르민 글루코파지 glucophage
empagliflozin 엠파글리플로진 자디앙 jardiance
sitagliptin 시타글립틴 자누비아 januvia
glargine 글라진 란투스 lantus
amlodipine 암로디핀 노바스크 norvasc
losartan 로사르탄 코자 cozaar
lisinopril 리시노프릴 제스트릴 zestril
sacubitril 사쿠비트릴 엔트레스토 entresto
bisoprolol 비소프롤롤 콩코르 concor
metoprolol 메토프롤롤 베타록 toprol
spironolactone 스피로노락톤 알닥톤 aldactone
furosemide 푸로세미드 라식스 lasix
atorvastatin 아토르바스타틴 리피토 lipitor
rosuvastatin 로수바스타틴 크레스토 crestor
aspirin 아스피린
clopidogrel 클로피도그렐 플라빅스 plavix
ticagrelor 티카그렐러 브릴린타 brilinta
warfarin 와파린 쿠마딘 coumadin
enoxaparin 에녹사파린 크렉산 lovenox
pantoprazole 판토프라졸 판토록 protonix
meropenem 메로페넴
amoxicillin 아목시실린 오구멘틴 augmentin
ceftriaxone 세프트리악손
cefazolin 세파졸린
cefaclor 세파클러
levofloxacin 레보플록사신 크라비트 levaquin
azithromycin 아지트로마이신 지스로맥스 zithromax
sulfamethoxazole 설파메톡사졸 셉트린 bactrim
acetaminophen 아세트아미노펜 타이레놀 tylenol
ibuprofen 이부프로펜 부루펜 advil
naproxen 나프록센
tramadol 트라마돌
oxycodone 옥시코돈
tiotropium 티오트로피움 스피리바 spiriva
budesonide 부데소니드 심비코트 symbicort
albuterol 살부타몰 벤토린 ventolin
fluticasone 플루티카손 후릭소타이드 flovent
montelukast 몬테루카스트 싱귤레어 singulair
prednisolone 프레드니솔론
cetirizine 세티리진 지르텍 zyrtec
cholecalciferol 콜레칼시페롤
alendronate 알렌드로네이트 포사맥스 fosamax
ferrous 황산제일철
sevelamer 세벨라머 렌벨라 renvela
darbepoetin 다베포에틴 네스프 aranesp
febuxostat 페북소스타트 페브릭 uloric
ondansetron 온단세트론 조프란 zofran
folic 엽산
escitalopram 에스시탈로프람 렉사프로 lexapro
sertraline 설트랄린 졸로푸트 zoloft
mirtazapine 미르타자핀 레메론 remeron
tenofovir 테노포비르 비리어드 viread
lactulose 락툴로오스 듀파락 duphalac
propranolol 프로프라놀롤
methotrexate 메토트렉세이트
hydroxychloroquine 히드록시클로로퀸 할록신 plaquenil
levothyroxine 레보티록신 씬지로이드 synthroid
tamsulosin 탐스로신 하루날 flomax
"""
DRUGS = {word: line.split()[0] for line in _NAMES.strip().splitlines() for word in line.split()}
CLASSES = {
    "beta-lactam": {"amoxicillin", "ceftriaxone", "cefazolin", "cefaclor"},
    "nsaid": {"aspirin", "ibuprofen", "naproxen"},
    "sulfonamide": {"sulfamethoxazole"},
}
ALLERGY = {  # an allergy's words: the drug itself, or the class
    "penicillin": "beta-lactam",
    "페니실린": "beta-lactam",
    "cephalosporin": "beta-lactam",
    "세팔로스포린": "beta-lactam",
    "sulfonamide": "sulfonamide",
    "설폰아미드": "sulfonamide",
}
POSSIBLE = {  # LOINC: the widest values that a living person has
    "2823-3": (1.5, 10),
    "2160-0": (0.1, 25),
    "718-7": (2, 24),
    "59408-5": (30, 100),
    "8310-5": (25, 44),
    "29463-7": (0.3, 400),
    "8302-2": (30, 250),
    "8867-4": (20, 300),
    "9279-1": (4, 90),
    "2524-7": (0.1, 30),
    "2951-2": (95, 190),
    "4548-4": (3, 20),
}
VITAL = {"8310-5", "8867-4", "9279-1", "59408-5", "85354-9"}
CHRONIC = {
    "E11.9",
    "I10",
    "J44.9",
    "N18.3",
    "N18.4",
    "I48.9",
    "F33.1",
    "M06.9",
    "I50.9",
    "J45.9",
    "K74.6",
    "E03.9",
    "C50.9",
    "C18.9",
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{(text + '-01-01')[:10]}T00:00:00+09:00")


def ingredients(text: str) -> set[str]:
    return {drug for word, drug in DRUGS.items() if word in text.lower()}


def code(resource: dict[str, Any]) -> str:
    return resource["code"].get("coding", [{"code": ""}])[0]["code"]


def latest(chart: dict[str, list[Any]]) -> datetime:
    stamps = [r["effectiveDateTime"] for r in chart["Observation"]] + [r["date"] for r in chart["DocumentReference"]]
    return max(map(moment, stamps))


def found(chart: dict[str, list[Any]]) -> Counter[str]:
    """Count the contradictions and gaps of a chart."""
    patient = chart["Patient"][0]
    kinds: Counter[str] = Counter()
    for rule in (_drugs, _values, _dates, _contradictions, _gaps, _open, _notes):
        kinds.update(rule(chart, patient))
    return kinds


def _drugs(chart: dict[str, list[Any]], _: Any) -> list[str]:
    hits: list[str] = []
    running: Counter[str] = Counter()
    avoided = [a["code"]["text"].lower() for a in chart["AllergyIntolerance"] if a.get("category") == ["medication"]]
    for order in chart["MedicationRequest"]:
        name = order["medicationCodeableConcept"]["text"]
        drugs = ingredients(name)
        if order["status"] == "active":
            running.update(drugs)
            hits += [] if "dosageInstruction" in order else ["missing.dose"]
        if any(DRUGS.get(word) in drugs for word in avoided):
            hits.append("conflict.drug-allergy")
            continue
        classes = {ALLERGY.get(w.split()[0].removesuffix("계"), "") for w in avoided}
        classes |= {c for w in avoided for c, members in CLASSES.items() if DRUGS.get(w) in members and c == "nsaid"}
        if any(drugs & CLASSES.get(each, set()) for each in classes):
            hits.append("conflict.drug-allergy-class")
    return hits + ["conflict.duplicate-drug" for n in running.values() if n > 1]


def _values(chart: dict[str, list[Any]], _: Any) -> list[str]:
    hits: list[str] = []
    for each in chart["Observation"]:
        quantity = each.get("valueQuantity")
        if quantity is None:
            continue
        low, high = POSSIBLE.get(code(each), (-1e9, 1e9))
        hits += [] if low <= quantity["value"] <= high else ["conflict.impossible-value"]
        hits += [] if "unit" in quantity else ["missing.unit"]
    return hits


def _dates(chart: dict[str, list[Any]], patient: Any) -> list[str]:
    born, died = moment(patient["birthDate"]), patient.get("deceasedDateTime")
    pairs: list[tuple[str, str]] = []
    for each in chart["Condition"]:
        pairs += [(each["onsetDateTime"], each["abatementDateTime"])] if "abatementDateTime" in each else []
    pairs += [(e["period"]["start"], e["period"]["end"]) for e in chart["Encounter"] if "end" in e["period"]]
    wrong = sum(moment(start) > moment(end) for start, end in pairs)
    events = [e["performedDateTime"] for e in chart["Procedure"]] + [
        e["authoredOn"] for e in chart["MedicationRequest"]
    ]
    events += [e["onsetDateTime"] for e in chart["Condition"]] + [
        e["occurrenceDateTime"] for e in chart["Immunization"]
    ]
    wrong += sum(moment(each) < born for each in events)
    if died:
        wrong += sum(moment(o["effectiveDateTime"]) > moment(died) for o in chart["Observation"])
    return ["conflict.date-order"] * wrong


def _contradictions(chart: dict[str, list[Any]], patient: Any) -> list[str]:
    status: dict[str, set[str]] = defaultdict(set)
    for each in chart["Condition"]:
        status[code(each)].add(each["clinicalStatus"]["coding"][0]["code"])
    active = {icd for icd, held in status.items() if "active" in held}
    none = [a for a in chart["AllergyIntolerance"] if "reaction" not in a]
    old = moment(patient["birthDate"]) < moment("1966-01-01")
    smoking = defaultdict(set)
    for each in chart["Observation"]:
        if code(each) == "72166-2":
            smoking[each["effectiveDateTime"][:10]].add(each["valueCodeableConcept"]["text"])
    dead = patient.get("deceasedDateTime")
    tests = [
        bool(none) and len(none) < len(chart["AllergyIntolerance"]),
        {"E10.9", "E11.9"} <= active,
        "Z33" in active and (patient["gender"] == "male" or old),
        any(held == {"active", "resolved"} for held in status.values()),
        any(len(held) > 1 for held in smoking.values()),
        bool(dead) and any(e["status"] == "in-progress" for e in chart["Encounter"]),
    ]
    return ["conflict.contradiction" for test in tests if test]


def _gaps(chart: dict[str, list[Any]], patient: Any) -> list[str]:
    icd = {code(c) for c in chart["Condition"] if c["clinicalStatus"]["coding"][0]["code"] == "active"}
    hits = [] if chart["AllergyIntolerance"] else ["missing.allergies"]
    hits += ["missing.medications"] if icd & CHRONIC and not chart["MedicationRequest"] else []
    weighed = any(code(o) == "29463-7" for o in chart["Observation"])
    child = moment(patient["birthDate"]) > moment("2009-01-01")
    hits += ["missing.weight"] if not weighed and (child or icd & {"C50.9", "C18.9"}) else []
    if any(e["status"] == "in-progress" and e["class"]["code"] == "IMP" for e in chart["Encounter"]):
        last = max(moment(o["effectiveDateTime"]) for o in chart["Observation"] if code(o) in VITAL)
        hits += ["missing.vitals"] if latest(chart) - last > timedelta(hours=24) else []
    return hits


def _notes(chart: dict[str, list[Any]], _: Any) -> list[str]:
    """What the plain notes of nurses say of drugs and allergies, against the lists."""
    held = [d for d in chart["DocumentReference"] if d["id"].split("-")[2] == "nursing"]
    body = "\n".join(base64.b64decode(d["content"][0]["attachment"]["data"]).decode() for d in held)
    listed = {drug for m in chart["MedicationRequest"] for drug in ingredients(m["medicationCodeableConcept"]["text"])}
    recorded = [a for a in chart["AllergyIntolerance"] if "reaction" in a]
    hits: list[str] = []
    for line in body.splitlines():
        taken = "from another clinic" in line or "복용 중" in line
        hits += ["conflict.note-drug"] if taken and not ingredients(line) & listed else []
        stopped = line.startswith("- Stopped") or "자의로 중단" in line
        hits += ["conflict.note-stopped"] if stopped and ingredients(line) & listed else []
        denied = "No known drug allergies" in line or "약물 알레르기 없음" in line
        hits += ["conflict.note-allergy"] if denied and recorded else []
        told = line.startswith("- Allergic to") or "알레르기 있음" in line
        hits += ["conflict.note-allergy"] if told and not recorded and chart["AllergyIntolerance"] else []
    return hits


def _open(chart: dict[str, list[Any]], _: Any) -> list[str]:
    now = latest(chart)
    hits: list[str] = []
    for order in chart["ServiceRequest"]:
        if order["status"] == "active":
            overdue = now - moment(order["occurrenceDateTime"]) > timedelta(days=30)
            hits.append("missing.follow-up-overdue" if overdue else "missing.result-pending")
    late = [a for a in chart["Appointment"] if a["status"] == "booked" and moment(a["start"]) < now]
    return hits + ["missing.follow-up-overdue"] * len(late)

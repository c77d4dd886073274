"""Chemotherapy for breast or colon cancer: cycles, neutrophils that dip and recover, one febrile neutropenia, one death."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Said, Story
from bogam.synthetic.papers import appointment, code_status, consent, device, plan, procedure
from bogam.synthetic.plan import dies


def _tell(c: Chart) -> None:
    r, case = c.rng, c.case
    breast = case.sex == "F" and case.variant % 2 == 0
    key, side = ("breast", r.choice(("left", "right"))) if breast else ("colon", None)
    found = c.at(-r.randint(150, 190), "11:00")
    gone = 40 if dies(case) else 0
    c.condition(key, f"{found:%Y-%m-%d}", side=side)
    if dies(case):
        c.condition("livermet", f"{found:%Y-%m-%d}")
    c.condition("nausea", f"{found + timedelta(days=45):%Y-%m-%d}")
    c.allergies(f"{found:%Y-%m-%d}")
    c.visit("AMB", found, found + timedelta(minutes=30), "onc", ("암 진단", "Cancer diagnosis"), key)
    height, weight = r.uniform(154, 174), r.uniform(50, 76)
    c.vitals(found, sbp=124, dbp=74, hr=78, bt=36.6, weight=weight, height=height)
    c.labs(
        found,
        **({"ca153": 41.0} if breast else {"cea": r.uniform(14, 32)}),
        hb=12.2,
        plt=260,
        wbc=6.4,
        cr=0.8,
        ast=22,
        alt=19,
    )
    words: Said = (
        (
            "Invasive ductal carcinoma, grade 2, ER(+), HER2(-).",
            "Invasive ductal carcinoma, grade 2, ER positive, HER2 negative.",
        )
        if breast
        else ("Adenocarcinoma, moderately differentiated.", "Moderately differentiated adenocarcinoma.")
    )
    c.report("path", found + timedelta(hours=3), words, form="pdf")
    procedure(c, "mastectomy" if breast else "colectomy", found + timedelta(days=22), key, side=side)
    procedure(c, "port", found + timedelta(days=40), key)
    device(c, "port", found + timedelta(days=40))
    if case.variant == 0:
        consent(c, found, "HRESCH", ("연구 목적 이용 거부", "Refusal of research use"), scope="research")
    step = 21 if breast else 14
    first = c.at(-gone - step * 4 - 9, "09:30")
    last = first
    for n in range(5):
        last = first + timedelta(days=step * n)
        _cycle(c, n, breast, key, weight - 0.6 * n)
    c.drug("ondansetron", first, "8 mg", "q8h", "nausea", prn=True)
    c.drug("pantoprazole", first, "40 mg", "qd", ("위점막 보호", "Gastric protection"))
    if case.variant == 1:
        _fever(c)
    if dies(case):
        _end(c, key)
        return
    plan(
        c,
        ("항암치료 계획", "Chemotherapy plan"),
        first,
        ("6차까지 시행", "Six cycles in all"),
        ("38°C 이상 발열 시 응급실 내원", "Come to the emergency department with fever of 38 °C or more"),
        why=key,
    )
    appointment(c, last + timedelta(days=step), ("다음 차수 항암치료", "Next chemotherapy cycle"), "onc")


def _cycle(c: Chart, n: int, breast: bool, key: str, weight: float) -> None:
    r = c.rng
    step = 21 if breast else 14
    gone = 40 if dies(c.case) else 0
    at = c.at(-gone - step * 4 - 9 + step * n, "09:30", 20)
    c.visit("AMB", at, at + timedelta(hours=5), "onc", (f"항암치료 {n + 1}차", f"Chemotherapy cycle {n + 1}"), key)
    c.vitals(at, sbp=r.randint(112, 128), dbp=r.randint(66, 78), hr=r.randint(72, 88), bt=36.7, weight=weight)
    c.labs(
        at,
        wbc=5.6 - 0.4 * n,
        anc=3.2 - 0.3 * n + r.uniform(-0.1, 0.1),
        hb=12.0 - 0.35 * n,
        plt=245 - 14 * n,
        cr=0.8,
        ast=24 + 3 * n,
        alt=22 + 3 * n,
    )
    regimen = (
        (("doxorubicin", "90 mg"), ("cyclophosphamide", "900 mg"))
        if breast
        else (("oxaliplatin", "130 mg"), ("leucovorin", "600 mg"), ("fluorouracil", "600 mg"))
    )
    for drug, dose in regimen:
        c.drug(drug, at + timedelta(hours=1), dose, "once", key, route="iv", stop=at + timedelta(hours=4))
    procedure(c, "chemo", at + timedelta(hours=1), key)
    name = "AC" if breast else "FOLFOX"
    notes.clinic(
        c, at + timedelta(minutes=30),
        r.choice((("nausea Gr. 1, 식사 2/3.", "Grade 1 nausea, eating two thirds."), ("손발저림(-), fatigue(+).", "Tired, no numbness."), ("구내염(-), 설사(-).", "No mouth sores, no diarrhoea."))),
        ["wbc", "anc", "hb", "plt", "cr", "weight"], [key, "nausea"],
        [(f"{name} #{n + 1} 시행", f"{name} cycle {n + 1} given today"), ("CBC f/u", "Blood count before the next cycle")], form="html" if n == 2 else "text",
    )  # fmt: skip


def _fever(c: Chart) -> None:
    start = c.at(-1, "05:10")
    c.visit("IMP", start, None, "onc", ("발열", "Fever"), "colon" if "colon" in c.problems else "breast")
    c.condition("neutropenia", start, here=True)
    code_status(c, start)
    c.monitor(
        start + timedelta(minutes=10),
        c.now - timedelta(minutes=20),
        4,
        bt=[(0, 38.7), (12, 38.2), (28, 37.2)],
        hr=[(0, 112), (28, 90)],
        sbp=[(0, 104), (20, 114)],
        dbp=[(0, 62), (20, 70)],
        rr=[(0, 20)],
        spo2=[(0, 97)],
    )
    c.labs(start + timedelta(minutes=30), wbc=0.9, anc=0.21, hb=9.8, plt=92, crp=86, cr=0.8, lactate=1.4)
    c.labs(c.at(0, "05:40"), wbc=1.4, anc=0.46, hb=9.6, plt=88, crp=64, cr=0.8)
    c.drug("meropenem", start + timedelta(minutes=50), "1 g", "q8h", "neutropenia", route="iv")
    c.drug("filgrastim", start + timedelta(hours=6), "300 mcg", "q24h", "neutropenia", route="sc")
    notes.admission(
        c, start + timedelta(hours=2), ("fever (1DA)", "Fever since last night"),
        ("{who} {phx} 항암치료 중인 분으로 내원 전일부터 fever, chills 발생하여 입원함. cough(-), diarrhea(-).", "{who} {phx}, on chemotherapy, with fever and chills since last night. No cough or diarrhoea."),
        ("oral mucosa intact, chemoport site clear", "Mouth and port site clean"),
        ["wbc", "anc", "hb", "plt", "crp"], ["neutropenia"],
        [("meropenem 1g IV q8h", "Meropenem 1 g IV q8h"), ("G-CSF start", "Filgrastim started"), ("역격리", "Protective isolation")],
    )  # fmt: skip
    notes.nursing(
        c,
        c.now - timedelta(hours=2),
        ("손위생 및 마스크 착용 교육함.", "Hand hygiene and mask explained."),
        ("오한 없음.", "No rigors overnight."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=30),
        ("열감 없음, 식사 1/2.", "No rigors, eating half."),
        ["wbc", "anc", "hb", "plt", "crp"],
        ["neutropenia"],
        [("ANC 0.5 이상 회복까지 항생제 유지", "Antibiotics until the neutrophils recover above 0.5")],
    )


def _end(c: Chart, key: str) -> None:
    start = c.at(-30, "13:00")
    died = start + timedelta(days=6, hours=9)
    c.visit(
        "IMP", start, died, "onc", ("전신 쇠약, 황달", "Weakness and jaundice"), key, "livermet", home=("사망", "Died")
    )
    code_status(c, start, "dnr")
    c.monitor(
        start + timedelta(minutes=20),
        died - timedelta(hours=6),
        12,
        sbp=[(0, 108), (140, 82)],
        dbp=[(0, 64), (140, 48)],
        hr=[(0, 98), (140, 118)],
        rr=[(0, 20), (140, 26)],
        spo2=[(0, 95), (140, 89)],
        bt=[(0, 36.9)],
    )
    c.labs(start + timedelta(hours=1), tbil=9.4, ast=312, alt=188, alb=2.3, inr=1.8, cr=1.6, hb=8.4, plt=74)
    c.drug("oxycodone", start, "5 mg", "q6h", key)
    notes.admission(
        c, start + timedelta(hours=3), ("general weakness, jaundice", "Weakness and jaundice"),
        ("{who} {phx} 항암치료 중 병의 진행으로 보존적 치료 위해 입원함.", "{who} {phx}, admitted for comfort care after the disease progressed on chemotherapy."),
        ("icteric sclera, ascites", "Jaundiced, drowsy"), ["tbil", "ast", "alb", "inr"], [key, "livermet"],
        [("통증 조절", "Pain control"), ("가족 면담, DNR 확인", "Family meeting, do-not-resuscitate confirmed")],
    )  # fmt: skip
    c.died(died)
    notes.discharge(
        c,
        died,
        ("간부전 진행하여 가족 임종 하에 사망함.", "Died peacefully of liver failure with family present."),
        ["tbil"],
        [key, "livermet"],
        [("사망진단서 발급", "Death certificate issued")],
        form="rtf",
    )


STORY = Story(
    "chemotherapy",
    _tell,
    (44, 70),
    sexes="FFM",
    avoid=frozenset({"latex"}),
    chronic=False,
    weigh=True,
    stay=(False, True, False, False),
)

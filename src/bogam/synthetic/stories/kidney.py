"""Chronic kidney disease that worsens over a year: creatinine up, haemoglobin down, phosphate up, a fistula prepared."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, plan, procedure, smoking, vaccine


def _tell(c: Chart) -> None:
    r, late = c.rng, c.case.variant % 2 == 0
    since = c.at(-r.randint(2000, 3600))
    stage = "ckd4" if late else "ckd3"
    c.condition("htn", f"{since.year - 5}")
    c.condition("dm2", f"{since.year - 7}")
    c.condition(stage, f"{since.year + 2}-08")
    c.condition("renalanaemia", f"{c.now.year - 1}-02")
    if late:
        c.condition("hyperpara", f"{c.now.year - 1}-09")
    else:
        c.condition("gout", f"{c.now.year - 2}-06", side=r.choice(("left", "right")), text=("족부 통풍", "Foot gout"))
    c.allergies(f"{since:%Y-%m-%d}")
    vaccine(c, "hepb", c.at(-600))
    vaccine(c, "flu", c.at(-36))
    base = 2.6 if late else 1.7
    height = r.uniform(154, 174)
    for n, ago in enumerate((340, 230, 120, 14)):
        at = c.at(-ago - r.randint(0, 5), "10:40", 20)
        c.visit("AMB", at, at + timedelta(minutes=20), "neph", ("만성 신장병 추적", "Kidney review"), stage)
        cr = base + (0.35 if late else 0.12) * n + r.uniform(-0.04, 0.04)
        c.vitals(
            at,
            sbp=r.randint(132, 148),
            dbp=r.randint(74, 86),
            hr=r.randint(66, 80),
            weight=62 + r.uniform(-1, 1),
            height=height,
        )
        c.labs(
            at, cr=cr, egfr=(54 if late else 66) / cr, bun=30 + 5 * n, k=4.7 + 0.12 * n, na=139, hb=11.2 - 0.4 * n, phos=4.2 + 0.3 * n,
            ca=8.9, alb=3.9, acr=620 + 90 * n, a1c=r.uniform(6.8, 7.3), co2=22 - n / 2,
        )  # fmt: skip
        if n == 0:
            smoking(c, "never", at)
            c.drug("losartan", at, "100 mg", "qd", "htn")
            c.drug("amlodipine", at, "10 mg", "qd", "htn")
            c.drug("atorvastatin", at, "20 mg", "qd", ("심혈관 위험 감소", "Cardiovascular risk reduction"))
            c.drug("glargine", at, "14 units", "hs", "dm2", route="sc")
            if not late:
                c.drug("febuxostat", at, "40 mg", "qd", "gout")
        if n == 1:
            c.drug("iron", at, "256 mg", "qd", "renalanaemia")
        if n == 2 and late:
            c.drug("sevelamer", at, "800 mg", "tid", "hyperpara")
            c.labs(at, pth=r.uniform(190, 260))
        if n == 3 and late:
            c.drug("epo", at, "30 mcg", "q2w", "renalanaemia", route="sc")
        todo = [
            ("저염, 저칼륨식이 교육", "Low salt and low potassium diet"),
            ("3개월 후 Cr, K f/u", "Creatinine and potassium in three months"),
        ]
        if n == 3 and late:
            todo.insert(0, ("℞ 네스프 30mcg 2주마다 start", "℞ Start darbepoetin 30 mcg every two weeks"))
        notes.clinic(
            c, at + timedelta(minutes=15),
            r.choice((("전신 가려움 약간, 부종(-).", "Some itching, no swelling."), ("피로감 호소. 소변량 유지됨.", "Tired. Passing urine as usual."))),
            ["cr", "egfr", "k", "hb", "phos", "acr"], [stage, "htn", "dm2", "renalanaemia"], todo, form="rtf" if n == 1 else "text",
        )  # fmt: skip
    c.report(
        "renalus",
        c.at(-110, "15:00"),
        (
            "양측 신장 크기 감소, cortical echogenicity 증가.",
            "Both kidneys small with increased cortical echogenicity.",
        ),
        form="html",
    )
    if late:
        procedure(c, "avf", c.at(-60, "14:00"), stage, side="left")
    plan(
        c,
        ("신대체요법 준비", "Preparing for renal replacement") if late else ("만성 신장병 관리", "Kidney care plan"),
        c.at(-120),
        ("혈압 130/80 mmHg 미만", "Blood pressure below 130/80 mmHg"),
        ("NSAID 피하기", "Avoid NSAIDs"),
        why=stage,
    )
    appointment(c, c.at(76, "10:40"), ("신장내과 외래", "Kidney clinic"), "neph")


STORY = Story("kidney", _tell, (55, 78))

"""Cirrhosis from hepatitis B with ascites and encephalopathy that clears."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import code_status, plan, procedure, smoking


def _tell(c: Chart) -> None:
    r = c.rng
    since = c.at(-r.randint(1400, 2600))
    c.condition("hbv", f"{since.year - 12}")
    c.condition("cirrhosis", f"{since:%Y-%m}")
    c.condition("varices", f"{since.year + 1}-06")
    c.condition("ascites", f"{c.now.year - 1}-09")
    c.allergies(f"{since:%Y-%m-%d}")
    procedure(c, "band", c.at(-260, "11:00"), "varices")
    clinic = c.at(-r.randint(60, 90), "10:00")
    c.visit("AMB", clinic, clinic + timedelta(minutes=15), "gi", ("간경변 추적", "Cirrhosis review"), "cirrhosis")
    c.vitals(clinic, sbp=112, dbp=66, hr=64, weight=68.5, height=r.uniform(162, 174))
    c.labs(clinic, tbil=2.1, alb=3.0, inr=1.35, plt=78, ast=52, alt=38, afp=r.uniform(3.2, 6.0), na=135)
    c.report(
        "liverus",
        clinic + timedelta(hours=1),
        (
            "간경변, 비장 비대, 중등도 복수. 간내 결절 없음.",
            "Cirrhosis, splenomegaly, moderate ascites. No focal lesion.",
        ),
        form="html",
    )
    smoking(c, "former", clinic)
    c.drug("tenofovir", clinic, "300 mg", "qd", "hbv")
    c.drug("spironolactone", clinic, "100 mg", "qd", "ascites")
    c.drug("furosemide", clinic, "40 mg", "qd", "ascites")
    c.drug("propranolol", clinic, "20 mg", "bid", "varices")
    start = c.at(-3, "15:20")
    c.visit("IMP", start, None, "gi", ("의식저하, 복부팽만", "Confusion and distension"), "cirrhosis", "ascites")
    c.condition("enceph", start, here=True)
    code_status(c, start)
    c.monitor(
        start + timedelta(minutes=15),
        c.now - timedelta(minutes=35),
        6,
        sbp=[(0, 104), (40, 112)],
        dbp=[(0, 60), (40, 66)],
        hr=[(0, 76)],
        rr=[(0, 20), (40, 17)],
        spo2=[(0, 96)],
        bt=[(0, 36.7)],
    )
    for day, nh3, bil in ((-3, 148, 3.9), (-2, 104, 3.6), (-1, 72, 3.1), (0, 55, 2.8)):
        at = c.at(day, "06:05", 20) if day > -3 else start + timedelta(minutes=40)
        c.labs(at, ammonia=nh3, tbil=bil, alb=2.7, inr=1.5, plt=70, na=131 + (day + 3), k=3.8, cr=1.1, ast=66, alt=41)
        c.vitals(at, weight=74.5 - 1.1 * (day + 3))
    procedure(c, "paracentesis", c.at(-2, "14:00"), "ascites")
    c.drug("lactulose", start + timedelta(hours=1), "30 mL", "tid", "enceph")
    notes.admission(
        c, start + timedelta(hours=3), ("mental change (1DA), abdominal distension", "Confusion"),
        ("{who} {phx} 내원 전일부터 말이 느려지고 flapping tremor 보여 ER 통해 입원함. 변비 3일.", "{who} {phx}, slow speech since yesterday after three days of constipation."),
        ("drowsy, flapping tremor(+), shifting dullness(+)", "Drowsy, asterixis, shifting dullness"), ["ammonia", "tbil", "alb", "inr", "plt", "na"], ["enceph", "cirrhosis", "ascites"],
        [("lactulose 30mL tid, 하루 2-3회 배변 목표", "Lactulose 30 mL three times daily"), ("diagnostic paracentesis", "Diagnostic tap")],
    )  # fmt: skip
    notes.nursing(
        c,
        c.now - timedelta(hours=3),
        ("배변 2회, 지남력 명료함.", "Two stools, oriented."),
        ("복부둘레 감소함.", "Girth smaller."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=30),
        ("의식 명료, 식사 2/3.", "Clear, eating."),
        ["ammonia", "tbil", "na", "cr", "weight"],
        ["enceph", "cirrhosis", "ascites"],
        [("lactulose 유지", "Continue lactulose"), ("저염식 유지", "Low salt diet")],
    )
    plan(
        c,
        ("간경변 관리", "Cirrhosis plan"),
        clinic,
        ("금주", "No alcohol"),
        ("6개월마다 초음파, AFP", "Ultrasound and AFP every six months"),
        why="cirrhosis",
    )


STORY = Story("cirrhosis", _tell, (50, 68), sexes="M", avoid=frozenset({"sulfa"}), chronic=False, stay=(True,))

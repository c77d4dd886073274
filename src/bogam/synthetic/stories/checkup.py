"""A healthy check-up: a few small findings, nothing to treat beyond them."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, family, procedure, smoking, vaccine


def _tell(c: Chart) -> None:
    r = c.rng
    last, now = c.at(-r.randint(362, 390), "08:30"), c.at(-r.randint(5, 16), "08:20")
    c.condition("myopia", f"{c.case.birth.year + 14}")
    c.allergies(f"{last:%Y-%m-%d}")
    family(c, "FTH", "htn", 52)
    family(c, "MTH", "lipid", 55)
    height = r.uniform(158, 180)
    for n, at in enumerate((last, now)):
        c.visit("AMB", at, at + timedelta(hours=3), "fm", ("건강검진", "Annual check-up"))
        c.vitals(
            at,
            sbp=r.randint(112, 126),
            dbp=r.randint(70, 80),
            hr=r.randint(60, 76),
            bt=36.5,
            spo2=99,
            weight=22.4 * (height / 100) ** 2 + n,
            height=height,
            bmi=22.6,
        )
        smoking(c, "never", at)
        c.labs(
            at + timedelta(minutes=30), wbc=r.uniform(4.8, 7.0), hb=r.uniform(13.4, 15.2), plt=r.uniform(210, 290), fbs=r.uniform(84, 96), a1c=r.uniform(5.1, 5.5),
            tc=r.uniform(168, 194), ldl=r.uniform(96, 124), hdl=r.uniform(50, 64), tg=r.uniform(70, 120), ast=r.uniform(16, 26), alt=r.uniform(12, 28), cr=r.uniform(0.7, 1.0),
        )  # fmt: skip
        c.report("cxr", at + timedelta(hours=1), ("활동성 병변 없음.", "No active lung disease."), form="text")
    c.report("ecg", now + timedelta(hours=1), ("정상 심전도.", "Normal ECG."), form="pdf")
    if c.case.age(now.date()) >= 45:
        c.condition("polyp", now, end=now + timedelta(hours=2))
        procedure(c, "colonoscopy", now + timedelta(hours=2), "polyp")
        c.report(
            "path",
            now + timedelta(days=3),
            ("Tubular adenoma, low grade dysplasia.", "Tubular adenoma with low-grade dysplasia."),
            form="html",
        )
    vaccine(c, "flu", now)
    c.drug("cholecalciferol", now, "1000 IU", "qd", ("비타민 D 보충", "Vitamin D supplement"))
    notes.clinic(
        c, now + timedelta(hours=2), r.choice((("특이 증상 없음. 주 3회 운동.", "No symptoms. Exercises three times a week."), ("피로감 외 증상 없음. 음주 월 1-2회.", "A little tired, otherwise well. Drinks once or twice a month."))),
        ["fbs", "a1c", "ldl", "hdl", "alt", "cr"], ["myopia"], [("1년 후 검진", "Check-up again in a year"), ("운동 유지", "Keep exercising")],
    )  # fmt: skip
    appointment(c, c.at(352, "08:30"), ("건강검진", "Annual check-up"), "fm")


STORY = Story("checkup", _tell, (32, 58), chronic=False, daily=False)

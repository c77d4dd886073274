"""Obstructive sleep apnoea: a sleep study, CPAP, blood pressure that follows."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, device, family, plan, smoking


def _tell(c: Chart) -> None:
    r = c.rng
    first = c.at(-r.randint(210, 260), "13:40")
    c.condition("htn", f"{first.year - 4}")
    c.condition("obesity", f"{first.year - 6}")
    c.allergies(f"{first:%Y-%m-%d}")
    family(c, "FTH", "htn", 50)
    height = r.uniform(166, 180)
    weight = 31.5 * (height / 100) ** 2
    c.visit(
        "AMB",
        first,
        first + timedelta(minutes=25),
        "pulm",
        ("코골이, 주간 졸림", "Snoring and daytime sleepiness"),
        "htn",
        "obesity",
    )
    c.vitals(first, sbp=148, dbp=92, hr=80, spo2=97, weight=weight, height=height, bmi=31.5)
    c.labs(first, fbs=r.uniform(99, 112), ldl=r.uniform(128, 150), tsh=2.0)
    smoking(c, "never", first)
    c.drug("amlodipine", first, "5 mg", "qd", "htn")
    if c.case.variant % 2:
        c.drug("losartan", first, "50 mg", "qd", "htn")
    said = (
        "코골이 심하고 배우자가 무호흡 목격함. ESS 높음. 주간 졸림(+).",
        "Loud snoring, partner sees pauses in breathing. Falls asleep in meetings.",
    )
    notes.clinic(
        c,
        first + timedelta(minutes=15),
        said,
        ["fbs", "ldl", "weight"],
        ["htn", "obesity"],
        [("PSG 예약", "Sleep study booked"), ("℞ 현 혈압약 유지", "℞ Blood pressure tablets as before")],
    )
    study = first + timedelta(days=24, hours=8)
    c.condition("osa", f"{study:%Y-%m-%d}")
    c.visit("AMB", study, study + timedelta(hours=9), "pulm", ("수면다원검사", "Sleep study"), "osa")
    ahi = c.observe("ahi", study + timedelta(hours=8), r.uniform(34, 52))
    c.report(
        "psg",
        study + timedelta(hours=8, minutes=30),
        ("중증 폐쇄성 수면무호흡증, 앙와위에서 악화.", "Severe obstructive sleep apnoea, worse lying on the back."),
        results=[ahi],
        form="pdf",
    )
    device(c, "cpap", study + timedelta(days=14))
    for n, after in enumerate((60, 175)):
        at = first + timedelta(days=after)
        c.visit("AMB", at, at + timedelta(minutes=15), "pulm", ("양압기 추적", "CPAP review"), "osa")
        c.vitals(at, sbp=138 - 6 * n, dbp=86 - 4 * n, hr=76, spo2=97, weight=weight - 2 - 2 * n)
        c.observe("ahi", at, r.uniform(2.2, 4.6))
        said = (
            ("마스크 불편하나 매일 사용함.", "Mask a little uncomfortable, uses it nightly."),
            ("주간 졸림 호전, 하루 6시간 이상 사용.", "No longer sleepy, over six hours a night."),
        )[n]
        notes.clinic(
            c,
            at + timedelta(minutes=10),
            said,
            ["ahi", "weight"],
            ["osa", "htn"],
            [("CPAP 유지", "Continue CPAP"), ("체중 감량", "Keep losing weight")],
            form="text" if n else "html",
        )
    plan(
        c,
        ("양압기 사용", "CPAP use"),
        study + timedelta(days=14),
        ("매일 4시간 이상 사용", "Four hours or more every night"),
        ("체중 5% 감량", "Lose 5% of body weight"),
        why="osa",
    )
    appointment(c, c.at(130, "13:40"), ("호흡기내과 외래", "Sleep clinic"), "pulm")


STORY = Story("sleep_apnoea", _tell, (38, 62), sexes="MMF")

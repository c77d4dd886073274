"""Type 2 diabetes over a year of clinic visits: HbA1c that falls or rises, and what the small vessels do."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, device, family, plan, smoking, vaccine


def _tell(c: Chart) -> None:
    r, better = c.rng, c.case.variant % 2 == 0
    since = c.at(-r.randint(1500, 4800))
    c.condition("dm2", f"{since:%Y-%m}")
    c.condition("htn", f"{since.year + 1}")
    c.condition("lipid", f"{since.year + 1}")
    if c.case.variant % 3:
        c.condition("retinopathy", f"{c.now.year - 1}-05", side="left" if r.random() < 0.5 else "right")
    if c.case.variant % 3 == 2:
        c.condition("neuropathy", f"{c.now.year - 2}")
    c.allergies(f"{since:%Y-%m-%d}")
    family(c, "FTH", "dm2", r.randint(44, 60))
    vaccine(c, "flu", c.at(-30))
    device(c, "glucometer", c.at(-800))
    a1c, weight = (9.1, 84.0) if better else (6.9, 66.0)
    height = r.uniform(155, 178)
    sugar: list[str] = []
    for n, ago in enumerate((352, 262, 171, 80, 12)):
        at = c.at(-ago - r.randint(0, 6), "09:40", 30)
        c.visit("AMB", at, at + timedelta(minutes=20), "endo", ("당뇨병 추적", "Diabetes review"), "dm2")
        level = a1c - 0.45 * n if better else a1c + 0.4 * n
        c.vitals(
            at,
            sbp=r.randint(124, 142),
            dbp=r.randint(72, 86),
            hr=r.randint(66, 82),
            bt=36.5,
            weight=weight - (0.9 * n if better else -0.3 * n),
            height=height,
        )
        c.labs(
            at,
            a1c=level + r.uniform(-0.1, 0.1),
            fbs=level * 21 - 12,
            cr=r.uniform(0.8, 1.05),
            k=r.uniform(4.0, 4.6),
            ldl=118 - 9 * n,
            acr=22 + 9 * n,
        )
        if n == 0:
            smoking(c, "never" if c.case.sex == "F" else "former", at)
            c.drug("metformin", at, "1000 mg", "bid", "dm2")
            c.drug("amlodipine", at, "5 mg", "qd", "htn")
            c.drug("atorvastatin", at, "20 mg", "qd", "lipid")
            if not better:
                sugar.append(c.drug("sitagliptin", at, "100 mg", "qd", "dm2"))
        if n == 2 and better:
            c.drug("empagliflozin", at, "10 mg", "qd", "dm2")
        if n == 4 and not better:
            c.stop_drugs(at, ("혈당 조절 불충분, 인슐린으로 변경", "Not enough effect, insulin started"), *sugar)
            c.drug("glargine", at, "12 units", "hs", "dm2", route="sc")
        _note(c, n, better)
    plan(
        c,
        ("당뇨병 자가관리", "Diabetes self-management"),
        c.at(-352),
        ("식후 30분 걷기", "Walk 30 minutes after meals"),
        ("매일 발 관찰", "Look at the feet every day"),
        why="dm2",
    )
    appointment(c, c.at(78, "09:40"), ("내분비내과 외래", "Diabetes clinic"), "endo")


def _note(c: Chart, n: int, better: bool) -> None:
    at = c.now.fromisoformat(c.visits[-1]["period"]["start"]) + timedelta(minutes=15)
    subjective = c.rng.choice(
        (
            ("자가혈당 기록 가져옴. hypoglycemia 없음.", "Brought a glucose diary. No hypoglycaemia."),
            (
                "식이조절 노력 중이라고 함. polyuria(-), nocturia 1회.",
                "Working on diet. No polyuria, up once at night.",
            ),
            ("최근 회식이 잦았다고 함. 발 저림 호소 없음.", "More meals out lately. No tingling of the feet."),
        )
    )
    todo = [
        ("식이 및 운동 교육", "Diet and exercise reinforced"),
        ("3개월 후 HbA1c f/u", "HbA1c again in three months"),
    ]
    if n == 2 and better:
        todo.insert(0, ("℞ empagliflozin 10mg 추가", "℞ Empagliflozin 10 mg added"))
    elif n == 4 and not better:
        todo.insert(
            0,
            (
                "℞ sitagliptin 중단, insulin glargine 12 units hs start",
                "℞ Sitagliptin stopped, insulin glargine 12 units at bedtime",
            ),
        )
    else:
        todo.insert(0, ("℞ 현 처방 유지", "℞ No change to the tablets"))
    notes.clinic(
        c,
        at,
        subjective,
        ["a1c", "fbs", "ldl", "cr", "acr", "weight"],
        ["dm2", "htn", "lipid"],
        todo,
        form="html" if n == 3 else "text",
    )


STORY = Story("diabetes", _tell, (45, 72))

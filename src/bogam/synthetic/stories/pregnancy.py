"""Pregnancy with gestational diabetes: antenatal visits, a glucose load, insulin in one of two."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, device, family, plan, smoking, vaccine


def _tell(c: Chart) -> None:
    r, insulin = c.rng, c.case.variant % 2 == 0
    weeks = r.randint(31, 34)
    start = c.at(-7 * weeks)
    c.condition("pregnancy", f"{start:%Y-%m-%d}")
    c.allergies(f"{start:%Y-%m-%d}")
    family(c, "MTH", "dm2", 55)
    if insulin:
        c.condition("hypothyroid", f"{c.now.year - 3}")
    height, weight = r.uniform(156, 170), r.uniform(56, 68)
    for n, week in enumerate((10, 16, 20, 25, 28, weeks)):
        at = (start + timedelta(weeks=week)).replace(hour=10, minute=20)
        at = min(at, c.now - timedelta(hours=3))
        c.visit(
            "AMB",
            at,
            at + timedelta(minutes=20),
            "ob",
            (f"산전진찰 {week}주", f"Antenatal visit, {week} weeks"),
            "pregnancy",
        )
        c.vitals(
            at,
            sbp=r.randint(104, 122),
            dbp=r.randint(62, 76),
            hr=r.randint(74, 90),
            fhr=r.randint(136, 152),
            weight=weight + 0.38 * (week - 10),
            height=height,
        )
        c.labs(at, hb=12.3 - 0.3 * n)
        if n == 0:
            smoking(c, "never", at)
            c.drug("folic", at, "1 mg", "qd", "pregnancy")
            c.labs(at, tsh=r.uniform(1.1, 2.3), fbs=88)
            if insulin:
                c.drug("levothyroxine", at, "50 mcg", "qd", "hypothyroid")
        if week == 20:
            c.report(
                "fetalus",
                at + timedelta(hours=1),
                (
                    "단태아, 정밀초음파상 이상 소견 없음. 태반 후벽.",
                    "Single fetus, normal anomaly scan, posterior placenta.",
                ),
                form="html",
            )
        if week == 25:
            c.labs(at, fbs=r.uniform(96, 99), ogtt1=r.uniform(192, 214), ogtt2=r.uniform(162, 178))
            c.condition("gdm", f"{at:%Y-%m-%d}")
            device(c, "glucometer", at)
        if week == 28:
            vaccine(c, "tdap", at)
            c.condition("irondef", f"{at:%Y-%m-%d}")
            c.drug("iron", at, "256 mg", "qd", "irondef")
            c.labs(at, fbs=r.uniform(97, 104))
            if insulin:
                c.drug("glargine", at, "8 units", "hs", "gdm", route="sc")
        problems = ["pregnancy"] + [k for k in ("gdm", "irondef") if k in c.problems]
        todo = [("식이, 운동 교육", "Diet and exercise"), ("다음 산전진찰 예약", "Next antenatal visit arranged")]
        if week == 25:
            todo.insert(
                0, ("75g OGTT상 GDM 진단, 자가혈당 측정 시작", "Glucose load positive: home glucose monitoring started")
            )
        if week == 28 and insulin:
            todo.insert(0, ("insulin glargine 8 units hs start", "Insulin glargine 8 units at bedtime started"))
        said = ("태동 있음. 복통(-), 출혈(-).", "Feels movements. No pain or bleeding.")
        if week < 20:
            said = (
                ("입덧 심하지 않음. 출혈(-).", "Mild nausea, no bleeding."),
                ("입덧 호전됨. 복통(-).", "Less nausea, no pain."),
            )[n]
        notes.clinic(
            c,
            at + timedelta(minutes=15),
            said,
            ["fbs", "ogtt1", "ogtt2", "hb", "fhr", "weight"],
            problems,
            todo,
            form="rtf" if week == 25 else "text",
        )
    plan(
        c,
        ("임신성 당뇨병 관리", "Gestational diabetes plan"),
        c.at(-40),
        ("하루 4회 혈당 측정", "Glucose four times a day"),
        ("분만 6주 후 75g OGTT", "Glucose load six weeks after birth"),
        why="gdm",
    )
    appointment(c, c.at(10, "10:20"), ("산전진찰", "Antenatal visit"), "ob")


STORY = Story("pregnancy", _tell, (28, 39), sexes="F", chronic=False)

"""Recurrent depression in outpatient treatment: PHQ-9 over months, a change of drug, sleep."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, consent, plan, smoking


def _tell(c: Chart) -> None:
    r = c.rng
    since = c.at(-r.randint(800, 2600))
    c.condition("mdd", f"{since:%Y-%m}")
    c.condition("insomnia", f"{c.now.year - 1}-11")
    if c.case.variant % 2:
        c.condition("gad", f"{since.year + 1}")
    c.allergies(f"{since:%Y-%m-%d}")
    sertraline = ""
    for n, (ago, score) in enumerate(((200, 19), (158, 17), (116, 14), (74, 10), (18, 7))):
        at = c.at(-ago - r.randint(0, 4), "15:30", 20)
        c.visit("AMB", at, at + timedelta(minutes=30), "psy", ("우울증 추적", "Depression review"), "mdd")
        c.observe("phq9", at, score + r.randint(-1, 1))
        c.vitals(
            at,
            sbp=r.randint(112, 126),
            dbp=r.randint(68, 80),
            hr=r.randint(68, 84),
            weight=62 + 0.4 * n,
            height=168 if c.case.sex == "F" else 174,
        )
        todo = [("℞ 현 처방 유지", "℞ Same treatment"), ("4-6주 후 f/u", "Review in four to six weeks")]
        if n == 0:
            smoking(c, "former", at)
            c.labs(at, tsh=r.uniform(1.2, 2.8), hb=13.4, na=140)
            c.drug("mirtazapine", at, "15 mg", "hs", "insomnia")
            sertraline = c.drug("sertraline", at, "50 mg", "qd", "mdd")
            todo[0] = ("℞ sertraline 50mg, mirtazapine 15mg start", "℞ Start sertraline 50 mg and mirtazapine 15 mg")
        if n == 2:
            c.stop_drugs(at, ("효과 불충분", "Not enough effect"), sertraline)
            c.drug("escitalopram", at, "10 mg", "qd", "mdd")
            todo[0] = (
                "℞ sertraline 중단, escitalopram 10mg으로 변경",
                "℞ Sertraline stopped, escitalopram 10 mg instead",
            )
        said = (
            (
                "우울감, 무기력 지속. 수면 3-4시간. 자살사고 부인함.",
                "Low and flat, sleeping three to four hours. Denies suicidal thoughts.",
            ),
            ("수면은 나아졌으나 의욕 저하 지속됨. SI(-).", "Sleeping better, still no drive. No suicidal thoughts."),
            ("약간 나아졌다고 함. 출근은 함. SI(-).", "A little better, back at work. No suicidal thoughts."),
            ("산책 시작함. 기분 호전. SI(-).", "Has started walking. Mood brighter. No suicidal thoughts."),
            ("대체로 괜찮다고 함. 식욕, 수면 양호. SI(-).", "Mostly well, sleeping and eating. No suicidal thoughts."),
        )[n]
        notes.clinic(
            c,
            at + timedelta(minutes=25),
            said,
            ["phq9", "tsh"],
            ["mdd", "insomnia"],
            todo,
            form="html" if n == 1 else "text",
        )
    if c.case.variant % 2 == 0:
        consent(
            c,
            c.at(-200, "15:00"),
            "HOPERAT",
            ("병원 운영 목적 이용 제한", "No use for hospital operations"),
            scope="patient-privacy",
        )
    else:
        consent(c, c.at(-200, "15:00"), "HRESCH", ("연구 목적 이용 거부", "Refusal of research use"), scope="research")
    plan(
        c,
        ("우울증 위기 대처 계획", "Depression safety plan"),
        c.at(-200),
        ("힘들 때 연락할 사람 적기", "People to call when it is hard"),
        ("규칙적 수면", "Regular sleep"),
        why="mdd",
    )
    appointment(c, c.at(24, "15:30"), ("정신건강의학과 외래", "Psychiatry clinic"), "psy")


STORY = Story("depression", _tell, (24, 58))

"""A child with asthma: clinic visits, an attack treated in the emergency department or in hospital."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, device, family, plan, vaccine


def _tell(c: Chart) -> None:
    r, case = c.rng, c.case
    age = case.age(c.now.date())
    born = case.birth
    c.condition("asthma", f"{max(born.year + 2, c.now.year - 4)}-10")
    c.condition("rhinitis", f"{max(born.year + 3, c.now.year - 3)}-04")
    if case.variant % 2:
        c.condition("atopy", f"{born.year + 1}")
    c.allergies(f"{max(born.year + 3, c.now.year - 3)}-04-12")
    family(c, "MTH", "asthma", r.randint(5, 20))
    for key, ago in (("flu", 33), ("mmr", 30 * 12)):
        vaccine(c, key, c.at(-ago))
    device(c, "spacer", c.at(-300))
    height, weight = 80 + 6.2 * age + r.uniform(-3, 3), 8 + 2.4 * age + r.uniform(-1, 1.5)
    for n, ago in enumerate((300, 190, 64)):
        at = c.at(-ago - r.randint(0, 8), "16:10", 20)
        c.visit("AMB", at, at + timedelta(minutes=15), "ped", ("천식 추적", "Asthma review"), "asthma")
        c.vitals(
            at,
            hr=r.randint(88, 104),
            rr=r.randint(20, 24),
            spo2=98,
            bt=36.7,
            weight=weight + 0.8 * n,
            height=height + 2 * n,
        )
        if age >= 6:
            c.observe("pef", at, 140 + 12 * age + 10 * n)
        if n == 0:
            c.drug("fluticasone", at, "50 mcg", "bid", "asthma", route="inh")
            c.drug("salbutamol", at, "2 puffs", "q4h", "asthma", route="inh", prn=True)
            c.labs(at, eos=r.uniform(0.6, 0.9))
        if n == 1:
            c.drug("montelukast", at, "5 mg" if age >= 6 else "4 mg", "hs", "asthma")
            c.drug("cetirizine", at, "5 mg", "qd", "rhinitis")
        notes.clinic(
            c, at + timedelta(minutes=10),
            r.choice((("밤에 기침 주 1회, 운동 시 기침.", "Night cough once a week, coughs with running."), ("감기 후 쌕쌕거림 있었으나 호전됨.", "Wheezed with a cold, now better."))),
            ["pef"], ["asthma", "rhinitis"], [("흡입기, 스페이서 사용법 확인", "Inhaler and spacer technique checked"), ("집먼지진드기 회피", "Mattress covers, no smoke at home")],
        )  # fmt: skip
    plan(
        c,
        ("천식 행동 지침", "Asthma action plan"),
        c.at(-190),
        ("증상 시 속효성 흡입제 2회", "Two puffs of reliever for symptoms"),
        ("호전 없으면 응급실", "Emergency department if no better"),
        why="asthma",
    )
    if case.variant % 2 == 0:
        _attack(c, age, admitted=STORY.in_hospital(case.variant))
    else:
        appointment(c, c.at(r.randint(15, 50), "16:00"), ("소아청소년과 외래", "Children's clinic"), "ped")


def _attack(c: Chart, age: int, *, admitted: bool) -> None:
    start = c.at(-1 if admitted else -25, "02:20")
    close = start + timedelta(hours=3 if admitted else 6)
    c.visit(
        "EMER",
        start,
        close,
        "er",
        ("숨참, 쌕쌕거림", "Wheeze and breathlessness"),
        "asthma",
        home=("입원", "Admitted") if admitted else ("귀가", "Home"),
    )
    c.condition("asthmaex", start, here=True, end=None if admitted else start + timedelta(days=6))
    c.monitor(
        start + timedelta(minutes=5),
        close - timedelta(minutes=10),
        1,
        hr=[(0, 142), (6, 116)],
        rr=[(0, 42), (6, 28)],
        spo2=[(0, 90), (3, 94), (6, 96)],
        bt=[(0, 37.3)],
    )
    mg = f"{min(40, 8 + 2 * age)} mg"
    c.drug(
        "prednisolone",
        start + timedelta(minutes=25),
        mg,
        "qd",
        "asthmaex",
        stop=None if admitted else start + timedelta(days=5),
    )
    notes.admission(
        c, start + timedelta(hours=1), ("dyspnea, wheezing (1DA)", "Wheeze and cough since last night"),
        ("{who} {phx} 내원 전일부터 기침, 콧물 후 새벽에 dyspnea, wheezing 심해져 ER 내원함.", "{who} {phx}, with a runny nose since yesterday and worsening wheeze overnight despite the reliever."),
        ("chest retraction(+), whole lung expiratory wheezing", "Subcostal retractions, expiratory wheeze throughout"),
        ["eos"], ["asthmaex"], [("salbutamol neb. 20분 간격 3회", "Nebulised bronchodilator three times"), (f"prednisolone {mg} PO", f"Prednisolone {mg} by mouth")], kind="emergency", author="er",
    )  # fmt: skip
    if not admitted:
        appointment(c, c.at(12, "16:30"), ("소아청소년과 외래", "Children's clinic"), "ped")
        return
    c.visit("IMP", close, None, "ped", ("천식 급성 악화", "Acute asthma"), "asthma", "asthmaex")
    c.monitor(
        close + timedelta(minutes=20),
        c.now - timedelta(minutes=25),
        4,
        hr=[(0, 118), (20, 98)],
        rr=[(0, 30), (20, 22)],
        spo2=[(0, 95), (20, 98)],
        bt=[(0, 37.1)],
    )
    notes.nursing(
        c,
        c.now - timedelta(hours=2),
        ("보호자에게 흡입기 사용법 교육함.", "Spacer use shown to the parents."),
        ("수면 양호함.", "Slept well."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=20),
        ("기침 줄고 잘 먹음.", "Less cough, eating well."),
        ["eos"],
        ["asthmaex"],
        [
            (f"prednisolone {mg} 총 5일", f"Prednisolone {mg} for five days in all"),
            ("내일 퇴원 고려", "Home tomorrow if well"),
        ],
    )


STORY = Story(
    "asthma",
    _tell,
    (5, 11),
    avoid=frozenset({"aspirin", "ibuprofen"}),
    chronic=False,
    weigh=True,
    stay=(False, False, True, False),
)

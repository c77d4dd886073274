"""COPD with home oxygen: an exacerbation in hospital, or a stable patient in clinic."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, device, plan, smoking, vaccine


def _tell(c: Chart) -> None:
    r = c.rng
    since = c.at(-r.randint(1600, 3600))
    c.condition("copd0", f"{since:%Y-%m}")
    c.condition("resp", f"{since.year + 3}-03-11")
    if c.case.variant % 2:
        c.condition("gerd", f"{since.year + 1}")
    elif c.case.sex == "M":
        c.condition("bph", f"{since.year}")
    c.allergies(f"{since:%Y-%m-%d}")
    for key, ago in (("flu", 395), ("ppsv", 1500), ("covid", 700)):
        vaccine(c, key, c.at(-ago))
    clinic = c.at(-r.randint(70, 110), "11:00")
    c.visit(
        "AMB",
        clinic,
        clinic + timedelta(minutes=25),
        "pulm",
        ("만성 폐쇄성 폐질환 추적", "COPD review"),
        "copd0",
        "resp",
    )
    c.vitals(clinic, sbp=132, dbp=76, hr=84, rr=20, spo2=91, o2=2, weight=r.uniform(48, 64), height=r.uniform(156, 174))
    ratio = c.observe("fev1", clinic + timedelta(minutes=2), r.randint(42, 56))
    c.report(
        "spirometry",
        clinic + timedelta(minutes=5),
        ("중증 폐쇄성 환기장애, 기관지확장제 반응 없음.", "Severe obstruction without bronchodilator response."),
        results=[ratio],
        form="text",
    )
    device(c, "concentrator", c.at(-r.randint(400, 900)))
    smoking(c, "former", clinic)
    c.drug("tiotropium", clinic, "18 mcg", "qd", "copd0", route="inh")
    c.drug("formoterol", clinic, "2 puffs", "bid", "copd0", route="inh")
    c.drug("salbutamol", clinic, "2 puffs", "q6h", "copd0", route="inh", prn=True)
    if "bph" in c.problems:
        c.drug("tamsulosin", clinic, "0.4 mg", "qd", "bph")
    if "gerd" in c.problems:
        c.drug("pantoprazole", clinic, "40 mg", "qd", "gerd")
    plan(
        c,
        ("가정 산소 요법", "Home oxygen"),
        clinic,
        ("비강 캐뉼라 2 L/min, 하루 15시간 이상", "2 L/min by nasal cannula, 15 hours a day or more"),
        ("금연 유지", "Stay off tobacco"),
        why="resp",
    )
    notes.clinic(
        c, clinic, ("mMRC 3, 평지 보행 시 숨참. 가래 약간.", "mMRC 3, stops for breath on the flat. Some white sputum."), ["fev1"], ["copd0", "resp"],
        [("℞ 흡입제 유지, 사용법 재교육", "℞ Inhalers unchanged, technique rechecked"), ("home O2 2L/min 유지", "Home oxygen stays at 2 L/min")],
    )  # fmt: skip
    if STORY.in_hospital(c.case.variant):
        _flare(c)
    else:
        appointment(c, c.at(r.randint(20, 40), "11:00"), ("호흡기내과 외래", "Chest clinic"), "pulm")


def _flare(c: Chart) -> None:
    r = c.rng
    start = c.at(-r.randint(2, 3), "19:40")
    c.visit("IMP", start, None, "pulm", ("호흡곤란 악화", "Worsening breathlessness"), "copd0", "resp")
    c.condition("copd", start, here=True)
    c.monitor(
        start + timedelta(minutes=15), c.now - timedelta(minutes=40), 4, sbp=[(0, 148), (48, 130)], dbp=[(0, 84), (48, 74)], hr=[(0, 112), (48, 86)],
        rr=[(0, 30), (24, 24), (60, 20)], spo2=[(0, 83), (2, 89), (60, 91)], o2=[(0, 4), (24, 3), (60, 2)], bt=[(0, 37.9), (48, 36.8)],
    )  # fmt: skip
    for hours, ph, co2 in ((0.5, 7.29, 62), (6, 7.33, 56), (30, 7.38, 50)):
        c.labs(
            start + timedelta(hours=hours),
            ph=ph + r.uniform(-0.01, 0.01),
            pco2=co2 + r.uniform(-2, 2),
            po2=r.uniform(56, 64),
        )
    c.labs(
        start + timedelta(hours=0.5),
        wbc=r.uniform(11, 15),
        crp=r.uniform(28, 70),
        hb=r.uniform(14, 16),
        k=4.1,
        na=137,
        cr=0.9,
    )
    c.labs(start + timedelta(hours=34), wbc=r.uniform(9, 11), crp=r.uniform(12, 24), k=3.8, na=138, cr=0.9)
    c.report(
        "cxr",
        start + timedelta(hours=1),
        ("Hyperinflation, 새로운 침윤 없음.", "Hyperinflated lungs, no new consolidation."),
        form="html",
    )
    c.drug("prednisolone", start + timedelta(hours=1), "40 mg", "qd", "copd")
    c.drug("azithromycin", start + timedelta(hours=1), "500 mg", "qd", "copd")
    notes.admission(
        c, start + timedelta(hours=3), ("dyspnea, sputum 증가 (3DA)", "Breathlessness and more sputum"),
        (
            "{who} {phx} home O2 사용하며 지내던 중 내원 3일전부터 감기 기운 후 dyspnea, purulent sputum 증가하여 ER 통해 입원함.",
            "{who} {phx} on home oxygen, with three days of worsening breathlessness and green sputum after a cold.",
        ),
        ("both wheezing(+), accessory muscle 사용", "Diffuse wheeze, using accessory muscles"),
        ["ph", "pco2", "po2", "wbc", "crp"], ["copd", "resp"],
        [("SpO2 88-92% target", "Target saturation 88-92%"), ("prednisolone 40mg, azithromycin 500mg", "Prednisolone 40 mg and azithromycin 500 mg daily"), ("ABGA f/u", "Repeat blood gas")],
    )  # fmt: skip
    notes.nursing(
        c,
        c.now - timedelta(hours=3),
        ("객담 배출 격려함.", "Encouraged to clear sputum."),
        ("산소 비강 캐뉼라 적용 중, 흡입기 사용법 교육함.", "On nasal cannula, inhaler technique taught."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=30),
        ("가래 줄고 숨 덜 참.", "Less sputum, easier breathing."),
        ["ph", "pco2", "wbc", "crp"],
        ["copd"],
        [
            ("steroid 5일 유지 예정", "Five days of prednisolone in all"),
            ("home O2 재평가", "Reassess home oxygen before discharge"),
        ],
    )


STORY = Story("copd", _tell, (62, 82), sexes="MMF", chronic=False, stay=(True, False, True))

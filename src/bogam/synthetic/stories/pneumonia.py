"""Community acquired pneumonia, one lobe, oxygen for two days."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import code_status, smoking, vaccine


def _tell(c: Chart) -> None:
    r = c.rng
    side = r.choice(("left", "right"))
    c.condition("htn", f"{c.now.year - 9}")
    c.condition("oa", f"{c.now.year - 3}", side=r.choice(("left", "right")))
    c.allergies(f"{c.now.year - 9}-02-03")
    vaccine(c, "ppsv", c.at(-1500))
    clinic = c.at(-r.randint(80, 120), "09:50")
    c.visit("AMB", clinic, clinic + timedelta(minutes=10), "im", ("고혈압 추적", "Blood pressure review"), "htn")
    c.vitals(clinic, sbp=130, dbp=78, hr=72, weight=r.uniform(52, 70), height=r.uniform(152, 172))
    c.labs(clinic, cr=0.9, k=4.2)
    smoking(c, "former", clinic)
    c.drug("amlodipine", clinic, "5 mg", "qd", "htn")
    start = c.at(-2, "20:15")
    c.visit("IMP", start, None, "pulm", ("발열, 기침", "Fever and cough"), "htn")
    c.condition("pneumonia", start, here=True, side=side)
    code_status(c, start)
    c.monitor(
        start + timedelta(minutes=10),
        c.now - timedelta(minutes=30),
        4,
        bt=[(0, 38.8), (20, 38.0), (36, 37.0)],
        hr=[(0, 108), (36, 84)],
        sbp=[(0, 128)],
        dbp=[(0, 74)],
        rr=[(0, 26), (36, 19)],
        spo2=[(0, 90), (2, 94), (36, 96)],
        o2=[(0, 3), (24, 1), (34, 0)],
    )
    for day, wbc, crp in ((-2, 16.4, 184), (-1, 13.1, 140), (0, 9.8, 72)):
        at = c.at(day, "06:00", 20) if day > -2 else start + timedelta(minutes=25)
        c.labs(
            at,
            wbc=wbc,
            crp=crp,
            hb=12.9,
            plt=240 + 20 * day,
            cr=1.0,
            na=137,
            k=4.0,
            pct=2.1 + day * 0.6 if day else 0.4,
        )
    where = {"left": ("Lt. lower lobe", "left lower lobe"), "right": ("Rt. lower lobe", "right lower lobe")}[side]
    c.report(
        "cxr",
        start + timedelta(minutes=45),
        (f"{where[0]} consolidation. Pleural effusion 없음.", f"Consolidation of the {where[1]}. No effusion."),
        form="html",
    )
    c.report("scx", start + timedelta(days=1, hours=8), ("상재균만 자람.", "Normal flora only."), form="text")
    c.drug("ceftriaxone", start + timedelta(hours=1), "2 g", "q24h", "pneumonia", route="iv")
    c.drug("azithromycin", start + timedelta(hours=1), "500 mg", "qd", "pneumonia")
    notes.admission(
        c, start + timedelta(hours=2), ("fever, cough, sputum (4DA)", "Fever and productive cough"),
        ("{who} {phx} 내원 4일전부터 fever, cough, purulent sputum 발생하여 local에서 약 복용하였으나 호전 없어 ER 통해 입원함.", "{who} {phx}, with four days of fever and productive cough."),
        (f"{where[0]} crackle(+)", f"Crackles over the {where[1]}"), ["wbc", "crp", "pct", "cr"], ["pneumonia"],
        [("ceftriaxone 2g q24h + azithromycin 500mg", "Ceftriaxone 2 g daily and azithromycin 500 mg"), ("O2 supply, SpO2 94% 이상 유지", "Oxygen to keep saturation at 94% or above"), ("sputum Cx.", "Sputum culture")],
    )  # fmt: skip
    notes.nursing(
        c,
        c.now - timedelta(hours=2),
        ("객담 황색, 기침 시 배출함.", "Coughing up yellow sputum."),
        ("수분 섭취 격려함.", "Fluids encouraged."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=25),
        ("기침 줄고 열감 없음.", "Less cough, no fever."),
        ["wbc", "crp", "pct", "cr"],
        ["pneumonia"],
        [("항생제 유지, 경구 전환 고려", "Continue, think of oral switch"), ("CXR f/u", "Repeat chest X-ray")],
    )


_ALLERGENS = frozenset({"penicillin", "cephalosporin", "cefaclor", "amoxicillin"})

STORY = Story("pneumonia", _tell, (62, 84), avoid=_ALLERGENS, chronic=False, stay=(True,))

"""Heart failure with reduced ejection fraction: decompensation, diuresis, weight that falls, and one death."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import datetime, timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, code_status, device, plan, procedure, smoking, vaccine
from bogam.synthetic.plan import dies


def _tell(c: Chart) -> None:
    r = c.rng
    since = c.at(-r.randint(900, 2400))
    c.condition("hf", f"{since:%Y-%m-%d}")
    c.condition("iscm", f"{since:%Y-%m}")
    c.condition("htn", f"{since.year - 8}")
    if c.case.variant % 2 == 0:
        c.condition("ckd3", f"{since.year + 1}")
    c.allergies(f"{since:%Y-%m-%d}")
    vaccine(c, "flu", c.at(-400))
    vaccine(c, "ppsv", c.at(-1100))
    if c.case.variant % 3 == 1:
        procedure(c, "pacemaker", c.at(-700, "13:00"), "hf")
        device(c, "pacemaker", c.at(-700))
    clinic = c.at(-r.randint(95, 130), "10:10")
    c.visit("AMB", clinic, clinic + timedelta(minutes=20), "card", ("심부전 추적", "Heart failure follow-up"), "hf")
    dry = r.uniform(58, 78)
    c.vitals(clinic, sbp=118, dbp=70, hr=72, spo2=97, weight=dry, height=r.uniform(158, 174))
    c.labs(clinic, bnp=r.uniform(900, 1500), cr=r.uniform(1.2, 1.4), k=4.5, na=139)
    smoking(c, "former", clinic)
    c.drug("bisoprolol", clinic, "5 mg", "qd", "hf")
    c.drug("sacubitril", clinic, "50 mg", "bid", "hf")
    c.drug("spironolactone", clinic, "25 mg", "qd", "hf")
    c.drug("empagliflozin", clinic, "10 mg", "qd", "hf")
    oral = c.drug("furosemide", clinic, "40 mg", "qd", "hf")
    c.drug("rosuvastatin", clinic, "10 mg", "qd", "iscm")
    notes.clinic(
        c, clinic, ("NYHA II, 계단 2층 오르면 숨참. orthopnea(-).", "NYHA II, short of breath on two flights. No orthopnoea."),
        ["bnp", "cr", "k"], ["hf", "htn"], [("저염식, 매일 체중 측정", "Low salt, daily weights"), ("3개월 후 f/u", "Review in three months")],
    )  # fmt: skip
    _stay(c, dry, oral)


def _stay(c: Chart, dry: float, oral: str) -> None:
    r, here = c.rng, STORY.in_hospital(c.case.variant)
    days = r.randint(3, 5)
    start = c.at(-days if here else -r.randint(30, 55), "14:20")
    end = None if here else start + timedelta(days=7)
    c.visit("IMP", start, end, "card", ("호흡곤란", "Breathlessness"), "hf", home=None if here else ("자택", "Home"))
    code_status(c, start, "dnr" if dies(c.case) else "full")
    stop = c.now - timedelta(minutes=30) if end is None else end - timedelta(hours=3)
    c.monitor(
        start + timedelta(minutes=20), stop, 6 if here else 8, sbp=[(0, 148), (24, 126), (96, 114)], dbp=[(0, 88), (96, 68)],
        hr=[(0, 104), (48, 84), (120, 74)], rr=[(0, 28), (24, 22), (72, 17)], spo2=[(0, 88), (2, 93), (96, 96.5)],
        o2=[(0, 4), (24, 2), (80, 0)], bt=[(0, 36.6)],
    )  # fmt: skip
    c.drug("furosemide", start + timedelta(minutes=40), "40 mg", "q12h", "hf", route="iv", stop=end)
    c.stop_drugs(start + timedelta(minutes=40), ("정맥 주사로 변경", "Changed to intravenous"), oral)
    heavy = dry + r.uniform(5, 8)
    count = days if here else 7
    for day in range(count + 1):
        at = (
            start + timedelta(days=day, minutes=30)
            if day == 0
            else (start + timedelta(days=day)).replace(hour=6, minute=10)
        )
        if at > stop:
            break
        part = day / 6
        c.labs(
            at,
            bnp=r.uniform(5600, 6400) * 0.72**day,
            cr=1.5 + 0.25 * min(day, 2),
            k=r.uniform(3.6, 4.2),
            na=132 + day,
            bun=28 + day,
        )
        c.vitals(at, weight=heavy - (heavy - dry) * min(1, part))
    ef = c.observe("lvef", start + timedelta(hours=20), r.randint(22, 34))
    c.report(
        "echo", start + timedelta(hours=20),
        ("Global hypokinesia, dilated LV. 중등도 MR. RWMA(+).", "Dilated left ventricle with global hypokinesis. Moderate mitral regurgitation."),
        form="pdf", results=[ef],
    )  # fmt: skip
    c.report(
        "cxr",
        start + timedelta(hours=1),
        (
            "Cardiomegaly, both pleural effusion, pulmonary congestion.",
            "Cardiomegaly, bilateral effusions, pulmonary congestion.",
        ),
    )
    notes.admission(
        c, start + timedelta(hours=4), ("dyspnea (5DA)", "Breathlessness for five days"),
        (
            "{who} {phx} 내원 5일전부터 DOE 악화, orthopnea, both leg edema 발생하여 입원함. 최근 짠 음식 섭취 많았다고 함.",
            "{who} {phx}, admitted with five days of worsening exertional breathlessness, orthopnoea and leg swelling after a salty holiday meal.",
        ),
        ("JVD(+), both basal crackle, pitting edema 2+", "Raised JVP, bibasal crackles, pitting oedema to the knees"),
        ["bnp", "cr", "k", "na"], ["hf", "iscm"],
        [("furosemide 40mg IV q12h", "Furosemide 40 mg IV q12h"), ("I/O, daily BWt check", "Fluid balance and daily weight"), ("echo f/u", "Repeat echocardiogram")],
    )  # fmt: skip
    if here:
        notes.nursing(
            c,
            stop - timedelta(hours=1),
            ("침상 머리 올림. 호흡곤란 호소 없음.", "Head of bed raised, no distress."),
            ("하지부종 감소됨.", "Leg swelling less."),
        )
        notes.progress(
            c, stop, ("숨찬 것 많이 좋아졌다고 함.", "Breathing much easier, slept flat."), ["bnp", "cr", "k", "na", "weight"], ["hf"],
            [("diuretics 유지, Cr f/u", "Continue diuresis, watch creatinine"), ("경구 전환 고려", "Plan the switch to oral")],
        )  # fmt: skip
        return
    assert end
    if dies(c.case):
        _end(c, end)
        return
    c.drug("furosemide", end, "60 mg", "qd", "hf")
    follow = [
        ("2주 후 순환기내과 외래", "Cardiology clinic in two weeks"),
        ("2kg 이상 체중 증가 시 내원", "Come back if weight rises by 2 kg"),
    ]
    notes.discharge(
        c,
        end,
        ("IV diuretics 후 dyspnea 호전되어 퇴원함.", "Responded to IV diuretics and went home breathing comfortably."),
        ["bnp", "cr", "k"],
        ["hf", "iscm"],
        follow,
        form="rtf",
    )
    plan(
        c,
        ("심부전 자가관리", "Heart failure self-management"),
        end,
        ("매일 체중 측정", "Daily weight"),
        ("염분 하루 5 g 미만", "Salt below 5 g a day"),
        why="hf",
    )
    appointment(c, c.at(18, "10:00"), ("순환기내과 외래", "Cardiology clinic"), "card")


def _end(c: Chart, died: datetime) -> None:
    c.visits[-1]["hospitalization"] = {"dischargeDisposition": {"text": c.t(("사망", "Died"))}}
    notes.progress(
        c, died - timedelta(hours=2, minutes=30), ("drowsy, 호흡곤란 지속.", "Drowsy, still breathless."), ["bnp", "cr", "k"], ["hf"],
        [("보호자와 상의하여 DNR 확인함, 보존적 치료 유지", "DNR confirmed with the family, comfort care")],
    )  # fmt: skip
    c.died(died)
    notes.discharge(
        c,
        died,
        (
            "적극적 치료에도 cardiogenic shock 진행하여 사망함.",
            "Progressed to cardiogenic shock despite treatment and died.",
        ),
        ["bnp", "cr"],
        ["hf"],
        [("사망진단서 발급", "Death certificate issued")],
    )


STORY = Story(
    "heart_failure",
    _tell,
    (64, 86),
    avoid=frozenset({"sulfa", "sulfamethoxazole"}),
    chronic=False,
    stay=(True, True, False),
)

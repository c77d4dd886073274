"""Ischaemic stroke of the middle cerebral artery. The weak side is opposite to the infarct, in every note and code."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, code_status, plan, procedure, smoking

_KO = {"left": "좌측", "right": "우측"}


def _tell(c: Chart) -> None:
    r, here = c.rng, STORY.in_hospital(c.case.variant)
    brain = ("left", "right")[c.case.variant % 2]
    weak = "right" if brain == "left" else "left"
    since = c.at(-r.randint(1500, 4000))
    c.condition("htn", f"{since:%Y}")
    c.condition("lipid", f"{since.year + 2}")
    c.allergies(f"{since:%Y-%m-%d}")
    ago = r.randint(2, 4) if here else r.randint(45, 70)
    start = c.at(-ago, "11:25")
    end = None if here else start + timedelta(days=11, hours=4)
    before = c.at(-ago - 140, "10:00")
    c.visit("AMB", before, before + timedelta(minutes=15), "im", ("고혈압 추적", "Blood pressure review"), "htn")
    c.vitals(before, sbp=152, dbp=92, hr=80, weight=r.uniform(56, 78), height=r.uniform(154, 176))
    c.labs(before, ldl=r.uniform(138, 162), fbs=98, cr=0.9)
    smoking(c, "current" if c.case.sex == "M" else "never", before)
    c.drug("amlodipine", before, "5 mg", "qd", "htn")
    c.visit(
        "IMP",
        start,
        end,
        "neuro",
        (f"{_KO[weak]} 위약감, 구음장애", f"{weak.capitalize()}-sided weakness and slurred speech"),
        home=None if here else ("재활병원", "Rehabilitation hospital"),
    )
    c.condition("stroke", start - timedelta(hours=2), here=True, side=brain)
    c.condition("hemi", start - timedelta(hours=2), here=True, side=weak)
    c.condition("dysphagia", start, here=True)
    code_status(c, start)
    stop = c.now - timedelta(minutes=25) if end is None else end - timedelta(hours=2)
    c.monitor(
        start + timedelta(minutes=10),
        stop,
        4 if here else 12,
        sbp=[(0, 182), (24, 164), (72, 142)],
        dbp=[(0, 98), (72, 82)],
        hr=[(0, 88), (48, 76)],
        rr=[(0, 18)],
        spo2=[(0, 97)],
        bt=[(0, 36.8)],
    )
    score = r.randint(9, 13)
    for day in range(min(ago, 11) if here else 11):
        c.observe("nihss", start + timedelta(days=day, hours=1), max(3, score - day))
    c.labs(
        start + timedelta(minutes=25),
        glu=r.uniform(112, 148),
        inr=1.02,
        plt=r.uniform(190, 260),
        hb=r.uniform(13, 15),
        cr=0.95,
        na=140,
        k=4.0,
    )
    c.labs(start + timedelta(days=1, hours=19), ldl=r.uniform(136, 158), a1c=5.8, hdl=44, tg=148)
    words = (
        f"{_KO[brain]} MCA territory의 acute infarction. 출혈 없음.",
        f"Acute infarct in the {brain} middle cerebral artery territory. No haemorrhage.",
    )
    c.report("cthead", start + timedelta(minutes=30), ("출혈 소견 없음.", "No haemorrhage."), form="text")
    c.report("mri", start + timedelta(hours=5), words, form="html")
    c.report("ecg", start + timedelta(hours=1), ("Normal sinus rhythm.", "Sinus rhythm."))
    if c.case.variant == 1:
        procedure(c, "thrombectomy", start + timedelta(hours=1, minutes=40), "stroke", side=brain)
    c.drug("aspirin", start + timedelta(hours=6), "100 mg", "qd", "stroke")
    c.drug(
        "clopidogrel",
        start + timedelta(hours=6),
        "75 mg",
        "qd",
        "stroke",
        stop=None if here else start + timedelta(days=21),
    )
    c.drug("atorvastatin", start + timedelta(hours=6), "40 mg", "qd", "lipid")
    notes.admission(
        c, start + timedelta(hours=7), (f"{_KO[weak]} weakness, dysarthria (2HA)", f"{weak.capitalize()}-sided weakness and slurred speech, two hours"),
        (
            f"{{who}} {{phx}} 내원 2시간전 식사 중 갑자기 {_KO[weak]} motor weakness, dysarthria 발생하여 119 통해 ER 내원함.",
            f"{{who}} {{phx}}, who suddenly developed {weak} arm and leg weakness with slurred speech at lunch, two hours before arrival.",
        ),
        (f"alert, {_KO[weak]} arm/leg MRC Gr. 3, facial palsy {_KO[weak]} central type", f"Alert; {weak} arm and leg 3/5, {weak} facial droop, dysarthria"),
        ["glu", "inr", "plt", "nihss"], ["stroke", "hemi", "dysphagia"],
        [("DAPT start, statin", "Aspirin and clopidogrel, high-intensity statin"), ("연하검사 전 NPO", "Nil by mouth until swallow assessed"), ("재활의학과 consult", "Rehabilitation referral")],
    )  # fmt: skip
    if here:
        notes.nursing(
            c,
            stop - timedelta(hours=2),
            (
                f"{_KO[weak]} 상하지 위약 지속, 체위변경 2시간마다 시행함.",
                f"{weak.capitalize()} arm and leg still weak, turned two-hourly.",
            ),
            ("연하식이 섭취, 사레 없음.", "Taking thickened fluids without coughing."),
        )
        notes.progress(
            c,
            stop,
            ("말이 조금 나아졌다고 함.", "Speech a little clearer."),
            ["nihss", "ldl", "a1c"],
            ["stroke", "hemi"],
            [
                ("DAPT 21일 예정", "Dual antiplatelets for 21 days"),
                (f"{_KO[weak]} 재활치료 지속", f"Physiotherapy for the {weak} side"),
            ],
        )
        return
    assert end
    notes.discharge(
        c,
        end,
        (
            f"{_KO[weak]} 위약 호전 중으로 재활병원 전원함.",
            f"{weak.capitalize()} weakness improving; transferred for rehabilitation.",
        ),
        ["nihss", "ldl"],
        ["stroke", "hemi"],
        [("신경과 외래 f/u", "Stroke clinic"), ("금연", "No smoking")],
        form="rtf",
    )
    plan(
        c,
        ("뇌졸중 재활", "Stroke rehabilitation"),
        end,
        (f"{_KO[weak]} 상하지 운동", f"Exercises for the {weak} arm and leg"),
        ("혈압 140/90 mmHg 미만", "Blood pressure below 140/90 mmHg"),
        why="stroke",
    )
    appointment(c, c.at(25, "14:00"), ("신경과 외래", "Stroke clinic"), "neuro")


STORY = Story(
    "stroke",
    _tell,
    (60, 84),
    avoid=frozenset({"aspirin", "ibuprofen", "contrast"}),
    chronic=False,
    stay=(True, True, False),
)

"""Femoral neck fracture after a fall: surgery on the broken side, blood loss, getting up again."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes, telling
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import code_status, device, plan, procedure, smoking

_KO = {"left": "좌측", "right": "우측"}
_MARK = {"left": "Lt.", "right": "Rt."}


def _tell(c: Chart) -> None:
    r = c.rng
    side = ("left", "right")[c.case.variant % 2]
    old = c.case.age(c.now.date()) >= 65
    since = c.at(-r.randint(900, 2500))
    c.condition("osteo", f"{since:%Y-%m}")
    c.condition("hypothyroid", f"{since.year - 4}")
    c.allergies(f"{since:%Y-%m-%d}")
    clinic = c.at(-r.randint(120, 200), "10:50")
    c.visit(
        "AMB",
        clinic,
        clinic + timedelta(minutes=15),
        "fm",
        ("골다공증 추적", "Osteoporosis review"),
        "osteo",
        "hypothyroid",
    )
    c.vitals(clinic, sbp=128, dbp=74, hr=70, weight=r.uniform(46, 62), height=r.uniform(148, 166))
    c.labs(clinic, vitd=r.uniform(13, 19), ca=8.9, tsh=r.uniform(1.2, 3.4))
    smoking(c, "never", clinic)
    c.drug("levothyroxine", clinic, "75 mcg", "qd", "hypothyroid")
    c.drug("alendronate", clinic, "70 mg", "qw", "osteo")
    c.drug("cholecalciferol", clinic, "1000 IU", "qd", "osteo")
    start = c.at(-4, "16:30")
    c.visit(
        "IMP",
        start,
        None,
        "os",
        (f"{_KO[side]} 고관절 통증, 낙상", f"{side.capitalize()} hip pain after a fall"),
        "osteo",
    )
    c.condition("hip", start - timedelta(hours=2), here=True, side=side)
    code_status(c, start)
    c.report(
        "hipxr",
        start + timedelta(minutes=50),
        (f"{_MARK[side]} femur neck fracture, displaced.", f"Displaced fracture of the {side} femoral neck."),
        form="html" if c.ko else "rtf",
    )
    c.labs(start + timedelta(minutes=40), hb=r.uniform(12.4, 13.2), plt=230, inr=1.0, cr=0.8, na=138, k=4.2)
    surgery = c.at(-3, "13:10")
    key = "arthroplasty" if old else "fixation"
    done = procedure(c, key, surgery, "hip", side=side)
    assert done
    if old:
        device(c, "prosthesis", surgery)
    c.condition("anaemia", surgery + timedelta(hours=16), here=True)
    c.monitor(
        start + timedelta(minutes=20),
        c.now - timedelta(minutes=35),
        6,
        sbp=[(0, 146), (22, 112), (60, 124)],
        dbp=[(0, 84), (22, 64), (60, 72)],
        hr=[(0, 96), (24, 92), (90, 78)],
        rr=[(0, 18)],
        spo2=[(0, 97), (24, 95.5), (60, 97)],
        bt=[(0, 36.7), (26, 37.6), (70, 36.9)],
    )
    for day, hb in ((-2, 9.6), (-1, 9.1), (0, 9.7)):
        c.labs(
            c.at(day, "06:00", 20),
            hb=hb + r.uniform(-0.2, 0.2),
            wbc=11.5 + day,
            crp=60 + day * -18,
            plt=210,
            cr=0.8,
            na=137,
            k=4.0,
        )
    for day, score in ((-4, 8), (-3, 6), (-2, 5), (-1, 4), (0, 3)):
        c.vitals(c.at(day, "07:30" if day > -4 else "17:30"), pain=score)
    c.drug(
        "cefazolin",
        surgery - timedelta(minutes=40),
        "1 g",
        "q8h",
        ("수술 예방적 항생제", "Surgical prophylaxis"),
        route="iv",
        stop=surgery + timedelta(hours=24),
    )
    c.drug(
        "enoxaparin",
        surgery + timedelta(hours=12),
        "40 mg",
        "q24h",
        ("정맥혈전 예방", "Thrombosis prevention"),
        route="sc",
    )
    c.drug("acetaminophen", start, "650 mg", "q8h", "hip")
    c.drug("oxycodone", surgery + timedelta(hours=4), "5 mg", "q6h", "hip", prn=True)
    operation = ("고관절 반치환술", "hemiarthroplasty") if old else ("내고정술", "internal fixation")
    fall = (
        ("집 화장실에서 미끄러져", "slipped in the bathroom") if old else ("자전거 타다 넘어져", "fell off a bicycle")
    )
    notes.admission(
        c, start + timedelta(hours=2), (f"{_MARK[side]} hip pain (2HA)", f"{side.capitalize()} hip pain"),
        (f"{{who}} {{phx}} 내원 2시간전 {fall[0]} {_MARK[side]} hip pain, gait disturbance 발생하여 ER 통해 입원함. head trauma(-).", f"{{who}} {{phx}}, who {fall[1]} two hours ago and could not stand. No head injury."),
        (f"{_MARK[side]} leg shortening & external rotation, NV intact", f"{side.capitalize()} leg short and externally rotated, pulses and sensation intact"),
        ["hb", "plt", "inr", "cr"], ["hip", "osteo"],
        [(f"{_MARK[side]} {operation[0]} 예정", f"Listed for {side} hip {operation[1]}"), ("pain control", "Regular analgesia")],
    )  # fmt: skip
    text = (
        f"[수술기록] {surgery:%Y-%m-%d}\n수술명: {_KO[side]} {operation[0]}\n진단: {c.problems['hip'].text}\n마취: spinal\nEBL: 소량\n합병증: 없음\nOS {'한도윤'}"
        if c.ko
        else f"OPERATIVE NOTE  {surgery:%Y-%m-%d}\nProcedure: {side} hip {operation[1]}\nDiagnosis: {c.problems['hip'].text}\nAnaesthesia: spinal\nComplications: none\nMelissa Grant, Orthopaedics"
    )
    broken = telling.problems([c.problems["hip"].text.split(maxsplit=1)[1]])
    notes.write(c, "operation", surgery + timedelta(hours=2), text, "os", told=broken)
    notes.nursing(
        c,
        c.now - timedelta(hours=2),
        (f"{_MARK[side]} hip 수술부위 dressing clean함.", f"{side.capitalize()} hip dressing clean and dry."),
        ("보행기 이용하여 병실 내 보행함.", "Walked in the room with a frame."),
        ("낙상 고위험, 침상난간 올림.", "High falls risk, bed rails up."),
    )
    notes.progress(
        c,
        c.now - timedelta(minutes=20),
        ("통증 조절되며 ambulation 중.", "Pain controlled, up with physiotherapy."),
        ["hb", "wbc", "crp", "pain"],
        ["hip", "anaemia"],
        [
            ("Hb f/u", "Recheck haemoglobin"),
            (f"{_MARK[side]} weight bearing as tolerated", f"Weight bearing as tolerated on the {side}"),
        ],
    )
    plan(
        c,
        ("낙상 예방과 재활", "Falls prevention and rehabilitation"),
        c.at(-2),
        ("보행기 보행 훈련", "Gait training with a frame"),
        ("집 안 낙상 위험 점검", "Home hazard check"),
        why="hip",
    )
    device(c, "walker", c.at(-1))


_ALLERGENS = frozenset({"penicillin", "cephalosporin", "cefaclor", "amoxicillin", "tramadol", "ibuprofen", "aspirin"})

STORY = Story("hip_fracture", _tell, (70, 89), sexes="FFM", avoid=_ALLERGENS, chronic=False, stay=(True,))

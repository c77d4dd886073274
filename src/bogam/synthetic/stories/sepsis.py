"""Urosepsis on a ward: hourly vital signs, falling lactate, acute kidney injury, cultures still out."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Said, Story, Track
from bogam.synthetic.papers import code_status, device, family, procedure, smoking, vaccine

_HPI: Final[tuple[Said, ...]] = (
    (
        "{who} {phx} 내원 3일전부터 fever, chills 발생하여 ER 통해 입원함. {mark} flank pain 동반, dysuria(+), nausea(+), cough(-).",
        "{who} {phx}, brought in with three days of fever and rigors, dysuria and {side} flank pain. No cough, no diarrhoea.",
    ),
    (
        "{who} {phx} 내원 2일전부터 dysuria, frequency 있었으며 내원 당일 fever, mental change 발생하여 119 통해 ER 내원함. R/O urosepsis 하에 입원함.",
        "{who} {phx}. Two days of urinary frequency and burning, today febrile and confused per family. Arrived by ambulance.",
    ),
    (
        "{who} {phx} local에서 UTI 의심하 경구약 복용하였으나 호전 없이 high fever, general weakness 지속되어 전원됨.",
        "{who} {phx}. Worsening weakness and high fever despite fluids at home; transferred from urgent care with low blood pressure.",
    ),
)


def _tell(c: Chart) -> None:
    r, shock = c.rng, c.case.variant % 2 == 0
    long_ago, clinic = c.at(-r.randint(1500, 4200)), c.at(-r.randint(38, 60), "10:30")
    c.condition("dm2", f"{long_ago:%Y-%m}")
    c.condition("htn", f"{long_ago.year - 3}")
    c.allergies(f"{long_ago:%Y-%m-%d}")
    family(c, "MTH", "dm2", 58)
    vaccine(c, "flu", c.at(-r.randint(390, 410)))
    c.visit("AMB", clinic, clinic + timedelta(minutes=20), "im", ("당뇨병 추적", "Diabetes follow-up"), "dm2", "htn")
    c.vitals(clinic, sbp=134, dbp=78, hr=76, bt=36.6, weight=r.uniform(54, 72), height=r.uniform(152, 170))
    c.labs(clinic, a1c=r.uniform(7.4, 8.6), cr=r.uniform(0.8, 1.0), k=4.3, na=139, hb=r.uniform(12.1, 13.6))
    metformin = c.drug("metformin", clinic, "500 mg", "bid", "dm2")
    c.drug("atorvastatin", clinic, "20 mg", "qd", ("심혈관 위험 감소", "Cardiovascular risk reduction"))
    losartan = c.drug("losartan", clinic, "50 mg", "qd", "htn")
    smoking(c, "never", clinic)
    notes.clinic(
        c, clinic, ("특이 호소 없음. 복약 잘 함.", "Feels well, takes the tablets."), ["a1c", "cr"], ["dm2", "htn"],
        [("℞ 현 처방 유지", "℞ Continue current treatment"), ("저염식, 운동 교육", "Diet and exercise advice")],
    )  # fmt: skip
    _stay(c, shock, metformin, losartan)


_LABS: Final = ("wbc", "hb", "plt", "crp", "pct", "lactate", "bun", "cr", "na", "k")
_SIDES: Final[dict[str, tuple[str, str, str]]] = {"left": ("Lt.", "좌측", "left"), "right": ("Rt.", "우측", "right")}


def _course(low: float) -> dict[str, Track]:
    return {
        "bt": [(0, 38.9), (6, 39.1), (14, 38.0), (30, 37.3), (52, 36.9)],
        "hr": [(0, 122), (8, 112), (16, 100), (40, 86)],
        "sbp": [(0, low + 6), (2, low), (8, low + 14), (16, low + 22), (40, 124)],
        "dbp": [(0, 52), (2, 48), (8, 56), (40, 72)],
        "rr": [(0, 27), (8, 24), (16, 21), (40, 17)],
        "spo2": [(0, 93), (6, 95.5), (40, 97)],
        "o2": [(0, 3), (20, 2), (34, 0)],
    }


def _stay(c: Chart, shock: bool, metformin: str, losartan: str) -> None:
    hours = (16, 40, 52, 30)[c.case.variant % 4]
    er = c.now - timedelta(hours=hours)
    up = er + timedelta(hours=3)
    course = _course(82 if shock else 96)
    first = c.rng.uniform(4.8, 5.4)
    c.visit("EMER", er, up, "er", ("발열, 오한", "Fever and rigors"), home=("병동 입원", "Admitted to ward"))
    c.monitor(er, up, 1, **course)
    order = _emergency(c, er, first, metformin, losartan)
    c.visit(
        "IMP",
        up,
        None,
        "im",
        ("요로감염에 의한 패혈증", "Sepsis due to urinary tract infection"),
        "sepsis",
        "apn",
        "aki",
    )
    code_status(c, up)
    c.drug("meropenem", er + timedelta(hours=3, minutes=15), "1 g", "q8h", "sepsis", route="iv")
    c.drug("acetaminophen", up, "650 mg", "q6h", ("발열", "Fever"), prn=True)
    c.drug("glargine", up, "10 units", "hs", "dm2", route="sc")
    if shock:
        c.drug("norepinephrine", up, "0.08 mcg/kg/min", "cont", "sepsis", route="iv")
    procedure(c, "foley", up, "sepsis")
    device(c, "foley", up)
    later = {key: [(hour - 4, value) for hour, value in track] for key, track in course.items()}
    c.monitor(up + timedelta(hours=1), c.now - timedelta(minutes=20), 1, **later)
    _days(c, first, hours)
    refs = [f"ServiceRequest/{order}"]
    if c.case.variant % 2:
        words = (
            "중간보고: Gram negative rod 의심, 동정 및 감수성 검사 진행 중.",
            "Preliminary: Gram-negative rods in one bottle. Identification and susceptibilities to follow.",
        )
        refs.append(
            f"DiagnosticReport/{c.report('bcx', c.now - timedelta(hours=5), words, order=order, status='preliminary')}"
        )
    c.plant("missing.result-pending", {"what": "Blood culture"}, *refs)


def _emergency(c: Chart, er: datetime, lactate: float, metformin: str, losartan: str) -> str:
    """Tell what happened in the emergency department; return the order of the blood cultures."""
    r = c.rng
    side = r.choice(("left", "right")) if c.case.variant else "right"
    mark, ko, en = _SIDES[side]
    c.condition("sepsis", er + timedelta(hours=1), here=True)
    c.condition("apn", er + timedelta(hours=1), here=True, side=side)
    c.condition("aki", er + timedelta(hours=1), here=True)
    order = c.order("bcx", er + timedelta(minutes=30), "sepsis", done=False)
    c.labs(
        er + timedelta(minutes=40), lactate=lactate, wbc=r.uniform(17, 22), hb=r.uniform(10.8, 12.4), plt=r.uniform(120, 190),
        crp=r.uniform(160, 260), pct=r.uniform(9, 28), cr=r.uniform(1.9, 2.4), bun=r.uniform(34, 46), na=r.uniform(131, 135),
        k=r.uniform(4.4, 5.0), glu=r.uniform(210, 290), upus=r.choice((60, 80, 100)),
    )  # fmt: skip
    c.report(
        "ctabd", er + timedelta(hours=2),
        (f"{ko} 신장 부종 및 신주위 침윤, 급성 신우신염에 합당함. 수신증 없음.", f"Swollen {en} kidney with perinephric stranding, consistent with pyelonephritis. No hydronephrosis."),
        form="html",
    )  # fmt: skip
    c.stop_drugs(
        er + timedelta(hours=1), ("급성 신손상, 젖산 상승", "Acute kidney injury with raised lactate"), metformin
    )
    c.stop_drugs(er + timedelta(hours=1), ("저혈압", "Hypotension"), losartan)
    hpi = r.choice(_HPI) if c.case.variant else _HPI[0]
    notes.admission(
        c, er + timedelta(hours=2, minutes=30), ("fever, chills (3DA)", "Fever and rigors"),
        (hpi[0].replace("{mark}", mark), hpi[1].replace("{side}", en)),
        (f"{mark} CVA tenderness(+), abdomen soft, lung sound clear", f"Flushed, dry; {en} costovertebral tenderness; chest clear"),
        _LABS, ["sepsis", "apn", "aki"],
        [
            ("blood Cx. 2쌍 시행함", "Blood cultures taken"),
            ("meropenem 1g IV q8h start", "Meropenem 1 g IV q8h"),
            ("crystalloid loading, lactate q6h f/u", "Crystalloid bolus, repeat lactate 6-hourly"),
            ("metformin, losartan hold", "Hold metformin and losartan"),
        ],
        kind="emergency", author="er",
    )  # fmt: skip
    return order


def _days(c: Chart, first: float, hours: int) -> None:
    r, er = c.rng, c.now - timedelta(hours=hours)
    for n, after in enumerate(range(6, hours, 6), 1):
        c.labs(er + timedelta(hours=after, minutes=40), lactate=max(1.1, first * 0.78**n))
    for after in range(10, hours, 24):
        part = after / 60
        c.labs(
            er + timedelta(hours=after, minutes=40), wbc=r.uniform(15, 17) - 8 * part, hb=r.uniform(10.4, 11.2), plt=r.uniform(118, 160),
            crp=220 - 150 * part, pct=14 - 12 * part, cr=2.3 - 1.4 * part, bun=42 - 20 * part, na=136, k=r.uniform(3.9, 4.4),
            glu=r.uniform(160, 220),
        )  # fmt: skip
    today = c.now - timedelta(minutes=15)
    notes.nursing(
        c, c.now - timedelta(hours=2),
        ("밤사이 발열 1회 있어 tepid massage 시행함.", "One fever overnight, cooled with tepid sponging."),
        ("Foley urine output 확인함, 색깔 탁함. 의식 명료함.", "Catheter draining cloudy urine. Alert and oriented."),
        ("낙상예방 교육함.", "Falls precautions explained."),
    )  # fmt: skip
    notes.progress(
        c, today, r.choice((("열감 덜하다고 함. 식사 1/2.", "Feels a little better, eating half portions."), ("옆구리 통증 호전 중.", "Flank pain easing."))),
        _LABS, ["sepsis", "apn", "aki"],
        [
            ("meropenem 유지, blood Cx. 결과 확인 후 de-escalation 고려", "Continue meropenem; narrow once culture results are back"),
            ("Cr f/u, nephrotoxic agent 피할 것", "Daily creatinine, avoid nephrotoxins"),
            ("lactate 감소 추세로 f/u 유지", "Lactate falling, keep checking"),
        ],
    )  # fmt: skip


STORY = Story("sepsis", _tell, (58, 84), avoid=frozenset({"contrast"}), chronic=False, daily=False, stay=(True,))

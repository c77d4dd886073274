"""Inferior myocardial infarction opened by PCI: troponin up and down, a stent, two antiplatelet drugs."""

# ruff: noqa: E501  a sentence of a note stands on one line in each language

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, code_status, device, family, plan, procedure, smoking


def _tell(c: Chart) -> None:
    r, here = c.rng, STORY.in_hospital(c.case.variant)
    since = c.at(-r.randint(1200, 2600))
    c.condition("htn", f"{since:%Y}")
    c.condition("lipid", f"{since:%Y}")
    c.allergies(f"{since:%Y-%m-%d}")
    family(c, "FTH", "cad", r.randint(48, 60))
    ago = 2 if here else r.randint(60, 80)
    start = c.at(-ago, "04:50")
    end = None if here else start + timedelta(days=4, hours=6)
    c.visit(
        "EMER",
        start,
        start + timedelta(hours=1),
        "er",
        ("흉통", "Chest pain"),
        home=("심장내과 입원", "Admitted to cardiology"),
    )
    c.condition("stemi", start, here=True)
    c.vitals(start + timedelta(minutes=6), sbp=104, dbp=64, hr=58, rr=22, spo2=95, bt=36.4)
    c.labs(
        start + timedelta(minutes=12),
        tni=r.uniform(180, 420),
        ckmb=r.uniform(6, 11),
        cr=0.95,
        k=3.9,
        na=140,
        hb=r.uniform(13.5, 15.5),
        plt=240,
        glu=r.uniform(140, 180),
    )
    c.report(
        "ecg",
        start + timedelta(minutes=8),
        ("II, III, aVF ST elevation.", "ST elevation in II, III and aVF."),
        form="pdf",
    )
    c.drug("aspirin", start + timedelta(minutes=15), "300 mg", "once", "stemi", stop=start + timedelta(minutes=20))
    smoking(c, "current" if c.case.sex == "M" else "former", start)
    notes.admission(
        c, start + timedelta(minutes=50), ("chest pain (1HA)", "Crushing chest pain, one hour"),
        (
            "{who} {phx} 내원 1시간전 자다가 squeezing chest pain, cold sweating 발생하여 119 통해 ER 내원함.",
            "{who} {phx}, woken by crushing central chest pain with sweating one hour before arrival.",
        ),
        ("heart sound regular, crackle(-)", "Sweaty, clear lungs, no murmur"),
        ["tni", "ckmb", "cr", "k"], ["stemi"],
        [("CAG & PCI activation", "Cath lab activated"), ("aspirin 300mg loading", "Aspirin 300 mg given")], kind="emergency", author="er",
    )  # fmt: skip
    c.visit(
        "IMP",
        start + timedelta(hours=1),
        end,
        "card",
        ("ST 분절 상승 심근경색", "ST elevation myocardial infarction"),
        "stemi",
        home=None if here else ("자택", "Home"),
    )
    code_status(c, start + timedelta(hours=2))
    c.vitals(start + timedelta(hours=2), weight=r.uniform(60, 84), height=r.uniform(162, 178))
    pci = start + timedelta(hours=1, minutes=10)
    procedure(c, "pci", pci, "stemi")
    c.condition("cad", pci, here=False)
    device(c, "stent", pci)
    c.report(
        "cag",
        pci + timedelta(minutes=50),
        (
            "mRCA total occlusion, DES 1개 삽입 후 TIMI 3 flow.",
            "Occluded mid right coronary artery, one drug-eluting stent, TIMI 3 flow.",
        ),
        form="rtf",
    )
    for hours, troponin, mb in ((6, 21400, 148.0), (14, 34800, 210.0), (30, 15200, 66.0), (46, 7600, 18.0)):
        if start + timedelta(hours=hours) < c.now:
            c.labs(start + timedelta(hours=hours), tni=troponin * r.uniform(0.9, 1.1), ckmb=mb * r.uniform(0.9, 1.1))
    c.labs(start + timedelta(hours=26), ldl=r.uniform(132, 168), hdl=38, tg=170, a1c=5.7, cr=1.0, k=4.1)
    ef = c.observe("lvef", start + timedelta(hours=29), r.randint(44, 52))
    c.report(
        "echo",
        start + timedelta(hours=29),
        ("inferior wall hypokinesia.", "Hypokinesis of the inferior wall."),
        results=[ef],
        form="pdf",
    )
    begin = start + timedelta(hours=7)
    c.drug("aspirin", begin, "100 mg", "qd", "cad")
    c.drug("ticagrelor", begin, "90 mg", "bid", "cad")
    c.drug("rosuvastatin", begin, "20 mg", "qd", "lipid")
    c.drug("bisoprolol", begin + timedelta(hours=24), "2.5 mg", "qd", "cad")
    c.drug("lisinopril", begin + timedelta(hours=24), "5 mg", "qd", "htn")
    stop = c.now - timedelta(minutes=30) if end is None else end - timedelta(hours=2)
    c.monitor(
        start + timedelta(hours=2, minutes=20),
        stop,
        4 if here else 8,
        sbp=[(0, 108), (30, 122)],
        dbp=[(0, 66), (30, 74)],
        hr=[(0, 70), (40, 66)],
        rr=[(0, 18)],
        spo2=[(0, 97)],
        bt=[(0, 36.6)],
    )
    if here:
        notes.nursing(
            c,
            stop - timedelta(hours=2),
            ("흉통 호소 없음. radial site hematoma 없음.", "No chest pain. Radial site clean."),
            ("ECG monitor NSR.", "Sinus rhythm on the monitor."),
        )
        notes.progress(
            c,
            stop,
            ("chest pain(-), dyspnea(-).", "No further pain, walking on the ward."),
            ["tni", "ckmb", "ldl", "cr"],
            ["stemi", "cad"],
            [("DAPT 1년 유지", "Dual antiplatelets for a year"), ("심장재활 교육", "Cardiac rehabilitation")],
        )
        return
    assert end
    notes.discharge(
        c,
        end,
        (
            "inferior STEMI로 mRCA PCI 시행 후 특이 문제 없이 퇴원함.",
            "Inferior STEMI treated with a stent to the right coronary artery; uneventful recovery.",
        ),
        ["tni", "cr"],
        ["stemi", "cad"],
        [("2주 후 외래", "Cardiology clinic in two weeks"), ("금연", "Stop smoking")],
        form="pdf" if not c.ko else "html",
    )
    plan(
        c,
        ("심장재활", "Cardiac rehabilitation"),
        end,
        ("주 3회 걷기", "Walking three times a week"),
        ("금연", "No tobacco"),
        why="cad",
    )
    visit = end + timedelta(days=14)
    c.visit("AMB", visit, visit + timedelta(minutes=20), "card", ("심근경색 추적", "Review after infarction"), "cad")
    c.vitals(visit, sbp=122, dbp=72, hr=64)
    c.labs(visit, ldl=r.uniform(54, 68), cr=1.0, k=4.3)
    notes.clinic(
        c,
        visit,
        ("흉통 없음. 약 잘 복용함.", "No angina, takes every tablet."),
        ["ldl", "cr", "k"],
        ["cad", "htn", "lipid"],
        [("현 처방 유지", "Continue"), ("3개월 후 f/u", "Review in three months")],
    )
    appointment(c, c.at(33, "09:20"), ("순환기내과 외래", "Cardiology clinic"), "card")


STORY = Story(
    "infarction",
    _tell,
    (48, 72),
    sexes="MMF",
    avoid=frozenset({"aspirin", "ibuprofen", "contrast"}),
    chronic=False,
    stay=(True, False),
)

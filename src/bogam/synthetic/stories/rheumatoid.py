"""Rheumatoid arthritis that settles on methotrexate."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, plan, smoking, vaccine


def _tell(c: Chart) -> None:
    r = c.rng
    c.condition("ra", f"{c.now.year - 3}-05")
    c.condition("gerd", f"{c.now.year - 2}")
    c.allergies(f"{c.now.year - 3}-05-20")
    vaccine(c, "zoster", c.at(-500))
    steroid = ""
    for n, (ago, score) in enumerate(((310, 5.4), (220, 4.3), (130, 3.2), (26, 2.5))):
        at = c.at(-ago - r.randint(0, 6), "14:20", 15)
        c.visit(
            "AMB",
            at,
            at + timedelta(minutes=20),
            "rheum",
            ("류마티스 관절염 추적", "Rheumatoid arthritis review"),
            "ra",
        )
        c.vitals(
            at, sbp=r.randint(116, 130), dbp=r.randint(70, 80), hr=r.randint(66, 80), weight=60 + n * 0.3, height=162
        )
        c.labs(
            at,
            esr=58 - 14 * n,
            crp=32 - 9 * n,
            hb=11.4 + 0.3 * n,
            wbc=6.2,
            plt=320 - 15 * n,
            ast=22 + n,
            alt=20 + 2 * n,
            cr=0.8,
        )
        c.observe("das28", at, score)
        if n == 0:
            smoking(c, "never", at)
            c.labs(at, rf=r.uniform(68, 140))
            c.drug("methotrexate", at, "15 mg", "qw", "ra")
            c.drug("folic", at, "1 mg", "qd", "ra")
            c.drug("hcq", at, "200 mg", "bid", "ra")
            c.drug("pantoprazole", at, "40 mg", "qd", "gerd")
            steroid = c.drug("prednisolone", at, "5 mg", "qd", "ra")
        todo = [
            ("℞ MTX 15mg 주 1회 유지", "℞ Methotrexate 15 mg weekly as before"),
            ("3개월 후 CBC, LFT f/u", "Blood count and liver tests in three months"),
        ]
        if n == 3:
            c.stop_drugs(at, ("관해로 중단", "In remission"), steroid)
            todo[0] = ("℞ prednisolone 중단, MTX 유지", "℞ Prednisolone stopped, methotrexate as before")
        said = (
            ("조조강직 1시간, 손목 부종.", "Morning stiffness an hour, swollen wrists."),
            ("손가락 통증 감소.", "Fingers hurt less."),
            ("조조강직 10분.", "Stiff for ten minutes."),
            ("통증 거의 없음.", "Hardly any pain."),
        )[n]
        notes.clinic(
            c,
            at + timedelta(minutes=12),
            said,
            ["das28", "esr", "crp", "hb", "alt"],
            ["ra"],
            todo,
            form="rtf" if n == 2 else "text",
        )
    plan(
        c,
        ("목표 지향 치료", "Treat to target"),
        c.at(-310),
        ("DAS28 2.6 미만", "DAS28 below 2.6"),
        ("매년 안과 검진", "Eye check every year"),
        why="ra",
    )
    appointment(c, c.at(64, "14:20"), ("류마티스내과 외래", "Rheumatology clinic"), "rheum")


STORY = Story("rheumatoid", _tell, (40, 64), sexes="FFM", avoid=frozenset({"sulfa", "ibuprofen", "aspirin"}))

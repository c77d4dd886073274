"""Atrial fibrillation on warfarin: INR over months, doses that follow it."""

from __future__ import annotations

from datetime import timedelta

from bogam.synthetic import notes
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Story
from bogam.synthetic.papers import appointment, plan, procedure, smoking, vaccine


def _tell(c: Chart) -> None:
    r = c.rng
    since = c.at(-r.randint(500, 900), "10:00")
    c.condition("af", f"{since:%Y-%m-%d}")
    c.condition("htn", f"{since.year - 9}")
    c.allergies(f"{since:%Y-%m-%d}")
    vaccine(c, "flu", c.at(-41))
    c.visit("AMB", since, since + timedelta(minutes=30), "card", ("두근거림", "Palpitations"), "af")
    c.vitals(since, sbp=138, dbp=82, hr=118, spo2=97, weight=r.uniform(62, 84), height=r.uniform(160, 178))
    c.report(
        "ecg",
        since + timedelta(minutes=10),
        (
            "Atrial fibrillation with rapid ventricular response.",
            "Atrial fibrillation with rapid ventricular response.",
        ),
        form="text",
    )
    smoking(c, "former", since)
    c.drug("metoprolol", since, "50 mg", "qd", "af")
    c.drug("amlodipine", since, "5 mg", "qd", "htn")
    old = c.drug("warfarin", since, "3 mg", "qd", "af")
    procedure(c, "cardioversion", since + timedelta(days=60), "af")
    ef = c.observe("lvef", since + timedelta(days=20), r.randint(55, 62))
    c.report(
        "echo",
        since + timedelta(days=20),
        ("LA enlargement, 판막 이상 없음.", "Enlarged left atrium, no valve disease."),
        results=[ef],
        form="pdf",
    )
    for n, (ago, inr) in enumerate(((182, 1.6), (150, 2.2), (118, 3.6), (86, 2.6), (54, 2.3), (20, 2.5))):
        at = c.at(-ago - r.randint(0, 3), "10:10", 15)
        c.visit("AMB", at, at + timedelta(minutes=15), "card", ("INR 추적", "INR check"), "af")
        c.vitals(at, sbp=r.randint(122, 136), dbp=r.randint(72, 82), hr=r.randint(64, 80))
        c.labs(at, inr=inr + r.uniform(-0.08, 0.08), hb=r.uniform(13.2, 14.1), cr=1.0)
        todo = [("℞ warfarin 유지", "℞ Warfarin unchanged"), ("4주 후 INR f/u", "INR again in four weeks")]
        if n == 2:
            c.stop_drugs(at, ("INR 상승으로 감량", "Dose reduced for a high INR"), old)
            c.drug("warfarin", at, "2.5 mg", "qd", "af")
            todo[0] = ("℞ warfarin 2.5mg으로 감량", "℞ Warfarin down to 2.5 mg")
        said = r.choice(
            (
                ("출혈 없음, 두근거림 없음.", "No bleeding, no palpitations."),
                ("멍이 조금 든다고 함.", "Bruises a little, otherwise well."),
            )
        )
        notes.clinic(c, at + timedelta(minutes=10), said, ["inr", "hb"], ["af", "htn"], todo)
    plan(
        c,
        ("항응고 관리", "Anticoagulation plan"),
        since,
        ("목표 INR 2.0-3.0", "Target INR 2.0-3.0"),
        ("출혈 시 내원", "Come in for any bleeding"),
        why="af",
    )
    appointment(c, c.at(9, "10:10"), ("INR 추적", "INR check"), "card")


STORY = Story("atrial_fibrillation", _tell, (66, 82), avoid=frozenset({"aspirin", "ibuprofen"}))

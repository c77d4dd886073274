"""Notes as a resident or nurse writes them: Korean mixed with English terms, or English. Numbers come from the chart.

``{who}``, ``{phx}`` and ``{age}`` in what a story says are filled in from the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bogam.synthetic import telling
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Said, Told
from bogam.synthetic.catalog.other import ALLERGENS
from bogam.synthetic.catalog.tests import TESTS
from bogam.synthetic.documents import Form, attachment
from bogam.synthetic.elements import LOINC, coded, stamp, unit
from bogam.synthetic.people import STAFF
from bogam.synthetic.recorder import Med

RX: Final = "℞ "
"""Begins a line of a plan that speaks of drugs: left out where the chart must hold none. The mark never shows."""

_KINDS: Final[dict[str, tuple[str, Said]]] = {
    "admission": ("34117-2", ("입원초진기록", "Admission note")),
    "progress": ("11506-3", ("경과기록", "Progress note")),
    "nursing": ("34746-8", ("간호기록", "Nursing note")),
    "discharge": ("18842-5", ("퇴원요약", "Discharge summary")),
    "emergency": ("34111-5", ("응급실기록", "Emergency department note")),
    "clinic": ("34131-3", ("외래기록", "Outpatient note")),
    "operation": ("11504-8", ("수술기록", "Operative note")),
}


def write(
    c: Chart, kind: str, at: datetime, text: str, author: str, form: Form = "text", told: Sequence[Told] = ()
) -> str:
    """File a note as a DocumentReference; ``told`` is what it says."""
    code, title = _KINDS[kind]
    encounter = c.encounter_link()
    id_ = c.put(
        "DocumentReference",
        f"note-{kind}",
        status="current",
        docStatus="final",
        type=c.concept(LOINC, code, title[1], title[0]),
        category=[coded("us-core-documentreference-category", "clinical-note")],
        date=stamp(at),
        author=[c.who(author)],
        content=[{"attachment": attachment(text, form, c.t(title), c.ko, at)}],
        context={"encounter": [encounter]} if encounter else None,
    )
    c.told.extend(replace(each, note=f"DocumentReference/{id_}") for each in told)
    return id_


def fill(c: Chart, said: str) -> str:
    """Fill in who the patient is and what they had before."""
    if "{" not in said:
        return said
    case = c.case
    age = case.age(c.now.date())
    past = past_history(c) if "{phx}" in said else []
    if c.ko:
        who = f"상기 {age}세 {'여자' if case.sex == 'F' else '남자'} 환자"
        phx = f"{', '.join(past)} 과거력 있는 분으로" if past else "특이 과거력 없는 분으로"
    else:
        noun = ("woman" if case.sex == "F" else "man") if age >= 18 else ("girl" if case.sex == "F" else "boy")
        who, phx = (
            f"{age}-year-old {noun}",
            f"with a history of {', '.join(past)}" if past else "with no significant past history",
        )
    return said.replace("{who}", who).replace("{phx}", phx).replace("{age}", str(age))


def past_history(c: Chart) -> list[str]:
    """Return what ``{phx}`` is filled in with."""
    return [p.short for p in c.problems.values() if p.status == "active" and p.key not in c.acute]


def allergens(c: Chart) -> list[Told]:
    """Return what `allergy_line` says."""
    if "missing.allergies" in c.case.gaps:
        return []
    found = [ALLERGENS[key] for key in c.case.allergens]
    return telling.allergies(a.ko if c.ko else a.en.lower() for a in found)


def allergy_line(c: Chart) -> str:
    """Say what is recorded of allergies; empty where nothing is."""
    if "missing.allergies" in c.case.gaps:
        return ""
    if not c.case.allergens:
        return c.t(("Allergy) 없음", "Allergies: NKDA"))
    found = [ALLERGENS[key] for key in c.case.allergens]
    if c.ko:
        return "Allergy) " + ", ".join(f"{a.ko} ({a.reaction_ko})" for a in found)
    return "Allergies: " + ", ".join(f"{a.en.lower()} ({a.reaction_en.lower()})" for a in found)


def running(c: Chart, at: datetime) -> list[Med]:
    """Return the drugs that run at a time, as the record has them."""
    return [m for m in c.meds if m.start <= at and (m.stop is None or m.stop > at)]


def kin_line(c: Chart) -> str:
    """Say what relatives have; empty where nothing is recorded."""
    label = c.t(("FHx)", "Family history:"))
    return _labelled(label, ", ".join(f"{who} {what}" if c.ko else f"{who.lower()} {what}" for who, what in c.kin))


def vitals(c: Chart, at: datetime) -> list[Told]:
    """Return what `vital_line` says."""
    found = {key: last for key in ("sbp", "dbp", "hr", "rr", "bt", "spo2", "o2") if (last := _last(c, key, at, 6))}
    if "sbp" not in found:
        return []
    if "spo2" not in found or found.get("o2", "0.0") in ("0.0", "0"):
        found.pop("o2", None)
    units = {"spo2": "%", "o2": "L/min"}
    return telling.values(
        ("BP" if key in ("sbp", "dbp") else TESTS[key].short, value, units.get(key, "")) for key, value in found.items()
    )


def vital_line(c: Chart, at: datetime) -> str:
    """Return the last vital signs of the six hours before, empty where there are none."""
    found: dict[str, str] = {}
    for key in ("sbp", "dbp", "hr", "rr", "bt", "spo2", "o2"):
        last = _last(c, key, at, 6)
        if last is not None:
            found[key] = last
    if "sbp" not in found:
        return ""
    parts = [f"BP {found['sbp']}/{found['dbp']}"]
    parts += [f"{TESTS[key].short} {found[key]}" for key in ("hr", "rr", "bt") if key in found]
    line = (" - " if c.ko else ", ").join(parts)
    oxygen = f" (O2 {found['o2']} L/min)" if found.get("o2", "0.0") not in ("0.0", "0") else " (room air)"
    return f"{line}, SpO2 {found['spo2']}%{oxygen}" if "spo2" in found else line


def lab_line(c: Chart, at: datetime, keys: Sequence[str], hours: float = 24) -> str:
    """Return the named results of the time before, with units where they are not the everyday ones."""
    return (" / " if c.ko else ", ").join(" ".join(each).strip() for each in results(c, at, keys, hours))


def results(c: Chart, at: datetime, keys: Sequence[str], hours: float = 24) -> list[tuple[str, str, str]]:
    """Return what `lab_line` says: name, number, unit."""
    found = [(TESTS[key], last) for key in keys if (last := _last(c, key, at, hours)) is not None]
    bare = ("10*3/uL", "g/dL", "{INR}", "[pH]", "{score}")
    return [(test.short, last, "" if test.unit in bare else unit(test)) for test, last in found]


def _last(c: Chart, key: str, at: datetime, hours: float) -> str | None:
    past = [(when, value) for when, value in c.values.get(key, []) if at - timedelta(hours=hours) <= when <= at]
    if not past:
        return None
    value = max(past, key=lambda each: each[0])[1]
    return f"{value:.{TESTS[key].decimals}f}"


def _signature(c: Chart, key: str) -> str:
    staff = STAFF[key]
    return f"{staff.abbr} {staff.ko}" if c.ko else f"{staff.en}, {staff.dept_en}"


def _bullets(c: Chart, lines: Sequence[Said], mark: str = "- ") -> list[str]:
    kept = [c.t(each) for each in lines]
    if "missing.medications" in c.case.gaps:
        kept = [line for line in kept if not line.startswith(RX)]
    return [f"{mark}{fill(c, line.removeprefix(RX))}" for line in kept]


def _names(c: Chart, keys: Sequence[str]) -> list[str]:
    return [c.problems[k].short if c.ko else c.problems[k].text for k in keys]


def _numbered(c: Chart, keys: Sequence[str]) -> list[str]:
    return [f"#{n}. {name}" for n, name in enumerate(_names(c, keys), 1)]


def _join(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _labelled(label: str, body: str) -> str:
    return f"{label} {body}" if body else ""


def admission(
    c: Chart,
    at: datetime,
    cc: Said,
    hpi: Said,
    exam: Said,
    labs: Sequence[str],
    problems: Sequence[str],
    todo: Sequence[Said],
    *,
    kind: str = "admission",
    author: str = "res",
) -> str:
    """Write the note of an admission (or, with ``kind`` emergency, of an emergency visit)."""
    home = running(c, at - timedelta(hours=12))
    when = f"{at:%Y-%m-%d %H:%M}"
    heads = (
        ("C/C)", "P/I)", "Medication)", "V/S)", "P/E)", "Lab)", "A)", "P)")
        if c.ko
        else ("Chief complaint:", "HPI:", "Home medications:", "Vitals:", "Exam:", "Labs:", "Assessment:", "Plan:")
    )
    past = (
        ""
        if not c.ko
        else _labelled("PHx)", " ".join(f"{p.short}(+)" for p in c.problems.values() if p.key not in c.acute))
    )
    before = past_history(c) if "{phx}" in hpi[0] else []
    before += [p.short for p in c.problems.values() if p.key not in c.acute] if c.ko else []
    lines = [
        f"[{c.t(_KINDS[kind][1])}] {when}" if c.ko else f"{c.t(_KINDS[kind][1]).upper()}  {when}",
        f"{heads[0]} {c.t(cc)}",
        f"{heads[1]} {fill(c, c.t(hpi))}",
        past,
        kin_line(c),
        allergy_line(c),
        _labelled(heads[2], ", ".join(m.line for m in home)),
        _labelled(heads[3], vital_line(c, at)),
        f"{heads[4]} {c.t(exam)}",
        _labelled(heads[5], lab_line(c, at, labs)),
        heads[6],
        *_numbered(c, problems),
        heads[7],
        *_bullets(c, todo),
        _signature(c, author),
    ]
    told = [
        *telling.problems(before, telling.CHRONIC),
        *telling.kin(c),
        *allergens(c),
        *telling.drugs(home),
        *vitals(c, at),
        *telling.values(results(c, at, labs)),
        *telling.problems(_names(c, problems)),
        *telling.spoken(_join([c.t(cc), c.t(hpi), c.t(exam), *_bullets(c, todo)])),
    ]
    return write(c, kind, at, _join(lines), author, told=told)


def progress(
    c: Chart, at: datetime, subjective: Said, labs: Sequence[str], problems: Sequence[str], todo: Sequence[Said]
) -> str:
    """Write a SOAP note of a day in hospital."""
    day = (at.date() - c.hospital_stay.date()).days + 1 if c.hospital_stay else 1
    lines = [
        f"[{c.t(_KINDS['progress'][1])}] {at:%Y-%m-%d %H:%M}  HD#{day}",
        f"S) {c.t(subjective)}" if c.ko else f"S: {c.t(subjective)}",
        _labelled("O)" if c.ko else "O:", vital_line(c, at)),
        _labelled("  ", lab_line(c, at, labs)),
        "A)" if c.ko else "A:",
        *_numbered(c, problems),
        "P)" if c.ko else "P:",
        *_bullets(c, todo),
        _signature(c, "res"),
    ]
    told = [
        *vitals(c, at),
        *telling.values(results(c, at, labs)),
        *telling.problems(_names(c, problems)),
        *telling.spoken(_join([c.t(subjective), *_bullets(c, todo)])),
    ]
    return write(c, "progress", at, _join(lines), "res", told=told)


def nursing(c: Chart, at: datetime, *said: Said, told: Sequence[Told] = ()) -> str:
    """Write a nurse's narrative note; ``told`` is what it says beyond the table of phrases."""
    lines = [
        f"[{c.t(_KINDS['nursing'][1])}] {at:%Y-%m-%d %H:%M}",
        _labelled("V/S", vital_line(c, at)),
        *_bullets(c, said),
        f"{STAFF['rn'].ko} RN" if c.ko else f"{STAFF['rn'].en}, RN",
    ]
    facts = [*vitals(c, at), *telling.spoken(_join(_bullets(c, said))), *told]
    return write(c, "nursing", at, _join(lines), "rn", told=facts)


def discharge(
    c: Chart,
    at: datetime,
    course: Said,
    labs: Sequence[str],
    problems: Sequence[str],
    follow: Sequence[Said],
    *,
    form: Form = "text",
) -> str:
    """Write a discharge summary with the drugs that go home."""
    came = f"{c.hospital_stay:%Y-%m-%d}" if c.hospital_stay else ""
    heads = (
        ("입원일", "퇴원일", "진단명", "경과요약", "퇴원 시 검사", "퇴원약", "추적계획")
        if c.ko
        else (
            "Admitted",
            "Discharged",
            "Diagnoses",
            "Hospital course",
            "Labs at discharge",
            "Discharge medications",
            "Follow-up",
        )
    )
    home = running(c, at + timedelta(days=1))
    lines = [
        f"[{c.t(_KINDS['discharge'][1])}]",
        f"{heads[0]}: {came}  {heads[1]}: {at:%Y-%m-%d}",
        f"{heads[2]}:",
        *_numbered(c, problems),
        allergy_line(c),
        f"{heads[3]}: {fill(c, c.t(course))}",
        _labelled(f"{heads[4]}:", lab_line(c, at, labs, 72)),
        *([f"{heads[5]}:", *(f"- {m.line}" for m in home)] if home else []),
        f"{heads[6]}:",
        *_bullets(c, follow),
        _signature(c, c.dept),
    ]
    told = [
        *telling.problems(_names(c, problems)),
        *allergens(c),
        *telling.values(results(c, at, labs, 72)),
        *telling.drugs(home),
        *telling.spoken(_join([c.t(course), *_bullets(c, follow)])),
    ]
    return write(c, "discharge", at, _join(lines), c.dept, form, told)


def clinic(
    c: Chart,
    at: datetime,
    subjective: Said,
    labs: Sequence[str],
    problems: Sequence[str],
    todo: Sequence[Said],
    *,
    form: Form = "text",
) -> str:
    """Write the note of an outpatient visit."""
    home = running(c, at)
    lines = [
        f"[{c.t(_KINDS['clinic'][1])}] {at:%Y-%m-%d}  {STAFF[c.dept].dept(c.case.country)}",
        f"S) {fill(c, c.t(subjective))}" if c.ko else f"S: {fill(c, c.t(subjective))}",
        _labelled("O)" if c.ko else "O:", vital_line(c, at)),
        _labelled("  ", lab_line(c, at, labs, 24 * 14)),
        allergy_line(c),
        "A)" if c.ko else "A:",
        *_numbered(c, problems),
        _labelled("Medication)" if c.ko else "Medications:", ", ".join(m.line for m in home)),
        "P)" if c.ko else "P:",
        *_bullets(c, todo),
        _signature(c, c.dept),
    ]
    told = [
        *vitals(c, at),
        *telling.values(results(c, at, labs, 24 * 14)),
        *allergens(c),
        *telling.problems(_names(c, problems)),
        *telling.drugs(home),
        *telling.spoken(_join([c.t(subjective), *_bullets(c, todo)])),
    ]
    return write(c, "clinic", at, _join(lines), c.dept, form, told)

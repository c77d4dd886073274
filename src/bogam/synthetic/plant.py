"""Contradictions and gaps that are added to a chart once its story is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bogam.synthetic import notes, papers
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Said, Told
from bogam.synthetic.catalog.drugs import DRUGS
from bogam.synthetic.catalog.other import ALLERGENS, PROCEDURES
from bogam.synthetic.catalog.tests import STUDIES, TESTS
from bogam.synthetic.elements import stamp
from bogam.synthetic.people import Json
from bogam.synthetic.recorder import Med

Planter = Callable[[Chart], bool]
"""Adds one instance and notes it; False, and nothing added, where this chart gives no place for it."""

_WHY: Final[dict[str, tuple[str, str, str, Said]]] = {  # drug: dose, frequency, route, reason in words
    "levofloxacin": ("500 mg", "qd", "po", ("상기도 감염", "Respiratory infection")),
    "ibuprofen": ("400 mg", "tid", "po", ("근육통", "Muscle pain")),
    "naproxen": ("500 mg", "bid", "po", ("어깨 통증", "Shoulder pain")),
    "cefaclor": ("250 mg", "tid", "po", ("급성 편도염", "Acute tonsillitis")),
    "tramadol": ("50 mg", "bid", "po", ("요통", "Low back pain")),
    "amoxicillin": ("500 mg", "tid", "po", ("급성 부비동염", "Acute sinusitis")),
    "amoxclav": ("1 g", "bid", "po", ("감염 의심", "Suspected infection")),
    "tmpsmx": ("800 mg", "bid", "po", ("요로감염 의심", "Suspected urinary infection")),
}


def clash(c: Chart, kind: str, allergen: str, drug: str) -> None:
    """Order a drug against the recorded allergy, in the emergency department where the patient came through it."""
    dose, freq, route, why = _WHY[drug]
    visit = next((v for v in reversed(c.visits) if v["class"]["code"] == "EMER" and _recent(c, v)), c.visits[-1])
    aside = [v for v in c.visits if v is not visit]
    c.visits[:] = [*aside, visit]
    start = min(datetime.fromisoformat(visit["period"]["start"]) + timedelta(minutes=50), c.now - timedelta(minutes=30))
    id_ = c.drug(drug, start, dose, freq, why, route=route)
    allergy = f"AllergyIntolerance/{c.case.id}-allergy-{allergen}"
    detail = {"drug": DRUGS[drug].en, "allergy": ALLERGENS[allergen].en}
    c.plant(kind, detail, f"MedicationRequest/{id_}", allergy)
    c.visits.sort(key=lambda v: v["period"]["start"])


def _recent(c: Chart, visit: Json) -> bool:
    return c.now - datetime.fromisoformat(visit["period"]["start"]) < timedelta(days=5)


def _moment(c: Chart) -> datetime:
    """Return a time shortly after the last encounter began (before a death)."""
    start = datetime.fromisoformat(c.visits[-1]["period"]["start"])
    return min(start + timedelta(minutes=25), c.now - timedelta(minutes=10))


def _repeatable(c: Chart, med: Med) -> bool:
    planted = any(f"MedicationRequest/{med.id}" in p.resources for p in c.planted)
    return med.resource["status"] == "active" and bool(med.drug.brand_en) and not planted


def duplicate(c: Chart) -> bool:
    """Order a running drug a second time, under a brand name or by another department."""
    running = [m for m in c.meds if _repeatable(c, m)]
    if not running or c.deceased:
        return False
    first = c.rng.choice(running)
    dose = first.resource["dosageInstruction"][0]["doseAndRate"][0].get("doseQuantity")
    if dose is None:
        return False
    route, freq = first.line.split()[-2:] if not first.line.endswith("PRN") else first.line.split()[-3:-1]
    why = first.resource.get("reasonReference") or first.resource["reasonCode"]
    words = why[0].get("display") or why[0]["text"]
    start = max(_moment(c), first.start + timedelta(hours=1))
    amount = f"{dose['value']} {dose['unit']}"
    id_ = c.drug(first.drug.key, start, amount, freq, (words, words), route=route.lower(), brand=True)
    c.plant(
        "conflict.duplicate-drug", {"drug": first.drug.en}, f"MedicationRequest/{first.id}", f"MedicationRequest/{id_}"
    )
    return True


_IMPOSSIBLE: Final[tuple[tuple[str, float], ...]] = (
    ("k", 52),
    ("cr", 88),
    ("hb", 131),
    ("spo2", 140),
    ("bt", 3.7),
    ("weight", -64),
    ("height", 17),
)


def impossible(key: str, value: float) -> Planter:
    """Return a planter of one value that cannot be: a slipped decimal point, unit or key."""

    def planter(c: Chart) -> bool:
        vital = TESTS[key].category == "vital-signs"
        if not c.case.adult or (vital and {"missing.vitals", "missing.weight"} & c.case.gaps):
            return False
        at = _moment(c)
        while any(when == at for when, _ in c.values.get(key, ())):
            at += timedelta(minutes=1)
        id_ = c.observe(key, at, value)
        c.plant(
            "conflict.impossible-value",
            {"what": TESTS[key].en, "value": value, "unit": TESTS[key].unit},
            f"Observation/{id_}",
        )
        return True

    return planter


def resolved_before_onset(c: Chart) -> bool:
    key = c.rng.choice([k for k in ("cellulitis", "gastritis", "zoster", "bppv") if k not in c.problems])
    onset = c.at(-c.rng.randint(420, 1100), "10:20")
    id_ = c.condition(key, onset, end=onset - timedelta(days=c.rng.randint(9, 40)))
    c.plant("conflict.date-order", {"what": "resolved before onset"}, f"Condition/{id_}")
    return True


def ends_before_start(c: Chart) -> bool:
    at = c.at(-c.rng.randint(400, 900), "14:10")
    spot, reason = c.dept, ("복통", "Abdominal pain")
    id_ = c.visit("EMER", at, at - timedelta(days=1, hours=3), "er", reason)
    c.visits.pop()
    c.dept = spot
    c.plant("conflict.date-order", {"what": "encounter ends before it starts"}, f"Encounter/{id_}")
    return True


def procedure_before_birth(c: Chart) -> bool:
    if c.case.age(c.now.date()) < 40:
        return False
    key = c.rng.choice(("chole", "append", "cataract"))
    year = c.case.birth.year - c.rng.randint(4, 18)
    visits, c.visits = c.visits, []
    id_ = papers.procedure(c, key, c.at(-200).replace(year=year))
    c.visits = visits
    c.plant(
        "conflict.date-order", {"what": "procedure before birth", "procedure": PROCEDURES[key].en}, f"Procedure/{id_}"
    )
    return True


def ordered_before_birth(c: Chart) -> bool:
    if "missing.medications" in c.case.gaps:
        return False
    at = c.at(-150).replace(year=c.case.birth.year - c.rng.randint(2, 9))
    visits, c.visits = c.visits, []
    id_ = c.drug("acetaminophen", at, "500 mg", "tid", ("두통", "Headache"), stop=at + timedelta(days=5))
    c.visits = visits
    c.plant("conflict.date-order", {"what": "medication ordered before birth"}, f"MedicationRequest/{id_}")
    return True


def result_after_death(c: Chart) -> bool:
    if not c.deceased:
        return False
    id_ = c.observe("na", c.deceased + timedelta(days=2, hours=3), 138)
    c.plant("conflict.date-order", {"what": "result after death"}, f"Observation/{id_}", f"Patient/{c.case.id}")
    return True


def active_after_death(c: Chart) -> bool:
    if not c.deceased:
        return False
    id_ = c.visit("AMB", c.deceased + timedelta(days=9), None, c.dept, ("정기 추적", "Scheduled follow-up"))
    c.plant(
        "conflict.contradiction",
        {"what": "encounter in progress after death"},
        f"Encounter/{id_}",
        f"Patient/{c.case.id}",
    )
    return True


def none_known_and_allergy(c: Chart) -> bool:
    if not c.case.allergens or "missing.allergies" in c.case.gaps:
        return False
    allergens, c.case.allergens = c.case.allergens, ()
    c.allergies(stamp(_moment(c))[:10])
    c.case.allergens = allergens
    allergy = f"AllergyIntolerance/{c.case.id}-allergy-{allergens[0]}"
    what = {"what": "no known allergy beside an active allergy", "allergy": ALLERGENS[allergens[0]].en}
    c.plant("conflict.contradiction", what, f"AllergyIntolerance/{c.resources[-1]['id']}", allergy)
    return True


def both_diabetes(c: Chart) -> bool:
    second = c.problems.get("dm2")
    if second is None or c.deceased:
        return False
    id_ = c.condition("dm1", second.onset)
    c.plant(
        "conflict.contradiction",
        {"what": "type 1 and type 2 diabetes both active"},
        f"Condition/{id_}",
        f"Condition/{second.id}",
    )
    return True


def impossible_pregnancy(c: Chart) -> bool:
    if c.deceased or not c.case.adult or (c.case.sex == "F" and c.case.age(c.now.date()) < 72):
        return False
    id_ = c.condition("pregnancy", stamp(c.at(-60))[:10])
    what = "male" if c.case.sex == "M" else "woman past the menopause"
    c.plant(
        "conflict.contradiction", {"what": f"pregnancy active in a {what}"}, f"Condition/{id_}", f"Patient/{c.case.id}"
    )
    return True


def active_and_resolved(c: Chart) -> bool:
    found = [
        p
        for k, p in c.problems.items()
        if k in ("htn", "lipid", "gerd", "osteo", "asthma", "ckd3", "ckd4", "ra", "copd0")
    ]
    if not found or c.deceased:
        return False
    first = c.rng.choice(found)
    id_ = c.condition(first.key, first.onset, end=c.at(-c.rng.randint(60, 200), "11:00"))
    c.problems[first.key] = first
    c.plant(
        "conflict.contradiction",
        {"what": "active and resolved at once", "condition": first.text},
        f"Condition/{first.id}",
        f"Condition/{id_}",
    )
    return True


def both_smoking(c: Chart) -> bool:
    if not c.case.adult or c.deceased or any("-smoking" in r["id"] for r in c.resources):
        return False
    at = _moment(c)
    one, two = papers.smoking(c, "never", at), papers.smoking(c, "current", at + timedelta(minutes=6))
    c.plant("conflict.contradiction", {"what": "never and current smoker"}, f"Observation/{one}", f"Observation/{two}")
    return True


def no_unit(c: Chart) -> bool:
    """Add a laboratory value of which nobody knows the unit."""
    free = [key for key in ("uric", "mg", "ferritin", "tsh", "phos", "vitd") if key not in c.values]
    if not free:
        return False
    key = c.rng.choice(free)
    value = {"uric": 6.1, "mg": 2.0, "ferritin": 118, "tsh": 2.31, "phos": 3.4, "vitd": 27.4}[key]
    id_ = c.observe(key, _moment(c), value)
    made = c.resources[-1]
    made["valueQuantity"] = {"value": value}
    made["referenceRange"] = [{"text": f"{TESTS[key].low} - {TESTS[key].high}"}]
    c.plant("missing.unit", {"what": TESTS[key].en, "value": value}, f"Observation/{id_}")
    return True


def no_result(c: Chart) -> bool:
    """Order a study that nobody has answered, or that only has a preliminary report."""
    if c.deceased:
        return False
    # A study with a result in the record would look answered.
    key = c.rng.choice(["ucx"] + [k for k, lab in (("tshdue", "tsh"), ("vitddue", "vitd")) if lab not in c.values])
    at = _moment(c)
    order = c.order(key, at, done=False)
    refs = [f"ServiceRequest/{order}"]
    if key == "ucx" and c.rng.random() < 0.6:
        words = (
            "중간보고: 현재까지 동정된 균 없음. 배양 진행 중.",
            "Preliminary: no growth so far. Incubation continues.",
        )
        refs.append(f"DiagnosticReport/{c.report(key, at, words, order=order, status='preliminary')}")
    c.plant("missing.result-pending", {"what": STUDIES[key].en}, *refs)
    return True


_DUE: Final[dict[str, str]] = {
    "diabetes": "eye",
    "kidney": "eye",
    "chemotherapy": "ctabd",
    "hip_fracture": "dexa",
    "copd": "ldct",
    "rheumatoid": "dexa",
    "atrial_fibrillation": "echo",
    "sleep_apnoea": "a1cdue",
    "asthma": "spirometry",
}
"""Studies that fit a story and that it does not do of itself, so that nothing in the record answers them."""


def overdue(c: Chart) -> bool:
    """Leave a booked visit or a due study undone for more than six weeks before the record's last entry."""
    if c.deceased or c.case.story == "pregnancy":
        return False
    due = (_moment(c) - timedelta(days=c.rng.randint(45, 130))).replace(hour=10, minute=0)
    key = _DUE.get(c.case.story)
    if key and c.rng.random() < 0.75:
        visits, c.visits = c.visits, []
        id_ = c.order(key, due - timedelta(days=180), done=False, due=due)
        c.visits = visits
        c.plant("missing.follow-up-overdue", {"what": STUDIES[key].en, "due": stamp(due)[:10]}, f"ServiceRequest/{id_}")
        return True
    id_ = papers.appointment(c, due, ("외래 추적 진료", "Follow-up visit"), c.dept)
    c.plant("missing.follow-up-overdue", {"what": "Follow-up visit", "due": stamp(due)[:10]}, f"Appointment/{id_}")
    return True


_ELSEWHERE: Final[dict[str, tuple[str, str, str]]] = {  # drugs that another hospital gives: dose, frequency, route
    "levothyroxine": ("50 mcg", "qd", "po"),
    "febuxostat": ("40 mg", "qd", "po"),
    "alendronate": ("70 mg", "qw", "po"),
    "mirtazapine": ("15 mg", "hs", "po"),
    "hcq": ("200 mg", "bid", "po"),
}


def _after_notes(c: Chart) -> datetime | None:
    """Return a time shortly after the newest note, None where there is no room for another."""
    written = [datetime.fromisoformat(r["date"]) for r in c.resources if r["resourceType"] == "DocumentReference"]
    at = max(written, default=c.now) + timedelta(minutes=4)
    return at if at < c.now and not c.deceased else None


def note_drug(c: Chart) -> bool:
    """Write into a note, not into the list, a drug that the patient takes from elsewhere."""
    at = _after_notes(c)
    free = [key for key in _ELSEWHERE if key not in {m.drug.key for m in c.meds}]
    if at is None or not c.case.adult or c.case.story == "pregnancy" or not any(m.stop is None for m in c.meds):
        return False
    drug = DRUGS[c.rng.choice(free)]
    dose, freq, route = _ELSEWHERE[drug.key]
    line = f"{drug.en} {dose} {route.upper()} {freq}"
    said = (f"타 병원에서 처방받은 {line} 복용 중이라고 함.", f"Takes {line} from another clinic.")
    told = Told("", "drug", drug.en, dose=dose, route=route.upper(), frequency=freq)
    note = notes.nursing(c, at, said, told=[told])
    c.plant("conflict.note-drug", {"drug": drug.en}, f"DocumentReference/{note}")
    return True


def note_stopped(c: Chart) -> bool:
    """Write into a note that the patient stopped a drug that the list still has."""
    at = _after_notes(c)
    twice = Counter(m.drug.key for m in c.meds if m.stop is None)
    running = [m for m in c.meds if m.stop is None and m.signa[1] == "PO" and m.signa[0] and twice[m.drug.key] == 1]
    running = [m for m in running if at is not None and m.start < at - timedelta(days=2)]
    if at is None or not running:
        return False
    med = c.rng.choice(running)
    said = (
        f"{med.drug.en} 속쓰림으로 1주 전 자의로 중단함.",
        f"Stopped {med.drug.en} a week ago because of heartburn.",
    )
    note = notes.nursing(c, at, said, told=[Told("", "drug", med.drug.en, ())])
    c.plant("conflict.note-stopped", {"drug": med.drug.en}, f"DocumentReference/{note}", f"MedicationRequest/{med.id}")
    return True


def note_none_known(c: Chart) -> bool:
    """Deny in a note the allergy that is recorded."""
    at = _after_notes(c)
    if at is None or not c.case.allergens or "missing.allergies" in c.case.gaps:
        return False
    allergen = c.case.allergens[0]
    if ALLERGENS[allergen].category != "medication":
        return False
    note = notes.nursing(
        c, at, ("약물 알레르기 없음.", "No known drug allergies."), told=[Told("", "allergy", "", ("absent",))]
    )
    allergy = f"AllergyIntolerance/{c.case.id}-allergy-{allergen}"
    c.plant("conflict.note-allergy", {"allergy": ALLERGENS[allergen].en}, f"DocumentReference/{note}", allergy)
    return True


def note_allergy(c: Chart) -> bool:
    """Tell an allergy in a note of a patient of whom none is recorded as known."""
    at = _after_notes(c)
    if at is None or c.case.allergens or "missing.allergies" in c.case.gaps:
        return False
    free = [key for key in ("codeine", "ketorolac", "tramadol") if key not in {m.drug.key for m in c.meds}]
    allergen = ALLERGENS[c.rng.choice(free)]
    said = (f"{allergen.ko} 알레르기 있음 (두드러기).", f"Allergic to {allergen.en.lower()} (hives).")
    note = notes.nursing(c, at, said, told=[Told("", "allergy", c.t((allergen.ko, allergen.en.lower())))])
    denied = f"AllergyIntolerance/{c.case.id}-nka"
    c.plant("conflict.note-allergy", {"allergy": allergen.en}, f"DocumentReference/{note}", denied)
    return True


def absent(c: Chart) -> None:
    """Note what the chart left out as it was built."""
    gaps, id_ = c.case.gaps, c.case.id
    for kind in ("missing.allergies", "missing.medications"):
        if kind in gaps:
            c.plant(kind, {})
    if "missing.weight" in gaps:
        c.plant("missing.weight", {"age": c.case.age(c.now.date())}, f"Patient/{id_}")
    if "missing.vitals" in gaps:
        stay = next(v for v in reversed(c.visits) if v["status"] == "in-progress")
        c.plant("missing.vitals", {"hours": 31}, f"Encounter/{stay['id']}")


PLANTERS: Final[dict[str, tuple[Planter, ...]]] = {
    "conflict.contradiction": (
        active_after_death,
        none_known_and_allergy,
        both_diabetes,
        impossible_pregnancy,
        active_and_resolved,
        both_smoking,
    ),
    "conflict.date-order": (
        result_after_death,
        resolved_before_onset,
        ends_before_start,
        procedure_before_birth,
        ordered_before_birth,
    ),
    "conflict.duplicate-drug": (duplicate,),
    "conflict.impossible-value": tuple(impossible(key, value) for key, value in _IMPOSSIBLE),
    "missing.unit": (no_unit,),
    "missing.follow-up-overdue": (overdue,),
    "missing.result-pending": (no_result,),
    "conflict.note-allergy": (note_none_known, note_allergy),
    "conflict.note-drug": (note_drug,),
    "conflict.note-stopped": (note_stopped,),
}
"""The kinds that are added afterwards. Where there are several ways, the ward takes them in turn."""

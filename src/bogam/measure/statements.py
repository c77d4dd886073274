"""True statements about records, in English and Korean, with their citations: what verification is measured on.

They are written from the fields of resources and from the words of notes by writers that know nothing of the
checker. Each statement carries its own parts (the drug, the number, the date as written), so that a corruption knows
what to change.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import orjson

from bogam.evidence.claim import Claim
from bogam.record.attachment import texts
from bogam.record.citation import Citation, Field, Origin
from bogam.record.json import Number, PointerError, point, text
from bogam.record.store import Resource


@dataclass(frozen=True, slots=True)
class Statement:
    """A true claim, the drug it names if any, and its source: fields, notes, prose, summary or invented."""

    claim: Claim
    drug: str = ""
    source: str = "fields"


@dataclass(slots=True)
class _Reader:
    """The fields of one resource."""

    resource: Resource
    json: Any

    def field(self, pointer: str) -> Field | None:
        try:
            return Field(self.resource.origin, pointer, text(point(self.json, pointer)))
        except PointerError:
            return None


def _rounded(digits: str) -> str:
    """Write a computed value as a person would: two decimals at most, at least three figures."""
    if "." not in digits or "e" in digits.lower():
        return digits
    value = float(digits)
    if len(digits.partition(".")[2]) <= 2:
        return digits
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _cite(*fields: Field | None) -> tuple[Citation, ...]:
    return tuple(field.cite() for field in fields if field is not None)


def _name(reader: _Reader, root: str = "/code") -> Field | None:
    return reader.field(root + "/text") or reader.field(root + "/coding/0/display")


def _day(field: Field) -> Citation:
    return field.cite(0, min(10, len(field.text)))


def written(resources: Iterable[Resource], rng: random.Random) -> Iterator[Statement]:
    """Write true statements about ``resources``, alternately in English and Korean."""
    before: dict[str, tuple[Field, Field, Field, Field]] = {}
    for resource in resources:
        reader = _Reader(resource, resource.json())
        korean = rng.random() < 0.5
        if resource.type == "Observation":
            yield from _observation(reader, korean, before, rng)
        elif resource.type == "MedicationRequest":
            yield from _medication(reader, korean, rng)
        elif resource.type == "Condition":
            yield from _condition(reader, korean, rng)
        elif resource.type in ("Procedure", "Immunization"):
            yield from _event(reader, korean)
        elif resource.type == "DocumentReference":
            yield from _note(reader, korean, rng)
        elif resource.type == "AllergyIntolerance":
            yield from _allergy(reader, korean)


def _observation(
    reader: _Reader, korean: bool, before: dict[str, tuple[Field, Field, Field, Field]], rng: random.Random
) -> Iterator[Statement]:
    name, when = _name(reader), reader.field("/effectiveDateTime")
    value, unit = reader.field("/valueQuantity/value"), reader.field("/valueQuantity/unit")
    if name is None or when is None:
        return
    if value is None or unit is None:
        yield from _pressure(reader, name, when, korean)
        return
    day = when.text[:10]
    shown = f"{_rounded(value.text)} {unit.text}"
    forms = (
        (
            f"{name.text} {shown} ({day}).",
            f"{day} 시행한 {name.text} 결과는 {shown}이었다.",
            f"{name.text}: {shown}, {day} 측정",
        )
        if korean
        else (
            f"{name.text} was {shown} on {day}.",
            f"On {day} the {name.text} measured {shown}.",
            f"{name.text} {shown} ({day})",
        )
    )
    yield Statement(Claim(rng.choice(forms), (*_cite(name, value, unit), _day(when))))
    earlier = before.get(name.text)
    if (
        earlier
        and earlier[1].text != value.text
        and earlier[2].text == unit.text
        and earlier[3].text[:10] < day
        and rng.random() < 0.3
    ):
        first = f"{_rounded(earlier[1].text)} {unit.text}"
        then = earlier[3].text[:10]
        line = f"{name.text} {first} ({then}) → {shown} ({day})"
        yield Statement(Claim(line, (*_cite(name, earlier[1], value, unit), _day(earlier[3]), _day(when))))
    before[name.text] = (name, value, unit, when)


def _pressure(reader: _Reader, name: Field, when: Field, korean: bool) -> Iterator[Statement]:
    found: dict[str, Field] = {}
    for index in range(2):
        part, value = _name(reader, f"/component/{index}/code"), reader.field(f"/component/{index}/valueQuantity/value")
        if part is not None and value is not None:
            found["s" if "ystolic" in part.text else "d"] = value
    if len(found) < 2:
        return
    shown = f"{float(found['s'].text):.0f}/{float(found['d'].text):.0f} mmHg"
    day = when.text[:10]
    line = f"{day} 혈압 {shown}." if korean else f"Blood pressure was {shown} on {day}."
    yield Statement(Claim(line, (*_cite(name, found["s"], found["d"]), _day(when))))


_DOSE: Final = re.compile(
    r"(?P<drug>[A-Za-z][A-Za-z ]*?)(?:,[^/]*?)? (?P<dose>\d[\d.]*) (?P<unit>MG|mg|UNT/ML|MG/ML)\b"
)
_FORMED: Final = re.compile(
    r"\b(?:hydrochloride|sodium|potassium|calcium|sulfate|maleate|succinate|propionate|bitartrate|acetate)\b", re.I
)
_STATUS: Final = {"active": ("active", "활성"), "stopped": ("stopped", "중단"), "completed": ("completed", "종료")}


def _medication(reader: _Reader, korean: bool, rng: random.Random) -> Iterator[Statement]:
    name, when = _name(reader, "/medicationCodeableConcept"), reader.field("/authoredOn")
    status = reader.field("/status")
    if name is None or when is None or status is None or status.text not in _STATUS:
        return
    day = when.text[:10]
    english, hangul = _STATUS[status.text]
    times = reader.field("/dosageInstruction/0/timing/repeat/frequency")
    period = reader.field("/dosageInstruction/0/timing/repeat/period")
    unit = reader.field("/dosageInstruction/0/timing/repeat/periodUnit")
    often = ""
    if times and period and unit and unit.text == "d" and float(period.text) == 1 and times.text in "123":
        often = (
            f", 하루 {times.text}회"
            if korean
            else ", " + ("once", "twice", "three times")[int(times.text) - 1] + " a day"
        )
    cited = (*_cite(name, status, *((times, period, unit) if often else ())), _day(when))
    line = (
        f"{name.text}{often}, {day} 처방, {hangul}." if korean else f"{name.text}{often}, ordered on {day}, {english}."
    )
    yield Statement(Claim(line, cited), name.text)
    match = _DOSE.search(name.text)
    if match and "/" not in name.text and rng.random() < 0.7:
        drug = " ".join(_FORMED.sub("", match["drug"]).split())
        amount = f"{match['dose']} {match['unit'].lower() if match['unit'] == 'MG' else match['unit']}"
        line = f"{drug} {amount} 처방 ({day})" if korean else f"{drug} {amount} was prescribed on {day}."
        yield Statement(Claim(line, (*_cite(name), _day(when))), drug)


def _condition(reader: _Reader, korean: bool, rng: random.Random) -> Iterator[Statement]:
    name, when = _name(reader), reader.field("/onsetDateTime")
    status = reader.field("/clinicalStatus/coding/0/code")
    if name is None or when is None or status is None:
        return
    day = when.text[:10]
    forms = (
        (f"{name.text}, {day} 발병.", f"{day}부터 {name.text} 있음.")
        if korean
        else (
            f"{name.text} since {day}.",
            f"The patient has had {name.text} since {day}.",
            f"{name.text} ({status.text}), onset {day}.",
        )
    )
    yield Statement(Claim(rng.choice(forms), (*_cite(name, status), _day(when))))


def _event(reader: _Reader, korean: bool) -> Iterator[Statement]:
    name = _name(reader) or _name(reader, "/vaccineCode")
    when = (
        reader.field("/performedPeriod/start")
        or reader.field("/performedDateTime")
        or reader.field("/occurrenceDateTime")
    )
    if name is None or when is None:
        return
    day = when.text[:10]
    line = f"{day} {name.text} 시행함." if korean else f"{name.text} was done on {day}."
    yield Statement(Claim(line, (*_cite(name), _day(when))))


def _allergy(reader: _Reader, korean: bool) -> Iterator[Statement]:
    name = _name(reader)
    if name is None or re.search(r"\bno\b|없음", name.text, re.I):
        return
    line = f"{name.text} 알레르기 있음." if korean else f"The patient is allergic: {name.text}."
    yield Statement(Claim(line, _cite(name)))


_IN_NOTES: Final = (
    (re.compile(r"is a (\d+) year-old[^.]*? (male|female)\."), "{0}-year-old {1}.", "{0}세 {ko}."),
    (re.compile(r"No Known Allergies\."), "No known allergies.", "알려진 알레르기 없음."),
    (re.compile(r"Patient has never smoked\."), "The patient has never smoked.", "흡연한 적 없음."),
    (re.compile(r"Patient quit smoking at age (\d+)\."), "Quit smoking at age {0}.", "{0}세에 금연함."),
    (re.compile(r"(?:^|[;\n-] ?)((?:lisinopril|simvastatin|hydrochlorothiazide|ibuprofen|naproxen) \d+ mg)"),
     "Takes {0}.", "{0} 처방받음."),
    (re.compile(r"\b(chronic kidney disease stage \d)"), "History of {0}.", "과거력: {0}."),
    (re.compile(r"\b(acute bronchitis|viral sinusitis|sprain of ankle|prediabetes|anemia|hypertension)\b"),
     "The note lists {0}.", "{0} 병력이 있음."),
)  # fmt: skip
_NOTE_SEX: Final = {"male": "남성", "female": "여성"}


def _note(reader: _Reader, korean: bool, rng: random.Random) -> Iterator[Statement]:
    for pointer, whole in texts(reader.json):
        found = Field(reader.resource.origin, pointer, whole)
        pattern, english, hangul = rng.choice(_IN_NOTES)
        match = pattern.search(whole)
        if match is None:
            continue
        parts = match.groups()
        form = hangul if korean else english
        line = form.format(*parts, ko=_NOTE_SEX.get(parts[-1], "") if parts else "")
        drug = parts[0].rsplit(" ", 2)[0] if parts and parts[0].endswith(" mg") else ""
        yield Statement(Claim(line, (found.cite(*match.span()),)), drug, "notes")


_BODY: Final = (
    ("knee", "무릎"), ("shoulder", "어깨"), ("ankle", "발목"), ("wrist", "손목"), ("hip", "고관절"), ("elbow",
    "팔꿈치"), ("eye", "눈"), ("hand", "손"),
)  # fmt: skip
_FINDINGS: Final = (
    ("swelling", "부종"),
    ("pain", "통증"),
    ("fracture", "골절"),
    ("tenderness", "압통"),
    ("laceration", "열상"),
)
_SYMPTOMS: Final = (
    ("chest pain", "흉통"), ("fever", "발열"), ("cough", "기침"), ("dyspnea", "호흡곤란"), ("vomiting", "구토"),
    ("diarrhea", "설사"),
    ("headache", "두통"), ("dizziness", "어지럼"), ("edema", "부종"), ("palpitations", "심계항진"), ("hematuria",
    "혈뇨"), ("rash", "발진"),
)  # fmt: skip
_SIDES: Final = (("left", "좌측", "왼쪽", "Lt."), ("right", "우측", "오른쪽", "Rt."))


def invented(count: int, rng: random.Random) -> tuple[list[Statement], dict[str, Resource]]:
    """Write ``count`` short ward notes with sides, denials and doses in both languages, and statements."""
    made: list[Statement] = []
    held: dict[str, Resource] = {}
    for index in range(count):
        words, line, drug = rng.choice((_of_side, _of_symptom, _of_dose))(rng)
        resource = _stored(f"note-{index}", words)
        held[resource.ref] = resource
        field = Field(Origin(resource.ref, "1", resource.sha), "/note/0/text", words)
        made.append(Statement(Claim(line, (field.cite(),)), drug, "invented"))
    return made, held


_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def prose(file: Path, rng: random.Random, most: int = 1500) -> tuple[list[Statement], dict[str, Resource]]:
    """Take the sentences of clinicians' visit notes (MTS-Dialog), each citing the whole section it is from."""
    made: list[Statement] = []
    held: dict[str, Resource] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for index, row in enumerate(csv.DictReader(lines)):
            words = row["section_text"].strip()
            resource = _stored(f"section-{index}", words)
            held[resource.ref] = resource
            whole = Field(Origin(resource.ref, "1", resource.sha), "/note/0/text", words).cite() if words else None
            sentences = [part.strip() for part in _SENTENCE.split(words) if len(part.strip()) > 20]
            made.extend(Statement(Claim(part, (whole,)), "", "prose") for part in sentences if whole is not None)
    return rng.sample(made, min(most, len(made))), held


def _stored(id: str, words: str) -> Resource:
    body = orjson.dumps({"resourceType": "Basic", "id": id, "code": {"text": "note"}, "note": [{"text": words}]})
    return Resource("Basic", id, 1, None, body, sha256(body).hexdigest(), "")


def _of_side(rng: random.Random) -> tuple[str, str, str]:
    body, body_ko = rng.choice(_BODY)
    finding, finding_ko = rng.choice(_FINDINGS)
    side, side_ko, side_ko2, short = rng.choice(_SIDES)
    days = rng.randint(2, 14)
    words = rng.choice(
        (
            f"Presents with {side} {body} {finding} for {days} days.",
            f"{side.capitalize()} {body}: {finding} on examination, no erythema.",
            f"{days}일 전부터 {side_ko} {body_ko} {finding_ko}으로 내원함.",
            f"{short} {body} {finding}, {days}일 전 발생.",
            f"{side_ko2} {body_ko}에 {finding_ko} 있음.",
        )
    )
    line = rng.choice(
        (
            f"{finding.capitalize()} of the {side} {body}.",
            f"The patient has {side} {body} {finding}.",
            f"{side_ko} {body_ko} {finding_ko}.",
            f"{side_ko2} {body_ko} {finding_ko} 소견.",
        )
    )
    return words, line, ""


def _of_symptom(rng: random.Random) -> tuple[str, str, str]:
    (one, one_ko), (two, two_ko), (three, three_ko) = rng.sample(_SYMPTOMS, 3)
    words, has, has_not = rng.choice(
        (
            (f"Complains of {one} but denies {two} or {three}.", one, (two, three)),
            (f"{one.capitalize()} since yesterday. No {two}, {three}, or chills.", one, (two, three)),
            (f"{one_ko} 있으나 {two_ko}, {three_ko}은 없음.", one, (three,)),
            (f"{one_ko}으로 내원. {two_ko} 부인함.", one, (two,)),
            (f"{two}/{three} (-), {one} (+)", one, (three,)),
            (f"{one_ko} 호소하며 {two_ko} 없음.", one, (two,)),
        )
    )
    korean = dict(_SYMPTOMS)
    other = rng.choice(has_not)
    if rng.random() < 0.5:
        line = rng.choice(
            (f"The patient has {has}.", f"Reports {has}.", f"{korean[has]} 있음.", f"{korean[has]} 호소함.")
        )
    else:
        line = rng.choice(
            (f"No {other}.", f"Denies {other}.", f"{korean[other]} 없음.", f"{korean[other]} 부인.", f"{other} 없음.")
        )
    return words, line, ""


_DRUGS: Final = (
    ("furosemide", "푸로세미드", (20, 40, 80)), ("metformin", "메트포르민", (500, 850, 1000)), ("warfarin",
    "와파린", (2, 3, 5)),
    ("amlodipine", "암로디핀", (5, 10)), ("atorvastatin", "아토르바스타틴", (10, 20, 40)), ("aspirin",
    "아스피린", (81, 100)),
    ("lisinopril", "리시노프릴", (5, 10, 20)), ("levofloxacin", "레보플록사신", (500, 750)), ("prednisolone",
    "프레드니솔론", (5, 10, 30)),
    ("gabapentin", "가바펜틴", (100, 300)), ("carvedilol", "카르베딜롤", (6.25, 12.5, 25)), ("digoxin",
    "디곡신", (0.125, 0.25)),
)  # fmt: skip
_OFTEN: Final = (
    ("once daily", "qd", "하루 1회"), ("twice daily", "bid", "하루 2회"), ("three times a day", "tid", "1일 3회"),
    ("every 8 hours", "q8h", "8시간마다"),
)  # fmt: skip


def _of_dose(rng: random.Random) -> tuple[str, str, str]:
    (one, one_ko, strengths), (two, two_ko, others) = rng.sample(_DRUGS, 2)
    amount, other = rng.choice(strengths), rng.choice(others)
    often, second = rng.sample(_OFTEN, 2)
    words = rng.choice(
        (
            f"Continue {one} {amount} mg {often[0]} and {two} {other} mg {second[0]}.",
            f"{two_ko} {other}mg {second[2]}, {one_ko} {amount}mg {often[2]} 복용 중.",
            f"{one} {amount}mg {often[1]}, {two} {other}mg {second[1]} 유지.",
            f"Started on {one} {amount} mg {often[1]}; {two} {other} mg unchanged.",
        )
    )
    line, drug = rng.choice(
        (
            (f"Takes {one} {amount} mg.", one),
            (f"{one.capitalize()} {amount} mg {often[0]}.", one.capitalize()),
            (f"{one_ko} {amount} mg {often[2]}.", one_ko),
            (f"{one_ko} {amount}mg 복용 중.", one_ko),
        )
    )
    return words, line, drug


def drug_names(resources: Sequence[Resource]) -> list[str]:
    """Return the medication names that occur in ``resources``, as written there."""
    found: set[str] = set()
    for resource in resources:
        if resource.type == "MedicationRequest":
            concept = cast(dict[str, Any], resource.json()).get("medicationCodeableConcept", {})
            if isinstance(concept.get("text"), str) and not isinstance(concept["text"], Number):
                found.add(concept["text"])
    return sorted(found)

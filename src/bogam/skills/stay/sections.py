"""The sections that documents of a stay are made of. Each says what it takes from the record and from the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bogam.evidence.claim import Claim
from bogam.record.facts import Condition, Fact, Medication, Order, Procedure, Report, Result
from bogam.skills.record_summary.sections import allergies as all_allergies
from bogam.skills.record_summary.sections import background as all_background
from bogam.skills.record_summary.sections import history as all_history
from bogam.skills.record_summary.sections import medications as all_medications
from bogam.skills.record_summary.sections import pending as all_pending
from bogam.skills.record_summary.sections import person as all_person
from bogam.skills.record_summary.sections import problems as all_problems
from bogam.skills.stay.course import Stay
from bogam.skills.stay.diagnoses import began, given_or_done, problems_of_stay
from bogam.skills.stay.drugs import CHANGES, Change, changes, tell
from bogam.skills.stay.quotations import COURSE, first_history
from bogam.skills.stay.said import Said, newest, quoted, under
from bogam.skills.stay.trend import trend
from bogam.skills.stay.written import Course, Part
from bogam.skills.writing.compose import day, hidden, joined, label, minute, name, plain, span
from bogam.skills.writing.dose import dose
from bogam.skills.writing.importance import laboratory, routine
from bogam.skills.writing.orders import open_orders
from bogam.skills.writing.reading import setting
from bogam.skills.writing.values import DIASTOLIC, SYSTOLIC, coded, measurement, series, vital_sign
from bogam.text.note import read_note


def whole(section: Callable[..., Part], key: str = "") -> Callable[[Course], Iterable[Part]]:
    """Make a section of the record summary one of a document of a stay, under another key when given."""

    def made(course: Course) -> Iterator[Part]:
        part = section(course.reading)
        yield part if not key else Part(key, tuple(replace(c, section=key) for c in part.claims), part.left_out)

    return made


problems, history, background = map(whole, (all_problems, all_history, all_background))
allergies, medications = map(whole, (all_allergies, all_medications))


def first_problems(course: Course) -> Iterator[Part]:
    """The problems that were there on the first day of the stay."""
    reading, stay = course.reading, course.stay
    if stay is not None:
        until = stay.begin + timedelta(hours=24)
        known = tuple(c for c in reading.timeline.conditions if c.at is None or c.at <= until)
        said = tuple(m for m in reading.timeline.mentions if m.at is None or m.at <= until)
        reading = replace(reading, timeline=replace(reading.timeline, conditions=known, mentions=said))
    yield all_problems(reading)


def person(course: Course) -> Iterator[Part]:
    """Who the patient is, and whether to resuscitate; the stay is told under admission."""
    reading, stay = course.reading, course.reading.stay
    who = replace(reading.timeline.person, language=None)
    part = all_person(replace(reading, timeline=replace(reading.timeline, person=who)))
    told = stay.name.cite() if stay is not None else None
    yield Part("person", tuple(claim for claim in part.claims if told not in claim.citations))


def identity(course: Course) -> Iterator[Part]:
    """Who the patient is, where the severity tells whether to resuscitate."""
    status = course.reading.timeline.person.resuscitation
    for part in person(course):
        kept = tuple(c for c in part.claims if status is None or status.cite() not in c.citations)
        yield Part(part.key, kept)


def pending(course: Course) -> Iterator[Part]:
    """What is ordered and not answered, but for what is planned after the stay: that is follow-up."""
    part = all_pending(course.reading)
    later = {order.origin.source for order in _ahead(course)}
    kept = tuple(claim for claim in part.claims if not later & {each.source for each in claim.citations})
    yield Part("pending", kept, part.left_out)


def _ahead(course: Course) -> list[Order]:
    """Return what is to happen after the stay, the soonest first."""
    since = course.stay.end if course.stay is not None else course.reading.moment
    found = [(order.due_at, order) for order in open_orders(course.reading) if order.due_at and order.due_at > since]
    return [order for _, order in sorted(found, key=lambda item: item[0])]


def admission(course: Course) -> Iterator[Part]:
    """When, where, how and why the patient came; the complaint and history as the first note has them."""
    stay, reading = course.stay, course.reading
    if stay is None:
        return
    told = [_stay_line(course, stay)]
    told += _arrival(course, stay)
    told += [quoted(reading, said, "admission") for said in first_history(course)]
    yield Part("admission", tuple(told))


def _arrival(course: Course, stay: Stay) -> Iterator[Claim]:
    """Tell the emergency visit before the admission."""
    if stay.arrival is not None:
        line = course.reading.line()
        if stay.arrival.start is not None:
            line.add(minute(stay.arrival.start))
        line.say("arrived", x=hidden(stay.arrival.kind, stay.arrival.name))
        line.add(joined([name(reason) for reason in stay.arrival.reasons[:3]]))
        yield line.claim("admission")


def _stay_line(course: Course, stay: Stay) -> Claim:
    line, encounter = course.reading.line(), stay.encounter
    if encounter.start is not None:
        line.say("came" if setting(encounter) == "emergency" else "admitted", x=minute(encounter.start))
    line.add(hidden(encounter.kind, encounter.status_field))
    if encounter.reasons:
        line.say("for", x=joined([name(reason) for reason in encounter.reasons[:3]]))
    line.add(plain(encounter.location) if encounter.location is not None else None)
    if encounter.attending is not None:
        line.say("attending", x=plain(encounter.attending))
    if stay.over and encounter.end is not None:
        line.say("until-then", x=minute(encounter.end))
        if encounter.disposition is not None:
            line.say("discharged", x=name(encounter.disposition))
    elif not stay.over:
        line.say("still-in", x=hidden(encounter.status_field))
    return line.claim("admission")


def by_problem(course: Course) -> Iterator[Part]:
    """A part for each problem that something was given, done or written for, in order.

    Those of which nothing but the name is recorded stand among the diagnoses.
    """
    stay = course.stay
    if stay is None:
        return
    for place, problem in enumerate(problems_of_stay(course)):
        key = f"course-{place + 1}"
        dated = [(problem.at, began(course, problem, key))]
        dated += [(fact.at, _event(course, fact, key)) for fact in given_or_done(course, stay) if _for(fact, problem)]
        dated += [(drug.end_at, _stopped(course, drug, key)) for drug in _stopped_for(course, stay, problem)]
        dated += [(said.note.at, quoted(course.reading, said, key)) for said in _said_of(course, problem)]
        if len(dated) == 1:
            continue
        dated[1:] = sorted(dated[1:], key=lambda item: (item[0] is None, item[0] or stay.begin))
        title = f"{course.reading.words.sections['course'][course.reading.language]}: {name(problem.name).text}"
        yield Part(key, tuple(claim for _, claim in dated), title=title)


def _for(fact: Medication | Procedure, problem: Condition) -> bool:
    return fact.reason is not None and label(fact.reason) == label(problem.name)


def _stopped_for(course: Course, stay: Stay, problem: Condition) -> list[Medication]:
    """Return the drugs of before admission that the record says were stopped for the problem."""
    return [
        each.now
        for each in changes(course.reading, stay)
        if each.change == "stopped"
        and each.now.stop_reason is not None
        and label(problem.name) in label(each.now.stop_reason)
    ]


def _stopped(course: Course, drug: Medication, key: str) -> Claim:
    line = course.reading.line()
    if drug.end is not None:
        line.add(minute(drug.end))
    line.say("ended", x=name(drug.name))
    if drug.stop_reason is not None:
        line.say("because", x=plain(drug.stop_reason))
    return line.add(hidden(drug.status_field)).claim(key)


def _event(course: Course, fact: Fact, key: str) -> Claim:
    line = course.reading.line()
    if fact.start is not None:
        line.add(minute(fact.start))
    line.add(name(fact.name))
    if isinstance(fact, Medication):
        line.add(dose(fact.dosage, course.reading.language)).add(hidden(fact.status_field))
        if fact.end is not None and fact.status in ("stopped", "completed"):
            line.say(fact.status, x=day(fact.end))
        elif fact.status == "stopped":
            line.say("stopped-undated", x=hidden(fact.status_field))
        if fact.stop_reason is not None:
            line.say("because", x=plain(fact.stop_reason))
    elif isinstance(fact, Procedure):
        if fact.status in ("not-done", "in-progress"):
            line.say(fact.status, x=hidden(fact.status_field))
        if fact.outcome is not None:
            line.say("outcome", x=name(fact.outcome))
    return line.claim(key)


def _said_of(course: Course, problem: Condition) -> list[Said]:
    """Return the lines of the notes whose mentions mean the problem, where notes have been read for mentions.

    What is quoted under admission, hospital course and reports is not quoted again.
    """
    called = label(problem.name)
    elsewhere = {id(said) for said in first_history(course)}
    meant = {entity.key for entity in read_note(problem.name.text).entities if entity.kind == "problem" and entity.key}
    places = {
        (m.sentence.origin.source, m.sentence.offset)
        for m in course.reading.timeline.mentions
        if m.kind == "problem"
        and m.assertion in ("present", "possible")
        and m.section not in ("family-history", "past-history", "assessment")
        and (label(m.name) == called or m.key in meant)
    }
    return [
        said
        for said in course.said
        if id(said) not in elsewhere
        and not COURSE(said)
        and not said.note.origin.source.startswith("DiagnosticReport/")
        and any(
            source == said.line.origin.source and said.line.offset <= at < said.line.offset + len(said.line.text)
            for source, at in places
        )
        and label(said.line) != called
        and len(said.line.text) > len(problem.name.text) + 4
    ][:4]


def procedures(course: Course) -> Iterator[Part]:
    """Procedures of the stay, oldest first, routine steps counted."""
    stay = course.stay
    found = [
        p for p in course.reading.timeline.procedures if stay is not None and stay.has(p) and p.status != "planned"
    ]
    kept = [p for p in found if not routine(p.name.text)]
    yield course.reading.cut(
        "procedures", list(reversed(kept)), lambda p: _event(course, p, "procedures"), len(found) - len(kept)
    )


def reports(course: Course) -> Iterator[Part]:
    """Reports of the stay with their conclusion, oldest first."""
    stay = course.stay
    found = [
        r
        for r in course.reading.timeline.reports
        if r.conclusion is not None and stay is not None and stay.has(r) and r.status in ("final", "unknown")
    ]
    yield course.reading.cut("reports", list(reversed(found)), lambda report: _concluded(course, report))


def _concluded(course: Course, report: Report) -> Claim:
    assert report.conclusion is not None
    line = course.reading.line()
    if report.start is not None:
        line.add(day(report.start))
    line.add(name(report.name))
    return line.say("quote", x=span(report.conclusion, 0, len(report.conclusion.text), 400)).claim("reports")


def trends(course: Course) -> Iterator[Part]:
    """The last value of each laboratory series of the stay, with its first, and the highest or lowest between."""
    stay = course.stay
    if stay is None:
        return
    found = [[p for p in points if stay.has(p) and p.value is not None] for points in series(course.reading, "lab")]
    kept = [points for points in found if points]
    kept.sort(key=by_importance)
    yield course.reading.cut("results", kept, lambda points: trend(course.reading, points, "results"))


def by_importance(points: list[Result]) -> tuple[int, int, str]:
    """Order series: critical, abnormal, abnormal before, then what usually matters most."""
    return _order(points), -laboratory(points[0].name.text), points[0].name.text


def _order(points: list[Result]) -> int:
    flags = {p.flag for p in points}
    if points[0].flag in ("critical-low", "critical-high"):
        return 0
    if points[0].flag in ("low", "high", "abnormal"):
        return 1
    return 2 if flags - {None, "normal"} else 3


def changed_drugs(*which: Change) -> Callable[[Course], Iterable[Part]]:
    """Make the parts on medication: new, changed, stopped, continued, given in hospital only."""

    def made(course: Course) -> Iterator[Part]:
        if course.stay is None:
            return
        found = changes(course.reading, course.stay)
        for change in which or CHANGES:
            key = f"drugs-{change}"
            yield Part(key, tuple(tell(course.reading, each).claim(key) for each in found if each.change == change))

    return made


def home_drugs(course: Course) -> Iterator[Part]:
    """What ran before admission, and what the admission note says the patient takes."""
    if course.stay is None:
        return
    found = [c for c in changes(course.reading, course.stay) if c.change in ("changed", "stopped", "continued")]
    told = [_taken(course, each.before or each.now) for each in found]
    told += [quoted(course.reading, said, "home") for said in newest(course.said, under("medications"))[-2:]]
    yield Part("home", tuple(told))


def _taken(course: Course, drug: Medication) -> Claim:
    line = course.reading.line().add(name(drug.name)).add(dose(drug.dosage, course.reading.language))
    if drug.start is not None:
        line.say("started", x=day(drug.start))
    return line.add(hidden(drug.status_field)).claim("home")


def follow_up(course: Course) -> Iterator[Part]:
    """Appointments and tasks after the stay, and what the newest notes plan."""
    reading = course.reading
    told = [_due(course, order) for order in _ahead(course)]
    told += [quoted(reading, said, "follow-up") for said in newest(course.said, under("follow-up"))[:8]]
    yield Part("follow-up", tuple(told))


def _due(course: Course, order: Order) -> Claim:
    line = course.reading.line()
    if order.due is not None:
        line.add(minute(order.due))
    line.add(name(order.name)).add(hidden(order.status_field))
    if order.reason is not None:
        line.say("for", x=name(order.reason))
    return line.claim("follow-up")


def instructions(course: Course) -> Iterator[Part]:
    """What the notes tell the patient, and what the care plans begun in the stay name. Nothing is added to it."""
    stay, reading = course.stay, course.reading
    told = [
        quoted(reading, said, "instructions")
        for said in newest(course.said, lambda s: s.section in ("instructions", "patient-instructions", "education"))
    ]
    for each in reading.timeline.care_plans:
        if stay is not None and stay.has(each) and each.status in ("active", "unknown") and each.activities:
            line = reading.line().say("relation", x=name(each.name), y=joined([name(a) for a in each.activities[:8]]))
            told.append(line.add(hidden(each.status_field)).claim("instructions"))
    yield Part("instructions", tuple(told))


def condition(course: Course) -> Iterator[Part]:
    """The last vital signs of the stay, the last words on how the patient is, and where they go."""
    stay, reading = course.stay, course.reading
    if stay is None:
        return
    told = list(last_vitals(course, stay.end))
    said = [
        each
        for each in newest(course.said, under("subjective", "nursing", "condition", "discharge-condition"))
        if not course.told(each)
    ]
    told += [quoted(reading, each, "condition") for each in said if each.note is said[0].note][:4]
    now = "condition" if stay.over else "condition-now"
    yield Part("condition", tuple(told), title=reading.words.sections[now][reading.language])


def first_day(course: Course) -> Iterator[Part]:
    """The first vital signs and the first of each laboratory value, of the first day of the stay."""
    stay = course.stay
    if stay is None:
        return
    until = stay.begin + timedelta(hours=24)
    yield Part("condition", last_vitals(course, until, first=True))
    early = [
        [p for p in points if p.at is not None and stay.begin - timedelta(hours=1) <= p.at <= until and p.value]
        for points in series(course.reading, "lab")
    ]
    kept = [points[-1:] for points in early if points]
    kept.sort(key=by_importance)
    yield course.reading.cut(
        "results", kept, lambda points: measurement(course.reading, points, "results", ranged=True)
    )


def last_vitals(course: Course, until: datetime, *, first: bool = False) -> tuple[Claim, ...]:
    """Write the last (or ``first``) of each vital sign of the 24 hours before ``until``."""
    begin = until - timedelta(hours=24)
    found = [
        [p for p in points if p.at is not None and begin <= p.at <= until and p.value is not None]
        for points in series(course.reading, "vital")
    ]
    kept = [points[-1:] if first else points for points in found if points]
    low = {p.origin.source: p for points in kept for p in points if coded(p, DIASTOLIC)}
    high = {p.origin.source for points in kept for p in points if coded(p, SYSTOLIC)}
    shown = [points for points in kept if not (coded(points[0], DIASTOLIC) and points[0].origin.source in high)]
    return tuple(vital_sign(course.reading, points, low, "condition") for points in shown)

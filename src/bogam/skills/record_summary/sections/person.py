"""Who this is."""

from __future__ import annotations

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.facts import Encounter, Person
from bogam.skills.writing.compose import Piece, clean, day, hidden, joined, minute, name, plain
from bogam.skills.writing.person import age, dead
from bogam.skills.writing.reading import Part, Reading, named, setting
from bogam.skills.writing.words import PHRASES

_RECORD_NUMBER = ("MR", "MRN", "PI", "PT")


def person(reading: Reading) -> Part:
    """Age and sex, death, record number, the encounter the patient is in, resuscitation status."""
    who = reading.timeline.person
    claims = [
        _who(reading, who),
        _death(reading, who),
        _number(reading, who),
        *_stay(reading),
        _line(reading, "resuscitation", who.resuscitation),
    ]
    return Part("person", tuple(claim for claim in claims if claim is not None and claim.text))


def _who(reading: Reading, who: Person) -> Claim:
    line = reading.line()
    if who.gender is not None:
        if who.gender.text in ("male", "female"):
            line.say(who.gender.text, x=hidden(who.gender))
        else:
            line.say("gender", x=plain(who.gender))
    if who.birth_date is not None:
        until = who.deceased_at.date() if who.deceased_at else reading.as_of
        basis = hidden(who.birth_date, who.deceased if who.deceased_at else None)
        aged = age(who.birth_date.text, until)
        if aged is not None and (who.deceased_at is not None or not dead(who)):
            unit, count = aged
            phrase = "died-aged" if who.deceased_at and unit == "years" else unit
            line.say(phrase, n=Piece(str(count), basis.citations))
        line.say("born", x=day(who.birth_date))
    if who.language is not None and not _local(reading, who.language):
        line.say("speaks", x=plain(who.language))
    return line.claim("person")


def _death(reading: Reading, who: Person) -> Claim | None:
    if who.deceased is None or not dead(who):
        return None
    line = reading.line()
    if who.deceased_at is not None:
        line.say("died", x=day(who.deceased))
    else:
        line.say("deceased", x=hidden(who.deceased))
    return line.claim("person")


def _number(reading: Reading, who: Person) -> Claim | None:
    for label, value in who.identifiers:
        if label.upper() in _RECORD_NUMBER:
            return reading.line().add(joined([Piece(clean(label)), plain(value)], " ")).claim("person")
    return None


def _stay(reading: Reading) -> list[Claim]:
    stay = reading.stay
    if stay is None:
        return []
    line = reading.line()
    kind = joined([Piece(_setting(reading, stay), hidden(stay.kind, stay.status_field).citations)])
    if stay.start is not None:
        line.say("now", kind=kind, x=minute(stay.start))
    else:
        line.say("now-undated", kind=kind)
    line.add(name(stay.name) if named(stay) else hidden(stay.name))
    line.add(joined([name(reason) for reason in stay.reasons[:3]]))
    line.add(plain(stay.location) if stay.location else None)
    if stay.attending:
        line.say("attending", x=plain(stay.attending))
    return [line.claim("person")]


def _setting(reading: Reading, stay: Encounter) -> str:
    return PHRASES[setting(stay)][reading.language].replace("{x}", "")


def _local(reading: Reading, language: Field) -> bool:
    words = {"ko": ("ko", "korean", "한국어"), "en": ("en", "english")}[reading.language]
    return language.text.casefold().startswith(words)


def _line(reading: Reading, phrase: str, field: Field | None) -> Claim | None:
    return reading.line().say(phrase, x=plain(field)).claim("person") if field is not None else None

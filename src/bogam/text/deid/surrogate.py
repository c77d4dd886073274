"""Surrogates: invented values that take the place of real ones, the same for the same value under the same key.

Each is drawn by HMAC-SHA256 (RFC 2104) of the real value under a secret key, so that nobody without the key can tell
the value from the surrogate or try candidates, and the same person has the same surrogate in every note.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Final

from bogam.text.deid import dates
from bogam.text.deid.finding import Finding
from bogam.text.deid.fold import fold, squeezed
from bogam.text.deid.known import NONE, Known, Role
from bogam.text.deid.lists import listed, sections

_FURTHEST: Final = 364
_HANGUL: Final = re.compile("[가-힣]")
_MASKS: Final = re.compile("[OoＯ○◯●□■*＊xXㅇ]")
_WORD: Final = re.compile(r"[가-힣]+|[A-Za-zÀ-ÖØ-öø-ÿ']+(?:-[A-Za-zÀ-ÿ]+)*")
_TRIES: Final = 24
_FEW_PEOPLE: Final = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893"
_ROADS: Final = ("은행나무로", "느티나무길", "무지개로", "새빛로", "한마음길", "푸른솔로", "가람로", "다솜길")
_STREETS: Final = ("Larkspur Lane", "Quarry Road", "Harbor Street", "Orchard Avenue", "Meadow Drive", "Summit Court")
_TOWNS: Final = ("Millbrook", "Fairhaven", "Ashford", "Cedar Falls", "Northfield", "Riverton")
_ORGANIZATIONS: Final = ("Lakeside Medical Center", "Hillcrest Hospital", "Riverside Clinic", "Northgate Health")
_ORGANIZATIONS_KO: Final = ("새빛병원", "한마음의료원", "푸른솔의원", "가람대학교병원")
_GIVEN_KO: Final = {
    "": (
        "지우",
        "지원",
        "현서",
        "수현",
        "민서",
        "서진",
        "유진",
        "지민",
        "승현",
        "은성",
        "재인",
        "정현",
        "서우",
        "시현",
        "윤우",
        "성현",
        "정민",
        "도연",
        "가온",
        "한결",
    ),
    "female": (
        "서윤",
        "지우",
        "하윤",
        "민서",
        "수아",
        "예린",
        "은서",
        "채윤",
        "정은",
        "혜원",
        "미정",
        "영희",
        "순자",
        "현숙",
        "경아",
    ),
    "male": (
        "민재",
        "서준",
        "지호",
        "도현",
        "준우",
        "성민",
        "현수",
        "재훈",
        "태민",
        "영호",
        "정훈",
        "상철",
        "기훈",
        "동욱",
        "종수",
    ),
}
_GIVEN_EN: Final = {
    "": (
        "Taylor",
        "Jordan",
        "Casey",
        "Riley",
        "Morgan",
        "Avery",
        "Quinn",
        "Rowan",
        "Sidney",
        "Robin",
        "Jamie",
        "Kerry",
        "Leslie",
        "Dana",
        "Jessie",
    ),
    "female": (
        "Alice",
        "Clara",
        "Diana",
        "Elena",
        "Grace",
        "Helen",
        "Irene",
        "Julia",
        "Laura",
        "Nora",
        "Paula",
        "Vera",
    ),
    "male": ("Adam", "Brian", "Carl", "Daniel", "Eric", "Frank", "Henry", "Jacob", "Leon", "Martin", "Peter", "Simon"),
}


def safe_zip(code: str) -> str:
    """Return the first three digits of a ZIP code, ``000`` where fewer than 20,000 people live under them (45 CFR
    164.514(b)(2)(i)(B); the 17 prefixes of the census of 2000 that the guidance of HHS of November 26, 2012 lists)."""
    start = "".join(filter(str.isdigit, code))[:3]
    return "000" if len(start) < 3 or start in _FEW_PEOPLE else start


class Pseudonyms:
    """Surrogates under one key, for one patient.

    Parameters
    ----------
    key
        32 secret bytes. It is needed to make the same surrogates again, and is part of no result.
    patient
        The patient's id: dates move by the same number of days in all that is about the patient, and by another for
        each. Empty for what is about nobody.
    known
        The record's values: a surrogate is never one of them.
    weekdays
        Whether dates move by whole weeks, so that a Monday stays a Monday.
    """

    def __init__(self, key: bytes, patient: str = "", known: Known = NONE, *, weekdays: bool = False) -> None:
        self._key = key
        self._patient = patient
        self._known = known
        self._roles = known.names()
        number = self._number("dates", patient)
        if weekdays:
            weeks = number % (2 * (_FURTHEST // 7)) - _FURTHEST // 7
            self.days = 7 * (weeks if weeks < 0 else weeks + 1)
        else:
            days = number % (2 * _FURTHEST) - _FURTHEST
            self.days = days if days < 0 else days + 1

    def _number(self, kind: str, value: str, turn: int = 0) -> int:
        said = f"{kind}\x1f{self._patient if kind != 'id' else ''}\x1f{value}\x1f{turn}".encode()
        return int.from_bytes(hmac.digest(self._key, said, "sha256")[:8], "big")

    def replacement(self, finding: Finding, text: str, year: int) -> str:
        """Return the surrogate for the words of a finding. ``year`` is for dates that give none."""
        plain = fold(text).text
        match finding.category:
            case "name":
                return self.name(plain)
            case "date":
                return dates.shifted(plain, self.days, year) or "[DATE]"
            case "age":
                return "90+"
            case "zip":
                return f"{safe_zip(plain)}**"
            case "address":
                return self._drawn("address", plain, self._address)
            case "organization":
                return self._drawn("organization", plain, self._organization)
            case "email":
                return f"user{self._number('email', squeezed(plain)) % 10**6:06}@example.org"
            case "url":
                return f"https://example.org/{self._number('url', squeezed(plain)) % 10**6:06}"
            case "ip":
                return f"192.0.2.{self._number('ip', plain) % 254 + 1}"
            case "photo" | "biometric":
                return "[PHOTO]" if finding.category == "photo" else "[BIOMETRIC]"
            case _:
                return self.number(plain, finding.category)

    def _drawn(self, kind: str, plain: str, make: Callable[[str, int], str]) -> str:
        value = squeezed(plain)
        for turn in range(_TRIES):
            made = make(plain, self._number(kind, value, turn))
            if not self._known.shown_in(made):
                return made
        return make(plain, self._number(kind, value, _TRIES))

    @staticmethod
    def _address(plain: str, number: int) -> str:
        if _HANGUL.search(plain):
            return f"가람구 {_ROADS[number % len(_ROADS)]} {number // 8 % 200 + 1}"
        if any(sign.isdigit() for sign in plain):
            return f"{number // 8 % 900 + 10} {_STREETS[number % len(_STREETS)]}"
        return _TOWNS[number % len(_TOWNS)]

    @staticmethod
    def _organization(plain: str, number: int) -> str:
        names = _ORGANIZATIONS_KO if _HANGUL.search(plain) else _ORGANIZATIONS
        return names[number % len(names)]

    def name(self, plain: str, gender: str = "") -> str:
        """Return a surrogate name of the same script and build: each word gets a surrogate of its own, so that a
        surname alone and the whole name agree, in either order."""
        words = list(_WORD.finditer(plain))
        made, at = "", 0
        for index, word in enumerate(words):
            made += plain[at : word.start()] + self._word(plain, word, index, len(words), gender)
            at = word.end()
        rest = plain[at:]
        return made + rest

    def _word(self, plain: str, word: re.Match[str], index: int, count: int, gender: str) -> str:
        said = word[0]
        masked = bool(_MASKS.search(plain)) and bool(_HANGUL.search(plain))
        if _HANGUL.match(said):
            return self._hangul(said, count, index, gender, masked=masked)
        if masked or len(said) == 1:
            return said if masked else chr(65 + self._number("initial", said.upper()) % 26)
        role, sex = self._roles.get(squeezed(said), ("", ""))
        if not role:
            first = count > 1 and (index < count - 1) != ("," in plain)
            role = "given" if first or (count == 1 and said.casefold() in _lowered_given()) else "family"
        return _cased(said, self._part("en", role, said, sex or gender))

    def _hangul(self, said: str, count: int, index: int, gender: str, *, masked: bool) -> str:
        role, sex = self._roles.get(said, ("", ""))
        if role or masked or count > 1:
            part: Role = role or ("family" if index == 0 and len(said) < 3 else "given")
            return self._part("ko", part, said, sex or gender)[: len(said) if masked else None]
        size = 2 if said[:2] in listed("family_ko.txt") and len(said) > 2 else 1
        if len(said) == 1:
            return self._part("ko", "family", said, gender)
        if said[:size] not in listed("family_ko.txt") and len(said) < 4:
            return self._part("ko", "given", said, gender)
        family, given = said[:size], said[size:]
        sex = self._roles.get(given, ("", ""))[1]
        return self._part("ko", "family", family, gender) + self._part("ko", "given", given, sex or gender)

    def _part(self, script: str, role: Role, said: str, gender: str) -> str:
        pool = _pool(script, role, gender)
        value = squeezed(said)
        made = ""
        for turn in range(_TRIES):
            made = pool[self._number(f"name-{role}", value, turn) % len(pool)]
            small = squeezed(made)
            if small != value and not any(real == small or (len(real) > 3 and real in small) for real in self._roles):
                break
        return made

    def number(self, plain: str, kind: str) -> str:
        """Return a number of the same shape. Of a telephone number the country and the kind of line stay."""
        head = (
            re.match(r"(?:\+82[-. ]?)?0?(?:10|70)(?!\d{3}$)|\+\d{1,2}(?=[-. ])", plain)
            if kind in ("phone", "fax")
            else None
        )
        kept = head.end() if head else 0
        value = squeezed(plain)
        for turn in range(_TRIES):
            made = plain[:kept] + self._redrawn(plain[kept:], kind, value, turn)
            if made != plain and not self._known.shown_in(made):
                return made
        return "[NUMBER]"

    def _redrawn(self, plain: str, kind: str, value: str, turn: int) -> str:
        made = ""
        for index, sign in enumerate(plain):
            number = self._number(kind, f"{value}/{index}", turn)
            if sign.isdigit():
                made += str(number % 10)
            elif sign.isascii() and sign.isalpha() and kind not in ("phone", "fax"):
                letter = chr(65 + number % 26)
                made += letter if sign.isupper() else letter.lower()
            else:
                made += sign
        return made

    def id(self, value: str) -> str:
        """Return the id that takes the place of a resource's: a UUID where it was one (RFC 9562, version 8)."""
        digest = hmac.digest(self._key, f"id\x1f{value}".encode(), "sha256").hex()
        if re.fullmatch(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", value):
            return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        return digest[:24]

    def moved(self, day: date) -> date:
        """Return a date moved by this patient's number of days."""
        try:
            return day + timedelta(days=self.days)
        except OverflowError:
            return day


def _cased(old: str, new: str) -> str:
    return new.upper() if old.isupper() and len(old) > 1 else new.lower() if old.islower() else new


@cache
def _pool(script: str, role: Role, gender: str) -> tuple[str, ...]:
    if role == "family":
        if script == "ko":
            return sections("family_ko.txt")[0][:40]
        return tuple(sorted(word for word in listed("family_en.txt") if len(word) > 4))
    names = _GIVEN_KO if script == "ko" else _GIVEN_EN
    return names.get(gender, names[""])


@cache
def _lowered_given() -> frozenset[str]:
    return frozenset(word.casefold() for word in listed("given_en.txt"))

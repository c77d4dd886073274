"""ICD-10-CM in memory: look-up, hierarchy, notes with inheritance, search as you type. No I/O once it is open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from bogam.record.citation import Field, Origin
from bogam.record.json import point, text
from bogam.terms.bilingual import in_english
from bogam.terms.icd10cm import order, verdict
from bogam.terms.icd10cm.codes import dotted
from bogam.terms.icd10cm.compiled import KINDS, Compiled, Kind, Notes, Section
from bogam.terms.icd10cm.entry import Conflict, Entry, Match, Note, Question, Sequence, Verdict
from bogam.terms.wordindex import Finder

SYSTEM: Final = "icd-10-cm"
URI: Final = "http://hl7.org/fhir/sid/icd-10-cm"
NAME: Final = "ICD-10-CM"

_NONE: Final = Notes()
_CODE_BEGUN: Final = re.compile(r"[A-Za-z][0-9][0-9A-Za-z]?(?:\.?[0-9A-Za-z]{0,4})")
_NAMES: Final = tuple(name for name in Notes.__struct_fields__)
_KIND_RANK: Final = {"category": 0.004, "subcategory": 0.0, "block": -0.05, "chapter": -0.1}
"""Added to a score, so that among equals the more general code comes first."""
_OTHER: Final = -0.06
"""The same for a code that stands for what has no code of its own."""


class Document:
    """One entry as a citable document: ``ref`` is ``icd-10-cm:I10``, ``version`` the release's date as digits."""

    __slots__ = ("body", "patient", "ref", "sha", "version")

    def __init__(self, ref: str, version: int, body: bytes) -> None:
        self.ref = ref
        self.version = version
        self.body = body
        self.sha = sha256(body).hexdigest()
        self.patient: str | None = None

    def json(self) -> Any:
        """Return the entry decoded."""
        return msgspec.json.decode(self.body)


class Icd10cm:
    """One release of ICD-10-CM. Codes may be given with or without the dot, in either case.

    Methods that take a code raise `KeyError` naming it when it is not in the release, save `get` and `validate`.
    """

    def __init__(self, compiled: Compiled) -> None:
        self._made = compiled
        self._rows = {code: row for row, code in enumerate(compiled.codes)}
        parents: NDArray[Any] = np.frombuffer(compiled.parents, np.int32)
        self._parents: list[int] = parents.tolist()
        self._below: NDArray[Any] = np.argsort(parents, kind="stable")
        places = np.searchsorted(parents[self._below], np.arange(-1, len(parents) + 1))
        self._first: list[int] = places.tolist()
        self._sorted: list[str] = []
        self._finder = Finder(compiled.names)
        self._name_rows: NDArray[Any] = np.frombuffer(compiled.name_rows, np.int32)
        self._name_places: NDArray[Any] = np.frombuffer(compiled.name_places, np.int32)
        rank: NDArray[Any] = np.array([_KIND_RANK[kind] for kind in KINDS], np.float32)[compiled.kinds]
        other = [row for row, title in enumerate(compiled.titles) if title.startswith("Other ")]
        rank[other] += _OTHER
        self._rank = rank[self._name_rows]
        self.release: str = compiled.release
        """The day the release takes effect (ISO 8601)."""
        self.version: int = int(compiled.release.replace("-", ""))
        """The same as digits, which citations carry."""
        self.source: str = compiled.source

    # --- look-up

    def get(self, code: str) -> Entry | None:
        """Return an entry by its code (``E11.9``, ``e119``), block (``E08-E13``) or chapter (``4``); else None."""
        return self._get(code.strip().upper()) if len(code) < 32 else None

    def __getitem__(self, code: str) -> Entry:
        found = self.get(code)
        if found is None:
            raise KeyError(f'"{code[:32]}" is not in {NAME} {self.release}.')
        return found

    def __contains__(self, code: str) -> bool:
        return self.get(code) is not None

    @lru_cache(maxsize=16384)  # noqa: B019 - one index a process
    def _get(self, code: str) -> Entry | None:
        row = self._rows.get(code)
        if row is None:
            written = dotted(code)
            if written is None:
                return None
            row = self._rows.get(written)
            if row is None:
                return self._extended(written)
        made, notes = self._made, self._made.notes.get(row, _NONE)
        parent = self._parents[row]
        told: dict[str, Any] = {name: getattr(notes, name) for name in _NAMES}
        return Entry(
            code=made.codes[row],
            title=made.titles[row],
            kind=KINDS[made.kinds[row]],
            billable=made.kinds[row] > 1 and not self._has_below(row) and row not in made.seventh,
            parent="" if parent < 0 else made.codes[parent],
            **told,
        )

    def _place(self, code: str) -> int:
        """Return the row of a code, or of the one that its seventh character extends. Raises `KeyError`."""
        row = self._rows.get(code)
        if row is None and len(code) == 8 and (row := self.base(code)) is not None:
            row = row if code[7] in self._made.seventh[row] else None
        if row is None:
            entry = self[code]
            row = self._rows[entry.code if entry.kind != "extension" else entry.parent]
        return row

    def _extended(self, code: str) -> Entry | None:
        """Return a code whose seventh character has no row of its own."""
        if len(code) != 8:
            return None
        base, char = self.base(code), code[7]
        if base is None or char not in self._made.seventh[base]:
            return None
        title = self._made.titles[base]
        meaning = dict(self.meanings(self._made.codes[base])).get(char, char)
        return Entry(
            code=code, title=f"{title}, {meaning}", kind="extension", billable=True, parent=self._made.codes[base]
        )

    def base(self, code: str) -> int | None:
        """Return the row that the seven-character ``code`` extends, placeholders taken away."""
        short = code[:7]
        while True:
            row = self._rows.get(short.rstrip("."))
            if row is not None and row in self._made.seventh:
                return row
            if not short.endswith("X"):
                return None
            short = short[:-1]

    def codes(self) -> Iterator[str]:
        """Yield every complete code, in the order of the tabular list."""
        made = self._made
        for row, code in enumerate(made.codes):
            if row in made.seventh:
                yield from self.extensions(code)
            elif made.kinds[row] > 1 and not self._has_below(row):
                yield code

    def entries(self) -> Iterator[Entry]:
        """Yield every entry of the tabular list; codes completed by a seventh character are not among them."""
        for code in self._made.codes:
            found = self.get(code)
            assert found is not None
            yield found

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (code, words, pointer) for every title, inclusion term and include."""
        made = self._made
        for row, place in zip(self._name_rows.tolist(), self._name_places.tolist(), strict=True):
            yield made.codes[row], *self._name(row, place)

    def _name(self, row: int, place: int) -> tuple[str, str]:
        made = self._made
        if place == -1:
            return made.titles[row], "/title"
        if place >= 0:
            return made.notes[row].inclusion[place], f"/inclusion/{place}"
        return made.notes[row].includes[-2 - place], f"/includes/{-2 - place}"

    # --- hierarchy

    def parent(self, code: str) -> Entry | None:
        """Return the entry above, None for a chapter."""
        above = self[code].parent
        return self.get(above) if above else None

    def ancestors(self, code: str) -> tuple[Entry, ...]:
        """Return the entries above, nearest first, the chapter last."""
        found: list[Entry] = []
        above = self[code].parent
        while above:
            found.append(self[above])
            above = found[-1].parent
        return tuple(found)

    def children(self, code: str) -> tuple[Entry, ...]:
        """Return the entries right below: subdivisions, or the codes that seventh characters make."""
        entry = self[code]
        row = self._rows.get(entry.code)
        if row is None:
            return ()
        if self._has_below(row):
            return tuple(self[self._made.codes[each]] for each in self._rows_below(row))
        return tuple(self[each] for each in self.extensions(entry.code))

    def chapters(self) -> tuple[Entry, ...]:
        """Return the chapters in order."""
        return tuple(self[self._made.codes[row]] for row in self._rows_below(-1))

    def _rows_below(self, row: int) -> list[int]:
        return self._below[self._first[row + 1] : self._first[row + 2]].tolist()

    def _has_below(self, row: int) -> bool:
        return self._first[row + 1] < self._first[row + 2]

    def extensions(self, code: str) -> tuple[str, ...]:
        """Return the complete codes that seventh characters make of ``code``, placeholders put in."""
        chars = self._made.seventh.get(self._rows.get(code, -1), "")
        stem = (code if "." in code else f"{code}.").ljust(7, "X")
        return tuple(stem + char for char in chars)

    def meanings(self, code: str) -> tuple[tuple[str, str], ...]:
        """Return the seventh characters that apply to ``code`` with what they mean, from the nearest place above."""
        for entry in (self[code], *self.ancestors(code)):
            if entry.seventh:
                return entry.seventh
        return ()

    # --- notes and rules

    def notes(self, code: str, section: Section) -> tuple[Note, ...]:
        """Return the notes of one kind that apply to ``code``: its own and, as the conventions of ICD-10-CM have it,
        those of the subcategory, category, block and chapter above; nearest first."""
        row = self._place(code)
        found: list[Note] = []
        while row >= 0:
            here = self._made.notes.get(row)
            if here is not None:
                words: tuple[str, ...] = getattr(here, section)
                found += [Note(text, self._made.codes[row], section, place) for place, text in enumerate(words)]
            row = self._parents[row]
        return tuple(found)

    def validate(self, code: str) -> Verdict:
        """Say whether ``code`` may be reported; if not, why, and what to choose from."""
        return verdict.of(self, code)

    def excludes1_conflicts(self, codes: list[str] | tuple[str, ...]) -> tuple[Conflict, ...]:
        """Return the pairs among ``codes`` that an excludes1 note forbids."""
        return order.conflicts(self, codes)

    def code_first(self, code: str) -> tuple[Note, ...]:
        """Return what is to be coded before ``code``."""
        return self.notes(code, "code_first")

    def sequence(self, codes: list[str] | tuple[str, ...]) -> tuple[Sequence, ...]:
        """Return which of ``codes`` go before which, by "code first" and "use additional code" notes."""
        return order.sequence(self, codes)

    def arranged(self, codes: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        """Return ``codes`` in their order, changed only where `sequence` asks for it."""
        return order.arranged(self, codes)

    def is_manifestation(self, code: str) -> bool:
        """Tell whether ``code`` is never reported first: "in diseases classified elsewhere"."""
        return order.is_manifestation(self, code)

    def open_questions(self, code: str) -> tuple[Question, ...]:
        """Return what ``code`` leaves open, with the codes that would settle it."""
        return order.questions(self, code)

    def sides(self, code: str) -> dict[str, str]:
        """Return the codes that differ from ``code`` in the side alone, by right, left, bilateral, unspecified."""
        return order.sides(self, code)

    # --- search

    def search(self, query: str, limit: int = 20) -> tuple[Match, ...]:
        """Find entries as ``query`` is typed: a code begun, or words begun, in English or Korean.

        Korean and abbreviations go through the bilingual lexicon; a word that nothing holds is taken for a slip of the
        nearest ones. Best first; the order is the same every time.
        """
        query = query[:400].strip()
        if _CODE_BEGUN.fullmatch(query) and (found := self._begun(query, limit)):
            return found
        return self._worded(query, limit)

    def _begun(self, query: str, limit: int) -> tuple[Match, ...]:
        plain = query.upper().replace(".", "")
        begun = plain if len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"
        ordered = self._in_order()
        at = bisect_left(ordered, begun)
        codes: list[str] = []
        while at < len(ordered) and ordered[at].startswith(begun) and len(codes) < limit:
            codes.append(ordered[at])
            at += 1
        if len(codes) < 2 and len(begun) > 3:
            codes += [entry.code for entry in (self.children(codes[0]) if codes else ())][: limit - len(codes)]
            whole = self._extended(begun)
            if whole is not None:
                codes.append(whole.code)
        return tuple(Match(self[code], 1.0, self[code].title, "/title") for code in codes)

    def _in_order(self) -> list[str]:
        if not self._sorted:
            rows = zip(self._made.codes, self._made.kinds, strict=True)
            self._sorted = sorted(code for code, kind in rows if kind > 1)
        return self._sorted

    def _worded(self, query: str, limit: int) -> tuple[Match, ...]:
        scores: Any = None
        for wording in (query, *in_english(query)):
            found = self._finder.scores(wording)
            if found is not None:
                scores = found if scores is None else np.maximum(scores, found)
        if scores is None:
            return ()
        scores = scores + np.where(scores > 0, self._rank, 0)
        count = min(len(scores), limit * 8)
        likely = np.argpartition(-scores, count - 1)[:count]
        likely = likely[np.lexsort((likely, -scores[likely]))]
        best = float(scores[likely[0]])
        seen: dict[int, Match] = {}
        order: list[int] = likely.tolist()
        for name in order:
            score = float(scores[name])
            if score <= 0 or score < best / 4 or len(seen) >= limit:
                break
            row = int(self._name_rows[name])
            if row not in seen:
                words, pointer = self._name(row, int(self._name_places[name]))
                seen[row] = Match(self[self._made.codes[row]], round(min(score, 1.0), 4), words, pointer)
        return tuple(seen.values())

    # --- citation

    def document(self, code: str) -> Document | None:
        """Return an entry as a document that citations resolve in: canonical JSON, empty members left out."""
        entry = self.get(code)
        if entry is None:
            return None
        said: dict[str, Any] = {"system": NAME, "release": self.release}
        for name in Entry.__slots__:
            value = getattr(entry, name)
            if name == "seventh":
                value = dict(value)
            if value or name == "billable":
                said[name] = value
        return Document(f"{SYSTEM}:{entry.code}", self.version, orjson.dumps(said))

    def field(self, code: str, pointer: str = "/title") -> Field:
        """Return a value of an entry as a field that can be cited: ``/title``, ``/code``, ``/inclusion/0`` …

        Raises
        ------
        KeyError
            When the code is not in the release.
        bogam.record.json.PointerError
            When the entry has no such value.
        """
        document = self._documents(self[code].code)
        origin = Origin(document.ref, str(document.version), document.sha)
        return Field(origin, pointer, text(point(document.json(), pointer)))

    @lru_cache(maxsize=4096)  # noqa: B019 - one index a process
    def _documents(self, code: str) -> Document:
        found = self.document(code)
        assert found is not None
        return found


__all__ = ["Document", "Entry", "Icd10cm", "Kind", "Match"]

"""De-identifies notes, R4 resources and tables that come as bytes. Pure: who may ask, and the log, are Bogam's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, Final, NamedTuple, cast

import msgspec

from bogam.record.r4 import definitions
from bogam.record.store import Resource, Store
from bogam.skills.deidentify.report import Input, Kind, Report
from bogam.text.deid import Known, Mode, Pseudonyms, deidentify
from bogam.text.deid.known import Value, values
from bogam.text.deid.resource import Cleaner, ResourceError, Tally
from bogam.text.deid.table import TableError, clean, decoded, encoded

_TABLES: Final = frozenset({".csv", ".tsv"})
_LINES: Final = frozenset({".ndjson", ".jsonl"})
_ENDINGS: Final = _TABLES | _LINES | {".txt", ".json"}
_BULK: Final = re.compile(r"([A-Z][A-Za-z]+)(?:[.-]\d{1,6})*\.ndjson")
_LINK: Final = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/.*)?\Z")
_ACCENTED: Final = 0.2
"""The most letters beyond ASCII that a text of Western Europe has: where more are, it is none."""

Progress = Callable[[str, int, int], None]
"""Takes the input's name, how many resources, rows or characters of a note are done, and how many there are."""


class WorkError(ValueError):
    """An input that cannot be de-identified; the message says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to de-identify.

    ``key`` makes surrogates and new ids. ``as_of`` is the day ages are counted to. ``columns`` declares what columns of
    tables hold. ``show`` has the report list the identifiers themselves.
    """

    mode: Mode
    key: bytes = field(repr=False)
    as_of: date
    weekdays: bool = False
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    show: bool = False


class Output(NamedTuple):
    """What came out, in the inputs' order, each under a name that tells nobody's; and the report."""

    contents: dict[str, bytes]
    report: Report


class People:
    """What a set of resources says of people, by patient; staff and organizations belong to all."""

    def __init__(self) -> None:
        self._of: dict[str, list[Value]] = {}
        self._shared: list[Value] = []
        self._made: dict[str, Known] = {}
        self._aliases: dict[str, str] = {}

    def add(self, resource: Mapping[str, Any], url: str = "") -> None:
        """Take in one resource. ``url`` is the full URL that references of its Bundle use."""
        kind = resource.get("resourceType")
        if kind == "Patient" and isinstance(resource.get("id"), str):
            self._aliases[url or str(resource["id"])] = str(resource["id"])
        owner = (
            str(resource.get("id", ""))
            if kind == "Patient"
            else self.patient(resource)
            if kind == "RelatedPerson"
            else ""
        )
        (self._of.setdefault(owner, []) if owner else self._shared).extend(values(resource))

    def patient(self, resource: Mapping[str, Any]) -> str:
        """Return the id of the patient whose compartment a resource is in, empty where that is nobody's."""
        kind = resource.get("resourceType")
        if kind == "Patient":
            return str(resource.get("id", ""))
        for path in definitions.patient_paths(str(kind)):
            found = resource.get(path.split(".")[0].removesuffix("[x]"))
            for each in cast("list[Any]", found) if isinstance(found, list) else [found]:
                target = cast("dict[str, Any]", each).get("reference") if isinstance(each, dict) else None
                if not isinstance(target, str):
                    continue
                if target in self._aliases:
                    return self._aliases[target]
                if link := _LINK.match(target):
                    return link[1]
        return ""

    def known(self, patient: str) -> Known:
        """Return the values that nothing about a patient may show; of nobody's resources everybody's."""
        if patient not in self._made:
            own = self._of.get(patient, []) if patient else [value for each in self._of.values() for value in each]
            self._made[patient] = Known((*own, *self._shared))
        return self._made[patient]


def work(
    inputs: Sequence[tuple[str, bytes]],
    options: Options,
    *,
    people: Iterable[Mapping[str, Any]] = (),
    patient: str = "",
    progress: Progress | None = None,
) -> Output:
    """De-identify inputs together: what one says of people is looked for in all.

    Parameters
    ----------
    inputs
        (name, content). The ending of the name tells tables (.csv, .tsv) and resources (.json, .ndjson); other content
        that begins as JSON is a resource, all else is text.
    people
        Resources of the record that the inputs are about.
    patient
        The patient that texts are about: their dates move as all of this patient's do.

    Raises
    ------
    WorkError
        When an input is not what its name says, holds nothing, or is no text.
    """
    for name, content in inputs:
        if reason := _unreadable(content):
            raise WorkError(f"{name}: {reason}")
    known = People()
    for each in people:
        known.add(each)
    kinds: list[tuple[str, bytes, Kind]] = [(name, content, _kind(name, content)) for name, content in inputs]
    for name, content, kind in kinds:
        if kind == "fhir":
            for resource, url in _resources(name, content):
                known.add(resource, url)
    names = _safe_names([name for name, _, _ in kinds], options.key)
    contents: dict[str, bytes] = {}
    reports: list[Input] = []
    for name, content, kind in kinds:
        job = _Job(name, options, known, patient, progress)
        contents[names[name]], made = job.run(content, kind, names[name])
        reports.append(made)
    return Output(contents, Report(options.mode, tuple(reports)))


def _safe_names(names: Sequence[str], key: bytes) -> dict[str, str]:
    """Return what each output is called: Bulk Data's names stay, every other may be somebody's and gets a keyed one."""
    made = Pseudonyms(key)
    kept = {name: PurePath(name) for name in names}
    return {
        name: path.name
        if (found := _BULK.fullmatch(path.name)) and found[1] in definitions.resources() and len(names) > 1
        else f"{made.id(name)[:12]}{path.suffix.lower() if path.suffix.lower() in _ENDINGS else ''}"
        for name, path in kept.items()
    }


def _unreadable(content: bytes) -> str:
    """Return why bytes are nothing to read as text, empty where they are."""
    if not content.strip():
        return "this is empty; leave it out."
    text, encoding = decoded(content)
    if "\x00" in text or (encoding == "utf-16" and "\ufffd" in text):
        return "this is binary data (it has NUL bytes), not text."
    if encoding == "cp1252" and ("\ufffd" in text or sum(byte > 127 for byte in content) > len(content) * _ACCENTED):
        return "this is neither UTF-8, UTF-16 with a mark, cp949 nor cp1252: binary data, or a damaged text."
    return ""


def _kind(name: str, content: bytes) -> Kind:
    ending = PurePath(name.lower()).suffix
    if ending in _TABLES:
        return "table"
    if ending in _LINES or ending == ".json":
        return "fhir"
    return "fhir" if ending != ".txt" and content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "text"


def _lines(content: bytes) -> bool:
    """Whether JSON comes one resource a line: the first line is one, and more follow."""
    first, _, rest = content.strip().partition(b"\n")
    return bool(rest.strip()) and first.rstrip().endswith(b"}") and first.startswith(b"{")


def _resources(name: str, content: bytes) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (resource, full URL) of everything in an input, the entries of Bundles too."""
    for at, line in _parts(content):
        try:
            value = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise WorkError(f"{name}, line {at}: this is no JSON ({error}).") from error
        if not isinstance(value, dict) or "resourceType" not in value:
            raise WorkError(f"{name}, line {at}: this is no FHIR resource; it has no resourceType.")
        resource = cast("dict[str, Any]", value)
        yield resource, ""
        for entry in cast("list[Any]", resource.get("entry") or []):
            if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):  # pyright: ignore[reportUnknownMemberType]
                yield cast("dict[str, Any]", entry["resource"]), str(entry.get("fullUrl", ""))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    plain = content.removeprefix(b"\xef\xbb\xbf")
    if not _lines(plain):
        yield 1, plain
        return
    yield from ((at, line) for at, line in enumerate(plain.splitlines(), 1) if line.strip())


def people(store: Store, resources: Sequence[Resource]) -> list[dict[str, Any]]:
    """Return what identifies people in a patient's resources, and the staff and organizations of the record."""
    shared = [each for kind in ("Practitioner", "Organization", "Location") for each in store.of_type(kind)]
    kinds = {"Patient", "RelatedPerson", "Person"}
    return [each.json() for each in (*(r for r in resources if r.type in kinds), *shared)]


def bundle(patient: str, resources: Sequence[Resource]) -> list[tuple[str, bytes]]:
    """Return a patient's resources as one input: a Bundle of the type collection."""
    entries = b",".join(b'{"resource":' + each.body + b"}" for each in resources)
    return [
        (f"{patient or 'record'}.json", b'{"resourceType":"Bundle","type":"collection","entry":[' + entries + b"]}")
    ]


class _Job:
    """The work on one input."""

    def __init__(self, name: str, options: Options, people: People, patient: str, progress: Progress | None) -> None:
        self._name = name
        self._options = options
        self._people = people
        self._patient = patient
        self._progress = progress
        self._tally = Tally(values=[] if options.show else None)

    def run(self, content: bytes, kind: Kind, shown: str) -> tuple[bytes, Input]:
        try:
            if kind == "table":
                made = clean(
                    content,
                    self._options.mode,
                    self._options.key,
                    known=self._people.known(self._patient),
                    declared=self._options.columns,
                    tally=self._tally,
                    weekdays=self._options.weekdays,
                )
                self._say(made.rows, made.rows)
                return made.content, Input.of(shown, kind, self._tally, made.columns)
            out = self._fhir(content) if kind == "fhir" else self._text(content)
        except (ResourceError, TableError) as error:
            raise WorkError(f"{self._name}: {error}") from error
        return out, Input.of(shown, kind, self._tally)

    def _say(self, done: int, of: int) -> None:
        if self._progress is not None:
            self._progress(self._name, done, of)

    def _pseudonyms(self, patient: str, known: Known) -> Pseudonyms:
        return Pseudonyms(self._options.key, patient, known, weekdays=self._options.weekdays)

    def _text(self, content: bytes) -> bytes:
        text, encoding = decoded(content)
        known = self._people.known(self._patient)
        made = deidentify(
            text,
            self._options.mode,
            known=known,
            pseudonyms=self._pseudonyms(self._patient, known),
            progress=self._say,
        )
        self._tally.found(made.findings, text)
        self._tally.units += 1
        self._say(len(text), len(text))
        return encoded(made.text, encoding)

    def _fhir(self, content: bytes) -> bytes:
        parts = list(_parts(content))
        done: list[bytes] = []
        for count, (_, line) in enumerate(parts, 1):
            done.append(self._resource(line))
            if count % 100 == 0 or count == len(parts):
                self._say(count, len(parts))
        return b"\n".join(done) + b"\n"

    def _resource(self, line: bytes) -> bytes:
        return self._cleaner(cast("dict[str, Any]", msgspec.json.decode(line))).clean(line)

    def _cleaner(self, resource: dict[str, Any]) -> Cleaner:
        """Return the cleaner of a resource: it knows the patient that the resource is about."""
        patient = self._people.patient(resource) or self._patient
        known = self._people.known(patient)
        return Cleaner(
            self._options.mode,
            self._pseudonyms(patient, known),
            known,
            as_of=self._options.as_of,
            tally=self._tally,
            of=self._cleaner,
        )

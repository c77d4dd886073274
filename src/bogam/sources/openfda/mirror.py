"""openFDA's bulk files as a mirror: one for labels, one for reports, one for drug codes, each replaced as a whole."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final, cast

import ijson

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, Entry, Imported, MirrorState, Refusal, Say, SqliteMirror, words_of
from bogam.sources.mirrors.archive import Bounded, members
from bogam.sources.mirrors.releases import may_replace
from bogam.sources.openfda import records
from bogam.sources.openfda.live import identified
from bogam.sources.openfda.question import COUNTED, FIELDS, Get, Kind, Search, check, counted, plain
from bogam.sources.reading import phrase
from bogam.sources.reading.shape import Shape

_MOST: Final = 16 << 20
"""Bytes of one record that are read."""
_DEEPEST: Final = 10_000
_AT_ONCE: Final = 256 << 10
_MARKS: Final[dict[str, Kind]] = {"set_id": "label", "safetyreportid": "event", "product_ndc": "ndc"}
_KINDS: Final[tuple[Kind, ...]] = ("label", "event", "ndc")


class OpenFdaMirror:
    """The three mirrors as one."""

    files: ClassVar[str] = (
        "drug-label-*.json.zip, drug-event-*.json.zip and drug-ndc-*.json.zip of https://open.fda.gov/data/downloads/, "
        "all parts of a kind at once."
    )

    def __init__(self, folder: Path) -> None:
        self._of: dict[Kind, KindMirror] = {kind: KindMirror(kind, folder) for kind in _KINDS}

    def state(self) -> MirrorState | None:
        """Return what the three hold together; the date of each stands in the version."""
        states = {kind: state for kind, mirror in self._of.items() if (state := mirror.state()) is not None}
        if not states:
            return None
        return MirrorState(
            ", ".join(f"{kind} {state.version}" for kind, state in states.items()),
            min(state.imported_at for state in states.values()),
            sum(state.items for state in states.values()),
            sum(state.refused for state in states.values()),
            any(state.unfinished for state in states.values()),
        )

    def load(
        self, paths: Sequence[Path], *, version: str = "", older: bool = False, say: Say | None = None
    ) -> Imported:
        """Import files of one kind or of several; those of a kind replace all that was there of it."""
        missing = [str(path) for path in paths if not path.is_file()]
        if missing or not paths:
            raise BadFile(f"No such file: {', '.join(missing)}." if missing else "Name at least one file.")
        sorted_out: dict[Kind, list[Path]] = {}
        for path in paths:
            sorted_out.setdefault(kind_of(path), []).append(path)
        for kind, each in sorted_out.items():  # before any of them is replaced
            mirror = self._of[kind]
            may_replace(f"openfda {kind}", version or mirror.version_of(each), mirror.state(), older)
        done = [self._of[kind].load(each, version=version, older=older, say=say) for kind, each in sorted_out.items()]
        sums = {
            name: sum(getattr(each, name) for each in done)
            for name in ("files", "stored", "deleted", "refused", "replaced")
        }
        dates = ", ".join(dict.fromkeys(each.version for each in done))
        seconds = sum(each.seconds for each in done)
        note = " ".join(filter(None, (each.note for each in done)))
        resumed = sum(each.resumed for each in done)
        return Imported("openfda", dates, **sums, resumed=resumed, seconds=seconds, note=note)

    def refusals(self, limit: int = 100) -> list[Refusal]:
        """Return rows that were refused."""
        return [each for mirror in self._of.values() for each in mirror.refusals(limit)][:limit]

    def search(self, request: Search) -> Result:
        """Return records, or counts of reports, as the interface does."""
        check(request)
        mirror, state = self._held(request.kind)
        found = mirror.counts(request, state.version) if request.count_by else mirror.search(request)
        return _dated(found, request.kind, state)

    def get(self, request: Get) -> Result:
        """Return one record; for a product's National Drug Code all that are listed under it."""
        count = counted(request.id)
        kind, id = ("event", "") if count else identified(request.id)
        mirror, state = self._held(kind)
        found = mirror.one_count(*count, state.version) if count else mirror.record(id)
        return _dated(found, kind, state)

    def nearest(self, words: Sequence[str], limit: int) -> list[Item]:
        """Return the labels that share the most telling words; reports prove nothing and are never evidence."""
        labels = self._of["label"]
        return labels.nearest(words, limit) if labels.state() is not None else []

    def _held(self, kind: Kind) -> tuple[KindMirror, MirrorState]:
        state = self._of[kind].state()
        if state is None:
            raise BadQuery(f"The mirror of openfda holds no {kind} here: import drug-{kind}-*.json.zip.")
        return self._of[kind], state


class KindMirror(SqliteMirror):
    """The records of one kind."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        super().__init__("openfda", folder)
        self.kind: Kind = kind
        self.path = folder / f"openfda-{kind}.sqlite"

    def version_of(self, paths: Sequence[Path]) -> str:
        """Return the day of the newest file."""
        return max(_meta(path)[0] for path in paths)

    def read(self, path: Path) -> Iterator[Entry]:
        """Read records one at a time; one that has not the documented shape is refused."""
        disclaimer = _meta(path)[1]
        for name, stream, done in members(path, ".json", _MOST):
            for at, record in enumerate(_results(name, stream), 1):
                place = f"{name}, result {at}"
                try:
                    item = records.item(self.kind, record, disclaimer)
                except Upstream as error:
                    yield Entry(refused=str(error), raw=reprlib.repr(record), place=place, done=done())
                    continue
                yield Entry(
                    item,
                    _text(item),
                    tuple(sorted(_keys(self.kind, item, record))),
                    _day(item),
                    place=place,
                    done=done(),
                )

    def filters(self, request: Search) -> Iterable[tuple[str, str]]:
        """Return what a record must have: names by their words side by side, codes and words for sex as they are."""
        for name in FIELDS[self.kind]:
            given: str = getattr(request, name)
            if name == "ndc" and given:
                yield name, given
            else:
                yield from phrase.filters(name, plain(given) if given else "")
        if request.serious is not None:
            yield "serious", str(request.serious).lower()
        if request.sex:
            yield "sex", request.sex

    def ranges(self, request: Search) -> Iterable[tuple[str, str, str]]:
        """Return the days asked for."""
        if request.since or request.until:
            yield "day", str(request.since or "0001-01-01"), str(request.until or "")

    def counts(self, request: Search, version: str) -> Result:
        """Count reports by a term, the most frequent first."""
        tally = self.tally(request, words_of(plain(request.text)), self.filters(request), f"term:{request.count_by}")
        disclaimer = self._disclaimer()
        made = [records.count(request, term.upper(), n, tally.total, disclaimer, version) for term, n in tally.counts]
        cut = f"Only the {request.limit} most frequent terms; ask for more with limit, or narrow the question."
        more = len(made) > request.limit
        return Result(tuple(made[: request.limit]), None, cut=cut if more else "")

    def one_count(self, request: Search, term: str, version: str) -> Result:
        """Count the reports that hold one term."""
        words, name = words_of(plain(request.text)), f"term:{request.count_by}"
        asked = list(self.filters(request))
        total = self.tally(request, words, asked, name).total
        holding = self.tally(request, words, [*asked, (name, term.lower())], name).total
        if not holding:
            raise UnknownId(f'The mirror of openfda has no report with "{term}" among those asked for.')
        return Result((records.count(request, term.upper(), holding, total, self._disclaimer(), version),), 1)

    def record(self, id: str) -> Result:
        """Return the record of an id; those listed under a drug code."""
        if self.kind != "ndc" or "_" in id:
            found = self.items([f"{self.kind}/{id}"])
        else:
            found = list(self.find(Search.model_validate({"kind": "ndc", "limit": 100}), [], [("ndc", id)]).items)
        if not found:
            raise UnknownId(f'The mirror of openfda has no {self.kind} "{id}".')
        return Result(tuple(found), len(found))

    def _disclaimer(self) -> str:
        found = self.find(Search.model_validate({"kind": self.kind, "limit": 1}), [], []).items
        return str(found[0].fields["disclaimer"]) if found else ""


def _dated(found: Result, kind: Kind, state: MirrorState) -> Result:
    """Say of which day the records are, and what does not follow from reports."""
    return replace(found, version=state.version, note=records.NOTE if kind == "event" and found.items else "")


def kind_of(path: Path) -> Kind:
    """Return what a bulk file holds, by its first record. Raises `BadFile` for another file."""
    for name, stream, _ in members(path, ".json", _MOST):
        first: Any = next(_results(name, stream), None)
        if isinstance(first, dict):
            for member, kind in _MARKS.items():
                if member in first:
                    return kind
    raise BadFile(f"{path.name} is no bulk file of openFDA's drug labels, reports or drug codes.")


def _meta(path: Path) -> tuple[str, str]:
    """Return day and disclaimer of a bulk file."""
    for name, stream, _ in members(path, ".json", _MOST):
        try:
            found = next(cast("Iterator[Any]", ijson.items(stream, "meta")), None)
            meta = Shape(found, "meta")
            return meta.text("last_updated", due=True), meta.text("disclaimer")
        except (ijson.JSONError, ValueError, Upstream) as error:
            raise BadFile(f"{name} does not begin as a bulk file of openFDA ({error}).") from error
    raise BadFile(f"{path.name} holds no JSON.")


class _Shallow:
    """A stream of records that are not nested without end: the parser's time grows with the square of the depth.

    Brackets within texts are counted as well; they come in pairs.
    """

    def __init__(self, stream: Bounded, name: str) -> None:
        self._stream, self._name = stream, name
        self._open = 0

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self._open += part.count(b"[") + part.count(b"{") - part.count(b"]") - part.count(b"}")
        if self._open > _DEEPEST:
            raise BadFile(f"{self._name} holds a record that is nested without end.")
        return part

    def renew(self) -> None:
        self._stream.renew()
        self._open = 0


def _results(name: str, stream: Bounded) -> Iterator[Any]:
    """Yield the records one at a time."""
    shallow = _Shallow(stream, name)
    try:
        for record in cast("Iterator[Any]", ijson.items(shallow, "results.item", use_float=True, buf_size=_AT_ONCE)):
            shallow.renew()
            yield record
    except (ijson.JSONError, ValueError) as error:
        raise BadFile(f"{name} is damaged or not complete ({error}). Download it again.") from error


def _day(item: Item) -> str:
    fields = item.fields
    return str(fields.get("effective_date") or fields.get("received") or fields.get("marketing_start") or "")


def _text(item: Item) -> str:
    """Return the words of an item, those of its disclaimer and note left out."""
    found: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for each in cast("dict[str, Any]", value).values():
                gather(each)
        elif isinstance(value, list):
            for each in cast("list[Any]", value):
                gather(each)

    gather({name: value for name, value in item.fields.items() if name not in ("disclaimer", "note", "cut")})
    return "\n".join(found)


def _keys(kind: Kind, item: Item, record: Any) -> set[tuple[str, str]]:
    """Return what an item is found by: what the interface's fields hold, read along the same paths."""
    made: set[tuple[str, str]] = set()
    walked = _Paths(record)
    for name, paths in _PATHS[kind].items():
        values = {value for path in paths for value in walked.texts(path)}
        made |= {(name, value) for value in values} if name == "ndc" else phrase.keys(name, values)
    if kind == "event":
        made |= {("serious", str(item.fields["serious"]).lower()), ("sex", item.fields["sex"])}
        for term, path in _COUNTED.items():
            made |= {(f"term:{term}", each.lower()) for each in walked.texts(path)}
    if day := _day(item):
        made.add(("day", day))
    return made


class _Paths:
    """The texts at the ends of paths of members, through every list on the way; what paths share is walked once."""

    def __init__(self, record: Any) -> None:
        self._levels: dict[tuple[str, ...], list[Any]] = {(): [record]}

    def texts(self, path: tuple[str, ...]) -> list[str]:
        return [each for each in self._level(path) if isinstance(each, str) and each]

    def _level(self, path: tuple[str, ...]) -> list[Any]:
        known = self._levels.get(path)
        if known is None:
            known = self._levels[path] = []
            for above in self._level(path[:-1]):
                found: Any = cast("dict[str, Any]", above).get(path[-1]) if isinstance(above, dict) else None
                known.extend(cast("list[Any]", found) if isinstance(found, list) else [found])
        return known


_PATHS: Final = {
    kind: {name: [tuple(path.split(".")) for path in paths] for name, paths in fields.items()}
    for kind, fields in FIELDS.items()
}
_COUNTED: Final = {term: tuple(path.removesuffix(".exact").split(".")) for term, path in COUNTED.items()}

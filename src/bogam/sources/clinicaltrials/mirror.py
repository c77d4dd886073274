"""The mirror of ClinicalTrials.gov: its JSON downloads in one local file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from bogam.sources.answer import BadQuery, Item, Result, UnknownId
from bogam.sources.clinicaltrials.files import studies
from bogam.sources.clinicaltrials.live import number, replaced
from bogam.sources.clinicaltrials.request import Get, Search
from bogam.sources.clinicaltrials.study import BadStudy, ancestors, item_of, snapshot
from bogam.sources.mirrors import BadFile, Entry, SqliteMirror, key_words, words_of

_NO_LIMIT: Final = 999.0
_RENAMED: Final[Mapping[str, Sequence[str]]] = {
    name: names
    for names in (("south korea", "korea, republic of"), ("turkey", "turkey (türkiye)"), ("czechia", "czech republic"))
    for name in names
}
"""Countries that the registry has written in two ways."""
_STRANGE: Final = 1000
"""Values before the first study after which a file is taken for something else."""


class ClinicalTrialsMirror(SqliteMirror):
    """Studies by number."""

    files: ClassVar[str] = (
        "The JSON downloads of clinicaltrials.gov: a zip with one file for each study, a list of studies in one file, "
        'pages of the API ({"studies": [...]}), or one study a line (NDJSON); packed with gzip or not'
    )

    batch: ClassVar[int] = 500

    def read(self, path: Path) -> Iterator[Entry]:
        refused: list[Entry] = []
        found = False
        for place, study in studies(path):
            entry = _read(study, place)
            if found:
                yield entry
            elif entry.item is None:
                refused.append(entry)
                if len(refused) > _STRANGE:
                    break
            else:
                found = True
                yield from (*refused, entry)
        if not found:
            why = f" ({refused[0].refused.rstrip('.')})" if refused else ""
            raise BadFile(f"{path.name} holds no studies of ClinicalTrials.gov{why}.")

    def version_of(self, paths: Sequence[Path]) -> str:
        for _, study in (each for path in paths for each in studies(path)):
            if not isinstance(study, str):
                try:
                    return snapshot(study)
                except BadStudy:
                    return ""
        return ""

    def search(self, request: Search) -> Result:
        if request.near or request.advanced:
            name = "near" if request.near else "advanced"
            raise BadQuery(f"A mirror cannot search by {name}: name a country or a location, or ask the live registry.")
        words = words_of(" ".join((request.text, request.title, request.sponsor, request.location)))
        return self.find(request, words, self.filters(request))

    def filters(self, request: Search) -> Iterable[tuple[str, str | Sequence[str]]]:
        for name, asked in (("condition", request.condition), ("intervention", request.intervention)):
            for word in key_words(asked):
                yield name, word
        if request.country:
            country = " ".join(request.country.casefold().split())
            yield "country", _RENAMED.get(country, (country,))
        if request.status:
            yield "status", request.status.lower().split(",")
        if request.phase:
            yield "phase", request.phase.lower().split(",")
        if request.study_type:
            yield "type", request.study_type.lower()
        if request.sex:
            yield "sex", (request.sex.lower(), "all")
        if request.has_results is not None:
            yield "results", str(request.has_results).lower()

    def ranges(self, request: Search) -> Iterable[tuple[str, str, str]]:
        if request.age is not None:
            yield "minimum_age", "", _padded(request.age)
            yield "maximum_age", _padded(request.age), ""
        if request.updated_from:
            yield "updated", request.updated_from.isoformat(), ""

    def get(self, request: Any) -> Result:
        asked: Get = request
        id = number(asked.id)
        found = self.items([id]) or self._renamed(id)
        if not found:
            raise UnknownId(f"The mirror of clinicaltrials has no study {id}.")
        return Result((found[0],), 1, note=replaced(id, found[0]))

    def _renamed(self, id: str) -> list[Item]:
        with self._ready() as db:
            row = db.execute(
                "SELECT id FROM items JOIN keys USING (row) WHERE name = 'obsolete' AND value = ?", (id.lower(),)
            ).fetchone()
        return self.items([row[0]]) if row else []


def _read(study: Any, place: str) -> Entry:
    if isinstance(study, str):
        return Entry(refused=study, place=place)
    try:
        return _entry(study, place)
    except BadStudy as error:
        return Entry(refused=f"{error}.", raw=json.dumps(study)[:500], place=place)


def _entry(study: Any, place: str) -> Entry:
    item = item_of(study)
    fields = item.fields
    broader = ancestors(study)
    low, high = fields.get("minimum_age_years"), fields.get("maximum_age_years")
    conditions = [
        *fields.get("conditions", ()),
        *fields.get("keywords", ()),
        *fields.get("condition_mesh", ()),
        *broader,
    ]
    given = [
        name
        for each in fields.get("interventions", ())
        for name in (each.get("name", ""), *each.get("other_names", ()))
    ]
    keys = {
        ("status", fields["status"].lower()),
        ("type", fields.get("study_type", "").lower()),
        ("sex", fields.get("sex", "ALL").lower()),
        ("results", str(fields["has_results"]).lower()),
        ("minimum_age", _padded(low or 0.0)),
        ("maximum_age", _padded(_NO_LIMIT if high is None else high)),
        ("updated", item.version),
        *(("phase", each.lower()) for each in fields.get("phases", ())),
        *(("country", " ".join(each.casefold().split())) for each in fields.get("countries", ())),
        *(("obsolete", each.lower()) for each in fields.get("obsolete_ids", ())),
        *(("condition", word) for word in key_words(" ".join(conditions))),
        *(("intervention", word) for word in key_words(" ".join([*given, *fields.get("intervention_mesh", ())]))),
    }
    return Entry(item, _searched(item, [*conditions, *given]), tuple(sorted(keys)), item.version, place=place)


def _searched(item: Item, more: Sequence[str]) -> str:
    fields = item.fields
    told = [
        item.id,
        *fields.get("obsolete_ids", ()),
        fields.get("organization_id", ""),
        *fields.get("secondary_ids", ()),
    ]
    told += [fields.get(name, "") for name in ("acronym", "official_title", "summary", "sponsor")]
    told += [*more, *fields.get("collaborators", ())]
    told += [each for part in fields.get("eligibility", {}).values() for each in part]
    sites = [
        each.get(name, "") for each in fields.get("locations", ()) for name in ("facility", "city", "state", "country")
    ]
    return "\n".join(dict.fromkeys(filter(None, [*told, *sites])))


def _padded(age: float) -> str:
    return f"{age:08.3f}"

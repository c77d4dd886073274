"""The RxNav interface, ``/REST``. What it does not know it answers with status 200 and nothing in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bogam.sources.answer import BadQuery, Item, Result, UnknownId, Upstream
from bogam.sources.mirrors import start_of
from bogam.sources.outside.http import Http
from bogam.sources.reading.shape import Shape
from bogam.sources.rxnav.concept import Concept, brief, kept, package, status_of
from bogam.sources.rxnav.question import Asked, Get, Search, asked, ndc11, rxcui

_BEST = {"exact": 0, "best": 2}
_MOST = 100


class Live:
    """Asks the interface: a few requests for each answer, within the twenty a second that it allows."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, request: Get) -> Result:
        if request.id.startswith("ndc/"):
            found = self._package(ndc11(request.id[4:]))
            if found is None:
                raise UnknownId(f"RxNorm has no National Drug Code {request.id[4:]}.")
            return Result((found,), 1, version=self._version())
        id = rxcui(request.id)
        concept = self._history(id)
        if concept.status not in ("Remapped", "NotCurrent"):
            self._add_properties(concept)
            concept.related = _grouped(self._related(id, ()))
            concept.classes = self._classes(id)
        return Result((concept.item(),), 1, version=self._version(), note=concept.note)

    def search(self, request: Search) -> Result:
        question = asked(request)
        found = self._found(question, request.limit)
        start = start_of(request.next)
        page = found[start : start + request.limit]
        items = [brief(each) if each.name else brief(self._named(each)) for each in page if isinstance(each, Concept)]
        items += [each for each in page if isinstance(each, Item)]
        end = start + len(page)
        return Result(
            tuple(items),
            len(found),
            str(end) if end < len(found) else "",
            version=self._version(),
            note=question.note if items else "",
        )

    def _found(self, question: Asked, limit: int) -> Sequence[Concept | Item]:
        if question.ndc:
            found = self._package(question.ndc)
            return [found] if found else []
        if question.related_to:
            related = kept(self._related(question.related_to, question.types), question.types)
            if not related:
                self._history(question.related_to)  # an unknown id must not look like one without relatives
            return related
        if question.match == "approximate":
            return kept(self._approximate(question.name), question.types)
        if question.match == "products":
            told = self._ask("/REST/drugs.json", {"name": question.name})
            return kept(_concepts(told.object("drugGroup"), due="drugGroup"), question.types)
        told = self._ask("/REST/rxcui.json", {"name": question.name, "search": _BEST[question.match]})
        group = told.object("idGroup")
        if group is None:
            raise Upstream("RxNav sent no idGroup. Its interface may have changed.")
        ids = group.texts("rxnormId")
        return kept((self._named(Concept(_id(each), "", "")) for each in ids[:_MOST]), question.types)

    # --- single questions

    def _ask(self, path: str, params: Mapping[str, str | int] | None = None) -> Shape:
        return Shape(self._http.get(path, params).object(), f"RxNav {path.rpartition('/')[2]}")

    def _version(self) -> str:
        """Return the date of the RxNorm release that is served."""
        told = self._ask("/REST/version.json").text("version", due=True)
        try:
            return datetime.strptime(told, "%d-%b-%Y").date().isoformat()
        except ValueError:
            return told[:40]

    def _named(self, concept: Concept) -> Concept:
        """Fill a concept of which only the id is known."""
        told = self._ask(f"/REST/rxcui/{concept.rxcui}/properties.json").object("properties")
        if told is None or told.text("rxcui") != concept.rxcui:
            raise Upstream(f"RxNav named {concept.rxcui} and then did not know it. Try again later.")
        named = _concept(told)
        named.more = concept.more
        return named

    def _history(self, id: str) -> Concept:
        """Return what the history says: whether the concept is in use, and what stands for it now."""
        told = self._ask(f"/REST/rxcui/{id}/historystatus.json").object("rxcuiStatusHistory")
        data = told.object("metaData") if told else None
        about = told.object("attributes") if told else None
        status = data.text("status") if data else ""
        if told is None or not status or status.upper() == "UNKNOWN":
            raise UnknownId(f"RxNorm has no concept {id} and had none in an earlier release.")
        if about is None or about.text("rxcui") != id:
            raise Upstream(f"RxNav answered another concept than {id}. Try again later.")
        concept = Concept(id, about.text("name", due=True), about.text("tty", due=True), status)
        features, derived = told.object("definitionalFeatures"), told.object("derivedConcepts")
        if features:
            concept.ingredients = [_strength(each) for each in features.objects("ingredientAndStrength")]
            concept.dose_forms = [
                _said(rxcui=each.text("doseFormRxcui"), name=each.text("doseFormName"))
                for each in features.objects("doseFormConcept")
            ]
        for kind in ("remapped", "quantified") if derived else ():
            for each in derived.objects(f"{kind}Concept") if derived else ():
                id_of = each.text(f"{kind}RxCui") or each.text(f"{kind}Rxcui")
                name, tty = each.text(f"{kind}Name"), each.text(f"{kind}TTY")
                if id_of and (kind == "remapped" or concept.status == "Quantified"):
                    concept.remapped_to.append(_said(rxcui=id_of, name=name, tty=tty))
        return concept

    def _add_properties(self, concept: Concept) -> None:
        told = self._ask(f"/REST/rxcui/{concept.rxcui}/allProperties.json", {"prop": "all"})
        group = told.object("propConceptGroup")
        if group is None:
            raise Upstream(f"RxNav knows {concept.rxcui} but sent no properties of it. Try again later.")
        for each in group.objects("propConcept"):
            kind, name, value = each.text("propCategory"), each.text("propName"), each.text("propValue")
            if kind == "CODES" and name != "RxCUI":
                concept.codes.setdefault(name, []).append(value)
            elif kind == "NAMES" and name != "RxNorm Name" and value not in (concept.name, *concept.synonyms):
                concept.synonyms.append(value)

    def _related(self, id: str, types: Sequence[str]) -> list[Concept]:
        if types:
            told = self._ask(f"/REST/rxcui/{id}/related.json", {"tty": " ".join(types)}).object("relatedGroup")
        else:
            told = self._ask(f"/REST/rxcui/{id}/allrelated.json").object("allRelatedGroup")
        if told is None:
            return []
        if told.text("rxcui") not in ("", id):
            raise Upstream(f"RxNav answered another concept than {id}. Try again later.")
        return [each for each in _concepts(told) if each.rxcui != id]

    def _classes(self, id: str) -> list[dict[str, str]]:
        told = self._ask("/REST/rxclass/class/byRxcui.json", {"rxcui": id}).object("rxclassDrugInfoList")
        made: list[dict[str, str]] = []
        for each in told.objects("rxclassDrugInfo") if told else ():
            item = each.object("rxclassMinConceptItem")
            if item is None:
                raise Upstream(f"RxNav sent a class of {id} without saying which. Its interface may have changed.")
            row = _said(
                class_id=item.text("classId", due=True),
                class_name=item.text("className", due=True),
                class_type=item.text("classType"),
                rela=each.text("rela"),
                rela_source=each.text("relaSource"),
            )
            if row not in made:
                made.append(row)
        return made

    def _approximate(self, name: str) -> Iterator[Concept]:
        told = self._ask("/REST/approximateTerm.json", {"term": name, "maxEntries": _MOST, "option": 1})
        group = told.object("approximateGroup")
        if group is None:
            raise Upstream("RxNav sent no approximateGroup. Its interface may have changed.")
        best: dict[str, tuple[float, int]] = {}
        for each in group.objects("candidate"):
            score, rank = each.number("score"), each.number("rank")
            best.setdefault(_id(each.text("rxcui")), (float(score or 0), int(rank or 0)))
        for id, (score, rank) in best.items():
            yield Concept(id, "", "", more={"match": "approximate", "score": f"{score:g}", "rank": str(rank)})

    def _package(self, ndc: str) -> Item | None:
        """Return a package code with its status, its concept and what its label says of it."""
        told = self._ask("/REST/ndcstatus.json", {"ndc": ndc}).object("ndcStatus")
        if told is None:
            raise Upstream("RxNav sent no ndcStatus. Its interface may have changed.")
        status = told.text("status", due=True).upper()
        if status == "UNKNOWN":
            return None
        if told.text("ndc11") not in ("", ndc):
            raise Upstream(f"RxNav answered another code than {ndc}. Try again later.")
        history = [
            _said(start_date=each.text("startDate"), end_date=each.text("endDate"), rxcui=each.text("activeRxcui"))
            for each in told.objects("ndcHistory")
        ]
        said: dict[str, Any] = {
            "status": status, "rxcui": told.text("rxcui"), "concept_name": told.text("conceptName"),
            "concept_status": told.text("conceptStatus"), "history": history,
        }  # fmt: skip
        listed = self._ask("/REST/ndcproperties.json", {"id": ndc, "ndcstatus": "ALL"}).object("ndcPropertyList")
        for each in listed.objects("ndcProperty") if listed else ():
            packaging, properties = each.object("packagingList"), each.object("propertyConceptList")
            said["packaging"] = packaging.texts("packaging") if packaging else []
            said["spl_set_id"] = each.text("splSetIdItem")
            said["properties"] = [
                _said(name=prop.text("propName"), value=prop.text("propValue"))
                for prop in (properties.objects("propertyConcept") if properties else ())
            ]
            break
        return package(ndc, said)


def _concepts(group: Shape | None, due: str = "") -> Iterator[Concept]:
    if group is None:
        if due:
            raise Upstream(f"RxNav sent no {due}. Its interface may have changed.")
        return
    for each in group.objects("conceptGroup"):
        yield from map(_concept, each.objects("conceptProperties"))


def _concept(told: Shape) -> Concept:
    synonym = told.text("synonym")
    return Concept(
        _id(told.text("rxcui", due=True)),
        told.text("name", due=True),
        told.text("tty", due=True),
        status_of(told.text("suppress")),
        [synonym] if synonym else [],
    )


def _id(text: str) -> str:
    try:
        return rxcui(text)
    except BadQuery:
        raise Upstream(f'RxNav sent "{text[:20]}" as an RXCUI. Its interface may have changed.') from None


def _grouped(concepts: Sequence[Concept]) -> dict[str, list[dict[str, str]]]:
    made: dict[str, list[dict[str, str]]] = {}
    for each in concepts:
        made.setdefault(each.tty, []).append({"rxcui": each.rxcui, "name": each.name})
    return made


def _strength(each: Shape) -> dict[str, str]:
    amount = " ".join(filter(None, (each.text("numeratorValue"), each.text("numeratorUnit"))))
    per = " ".join(filter(None, (each.text("denominatorValue"), each.text("denominatorUnit"))))
    strength = f"{amount} / {per}" if amount and per else amount
    return _said(
        rxcui=each.text("baseRxcui") or each.text("activeIngredientRxcui"),
        name=each.text("baseName") or each.text("activeIngredientName"),
        strength=strength,
    )


def _said(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}

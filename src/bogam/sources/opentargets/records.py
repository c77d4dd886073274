"""Open Targets' records as items: of the GraphQL interface, and of the Parquet files of old and new releases."""

from __future__ import annotations

from typing import Any, Final

from bogam.sources.answer import Item
from bogam.sources.reading.shape import Shape

SITE: Final = "https://platform.opentargets.org"
_SYNONYMS: Final = ("exact", "narrow", "broad", "related")


def target(raw: Shape, release: str) -> Item:
    """Return a target (a gene) as an item."""
    id = raw.text("id", due=True)
    place = raw.object("genomicLocation")
    fields: dict[str, Any] = {
        "kind": "target",
        "id": id,
        "approved_symbol": raw.text("approvedSymbol", due=True),
        "approved_name": raw.text("approvedName"),
        "biotype": raw.text("biotype"),
        "functions": raw.texts("functionDescriptions"),
        "synonyms": _labels(raw, "symbolSynonyms"),
        "proteins": [{"id": each.text("id"), "source": each.text("source")} for each in raw.objects("proteinIds")],
        "genomic_location": {
            "chromosome": place.text("chromosome"),
            "start": place.number("start"),
            "end": place.number("end"),
            "strand": place.number("strand"),
        }
        if place
        else {},
        "tractability": [
            {"modality": each.text("modality"), "label": each.text("label") or each.text("id")}
            for each in raw.objects("tractability")
            if each.flag("value")
        ],
    }
    title = fields["approved_symbol"] + (f": {fields['approved_name']}" if fields["approved_name"] else "")
    return Item("opentargets", id, title, f"{SITE}/target/{id}", release, fields)


def disease(raw: Shape, release: str) -> Item:
    """Return a disease or phenotype as an item."""
    id = raw.text("id", due=True)
    fields: dict[str, Any] = {
        "kind": "disease",
        "id": id,
        "name": raw.text("name", due=True),
        "description": raw.text("description"),
        "synonyms": _disease_synonyms(raw),
        "therapeutic_areas": sorted(raw.texts("therapeuticAreas")),
        "parents": sorted(raw.texts("parents")),
        "db_xrefs": sorted(raw.texts("dbXRefs")),
    }
    return Item("opentargets", id, fields["name"], f"{SITE}/disease/{id}", release, fields)


def _disease_synonyms(raw: Shape) -> list[dict[str, Any]]:
    """Return the synonyms by relation, whether they are a list, a struct, or members of their own."""
    found: dict[str, set[str]] = {}
    if raw.holds_list("synonyms"):
        for each in raw.objects("synonyms"):
            relation = each.text("relation").removeprefix("has").removesuffix("Synonym").lower()
            found.setdefault(relation, set()).update(each.texts("terms"))
    elif (struct := raw.object("synonyms")) is not None:
        for relation in _SYNONYMS:
            found[relation] = set(struct.texts(f"has{relation.title()}Synonym"))
    for relation in _SYNONYMS:
        found.setdefault(relation, set()).update(raw.texts(f"{relation}Synonyms"))
    return [{"relation": relation, "terms": sorted(terms)} for relation, terms in sorted(found.items()) if terms]


def drug(raw: Shape, release: str) -> Item:
    """Return a drug or clinical candidate as an item."""
    id = raw.text("id", due=True)
    fields: dict[str, Any] = {
        "kind": "drug",
        "id": id,
        "name": raw.text("name", due=True),
        "description": raw.text("description"),
        "drug_type": raw.text("drugType"),
        "maximum_clinical_stage": raw.text("maximumClinicalStage") or _stage(raw),
        "synonyms": _labels(raw, "synonyms"),
        "trade_names": _labels(raw, "tradeNames"),
        "parent": raw.text("parentId"),
    }
    return Item("opentargets", id, fields["name"], f"{SITE}/drug/{id}", release, fields)


def _stage(raw: Shape) -> str:
    """Return the clinical stage in today's words, from the phase and approval of releases before 26."""
    phase = raw.number("maximumClinicalTrialPhase")
    if raw.flag("isApproved"):
        return "APPROVAL"
    if phase is None or phase <= 0:
        return ""
    return "EARLY_PHASE_1" if phase < 1 else f"PHASE_{phase:g}"


def _labels(raw: Shape, name: str) -> list[str]:
    """Return the labels of a list of texts, or of objects that say where each comes from."""
    if raw.holds_texts(name):
        return sorted(set(raw.texts(name)))
    return sorted({each.text("label") for each in raw.objects(name)} - {""})


def association(target: dict[str, Any], disease: dict[str, Any], raw: Shape, release: str) -> Item:
    """Return the association of a target with a disease, from direct evidence, as an item.

    Parameters
    ----------
    target, disease
        What an item says of them: ``id``, and ``approved_symbol`` or ``name``.
    raw
        ``score`` (0 to 1, a harmonic sum; no probability), and the scores by type and source of the evidence.
    """
    told = {
        "target": {name: target[name] for name in ("id", "approved_symbol")},
        "disease": {name: disease[name] for name in ("id", "name")},
    }
    fields: dict[str, Any] = {
        "kind": "association",
        **told,
        "score": raw.number("score"),
        "direct": True,
        "evidence_count": raw.number("evidenceCount"),
        "datatype_scores": _scores(raw, "datatypeScores"),
        "datasource_scores": _scores(raw, "datasourceScores"),
    }
    id = f"association/{target['id']}/{disease['id']}"
    title = f"{target['approved_symbol'] or target['id']} – {disease['name'] or disease['id']}"
    return Item("opentargets", id, title, f"{SITE}/evidence/{target['id']}/{disease['id']}", release, fields)


def _scores(raw: Shape, name: str) -> list[dict[str, Any]]:
    found = [{"id": each.text("id"), "score": each.number("score")} for each in raw.objects(name)]
    return sorted(found, key=lambda each: each["id"])

"""FHIR R4: the Composition and Provenance that signing files, and a document Bundle with all that they refer to.

Follows http://hl7.org/fhir/R4/documents.html: the Composition comes first; every entry has a fullUrl under one base, so
that relative references resolve within the Bundle.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Any, Final

import orjson

from bogam.evidence.draft import Filed
from bogam.evidence.export.codes import conditions
from bogam.evidence.export.document import Block, Document, document
from bogam.record.json import decode
from bogam.record.store import Resource
from bogam.terms import icd10cm

_LOINC: Final = "http://loinc.org"
_TAG: Final = {"system": "urn:bogam:tag", "code": "filed-draft"}
_TYPES: Final = {
    "record-summary": ("60591-5", "Patient summary Document"),
    "admission-note": ("34117-2", "History and physical note"),
    "progress-note": ("11506-3", "Progress note"),
    "transfer-summary": ("18761-7", "Transfer summary note"),
    "discharge-summary": ("18842-5", "Discharge summary"),
    "handoff": ("34133-9", "Summary of episode note"),
}
"""LOINC document types of the value set http://hl7.org/fhir/ValueSet/c80-doc-typecodes 4.0.1 (FHIR R4). Among its 6401
codes none is a hand-off at a change of shift ("Transfer note" is one of nurses or of physicians alone): the hand-off is
filed as a summary of an episode (34133-9)."""
_SECTIONS: Final = {
    "problems": ("11450-4", "Problem list - Reported"),
    "history": ("11348-0", "History of Past illness note"),
    "medications": ("10160-0", "History of Medication use Narrative"),
    "allergies": ("48765-2", "Allergies and adverse reactions Document"),
    "results": ("30954-2", "Relevant diagnostic tests/laboratory data note"),
    "vitals": ("8716-3", "Vital signs note"),
    "encounters": ("46240-8", "History of Hospitalizations+Outpatient visits Narrative"),
    "procedures": ("47519-4", "History of Procedures Document"),
    "immunizations": ("11369-6", "History of Immunization Narrative"),
    "devices": ("46264-8", "History of medical device use"),
    "plans": ("18776-5", "Plan of care note"),
    "admission": ("10164-2", "History of Present illness Narrative"),
    "told": ("8648-8", "Hospital course Narrative"),
    "course": ("8648-8", "Hospital course Narrative"),
    "reports": ("30954-2", "Relevant diagnostic tests/laboratory data note"),
    "home": ("42346-7", "Medications on admission (narrative)"),
    "exam": ("29545-1", "Physical findings note"),
    "subjective": ("61150-9", "Subjective Narrative"),
    "assessment": ("51848-0", "Evaluation note"),
    "plan": ("18776-5", "Plan of care note"),
    "follow-up": ("18776-5", "Plan of care note"),
    "instructions": ("69730-0", "Instructions"),
    "past": ("11348-0", "History of Past illness note"),
}
"""LOINC sections of http://hl7.org/fhir/ValueSet/doc-section-codes 4.0.1 (FHIR R4); "problems" is that of C-CDA R2.1.
Other sections have no code."""
_PROBLEM_COURSE: Final = re.compile(r"^course-(?:\d+|others)$")
"""A document of a stay has a section for the course of each problem."""
_STATUS: Final = {"shown": "preliminary", "waiting": "preliminary", "signed": "final", "rejected": "entered-in-error"}


def composition(filed: Filed) -> dict[str, Any]:
    """Return the Composition: status preliminary until signed, final when signed, entered-in-error when rejected."""
    draft, doc = filed.draft, document(filed)
    code, display = _TYPES.get(draft.skill, ("11503-0", "Medical records"))
    made: dict[str, Any] = {
        "resourceType": "Composition",
        "id": f"bogam-{draft.id}",
        "meta": {"tag": [_TAG]},
        "language": draft.language,
        "identifier": {"system": "urn:bogam:draft", "value": f"{draft.id}/{filed.revision}"},
        "status": _STATUS[filed.state],
        "type": {"coding": [{"system": _LOINC, "code": code, "display": display}], "text": doc.title},
        "subject": {"reference": f"Patient/{draft.patient}", "display": doc.subject},
        "date": doc.stamp,
        "author": [{"display": f"Bogam, {draft.engine}"}],
        "title": f"{doc.title} – {doc.status}",
    }
    if filed.signature is not None and filed.state == "signed":
        party = {"display": f"{filed.signature.name} ({filed.signature.role}, {filed.signature.actor})"}
        made["attester"] = [{"mode": "legal", "time": filed.signature.at, "party": party}]
    made["section"] = [*(_section(block, draft.patient) for block in doc.blocks), _sources(doc), _about(doc)]
    codes = conditions(filed)
    if codes:
        made["contained"] = codes
        entries = [{"reference": f"#{one['id']}"} for one in codes]
        names = [f"{one['code']['coding'][0]['code']} {one['code']['text']}" for one in codes]
        made["section"].insert(0, {"title": doc.word("codes"), "text": _narrative(names), "entry": entries})
    return made


def _section(block: Block, patient: str) -> dict[str, Any]:
    section: dict[str, Any] = {"title": block.title}
    key = _PROBLEM_COURSE.sub("course", block.key)
    if key in _SECTIONS:
        code, display = _SECTIONS[key]
        section["code"] = {"coding": [{"system": _LOINC, "code": code, "display": display}]}
    items = [
        f"{f'{s.mark}: ' if s.mark else ''}{s.text} {''.join(f'[{n}]' for n in s.sources)}".rstrip()
        for s in block.statements
    ]
    section["text"] = _narrative(items, block.note)
    entries = [origin for origin in block.origins if origin != f"Patient/{patient}" and ":" not in origin]
    if entries:
        section["entry"] = [{"reference": origin} for origin in entries]
    return section


def _narrative(items: Iterable[str], note: str = "") -> dict[str, str]:
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    body = (f"<ul>{listed}</ul>" if listed else "") + (f"<p>{escape(note)}</p>" if note else "")
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body or "<p>–</p>"}</div>'}


def _sources(doc: Document) -> dict[str, Any]:
    items = [
        f"[{source.number}] {source.source} {source.edition} sha256 {source.sha}: "
        + "; ".join(f"{pointer} “{quote}”" for pointer, quote in source.places)
        for source in doc.sources
    ]
    return {"title": doc.word("sources"), "text": _narrative(items)}


def _about(doc: Document) -> dict[str, Any]:
    rows = [f"{label}: {value}" for label, value in doc.about]
    return {"title": doc.word("about"), "text": _narrative([doc.status, *([doc.reason] if doc.reason else []), *rows])}


def provenance(filed: Filed, body: bytes) -> dict[str, Any]:
    """Return the Provenance of a Composition whose bytes are ``body``: who made and who signed it, from what.

    The signature's ``data`` records what was signed (a SHA-256 of the Composition); it is no cryptographic signature.
    """
    draft, doc = filed.draft, document(filed)
    author = {"display": f"Bogam, {draft.engine}"}
    made: dict[str, Any] = {
        "resourceType": "Provenance",
        "id": f"bogam-{draft.id}-p",
        "meta": {"tag": [_TAG]},
        "target": [{"reference": f"Composition/bogam-{draft.id}"}],
        "recorded": doc.stamp,
        "agent": [{"type": _agent("assembler", "Assembler"), "who": author}],
        "entity": [{"role": "source", "what": _what(source.source, source.version)} for source in doc.sources],
    }
    if filed.signature is not None and filed.state == "signed":
        who = {"display": f"{filed.signature.name} ({filed.signature.role}, {filed.signature.actor})"}
        made["agent"].append({"type": _agent("legal", "Legal Authenticator"), "who": who})
        signed = {"draft": draft.id, "revision": filed.revision, "sha256": sha256(body).hexdigest()}
        made["signature"] = [
            {
                "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.5"}],
                "when": filed.signature.at,
                "who": who,
                "targetFormat": "application/fhir+json",
                "sigFormat": "application/json",
                "data": b64encode(orjson.dumps(signed, option=orjson.OPT_SORT_KEYS)).decode(),
            }
        ]
    if not made["entity"]:
        del made["entity"]
    return made


def _what(source: str, version: str) -> dict[str, Any]:
    """Refer to a source: a version of a resource by reference, an entry of a code system or a document by name."""
    system, colon, code = source.partition(":")
    if not colon:
        return {"reference": f"{source}/_history/{version}"}
    release, outside, _ = version.partition("~")
    if outside:
        return {
            "identifier": {"system": f"urn:bogam:source:{system}", "value": code},
            "display": f"{system} {code}, version {release or 'undated'}",
        }
    known = system == icd10cm.SYSTEM
    return {
        "identifier": {"system": icd10cm.URI if known else f"urn:bogam:terms:{system}", "value": code},
        "display": f"{icd10cm.NAME if known else system} {code}, release {version}",
    }


def _agent(code: str, display: str) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    return {"coding": [{"system": system, "code": code, "display": display}]}


def resources(filed: Filed) -> list[bytes]:
    """Return the Composition and the Provenance that are stored when a draft is signed.

    Raises
    ------
    ValueError
        When ``filed`` is not signed: nothing is filed before a person has signed it.
    """
    if filed.signature is None or filed.state != "signed":
        raise ValueError(f'Draft "{filed.draft.id}" is {filed.state}, not signed, so there is nothing to file.')
    body = orjson.dumps(composition(filed))
    return [body, orjson.dumps(provenance(filed, body))]


def render(filed: Filed, cited: Iterable[Resource] = (), *, base: str = "http://localhost/fhir") -> bytes:
    """Return a document Bundle.

    Parameters
    ----------
    filed
        The draft. Not signed, its Composition is preliminary and there is no attester.
    cited
        The Patient and the resources that the draft cites; those it does not cite are left out.
    base
        Base of every entry's ``fullUrl``.
    """
    body = orjson.dumps(composition(filed))
    made = decode(body)
    wanted = {f"Patient/{filed.draft.patient}"}
    wanted |= {entry["reference"] for section in made["section"] for entry in section.get("entry", ())}
    entries = [(f"Composition/{made['id']}", body)]
    entries += [(one.ref, one.body) for one in sorted(cited, key=lambda one: one.ref) if one.ref in wanted]
    source = provenance(filed, body)
    entries.append((f"Provenance/{source['id']}", orjson.dumps(source)))
    head = orjson.dumps(
        {
            "resourceType": "Bundle",
            "identifier": made["identifier"],
            "type": "document",
            "timestamp": made["date"],
        }
    )
    listed = b",".join(
        b'{"fullUrl":' + orjson.dumps(f"{base}/{ref}") + b',"resource":' + resource + b"}" for ref, resource in entries
    )
    return head[:-1] + b',"entry":[' + listed + b"]}"

"""The CapabilityStatement: what the FHIR door can do, from the same tables that it does it with."""

from __future__ import annotations

from typing import Any, Final

from bogam import __version__
from bogam.doors.api import fhir_terms
from bogam.record.r4 import definitions
from bogam.record.search import plan

_EVERYWHERE: Final = (
    {"name": "_id", "type": "token", "documentation": "The id of the resource"},
    {"name": "_lastUpdated", "type": "date", "documentation": "When its current version was stored"},
)
_SORTED: Final = ("date", "string", "quantity", "number")
_RESULTS: Final = "_count, _sort, _include, _revinclude, _summary=count, _elements, _total; paging by the next link"


def statement(base: str, date: str) -> dict[str, Any]:
    """The CapabilityStatement of the service at ``base``, as of ``date``."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": "Bogam", "version": __version__},
        "implementation": {"description": "Bogam: the patient record of this site", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": f"Search results: {_RESULTS}. Conditional writes, patches and deletions are refused.",
                "security": {"description": "A bearer token, or the session of a signed-in user."},
                "resource": [_resource(name) for name in sorted(definitions.resources())],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _resource(name: str) -> dict[str, Any]:
    parameters = plan.parameters(name)
    references = [f"{name}:{p.name}" for p in parameters.values() if p.kind == "reference"]
    found: dict[str, Any] = {
        "type": name,
        "interaction": [
            {"code": code} for code in ("read", "vread", "update", "history-instance", "create", "search-type")
        ],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": False,
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["literal", "logical"],
        "searchParam": [*_EVERYWHERE, *({"name": p.name, "type": p.kind} for p in parameters.values())],
    }
    if references:
        found["searchInclude"] = references
    if name == "Patient":
        definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        found["operation"] = [{"name": "everything", "definition": definition}]
    if name == "CodeSystem":
        found["operation"] = list(fhir_terms.OPERATIONS)
    return found

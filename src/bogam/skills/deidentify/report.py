"""The report of a de-identification: what was found and by which rules, in numbers; never the values themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bogam.text.deid import CATEGORIES, Mode
from bogam.text.deid.resource import Tally
from bogam.text.deid.table import Column

Kind = Literal["text", "fhir", "table"]
_NOTICE: Final = (
    "Rules find what they know. Have a person review a sample before a set leaves the house, and have an expert judge "
    "what is left (45 CFR 164.514(b)(1); 개인정보 보호법 제28조의2)."
)


@dataclass(frozen=True, slots=True)
class Input:
    """One input: what it was, how many resources, notes or rows, what was found, and what could not be read."""

    name: str
    kind: Kind
    units: int
    rules: dict[tuple[str, str], int]
    elements: dict[str, int]
    unread: dict[str, int]
    columns: tuple[Column, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    """(category, rule, value): only where somebody asked for the identifiers themselves."""

    @classmethod
    def of(cls, name: str, kind: Kind, tally: Tally, columns: tuple[Column, ...] = ()) -> Input:
        """Make one of what was counted."""
        counts = dict(tally.rules), dict(tally.elements), dict(tally.unread)
        return cls(name, kind, tally.units, *counts, columns, tuple(tally.values or ()))


@dataclass(frozen=True, slots=True)
class Report:
    """What was done to all inputs."""

    mode: Mode
    inputs: tuple[Input, ...] = field(default=())

    @property
    def by_rule(self) -> dict[str, int]:
        """Findings by rule, ``category/rule``."""
        total: Counter[str] = Counter()
        for each in self.inputs:
            total.update({f"{category}/{rule}": count for (category, rule), count in each.rules.items()})
        return dict(sorted(total.items()))

    @property
    def by_category(self) -> dict[str, int]:
        """Findings in texts by category."""
        total: Counter[str] = Counter()
        for each in self.inputs:
            for (category, _), count in each.rules.items():
                total[category] += count
        return dict(sorted(total.items()))

    @property
    def elements(self) -> dict[str, int]:
        """Elements of resources that were changed or removed, by what they hold."""
        total: Counter[str] = Counter()
        for each in self.inputs:
            total.update(each.elements)
        return dict(sorted(total.items()))

    @property
    def unread(self) -> dict[str, int]:
        """Attachments that had no words that could be read and were removed whole, by media type."""
        total: Counter[str] = Counter()
        for each in self.inputs:
            total.update(each.unread)
        return dict(sorted(total.items()))

    @property
    def not_found(self) -> tuple[str, ...]:
        """Categories that were looked for in texts and not found."""
        return tuple(key for key in CATEGORIES if key not in self.by_category)

    def summary(self) -> dict[str, Any]:
        """Return what the audit log keeps: mode, counts and rules."""
        return {
            "mode": self.mode,
            "inputs": len(self.inputs),
            "units": sum(each.units for each in self.inputs),
            "findings": self.by_rule,
            "elements": self.elements,
            "unread": self.unread,
        }

    def json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return self.summary() | {
            "categories": self.by_category,
            "not_found": list(self.not_found),
            "files": [_input(each) for each in self.inputs],
            "notice": _NOTICE,
        }

    def markdown(self) -> str:
        """Return the report for people."""
        lines = [
            "# De-identification report",
            "",
            f"Mode: {self.mode}. {sum(e.units for e in self.inputs):,} resources, notes or rows.",
            "",
        ]
        lines += ["| category | found in text | rules |", "|---|---|---|"]
        for category, count in self.by_category.items():
            rules = ", ".join(
                f"{key.split('/')[1]} {n}" for key, n in self.by_rule.items() if key.startswith(f"{category}/")
            )
            lines.append(f"| {category} | {count:,} | {rules} |")
        if self.elements:
            lines += ["", "| element | changed or removed |", "|---|---|"]
            lines += [f"| {name} | {count:,} |" for name, count in self.elements.items()]
        for each in self.inputs:
            if each.columns:
                lines += [
                    "",
                    f"Columns of {each.name}:",
                    "",
                    "| column | taken for | by | cells changed |",
                    "|---|---|---|---|",
                ]
                lines += [f"| {c.name} | {c.kind} | {c.by} | {c.cells:,} |" for c in each.columns]
        lines += ["", f"Looked for and not found: {', '.join(self.not_found) or 'nothing'}."]
        if self.unread:
            told = ", ".join(f"{name} {count}" for name, count in self.unread.items())
            lines += ["", f"Not readable, removed whole: {told}."]
        values = [value for each in self.inputs for value in each.values]
        if values:
            lines += ["", "| category | rule | value |", "|---|---|---|"]
            lines += [f"| {c} | {r} | {' '.join(v.split()).replace('|', '/')} |" for c, r, v in values]
        return "\n".join([*lines, "", _NOTICE, ""])


def _input(each: Input) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": each.name,
        "kind": each.kind,
        "units": each.units,
        "findings": {f"{category}/{rule}": count for (category, rule), count in sorted(each.rules.items())},
        "elements": dict(sorted(each.elements.items())),
        "unread": each.unread,
    }
    if each.columns:
        made["columns"] = [{"name": c.name, "kind": c.kind, "by": c.by, "cells": c.cells} for c in each.columns]
    if each.values:
        made["values"] = [{"category": c, "rule": r, "value": v} for c, r, v in each.values]
    return made

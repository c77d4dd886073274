"""A tool for each skill: it makes a draft, verified, for a person to sign elsewhere. Signing is no tool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from bogam.access.identity import Action
from bogam.doors.mcp.schema import brief, output
from bogam.doors.mcp.scopes import SKILLS
from bogam.doors.mcp.sources import spelled
from bogam.doors.mcp.tool import Call, Tool
from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.record.citation import Citation
from bogam.skills.skill import Skill, skills

UNSIGNED: Final = (
    "A draft. Nobody has signed it: show it as one, with its missing and conflicts. "
    "A clinician reads and signs it in Bogam."
)
_DRAFT: Final = output(id="string", claims="array", missing="array", conflicts="array")
_ABOUT: Final = 90


def tools() -> Iterator[Tool]:
    """Yield a tool for every installed skill."""
    for name, skill in sorted(skills().items()):
        about = f"{brief(first_sentence(skill), _ABOUT)}. Unsigned."
        yield Tool(tool_name(name), about, _request(skill), _DRAFT, _needs, _drafting(name), Action.run, False)


def tool_name(skill: str) -> str:
    """Return what the tool of a skill is called."""
    return f"draft_{spelled(skill)}"


def first_sentence(skill: Skill) -> str:
    """Return the first sentence of a skill's README."""
    lines = (skill.folder / "README.md").read_text("utf-8").splitlines()
    paragraph: list[str] = []
    for line in lines:
        if line.startswith("#") or (not line.strip() and not paragraph):
            continue
        if not line.strip():
            break
        paragraph.append(line.strip())
    return " ".join(paragraph).partition(". ")[0].rstrip(".") + "."


def _request(skill: Skill) -> type[BaseModel]:
    """The skill's own request with the patient before it."""
    patient: Any = (str, Field(min_length=1, max_length=64, description="Patient id"))
    return create_model(f"{skill.name}-call", __base__=skill.request, patient=patient)


def _needs(_: Any) -> tuple[str, ...]:
    """A draft quotes the whole record."""
    return (SKILLS, "*.r")


def _drafting(name: str) -> Callable[[Call], dict[str, Any]]:
    def make(call: Call) -> dict[str, Any]:
        asked = call.request.model_dump(exclude_unset=True)
        patient = asked.pop("patient")
        call.keep_to(patient, Action.run)
        actor, purpose = call.asker.actor, call.asker.purpose
        return told(call.bogam.run_request(name, asked, patient=patient, actor=actor, purpose=purpose))

    return make


def told(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON values: claims by section, what is missing, what conflicts."""
    return {
        "id": draft.id,
        "state": UNSIGNED,
        "title": draft.title,
        "subject": draft.subject,
        "patient": draft.patient,
        "as_of": draft.as_of,
        "engine": draft.engine,
        "unsupported": sum(claim.support.state not in ("supported", "absence") for claim in draft.claims),
        "left_out": {each.title: each.left_out for each in draft.sections if each.left_out},
        "conflicts": [_claim(each) for each in draft.conflicts],
        "missing": [_claim(each) for each in draft.missing],
        "claims": [_claim(replace(each, section=_title(draft, each.section))) for each in draft.claims],
    }


def address(citation: Citation) -> str:
    """Return a citation as one line: ``Observation/12@1#/valueQuantity/value:0-3``."""
    return f"{citation.source}@{citation.version}#{citation.pointer}:{citation.start}-{citation.end}"


def _title(draft: Draft, key: str) -> str:
    return next((each.title for each in draft.sections if each.key == key), key)


def _claim(claim: Claim) -> dict[str, Any]:
    made: dict[str, Any] = {"text": claim.text, "support": claim.support.state}
    if claim.section:
        made["section"] = claim.section
    if claim.kind != "statement":
        made["kind"] = claim.kind
    if claim.support.failed:
        made["failed"] = [{"kind": each.kind, "text": each.text, "found": each.found} for each in claim.support.failed]
    if claim.citations:
        made["cites"] = [address(each) for each in claim.citations]
    if claim.searched:
        made["searched"] = claim.searched
    return made

"""REST: answers made of sources, and the library they come from."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from bogam.doors.api.asking import Who
from bogam.evidence.draft import Draft

routes = APIRouter()


class AskRequest(BaseModel):
    """A question; with ``patient`` the answer is a draft, which waits for a signature when ``keep`` says so."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=1000)
    patient: str = Field(default="", max_length=64)
    keep: bool = Field(default=False, description="Have the draft about a patient wait for a signature")
    language: Literal["ko", "en"] = "en"
    sources: str = Field(default="", max_length=400, description="Names with commas; the library and every mirror")


class ConsiderRequest(BaseModel):
    """Findings with commas; with ``patient`` those of the record are added, and ``keep`` has the draft wait."""

    model_config = ConfigDict(extra="forbid")

    findings: str = Field(default="", max_length=2000)
    patient: str = Field(default="", max_length=64)
    keep: bool = Field(default=False, description="Have the draft about a patient wait for a signature")
    language: Literal["ko", "en"] = "en"
    sources: str = Field(default="", max_length=400, description="Names with commas; the library and every mirror")


@routes.post("/ask", tags=["knowledge"])
def ask(body: AskRequest, who: Who) -> Draft:
    """Answer a question with sentences of the library and the mirrored literature, each cited."""
    return _answer("ask", body, who)


@routes.post("/consider", tags=["knowledge"])
def consider(body: ConsiderRequest, who: Who) -> Draft:
    """Conditions to consider and what to check next, each resting on cited passages."""
    return _answer("consider", body, who)


def _answer(skill: str, body: AskRequest | ConsiderRequest, who: Who) -> Draft:
    request = body.model_dump(exclude={"patient", "keep"})
    if body.patient:
        return who.bogam.run_request(
            skill, request, patient=body.patient, actor=who.actor, purpose=who.purpose, wait=body.keep
        )
    return who.bogam.answer(skill, request, actor=who.actor, purpose=who.purpose)


@routes.get("/library", tags=["knowledge"])
def library(who: Who) -> Response:
    """The documents of the library, every version with its effective date and its state today."""
    return _json(who.bogam.library(actor=who.actor, purpose=who.purpose))


@routes.get("/library/{id}", tags=["knowledge"])
def document(id: str, who: Who, version: str = "") -> Response:
    """One version of a document, page by page; the one in force by default."""
    edition, item = who.bogam.library_document(id, version, actor=who.actor, purpose=who.purpose)
    return _json({"document": edition, "pages": item.fields["pages"]})


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")

"""REST: run a skill, list, read, edit, sign, reject and export drafts, patients, the audit log, loading."""

from collections.abc import Callable
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from bogam.access.identity import Action, Actor, Purpose
from bogam.app import BadRequest, Bogam
from bogam.doors.api import knowledge, sources, terms
from bogam.doors.api.asking import Asking, Who
from bogam.evidence.draft import Draft, Filed
from bogam.record.cards import Card
from bogam.record.load import LoadReport
from bogam.skills.skill import skills
from bogam.text.transcriber import LARGEST

ActorOf: TypeAlias = Callable[[Request], tuple[Actor, Purpose]]
MEDIA: Final = {
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "fhir": "application/fhir+json",
}


class RunRequest(BaseModel):
    """Which patient, and the skill's own request."""

    patient: str = Field(description="Patient id", max_length=64)
    request: dict[str, Any] = Field(default_factory=dict, description="The skill's request; see GET /api/skills")


class EditRequest(BaseModel):
    """New text by claim index; null removes the sentence. ``revision`` is the one that was read."""

    texts: dict[int, str | None]
    revision: int | None = None


class TranscriptOut(BaseModel):
    """Where a transcript stands in the record: DocumentReference/ID."""

    transcript: str


class CloseRequest(BaseModel):
    """The revision that was read and is signed or undone."""

    revision: int | None = None


class SignRequest(BaseModel):
    """The revision that was read and is signed. ``despite``: although sentences are not supported by what they cite."""

    revision: int
    despite: bool = False


class RejectRequest(CloseRequest):
    """Why the draft is rejected."""

    reason: str


class PatientOut(BaseModel):
    """A patient in a list."""

    card: Card
    waiting: int


class PatientsOut(BaseModel):
    """One page of patients."""

    total: int
    patients: list[PatientOut]


class QuarantinedOut(BaseModel):
    """A resource that was refused on loading."""

    id: int
    origin: str
    place: str
    pointer: str
    reason: str
    at: str


class RetryRequest(BaseModel):
    """Which quarantined resources to check again; null means all."""

    ids: list[int] | None = None


class DeidentifyRequest(BaseModel):
    """A text, or a patient, or a text about a patient whose record says what to look for."""

    text: str = Field(default="", max_length=1 << 20)
    patient: str = Field(default="", max_length=64)
    mode: Literal["mask", "tag", "surrogate"] = "tag"
    weekdays: bool = Field(default=False, description="Move dates by whole weeks (surrogate)")


class DeidentifiedOut(BaseModel):
    """The text without identifiers, or the record as a FHIR Bundle; and the report, which holds no identifier."""

    text: str
    record: dict[str, Any] | None
    report: dict[str, Any]


class SkillOut(BaseModel):
    """An installed skill: its README and the JSON Schema of its request."""

    name: str
    readme: str
    request: dict[str, Any]


_routes: Final = APIRouter()


def router(bogam: Bogam, actor_of: ActorOf) -> APIRouter:
    """Return the routes under ``/api``. ``actor_of`` tells who asks and what for, or raises 401."""

    def ask(request: Request) -> None:
        request.state.asking = Asking(bogam, *actor_of(request))

    bound = APIRouter(prefix="/api", dependencies=[Depends(ask)])
    bound.include_router(_routes)
    bound.include_router(terms.routes)
    bound.include_router(knowledge.routes)
    bound.include_router(sources.routes())
    return bound


@_routes.get("/skills", tags=["skills"])
def list_skills(who: Who) -> list[SkillOut]:
    """The installed skills."""
    return [
        SkillOut(
            name=name,
            readme=(skill.folder / "README.md").read_text("utf-8"),
            request=skill.request.model_json_schema(),
        )
        for name, skill in sorted(skills().items())
    ]


@_routes.post("/skills/{name}", tags=["skills"], status_code=201)
def run_skill(name: str, body: RunRequest, who: Who) -> Draft:
    """Have a skill make a draft; the same work gives the same draft."""
    return who.bogam.run_request(name, body.request, patient=body.patient, actor=who.actor, purpose=who.purpose)


@_routes.get("/patients", tags=["record"])
def patients(
    who: Who,
    text: str = "",
    sort: Literal["name", "birth_date", "location", "last_entry", "resources"] = "name",
    descending: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> PatientsOut:
    """Patients, searched and sorted."""
    page = who.bogam.patients(
        actor=who.actor, purpose=who.purpose, text=text, sort=sort, descending=descending, limit=limit, offset=offset
    )
    return PatientsOut(total=page.total, patients=[PatientOut(**asdict(row)) for row in page.rows])


@_routes.get("/patients/{id}/timeline", tags=["record"])
def timeline(id: str, who: Who) -> Response:
    """The typed facts of a patient (`bogam.record.facts.Timeline`), each value with the place it stands at."""
    found = who.bogam.timeline(id, actor=who.actor, purpose=who.purpose)
    return Response(msgspec.json.encode(found, enc_hook=str), media_type="application/json")


@_routes.post("/patients/{id}/transcripts", tags=["record"], status_code=201)
async def add_transcript(
    id: str, request: Request, who: Who, name: str = "upload", encounter: str = "", at: str = ""
) -> TranscriptOut:
    """Put the dialogue of a visit into a patient's record: the body is text, JSON segments, VTT, SRT or a recording.

    Permission is settled before the first byte is read. The same body about the same encounter is stored once.
    """
    who.bogam.require(Action.add, actor=who.actor, purpose=who.purpose, target="transcript", patient=id)
    with TemporaryFile() as spool:
        async for chunk in request.stream():
            if spool.tell() + len(chunk) > LARGEST:
                raise BadRequest(f"A transcript or recording has at most {LARGEST >> 20} MB.")
            spool.write(chunk)
        spool.seek(0)
        content = spool.read()
    ref = await run_in_threadpool(
        who.bogam.add_transcript,
        id,
        content,
        actor=who.actor,
        purpose=who.purpose,
        name=name,
        encounter=encounter,
        at=at,
    )
    return TranscriptOut(transcript=ref)


@_routes.post("/load", tags=["record"])
async def load(request: Request, who: Who, name: str = "upload") -> LoadReport:
    """Load the body: FHIR R4 as a Bundle, NDJSON, a resource, or an archive of them. What is refused is quarantined.

    Permission is settled before the first byte is read. ``name`` is what the quarantine calls the input.
    """
    who.bogam.require(Action.load, actor=who.actor, purpose=who.purpose, target=name)
    with TemporaryFile() as spool:
        async for chunk in request.stream():
            spool.write(chunk)
        spool.seek(0)
        return await run_in_threadpool(who.bogam.load, spool, actor=who.actor, name=name)


@_routes.get("/quarantine", tags=["record"])
def quarantine(
    who: Who, limit: Annotated[int, Query(ge=1, le=1000)] = 100, offset: Annotated[int, Query(ge=0)] = 0
) -> list[QuarantinedOut]:
    """What was refused on loading, with the place and the reason."""
    found = who.bogam.quarantine(actor=who.actor, limit=limit, offset=offset)
    return [QuarantinedOut.model_validate(each, from_attributes=True) for each in found]


@_routes.post("/quarantine/retry", tags=["record"])
def retry(who: Who, body: RetryRequest) -> LoadReport:
    """Check quarantined resources again."""
    return who.bogam.retry(body.ids, actor=who.actor)


@_routes.post("/deidentify", tags=["de-identification"])
def deidentify(body: DeidentifyRequest, who: Who) -> DeidentifiedOut:
    """Take out what identifies people: of a text, or with a patient and no text of that patient's record."""
    inputs = [("text.txt", body.text.encode())] if body.text else []
    if not inputs and not body.patient:
        raise BadRequest("Give a text or a patient.")
    done = who.bogam.deidentify(
        inputs,
        actor=who.actor,
        purpose=who.purpose,
        mode=body.mode,
        patient=body.patient or None,
        weekdays=body.weekdays,
    )
    content = next(iter(done.contents.values()))
    record = None if body.text else orjson.loads(content)
    return DeidentifiedOut(text=content.decode() if body.text else "", record=record, report=done.report.json())


@_routes.get("/drafts", tags=["drafts"])
def list_drafts(
    who: Who, state: Literal["waiting", "signed", "rejected", "all"] = "waiting", patient: str | None = None
) -> list[Filed]:
    """Drafts, newest first."""
    chosen = None if state == "all" else state
    return who.bogam.drafts(actor=who.actor, purpose=who.purpose, state=chosen, patient=patient)


@_routes.get("/drafts/{id}", tags=["drafts"])
def read_draft(id: str, who: Who) -> Filed:
    """A draft with its claims, citations and what verification found."""
    return who.bogam.draft(id, actor=who.actor, purpose=who.purpose)


@_routes.patch("/drafts/{id}", tags=["drafts"])
def edit_draft(id: str, body: EditRequest, who: Who) -> Filed:
    """Change or remove sentences; they are verified again."""
    return who.bogam.edit(id, actor=who.actor, purpose=who.purpose, texts=body.texts, revision=body.revision)


@_routes.post("/drafts/{id}/undo", tags=["drafts"])
def undo(id: str, body: CloseRequest, who: Who) -> Filed:
    """Take back the last edit."""
    return who.bogam.undo(id, actor=who.actor, purpose=who.purpose, revision=body.revision)


@_routes.post("/drafts/{id}/sign", tags=["drafts"])
def sign(id: str, body: SignRequest, who: Who) -> Filed:
    """Sign the draft; it is filed in the record."""
    return who.bogam.sign(id, actor=who.actor, purpose=who.purpose, revision=body.revision, despite=body.despite)


@_routes.post("/drafts/{id}/reject", tags=["drafts"])
def reject(id: str, body: RejectRequest, who: Who) -> Filed:
    """Reject the draft with a reason."""
    return who.bogam.reject(id, actor=who.actor, purpose=who.purpose, reason=body.reason, revision=body.revision)


@_routes.get("/drafts/{id}/export", tags=["drafts"], response_class=Response)
def export(id: str, who: Who, format: Literal["text", "markdown", "html", "pdf", "csv", "fhir"] = "text") -> Response:
    """The draft as a document."""
    return Response(who.bogam.export(id, format, actor=who.actor, purpose=who.purpose), media_type=MEDIA[format])


@_routes.get("/audit", tags=["audit"])
def audit(
    who: Who,
    patient: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """Entries of the audit log, newest first."""
    entries = who.bogam.read_audit(actor=who.actor, purpose=who.purpose, patient=patient, limit=limit, offset=offset)
    return [asdict(entry) for entry in entries]


@_routes.get("/audit/verify", tags=["audit"])
def verify(who: Who) -> dict[str, Any]:
    """Whether the log is whole, and the first entry that is not."""
    return asdict(who.bogam.verify_audit(actor=who.actor, purpose=who.purpose))

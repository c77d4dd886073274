"""A transcript as it stands in the record: a FHIR R4 DocumentReference with the dialogue and what it was made from."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from bogam.record.r4.check import check
from bogam.record.store import Incoming
from bogam.record.transcript import CODE, SYSTEM
from bogam.record.transcript.formats import read
from bogam.record.transcript.written import write

TITLE: Final = "Transcript of a visit"
_MEDIA: Final = {"text": "text/plain", "json": "application/json", "vtt": "text/vtt", "srt": "application/x-subrip"}


@dataclass(frozen=True, slots=True)
class Written:
    """A transcript read: its dialogue in the one form, and the file it came from."""

    text: str
    original: bytes
    media: str
    name: str


def transcribed(content: bytes, name: str = "") -> Written:
    """Read a transcript in any of the formats of `bogam.record.transcript.formats`.

    Raises
    ------
    TranscriptError
        With the place and the reason.
    """
    kind, segments = read(content)
    return Written(write(segments), content, _MEDIA[kind], name)


def id_of(patient: str, encounter: str, original: bytes) -> str:
    """Return the id of a transcript: the same file about the same visit has the same."""
    digest = sha256(b"\0".join((patient.encode(), encounter.encode(), original)))
    return f"transcript-{digest.hexdigest()[:32]}"


def document_reference(
    written: Written, *, id: str, patient: str, encounter: str, author: str, at: str, recorded: str
) -> Incoming:
    """Return the DocumentReference.

    Parameters
    ----------
    id
        See `id_of`.
    patient, encounter
        Ids of the Patient and the Encounter; the encounter may be empty.
    author
        Who put it into the record.
    at
        When the visit was (FHIR instant).
    recorded
        When it was put into the record (FHIR dateTime).
    """
    made: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": {"coding": [{"system": SYSTEM, "code": CODE, "display": TITLE}], "text": TITLE},
        "subject": {"reference": f"Patient/{patient}"},
        "date": at,
        "author": [{"display": author}],
        "content": [
            _content("text/plain; charset=utf-8", written.text.encode(), "Dialogue", recorded),
            _content(written.media, written.original, written.name or "Original"),
        ],
    }
    if encounter:
        made["context"] = {"encounter": [{"reference": f"Encounter/{encounter}"}]}
    body = orjson.dumps(made)
    check(body)
    return Incoming.of(body)


def _content(media: str, data: bytes, title: str, created: str = "") -> dict[str, Any]:
    made = {"contentType": media, "data": b64encode(data).decode("ascii"), "title": title}
    return {"attachment": made | ({"creation": created} if created else {})}

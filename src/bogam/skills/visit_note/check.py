"""Hold each sentence of a draft to the dialogue before it is taken, by the verification that will judge it later."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import orjson

from bogam.evidence.claim import Claim
from bogam.evidence.resolve import Documents
from bogam.evidence.verify import verify
from bogam.record.citation import Citation
from bogam.record.transcript import CODE, SYSTEM

_REF: Final = "DocumentReference/dialogue"
_POINTER: Final = "/content/0/attachment/data"


@dataclass(frozen=True, slots=True)
class _Held:
    ref: str
    version: int
    sha: str
    body: bytes


class Dialogue:
    """A dialogue as a document of its own, to try sentences on."""

    def __init__(self, text: str) -> None:
        self.text = text
        body = orjson.dumps(
            {
                "resourceType": "DocumentReference",
                "status": "current",
                "type": {"coding": [{"system": SYSTEM, "code": CODE}]},
                "content": [
                    {
                        "attachment": {
                            "contentType": "text/plain; charset=utf-8",
                            "data": b64encode(text.encode("utf-8", "replace")).decode("ascii"),
                        }
                    }
                ],
            }
        )
        self._held = _Held(_REF, 1, sha256(body).hexdigest(), body)
        self._documents = Documents(self._fetch)

    def _fetch(self, source: str, version: str) -> _Held | None:
        return self._held if source == _REF and version == "1" else None

    def claim(self, text: str, spans: tuple[tuple[int, int], ...]) -> Claim:
        """Return a sentence with the words at ``spans`` as its citations, verified."""
        cited = tuple(
            Citation(_REF, "1", self._held.sha, _POINTER, start, end, self.text[start:end]) for start, end in spans
        )
        return verify([Claim(text, cited)], self._fetch, documents=self._documents)[0]

    def supports(self, text: str, spans: tuple[tuple[int, int], ...]) -> bool:
        """Whether the words at ``spans`` bear ``text`` out."""
        return self.claim(text, spans).support.state == "supported"

"""Bogam (보감): one patient record, cited drafts, a person's signature.

The public face is small. Names are imported when they are first used, so that ``import bogam`` and
``bogam --help`` stay fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bogam.access.identity import Actor
    from bogam.app import Bogam
    from bogam.evidence.claim import Claim
    from bogam.evidence.draft import Draft
    from bogam.record.citation import Citation

__version__ = "0.1.0"
__all__ = ["Actor", "Bogam", "Citation", "Claim", "Draft", "__version__"]

_HOMES = {
    "Actor": "bogam.access.identity",
    "Bogam": "bogam.app",
    "Citation": "bogam.record.citation",
    "Claim": "bogam.evidence.claim",
    "Draft": "bogam.evidence.draft",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'bogam' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

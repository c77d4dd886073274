"""Who asks a route, what for, and whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from bogam.access.identity import Actor, Purpose
from bogam.app import Bogam


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, what for, and whom."""

    bogam: Bogam
    actor: Actor
    purpose: Purpose


def _asking(request: Request) -> Asking:
    return request.state.asking


Who = Annotated[Asking, Depends(_asking)]

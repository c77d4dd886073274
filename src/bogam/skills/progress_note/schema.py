"""What can be asked of a progress note."""

from __future__ import annotations

from bogam.skills.stay.request import StayRequest


class Request(StayRequest):
    """A request for a progress note. ``as_of`` is the day it is for."""

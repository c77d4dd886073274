"""What can be asked of a transfer summary."""

from __future__ import annotations

from bogam.skills.stay.request import StayRequest


class Request(StayRequest):
    """A request for a transfer summary: language, how much, and the day it speaks from."""

"""What can be asked of an admission note."""

from __future__ import annotations

from bogam.skills.stay.request import StayRequest


class Request(StayRequest):
    """A request for an admission note: language, how much, and the day it speaks from."""

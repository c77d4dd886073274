"""A hand-off, at a change of shift or from the emergency department to the ward, as I-PASS or SBAR."""

from bogam.skills.handoff.skill import skill

__all__ = ["skill"]

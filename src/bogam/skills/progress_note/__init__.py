"""A progress note of one day: SOAP, with what changed in 24 hours."""

from bogam.skills.progress_note.skill import skill

__all__ = ["skill"]

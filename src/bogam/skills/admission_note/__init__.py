"""An admission note: complaint, history, drugs before admission, findings of the first day, problems and plan."""

from bogam.skills.admission_note.skill import skill

__all__ = ["skill"]

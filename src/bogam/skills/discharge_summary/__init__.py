"""A discharge summary: why the patient came, what was found and done, what goes home and what is still open."""

from bogam.skills.discharge_summary.skill import skill

__all__ = ["skill"]

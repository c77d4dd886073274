"""A one-page summary of a patient's record for the physician who takes over."""

from bogam.skills.record_summary.skill import skill

__all__ = ["skill"]

"""A question, and an answer made of sources."""

from bogam.skills.ask.skill import skill

__all__ = ["skill"]

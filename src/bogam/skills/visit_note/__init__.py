"""A visit note from the dialogue of a visit, each sentence with the turns that it rests on."""

from bogam.skills.visit_note.skill import skill

__all__ = ["skill"]

"""The demonstration ward: invented patients whose stories hang together, what was planted in them, what notes say.

Nothing here describes a real person. Codes, doses, ranges and courses are transcribed from general knowledge, not from
a named edition: they make a believable demonstration and are no clinical reference.
"""

from bogam.synthetic.case import Planted, Told
from bogam.synthetic.ward import Ward, ward

__all__ = ["Planted", "Told", "Ward", "ward"]

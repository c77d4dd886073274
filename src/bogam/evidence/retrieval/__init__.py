"""Finds the passages of the library and the mirrored literature that bear on a question."""

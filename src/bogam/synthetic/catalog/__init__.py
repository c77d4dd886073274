"""Code tables of the demonstration ward. Transcribed from general knowledge, not from a named edition."""

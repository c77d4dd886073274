"""A hospital's local codes to standard codes: read, match, review, hand out."""

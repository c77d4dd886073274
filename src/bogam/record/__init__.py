"""The patient record: formats in, check, store, search, timeline. The ground: imports no other room."""

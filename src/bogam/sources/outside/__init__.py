"""Connections to the outside: the gate, the conversation, what may be asked, what is kept."""

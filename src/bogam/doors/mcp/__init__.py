"""The door for language models and their programs: the Model Context Protocol, over stdio and over HTTP."""

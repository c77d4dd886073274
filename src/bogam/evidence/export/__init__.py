"""A filed draft as text, Markdown, HTML, PDF and FHIR. Every form says whether it is signed, and what it rests on."""

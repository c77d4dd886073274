"""One HTML page that needs nothing else: no script, no request, fit for printing."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bogam.evidence.draft import Filed
from bogam.evidence.export.document import document


@cache
def _template() -> Template:
    loader = PackageLoader("bogam.evidence", "export")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template("document.html.jinja")


def render(filed: Filed) -> bytes:
    """Return a filed draft as one UTF-8 HTML page. All text of the record is escaped."""
    return _template().render(doc=document(filed)).encode()

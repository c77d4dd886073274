"""Leaves out of HTML what a reader does not see: hidden elements, comments and templates."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"""<(/?)([A-Za-z][\w:-]{0,60})((?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}')*+)>""")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_RAW: Final = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}
_CLOSED_BY: Final = {
    "p": re.compile(r"p|div|h[1-6]|ul|ol|dl|table|section|article|header|footer|main|nav|pre|hr|form|blockquote"),
    "li": re.compile("li"),
    "dt": re.compile("d[td]"),
    "dd": re.compile("d[td]"),
    "tr": re.compile("tr"),
    "td": re.compile("t[dhr]"),
    "th": re.compile("t[dhr]"),
    "option": re.compile("option"),
}
_ATTRIBUTE: Final = re.compile(
    r"""([A-Za-z][\w:-]{0,60})(?:\s{0,9}=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,400})))?"""
)
_ZERO: Final = r"0(?:\.0+)?(?:px|pt|em|rem|%)?(?=\s|;|!|\Z)"
_WHITE: Final = r"(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255\b[^)]{0,20}\)|transparent)(?=\s|;|!|\Z)"
_UNSEEN: Final = re.compile(
    rf"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*{_ZERO}|opacity\s*:\s*{_ZERO})",
    re.IGNORECASE,
)
_COLOUR: Final = re.compile(rf"(?:\A|;)\s*color\s*:\s*{_WHITE}", re.IGNORECASE)
_GROUND: Final = re.compile(r"(?:\A|;)\s*background(?:-color)?\s*:\s*([^;]{1,200})", re.IGNORECASE)
_WHITE_GROUND: Final = re.compile(_WHITE, re.IGNORECASE)
_RULE: Final = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR: Final = re.compile(r"\s*(?:[A-Za-z][\w-]{0,40})?([.#][\w-]{1,100})\s*\Z")


def seen(source: str) -> tuple[str, bool]:
    """Return HTML without what is hidden, and whether any text was.

    Hidden is what has ``hidden``, ``aria-hidden="true"``, or a style (its own, or that of a rule for one class or id in
    the same file) that makes it so: no display, not visible, no size, white on white. The time is in proportion to the
    length.
    """
    bare, commented = _uncommented(source)
    rules = _hiding(bare)
    out: list[str] = []
    hid = commented
    name, depth, start, at = "", 0, 0, 0
    while found := _TAG.search(bare, at):
        closing, tag = bool(found[1]), found[2].lower()
        at = found.end()
        if name:
            ends = not closing and tag != name and (by := _CLOSED_BY.get(name)) is not None and by.fullmatch(tag)
            again = not closing and tag == name and name in _CLOSED_BY
            if tag == name and tag not in _VOID and not again:
                depth += -1 if closing else 1
            if depth == 0 or ends or again:
                end = found.start() if ends or again else at
                hid = hid or _has_text(bare[start:end])
                name, start = "", end
                at = end if ends or again else at
            continue
        if not closing and tag == "template":
            hidden = True
        else:
            hidden = not closing and tag not in _VOID and tag not in ("html", "body") and _is_hidden(found[3], rules)
        if hidden:
            out.append(bare[start : found.start()])
            name, depth, start = tag, 1, found.start()
        if not closing and tag in _RAW and not hidden:
            end_tag = _RAW[tag].search(bare, at)
            at = end_tag.start() if end_tag else len(bare)
    if name:
        hid = hid or _has_text(bare[start:])
    else:
        out.append(bare[start:])
    return " ".join(out), hid


def _uncommented(source: str) -> tuple[str, bool]:
    parts: list[str] = []
    at, hid = 0, False
    while (start := source.find("<!--", at)) >= 0:
        parts.append(source[at:start])
        end = source.find("-->", start + 4)
        hid = hid or _has_text(source[start + 4 : end if end >= 0 else len(source)])
        if end < 0:
            return "".join(parts), hid
        at = end + 3
    return "".join((*parts, source[at:])), hid


def _has_text(part: str) -> bool:
    """Whether a sentence was hidden, and not only an icon or a note to the typesetter."""
    return len(re.findall(r"[^\W\d_]{2,}", _TAG.sub(" ", part[:20_000]))) > 3


def _hiding(source: str) -> frozenset[str]:
    """Return the classes and ids that a rule of the file hides."""
    found: set[str] = set()
    at = 0
    while (start := source.find("<style", at)) >= 0:
        end = _RAW["style"].search(source, start)
        at = end.end() if end else len(source)
        for rule in _RULE.finditer(source, start, at):
            if _UNSEEN.search(rule[2]):
                selectors = (_SELECTOR.match(each.rpartition(">")[2]) for each in rule[1].split(","))
                found.update(each[1] for each in selectors if each)
    return frozenset(found)


def _is_hidden(attributes: str, rules: frozenset[str]) -> bool:
    if not attributes.strip():
        return False
    has = {each[0].lower(): each[1] or each[2] or each[3] for each in _ATTRIBUTE.findall(attributes)}
    style = has.get("style", "")
    ground = _GROUND.search(style)
    unread = bool(_COLOUR.search(style)) and (ground is None or bool(_WHITE_GROUND.match(ground[1].strip())))
    named = {f".{each}" for each in has.get("class", "").split()} | {f"#{has.get('id', '')}"}
    return (
        "hidden" in has
        or has.get("aria-hidden", "").lower() == "true"
        or unread
        or bool(_UNSEEN.search(style))
        or bool(named & rules)
    )

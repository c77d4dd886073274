"""Eligibility criteria: one text with headings and bullets, read into lists that can be cited item by item."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(r"\b(inclusion|exclusion)\b", re.IGNORECASE)
_BULLET: Final = re.compile(r"(\s*)(?:[*•·▪○●‣–-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+(?=\S)")
_ESCAPED: Final = re.compile(r"\\([\\<>*_~\[\]()#+.!|{}^=-])")
_WHOLE: Final = re.compile(r"(?:\w+ ){0,3}(?:inclusion|exclusion)(?: criteri\w+)?(?: \(?\w+\)?){0,3}", re.IGNORECASE)
_BARE: Final = re.compile(
    r"[\s*_#]*(?:(?:key|main|major|general|principal) )?(?:inclusion|exclusion)(?: criteri\w+)?[\s*_:：]*",
    re.IGNORECASE,
)
_LONGEST_HEADING: Final = 90


def split(criteria: str) -> dict[str, list[str]]:
    """Split the text of the criteria.

    Parameters
    ----------
    criteria
        The registry's text: markdown, as a rule with the headings "Inclusion Criteria:" and "Exclusion Criteria:".

    Returns
    -------
    dict
        ``inclusion``, ``exclusion`` and, for what stands under neither, ``other``: one string for each criterion. What
        is indented below a criterion is a part of it, on lines of its own. Nothing is lost: a heading that says more
        than which list begins ("Inclusion criteria for controls:") stands in the list.
    """
    lists: dict[str, list[str]] = {"inclusion": [], "exclusion": [], "other": []}
    part, depth, fresh = "other", 0, True
    for raw in criteria.splitlines():
        line = _ESCAPED.sub(r"\1", raw.rstrip())
        if not line.strip():
            fresh = True
            continue
        named = heading(line)
        if named:
            part, fresh, depth = named, True, -1
            if not _BARE.fullmatch(line):
                lists[part].append(line.strip(" \t*_#"))
            continue
        bullet = _BULLET.match(line)
        items = lists[part]
        if bullet:
            indent = len(bullet[1].expandtabs(4))
            if depth < 0 or not items:
                depth = indent
            if indent > depth and items:
                items[-1] += f"\n• {line[bullet.end() :].strip()}"
            else:
                depth = min(depth, indent)
                items.append(line[bullet.end() :].strip())
        elif items and not fresh:
            items[-1] += f" {line.strip()}"
        elif items and line.startswith((" ", "\t")) and depth >= 0:
            items[-1] += f"\n{line.strip()}"
        else:
            items.append(line.strip())
        fresh = False
    return {name: items for name, items in lists.items() if items or name != "other"}


def heading(line: str) -> str:
    """Return which list a line begins: ``inclusion``, ``exclusion``, or nothing for an ordinary line."""
    bare = line.strip().strip("*#_ ")
    if len(bare) > _LONGEST_HEADING:
        return ""
    found = {each.lower() for each in _NAMED.findall(bare)}
    if len(found) != 1 or (_BULLET.match(line) and not _BARE.fullmatch(line)):
        return ""
    ends = bare.endswith((":", "："))
    return found.pop() if ends or _WHOLE.fullmatch(bare) else ""

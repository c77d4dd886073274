"""What is too long for one answer: how it is cut, how that is said, and how the rest is had.

A result that is longer than `LIMIT` characters of JSON is shortened, long texts first and then long lists, and says
under ``cut`` where: ``at`` (a JSON pointer), how much is ``shown`` of how much (characters of a text, entries of a
list), and ``more``. The same call with that ``more`` returns the rest from there on, under ``rest``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson

from bogam.app import BadRequest
from bogam.record.json import PointerError, point

LIMIT: Final = 24_000
_TEXTS: Final = (8_000, 2_000, 500)
_MOST_CUTS: Final = 20
_MORE: Final = re.compile(r"(.*)@(\d{1,9})", re.DOTALL)


def written(value: Any) -> str:
    """Return a value as JSON."""
    return orjson.dumps(value, default=str).decode()


@dataclass(slots=True)
class _Cutting:
    """One attempt: how long a text may be, and what was cut."""

    text: int
    cuts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def note(self, at: str, shown: int, of: int) -> None:
        self.cuts.append({"at": at, "shown": shown, "of": of, "more": f"{at}@{shown}"})

    def fit(self, value: Any, at: str, budget: int, start: int = 0) -> Any:
        """Return as much of ``value`` as ``budget`` has room for, from ``start`` on."""
        if isinstance(value, str):
            most = max(20, min(self.text, budget))
            if len(value) - start > most:
                self.note(at, start + most, len(value))
            return value[start : start + most]
        if isinstance(value, list):
            return self._list(cast("list[Any]", value), at, budget, start)
        if isinstance(value, dict):
            return self._dict(cast("dict[str, Any]", value), at, budget, start)
        return value

    def _list(self, whole: list[Any], at: str, budget: int, start: int) -> list[Any]:
        shown: list[Any] = []
        for place in range(start, len(whole)):
            made, marks = whole[place], len(self.cuts)
            if len(written(made)) > budget:
                made = self.fit(made, f"{at}/{place}", budget)
            cost = len(written(made)) + 1
            if cost > budget and shown:
                del self.cuts[marks:]
                self.note(at, place, len(whole))
                break
            shown.append(made)
            budget -= cost
        return shown

    def _dict(self, whole: dict[str, Any], at: str, budget: int, start: int) -> dict[str, Any]:
        """Short members first, so that a long one does not crowd out what says how to read it."""
        keys = list(whole)[start:]
        sizes = {key: len(key) + 4 + len(written(whole[key])) for key in keys}
        made: dict[str, Any] = {}
        for key in sorted(keys, key=lambda each: sizes[each]):
            if sizes[key] <= budget and not self._long(whole[key]):
                made[key] = whole[key]
            elif budget > 60:
                made[key] = self.fit(whole[key], f"{at}/{key.replace('~', '~0').replace('/', '~1')}", budget - len(key))
            else:
                break
            budget -= len(key) + 4 + len(written(made[key]))
        if len(made) < len(keys):  # the members left out must follow the ones shown, or the rest cannot be named
            keys = keys[: next(place for place, key in enumerate(keys) if key not in made)]
            self.note(at, start + len(keys), len(whole))
        return {key: made[key] for key in keys}

    def _long(self, value: Any) -> bool:
        """Whether there is a text in ``value`` that is to be cut."""
        if isinstance(value, str):
            return len(value) > self.text
        if isinstance(value, dict):
            return any(self._long(each) for each in cast("dict[str, Any]", value).values())
        return isinstance(value, list) and any(self._long(each) for each in cast("list[Any]", value))


def bounded(result: dict[str, Any], more: str = "", limit: int = LIMIT) -> dict[str, Any]:
    """Return ``result``, or what there is room for, or with ``more`` the part that it names.

    Raises
    ------
    BadRequest
        When ``more`` is not what an earlier answer gave.
    """
    if more:
        return _rest(result, more, limit)
    if len(written(result)) <= limit:
        return result
    room = limit - 200
    for text in _TEXTS:
        cutting = _Cutting(text)
        shown = cutting.fit(result, "", 10**9)
        if len(written(shown)) <= room - 90 * min(len(cutting.cuts), _MOST_CUTS):
            return _said(shown, cutting, limit)
    cutting = _Cutting(_TEXTS[-1])
    return _said(cutting.fit(result, "", room - 90 * _MOST_CUTS), cutting, limit)


def _said(shown: dict[str, Any], cutting: _Cutting, limit: int) -> dict[str, Any]:
    """Add to what is shown where it was cut, as far as there is room, and at how many more places."""
    room = limit - len(written(shown)) - 60
    told: list[dict[str, Any]] = []
    for each in cutting.cuts[:_MOST_CUTS]:
        room -= len(written(each)) + 1
        if room < 0:
            break
        told.append(each)
    left = len(cutting.cuts) - len(told)
    return shown | {"cut": told} | ({"cut_elsewhere": left} if left > 0 else {})


def _rest(result: dict[str, Any], more: str, limit: int) -> dict[str, Any]:
    named = _MORE.fullmatch(more)
    try:
        value = point(result, named[1]) if named else None
    except PointerError:
        value = None
    if named is None or not isinstance(value, str | list | dict):
        raise BadRequest(f'more is "{more[:80]}": give it as an earlier answer to the same question had it under cut.')
    cutting = _Cutting(limit // 2)
    rest = cutting.fit(value, named[1], limit - 200 - 90 * _MOST_CUTS, int(named[2]))
    top: dict[str, Any] = {
        key: each for key, each in result.items() if key in _KEPT or each.__class__ in (int, float, bool)
    }
    made = top | {"at": named[1], "from": int(named[2]), "rest": rest}
    return _said(made, cutting, limit) if cutting.cuts else made


_KEPT: Final = ("notice", "status", "state", "id", "ref")
"""Short texts that say what the rest is the rest of."""

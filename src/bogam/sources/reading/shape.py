"""JSON from outside, read with its types checked: what is missing or of another type is the source's failure, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from bogam.sources.answer import Upstream


class Shape:
    """A JSON object that a source sent. ``what`` names it in errors. Every method raises `Upstream` for another type;
    a member that is absent or null is empty, unless it is asked for as ``due``."""

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, Mapping):
            raise Upstream(f"{what} is no object. The source's interface may have changed.")
        self.what = what
        self._members = cast(Mapping[str, Any], value)

    def has(self, name: str) -> bool:
        """Tell whether a member is there and not null."""
        return self._members.get(name) is not None

    def plus(self, **members: Any) -> Shape:
        """Return the object with further members."""
        return Shape({**self._members, **members}, self.what)

    def holds_list(self, name: str) -> bool:
        """Tell whether a member is a list."""
        return isinstance(self._members.get(name), list | tuple)

    def holds_texts(self, name: str) -> bool:
        """Tell whether a member is a list that begins with a text."""
        return self.holds_list(name) and isinstance(next(iter(self._list(name, False)), None), str)

    def text(self, name: str, *, due: bool = False) -> str:
        """Return a text; numbers are written out."""
        found = self._members.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            found = str(found)
        if found is None and not due:
            return ""
        if not isinstance(found, str) or (due and not found):
            raise self._wrong(name, "text")
        return found

    def number(self, name: str) -> int | float | None:
        """Return a number, also one that is written as text; whole numbers as int."""
        found = self._members.get(name)
        if found is None or found == "":
            return None
        try:
            if isinstance(found, bool) or not isinstance(found, int | float | str | Decimal):
                raise ValueError
            number = float(found)
        except ValueError:
            raise self._wrong(name, "a number") from None
        return int(number) if number.is_integer() and abs(number) < 2**53 else number

    def flag(self, name: str) -> bool | None:
        """Return a yes or no, also one that is written as 1 or 0; None when it is not known."""
        found = self._members.get(name)
        if found is None or isinstance(found, bool):
            return found
        number = self.number(name)
        return None if number is None or number < 0 else bool(number)

    def object(self, name: str) -> Shape | None:
        """Return an object."""
        found = self._members.get(name)
        return None if found is None else Shape(found, f"{self.what}: {name}")

    def objects(self, name: str, *, due: bool = False) -> list[Shape]:
        """Return a list of objects."""
        return [Shape(each, f"{self.what}: {name}[{at}]") for at, each in enumerate(self._list(name, due))]

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        found = self._list(name, False)
        if not all(isinstance(each, str) for each in found):
            raise self._wrong(name, "a list of texts")
        return [str(each) for each in found]

    def _list(self, name: str, due: bool) -> Sequence[Any]:
        found = self._members.get(name)
        if found is None and not due:
            return []
        if not isinstance(found, list | tuple):
            raise self._wrong(name, "a list")
        return cast(Sequence[Any], found)

    def _wrong(self, name: str, kind: str) -> Upstream:
        return Upstream(f"{self.what}: {name} is missing or not {kind}. The source's interface may have changed.")

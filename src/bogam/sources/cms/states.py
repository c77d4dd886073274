"""Names of states as people write them and as the Medicare Coverage Database does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bogam.sources.answer import BadQuery

_NAMES: str = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
    "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
    "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
    "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,"
    "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming,AS American Samoa,GU Guam,MP Northern Mariana Islands,PR Puerto Rico,"
    "VI Virgin Islands"
)
USPS: Final = {each[:2]: each[3:] for each in _NAMES.split(",")}
"""Names by the abbreviation of the US Postal Service."""


def state_named(asked: str, known: Iterable[str]) -> str:
    """Return which of the known names is meant by an abbreviation or a name.

    States that several contractors share stand there in parts (``California - Northern``) and whole
    (``California - Entire State``); the whole is meant unless a part is named.

    Raises
    ------
    BadQuery
        When none or several are meant.
    """
    by_name = {each.casefold(): each for each in known}
    wanted = USPS.get(asked.upper(), asked).casefold()
    for form in (wanted, f"{wanted} - entire state"):
        if form in by_name:
            return by_name[form]
    parts = [each for name, each in by_name.items() if name.startswith(f"{wanted} - ")]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise BadQuery(f'"{asked}" stands in parts: name one of {"; ".join(sorted(parts))}.')
    raise BadQuery(f'No state "{asked[:40]}" is known: write CA or California.')

"""A provider as an item: what the interface and the files say of it, under the interface's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from bogam.sources.answer import Item, Upstream
from bogam.sources.npi.number import is_npi

_BASIC: Final = (
    "first_name", "middle_name", "last_name", "name_prefix", "name_suffix", "credential", "sex", "sole_proprietor",
    "organization_name", "organizational_subpart", "parent_organization_legal_business_name",
    "authorized_official_first_name", "authorized_official_middle_name", "authorized_official_last_name",
    "authorized_official_name_prefix", "authorized_official_name_suffix", "authorized_official_credential",
    "authorized_official_title_or_position", "authorized_official_telephone_number",
    "enumeration_date", "last_updated", "certification_date", "deactivation_date", "deactivation_reason_code",
    "reactivation_date", "replacement_npi",
)  # fmt: skip
_LISTS: Final = ("other_names", "addresses", "practiceLocations", "taxonomies", "identifiers", "endpoints")
_EMPTY: Final = ("", "--", None)


def item_of(number: str, kind: str, basic: Mapping[str, str], lists: Mapping[str, list[dict[str, Any]]]) -> Item:
    """Return the item of one provider.

    Parameters
    ----------
    kind
        ``NPI-1``, ``NPI-2``, or empty where the registry no longer says (a deactivated number).
    basic
        Members of the interface's ``basic``; empty values are left out.
    lists
        The interface's lists: names, addresses, taxonomies, identifiers.
    """
    said = {name: basic[name] for name in _BASIC if basic.get(name, "") not in _EMPTY}
    since = said.get("deactivation_date", "")
    active = basic.get("status", "") not in ("D", "I") and not (since and since > said.get("reactivation_date", ""))
    fields: dict[str, Any] = {"number": number, "status": "active" if active else "deactivated"}
    if kind:
        fields["enumeration_type"] = kind
    fields |= said
    fields |= {name: lists[name] for name in _LISTS if lists.get(name)}
    title = _title(number, said)
    if not active:
        title += f" (deactivated{' ' + since if since else ''})"
    url = f"https://npiregistry.cms.hhs.gov/provider-view/{number}"
    version = max(said.get("last_updated", ""), since, said.get("reactivation_date", ""))
    return Item("npi", number, title, url, version, fields)


def _title(number: str, said: Mapping[str, str]) -> str:
    if "organization_name" in said:
        return said["organization_name"]
    parts = ("name_prefix", "first_name", "middle_name", "last_name", "name_suffix")
    name = " ".join(said[part] for part in parts if part in said)
    if not name:
        return f"NPI {number}"
    return f"{name}, {said['credential']}" if "credential" in said else name


def from_interface(result: Any) -> Item:
    """Return the item of one member of ``results``.

    Raises
    ------
    Upstream
        When it is not what the interface documents.
    """
    if not isinstance(result, dict):
        raise Upstream("The NPI registry sent a result that is no object. Its interface may have changed.")
    told = cast(dict[str, Any], result)
    number = str(told.get("number", ""))
    if not is_npi(number):
        raise Upstream(f'The NPI registry sent "{number[:20]}" as an NPI, which it cannot be. Try again later.')
    kind, basic = told.get("enumeration_type"), told.get("basic")
    if kind not in ("NPI-1", "NPI-2", "", None) or not isinstance(basic, dict):
        raise Upstream(
            f"The NPI registry sent {number} without its type or basic data. Its interface may have changed."
        )
    lists = {name: _list(number, name, told.get(name)) for name in _LISTS}
    said = {name: _text(value) for name, value in cast(dict[str, Any], basic).items()}
    said.setdefault("sex", said.get("gender", ""))
    return item_of(number, kind or "", said, lists)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _list(number: str, name: str, given: Any) -> list[dict[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in cast(list[Any], given)):
        raise Upstream(f"The NPI registry sent {name} of {number} in another shape. Its interface may have changed.")
    rows = cast(list[dict[str, Any]], given)
    made = [
        {key: value if isinstance(value, bool) else _text(value) for key, value in each.items() if value not in _EMPTY}
        for each in rows
    ]
    return [each for each in made if each]

"""Accounts, for administrators."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from bogam.access.identity import Action, Role
from bogam.access.users import UserError
from bogam.app import Unknown
from bogam.doors.web.visit import Posted, Visit, Visiting, see

router = APIRouter(prefix="/users", include_in_schema=False)


@router.get("")
def users(visit: Visiting) -> Response:
    """The list of accounts, and the form to add one."""
    visit.require(Action.manage_users, None, "users")
    return _page(visit, {}, "")


@router.post("")
def add(visit: Visiting, form: Posted) -> Response:
    """Add an account."""
    visit.require(Action.manage_users, None, f"add {form.get('id', '')[:64]}")
    try:
        visit.bogam.users.add(
            form.get("id", ""),
            role=form.get("role", ""),
            password=form.get("password", ""),
            name=form.get("name", ""),
            patient=form.get("patient", "").strip() or None,
        )
    except UserError as error:
        return _page(visit, form, str(error), 422)
    return see("/users", said="user_added")


@router.post("/{id}/disabled")
def disable(visit: Visiting, id: str, form: Posted) -> Response:
    """Disable an account, or enable it again."""
    disabled = form.get("disabled") == "true"
    visit.require(Action.manage_users, None, f"{'disable' if disabled else 'enable'} {id}")
    try:
        visit.bogam.users.disable(id, disabled=disabled)
    except LookupError as error:
        raise Unknown(str(error)) from error
    return see("/users", said="user_disabled" if disabled else "user_enabled")


def _page(visit: Visit, form: dict[str, str], problem: str, status: int = 200) -> Response:
    kept = {name: form.get(name, "") for name in ("id", "name", "role", "patient")}
    accounts = visit.bogam.users.list()
    return visit.page(
        "users.html", at="/users", status=status, users=accounts, roles=list(Role), form=kept, problem=problem
    )

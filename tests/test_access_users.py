"""Accounts, passwords and the wait after wrong ones."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, text

from bogam.access.identity import Role
from bogam.access.users import SignInError, UserError, Users

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(engine: Engine, clock: Clock) -> Users:
    users = Users(engine, hasher=CHEAP, clock=clock)
    users.add("Lee", "이지은", "physician", PASSWORD, practitioner="d1")
    return users


def test_the_right_password_gives_the_actor(users: Users) -> None:
    actor = users.verify(" lee ", PASSWORD)
    assert (actor.id, actor.name, actor.role, actor.practitioner) == ("lee", "이지은", Role.physician, "d1")


def test_passwords_are_argon2id_and_nowhere_in_clear(users: Users, engine: Engine) -> None:
    with engine.connect() as db:
        kept = db.execute(text("SELECT password FROM user")).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_hangul_typed_composed_or_not_is_the_same_password(users: Users) -> None:
    users.set_password("lee", unicodedata.normalize("NFD", "동의보감 내경편입니다"))
    assert users.verify("lee", unicodedata.normalize("NFC", "동의보감 내경편입니다")).id == "lee"


@pytest.mark.parametrize("given", ["", "correct", "Correct horse", "x" * 2000, "\ud800abcdefghij"])
def test_a_wrong_password_is_refused(users: Users, given: str) -> None:
    with pytest.raises(SignInError, match="wrong") as caught:
        users.verify("lee", given)
    assert caught.value.code == "wrong"
    assert "비밀번호" in caught.value.reason_ko


def test_an_unknown_name_is_told_the_same_and_takes_as_long(engine: Engine) -> None:
    users = Users(engine)
    users.add("lee", "", "nurse", PASSWORD)
    users.verify("lee", PASSWORD)

    def seconds(name: str) -> float:
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            with pytest.raises(SignInError, match="user name or the password"):
                users.verify(name, "something else")
            best = min(best, time.perf_counter() - start)
        return best

    assert 0.4 < seconds("lee") / seconds("nobody") < 2.5


def test_too_many_failures_make_any_name_wait_longer_and_longer(users: Users, clock: Clock) -> None:
    for name in ("lee", "nobody"):
        for _ in range(5):
            with pytest.raises(SignInError, match="wrong"):
                users.verify(name, "no such password")
        with pytest.raises(SignInError, match="30 seconds") as caught:
            users.verify(name, PASSWORD)
        assert (caught.value.code, caught.value.seconds) == ("wait", 30)
    clock.now += 30
    with pytest.raises(SignInError, match="wrong"):
        users.verify("lee", "no such password")
    with pytest.raises(SignInError, match="60 seconds"):
        users.verify("lee", PASSWORD)
    clock.now += 60
    assert users.verify("lee", PASSWORD).id == "lee"
    with pytest.raises(SignInError, match="wrong"):
        users.verify("lee", "no such password")


def test_a_day_without_a_try_is_forgotten(users: Users, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(SignInError):
            users.verify("lee", "no such password")
    clock.now += 25 * 60 * 60
    for _ in range(2):
        with pytest.raises(SignInError, match="wrong"):
            users.verify("lee", "no such password")


def test_a_disabled_account_is_told_so_only_with_its_password(users: Users) -> None:
    users.disable("lee")
    with pytest.raises(SignInError, match="disabled"):
        users.verify("lee", PASSWORD)
    with pytest.raises(SignInError, match="wrong"):
        users.verify("lee", "no such password")
    users.disable("lee", disabled=False)
    assert users.verify("lee", PASSWORD).id == "lee"


def test_new_parameters_rehash_at_the_next_sign_in(users: Users, engine: Engine) -> None:
    stronger = Users(engine, hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    stronger.verify("lee", PASSWORD)
    with engine.connect() as db:
        assert "m=16,t=2" in db.execute(text("SELECT password FROM user")).scalar_one()
    assert stronger.verify("lee", PASSWORD).id == "lee"


@pytest.mark.parametrize(
    ("id", "role", "password", "patient", "message"),
    [
        ("LEE", "nurse", PASSWORD, None, "exists already"),
        ("", "nurse", PASSWORD, None, "no user name"),
        ("a b", "nurse", PASSWORD, None, "no user name"),
        ("x" * 65, "nurse", PASSWORD, None, "no user name"),
        ("kim", "surgeon", PASSWORD, None, "Known: physician"),
        ("kim", "nurse", "too short", None, "at least 10"),
        ("kimkimkimkim", "nurse", "KimKimKimKim", None, "is the user name"),
        ("kim", "nurse", "x" * 1025, None, "at most 1024"),
        ("kim", "patient", PASSWORD, None, "names a Patient id"),
        ("kim", "nurse", PASSWORD, "p1", "names a Patient id"),
    ],
)
def test_what_cannot_be_accepted_says_what_can(
    users: Users, id: str, role: str, password: str, patient: str | None, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        users.add(id, "", role, password, patient=patient)


def test_accounts_are_listed_and_found(users: Users) -> None:
    users.add("김민수", "", Role.patient, PASSWORD, patient="p1")
    assert [each.actor.id for each in users.list()] == ["lee", "김민수"]
    found = users.get("김민수")
    assert found is not None
    assert found.actor.patient == "p1"
    assert users.get("nobody") is None
    with pytest.raises(LookupError, match="nobody"):
        users.disable("nobody")

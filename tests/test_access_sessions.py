"""Sessions and tokens: how they begin, and every way they end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine

from bogam.access.identity import Actor, Purpose
from bogam.access.sessions import ABSOLUTE, IDLE, TokenError
from bogam.access.users import Users

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def users(engine: Engine, clock: Clock) -> Users:
    return Users(engine, hasher=CHEAP, clock=clock)


@pytest.fixture
def lee(users: Users) -> Actor:
    return users.add("lee", "", "physician", "correct horse")


def test_a_session_is_found_by_its_token_only(users: Users, lee: Actor) -> None:
    session = users.sessions.create(lee)
    assert users.sessions.get(session.token) == session
    assert len(session.token) >= 43
    assert users.sessions.get(session.csrf) is None
    assert users.sessions.get("\ud800") is None
    assert users.sessions.create(lee).token != session.token


def test_the_database_holds_no_secret(users: Users, lee: Actor, tmp_path: Path) -> None:
    session, secret = users.sessions.create(lee), users.tokens.create(lee, name="lab", purpose="treatment")
    dump = "\n".join(sqlite3.connect(tmp_path / "records.sqlite").iterdump())
    assert session.token not in dump
    assert session.csrf not in dump
    assert secret not in dump


def test_csrf_belongs_to_its_session(users: Users, lee: Actor) -> None:
    one, two = users.sessions.create(lee), users.sessions.create(lee)
    assert one.csrf_matches(one.csrf)
    assert not one.csrf_matches(two.csrf)
    assert not one.csrf_matches("한글")


def test_an_idle_session_ends(users: Users, lee: Actor, clock: Clock) -> None:
    token = users.sessions.create(lee).token
    for _ in range(4):
        clock.now += IDLE - 1
        assert users.sessions.get(token) is not None
    clock.now += IDLE + 1
    assert users.sessions.get(token) is None


def test_a_busy_session_ends_too(users: Users, lee: Actor, clock: Clock) -> None:
    token = users.sessions.create(lee).token
    end = clock.now + ABSOLUTE
    while clock.now + 600 < end:
        clock.now += 600
        assert users.sessions.get(token) is not None
    clock.now = end + 1
    assert users.sessions.get(token) is None


def test_sessions_end_with_sign_out_password_and_account(users: Users, lee: Actor) -> None:
    one, two = users.sessions.create(lee).token, users.sessions.create(lee).token
    users.sessions.end(one)
    users.sessions.end(one)
    assert users.sessions.get(one) is None
    assert users.sessions.get(two) is not None
    users.set_password("lee", "another horse")
    assert users.sessions.get(two) is None
    three = users.sessions.create(lee).token
    users.disable("lee")
    assert users.sessions.get(three) is None


def test_a_token_acts_as_its_user_for_its_purpose(users: Users, lee: Actor) -> None:
    secret = users.tokens.create(lee, name="lab", purpose="treatment", days=1)
    found = users.tokens.get(secret)
    assert found is not None
    assert (found.actor, found.purpose, found.name) == (lee, Purpose.treatment, "lab")
    assert users.tokens.list("lee") == [found]
    assert users.tokens.get(secret + "x") is None


def test_tokens_expire_rest_and_are_revoked(users: Users, lee: Actor, clock: Clock) -> None:
    secret = users.tokens.create(lee, name="lab", purpose="treatment", days=1)
    users.disable("lee")
    assert users.tokens.get(secret) is None
    users.disable("lee", disabled=False)
    assert users.tokens.get(secret) is not None
    clock.now += 24 * 60 * 60
    assert users.tokens.get(secret) is None
    assert users.tokens.revoke("lee", "lab")
    assert not users.tokens.revoke("lee", "lab")


@pytest.mark.parametrize(
    ("name", "purpose", "days", "message"),
    [
        ("lab", "treatment", 1, "already"),
        ("b", "fun", 1, "Known"),
        ("", "treatment", 1, "name"),
        ("c", "treatment", 0, "life"),
    ],
)
def test_tokens_that_cannot_be_made(
    users: Users, lee: Actor, name: str, purpose: str, days: float, message: str
) -> None:
    users.tokens.create(lee, name="lab", purpose="treatment")
    with pytest.raises(TokenError, match=message):
        users.tokens.create(lee, name=name, purpose=purpose, days=days)

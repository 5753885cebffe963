"""The cast of the tests: fans, staff, and posts of the circle, made through the real verbs."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.accounts import sessions
from commons.accounts.models import User
from commons.accounts.passwords import hash_password
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost
from community.channels.protocol import Outgoing, inside_named
from community.members.models import Member
from community.members.roster import enrol

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "a good long passphrase"

_numbers = count(1)
_hashed: list[str] = []


def make_user(role: Role, name: str, **changes: object) -> User:
    """A confirmed account that can sign in with `PASSWORD`."""
    user = User(
        email=f"person{next(_numbers)}@example.org",
        name=name,
        role=role,
        password_hash=_password_hash(),
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    for attribute, value in changes.items():
        setattr(user, attribute, value)
    db.session.add(user)
    db.session.flush()
    return user


def make_staff(role: Role = Role.SOCIAL_MANAGER, name: str = "阿岚", **changes: object) -> User:
    return make_user(role, name, **changes)


def make_fan(name: str = "小满", at: datetime | None = None, **changes: object) -> Member:
    return enrol(make_user(Role.FAN, name, **changes), at or clock.now())


def make_circle_post(
    text: str = "今天的第一泡茶。", campaign_id: int | None = None, at: datetime | None = None
) -> ChannelPost:
    outgoing = Outgoing(text=text, pictures=(), link_slug=None, campaign_id=campaign_id, author_name="阿岚")
    return inside_named("circle").publish(circle_account(), outgoing, at or clock.now())


def sign_in(client: FlaskClient, user: User) -> None:
    """Give `client` a real signed-in session."""
    with client.session_transaction() as session:
        token = sessions.open_sign_in(user, clock.now(), browser="tests")
        session["sign_in"] = token
        session["staff"] = user.is_staff
        session["user_id"] = user.id


def browser_of(app: Flask, who: User | Member) -> FlaskClient:
    """A browser of their own, signed in."""
    user = who.user if isinstance(who, Member) else who
    assert user is not None
    browser = app.test_client()
    sign_in(browser, user)
    return browser


def _password_hash() -> str:
    if not _hashed:
        _hashed.append(hash_password(PASSWORD))
    return _hashed[0]

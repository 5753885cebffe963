"""Two first sign-ins in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.accounts import signing_up
from commons.accounts.identities import entering, linking
from commons.accounts.identities.models import Identity
from commons.accounts.identities.providers import Proven
from commons.accounts.models import User
from commons.db import db
from tests.at_once import at_once

XIAOMAN = "xiaoman@example.org"


def proven(provider: str, subject: str = "xiaoman", email: str = XIAOMAN) -> Proven:
    return Proven(provider, f"https://{provider}.example", subject, "小满", email, email_verified=True)


def come(identity: Proven, at: datetime) -> None:
    entering.open_account(identity, language="en", zone="UTC", at=at)


def count(model: type[User] | type[Identity]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_providers_with_one_address_make_one_account(committed_app: Flask, at: datetime) -> None:
    wrong = at_once(committed_app, *(partial(come, proven(name), at) for name in ("house", "guild")))

    assert [type(error).__name__ for error in wrong] == ["KnownAddress"]
    assert count(User) == count(Identity) == 1


def test_one_identity_in_four_windows_makes_one_account(committed_app: Flask, at: datetime) -> None:
    wrong = at_once(committed_app, *(partial(come, proven("house"), at) for _window in range(4)))

    assert wrong == []
    assert count(User) == count(Identity) == 1


def test_one_identity_without_an_address_in_four_windows_makes_one_account(committed_app: Flask, at: datetime) -> None:
    wrong = at_once(committed_app, *(partial(come, proven("house", email=""), at) for _window in range(4)))

    assert wrong == []
    assert count(User) == count(Identity) == 1


@pytest.mark.parametrize(("looking_up", "look_up"), [(signing_up, "account_of"), (linking, "identity_of")])
def test_a_window_that_is_overtaken_before_any_look_finds_what_the_other_made(
    committed_app: Flask,
    at: datetime,
    looking_up: ModuleType,
    look_up: str,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong: list[Exception] = []

    def come_too() -> None:
        with committed_app.app_context():
            wrong.extend(at_once(committed_app, partial(come, proven("house"), at)))

    other = threading.Thread(target=come_too)
    look = getattr(looking_up, look_up)
    monkeypatch.setattr(looking_up, look_up, overtaken(look, other, waits=engine == "postgresql"))

    come(proven("house"), at)
    db.session.commit()

    other.join(60)
    assert wrong == []
    assert count(User) == count(Identity) == 1


def overtaken(look: Callable[..., object], other: threading.Thread, *, waits: bool) -> Callable[..., object]:
    """The look-up, before which the other is done when it is used first; SQLite has the other wait until we are."""

    def look_after_the_other(*asked: object) -> object:
        if other.ident is None:
            other.start()
            if waits:
                other.join(60)
        return look(*asked)

    return look_after_the_other

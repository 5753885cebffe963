"""Two first sign-ins in the same moment."""

from __future__ import annotations

import contextlib
from datetime import datetime
from functools import partial
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.accounts import mailed, signing_up
from commons.accounts.identities import entering, linking
from commons.accounts.identities.models import Identity
from commons.accounts.identities.providers import Proven
from commons.accounts.mailed import Purpose
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from tests.at_once import at_once, overtaking
from tests.factories import make_user

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


@pytest.mark.parametrize(("place", "look_up"), [(signing_up, "account_of"), (linking, "identity_of")])
def test_a_window_that_is_overtaken_before_any_look_finds_what_the_other_made(
    committed_app: Flask, at: datetime, place: ModuleType, look_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = overtaking(committed_app, monkeypatch, place, look_up, partial(come, proven("house"), at))

    come(proven("house"), at)
    db.session.commit()

    assert other() == []
    assert count(User) == count(Identity) == 1


def test_a_sign_up_that_is_confirmed_in_the_same_moment_keeps_its_address(
    committed_app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = mailed.issue(make_user(Role.FAN, "小满", email=XIAOMAN, confirmed_at=None), Purpose.CONFIRM, at)
    db.session.commit()
    other = overtaking(committed_app, monkeypatch, mailed, "void", partial(signing_up.confirm, token, at))

    with contextlib.suppress(entering.KnownAddress):
        come(proven("house"), at)
    db.session.commit()

    other()
    assert db.session.scalars(select(User.email).where(User.confirmed_at.is_not(None))).all() == [XIAOMAN]

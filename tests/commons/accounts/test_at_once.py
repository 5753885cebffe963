"""Two people, or one with two thumbs, in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.accounts import changing, inviting, mailed, recovering, signing_up
from commons.accounts.mailed import Purpose
from commons.accounts.models import MailToken, User
from commons.accounts.passwords import password_fits
from commons.db import db
from commons.errors import Conflict
from commons.permissions import Role
from tests.at_once import at_once, overtaking
from tests.factories import PASSWORD, make_staff, make_user


def refused(app: Flask, act: Callable[[int], object], count: int = 4) -> list[str]:
    """Let `count` people do the same at once; the names of what refused them, sorted."""
    return sorted(type(error).__name__ for error in at_once(app, *(partial(act, number) for number in range(count))))


def test_signing_up_with_one_address_at_once_makes_one_account(committed_app: Flask, at: datetime) -> None:
    def act(number: int) -> None:
        signing_up.sign_up(f"小满{number}", "xiaoman@example.org", PASSWORD, "en", "UTC", at)

    assert refused(committed_app, act) == []
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_one_reset_link_sets_one_password(committed_app: Flask, at: datetime) -> None:
    user = make_user(Role.FAN, "小满", email="xiaoman@example.org")
    token = mailed.issue(user, Purpose.RESET, at)
    db.session.commit()

    names = refused(committed_app, lambda number: recovering.reset(token, f"passphrase number {number}", at))

    assert names == ["Gone"] * 3
    assert db.session.scalar(select(func.count()).where(MailToken.used_at.is_not(None))) == 1


def test_one_invitation_makes_one_colleague(committed_app: Flask, at: datetime) -> None:
    token = inviting.invite("maya@example.org", Role.APPROVER, make_staff(Role.ADMINISTRATOR), at)
    db.session.commit()

    names = refused(committed_app, lambda number: inviting.accept(token, f"Maya {number}", PASSWORD, at))

    assert names == ["Gone"] * 3
    assert db.session.scalar(select(func.count()).where(User.email == "maya@example.org")) == 1


def test_confirming_at_once_welcomes_once(committed_app: Flask, at: datetime) -> None:
    from commons.accounts import slots

    user = signing_up.sign_up("小满", "xiaoman@example.org", PASSWORD, "en", "UTC", at)
    token = mailed.issue(user, Purpose.CONFIRM, at)
    db.session.commit()
    welcomed: list[int] = []
    slots.became_fan.plug(welcome := lambda user, at: welcomed.append(user.id))
    try:
        refused(committed_app, lambda _number: signing_up.confirm(token, at))
    finally:
        slots.became_fan._plugs.remove(welcome)

    assert len(welcomed) == 1


def test_an_address_that_is_confirmed_in_the_same_moment_is_not_taken_over(
    committed_app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fans = [
        make_user(Role.FAN, "小满", email="xiaoman@example.org"),
        make_user(Role.FAN, "Lena", email="new@example.org"),
    ]
    fans[1].confirmed_at = None
    taking = mailed.issue(fans[0], Purpose.ADDRESS, at, email="new@example.org")
    confirming = mailed.issue(fans[1], Purpose.CONFIRM, at)
    db.session.commit()
    other = overtaking(committed_app, monkeypatch, mailed, "void", partial(signing_up.confirm, confirming, at))

    try:
        changing.take_new_address(taking, at)
        db.session.commit()
    except Conflict:
        db.session.rollback()

    other()
    assert None not in db.session.scalars(select(User.email).where(User.confirmed_at.is_not(None))).all()


def test_a_sign_up_in_the_moment_the_address_is_confirmed_gets_no_password_into_the_account(
    committed_app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = mailed.issue(
        make_user(Role.FAN, "小满", email="xiaoman@example.org", confirmed_at=None), Purpose.CONFIRM, at
    )
    db.session.commit()
    other = overtaking(committed_app, monkeypatch, mailed, "void", partial(signing_up.confirm, token, at))

    signing_up.sign_up("Mallory", "xiaoman@example.org", "mallory's long passphrase", "en", "UTC", at)
    db.session.commit()

    other()
    confirmed = db.session.scalars(select(User).where(User.confirmed_at.is_not(None))).all()
    assert not any(password_fits(user, "mallory's long passphrase") for user in confirmed)

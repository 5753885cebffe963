from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from commons import jobs
from commons.accounts import inviting, mailed, sessions, signing_up
from commons.accounts.mailed import Purpose
from commons.accounts.models import MailToken, SignIn, User
from commons.accounts.tidying import forget_old
from commons.db import db
from commons.permissions import Role
from tests.factories import PASSWORD, make_fan, make_staff


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_sign_up_that_nobody_confirmed_is_forgotten_after_a_month(app: Flask, at: datetime) -> None:
    signing_up.sign_up("小满", "xiaoman@example.org", PASSWORD, "en", "UTC", at)
    forget_old(at + timedelta(days=30))
    assert count(User) == 1

    forget_old(at + timedelta(days=31))
    assert (count(User), count(MailToken)) == (0, 0)


def test_a_link_that_still_works_keeps_its_sign_up(app: Flask, at: datetime) -> None:
    user = signing_up.sign_up("小满", "xiaoman@example.org", PASSWORD, "en", "UTC", at)
    mailed.issue(user, Purpose.CONFIRM, at + timedelta(days=39))

    forget_old(at + timedelta(days=40))

    assert count(User) == 1


def test_whoever_was_ever_in_stays(app: Flask, at: datetime) -> None:
    make_fan()
    inviting.accept(inviting.invite("maya@example.org", Role.APPROVER, make_staff(), at), "Maya", PASSWORD, at)

    forget_old(at + timedelta(days=4000))

    assert count(User) == 3


def test_old_browsers_are_forgotten_and_new_ones_are_not(app: Flask, at: datetime) -> None:
    user = make_staff()
    sessions.open_sign_in(user, at, "old")
    sessions.open_sign_in(user, at + timedelta(days=100), "new")

    forget_old(at + timedelta(days=200))

    assert list(db.session.scalars(select(SignIn.browser))) == ["new"]


def test_it_happens_once_a_day_by_itself(app: Flask, at: datetime) -> None:
    jobs.drain(at)
    signing_up.sign_up("小满", "xiaoman@example.org", PASSWORD, "en", "UTC", at - timedelta(days=40))

    jobs.drain(at + timedelta(days=1, minutes=1))

    assert count(User) == 0

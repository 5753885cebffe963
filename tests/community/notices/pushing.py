"""Browsers of fans that take pushes, on an afternoon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from commons.accounts import sessions
from commons.accounts.models import SignIn
from commons.db import db
from community.members.models import Member
from community.notices import wishes
from community.notices.push import browsers, keys
from community.notices.push.addresses import Address
from community.notices.push.models import PushBrowser
from tests.servers.push import PushedTo, PushServer

# Four in the afternoon in Shanghai.
AFTERNOON = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOON = timedelta(minutes=10)
PAGE = "/me/notices/preferences"


def take(service: PushServer, fan: Member) -> PushedTo:
    behind = service.browser(keys.keys(AFTERNOON).server)
    browsers.subscribe(fan, signed_in(fan), Address(**behind.given), "Mozilla/5.0 (Android) Chrome/140", AFTERNOON)
    wishes.take_pushes(fan.id, AFTERNOON)
    return behind


def signed_in(fan: Member) -> SignIn:
    assert fan.user is not None
    sessions.open_sign_in(fan.user, AFTERNOON, "Chrome")
    return db.session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()


def rows() -> list[PushBrowser]:
    return list(db.session.scalars(select(PushBrowser).execution_options(populate_existing=True)))

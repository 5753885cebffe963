"""Series for tests, made through the real verbs, and what is looked up in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from campaigns.posts import writing
from campaigns.posts.models import BrandPost
from campaigns.posts.series import changing, stamping
from campaigns.posts.series.changing import Wanted
from campaigns.posts.series.models import Series, SeriesDay
from campaigns.posts.series.recurring import Every, Rule
from campaigns.posts.writing import Draft
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons import clock
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount

SHANGHAI = "Asia/Shanghai"
MONDAY = date(2026, 3, 2)
MONDAYS = Rule(Every.WEEK, weekdays=(0,))


def wanted(**changes: Any) -> Wanted:
    usual: dict[str, Any] = {
        "name": "周一问好",
        "rule": MONDAYS,
        "starts_on": MONDAY,
        "wall_time": "10:00",
        "zone": SHANGHAI,
    }
    return Wanted(**{**usual, **changes})


def a_series(
    by: User, text: str = "早上好，今天喝什么茶？", accounts: Sequence[ChannelAccount] = (), **changes: Any
) -> Series:
    """Every Monday at ten in Shanghai; for the circle, if no accounts are given."""
    names = [account.public_id for account in accounts or [circle_account()]]
    content = stamping.composed(text, names, None)
    return changing.set_up(wanted(**changes), content, by=by, at=clock.now())


def rows(series: Series) -> list[SeriesDay]:
    return list(db.session.scalars(select(SeriesDay).where(SeriesDay.series_id == series.id).order_by(SeriesDay.day)))


def post_on(series: Series, day: date) -> BrandPost:
    found = next(row.post for row in rows(series) if row.day == day)
    assert found is not None
    return found


def delivery_on(series: Series, day: date) -> Delivery:
    found = scheduling.delivery_of(post_on(series, day), circle_account())
    assert found is not None
    return found


def say(post: BrandPost, text: str, by: User) -> None:
    writing.save(post, Draft(text), revision=post.revision, by=by, at=clock.now())

"""Posts that come due while the real tick and a real worker run."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.publishing import scheduling
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons import clock
from commons.db import db
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost
from tests.campaigns.posts.factories import make_post
from tests.factories import make_staff
from tests.servers.live import Live
from tests.servers.processes import await_true

POSTS = 25


def published() -> int:
    """How many are out; the look must not hold SQLite's one write lock."""
    count = db.session.scalar(select(func.count()).where(Delivery.state == DeliveryState.PUBLISHED)) or 0
    db.session.rollback()
    return count


@pytest.mark.slow
def test_posts_that_are_due_stand_in_the_circle_seconds_later_each_once(live: Live, live_app: Flask) -> None:
    live.start("tick", "worker-publishing")
    author = make_staff()
    for number in range(POSTS):
        post = make_post(author, text=f"第 {number} 条")
        scheduling.publish_now(post, circle_account(), "Asia/Shanghai", by=author, at=clock.now())
    db.session.commit()
    await_true(lambda: published() == POSTS, "all posts are out", within=45, every=0.1)
    texts = db.session.scalars(select(ChannelPost.text)).all()
    assert sorted(texts) == sorted(f"第 {number} 条" for number in range(POSTS))
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == POSTS
    assert all(0 <= (delivery.lateness or 0) < 40 for delivery in db.session.scalars(select(Delivery)))

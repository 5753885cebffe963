"""The circle as a channel."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock
from commons.cli import preparing
from commons.db import db
from community.channels.accounts import circle_account, connect
from community.channels.models import ChannelAccount, ChannelPost
from community.channels.protocol import Outgoing, channel_named, inside_named


def outgoing(**changes: object) -> Outgoing:
    values: dict[str, object] = {
        "text": "今天的第一泡茶。",
        "pictures": (),
        "link_slug": "spring",
        "campaign_id": 7,
        "author_name": "阿岚",
    }
    return Outgoing(**(values | changes))  # type: ignore[arg-type]


def test_a_prepared_database_has_one_account_of_the_circle(app: Flask) -> None:
    for prepare in preparing:
        prepare(clock.now())
    count = db.session.scalar(select(func.count()).select_from(ChannelAccount))
    assert count == 1
    assert circle_account().channel == "circle"


def test_a_published_post_stands_in_the_circle_as_it_was_given(app: Flask) -> None:
    at = clock.now()
    post = inside_named("circle").publish(circle_account(), outgoing(ad=True), at)
    db.session.commit()
    assert (post.text, post.link_slug, post.campaign_id, post.author_name) == ("今天的第一泡茶。", "spring", 7, "阿岚")
    assert (post.published_at, post.facts, post.account) == (at, {"ad": True}, circle_account())


def test_the_mark_of_a_link_is_left_out(app: Flask) -> None:
    post = inside_named("circle").publish(circle_account(), outgoing(text="看这里 {link}，明天开始。"), clock.now())
    assert post.text == "看这里，明天开始。"


def test_publishing_the_same_key_twice_gives_the_same_post(app: Flask) -> None:
    circle = inside_named("circle")
    first = circle.publish(circle_account(), outgoing(key="delivery:1"), clock.now())
    second = circle.publish(circle_account(), outgoing(key="delivery:1"), clock.now())
    assert first is second
    assert db.session.scalar(select(func.count()).select_from(ChannelPost)) == 1


def test_posts_without_a_key_are_each_their_own(app: Flask) -> None:
    circle = inside_named("circle")
    first, second = (circle.publish(circle_account(), outgoing(), clock.now()) for _ in range(2))
    assert first.public_id != second.public_id


def test_connecting_an_account_again_gives_the_one_that_is_there(app: Flask) -> None:
    first = connect("imported", "tea-house", "茶馆", clock.now())
    assert connect("imported", "tea-house", "别的名字", clock.now()) is first


def test_nothing_can_be_published_on_a_channel_that_nobody_wrote(app: Flask) -> None:
    with pytest.raises(LookupError, match="imported"):
        channel_named("imported")

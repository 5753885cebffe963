"""Pinning and featuring."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event
from community.circle.interests import measures, posting, reading, tending
from community.circle.interests.tending import MOST_PINNED
from community.members.roster import handle_of
from community.notices.models import Notice
from tests.community.circle.interests.factories import brand, make_circle, make_host, make_joined, make_post
from tests.factories import NOON


def test_only_so_many_posts_are_pinned_at_once(app: Flask) -> None:
    circle = make_circle()
    fan, by = make_joined(circle), brand()
    posts = [make_post(circle, fan, f"第 {n} 篇") for n in range(MOST_PINNED + 1)]
    for post in posts[:-1]:
        tending.pin(post, by, NOON)
    tending.pin(posts[0], by, NOON)
    with pytest.raises(Invalid):
        tending.pin(posts[-1], by, NOON)
    tending.unpin(posts[0], by, NOON)
    tending.pin(posts[-1], by, NOON)
    assert posts[-1].pinned_at == NOON


def test_a_featured_post_is_one_fact_about_its_author_however_often(app: Flask) -> None:
    circle = make_circle()
    fan, host = make_joined(circle), make_host(circle)
    post = make_post(circle, fan)
    for hour in range(3):
        tending.feature(post, handle_of(host), NOON + timedelta(hours=hour))
        tending.unfeature(post, handle_of(host), NOON + timedelta(hours=hour))
    facts = db.session.scalars(select(Event).where(Event.kind == "circle.featured")).all()
    assert [(fact.member_id, fact.actor_id) for fact in facts] == [(fan.id, host.user_id)]
    told = select(func.count()).where(Notice.kind == "circle.featured", Notice.member_id == fan.id)
    assert db.session.scalar(told) == 1


def test_answers_and_what_no_longer_stands_are_not_lifted_out(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    root = make_post(circle, fan)
    answer = make_post(circle, fan, "答", under=root)
    posting.withdraw(root, handle_of(fan), NOON)
    for post in (root, answer):
        for act in (tending.pin, tending.feature):
            with pytest.raises(Invalid):
                act(post, brand(), NOON)


def test_a_host_features_what_others_wrote_and_pins_what_is_his_too(app: Flask) -> None:
    circle = make_circle()
    host = make_host(circle)
    post = make_post(circle, host)
    with pytest.raises(NotAllowed):
        tending.feature(post, handle_of(host), NOON)
    tending.pin(post, handle_of(host), NOON)
    tending.feature(post, brand(), NOON)
    assert (post.pinned_at, post.featured_at) == (NOON, NOON)


def test_what_is_removed_leaves_its_place_on_top_to_others(app: Flask) -> None:
    circle = make_circle()
    fan, by = make_joined(circle), brand()
    posts = [make_post(circle, fan, f"第 {n} 篇") for n in range(MOST_PINNED + 1)]
    for post in posts[:-1]:
        tending.pin(post, by, NOON)
    removal = measures.remove(posts[0], rule=1, reason="理由", by=by, at=NOON)
    tending.pin(posts[-1], by, NOON)
    measures.lift(removal, by, NOON)
    assert {card.post for card in reading.page(circle).pinned} == set(posts)

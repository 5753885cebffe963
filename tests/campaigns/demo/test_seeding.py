"""The demo brand: believable, whole, and the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.demo import pictures, story
from campaigns.demo.acts import HERO, plan
from campaigns.demo.invitations import ARRIVALS
from campaigns.demo.selves import FORGOTTEN, STRANGER
from campaigns.demo.stage import Cast
from campaigns.demo.tags import NEW
from campaigns.demo.tea_map import SECOND
from campaigns.draws.models import Draw, DrawAward, DrawState
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.participation.models import Fulfilment, Participant
from campaigns.payments.books import reconciling as payments
from campaigns.posts.series.models import SeriesDay
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.media.decoding import decode
from commons.permissions import Role
from community.loyalty.books import reconciling as points
from community.members.models import Member
from tests.factories import NOON
from tests.servers.applications import close, make_app
from tests.servers.tea_house import TeaHouse


@pytest.fixture
def brand(tea_house: TeaHouse, environ: dict[str, str]) -> Iterator[TeaHouse]:
    """The tea house, and an application on it."""
    app = make_app(environ, tea_house.fresh())
    with app.app_context():
        yield tea_house
    close(app)


@pytest.mark.slow
def test_a_month_of_a_brand_comes_about_through_the_real_verbs(brand: TeaHouse) -> None:
    assert brand.shares == sorted(brand.shares)
    assert brand.shares[-1] == 1.0
    assert {user.role for user in db.session.scalars(select(User))} == set(Role)
    assert len(story.FANS) == 60
    assert count(Member) == len(story.FANS) + len(ARRIVALS) + len((FORGOTTEN, STRANGER, NEW, SECOND))
    states = dict(db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all())
    cast = Cast(brand.at, random.Random())
    assert states[DeliveryState.PUBLISHED] == sum(cast.day(post.day, post.clock) < brand.at for post in story.POSTS)
    in_series = db.session.scalar(select(func.count()).select_from(SeriesDay).where(SeriesDay.post_id.is_not(None)))
    assert in_series
    assert states[DeliveryState.SCHEDULED] == len(story.UPCOMING) + 1 + in_series
    assert states[DeliveryState.IN_REVIEW] == len(story.NOTEBOOK) + 1
    assert count(Participant) > 30
    assert count(Fulfilment) > 30
    assert points.reconcile() == []
    assert payments.reconcile(brand.at) == []
    first = db.session.scalars(
        select(Delivery).where(Delivery.state == DeliveryState.SCHEDULED).order_by(Delivery.due_at)
    ).first()
    assert first is not None
    assert first.due_at is not None
    assert timedelta(seconds=55) < first.due_at - brand.at < timedelta(seconds=65)
    buys = {(offer.title[:4], offer.kind.value, offer.state): offer for offer in db.session.scalars(select(GroupBuy))}
    assert buys["老白茶小", "open", GroupBuyState.SUCCEEDED].taken == 27
    assert buys["云脚冷泡", "open", GroupBuyState.OPEN].taken == 24
    assert buys["手绘茶罐", "open", GroupBuyState.SUCCEEDED].final_price_minor == 8800
    assert buys["头采春尖", "open", GroupBuyState.OPEN].people == 9
    assert buys["三人成席", "teams", GroupBuyState.OPEN].filled == 1
    assert buys["旅行茶具", "market", GroupBuyState.OPEN].people == 9
    assert set(db.session.scalars(select(Seat.state))) >= {"held", "paid", "confirmed", "released", "refunded"}
    assert {draw.state for draw in db.session.scalars(select(Draw))} == {DrawState.DRAWN, DrawState.OPEN}
    assert {award.state for award in db.session.scalars(select(DrawAward))} >= {"sent", "declined", "offered"}


def test_the_demo_refuses_a_database_that_has_accounts(app: Flask) -> None:
    db.session.add(User(email="a@example.org", name="阿岚", role=Role.FAN, created_at=clock.now()))
    db.session.flush()

    answer = app.test_cli_runner().invoke(args=["demo"])

    assert answer.exit_code == 1
    assert "needs an empty one" in answer.output


def test_the_hero_has_something_left_to_do_today() -> None:
    posts = [(post, NOON + timedelta(days=post.day)) for post in story.POSTS if post.day < 0]

    acts = plan(posts, NOON, random.Random(20))

    today = [act for act in acts if act.fan == HERO and act.what == "check in" and act.at > NOON - timedelta(hours=16)]
    assert not today
    assert acts == plan(posts, NOON, random.Random(20))


@pytest.mark.parametrize("name", sorted({post.picture for post in story.POSTS + story.UPCOMING if post.picture}))
def test_every_picture_of_the_story_is_drawn(name: str) -> None:
    image, _media_type = decode(pictures.draw(name).read())

    assert image.size == (pictures.WIDTH, pictures.HEIGHT)


def count(model: type[User | Member | Participant | Fulfilment]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0

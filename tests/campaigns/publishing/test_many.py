"""Publishing many posts at once says, word for word, what publishing them one by one says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaigns.links.making import make_link
from campaigns.publishing import claiming, delivering, many, scheduling, slots
from campaigns.publishing.content import outgoing_of
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.zones import to_local
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost
from community.channels.protocol import inside_named
from tests.campaigns.posts.factories import make_post, with_pictures

HOUR = timedelta(hours=1)


def planned(by: User, at: datetime, **more: Any) -> Delivery:
    post = make_post(by, **more)
    return scheduling.schedule(post, circle_account(), to_local(at + HOUR, "UTC"), "UTC", by=by, at=at)


def what_came_of(delivery: Delivery) -> Sequence[object]:
    """All that was written about a delivery, without what differs from one to the next anyway."""
    db.session.expire_all()
    post, attempt = delivery.channel_post, db.session.scalars(select(Attempt).filter_by(delivery_id=delivery.id)).one()
    fact = db.session.scalars(select(Event).filter_by(key=f"post.published:{delivery.public_id}")).one()
    assert post is not None
    assert (post.external_id, attempt.answer, fact.subject_id) == (delivery.public_id, post.public_id, post.id)
    request = {name: value for name, value in attempt.request.items() if name not in {"key", "pictures"}}
    names = ("post", "delivery")
    return [
        delivery.state, delivery.published_at, delivery.reason, delivery.lease, delivery.lease_until,
        post.text, post.link_slug, post.campaign_id, post.author_name, post.url, post.published_at, post.recorded_at, post.facts,
        [(shown.alt, shown.position) for shown in post.pictures],
        attempt.number, attempt.round, attempt.part, attempt.kind, attempt.outcome, attempt.started_at, attempt.ended_at,
        request, [picture["sha256"] for picture in attempt.request["pictures"]],
        fact.kind, fact.subject_type, fact.campaign_id, fact.evidence, fact.occurred_at,
        {name: value for name, value in fact.payload.items() if name not in names},
    ]  # fmt: skip


def test_at_once_and_one_by_one_are_the_same(author: User, at: datetime) -> None:
    link = make_link("/groupbuys/abc", by=author, at=at)
    first, second = (planned(author, at, text="龙井开团", link=link) for _ in range(2))
    for delivery in (first, second):
        with_pictures(delivery.post, "一杯茶", "两杯茶")
        delivery.post.variants[0].text = "圈子里的话 {link}"
    due = at + HOUR
    claiming.claim_inside(due, 10)

    delivering.deliver(first.id, due)
    assert many.deliver_many([second.id], due) == {second.id}

    assert what_came_of(first) == what_came_of(second)


def test_what_is_no_longer_on_its_way_is_left_alone(author: User, at: datetime) -> None:
    delivery, other = planned(author, at), planned(author, at)
    claiming.claim_inside(at + HOUR, 10)
    assert many.deliver_many([delivery.id], at + HOUR) == {delivery.id}

    assert many.deliver_many([delivery.id, other.id], at + HOUR) == {other.id}


def test_what_is_too_late_is_left_to_be_missed(author: User, at: datetime) -> None:
    delivery = planned(author, at)
    claiming.claim_inside(at + HOUR, 10)

    assert many.deliver_many([delivery.id], at + 2 * HOUR) == set()
    db.session.refresh(delivery)
    assert delivery.state is DeliveryState.PUBLISHING


@pytest.fixture
def doubtful() -> Iterator[list[int]]:
    """Deliveries about which somebody has to be asked, and who says no."""
    ids: list[int] = []
    before = list(slots.looked_at_singly), list(slots.may_be_sent)
    slots.looked_at_singly.plug(lambda asked: set(ids) & set(asked))
    slots.may_be_sent.plug(lambda delivery, _at: delivery.id not in ids)
    yield ids
    slots.looked_at_singly._plugs[:], slots.may_be_sent._plugs[:] = before


def test_what_somebody_has_to_be_asked_about_is_done_singly(author: User, at: datetime, doubtful: list[int]) -> None:
    plain, asked = planned(author, at), planned(author, at)
    doubtful.append(asked.id)

    jobs.drain(at + HOUR)

    assert (plain.state, asked.state) == (DeliveryState.PUBLISHED, DeliveryState.PUBLISHING)


def test_one_that_cannot_be_written_takes_no_other_down(author: User, at: datetime) -> None:
    """The batch as a whole fails, so each is tried alone."""
    fine, taken = planned(author, at), planned(author, at)
    db.session.add(Attempt(delivery=taken, number=1, request={}, started_at=at))
    inside_named("circle").publish(
        circle_account(), outgoing_of(taken.post, circle_account(), at, key=taken.public_id), at
    )
    db.session.commit()

    jobs.drain(at + HOUR)

    db.session.expire_all()
    assert (fine.state, taken.state) == (DeliveryState.PUBLISHED, DeliveryState.PUBLISHED)
    assert db.session.scalars(select(ChannelPost.external_id).order_by(ChannelPost.id)).all() == [
        taken.public_id,
        fine.public_id,
    ]

"""Posts that a person puts on a network by hand: told at the moment, waited for, and settled by what he says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.posts.models import PostVariant
from campaigns.publishing import claiming, scheduling, sending
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from commons.zones import to_local
from community.channels import accounts, slots
from community.channels.handoff import Handoff
from community.channels.handovers import HandOver, of_key
from community.channels.views import waiting_handovers
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.factories import make_staff, sign_in
from tests.servers.smtp import Smtp

HOUR = timedelta(hours=1)
VIDEO = "https://v.example/abc"


@pytest.fixture
def courier(author: User) -> User:
    """小周, who posts on 抖音 by hand, and reads English."""
    return make_staff(Role.SERVICE_AGENT, "小周", language="en")


@pytest.fixture
def delivery(author: User, courier: User, at: datetime) -> Delivery:
    """A post for 抖音, due in an hour."""
    values = {"name": "抖音", "address": "creator.example/post", "person": str(courier.email)}
    account = accounts.accept(Handoff().connect(values, at), "handoff", at)
    post = with_pictures(make_post(author, "龙井开团"), "一杯茶")
    post.more = ["第二段"]
    post.variants.append(PostVariant(account=account))
    db.session.flush()
    return scheduling.schedule(post, account, to_local(at + HOUR, "UTC"), "UTC", by=author, at=at)


def run(due: datetime, *seconds: float) -> None:
    for second in seconds:
        jobs.drain(due + timedelta(seconds=second))


def outcomes(delivery: Delivery) -> Sequence[str]:
    query = select(Attempt.kind, Attempt.outcome).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)
    return [f"{row.kind} {row.outcome}" for row in db.session.execute(query)]


def given(delivery: Delivery) -> HandOver:
    found = of_key(delivery.public_id)
    assert found is not None
    return found


def test_at_the_moment_the_person_is_told_and_everything_lies_ready(
    delivery: Delivery, courier: User, at: datetime, smtp: Smtp, client: FlaskClient
) -> None:
    run(at + HOUR, 1)
    (mail,) = smtp.to(str(courier.email))
    assert mail["Subject"] == "Post now on 抖音"
    assert given(delivery).public_id in mail.get_content()
    sign_in(client, courier)
    page = client.get("/channels/handoffs").text
    assert "龙井开团" in page
    assert "第二段" in page
    assert "一杯茶" in page
    assert "https://creator.example/post" in page
    assert (delivery.state, outcomes(delivery)) == (DeliveryState.PUBLISHING, ["send by_person"])


def test_pasting_the_address_publishes_it_with_its_lateness(
    delivery: Delivery, courier: User, at: datetime, client: FlaskClient
) -> None:
    run(at + HOUR, 0)
    sign_in(client, courier)
    client.post(f"/channels/handoffs/{given(delivery).public_id}/posted", data={"url": VIDEO})
    run(at + HOUR, 240)
    assert delivery.state is DeliveryState.PUBLISHED
    assert delivery.channel_post is not None
    assert (delivery.channel_post.url, delivery.lateness) == (VIDEO, 240.0)
    assert outcomes(delivery) == ["send by_person", "find found"]
    assert waiting_handovers() == []


def test_what_is_no_address_comes_back_with_the_form(
    delivery: Delivery, courier: User, at: datetime, client: FlaskClient
) -> None:
    run(at + HOUR, 0)
    sign_in(client, courier)
    answer = client.post(f"/channels/handoffs/{given(delivery).public_id}/posted", data={"url": "done!"})
    assert answer.status_code == 422
    assert 'value="done!"' in answer.text
    assert given(delivery).is_open


def test_a_person_who_could_not_post_it_says_why(
    delivery: Delivery, courier: User, at: datetime, client: FlaskClient
) -> None:
    run(at + HOUR, 0)
    sign_in(client, courier)
    client.post(f"/channels/handoffs/{given(delivery).public_id}/not-posted", data={"reason": "账号被锁"})
    assert delivery.state is DeliveryState.FAILED
    assert "账号被锁" in delivery.reason
    run(at + HOUR, 60, 600, 7200)
    assert delivery.state is DeliveryState.FAILED


def test_a_person_who_says_nothing_is_reminded_once_and_then_it_is_unknown(
    delivery: Delivery, courier: User, at: datetime, smtp: Smtp
) -> None:
    run(at + HOUR, 0, 60, 601, 900, 3600)
    subjects = [mail["Subject"] for mail in smtp.to(str(courier.email))]
    assert subjects == ["Post now on 抖音", "Still to be posted on 抖音"]
    assert delivery.state is DeliveryState.PUBLISHING
    run(at + HOUR, 7201, 7260, 7500)
    assert delivery.state is DeliveryState.UNKNOWN
    assert [one.key for one in waiting_handovers()] == [delivery.public_id]


def test_an_answer_that_comes_too_late_still_settles_it(
    delivery: Delivery, courier: User, at: datetime, client: FlaskClient
) -> None:
    run(at + HOUR, 0, 601, 7201, 7260, 7500)
    assert delivery.state is DeliveryState.UNKNOWN
    sign_in(client, courier)
    client.post(f"/channels/handoffs/{given(delivery).public_id}/posted", data={"url": VIDEO})
    run(at + HOUR, 9000)
    assert delivery.state is DeliveryState.PUBLISHED


def test_what_comes_due_too_late_is_missed_and_nobody_is_told(
    delivery: Delivery, courier: User, at: datetime, smtp: Smtp
) -> None:
    run(at + HOUR, 700)
    assert (delivery.state, smtp.to(str(courier.email))) == (DeliveryState.MISSED, [])


def test_only_who_was_asked_or_plans_posts_may_answer(
    delivery: Delivery, author: User, at: datetime, client: FlaskClient
) -> None:
    run(at + HOUR, 0)
    path = f"/channels/handoffs/{given(delivery).public_id}/posted"
    sign_in(client, make_staff(Role.EXECUTIVE, "总监"))
    assert client.post(path, data={"url": VIDEO}).status_code == 403
    sign_in(client, author)
    assert client.post(path, data={"url": VIDEO}).status_code == 303


def test_a_worker_that_dies_after_telling_tells_nobody_twice(
    delivery: Delivery, courier: User, at: datetime, smtp: Smtp
) -> None:
    claiming.claim_outside(at + HOUR, 10)
    freezing = begun(delivery, at + HOUR)
    sending.settle(freezing, sending.carry_out(freezing, at + HOUR), at + HOUR)
    sending.carry_out(begun(delivery, at + HOUR), at + HOUR)  # and nobody writes down what came of it
    run(at + HOUR, 300, 400, 500)
    assert len(smtp.to(str(courier.email))) == 1
    assert (delivery.state, outcomes(delivery)[-1]) == (DeliveryState.PUBLISHING, "find by_person")


def begun(delivery: Delivery, at: datetime) -> sending.Step:
    step = sending.begin(delivery.id, at)
    assert step is not None
    db.session.commit()
    return step


def test_an_account_knows_until_when_posts_are_planned_on_it(delivery: Delivery, author: User, at: datetime) -> None:
    assert slots.last_planned(delivery.account) == at + HOUR
    scheduling.cancel(delivery, by=author, at=at)
    assert slots.last_planned(delivery.account) is None

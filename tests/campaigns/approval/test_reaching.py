"""A new route, and the posts that were planned before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.approval import deciding, reaching
from campaigns.approval.models import ApprovalRoute
from campaigns.approval.people import why_not
from campaigns.publishing import claiming
from campaigns.publishing.models import DeliveryState
from commons import clock, events
from commons.accounts.models import User
from commons.db import db
from commons.jobs import drain
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import a_route, asked, plan, request_of
from tests.campaigns.factories import make_campaign
from tests.campaigns.posts.factories import make_post
from tests.factories import NOON, make_staff, sign_in
from tests.servers.smtp import Smtp

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def administrator(author: User) -> User:
    return make_staff(Role.ADMINISTRATOR, "何田")


def form(**changes: str) -> Mapping[str, str]:
    usual = {"campaign": "", "account": "", "tolerance": "60", "lasts": "14", "remind": "4"}
    return {**usual, "steps-0-who": "anybody", "steps-1-who": "", "steps-2-who": "", **changes}


def test_what_was_planned_before_is_asked_about_on_request(author: User, administrator: User) -> None:
    first, second = plan(make_post(author), author, hours=30), plan(make_post(author), author)
    route = a_route()
    assert reaching.unreached() == {route.id: [second.id, first.id]}
    assert {first.state, second.state} == {DeliveryState.SCHEDULED}

    assert reaching.ask_all(route, by=administrator, at=NOON) == 2

    assert {first.state, second.state} == {DeliveryState.IN_REVIEW}
    assert reaching.unreached() == {}
    assert reaching.ask_all(route, by=administrator, at=NOON) == 0
    assert request_of(first).asked_by is author
    assert (why_not(request_of(first), administrator), bool(why_not(request_of(first), author))) == ("", True)
    (told,) = [one for one in events.of_subject(route) if one.kind == "approval.route_reached"]
    assert (told.actor_id, told.payload["count"]) == (administrator.id, 2)


def test_approved_it_goes_out_at_the_time_that_it_had(author: User, approver: User) -> None:
    delivery = plan(make_post(author), author)
    reaching.ask_all(a_route(), by=approver, at=NOON)
    request = request_of(delivery)
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    clock.advance(hours=24)
    assert claiming.claim_inside(clock.now(), 10) == [delivery.id]


def test_each_post_is_reached_by_its_own_route_and_only_if_that_wants_somebody_to_agree(author: User) -> None:
    free, strict = make_campaign(), make_campaign()
    plan(make_post(author, campaign=free), author)
    inside = plan(make_post(author, campaign=strict), author)
    outside = plan(make_post(author), author)
    wide, narrow = a_route(account=circle_account()), a_route(campaign=strict)
    a_route(campaign=free, steps=[])
    assert reaching.unreached() == {wide.id: [outside.id], narrow.id: [inside.id]}
    assert reaching.unreached_by(narrow) == ([inside], 1)


def test_what_was_asked_already_and_what_was_discarded_is_left_alone(author: User) -> None:
    thrown_away = plan(make_post(author), author)
    thrown_away.post.discarded_at = NOON
    route = a_route()
    asked(author)
    assert reaching.unreached_by(route) == ([], 0)


def test_whoever_approves_gets_one_letter_about_all_of_them(
    author: User, administrator: User, approver: User, smtp: Smtp
) -> None:
    for number in range(3):
        plan(make_post(author, f"第 {number} 篇"), author)
    reaching.ask_all(a_route({"people": [approver.id]}), by=administrator, at=NOON)
    clock.advance(minutes=3)
    drain(clock.now())
    drain(clock.now())
    (letter,) = [message for message in smtp.messages if message["To"] == approver.email]
    assert all(f"第 {number} 篇" in letter.get_content() for number in range(3))


def test_on_saving_a_route_the_administrator_is_asked_about_what_is_planned(
    client: FlaskClient, author: User, administrator: User
) -> None:
    deliveries = [plan(make_post(author, f"计划好的第 {number} 篇"), author) for number in range(2)]
    sign_in(client, administrator)
    answer = client.post("/approval/routes/new", data=form())
    route = db.session.query(ApprovalRoute).one()
    assert answer.headers["Location"].endswith(f"/approval/routes/{route.public_id}/planned")

    page = client.get(answer.headers["Location"], headers=ENGLISH).text
    assert "2 posts were planned before" in page
    assert "计划好的第 1 篇" in page
    assert "2 posts were planned before" in client.get("/approval/routes", headers=ENGLISH).text
    assert {one.state for one in deliveries} == {DeliveryState.SCHEDULED}

    asked_now = client.post(f"/approval/routes/{route.public_id}/planned")
    assert {one.state for one in deliveries} == {DeliveryState.IN_REVIEW}
    assert client.get(asked_now.headers["Location"]).headers["Location"].endswith("/approval/routes")
    assert "were planned before" not in client.get("/approval/routes", headers=ENGLISH).text


def test_only_an_administrator_is_asked(client: FlaskClient, author: User) -> None:
    plan(make_post(author), author)
    route = a_route()
    sign_in(client, author)
    for method in (client.get, client.post):
        assert method(f"/approval/routes/{route.public_id}/planned").status_code == 404


def test_a_route_for_a_campaign_that_does_not_exist_is_none_for_everything(
    client: FlaskClient, administrator: User
) -> None:
    sign_in(client, administrator)
    assert client.post("/approval/routes/new", data=form(campaign="nothing")).status_code == 422
    assert db.session.query(ApprovalRoute).count() == 0


def test_a_route_outlives_the_campaign_and_the_connection_that_it_is_for(
    client: FlaskClient, administrator: User
) -> None:
    campaign, account = make_campaign(), circle_account()
    route = a_route(campaign=campaign, account=account)
    campaign.cancelled_at = account.disconnected_at = NOON - timedelta(days=1)
    db.session.flush()
    sign_in(client, administrator)
    same = form(campaign=campaign.public_id, account=account.public_id, lasts="3")
    assert client.post(f"/approval/routes/{route.public_id}", data=same).status_code == 303
    assert (route.campaign, route.account, route.lasts_days) == (campaign, account, 3)

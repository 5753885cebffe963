"""Resuming on the page: who may do what, what another hold keeps back, and what still wants approval."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.approval import deciding
from campaigns.publishing import holding
from campaigns.publishing.holding import Scope
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import a_route, an_approver, request_of
from tests.campaigns.publishing.test_holding import HOUR, hold_all, planned
from tests.factories import make_staff, sign_in

ENGLISH = {"Accept-Language": "en"}


def fallen(author: User, at: datetime) -> Delivery:
    """Came due under whatever holds are on; it is two hours later now."""
    delivery = planned(author, at)
    jobs.drain(at + HOUR)
    clock.set_to(at + 2 * HOUR)
    assert delivery.state is DeliveryState.HELD
    return delivery


def test_who_plans_no_posts_resumes_and_leaves_them_to_those_who_do(
    client: FlaskClient, author: User, at: datetime
) -> None:
    hold = hold_all(author, at)
    delivery = fallen(author, at)
    sign_in(client, make_staff(Role.APPROVER, "周砚"))
    page = client.get(f"/publishing/holds/{hold.public_id}", headers=ENGLISH).text
    assert "1 post waits for a social manager." in page
    assert f"act-{delivery.public_id}" not in page

    client.post(f"/publishing/holds/{hold.public_id}", data={f"act-{delivery.public_id}": "cancel"})
    assert (hold.is_on(clock.now()), delivery.state) == (False, DeliveryState.HELD)
    sign_in(client, author)
    assert f"act-{delivery.public_id}" in client.get("/publishing/holds").text


def test_what_another_hold_keeps_back_stays_held_and_says_so(client: FlaskClient, author: User, at: datetime) -> None:
    holding.begin(Scope.ACCOUNT, "账号在换密码", by=author, at=at, account=circle_account())
    hold = hold_all(author, at)
    delivery = fallen(author, at)
    sign_in(client, author)
    client.post(f"/publishing/holds/{hold.public_id}", data={f"act-{delivery.public_id}": "now"}, headers=ENGLISH)
    assert delivery.state is DeliveryState.HELD
    page = client.get("/publishing/holds", headers=ENGLISH).text
    assert "Another hold keeps it back: 账号在换密码" in page
    assert "is settled" not in page


def test_what_goes_out_hours_after_it_was_approved_for_waits_and_says_so(
    client: FlaskClient, author: User, at: datetime
) -> None:
    a_route()
    delivery, approver = planned(author, at), an_approver()
    request = request_of(delivery)
    deciding.approve(request, by=approver, seen=request.seen, at=at)
    hold = hold_all(author, at)
    jobs.drain(at + HOUR)
    clock.set_to(at + 3 * HOUR)
    sign_in(client, author)
    client.post(f"/publishing/holds/{hold.public_id}", data={"act-all": "now"}, headers=ENGLISH)
    assert delivery.state is DeliveryState.IN_REVIEW
    assert "1 of them waits for approval first." in client.get("/publishing/holds", headers=ENGLISH).text


def test_a_hold_that_is_over_is_not_resumed_again(client: FlaskClient, author: User, at: datetime) -> None:
    hold = hold_all(author, at, until=at + HOUR)
    clock.set_to(at + 2 * HOUR)
    sign_in(client, author)
    assert client.get(f"/publishing/holds/{hold.public_id}").headers["Location"].endswith("/publishing/holds")
    client.post(f"/publishing/holds/{hold.public_id}", headers=ENGLISH)
    assert (hold.released_at, hold.ended_at) == (None, at + HOUR)
    assert "This hold was over already." in client.get("/publishing/holds", headers=ENGLISH).text


def test_earlier_holds_go_on_page_by_page(
    client: FlaskClient, author: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "PAGE", 2)
    for number in range(3):
        hold = holding.begin(Scope.EVERYTHING, f"第{number}次", by=author, at=at + number * HOUR)
        holding.release(hold, by=author, at=at + number * HOUR + HOUR / 2)
    clock.set_to(at + 4 * HOUR)
    sign_in(client, author)
    first, second = client.get("/publishing/holds").text, client.get("/publishing/holds?page=2").text
    assert [name in first for name in ("第0次", "第1次", "第2次")] == [False, True, True]
    assert [name in second for name in ("第0次", "第1次", "第2次")] == [True, False, False]
    assert client.get("/publishing/holds?page=-7").status_code == 200

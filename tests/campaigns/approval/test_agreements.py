"""What the receipt says of approval: who agreed, when, and to which words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flask.testing import FlaskClient

from campaigns.approval import binding, deciding
from campaigns.posts.writing import Draft, save
from campaigns.publishing import findings, preflight, receipts
from campaigns.publishing.findings import Word
from campaigns.publishing.models import DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from tests.campaigns.approval.factories import a_route, asked, delivery_of, request_of
from tests.factories import sign_in

ENGLISH = {"Accept-Language": "en"}


def test_the_receipt_tells_who_agreed_to_which_words_and_what_was_sent(
    client: FlaskClient, author: User, approver: User, at: datetime
) -> None:
    a_route()
    first = asked(author, "第一版")
    deciding.approve(first, by=approver, seen=first.seen, at=at)
    delivery = delivery_of(first)
    save(delivery.post, Draft(text="短"), revision=delivery.post.revision, by=author, at=at)
    second = request_of(delivery)
    deciding.approve(second, by=approver, seen=second.seen, at=at + timedelta(minutes=1))
    jobs.drain(at + timedelta(hours=24))
    assert delivery.state is DeliveryState.PUBLISHED

    said = json.loads(receipts.as_json(receipts.receipt_of(delivery, at)))
    assert [(one["who"], one["texts"]) for one in said["agreements"]] == [("周砚", ["第一版"]), ("周砚", ["短"])]
    (part,) = said["parts"]
    assert (part["text"], part["url"].partition("://")[0]) == ("短", "http")

    sign_in(client, author)
    page = client.get(f"{delivery.url}/receipt", headers=ENGLISH).text
    assert page.count("What was seen") == 2
    assert "第一版" in page


def test_what_was_sent_back_at_the_last_moment_is_told_in_words(
    client: FlaskClient, author: User, approver: User, at: datetime
) -> None:
    a_route()
    request = asked(author)
    deciding.approve(request, by=approver, seen=request.seen, at=at)
    delivery = delivery_of(request)
    binding.send_back(delivery, at)
    clock.set_to(at + timedelta(minutes=1))
    sign_in(client, author)
    page = client.get(delivery.url, headers=ENGLISH).text
    assert "approval.sent_back" not in page
    assert "waits for approval again" in page


def test_an_approval_that_ends_before_its_post_goes_out_is_found_in_time(
    author: User, approver: User, at: datetime
) -> None:
    a_route(lasts_days=2)
    soon, late = asked(author, "明天的茶", hours=24), asked(author, "大后天的茶", hours=72)
    for request in (soon, late):
        deciding.approve(request, by=approver, seen=request.seen, at=at)
        preflight.check(delivery_of(request).id, at, asked=True)
    assert [finding.word for finding in findings.open_of(delivery_of(soon))] == []
    assert [finding.word for finding in findings.open_of(delivery_of(late))] == [Word.RUNS_OUT]

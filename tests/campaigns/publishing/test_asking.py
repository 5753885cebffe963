"""What is asked outside before something goes out: the network at both looks, the links, and what is dead only once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.links.making import make_link
from campaigns.posts.models import PostVariant
from campaigns.publishing import preflight
from campaigns.publishing.findings import Word, open_of
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.jobs.models import Job
from commons.outbound import Policy
from community.channels.outcomes import Ambiguous, SignIn
from tests.campaigns.publishing.running import run
from tests.campaigns.publishing.scripted import HOUR, Scripted, planned_there
from tests.campaigns.publishing.test_preflight import DAY, found, planned
from tests.commons.outbound.far_end import FarEnd, far_end, says

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def broken_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarEnd]:
    """A page that answers, with an error."""
    with far_end(says(status="500 Oh")) as server:
        monkeypatch.setitem(app.extensions, "outbound", Policy(frozenset({("127.0.0.1", server.port)})))
        yield server


def test_the_network_is_asked_a_day_before_and_half_an_hour_before(
    author: User, at: datetime, network: Scripted
) -> None:
    due = at + 3 * DAY
    delivery = planned_there(author, at, due=due)
    network.refreshes = [{"facts": {"characters": 5}}, {"facts": {"characters": 500}}]
    jobs.drain(due - DAY)
    assert found(delivery) == [Word.LACKING]
    jobs.drain(due - HALF_HOUR)
    assert (found(delivery), network.refreshes) == ([], [])


def test_a_revoked_sign_in_is_found_a_day_before(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at, due=at + 3 * DAY)
    network.refreshes = [SignIn("the token was revoked")]
    jobs.drain(at + 2 * DAY)
    assert found(delivery) == [Word.SIGN_IN]


def test_a_network_that_counts_questions_is_not_asked_for_each_post(
    author: User, at: datetime, network: Scripted
) -> None:
    for minutes in (0, 20, 40):
        planned_there(author, at, due=at + 3 * DAY + timedelta(minutes=minutes))
    network.refreshes = [{}, {}, {}]
    for minutes in (0, 20, 40):
        jobs.drain(at + 2 * DAY + timedelta(minutes=minutes))
    assert len(network.refreshes) == 2


def test_what_is_dead_is_waited_for_once_however_many_posts_ask(
    author: User, at: datetime, network: Scripted, broken_page: FarEnd
) -> None:
    link = make_link(broken_page.url(), by=author, at=at)
    link.check_due_at = at + 9 * DAY  # the daily look at links is another
    deliveries = [planned_there(author, at, due=at + 3 * DAY, link=link) for _ in range(3)]
    network.refreshes = [Ambiguous("timed out"), Ambiguous("timed out")]
    jobs.drain(at + 2 * DAY)
    assert all({Word.LINK, Word.NO_ANSWER} <= set(found(delivery)) for delivery in deliveries)
    assert (len(broken_page.requests), len(network.refreshes)) == (1, 1)


def test_whoever_asks_is_answered_anew(author: User, at: datetime, broken_page: FarEnd) -> None:
    delivery = planned(author, at, link=make_link(broken_page.url(), by=author, at=at))
    for _ in range(2):
        preflight.check(delivery.id, at, asked=True)
    assert len(broken_page.requests) == 2


def test_addresses_in_the_text_are_asked_too_as_the_channel_gets_it(author: User, at: datetime) -> None:
    delivery = planned(author, at, text="全文见 http://no-such-name.invalid/tea。")
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == [Word.ADDRESS]
    assert open_of(delivery)[0].about["address"] == "http://no-such-name.invalid/tea"
    (variant,) = delivery.post.variants
    assert isinstance(variant, PostVariant)
    variant.text = "全文见置顶。"
    preflight.check(delivery.id, at, asked=True)
    assert found(delivery) == []


def test_what_is_read_back_keeps_neither_posts_nor_letters_waiting(
    author: User, at: datetime, network: Scripted
) -> None:
    planned_there(author, at)
    run(at + HOUR, 0)
    assert db.session.query(Job).filter_by(name="publishing.look").one().queue == "looking"


def test_a_network_that_is_down_is_asked_once_for_all_that_is_to_be_read_back(
    author: User, at: datetime, network: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        planned_there(author, at)
    run(at + HOUR, 0)
    asked: list[object] = []

    def fail(*call: object) -> str:
        asked.append(call)
        raise Ambiguous("timed out")

    monkeypatch.setattr(network, "look", fail)
    run(at + HOUR, 60)
    assert len(asked) == 1

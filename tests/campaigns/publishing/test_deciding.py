"""What a person does about a post of which nobody knows whether it is out, or of which only a half is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from campaigns.publishing import deciding
from campaigns.publishing.deciding import Decided, NotThere
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons import events
from commons.accounts.models import User
from commons.db import db
from community.channels.outcomes import Ambiguous, Rejected
from tests.campaigns.publishing.running import outcomes, run
from tests.campaigns.publishing.scripted import HOUR, Arrived, Scripted, planned_there

LIVE = "https://far.example/@brand/77"


@pytest.fixture
def unknown(author: User, at: datetime, network: Scripted) -> Delivery:
    """It may have arrived, was looked for three times and not seen."""
    network.sends = [Ambiguous("timed out")]
    delivery = planned_there(author, at, more=["二"])
    run(at + HOUR)
    assert delivery.state is DeliveryState.UNKNOWN
    return delivery


def told(delivery: Delivery) -> list[str]:
    return [event.kind for event in events.of_subject(delivery)]


def test_a_pasted_link_makes_the_part_stand_and_the_rest_goes_on(
    unknown: Delivery, author: User, at: datetime, network: Scripted
) -> None:
    later = at + 5 * HOUR
    deciding.it_is_live(unknown, f" {LIVE} ", by=author, at=later)
    run(later, 0)
    assert (unknown.state, [text for _key, text in network.posts]) == (DeliveryState.PUBLISHED, ["二"])
    assert unknown.channel_post is not None
    assert unknown.channel_post.url == LIVE
    assert "post.said_live" in told(unknown)


def test_what_a_person_found_counts_from_when_it_was_sent(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Ambiguous("timed out")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    deciding.it_is_live(delivery, LIVE, by=author, at=at + 9 * HOUR)
    assert (delivery.state, delivery.lateness) == (DeliveryState.PUBLISHED, 0.0)


@pytest.mark.parametrize(
    "url",
    [
        "", "far.example/77", "ftp://far.example/77", "javascript:alert(1)", "https://far.example.evil.net/77",
        "https://elsewhere.example/77", "https://me@far.example/77", "https://far.example:99999/7", "https://x/" + "a" * 600,
    ],
)  # fmt: skip
def test_only_an_address_on_the_network_is_taken(unknown: Delivery, author: User, at: datetime, url: str) -> None:
    with pytest.raises(NotThere):
        deciding.it_is_live(unknown, url, by=author, at=at + 2 * HOUR)
    assert unknown.state is DeliveryState.UNKNOWN


def test_what_is_not_there_is_sent_again(unknown: Delivery, author: User, at: datetime, network: Scripted) -> None:
    later = at + 5 * HOUR
    deciding.it_is_not_there(unknown, by=author, at=later)
    run(later, 0)
    assert (unknown.state, len(network.posts)) == (DeliveryState.PUBLISHED, 2)
    assert outcomes(unknown)[4] == "find denied"


def test_what_is_sent_again_may_wait_for_its_turn_once_more(
    unknown: Delivery, author: User, at: datetime, network: Scripted
) -> None:
    later = at + 5 * HOUR
    network.sends = [Arrived(Ambiguous("timed out"))]
    deciding.it_is_not_there(unknown, by=author, at=later)
    run(later)
    assert (unknown.state, len(network.posts)) == (DeliveryState.PUBLISHED, 2)


def test_checking_again_only_looks(unknown: Delivery, author: User, at: datetime, network: Scripted) -> None:
    later = at + 5 * HOUR
    deciding.check_again(unknown, by=author, at=later)
    run(later, 0)
    assert (unknown.state, network.posts) == (DeliveryState.UNKNOWN, [])
    assert [kind for kind, _key in network.calls].count("send") == 1


def test_checking_again_finds_what_has_shown_up_since(
    unknown: Delivery, author: User, at: datetime, network: Scripted
) -> None:
    later = at + 5 * HOUR
    network.posts.append((f"{unknown.public_id}-1", unknown.post.text))
    deciding.check_again(unknown, by=author, at=later)
    run(later, 0)
    assert (unknown.state, len(network.posts)) == (DeliveryState.PUBLISHED, 2)


@pytest.mark.parametrize("act", [deciding.it_is_not_there, deciding.check_again])
def test_the_second_of_two_is_told_that_it_is_settled(
    unknown: Delivery, author: User, at: datetime, act: object
) -> None:
    deciding.it_is_not_there(unknown, by=author, at=at + 2 * HOUR)
    with pytest.raises(Decided):
        act(unknown, by=author, at=at + 2 * HOUR)  # type: ignore[operator]
    assert db.session.query(Attempt).filter_by(delivery_id=unknown.id, outcome="denied").count() == 1


@pytest.fixture
def half(author: User, at: datetime, network: Scripted) -> Delivery:
    network.sends = [None, Rejected("no")]
    delivery = planned_there(author, at, more=["二", "三"])
    run(at + HOUR)
    assert delivery.state is DeliveryState.PARTIAL
    return delivery


def test_the_rest_of_a_half_can_be_sent(half: Delivery, author: User, at: datetime, network: Scripted) -> None:
    deciding.send_the_rest(half, by=author, at=at + 5 * HOUR)
    run(at + 5 * HOUR, 0)
    assert (half.state, len(network.posts)) == (DeliveryState.PUBLISHED, 3)


def test_the_rest_may_wait_for_its_turn(half: Delivery, author: User, at: datetime, network: Scripted) -> None:
    from community.channels.outcomes import RateLimited

    later = at + 5 * HOUR
    network.sends = [RateLimited("slow", until=later + timedelta(minutes=5))]
    deciding.send_the_rest(half, by=author, at=later)
    run(later)
    assert (half.state, len(network.posts)) == (DeliveryState.PUBLISHED, 3)


def test_a_half_can_be_left_and_asks_nobody_any_more(half: Delivery, author: User, at: datetime) -> None:
    from campaigns.publishing import today

    assert today.attention_panel(author, at + 2 * HOUR) is not None
    deciding.leave_it_so(half, by=author, at=at + 2 * HOUR)
    deciding.leave_it_so(half, by=author, at=at + 3 * HOUR)
    assert (half.state, half.reason) == (DeliveryState.PARTIAL, "left")
    assert half.channel_post is not None
    assert told(half).count("post.left_so") == 1
    assert today.attention_panel(author, at + 2 * HOUR) is None

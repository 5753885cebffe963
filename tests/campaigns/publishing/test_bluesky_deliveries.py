"""Posts on their way to Bluesky, from the plan to where they stand: whatever breaks on the way, each stands there once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.publishing import deciding, rows, sending
from campaigns.publishing.models import Delivery, DeliveryPart, DeliveryState
from commons.accounts.models import User
from commons.db import db
from community.channels import accounts, connecting
from tests.campaigns.publishing.running import outcomes, planned_on, run
from tests.campaigns.publishing.scripted import HOUR
from tests.community.channels.bluesky_server import DID, HANDLE, BlueskyServer
from tests.community.channels.contract import let_in


@pytest.fixture
def bluesky(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server


def planned(server: BlueskyServer, by: User, at: datetime, **changes: Any) -> Delivery:
    """A post with a picture, due in an hour."""
    return planned_on(server, "bluesky", by, at, "春茶到了 #龙井", pictures=1, **changes)


def test_a_thread_goes_out_with_its_picture_and_first_comment(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    delivery = planned(bluesky, author, at, more=["第二段"], first_comment="有问题在这里问")
    run(at + HOUR, 2)
    assert (delivery.state, delivery.lateness) == (DeliveryState.PUBLISHED, 2.0)
    assert [record["text"] for record in bluesky.records.values()] == ["春茶到了 #龙井", "第二段", "有问题在这里问"]
    assert delivery.channel_post is not None
    assert delivery.channel_post.url.startswith(f"https://bsky.app/profile/{HANDLE}/post/")
    parts = db.session.scalars(select(DeliveryPart).order_by(DeliveryPart.number)).all()
    assert [part.request["rkey"] for part in parts] == list(bluesky.records)


@pytest.mark.parametrize("mode", ["drop_after", "error_after", "nonsense_after", "drop_before", "error_before"])
def test_after_an_unclear_end_the_same_record_is_written_again_and_stands_once(
    author: User, at: datetime, bluesky: BlueskyServer, mode: str
) -> None:
    bluesky.misbehave(mode, times=2)
    delivery = planned(bluesky, author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "send ambiguous", "send published"]
    assert (delivery.state, bluesky.writes) == (DeliveryState.PUBLISHED, 1)


def test_a_limit_is_waited_for(author: User, at: datetime, bluesky: BlueskyServer) -> None:
    bluesky.limit = 0
    delivery = planned(bluesky, author, at)
    run(at + HOUR, 0, 60, 240)
    assert outcomes(delivery) == ["send rate"]
    bluesky.limit = 10
    run(at + HOUR, 301)
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_revoked_app_password_fails_it_and_says_so_at_the_account(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    bluesky.password_holds = False
    delivery = planned(bluesky, author, at)
    run(at + HOUR)
    assert delivery.state is DeliveryState.FAILED
    assert delivery.account.trouble == delivery.reason != ""
    assert bluesky.records == {}


def test_what_was_planned_before_a_disconnection_goes_out_after_a_reconnection(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    delivery = planned(bluesky, author, at)
    connecting.disconnect(delivery.account, by=author, at=at)
    again = accounts.accept(bluesky.connection(), "bluesky", at)
    assert again.id == delivery.account_id
    run(at + HOUR, 0)
    assert delivery.state is DeliveryState.PUBLISHED


def test_what_comes_due_while_disconnected_fails_in_words(author: User, at: datetime, bluesky: BlueskyServer) -> None:
    delivery = planned(bluesky, author, at)
    connecting.disconnect(delivery.account, by=author, at=at)
    run(at + HOUR)
    assert (delivery.state, bluesky.records) == (DeliveryState.FAILED, {})
    assert delivery.reason


def unknown(server: BlueskyServer, by: User, at: datetime) -> Delivery:
    """Two parts are frozen, and nobody knows about the first."""
    delivery = planned(server, by, at, more=["第二段"])
    delivery.state, delivery.lease = DeliveryState.PUBLISHING, "claimed"
    db.session.commit()
    step = sending.begin(delivery.id, at)
    assert step is not None
    sending.settle(step, sending.carry_out(step, at), at)
    delivery.state, delivery.lease, delivery.lease_until = DeliveryState.UNKNOWN, None, None
    db.session.commit()
    return delivery


@pytest.mark.parametrize("whose", [HANDLE, DID])
def test_a_thread_goes_on_from_a_pasted_link(author: User, at: datetime, bluesky: BlueskyServer, whose: str) -> None:
    delivery = unknown(bluesky, author, at)
    first = rows.parts_of(delivery)[0].request
    bluesky.records[first["rkey"]] = first["record"]
    link = f"https://bsky.app/profile/{whose}/post/{first['rkey']}"
    deciding.it_is_live(delivery, link, by=author, at=at)
    run(at, 0)
    assert delivery.state is DeliveryState.PUBLISHED
    above = {"uri": f"at://{DID}/app.bsky.feed.post/{first['rkey']}", "cid": bluesky.version(first["rkey"])}
    assert [record.get("reply") for record in bluesky.records.values()] == [None, {"root": above, "parent": above}]
    assert rows.parts_of(delivery)[0].url == link


def test_a_pasted_link_to_what_is_not_there_leaves_the_rest_with_a_reason(
    author: User, at: datetime, bluesky: BlueskyServer
) -> None:
    delivery = unknown(bluesky, author, at)
    deciding.it_is_live(delivery, f"https://bsky.app/profile/{HANDLE}/post/3mekfv2kxyz2a", by=author, at=at)
    run(at, 0)
    assert delivery.state is DeliveryState.PARTIAL
    assert "Bluesky" in delivery.reason


@pytest.mark.parametrize("page", ["friend.test/post/3mekfv2kxyz2a", HANDLE])
def test_a_pasted_link_to_something_else_is_refused(
    author: User, at: datetime, bluesky: BlueskyServer, page: str
) -> None:
    delivery = unknown(bluesky, author, at)
    with pytest.raises(deciding.NotThere):
        deciding.it_is_live(delivery, f"https://bsky.app/profile/{page}", by=author, at=at)
    assert delivery.state is DeliveryState.UNKNOWN

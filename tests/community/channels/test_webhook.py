"""Webhooks: what the receiver gets, how it knows that it is genuine, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from commons import clock
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, CannotTell, NotSent, RateLimited, Rejected, SignIn
from community.channels.protocol import FOR_EVER, Call, Media, Outgoing, Part, Sent
from community.channels.webhook import Webhook
from tests.community.channels.contract import Reply, let_in
from tests.community.channels.sending import account_of
from tests.community.channels.webhook_receiver import WebhookReceiver

channel = Webhook()
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def receiver(outside: Flask) -> Iterator[WebhookReceiver]:
    clock.set_to(AT)
    outside.config["BASE_URL"] = "https://tea.example"
    with WebhookReceiver() as server:
        let_in(outside, server)
        yield server


@pytest.fixture
def account(receiver: WebhookReceiver) -> ChannelAccount:
    """Connected, and the receiver has been given the secret."""
    return connected(receiver)


def connected(receiver: WebhookReceiver, **values: str) -> ChannelAccount:
    typed = {"name": "公告板", "url": f"{receiver.url}/posts?token=x", **values}
    connection = channel.connect(typed, AT)
    receiver.secret = connection.reveal
    return account_of(connection, "webhook")


def outgoing(**changes: Any) -> Outgoing:
    picture = Media(1, "一杯茶", "aa/full", "image/jpeg", "f" * 64, 1000, 400, 300, "/media/abc/2560")
    usual: dict[str, Any] = {"text": "春茶到了", "pictures": (picture,), "link_slug": "s", "campaign_id": None}
    return Outgoing(**{**usual, "author_name": "阿岚", "key": "k1", "link_url": "https://tea.example/l/s", **changes})


def send_all(account: ChannelAccount, post: Outgoing) -> list[Sent]:
    sent: list[Sent] = []
    for request in channel.freeze(account, post, AT):
        sent.append(channel.send(account, Call(request, tuple(sent), AT), AT))
    return sent


def test_a_post_arrives_signed_with_all_that_belongs_to_it(account: ChannelAccount, receiver: WebhookReceiver) -> None:
    first, _second, comment = send_all(account, outgoing(more=(Part("第二段"),), first_comment="在这里"))
    bodies = list(receiver.posts.values())
    assert [(body["part"], body["of"], body["comment"]) for body in bodies] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, True),
    ]
    assert bodies[0]["text"] == "春茶到了\n\nhttps://tea.example/l/s"
    (picture,) = bodies[0]["media"]
    assert (picture["url"], picture["alt"], picture["sha256"]) == (
        "https://tea.example/media/abc/2560",
        "一杯茶",
        "f" * 64,
    )
    assert bodies[1]["earlier"] == [{"id": "post-1", "url": "https://board.example/1"}]
    assert (first.external_id, first.url) == ("k1-1", "https://board.example/1")
    assert (comment.external_id, comment.details) == ("k1-3", {"id": "post-3"})


def test_a_receiver_may_call_all_its_posts_the_same(
    account: ChannelAccount, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [{"id": 0}, {"id": "x" * 5000, "url": f"https://board.example/{'y' * 5000}"}, {"id": "a\x00b"}]
    answers = iter(said)
    monkeypatch.setattr(receiver, "answer", lambda request: Reply(next(answers)))
    sent = send_all(account, outgoing(more=(Part("二"), Part("三"))))
    assert [(one.external_id, one.url, one.details) for one in sent] == [
        ("k1-1", "", {"id": "0"}), ("k1-2", "", {}), ("k1-3", "", {}),
    ]  # fmt: skip
    assert "\x00" not in "".join(one.answer for one in sent)


def test_the_secret_is_shown_once_and_stands_in_no_address(receiver: WebhookReceiver) -> None:
    connection = channel.connect({"name": "公告板", "url": f"{receiver.url}/posts?token=x"}, AT)
    assert connection.reveal.startswith("whsec_")
    assert connection.address == f"{receiver.url}/posts"
    assert (
        connection.external_id
        == channel.connect({"name": "Board", "url": f"{receiver.url}/posts?token=x"}, AT).external_id
    )


def test_a_signature_that_does_not_fit_is_a_matter_for_a_person(
    account: ChannelAccount, receiver: WebhookReceiver
) -> None:
    assert channel.refresh(account, AT).name == "公告板"
    receiver.secret = "whsec_" + "QUFB" * 8
    with pytest.raises(SignIn):
        channel.refresh(account, AT)
    with pytest.raises(Rejected):
        send_all(account, outgoing())
    assert receiver.posts == {}


def test_whether_it_may_be_repeated_is_the_receivers_promise(receiver: WebhookReceiver) -> None:
    assert channel.facts_of(connected(receiver)).safe_retry is None
    assert channel.facts_of(connected(receiver, drops_repeats="yes")).safe_retry is FOR_EVER


def test_the_same_key_comes_with_every_try(account: ChannelAccount, receiver: WebhookReceiver) -> None:
    (request,) = channel.freeze(account, outgoing(), AT)
    receiver.misbehave("drop_after")
    with pytest.raises(Ambiguous):
        channel.send(account, Call(request, (), AT), AT)
    channel.send(account, Call(request, (), AT), AT + timedelta(seconds=30))
    assert list(receiver.posts) == ["k1-1"]


@pytest.mark.parametrize(
    ("status", "trouble"), [(400, Rejected), (410, Rejected), (500, Ambiguous), (503, Ambiguous), (302, Ambiguous)]
)
def test_what_a_status_means(
    account: ChannelAccount, receiver: WebhookReceiver, status: int, trouble: type[Exception]
) -> None:
    receiver.refuses = status
    with pytest.raises(trouble):
        send_all(account, outgoing())


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("120", AT + timedelta(seconds=120)),
        ("Sun, 01 Mar 2026 12:05:00 GMT", AT + timedelta(minutes=5)),
        ("9999999", AT + timedelta(hours=1)),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
def test_too_much_says_when_to_try_again(
    account: ChannelAccount, receiver: WebhookReceiver, words: str, until: datetime | None
) -> None:
    receiver.refuses, receiver.retry_after = 429, words
    with pytest.raises(RateLimited) as refusal:
        send_all(account, outgoing())
    assert refusal.value.until == until


def test_an_answer_without_sense_is_an_answer_all_the_same(account: ChannelAccount, receiver: WebhookReceiver) -> None:
    receiver.misbehave("nonsense_after")
    (sent,) = send_all(account, outgoing())
    assert (sent.external_id, sent.url) == ("k1-1", "")


def test_a_webhook_cannot_be_asked(account: ChannelAccount) -> None:
    with pytest.raises(CannotTell):
        channel.look(account, Sent("post-1"))
    account.credentials = None
    with pytest.raises(SignIn):
        channel.refresh(account, AT)


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("http://tea.example/posts", Rejected),
        ("ftp://tea.example", Rejected),
        ("not an address", Rejected),
        ("https://nowhere.invalid/posts", NotSent),
        ("https://192.168.1.1/posts", NotSent),
    ],
)
def test_connecting_to_a_wrong_address_says_so(outside: Flask, url: str, trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        channel.connect({"name": "公告板", "url": url}, AT)


@pytest.mark.parametrize("status", [301, 308, 404, 500])
def test_a_place_that_takes_nothing_is_not_connected(receiver: WebhookReceiver, status: int) -> None:
    receiver.refuses = status
    with pytest.raises(Rejected):
        channel.connect({"name": "公告板", "url": f"{receiver.url}/posts"}, AT)

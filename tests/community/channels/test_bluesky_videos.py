"""A video on Bluesky: made ready by its video service first, then named in a record that is the same at every try."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from commons import clock
from commons.media.store import store
from community.channels import accounts
from community.channels.bluesky import Bluesky, videos
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, MediaPending, NotSent, RateLimited, Rejected, Trouble
from community.channels.protocol import Media
from tests.community.channels.bluesky_server import UPLOAD_VIDEO, BlueskyServer
from tests.community.channels.contract import Reply, let_in
from tests.community.channels.sending import Sender, a_medium, outgoing

channel = Bluesky()


@pytest.fixture
def server(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueskyServer]:
    with BlueskyServer() as far_end:
        let_in(app, far_end, until=monkeypatch)
        monkeypatch.setattr(videos, "SERVICE", far_end.url)
        yield far_end


@pytest.fixture
def account(server: BlueskyServer) -> ChannelAccount:
    return accounts.apart(accounts.accept(server.connection(), "bluesky", clock.now()))


def a_video(content: bytes = b"a film of tea") -> Media:
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:]}/video"
    store().write(key, content)
    return Media(1, "茶在杯中舒展", key, "video/mp4", digest, len(content), 1080, 1920)


def sender(account: ChannelAccount, **changes: Any) -> Sender:
    return Sender(channel, account, outgoing("看茶", **{"video": a_video(), **changes}))


def embed_of(server: BlueskyServer) -> Mapping[str, Any]:
    (record,) = server.records.values()
    embed: Mapping[str, Any] = record["embed"]
    return embed


def trouble_with(account: ChannelAccount) -> Trouble:
    return sender(account).trouble()


@pytest.mark.parametrize("kept_elsewhere", [True, False])
def test_a_video_stands_there_with_its_words_and_its_shape(
    account: ChannelAccount, server: BlueskyServer, kept_elsewhere: bool
) -> None:
    server.kept_elsewhere = kept_elsewhere
    sender(account).send()
    embed = embed_of(server)
    assert (embed["$type"], embed["alt"]) == ("app.bsky.embed.video", "茶在杯中舒展")
    assert embed["aspectRatio"] == {"width": 1080, "height": 1920}
    assert embed["video"] in server.blobs.values()


def test_a_video_that_is_worked_on_is_waited_for_and_handed_over_once(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    server.looks = 2
    post = sender(account)
    waits = [post.trouble(), post.trouble()]
    assert [type(wait) for wait in waits] == [MediaPending, MediaPending]
    assert isinstance(waits[0], MediaPending)
    assert waits[0].until is not None
    assert waits[0].until > clock.now()
    assert server.records == {}
    post.send()
    assert server.count(UPLOAD_VIDEO) == 1
    assert embed_of(server)["video"] in server.blobs.values()


@pytest.mark.parametrize("mode", ["drop_after", "error_after", "nonsense_after"])
def test_whoever_hands_it_over_again_gets_the_one_that_is_there(
    account: ChannelAccount, server: BlueskyServer, mode: str
) -> None:
    server.misbehave(mode, where=UPLOAD_VIDEO)
    post = sender(account)
    assert isinstance(post.trouble(), NotSent)
    post.send()
    assert (len(server.jobs), len(server.records)) == (1, 1)


@pytest.mark.parametrize("mode", ["drop_after", "error_after", "nonsense_after"])
def test_after_an_unclear_end_the_same_record_is_written_again(
    account: ChannelAccount, server: BlueskyServer, mode: str
) -> None:
    server.misbehave(mode)
    post = sender(account)
    assert isinstance(post.trouble(), Ambiguous)
    post.send()
    assert (server.writes, server.count(UPLOAD_VIDEO)) == (1, 1)


def test_a_job_that_is_forgotten_there_is_begun_anew(account: ChannelAccount, server: BlueskyServer) -> None:
    server.looks = 1
    post = sender(account)
    assert isinstance(post.trouble(), MediaPending)
    server.jobs.clear()
    server.looks = 0
    assert isinstance(post.trouble(), NotSent)
    post.send()
    assert server.count(UPLOAD_VIDEO) == 2


def test_what_the_service_refuses_is_said_in_its_words_and_nothing_is_posted(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    server.bad_video = "Video is longer than allowed"
    refusal = trouble_with(account)
    server.no_videos, server.jobs = "Confirm your email first", {}
    other = trouble_with(account)
    assert (type(refusal), type(other)) == (Rejected, Rejected)  # not a sign-in: text may still be posted
    assert "longer than allowed" in refusal.words
    assert "Confirm your email" in other.words
    assert server.records == {}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reply({}), NotSent),
        (Reply([1]), NotSent),
        (Reply({"jobId": 7}), NotSent),
        (Reply({"jobId": "j", "blob": {"ref": "x"}}), MediaPending),
        (Reply({"error": "RateLimitExceeded"}, 429), RateLimited),
        (Reply({"error": "x"}, 503), NotSent),
    ],
)
def test_an_answer_without_sense_is_none(
    account: ChannelAccount, server: BlueskyServer, monkeypatch: pytest.MonkeyPatch, answer: Reply, kind: type[Trouble]
) -> None:
    usual = server.answer
    monkeypatch.setattr(
        server, "answer", lambda request: answer if request.path.endswith(UPLOAD_VIDEO) else usual(request)
    )
    assert type(trouble_with(account)) is kind
    assert server.records == {}


def test_a_video_and_pictures_do_not_go_together_and_a_video_that_is_gone_is_said_to_be(
    account: ChannelAccount, server: BlueskyServer
) -> None:
    with pytest.raises(Rejected):
        sender(account, pictures=(a_medium(),))
    post = sender(account)
    store().path(a_video().key).unlink()
    assert isinstance(post.trouble(), Rejected)

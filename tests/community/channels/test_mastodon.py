"""Mastodon against an instance that keeps to the documentation, and sometimes does not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from flask import Flask

from commons import clock
from community.channels.mastodon import Mastodon
from community.channels.mastodon.finding import text_of
from community.channels.models import ChannelAccount
from community.channels.outcomes import (
    Ambiguous,
    CannotTell,
    MediaPending,
    NotSent,
    RateLimited,
    Rejected,
    SignIn,
)
from community.channels.protocol import Media, Part
from tests.community.channels.contract import Reply, let_in
from tests.community.channels.mastodon_server import MastodonServer, as_html
from tests.community.channels.sending import Sender, a_medium, account_of, outgoing
from tests.factories import NOON
from tests.servers.processes import await_true

LINK = "https://tea.example/l/a-very-long-slug-that-is-cut-for-the-eye?utm_source=mastodon"


@pytest.fixture
def server(outside: Flask) -> Iterator[MastodonServer]:
    clock.set_to(NOON)
    with MastodonServer() as server:
        let_in(outside, server)
        yield server


@pytest.fixture
def account(server: MastodonServer) -> ChannelAccount:
    return account_of(Mastodon().connect({"address": server.url, "token": "good-token"}, NOON), "mastodon")


def sender(account: ChannelAccount, text: str = "龙井开团", **changes: object) -> Sender:
    return Sender(Mastodon(), account, outgoing(text, **changes))


def test_a_post_goes_out_with_all_that_was_written(server: MastodonServer, account: ChannelAccount) -> None:
    picture = a_medium("一杯茶")
    sent = sender(
        account, pictures=(picture,), link_url=LINK, content_warning="有图", language="zh-Hans", key="k1"
    ).send()
    (post,) = server.posts
    assert (post.text, post.spoiler_text, post.language, post.visibility) == (
        f"龙井开团\n\n{LINK}",
        "有图",
        "zh",
        "public",
    )
    (medium,) = server.media.values()
    assert (medium.description, medium.size, medium.media_type, medium.status_id) == (
        "一杯茶",
        picture.size,
        "image/jpeg",
        post.id,
    )
    assert (sent.external_id, sent.url) == (post.id, f"{server.url}/@tea/{post.id}")
    assert "Bearer" not in sent.answer


def test_a_thread_answers_itself_and_the_comment_answers_its_beginning(
    server: MastodonServer, account: ChannelAccount
) -> None:
    thread = sender(account, "一", more=(Part("二"), Part("三")), first_comment="评论")
    assert [request.get("comment", False) for request in thread.requests] == [False, False, False, True]
    ids = [sent.external_id for sent in thread.send_all()]
    assert [post.in_reply_to_id for post in server.posts] == [None, ids[0], ids[1], ids[0]]


def test_sending_again_within_the_hour_gives_the_same_post(server: MastodonServer, account: ChannelAccount) -> None:
    server.misbehave("drop_after")
    post = sender(account, pictures=(a_medium(),))
    assert isinstance(post.trouble(), Ambiguous)
    assert post.send().external_id == server.posts[0].id
    assert len(server.posts) == 1
    assert server.count("/api/v2/media") == 1


def test_after_the_hour_it_would_be_a_second_post_so_it_is_looked_for(
    server: MastodonServer, account: ChannelAccount
) -> None:
    server.misbehave("error_after")
    text = f"@friend@tea.example 看 <这里> & 那里：{LINK}\n第二行\n\n第三行"
    post = sender(account, text)
    assert isinstance(post.trouble(), Ambiguous)
    server.advance(minutes=61)
    found = post.find()
    assert found is not None
    assert found.external_id == server.posts[0].id
    post.send()
    assert len(server.posts) == 2


def test_two_at_the_same_time_are_two_posts(server: MastodonServer, account: ChannelAccount) -> None:
    """What the lease of a delivery is for: the key does not cover this."""
    server.working_seconds = 0.3
    post: dict[str, Any] = {
        "data": {"status": "一"},
        "headers": {"Authorization": "Bearer good-token", "Idempotency-Key": "k"},
    }
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(httpx.post, f"{server.url}/api/v1/statuses", trust_env=False, **post) for _ in range(2)]
    assert [answer.result().status_code for answer in answers] == [200, 200]
    assert [standing.key for standing in server.posts] == ["k", "k"]


def test_after_an_unclear_end_it_is_left_in_peace_for_as_long_as_it_may_still_be_at_it(
    server: MastodonServer, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.channels.mastodon.posting.ANSWERED_WITHIN", 0.2)
    server.working_seconds = 0.6
    trouble = sender(account).trouble()
    assert isinstance(trouble, Ambiguous)
    assert trouble.until == NOON + timedelta(minutes=1)
    await_true(lambda: len(server.posts) == 1, "the instance has made the post that nobody waited for")


def test_an_edited_post_has_another_key_and_the_same_post_the_same(account: ChannelAccount) -> None:
    first, again, edited = (sender(account, text).requests[0]["key"] for text in ("一", "一", "二"))
    assert first == again != edited


@pytest.mark.parametrize(
    ("mode", "stands"),
    [
        ("drop_before", 0), ("drop_after", 1), ("error_before", 0), ("error_after", 1),
        ("nonsense_before", 0), ("nonsense_after", 1),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_called_so(
    server: MastodonServer, account: ChannelAccount, mode: str, stands: int
) -> None:
    server.misbehave(mode)
    post = sender(account)
    assert isinstance(post.trouble(), Ambiguous)
    assert len(server.posts) == stands
    assert (post.find() is not None) == bool(stands)


def test_nobody_there_means_that_nothing_was_sent(server: MastodonServer, account: ChannelAccount) -> None:
    account.credentials = {"base": "http://127.0.0.1:9", "token": "good-token"}
    assert isinstance(sender(account).trouble(), NotSent)


def test_a_revoked_token_asks_for_a_person(server: MastodonServer, account: ChannelAccount) -> None:
    server.tokens.clear()
    assert isinstance(sender(account).trouble(), SignIn)
    with pytest.raises(SignIn):
        Mastodon().refresh(account, NOON)


def test_the_limit_says_when_it_ends(server: MastodonServer, account: ChannelAccount) -> None:
    server.limit = 0
    trouble = sender(account).trouble()
    assert isinstance(trouble, RateLimited)
    assert trouble.until == NOON + timedelta(minutes=5)


def test_a_refusal_is_in_the_words_of_the_instance(server: MastodonServer, account: ChannelAccount) -> None:
    trouble = sender(account, "字" * 501).trouble()
    assert isinstance(trouble, Rejected)
    assert "Text character limit of 500 exceeded" in trouble.words
    assert server.posts == []


def test_a_file_that_takes_a_while_is_waited_for_and_uploaded_once(
    server: MastodonServer, account: ChannelAccount
) -> None:
    server.looks = 2
    post = sender(account, pictures=(a_medium(),))
    for _ in range(2):
        trouble = post.trouble()
        assert isinstance(trouble, MediaPending)
        assert trouble.until is not None
        assert trouble.until > NOON
    post.send()
    assert server.count("POST /api/v2/media") == 1
    assert len(server.posts[0].media) == 1


def test_a_video_goes_out_with_its_words_once_the_instance_is_ready(
    server: MastodonServer, account: ChannelAccount
) -> None:
    server.looks = 1
    post = sender(account, video=a_medium("茶在杯中舒展", media_type="video/mp4", content=b"a film of tea"))
    assert isinstance(post.trouble(), MediaPending)
    post.send()
    (medium,) = server.media.values()
    assert (medium.media_type, medium.description, medium.size) == ("video/mp4", "茶在杯中舒展", 13)
    assert server.posts[0].media == [medium.id]


def test_a_file_that_the_instance_lost_is_uploaded_again(server: MastodonServer, account: ChannelAccount) -> None:
    server.looks = 1
    post = sender(account, pictures=(a_medium(),))
    assert isinstance(post.trouble(), MediaPending)
    server.media.clear()
    server.looks = 0
    assert isinstance(post.trouble(), NotSent)
    post.send()
    assert len(server.posts) == 1


@pytest.mark.parametrize("mode", ["drop_after", "error_before", "nonsense_after"])
def test_nothing_was_posted_when_an_upload_broke_off(
    server: MastodonServer, account: ChannelAccount, mode: str
) -> None:
    server.misbehave(mode, where="/media")
    post = sender(account, pictures=(a_medium(), a_medium("两杯茶")))
    assert isinstance(post.trouble(), NotSent)
    post.send()
    assert [len(standing.media) for standing in server.posts] == [2]


def test_a_file_that_is_no_picture_is_refused_with_the_reason(server: MastodonServer, account: ChannelAccount) -> None:
    trouble = sender(account, pictures=(a_medium(media_type="application/pdf"),)).trouble()
    assert isinstance(trouble, Rejected)
    assert "File content type is invalid" in trouble.words


def test_a_file_that_is_gone_is_said_to_be(server: MastodonServer, account: ChannelAccount) -> None:
    gone = Media(1, "", "00/00/full", "image/png", "00" * 32, 1, 1, 1)
    assert isinstance(sender(account, pictures=(gone,)).trouble(), Rejected)


def test_pictures_and_a_video_do_not_go_together(account: ChannelAccount) -> None:
    with pytest.raises(Rejected):
        sender(account, pictures=(a_medium(),), video=a_medium())


def test_only_just_this_post_is_found(server: MastodonServer, account: ChannelAccount) -> None:
    sender(account, "昨天的").send()
    clock.advance(hours=1)
    for text, more in (
        ("昨天的!", {}),
        ("昨天的", {"content_warning": "别的"}),
        ("昨天的", {"pictures": (a_medium(),)}),
    ):
        sender(account, text, key=f"other{text}{more.keys()}", **more).send()
    looked_for = sender(account, "昨天的")
    assert looked_for.find() is None
    assert looked_for.find(since=NOON) is not None


def test_two_that_say_the_same_are_not_told_apart(server: MastodonServer, account: ChannelAccount) -> None:
    for key in ("one", "two"):
        sender(account, key=key).send()
    with pytest.raises(CannotTell):
        sender(account).find()


def test_an_account_that_was_disconnected_asks_for_a_person(account: ChannelAccount) -> None:
    account.credentials = None
    assert isinstance(sender(account).trouble(), SignIn)
    with pytest.raises(SignIn):
        Mastodon().refresh(account, NOON)


@pytest.mark.parametrize("mode", ["drop_before", "error_before", "nonsense_before"])
def test_looking_that_goes_wrong_tells_nothing(server: MastodonServer, account: ChannelAccount, mode: str) -> None:
    server.misbehave(mode, where="/statuses", times=None)
    with pytest.raises(Ambiguous):
        sender(account).find()


def test_it_is_found_behind_many_others(server: MastodonServer, account: ChannelAccount) -> None:
    sender(account, "第一个").send()
    server.put(*(f"更多 {number}" for number in range(85)))
    assert sender(account, "第一个").find() is not None
    assert server.count("GET /api/v1/accounts/1001/statuses") == 4


def test_the_live_text_is_fetched_and_may_be_gone(
    server: MastodonServer, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = sender(account, f"一\n二\n\n三 {LINK}").send()
    assert Mastodon().look(account, sent) == f"一\n二\n\n三 {LINK}"
    server.posts.clear()
    assert Mastodon().look(account, sent) is None
    server.misbehave("nonsense_before", where=sent.external_id)
    with pytest.raises(Ambiguous):
        Mastodon().look(account, sent)
    monkeypatch.setattr(server, "_status", lambda number: Reply({"id": number}))
    with pytest.raises(Ambiguous):  # a 200 that tells no text does not say that the text is gone
        Mastodon().look(account, sent)


def test_as_a_process_the_server_is_told_over_http_how_to_behave(
    server: MastodonServer, account: ChannelAccount
) -> None:
    httpx.post(f"{server.url}/__mode", json={"mode": "drop_after", "times": None}, trust_env=False)
    post = sender(account)
    assert isinstance(post.trouble(), Ambiguous)
    httpx.post(f"{server.url}/__mode", json={}, trust_env=False)
    post.send()
    told = httpx.get(f"{server.url}/__posts", trust_env=False).json()
    assert (told["count"], told["posts"][0]["text"]) == (1, "龙井开团")


def test_html_becomes_text_again() -> None:
    text = f"a < b & c\nnext\n\n@tea: {LINK} #tag"
    assert text_of(as_html(text)) == text

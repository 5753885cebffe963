"""Weibo against a server that keeps to its documentation, and sometimes does not."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from PIL import Image

from commons import clock
from community.channels.models import ChannelAccount
from community.channels.outcomes import (
    Ambiguous,
    CannotTell,
    Duplicate,
    NotSent,
    RateLimited,
    Rejected,
    SignIn,
    Trouble,
)
from community.channels.protocol import Part
from community.channels.weibo import Weibo
from community.channels.weibo.errors import code_of
from community.channels.weibo.mids import number_of, short_of
from community.channels.weibo.moments import moment_of
from community.channels.weibo.pictures import MOST_BYTES
from community.channels.weibo.text import has_link_on, has_topic, length
from tests.community.channels.contract import let_in
from tests.community.channels.sending import Sender, a_medium, account_of, outgoing
from tests.community.channels.weibo_server import APP_KEY, APP_SECRET, TOKEN, UID, WeiboServer, written
from tests.factories import NOON

LINK = "https://tea.example/l/spring"
BACK = "https://quanzi.example/channels/back"
SENDER = "8.8.4.4"


@pytest.fixture
def server(outside: Flask) -> Iterator[WeiboServer]:
    clock.set_to(NOON)
    with WeiboServer() as server:
        let_in(outside, server)
        yield server


@pytest.fixture
def account(server: WeiboServer) -> ChannelAccount:
    return account_of(server.connection(), "weibo")


def sender(account: ChannelAccount, text: str = "龙井开团", **changes: object) -> Sender:
    usual: dict[str, object] = {"link_url": LINK, "sender_ip": SENDER}
    return Sender(Weibo(), account, outgoing(text, **{**usual, **changes}))


def typed(server: WeiboServer, **changes: str) -> dict[str, str]:
    usual = {
        "app_key": APP_KEY,
        "app_secret": APP_SECRET,
        "safe_domains": "Tea.Example，https://shop.tea.example/",
        "token": TOKEN,
        "api_address": server.url,
    }
    return {**usual, **changes}


def refusal(account: ChannelAccount, text: str = "龙井开团", **changes: object) -> str:
    """In which words the post is refused before anything is sent."""
    with pytest.raises(Rejected) as raised:
        sender(account, text, **changes)
    return raised.value.words


def test_a_post_goes_out_with_its_link_and_where_it_came_from(server: WeiboServer, account: ChannelAccount) -> None:
    sent = sender(account).send()
    (post,) = server.posts
    assert (post.text, post.rip, post.picture) == (f"龙井开团\n\n{LINK}", SENDER, b"")
    assert (sent.external_id, sent.url) == (post.id, f"https://weibo.com/{UID}/{short_of(post.id)}")


def test_a_picture_that_weibo_does_not_take_goes_as_one_that_it_takes(
    server: WeiboServer, account: ChannelAccount
) -> None:
    sender(account, "一", pictures=(a_medium(),)).send()
    sender(account, "二", pictures=(a_medium(kind="WEBP", media_type="image/webp"),)).send()
    kinds = [Image.open(BytesIO(post.picture)).format for post in server.posts]
    assert kinds == ["JPEG", "JPEG"]


def test_a_picture_that_is_too_large_is_made_smaller_and_one_that_is_none_is_refused(
    server: WeiboServer, account: ChannelAccount
) -> None:
    noise = BytesIO()
    Image.frombytes("RGB", (1500, 1300), random.Random(7).randbytes(1500 * 1300 * 3)).save(noise, "PNG")
    large = a_medium(media_type="image/png", content=noise.getvalue())
    assert large.size > MOST_BYTES
    post = sender(account, pictures=(large,))
    assert post.requests == sender(account, pictures=(large,)).requests
    post.send()
    assert len(server.posts[0].picture) <= MOST_BYTES
    assert post.requests[0]["picture"]["sha256"] == hashlib.sha256(server.posts[0].picture).hexdigest()
    assert refusal(account, pictures=(a_medium(media_type="image/webp", content=b"no picture"),))


def test_what_weibo_cannot_take_is_refused_before_it_is_asked(server: WeiboServer, account: ChannelAccount) -> None:
    words = [
        refusal(account, "字" * 130),
        refusal(account, "#春茶# 开团"),
        refusal(account, link_url=""),
        refusal(account, "https://tea.example.evil.example/", link_url=""),
        refusal(account, more=(Part("二"),)),
        refusal(account, first_comment="评论"),
        refusal(account, pictures=(a_medium(), a_medium())),
        refusal(account, video=a_medium()),
    ]
    assert len(set(words)) == 6
    assert server.requests == []


def test_without_a_public_address_of_the_sender_the_one_that_was_set_is_sent(
    server: WeiboServer, account: ChannelAccount
) -> None:
    sender(account, sender_ip="192.168.1.9").send()
    assert server.posts[0].rip == account.facts["sender_ip"]
    account.facts = {**account.facts, "sender_ip": ""}
    assert refusal(account, sender_ip="")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10002, NotSent), (10009, NotSent), (10001, Ambiguous), (10003, Ambiguous), (10010, Ambiguous), (10011, Ambiguous),
        (10014, Rejected), (10017, Rejected), (10018, Rejected), (20012, Rejected), (20031, Rejected), (21335, Rejected),
        (20017, Duplicate), (20019, Duplicate), (20111, Duplicate), (20032, Duplicate), (20016, RateLimited),
        (10022, RateLimited), (10023, RateLimited), (10024, RateLimited), (10006, SignIn), (21315, SignIn), (21321, SignIn),
        (21327, SignIn), (21332, SignIn), (20999, Ambiguous),
    ],
)  # fmt: skip
def test_each_code_has_its_consequence(
    server: WeiboServer, account: ChannelAccount, code: int, kind: type[Trouble]
) -> None:
    server.refuse(code)
    trouble = sender(account).trouble()
    assert type(trouble) is kind
    assert str(code) in trouble.answer


def test_codes_come_as_text_and_as_numbers() -> None:
    assert [code_of({"error_code": code}) for code in (20019, "20019", "x", None, True)] == [
        20019, 20019, None, None, None,
    ]  # fmt: skip
    assert code_of([]) is None


def test_the_same_text_is_refused_and_the_first_is_found(server: WeiboServer, account: ChannelAccount) -> None:
    server.misbehave("drop_after")
    post = sender(account)
    assert isinstance(post.trouble(), Ambiguous)
    assert isinstance(post.trouble(), Duplicate)
    found = post.find()
    assert found is not None
    assert found.external_id == server.posts[0].id
    assert len(server.posts) == 1


def test_what_was_taken_but_is_shown_late_is_found_once_it_is_shown(
    server: WeiboServer, account: ChannelAccount
) -> None:
    server.refuse(20032, taken=True)
    post = sender(account, pictures=(a_medium(),))
    assert isinstance(post.trouble(), Duplicate)
    assert post.find() is None
    server.show_hidden()
    assert post.find() is not None


@pytest.mark.parametrize(
    ("mode", "stands"),
    [
        ("drop_before", 0), ("drop_after", 1), ("error_before", 0), ("error_after", 1),
        ("nonsense_before", 0), ("nonsense_after", 1),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_looked_for(server: WeiboServer, account: ChannelAccount, mode: str, stands: int) -> None:
    server.misbehave(mode)
    post = sender(account)
    assert isinstance(post.trouble(), Ambiguous)
    assert (post.find() is not None) == bool(stands)


def test_a_deleted_post_has_no_user_and_is_not_taken_for_one(server: WeiboServer, account: ChannelAccount) -> None:
    post = sender(account)
    sent = post.send()
    assert Weibo().look(account, sent) is not None
    server.posts[0].deleted = True
    assert sender(account).find() is None
    assert Weibo().look(account, sent) is None
    server.posts.clear()
    assert Weibo().look(account, sent) is None


def test_a_post_without_words_does_not_say_that_they_are_gone(
    server: WeiboServer, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = sender(account).send()
    shown = {"id": int(sent.external_id), "user": {"id": int(UID)}}
    monkeypatch.setattr(server, "_shown", lambda post: shown)
    with pytest.raises(Ambiguous):
        Weibo().look(account, sent)


def test_behind_five_newer_posts_nobody_can_tell(server: WeiboServer, account: ChannelAccount) -> None:
    post = sender(account)
    server.put(*(f"别的 {number}" for number in range(5)))
    with pytest.raises(CannotTell):
        post.find()


def test_an_older_post_with_the_same_words_is_another(server: WeiboServer, account: ChannelAccount) -> None:
    sender(account).send()
    clock.advance(hours=1)
    assert sender(account).find() is None
    server.put(f"龙井开团 {LINK}", f"龙井开团 {LINK}x")
    with pytest.raises(CannotTell):
        sender(account).find()


def test_an_account_that_was_disconnected_asks_for_a_person(account: ChannelAccount) -> None:
    account.credentials = None
    assert isinstance(sender(account).trouble(), SignIn)
    with pytest.raises(SignIn):
        Weibo().refresh(account, NOON)


@pytest.mark.parametrize("mode", ["drop_before", "error_before", "nonsense_before"])
def test_looking_that_goes_wrong_tells_nothing(server: WeiboServer, account: ChannelAccount, mode: str) -> None:
    server.misbehave(mode, where="user_timeline.json")
    with pytest.raises(Ambiguous):
        sender(account).find()


def test_thirty_an_hour_and_then_not_before_the_next(server: WeiboServer, account: ChannelAccount) -> None:
    clock.set_to(NOON + timedelta(minutes=20))
    server.per_hour = 2
    for text in ("一", "二"):
        sender(account, text).send()
    third = sender(account, "三")
    trouble = third.trouble()
    assert isinstance(trouble, RateLimited)
    assert trouble.until == NOON + timedelta(hours=1)
    clock.set_to(NOON + timedelta(minutes=81))
    third.send()
    assert len(server.posts) == 3


def test_a_hundred_calls_a_day(server: WeiboServer, account: ChannelAccount) -> None:
    server.per_day = 1
    sender(account, "一").send()
    assert isinstance(sender(account, "二").trouble(), RateLimited)


def test_a_token_that_ended_or_was_taken_back_asks_for_a_person(server: WeiboServer, account: ChannelAccount) -> None:
    server.advance(days=31)
    assert isinstance(sender(account).trouble(), SignIn)
    server.tokens.clear()
    assert isinstance(sender(account).trouble(), SignIn)
    with pytest.raises(SignIn):
        Weibo().refresh(account, clock.now())


def test_a_slow_answer_is_waited_for(server: WeiboServer, account: ChannelAccount) -> None:
    server.misbehave("slow", seconds=1.0)
    assert sender(account).send().external_id == server.posts[0].id


def test_connecting_by_token_learns_when_it_ends(server: WeiboServer) -> None:
    for _ in range(4):  # both names of the expiry, as text and as a number
        connection = Weibo().connect(typed(server), NOON)
        assert connection.expires_at == NOON + timedelta(days=30)
    assert (connection.external_id, connection.name) == (UID, "@茶馆")
    assert connection.facts["safe_domains"] == ["tea.example", "shop.tea.example"]
    account = account_of(connection, "weibo")
    sender(account).send()
    server.advance(days=1)
    assert Weibo().refresh(account, server.now()).expires_at == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    "changes",
    [
        {"app_key": "abc"}, {"app_secret": ""}, {"safe_domains": ""}, {"safe_domains": "no domain"}, {"token": ""}, {"token": "令牌"},
        {"sender_ip": "10.0.0.1"}, {"sender_ip": "home"}, {"api_address": "ftp://x"}, {"app_key": "1"},
    ],
)  # fmt: skip
def test_connecting_says_what_is_wrong(server: WeiboServer, changes: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        Weibo().connect(typed(server, **changes), NOON)


def test_consent_on_weibo_connects_the_account_once(server: WeiboServer) -> None:
    url, kept = Weibo().authorize(typed(server, token=""), BACK, "a-state")
    query = dict(parse_qsl(urlsplit(url).query))
    assert (query["state"], query["redirect_uri"]) == ("a-state", BACK)
    assert APP_SECRET not in url
    code = server.consent(query)
    with pytest.raises(SignIn):
        Weibo().exchange(kept, code, BACK + "/elsewhere", NOON)
    connection = Weibo().exchange(kept, code, BACK, NOON)
    assert connection.expires_at == NOON + timedelta(days=30)
    sender(account_of(connection, "weibo")).send()
    with pytest.raises(SignIn):
        Weibo().exchange(kept, code, BACK, NOON)


def test_the_short_name_of_a_post_and_its_number() -> None:
    assert short_of("3489035978933121") == "yBmepBtUB"
    assert number_of("yBmepBtUB") == "3489035978933121"
    for number in ("4500000000000001", "5012345670000000", "7", "10000000"):
        assert number_of(short_of(number)) == number


def test_moments_are_read_in_english_wherever_we_are() -> None:
    assert moment_of("Tue May 31 17:46:55 +0800 2011") == datetime(2011, 5, 31, 9, 46, 55, tzinfo=UTC)
    assert moment_of(written(NOON)) == NOON
    for nonsense in ("", "2011-05-31", "Tue Mai 31 17:46:55 +0800 2011"):
        with pytest.raises(ValueError):
            moment_of(nonsense)


def test_length_topics_and_links() -> None:
    assert [length(text) for text in ("abc", "茶茶", "茶a", "🍵", "é" * 3)] == [2, 2, 2, 2, 2]
    assert [has_topic(text) for text in ("#茶#", "#茶", "https://a.example/#x 和 https://b.example/#y")] == [
        True, False, False,
    ]  # fmt: skip
    assert has_link_on("看 https://www.tea.example/l", ["tea.example"])
    assert not has_link_on("看 https://nottea.example/l", ["tea.example"])

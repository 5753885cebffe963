"""Codes that nothing brings to us by itself: read at the address of a post on Mastodon, and among the mentions on Weibo."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from community.channels import accounts
from community.channels.models import ChannelAccount
from community.handles import codes, looking
from community.handles.models import HandleCode
from community.members.models import Handle, Member
from tests.community.channels import weibo_server
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.weibo_server import WeiboServer
from tests.community.handles.conftest import english
from tests.community.handles.proving import handle
from tests.factories import make_fan, sign_in

pytestmark = pytest.mark.usefixtures("networks")
XIAOMAN, COPYCAT = "1404376560", "1489518277"


@pytest.fixture
def brand_on_weibo(app: Flask, at: datetime, weibo: WeiboServer) -> ChannelAccount:
    account = accounts.accept(weibo.connection(), "weibo", at)
    db.session.commit()
    return account


@pytest.fixture
def code(fan: Member, at: datetime) -> HandleCode:
    made = codes.make(fan, at)
    db.session.commit()
    return made


def post(server: MastodonServer, text: str, **changes: object) -> str:
    """小满 posts this; the address of the post."""
    server.put(text)
    status = server.posts[-1]
    status.created_at = clock.now()
    for name, value in changes.items():
        setattr(status, name, value)
    return f"{server.url}/@xiaoman/{status.id}"


def look(client: FlaskClient, code: HandleCode, address: str) -> str:
    """Paste the address; the page on which the fan finds himself."""
    answer = client.post(f"/me/handles/code/{code.public_id}/post", data={"address": address})
    return client.get(answer.location).text if answer.status_code == 303 else answer.text


def ask(client: FlaskClient, code: HandleCode) -> str:
    """Have us look on Weibo; the page on which the fan finds himself."""
    return client.get(client.post(f"/me/handles/code/{code.public_id}/mentions").location).text


def test_a_fan_makes_a_code_posts_it_and_gives_the_address(
    client: FlaskClient, fan: Member, mastodon: MastodonServer
) -> None:
    client.post("/me/handles/code")
    code = db.session.scalars(select(HandleCode)).one()
    host = mastodon.url.partition("://")[2]

    page = look(client, code, post(mastodon, f"这是我 {code.code}"))

    assert f"@xiaoman@{host} on Mastodon has posted your code. Was that you?" in page
    client.post(f"/me/handles/code/{code.public_id}/confirm")
    assert handle("mastodon", f"xiaoman@{host}").member_id == fan.id


def test_a_post_without_the_code_says_so_and_nobody_is_written_down(
    client: FlaskClient, code: HandleCode, mastodon: MastodonServer
) -> None:
    assert "Your code is not there yet." in look(client, code, post(mastodon, "今天喝茶"))
    assert db.session.scalar(select(func.count()).where(Handle.channel == "mastodon")) == 0


def test_a_post_that_not_everybody_sees_proves_nothing(
    client: FlaskClient, code: HandleCode, mastodon: MastodonServer
) -> None:
    page = look(client, code, post(mastodon, code.code, visibility="private"))

    assert "does not show this post to everybody" in page


def test_a_post_from_before_the_code_proves_nothing(
    client: FlaskClient, code: HandleCode, mastodon: MastodonServer
) -> None:
    page = look(client, code, post(mastodon, code.code, created_at=clock.now() - timedelta(days=2)))

    assert "Your code is not there yet." in page


def test_an_instance_is_believed_only_about_its_own_people(
    client: FlaskClient, code: HandleCode, mastodon: MastodonServer
) -> None:
    mastodon.person["acct"] = "xiaoman@elsewhere.example"

    assert "comes from another instance" in look(client, code, post(mastodon, code.code))
    assert code.handle_id is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "https://mastodon.example/about",
        "http://127.0.0.1:1/@a/1",
        "https://10.0.0.1/@a/1",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_no_post_or_not_to_be_called_is_refused_in_words(
    client: FlaskClient, code: HandleCode, address: str
) -> None:
    answer = client.post(f"/me/handles/code/{code.public_id}/post", data={"address": address})

    assert answer.status_code == 422
    assert "Please check these points" in answer.text


def test_the_code_is_found_among_the_mentions_on_weibo(
    client: FlaskClient, fan: Member, code: HandleCode, weibo: WeiboServer, brand_on_weibo: ChannelAccount
) -> None:
    assert "I have posted it on Weibo" in client.get("/me/handles").text
    weibo.says("9999999999", "", "抱歉，此微博已被作者删除。", at=clock.now())
    weibo.says(XIAOMAN, "喝茶的小满", f"@茶馆 {code.code}", at=clock.now() + timedelta(minutes=1))

    page = ask(client, code)

    assert "喝茶的小满 on Weibo has posted your code. Was that you?" in page
    client.post(f"/me/handles/code/{code.public_id}/confirm")
    assert handle("weibo", XIAOMAN).member_id == fan.id


def test_the_one_who_posted_it_first_is_asked_about_in_comments_too(
    client: FlaskClient, code: HandleCode, weibo: WeiboServer, brand_on_weibo: ChannelAccount
) -> None:
    weibo.says(COPYCAT, "模仿者", f"//@喝茶的小满:{code.code}", at=clock.now() + timedelta(minutes=5))
    weibo.says(XIAOMAN, "喝茶的小满", code.code, at=clock.now() + timedelta(minutes=1), comment=True)

    ask(client, code)

    db.session.expire_all()
    assert code.handle is not None
    assert code.handle.external_id == XIAOMAN


def test_one_look_sees_the_codes_of_all_fans(
    app: Flask, client: FlaskClient, code: HandleCode, weibo: WeiboServer, brand_on_weibo: ChannelAccount
) -> None:
    other = codes.make(make_fan("阿木"), clock.now())
    db.session.commit()
    weibo.says(COPYCAT, "阿木", other.code, at=clock.now())

    page = ask(client, code)

    assert "Your code is not there yet." in page
    db.session.expire_all()
    assert other.handle_id is not None


def test_when_weibo_does_not_answer_the_fan_is_told_and_the_code_waits_on(
    client: FlaskClient, code: HandleCode, weibo: WeiboServer, brand_on_weibo: ChannelAccount
) -> None:
    weibo.tokens.clear()

    page = ask(client, code)

    assert "Weibo cannot be asked at the moment." in page
    assert code.code in page


def test_nobody_looks_with_the_code_of_another(app: Flask, code: HandleCode, weibo: WeiboServer) -> None:
    stranger, other = english(app), make_fan("别人")
    assert other.user is not None
    sign_in(stranger, other.user)

    for way in ("post", "mentions"):
        assert stranger.post(f"/me/handles/code/{code.public_id}/{way}", data={"address": "x"}).status_code == 404


def test_a_house_that_has_nothing_to_do_with_a_network_asks_none(
    client: FlaskClient, fan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "places", lambda: looking.Places(False, ()))

    client.post("/me/handles/code")

    assert db.session.scalar(select(func.count()).select_from(HandleCode)) == 0


def test_the_address_of_the_brand_account_stands_where_the_fan_reads_it(
    client: FlaskClient, code: HandleCode, brand_on_weibo: ChannelAccount
) -> None:
    assert f'href="https://weibo.com/u/{weibo_server.UID}"' in client.get("/me/handles").text

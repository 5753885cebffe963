"""Signing in with Mastodon and Weibo proves the handle there."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from commons import clock
from commons.accounts.identities.models import Identity
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.handles import reading
from community.handles.models import HandleProof, InstanceApp
from community.members.merging import joining, selves
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.weibo_server import WeiboServer
from tests.community.handles.conftest import english
from tests.community.handles.proving import handle, imported
from tests.factories import make_fan, make_staff, sign_in

pytestmark = pytest.mark.usefixtures("networks")


def way_there(client: FlaskClient, network: str, **fields: str) -> dict[str, str]:
    """Press the button; what the network's page is asked for."""
    page = client.post(f"/accounts/with/{network}", data=fields)
    assert page.status_code == 200, page.text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text
    return dict(parse_qsl(urlsplit(unescape(found[1])).query))


def come_in(client: FlaskClient, server: MastodonServer | WeiboServer, **fields: str) -> TestResponse:
    """Sign in on the network's own page and come back."""
    network = "mastodon" if isinstance(server, MastodonServer) else "weibo"
    where = {"where": server.url} if network == "mastodon" else {}
    asked = way_there(client, network, **where, **fields)
    answer = urlencode({"code": server.consent(asked), "state": asked["state"]})
    return client.get(f"/accounts/with/{network}/back?{answer}")


def only_user() -> User:
    return db.session.scalars(select(User)).one()


def test_mastodon_signs_a_fan_in_and_proves_the_handle(client: FlaskClient, mastodon: MastodonServer) -> None:
    assert come_in(client, mastodon).location == "/"

    user = only_user()
    assert (user.name, user.email) == ("小满 🍵", None)
    proven = handle("mastodon", f"xiaoman@127.0.0.1:{mastodon.port}")
    assert proven.member is not None
    assert proven.member.user_id == user.id
    assert proven.name == f"@xiaoman@127.0.0.1:{mastodon.port}"


def test_weibo_signs_a_fan_in_and_proves_the_handle(client: FlaskClient, weibo: WeiboServer) -> None:
    assert come_in(client, weibo).location == "/"

    user = only_user()
    assert user.name == "喝茶的小满"
    proven = handle("weibo", "1404376560")
    assert proven.member is not None
    assert proven.member.user_id == user.id


def test_an_imported_handle_becomes_the_fans_with_its_words(
    client: FlaskClient, weibo: WeiboServer, fan: Member, at: datetime
) -> None:
    stranger = imported("weibo", "1404376560", "喝茶的小满")
    assert stranger.member_id is None

    come_in(client, weibo, purpose="link")

    assert stranger.member_id == fan.id
    page = client.get("/me/handles").text
    assert "喝茶的小满" in page
    assert "Proven by signing in there" in page


def test_the_second_time_signs_the_same_fan_in(client: FlaskClient, app: Flask, mastodon: MastodonServer) -> None:
    come_in(client, mastodon)
    come_in(english(app), mastodon)

    assert db.session.scalar(select(func.count()).select_from(User)) == 1
    assert db.session.scalar(select(func.count()).select_from(HandleProof)) == 1


def test_an_instance_knows_this_house_as_one_application(
    client: FlaskClient, app: Flask, mastodon: MastodonServer
) -> None:
    for _fan in range(3):
        come_in(english(app), mastodon)

    assert mastodon.applications == 1
    kept = db.session.connection().exec_driver_sql("SELECT credentials FROM instance_app").scalar()
    assert "secret-of" not in str(kept)


def test_an_application_that_the_instance_has_forgotten_is_made_anew(
    client: FlaskClient, app: Flask, mastodon: MastodonServer
) -> None:
    come_in(client, mastodon)
    mastodon.forget_applications()
    clock.advance(days=2)

    assert come_in(english(app), mastodon).status_code == 303
    assert mastodon.applications == 1


def test_an_application_that_is_still_known_is_used_on(client: FlaskClient, mastodon: MastodonServer) -> None:
    come_in(client, mastodon)
    clock.advance(days=2)
    come_in(client, mastodon)

    assert mastodon.count("POST /api/v1/apps") == 1
    assert db.session.scalars(select(InstanceApp)).one().checked_at == clock.now()


@pytest.mark.parametrize("username", ["tea@mastodon.social", "a b", "x" * 200, "茶"])
def test_an_instance_speaks_only_for_its_own_people(
    client: FlaskClient, mastodon: MastodonServer, username: str
) -> None:
    mastodon.person |= {"username": username, "acct": username}

    answer = come_in(client, mastodon)

    assert "The answer of Mastodon was not made for this sign-in." in answer.text
    assert db.session.scalar(select(func.count()).select_from(Handle).where(Handle.channel == "mastodon")) == 0


@pytest.mark.parametrize("where", ["", "not an address", "http://127.0.0.1:1", "https://user:word@tea.example", "https://10.0.0.1"])  # fmt: skip
def test_an_address_that_is_no_instance_is_refused_in_words(client: FlaskClient, where: str) -> None:
    answer = client.post("/accounts/with/mastodon", data={"where": where})

    assert answer.status_code in {422, 502}
    assert "Please check these points" in answer.text


def test_a_refusal_on_the_networks_page_says_so(client: FlaskClient, mastodon: MastodonServer) -> None:
    asked = way_there(client, "mastodon", where=mastodon.url)

    answer = client.get(f"/accounts/with/mastodon/back?error=access_denied&state={asked['state']}")

    assert "Mastodon says that you did not agree." in answer.text


@pytest.mark.parametrize("mode", ["drop_before", "error_before", "nonsense_before"])
def test_a_network_that_fails_is_named(client: FlaskClient, weibo: WeiboServer, mode: str) -> None:
    asked = way_there(client, "weibo")
    code = weibo.consent(asked)
    weibo.misbehave(mode, where="/oauth2/get_token_info")

    answer = client.get(f"/accounts/with/weibo/back?code={code}&state={asked['state']}")

    assert answer.status_code == 502
    assert "Weibo cannot be asked at the moment." in answer.text


def test_a_code_of_weibo_is_taken_once(client: FlaskClient, weibo: WeiboServer) -> None:
    asked = way_there(client, "weibo")
    code = weibo.consent(asked)
    client.get(f"/accounts/with/weibo/back?code={code}&state={asked['state']}")
    again = way_there(client, "weibo")

    answer = client.get(f"/accounts/with/weibo/back?code={code}&state={again['state']}")

    assert "Weibo did not accept the answer that you brought back." in answer.text


def test_a_token_of_another_application_signs_nobody_in(client: FlaskClient, weibo: WeiboServer) -> None:
    weibo.app_key = "999"

    answer = come_in(client, weibo)

    assert "This token was given to another application." in answer.text
    assert db.session.scalar(select(func.count()).select_from(Identity)) == 0


def test_an_answer_is_not_taken_for_another_networks(
    client: FlaskClient, mastodon: MastodonServer, weibo: WeiboServer
) -> None:
    asked = way_there(client, "mastodon", where=mastodon.url)
    code = mastodon.consent(asked)

    assert client.get(f"/accounts/with/weibo/back?code={code}&state={asked['state']}").status_code == 410


def test_a_handle_of_another_account_is_asked_about(
    client: FlaskClient, weibo: WeiboServer, fan: Member, at: datetime
) -> None:
    other = make_fan("大满")
    contested = imported("weibo", "1404376560", "喝茶的小满")
    contested.member = other

    assert come_in(client, weibo, purpose="link").status_code == 303

    assert contested.member_id == other.id
    assert "it belongs to another account here" in client.get("/me/handles").text
    assert db.session.scalars(select(HandleProof)).one().member_id == fan.id


def test_a_handle_that_speaks_for_the_brand_joins_nobody(
    client: FlaskClient, weibo: WeiboServer, fan: Member, at: datetime
) -> None:
    brands = imported("weibo", "1404376560", "茶馆")
    brands.user_id = make_staff().id

    come_in(client, weibo, purpose="link")

    assert brands.member_id is None
    assert db.session.scalar(select(func.count()).select_from(HandleProof)) == 0


def test_two_who_claim_one_handle_may_be_one_person(client: FlaskClient, weibo: WeiboServer, fan: Member) -> None:
    other = make_fan("大满")
    imported("weibo", "1404376560", "喝茶的小满").member = other

    come_in(client, weibo, purpose="link")

    assert [one.member for one in reading.likely(fan)] == [other]
    assert [one.member for one in reading.likely(other)] == [fan]


def test_merged_accounts_share_their_ways_in(client: FlaskClient, app: Flask, weibo: WeiboServer, fan: Member) -> None:
    come_in(english(app), weibo)
    other = db.session.scalars(select(Member).where(Member.id != fan.id)).one()
    assert fan.user is not None
    selves.merge(fan, other, by=fan.user, at=clock.now(), proof=Proof.BOTH_ACCOUNTS)

    third = english(app)
    come_in(third, weibo)

    assert "小满" in third.get("/accounts").text
    assert "喝茶的小满" in client.get("/accounts").text
    assert come_in(client, weibo, purpose="link").status_code == 303
    assert handle("weibo", "1404376560").member_id == fan.id


def test_staff_split_a_handle_off_and_its_owner_may_prove_it_again(
    client: FlaskClient, weibo: WeiboServer, fan: Member
) -> None:
    come_in(client, weibo, purpose="link")
    proven = handle("weibo", "1404376560")
    joining.split_handle(proven, by=make_staff(Role.ADMINISTRATOR), at=clock.now(), reason="Mixed up at the counter")
    assert proven.member_id != fan.id

    come_in(client, weibo, purpose="link")

    assert proven.member_id == fan.id


def test_staff_see_how_a_handle_was_proven(client: FlaskClient, weibo: WeiboServer, fan: Member, app: Flask) -> None:
    come_in(client, weibo, purpose="link")
    staff = english(app)
    sign_in(staff, make_staff(Role.ADMINISTRATOR, language="en"))

    page = staff.get(f"/members/{fan.public_id}").text

    assert "The names under which networks know this person." in page
    assert "Proven by signing in there" in page
    assert f"/handles/{handle('weibo', '1404376560').public_id}/split" in page


def test_the_sign_in_page_offers_the_networks_of_the_settings(client: FlaskClient) -> None:
    page = client.get("/accounts/sign-in").text

    assert "Sign in with Weibo" in page
    assert "Sign in with Mastodon" in page

"""What Weibo tells of a fan who first comes by it: offered once, kept by nobody before the fan says so."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.accounts.identities.models import Identity
from commons.db import db
from commons.events import Event, Evidence
from community.members.models import Member
from community.members.profiles import answers, consents, guardians
from community.members.profiles.models import Answer, Consent, Field, Purpose, Source
from community.members.roster import by_account
from tests.community.channels.weibo_server import WeiboServer
from tests.community.handles.test_networks import come_in
from tests.community.members.profiles.factories import allow, tell

pytestmark = pytest.mark.usefixtures("networks")


def newcomer() -> Member:
    member = by_account(db.session.scalars(select(Identity)).one().user_id)
    assert member is not None
    return member


def test_it_is_offered_and_kept_only_when_the_fan_takes_it(client: FlaskClient, weibo: WeiboServer) -> None:
    weibo.province = "33"
    come_in(client, weibo)
    for page in ("/circle/me", "/me/profile"):
        assert "Weibo told us this about you" in client.get(page).text
    assert "Zhejiang" in client.get("/me/profile").text
    for model in (Answer, Consent):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0

    client.post("/me/profile/offer/take")

    (answer,) = answers.answers_of([newcomer().id])[newcomer().id]
    assert (answer.field, answer.value, answer.source, answer.basis) == (Field.REGION, "ZJ", Source.SIGN_IN, "Weibo")
    assert consents.given(newcomer().id, Purpose.PROFILE)
    page = client.get("/me/profile").text
    assert "From the account used to sign in" in page
    assert "Weibo told us this about you" not in page
    told = db.session.scalars(select(Event).where(Event.kind == "member.profile_brought")).one()
    assert told.evidence is Evidence.NETWORK
    assert "Zhejiang" not in str(told.payload)


def test_whoever_declines_is_not_asked_again(client: FlaskClient, weibo: WeiboServer) -> None:
    come_in(client, weibo)
    client.post("/me/profile/offer/drop")

    assert "Weibo told us this about you" not in client.get("/me/profile").text
    client.post("/accounts/sign-out")
    clock.advance(minutes=1)
    come_in(client, weibo)
    assert "Weibo told us this about you" not in client.get("/me/profile").text
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_it_is_over_after_a_day(client: FlaskClient, weibo: WeiboServer) -> None:
    come_in(client, weibo)
    clock.advance(days=1)

    client.post("/me/profile/offer/take")

    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_what_the_fan_has_told_is_neither_asked_for_nor_overwritten(
    client: FlaskClient, weibo: WeiboServer, fan: Member
) -> None:
    allow(fan)
    tell(fan, region="FJ")
    db.session.commit()

    come_in(client, weibo, purpose="link")

    assert "Weibo told us this about you" not in client.get("/me/profile").text
    client.post("/me/profile/offer/take")
    assert [answer.value for answer in answers.answers_of([fan.id])[fan.id]] == ["FJ"]


def test_another_person_at_the_same_browser_is_offered_nothing(
    app: Flask, client: FlaskClient, weibo: WeiboServer
) -> None:
    come_in(client, weibo)
    weibo.uid, weibo.screen_name, weibo.province = "1500000000", "别人", ""

    come_in(client, weibo)

    assert "Weibo told us this about you" not in client.get("/me/profile").text


def test_signing_in_works_when_the_profile_there_cannot_be_read(client: FlaskClient, weibo: WeiboServer) -> None:
    weibo.province = "not a number"

    come_in(client, weibo)

    assert "Weibo told us" not in client.get("/me/profile").text
    assert guardians.needed(newcomer().id) is None

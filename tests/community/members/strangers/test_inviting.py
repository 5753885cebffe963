"""Inviting somebody who has no account: once in a while, with consent, under the cap, and never against the person's word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import signing_up
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, NotAllowed
from commons.events import Event, Evidence
from commons.permissions import Role
from community.members.models import Member
from community.members.profiles import allowing, consents
from community.members.profiles.models import Purpose, Way
from community.members.roster import member_of
from community.members.strangers import inviting
from community.notices import capping
from tests.commons.accounts.letterbox import latest, letters, path_in
from tests.community.members.exchange.lists import members, written
from tests.community.members.strangers.conftest import ADDRESS, WITH_MAIL
from tests.factories import PASSWORD, make_fan, make_staff, make_user, sign_in
from tests.servers.smtp import Smtp

MORNING = timedelta(hours=15)  # NOON is the evening in Shanghai; this is 11 o'clock on the day after


@pytest.fixture
def morning(at: datetime) -> datetime:
    clock.set_to(at + MORNING)
    return at + MORNING


def stop_path(text: str) -> str:
    return path_in(text.replace("/me/notices/stop/", "/accounts/stop/"), "stop").replace("/accounts/", "/me/notices/")


def test_the_invitation_leads_to_signing_up_and_whoever_comes_is_the_member(
    desk: FlaskClient, stranger: Member, smtp: Smtp, morning: datetime
) -> None:
    page = desk.get(f"/members/{stranger.public_id}").text
    assert "Invite by mail" in page
    assert ADDRESS not in page

    desk.post(f"/members/{stranger.public_id}/invite")
    text = latest(smtp, ADDRESS)

    assert "/accounts/sign-up" in text
    assert "阿明" in text
    signing_up.sign_up("阿明", ADDRESS, PASSWORD, "en", "Asia/Shanghai", morning)
    confirming = path_in(latest(smtp, ADDRESS), "confirm").rpartition("/")[2]
    user = signing_up.confirm(confirming, morning)
    assert member_of(user) is stranger


def test_a_consent_that_a_list_brings_is_only_as_well_proven_as_the_list(stranger: Member) -> None:
    fact = db.session.scalars(select(Event).where(Event.kind == "member.consent_given")).one()

    assert (fact.member_id, fact.evidence) == (stranger.id, Evidence.STAFF)


def test_another_one_goes_out_only_after_a_month(
    desk: FlaskClient, clerk: User, stranger: Member, smtp: Smtp, morning: datetime
) -> None:
    for _press in range(2):
        answer = desk.post(f"/members/{stranger.public_id}/invite")
    assert "An invitation went out on" in desk.get(answer.location).text
    assert len(letters(smtp, ADDRESS)) == 1

    clock.advance(days=29)
    sign_in(desk, clerk)
    page = desk.get(f"/members/{stranger.public_id}").text
    assert ("No account yet" in page, "Invite by mail" in page) == (True, False)
    clock.advance(days=1)
    desk.post(f"/members/{stranger.public_id}/invite")
    assert len(letters(smtp, ADDRESS)) == 2


def test_it_takes_the_persons_place_under_the_cap(clerk: User, stranger: Member, morning: datetime) -> None:
    assert capping.claim(stranger, morning)

    with pytest.raises(Conflict, match=r".+"):
        inviting.invite(stranger, by=clerk, at=morning)


def test_nobody_is_invited_at_night(clerk: User, stranger: Member, at: datetime) -> None:
    with pytest.raises(Conflict):
        inviting.invite(stranger, by=clerk, at=at + timedelta(hours=4))  # midnight in Shanghai


def test_without_consent_nothing_goes_out_and_the_page_says_what_to_do(
    desk: FlaskClient, clerk: User, smtp: Smtp, morning: datetime
) -> None:
    written(clerk, morning, ["阿木", "amu@example.org", "", "", "", ""], head=WITH_MAIL)
    (silent,) = members()

    page = desk.get(f"/members/{silent.public_id}").text
    assert "This person has not agreed to be written to." in page
    assert "Invite by mail" not in page
    with pytest.raises(NotAllowed):
        inviting.invite(silent, by=clerk, at=morning)
    assert letters(smtp, "amu@example.org") == []


def test_the_link_in_the_mail_stops_them_and_a_later_list_does_not_bring_them_back(
    desk: FlaskClient, clerk: User, stranger: Member, smtp: Smtp, morning: datetime
) -> None:
    desk.post(f"/members/{stranger.public_id}/invite")
    desk.post(stop_path(latest(smtp, ADDRESS)))
    assert not consents.given(stranger.id, Purpose.MAIL)

    written(clerk, morning, ["阿明", ADDRESS, "", "", "", "yes"], head=WITH_MAIL)

    assert not consents.given(stranger.id, Purpose.MAIL)


def test_a_list_says_nothing_for_whoever_has_an_account(clerk: User, at: datetime) -> None:
    fan = make_fan("小满", at)
    assert fan.user is not None

    (row,) = written(clerk, at, ["小满", fan.user.email or "", "", "", "", "yes"], head=WITH_MAIL)

    assert not consents.given(fan.id, Purpose.MAIL)
    assert row.notes[0][0] == "mail_consent"


def test_who_opened_an_account_meanwhile_is_not_invited(clerk: User, stranger: Member, morning: datetime) -> None:
    stranger.user = make_user(Role.FAN, "阿明")
    db.session.flush()

    with pytest.raises(Conflict):
        inviting.invite(stranger, by=clerk, at=morning)


def test_only_who_may_change_members_invites(app: Flask, stranger: Member, morning: datetime) -> None:
    reader, executive = app.test_client(), make_staff(Role.EXECUTIVE)
    sign_in(reader, executive)

    assert reader.post(f"/members/{stranger.public_id}/invite").status_code == 404
    with pytest.raises(NotAllowed):
        inviting.invite(stranger, by=executive, at=morning)


def test_withdrawn_while_the_page_was_open_it_is_refused(clerk: User, stranger: Member, morning: datetime) -> None:
    assert inviting.hindrance(stranger, morning) is None
    allowing.withdraw(stranger.id, Purpose.MAIL, Way.LINK_IN_A_MAIL, morning)

    with pytest.raises(NotAllowed):
        inviting.invite(stranger, by=clerk, at=morning)

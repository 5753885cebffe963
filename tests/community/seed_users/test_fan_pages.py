"""Invitations on screen, for fans and for whoever was handed a code."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from commons.permissions import Role
from community.circle import cards
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.members.models import Member
from community.seed_users import accepting, naming
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan, make_staff, sign_in


def at_home(client: FlaskClient, member: Member) -> None:
    assert member.user is not None
    member.user.language = "en"
    sign_in(client, member.user)


def test_a_seed_user_finds_codes_links_and_pictures_of_them(client: FlaskClient, at: datetime) -> None:
    me = an_old_hand("小满")
    code = make_code(make_seed(me), most=3)
    at_home(client, me)

    page = client.get("/me/invitations").text

    assert code.shown in page
    assert f"/i/{code.code}" in page
    assert "0 of 3 used" in page
    picture = client.get(f"/i/{code.code}.svg")
    assert picture.content_type == "image/svg+xml"
    assert picture.data.startswith(b"<?xml")
    assert "You can invite 3 more people." in client.get("/circle/me").text


def test_who_came_stands_there_by_name_only_if_the_person_permits(client: FlaskClient, at: datetime) -> None:
    me = an_old_hand("小满")
    acceptance = come(make_code(make_seed(me)), "来客")
    at_home(client, me)
    assert "来客" not in client.get("/me/invitations").text

    accepting.show_name(acceptance, True)

    assert "来客" in client.get("/me/invitations").text


def test_the_page_says_what_it_earned_and_by_which_rule(client: FlaskClient, at: datetime) -> None:
    me = an_old_hand("小满")
    code = make_code(make_seed(me), most=2)
    come(code, "太早")
    at_home(client, me)
    assert "No rule speaks of invitations at the moment." in client.get("/me/invitations").text
    clock.set_to(at + timedelta(hours=1))
    terms = Terms(growth=0, points=20, cap_per_day=None, cooldown=0, evidence=Evidence.TRACKED_LINK)
    rules.make("invitation.brought", Words("带来新朋友", "Bring somebody new"), terms, by=make_staff(), at=clock.now())

    come(code, "来客", clock.now())

    page = client.get("/me/invitations").text
    assert "By the rule “Bring somebody new”, version 1" in page
    assert "+20" in page


def test_a_new_fan_enters_a_code_and_decides_about_the_name(client: FlaskClient, at: datetime) -> None:
    code, me = make_code(), make_fan("来客")
    at_home(client, me)
    assert "Did somebody invite you?" in client.get("/me/invitations").text

    assert client.post("/me/invitations", data={"code": code.shown}).location == "/me/invitations"

    acceptance = accepting.acceptance_of(me)
    assert acceptance is not None
    assert acceptance.name_shown is False
    client.post("/me/invitations/name", data={"on": "1"})
    assert acceptance.name_shown is True
    assert "Who invited you sees your name" in client.get("/me/invitations").text


def test_wrong_late_and_own_codes_are_answered_at_the_field(client: FlaskClient, at: datetime) -> None:
    me = make_fan("小满")
    own = make_code(make_seed(me))
    at_home(client, me)

    unknown = client.post("/me/invitations", data={"code": "abcdefgh"})
    mine = client.post("/me/invitations", data={"code": own.code})

    assert (unknown.status_code, mine.status_code) == (422, 422)
    assert "There is no such invitation code." in unknown.text
    assert "This is your own code." in mine.text
    assert own.used == 0


def test_after_two_weeks_the_form_is_gone_and_the_page_says_what_seed_users_are(
    client: FlaskClient, at: datetime
) -> None:
    at_home(client, an_old_hand("老"))

    page = client.get("/me/invitations").text

    assert "Did somebody invite you?" not in page
    assert "You have no invitations" in page


def test_a_stranger_sees_who_invites_only_if_that_one_has_a_public_card(client: FlaskClient, at: datetime) -> None:
    me = an_old_hand("小满")
    code = make_code(make_seed(me))
    english = {"Accept-Language": "en"}

    hidden = client.get(f"/i/{code.code}", headers=english)
    cards.switch(me, True)
    db.session.flush()

    assert "You are invited" in hidden.text
    assert "小满" not in hidden.text
    assert "小满 invites you" in client.get(f"/i/{code.code}", headers=english).text
    assert hidden.headers["Cache-Control"] == "no-store"


def test_a_fan_who_is_new_accepts_by_the_link(client: FlaskClient, at: datetime) -> None:
    code, me = make_code(), make_fan("来客")
    at_home(client, me)
    assert "Accept the invitation" in client.get(f"/i/{code.code}").text

    assert client.post(f"/i/{code.code}").location == "/me/invitations"

    assert code.used == 1


def test_the_link_of_a_code_that_is_over_says_so(client: FlaskClient, at: datetime) -> None:
    code = make_code()
    come(code)

    answer = client.get(f"/i/{code.code}", headers={"Accept-Language": "en"})

    assert answer.status_code == 410
    assert "This invitation code has been used up." in answer.text
    with client.session_transaction() as session:
        assert "invited_with" not in session


def test_staff_see_what_people_see_and_accept_nothing(client: FlaskClient, at: datetime) -> None:
    code = make_code()
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))

    assert "Accounts of the team do not accept invitations." in client.get(f"/i/{code.code}").text
    assert client.post(f"/i/{code.code}").status_code == 404


def test_guessing_codes_by_opening_links_is_stopped(app: Flask, client: FlaskClient, at: datetime) -> None:
    answers = [client.get(f"/i/abcdefg{letter}").status_code for letter in "abcdefghjkmnpqrstuvwxyz23456789"]

    assert answers == [404] * 30 + [429]


def test_guessing_codes_in_the_form_is_stopped_for_the_account(app: Flask, client: FlaskClient, at: datetime) -> None:
    at_home(client, make_fan("小满"))

    answers = [
        client.post("/me/invitations", data={"code": f"abcdefg{letter}"}).status_code for letter in "abcdefghjkm"
    ]

    assert answers == [422] * 10 + [429]


def test_a_former_seed_user_has_no_codes_on_the_page(client: FlaskClient, at: datetime) -> None:
    me = an_old_hand("小满")
    seed = make_seed(me)
    code = make_code(seed)
    naming.end(seed, "休息", by=make_staff(), at=at)
    at_home(client, me)

    assert code.shown not in client.get("/me/invitations").text

"""The leaderboard as fans open it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.db import db
from community.circle.boards import leaving
from community.circle.boards.company import company_of
from community.circle.interests import joining, posting
from community.circle.people import profiles
from community.loyalty import ledger
from community.loyalty.models import Currency
from community.loyalty.ranking import boards
from community.members.models import Member
from community.members.profiles import guardians
from community.members.roster import handle_of
from tests.community.circle.factories import HTMX, make_comment
from tests.community.circle.interests.factories import make_circle, make_joined, make_post
from tests.factories import NOON, browser_of, make_circle_post, make_fan, make_staff, sign_in

PAGE = "/circle/board"


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", NOON, language="en")


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    return browser_of(app, fan)


def grow(member: Member, amount: int) -> None:
    ledger.earn(member, Currency.GROWTH, amount, key=f"g:{member.id}:{amount}", at=NOON)


def test_an_empty_board_says_how_it_opens(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text

    assert "Nobody has grown in this time yet" in page
    assert "You are not on this board yet" in page


def test_it_shows_the_top_and_ones_own_place(browser: FlaskClient, fan: Member) -> None:
    other = make_fan("<b>阿木</b>")
    grow(fan, 10)
    grow(other, 20)

    page = browser.get(PAGE).text

    assert "Place 2 of 2" in page
    assert "&lt;b&gt;阿木&lt;/b&gt;" in page
    assert "<b>阿木" not in page


def test_a_card_is_linked_only_while_it_is_shown(browser: FlaskClient, fan: Member) -> None:
    other = make_fan("阿木")
    grow(other, 20)
    assert f"/circle/cards/{other.public_id}" not in browser.get(PAGE).text

    other.card_public = True

    assert f"/circle/cards/{other.public_id}" in browser.get(PAGE).text


def test_a_public_profile_goes_before_the_card(browser: FlaskClient, fan: Member, at: datetime) -> None:
    other = make_fan("阿木")
    grow(other, 20)
    other.card_public = True
    profiles.change(other, on=True, parts=[], findable=False, at=at)

    page = browser.get(PAGE).text

    assert f"/circle/people/{other.public_id}" in page
    assert f"/circle/cards/{other.public_id}" not in page


def test_no_line_leads_to_a_card_that_is_not_there(browser: FlaskClient, fan: Member, at: datetime) -> None:
    other = make_fan("阿木")
    grow(other, 20)
    other.card_public = True
    guardians.require(other, "under_14", at)

    page = browser.get(PAGE).text

    assert f"/circle/cards/{other.public_id}" not in page
    assert "阿木" not in page


@pytest.mark.parametrize(
    "query", ["period=year", "among=nonsense", "back=13", "back=-1", "period=month&back=11", "period=all&back=1"]
)
def test_boards_that_there_are_not_are_not_found(browser: FlaskClient, query: str) -> None:
    assert browser.get(f"{PAGE}?{query}").status_code == 404


def test_the_periods_differ(browser: FlaskClient, fan: Member) -> None:
    ledger.earn(fan, Currency.GROWTH, 10, key="long ago", at=NOON - timedelta(days=100))

    assert "Nobody has grown" in browser.get(f"{PAGE}?period=week").text
    assert "Nobody has grown" in browser.get(f"{PAGE}?period=month").text
    assert "Place 1 of 1" in browser.get(f"{PAGE}?period=all").text


def test_earlier_periods_are_looked_at_by_their_days(browser: FlaskClient, fan: Member) -> None:
    ledger.earn(fan, Currency.GROWTH, 10, key="last week", at=clock.now() - timedelta(days=7))

    this = browser.get(PAGE).text
    last = browser.get(f"{PAGE}?period=week&back=1").text

    assert "back=1" in this
    assert "Place 1 of 1" in last
    assert "Later" in last
    assert "You gained no growth points in these days." in browser.get(f"{PAGE}?period=week&back=2").text
    assert "Earlier" not in browser.get(f"{PAGE}?period=week&back=12").text
    assert "Earlier" not in browser.get(f"{PAGE}?period=all").text


def test_what_would_be_needed_is_only_said_while_it_can_be_done(browser: FlaskClient, fan: Member) -> None:
    before = clock.now() - timedelta(days=7)
    ledger.earn(fan, Currency.GROWTH, 5, key="mine", at=before)
    ledger.earn(make_fan("阿木"), Currency.GROWTH, 9, key="his", at=before)

    assert "more growth points bring you level" in browser.get(f"{PAGE}?period=all").text
    assert "more growth points bring you level" not in browser.get(f"{PAGE}?period=week&back=1").text


def test_in_a_circle_nobody_learns_of_whoever_left_the_name_out(browser: FlaskClient, fan: Member) -> None:
    circle = make_circle()
    mu = make_joined(circle, "阿木")
    joining.join(circle, fan, NOON)
    grow(fan, 5), grow(mu, 9)
    boards.stay_away(mu, NOON)

    page = browser.get(f"{PAGE}?among={circle.public_id}").text

    assert "Place 1 of 1" in page
    assert "Somebody who stays unnamed" not in page
    assert "Place 2 of 2" in browser.get(PAGE).text


def test_whoever_stands_unnamed_is_told_that_only_he_sees_himself(browser: FlaskClient, fan: Member) -> None:
    grow(fan, 5)
    assert "only you see" not in browser.get(PAGE).text

    boards.stay_away(fan, NOON)

    assert "only you see" in browser.get(PAGE).text


def test_company_are_those_who_answer_each_other(app: Flask, fan: Member, browser: FlaskClient) -> None:
    mu, lin, post = make_fan("阿木"), make_fan("林"), make_circle_post()
    mine, his = make_comment(post, fan, at=NOON), make_comment(post, mu, at=NOON)
    make_comment(post, mu, at=NOON, reply_to=mine)
    make_comment(post, lin, at=NOON, reply_to=mine)
    assert set(db.session.scalars(company_of(fan))) == {fan.id}

    make_comment(post, fan, at=NOON, reply_to=his)

    assert set(db.session.scalars(company_of(fan))) == {fan.id, mu.id}
    assert set(db.session.scalars(company_of(lin))) == {lin.id}
    assert "People you talk with are those" in browser.get(f"{PAGE}?among=company").text


def test_answers_in_interest_circles_make_company_too_while_they_stand(app: Flask, fan: Member) -> None:
    circle = make_circle()
    mu = make_joined(circle, "阿木")
    joining.join(circle, fan, NOON)
    mine, his = make_post(circle, fan, "今天喝什么"), make_post(circle, mu, "昨天喝了什么")
    make_post(circle, mu, "岩茶", under=mine)
    assert set(db.session.scalars(company_of(fan))) == {fan.id}

    answer = make_post(circle, fan, "白茶", under=his)
    assert set(db.session.scalars(company_of(fan))) == {fan.id, mu.id}

    posting.withdraw(answer, handle_of(fan), NOON)
    assert set(db.session.scalars(company_of(fan))) == {fan.id}


def test_without_company_the_board_says_how_to_find_some(browser: FlaskClient, fan: Member) -> None:
    grow(fan, 5)

    assert "Nobody else stands here yet" in browser.get(f"{PAGE}?among=company").text


def test_every_circle_of_a_fan_has_a_board_of_those_who_belong_to_it(browser: FlaskClient, fan: Member) -> None:
    circle, other = make_circle(), make_circle("器物", "Wares")
    mu, gone = make_joined(circle, "阿木"), make_joined(circle, "走了的人")
    joining.join(circle, fan, NOON)
    joining.leave(circle, gone, NOON)
    grow(fan, 5), grow(mu, 9), grow(gone, 20), grow(make_fan("外人"), 30)

    page = browser.get(f"{PAGE}?among={circle.public_id}").text

    assert "Tea friends" in page
    assert "Wares" not in page
    assert "Place 2 of 2" in page
    assert "阿木" in page
    assert "走了的人" not in page
    assert browser.get(f"{PAGE}?among={other.public_id}").status_code == 404


def test_the_board_says_what_is_next(browser: FlaskClient, fan: Member) -> None:
    grow(fan, 5), grow(make_fan("阿木"), 9), grow(make_fan("林"), 40)

    assert "4 more growth points bring you level with place 2." in browser.get(PAGE).text
    ledger.earn(fan, Currency.GROWTH, 90, key="much", at=NOON)
    assert "Nobody stands ahead of you." in browser.get(PAGE).text


def test_a_fan_leaves_his_name_out_and_comes_back(browser: FlaskClient, fan: Member) -> None:
    browser.post(f"{PAGE}/name", data={"on": "0"}, headers=HTMX)
    assert boards.is_away(fan)
    assert fan.user is not None
    assert leaving.export(fan.user) == {"on_leaderboards_by_name": False}

    assert browser.post(f"{PAGE}/name", data={"on": "1"}).status_code == 303
    assert not boards.is_away(fan)


def test_strangers_sign_in_first_and_staff_see_the_board_without_a_place(
    client: FlaskClient, app: Flask, at: datetime
) -> None:
    assert client.get(PAGE).status_code == 303
    grow(make_fan("阿木"), 5)
    staff = app.test_client()
    sign_in(staff, make_staff(language="en"))

    page = staff.get(PAGE).text

    assert "At the top" in page
    assert "Where you stand" not in page


def test_the_status_page_tells_the_places(browser: FlaskClient, fan: Member) -> None:
    assert "You are not on a board yet" in browser.get("/circle/me").text
    grow(fan, 10)

    assert browser.get("/circle/me").text.count("Place 1 of 1") == 2

"""The pages of the circles for fans, strangers and staff."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.circle.interests import circles, joining, measures, mood, posting, tending
from community.circle.interests.models import CirclePost, InterestCircle, Report
from community.members.models import Member
from community.members.roster import handle_of
from tests.community.circle.interests.factories import brand, make_circle, make_host, make_joined, make_post, user_of
from tests.factories import NOON, make_fan, make_staff, sign_in

FORM = {"key": "onekey0001"}


@pytest.fixture
def circle(app: Flask) -> InterestCircle:
    clock.set_to(NOON)
    return make_circle()


@pytest.fixture
def fan(circle: InterestCircle) -> Member:
    return make_joined(circle)


@pytest.fixture
def browser(client: FlaskClient, fan: Member) -> FlaskClient:
    """The browser of a fan who belongs to the circle."""
    sign_in(client, user_of(fan))
    return client


def address(circle: InterestCircle, path: str = "") -> str:
    return f"/circle/interests/{circle.public_id}{path}"


def posts() -> list[CirclePost]:
    return list(db.session.scalars(select(CirclePost).order_by(CirclePost.id)))


def test_everybody_finds_the_circles_and_reads(client: FlaskClient, circle: InterestCircle) -> None:
    make_post(circle, make_joined(circle), "今天喝什么?")
    assert "茶友" in client.get("/circle/interests").text
    page = client.get(address(circle)).text
    assert "今天喝什么?" in page
    assert "/accounts/sign-in" in page
    assert 'name="text"' not in page


def test_a_closed_circle_is_not_there(client: FlaskClient, circle: InterestCircle) -> None:
    post = make_post(circle, make_joined(circle))
    circles.close(circle, by=make_staff(), at=NOON)
    assert client.get(address(circle)).status_code == 404
    assert client.get(f"/circle/interests/posts/{post.public_id}").status_code == 404


def test_a_fan_joins_and_leaves_with_plain_forms(client: FlaskClient, circle: InterestCircle) -> None:
    fan = make_fan("老周")
    sign_in(client, user_of(fan))
    assert client.post(address(circle, "/join")).location == address(circle)
    assert joining.membership_of(circle, fan) is not None
    assert 'name="text"' in client.get(address(circle)).text
    client.post(address(circle, "/leave"))
    assert joining.membership_of(circle, fan) is None


def test_a_post_is_written_and_markup_in_it_stays_text(browser: FlaskClient, circle: InterestCircle) -> None:
    answer = browser.post(address(circle, "/posts"), data=FORM | {"text": "<script>alert(1)</script>"})
    assert answer.status_code == 303
    page = browser.get(address(circle)).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_refused_post_keeps_its_words_in_the_form(browser: FlaskClient, circle: InterestCircle) -> None:
    browser.post(address(circle, "/posts"), data=FORM | {"text": "买一送一"})
    again = browser.post(address(circle, "/posts"), data={"text": "买一送一", "key": "onekey0002"})
    assert again.status_code == 422
    assert "买一送一</textarea>" in again.text
    assert len(posts()) == 1


def test_an_answer_leads_to_its_place(browser: FlaskClient, circle: InterestCircle, fan: Member) -> None:
    root = make_post(circle, make_joined(circle, "老周"))
    answer = browser.post(f"/circle/interests/posts/{root.public_id}/answers", data=FORM | {"text": "龙井"})
    said = posts()[-1]
    assert answer.location == f"/circle/interests/posts/{root.public_id}#said-{said.public_id}"
    assert "龙井" in browser.get(f"/circle/interests/posts/{root.public_id}").text
    assert browser.get(f"/circle/interests/said/{said.public_id}").location == answer.location


def test_who_has_not_joined_is_asked_to_and_writes_nothing(client: FlaskClient, circle: InterestCircle) -> None:
    sign_in(client, user_of(make_fan("老周")))
    assert client.post(address(circle, "/posts"), data=FORM | {"text": "你好"}).status_code == 422
    assert posts() == []


def test_staff_write_under_the_label_of_the_administrator(client: FlaskClient, circle: InterestCircle) -> None:
    sign_in(client, make_staff(Role.SERVICE_AGENT, name="林夏"))
    client.post(address(circle, "/posts"), data=FORM | {"text": "大家早上好"})
    page = client.get(address(circle), headers={"Accept-Language": "en"}).text
    assert "大家早上好" in page
    assert "Administrator of" in page
    assert "林夏</bdi>" not in page


def test_staff_without_a_voice_only_read(client: FlaskClient, circle: InterestCircle) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(address(circle)).status_code == 200
    assert client.post(address(circle, "/posts"), data=FORM | {"text": "早"}).status_code == 404


def test_own_words_are_taken_back_after_a_question_and_others_are_not(
    browser: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    mine, theirs = make_post(circle, fan), make_post(circle, make_joined(circle, "老周"), "别人的话")
    assert browser.get(f"/circle/interests/posts/{mine.public_id}/taking-back").status_code == 200
    browser.post(f"/circle/interests/posts/{mine.public_id}/withdraw")
    assert mine.withdrawn_at == NOON
    others = f"/circle/interests/posts/{theirs.public_id}"
    assert browser.get(f"{others}/taking-back").status_code == 404
    assert browser.post(f"{others}/withdraw").status_code == 404


def test_a_withdrawn_post_keeps_its_place_while_answers_hang_on_it(
    client: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    root, lonely = make_post(circle, fan, "我的话"), make_post(circle, fan, "没人理")
    make_post(circle, make_joined(circle, "老周"), "他的话", under=root)
    for post in (root, lonely):
        posting.withdraw(post, handle_of(fan), NOON)
    page = client.get(f"/circle/interests/posts/{root.public_id}").text
    assert "他的话" in page
    assert "我的话" not in page
    assert client.get(f"/circle/interests/posts/{lonely.public_id}").status_code == 404


def test_a_removed_post_is_read_by_its_author_and_by_nobody_else(
    browser: FlaskClient, app: Flask, circle: InterestCircle, fan: Member
) -> None:
    post = make_post(circle, fan, "加我微信返现")
    measures.remove(post, rule=2, reason="广告", by=brand(), at=NOON)
    page = f"/circle/interests/posts/{post.public_id}"
    assert "加我微信返现" in browser.get(page).text
    assert app.test_client().get(page).status_code == 404
    assert "加我微信返现" not in browser.get(address(circle)).text


def test_a_report_is_made_once_and_the_menu_says_so(browser: FlaskClient, circle: InterestCircle) -> None:
    post = make_post(circle, make_joined(circle, "老周"))
    page = f"/circle/interests/posts/{post.public_id}/report"
    assert browser.get(page).status_code == 200
    assert browser.post(page, data={"reason": "nonsense"}).status_code == 422
    for _ in range(2):
        assert browser.post(page, data={"reason": "abuse", "note": "骂人"}).status_code == 303
    assert [report.note for report in db.session.scalars(select(Report))] == ["骂人"]
    assert f"{page}" not in browser.get(address(circle)).text


def test_the_mood_is_told_with_one_tap_and_drawn_without_names(
    browser: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    browser.post(address(circle, "/mood"), data={"value": "4"})
    assert mood.mood_of(circle, fan, NOON) == 4
    numbers = browser.get(address(circle, "/mood.json")).json
    assert numbers is not None
    assert [one["values"] for one in numbers["series"]] == [[None], [1]]
    assert browser.post(address(circle, "/mood"), data={"value": "99999999999"}).status_code == 422


def test_featured_posts_and_those_of_one_member_have_pages_of_their_own(
    client: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    tending.feature(make_post(circle, fan, "精华"), brand(), NOON)
    make_post(circle, make_joined(circle, "老周"), "平常")
    featured = client.get(address(circle, "?only=featured")).text
    assert ("精华" in featured, "平常" in featured) == (True, False)
    assert "平常" not in client.get(address(circle, f"?by={fan.public_id}")).text
    assert client.get(address(circle, f"?by={make_fan('生人').public_id}")).status_code == 404


def test_the_circles_stand_beside_the_feed_and_on_the_status_page(browser: FlaskClient, circle: InterestCircle) -> None:
    for page in ("/circle", "/circle/me"):
        assert address(circle) in browser.get(page).text


def test_the_author_of_a_removed_post_is_led_to_why_and_to_the_appeal(
    browser: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    post = make_post(circle, fan, "加我微信返现")
    removal = measures.remove(post, rule=2, reason="广告", by=brand(), at=NOON)
    page = browser.get(f"/circle/interests/posts/{post.public_id}").text
    assert f"/circle/interests/measures/{removal.public_id}" in page


def test_a_fan_whose_selves_were_joined_withdraws_what_either_wrote(
    browser: FlaskClient, circle: InterestCircle, fan: Member
) -> None:
    post = make_post(circle, make_joined(circle, "另一个我"), "以前写的")
    post.author.member_id = fan.id
    assert browser.post(f"/circle/interests/posts/{post.public_id}/withdraw").status_code == 303
    assert post.withdrawn_at == NOON


def test_the_mood_stands_in_words_too(browser: FlaskClient, circle: InterestCircle, fan: Member) -> None:
    for member, value in ((fan, 4), (make_joined(circle, "老周"), 5), (make_joined(circle, "阿青"), 3)):
        mood.tell_mood(circle, member, value, NOON)
    page = browser.get(address(circle), headers={"Accept-Language": "en"}).text
    assert "4 of 5, from 3 answers" in page


def test_hosts_are_known_by_a_word_beside_their_name(client: FlaskClient, circle: InterestCircle) -> None:
    host = make_host(circle)
    post = make_post(circle, host, "大家好")
    for page in (address(circle), f"/circle/interests/posts/{post.public_id}"):
        assert ">Host</span>" in client.get(page, headers={"Accept-Language": "en"}).text

"""The bell, the page of notices, and where else to be told."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.circle.answered import BY_A_FAN, BY_THE_HOUSE
from community.inbox.models import Interaction
from community.members.models import Member
from community.members.roster import staff_handle
from community.notices import leaving, letters, reading, wishes
from community.notices.models import Medium, Notice
from community.notices.saying import topics
from tests.community.circle.factories import HTMX, make_comment
from tests.community.notices.factories import told
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in

PAGE = "/me/notices"


def kinds(member: Member) -> list[str]:
    return [notice.kind for notice in reading.page(member, 1).notices]


def ticked(page: str) -> Counter[str]:
    """How often each way is ticked."""
    return Counter(re.findall(r'<input checked [^>]*type="radio" value="(\w+)"', page))


def test_without_notices_the_page_says_what_will_stand_here(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text

    assert "Nothing to tell you yet" in page
    assert "top-count" not in page


def test_the_bell_counts_what_is_new_on_every_page(browser: FlaskClient, fan: Member) -> None:
    told(fan, NOON)
    told(fan, NOON)

    assert "new: </span>2</span>" in browser.get("/circle").text


def test_the_page_marks_new_ones_until_it_was_seen(browser: FlaskClient, fan: Member) -> None:
    told(fan, NOON, "test.named", who="<b>茶</b>")
    newest = told(fan, NOON + timedelta(minutes=1))

    first = browser.get(PAGE).text
    bell = browser.post(f"{PAGE}/seen", data={"until": newest.public_id}, headers=HTMX).text
    later = told(fan, NOON + timedelta(minutes=2))
    second = browser.get(PAGE).text

    assert first.count("told is-new") == 2
    assert "&lt;b&gt;茶&lt;/b&gt; / –" in first
    assert "top-count" not in bell
    assert second.count("told is-new") == 1
    assert f'id="notice-{later.public_id}"' in second


def test_without_scripts_the_button_leads_back_to_the_page(browser: FlaskClient, fan: Member) -> None:
    notice = told(fan, NOON)

    answer = browser.post(f"{PAGE}/seen", data={"until": notice.public_id})

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert reading.unseen(fan) == 0


def test_notices_of_another_fan_are_not_there(browser: FlaskClient, fan: Member) -> None:
    other = make_fan("阿木")
    notice = told(other, NOON, "test.named", who="secret")

    assert "secret" not in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/seen", data={"until": notice.public_id}).status_code == 404
    assert reading.unseen(other) == 1


def test_strangers_and_staff_have_no_bell(client: FlaskClient, app: Flask) -> None:
    assert client.get(PAGE).status_code == 303
    staff = app.test_client()
    sign_in(staff, make_staff())
    assert staff.get(PAGE).status_code == 404
    assert PAGE not in staff.get("/circle").text


def test_older_ones_stand_on_further_pages(browser: FlaskClient, fan: Member) -> None:
    for minute in range(reading.PAGE + 1):
        told(fan, NOON + timedelta(minutes=minute))

    assert browser.get(PAGE).text.count('class="told ') == reading.PAGE
    assert browser.get(f"{PAGE}?page=2").text.count('class="told ') == 1
    assert "Nothing further back" in browser.get(f"{PAGE}?page=3").text


def test_nothing_goes_out_until_the_fan_wants_it(browser: FlaskClient, fan: Member) -> None:
    page = browser.get(f"{PAGE}/preferences").text
    assert ticked(page) == {"neither": len(topics())}

    browser.post(f"{PAGE}/preferences", data={"about_level": "mail", "about_other": "push"})
    wish = wishes.wish_of(fan.id)
    assert wish is not None
    assert (wish.mail_since, wish.push_since) != (None, None)
    assert {topic: wishes.way_about(wish, topic) for topic in ("level", "other", "circle")} == {
        "level": Medium.MAIL,
        "other": Medium.PUSH,
        "circle": None,
    }

    browser.post(f"{PAGE}/preferences", data={"about_level": "neither", "about_other": "push"}, headers=HTMX)
    again = wishes.wish_of(fan.id)
    assert again is not None
    assert (again.mail_since, wishes.way_about(again, "other")) == (None, Medium.PUSH)


@pytest.mark.parametrize(("every", "way"), [("mail", Medium.MAIL), ("push", Medium.PUSH), ("neither", None)])
def test_one_button_chooses_the_same_for_everything(
    browser: FlaskClient, fan: Member, every: str, way: Medium | None
) -> None:
    page = browser.post(f"{PAGE}/preferences", data={"all": every}, headers=HTMX).text

    assert {wishes.way_about(wishes.wish_of(fan.id), topic) for topic in topics()} == {way}
    assert ticked(page) == {every: len(topics())}


def test_an_unknown_way_is_refused_with_a_word(browser: FlaskClient) -> None:
    answer = browser.post(f"{PAGE}/preferences", data={"about_level": "pigeon"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Please check these points" in answer.text


def test_ending_the_mails_leaves_the_pushes(fan: Member) -> None:
    wishes.change(fan.id, mail=True, push=True, without=[], by_push=["other"], at=NOON)

    wishes.stop_mail(fan.id)

    wish = wishes.wish_of(fan.id)
    assert (wishes.way_about(wish, "level"), wishes.way_about(wish, "other")) == (None, Medium.PUSH)


def test_a_mail_leads_to_a_button_that_ends_the_mails_without_sign_in(client: FlaskClient, fan: Member) -> None:
    wish = wishes.change(fan.id, mail=True, without=[], at=NOON)
    address = f"{PAGE}/stop/{letters.stop_token(fan)}"

    asked = client.get(address)
    assert asked.status_code == 200
    assert wish.mail_since is not None
    assert client.post(address).status_code == 200
    again = wishes.wish_of(fan.id)
    assert again is not None
    assert again.mail_since is None
    assert client.post(f"{PAGE}/stop/{letters.stop_token(fan)}x").status_code == 404


def test_whoever_is_answered_is_told_and_nobody_else(app: Flask, fan: Member) -> None:
    post, other = make_circle_post(), make_fan("阿木")
    said = make_comment(post, fan, at=NOON)

    make_comment(post, fan, at=NOON, reply_to=said)
    assert kinds(fan) == []

    answer: Interaction = make_comment(post, other, at=NOON, reply_to=said)
    assert kinds(fan) == [BY_A_FAN]
    assert kinds(other) == []
    assert reading.page(fan, 1).notices[0].url == f"/circle/comments/{answer.public_id}"


def test_the_house_is_named_when_it_answers(app: Flask, fan: Member) -> None:
    from community.circle import commenting

    said = make_comment(make_circle_post(), fan, at=NOON)
    assert said.post is not None
    house = staff_handle(make_staff(), NOON)

    for _twice in range(2):
        commenting.say(said.post, house, "谢谢", NOON, key="formkey-house", reply_to=said)

    assert kinds(fan) == [BY_THE_HOUSE]


def test_ones_data_hold_the_notices_and_erasing_takes_them(fan: Member) -> None:
    told(fan, NOON)
    wishes.change(fan.id, mail=True, without=["badge"], at=NOON)
    assert fan.user is not None

    exported = leaving.export(fan.user)
    leaving.erase(fan.user, NOON)

    assert len(exported["notices"]) == 1
    assert exported["notices_without"] == ["badge"]
    assert reading.page(fan, 1).notices == []
    assert wishes.wish_of(fan.id) is None


def test_the_same_key_is_told_once(fan: Member) -> None:
    from community.notices.telling import tell

    assert isinstance(tell(fan.id, "level.tested", key="once", at=NOON), Notice)
    assert tell(fan.id, "level.tested", key="once", at=NOON) is None
    assert reading.unseen(fan) == 1

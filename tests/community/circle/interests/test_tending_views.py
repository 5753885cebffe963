"""What hosts and staff do in a circle, on its pages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.circle.interests import measures, mediating, posting, reporting
from community.circle.interests.models import CirclePost, InterestCircle, Measure, Reason
from community.members.models import Member
from community.members.roster import handle_of, staff_handle
from tests.community.circle.factories import counted_queries
from tests.community.circle.interests.factories import (
    brand,
    make_circle,
    make_host,
    make_joined,
    make_post,
    new_key,
    user_of,
)
from tests.factories import NOON, make_staff, sign_in


@pytest.fixture
def circle(app: Flask) -> InterestCircle:
    clock.set_to(NOON)
    return make_circle()


@pytest.fixture
def author(circle: InterestCircle) -> Member:
    return make_joined(circle, "老周")


@pytest.fixture
def post(circle: InterestCircle, author: Member) -> CirclePost:
    return make_post(circle, author, "今天喝什么?")


@pytest.fixture
def host(client: FlaskClient, circle: InterestCircle) -> FlaskClient:
    """The browser of a host."""
    sign_in(client, user_of(make_host(circle)))
    return client


def at(post: CirclePost, path: str) -> str:
    return f"/circle/interests/posts/{post.public_id}/{path}"


def test_a_host_pins_and_features_by_the_menu(host: FlaskClient, post: CirclePost) -> None:
    for act in ("pin", "feature"):
        assert host.post(at(post, "lift"), data={"do": act}).status_code == 303
    assert (post.pinned_at, post.featured_at) == (NOON, NOON)
    host.post(at(post, "lift"), data={"do": "unpin"})
    assert post.pinned_at is None
    assert host.post(at(post, "lift"), data={"do": "praise"}).status_code == 400


def test_to_everybody_else_there_is_nothing_here(app: Flask, circle: InterestCircle, post: CirclePost) -> None:
    member, staff = app.test_client(), app.test_client()
    sign_in(member, user_of(make_joined(circle)))
    sign_in(staff, make_staff(Role.EXECUTIVE))
    for browser in (member, staff):
        assert browser.post(at(post, "lift"), data={"do": "pin"}).status_code == 404
        assert browser.post(at(post, "leave-it")).status_code == 404
        assert browser.get(at(post, "remove")).status_code == 404
        assert browser.get(f"/circle/interests/{circle.public_id}/order").status_code == 404
    assert post.pinned_at is None


def test_a_host_answers_a_report(host: FlaskClient, circle: InterestCircle, post: CirclePost) -> None:
    reporting.report(post, make_joined(circle), Reason.ABUSE, NOON, "骂人")
    order = f"/circle/interests/{circle.public_id}/order"
    assert "骂人" in host.get(order).text
    host.post(at(post, "leave-it"))
    assert "骂人" not in host.get(order).text
    assert post.stands


def test_a_post_is_removed_only_with_rule_and_reason(host: FlaskClient, post: CirclePost) -> None:
    assert host.get(at(post, "remove")).status_code == 200
    assert host.post(at(post, "remove"), data={"rule": "1", "reason": ""}).status_code == 422
    assert host.post(at(post, "remove"), data={"rule": "9", "reason": "理由"}).status_code == 422
    assert post.stands
    assert host.post(at(post, "remove"), data={"rule": "1", "reason": "人身攻击"}).status_code == 303
    assert not post.stands


def test_who_only_looks_is_written_nowhere(
    client: FlaskClient, circle: InterestCircle, author: Member, post: CirclePost
) -> None:
    """A page that wrote could meet another writer, and on SQLite fail."""
    sign_in(client, make_staff(Role.ADMINISTRATOR))

    for page in (at(post, "remove"), f"/circle/interests/{circle.public_id}/mute/{author.public_id}"):
        with counted_queries() as asked:
            assert client.get(page).status_code == 200
        assert not [statement for statement in asked if "INSERT INTO handle" in statement]


def test_a_mute_with_a_term_that_is_too_long_is_refused(
    host: FlaskClient, circle: InterestCircle, author: Member, post: CirclePost
) -> None:
    page = f"/circle/interests/{circle.public_id}/mute/{author.public_id}"
    assert host.get(page).status_code == 200
    assert host.post(page, data={"rule": "1", "reason": "理由", "days": "400"}).status_code == 422
    assert host.post(page, data={"rule": "1", "reason": "理由", "days": "3"}).status_code == 303
    assert host.post(page, data={"rule": "1", "reason": "理由", "days": "3"}).status_code == 422
    assert author.name in host.get(f"/circle/interests/{circle.public_id}/order").text


def test_the_muted_member_reads_why_appeals_and_is_restored(
    app: Flask, circle: InterestCircle, author: Member, post: CirclePost
) -> None:
    measure = measures.mute(circle, author, rule=1, reason="三次人身攻击", days=3, by=brand(), at=NOON)
    fan, staff = app.test_client(), app.test_client()
    sign_in(fan, user_of(author))
    sign_in(staff, make_staff())
    page = f"/circle/interests/measures/{measure.public_id}"
    assert page in fan.get(f"/circle/interests/{circle.public_id}").text
    assert "三次人身攻击" in fan.get(page).text
    assert fan.post(f"{page}/appeal", data={"text": ""}).status_code == 422
    fan.post(f"{page}/appeal", data={"text": "不是我说的"})
    assert "不是我说的" in staff.get(page).text
    assert page in staff.get("/interests").text
    assert fan.post(f"{page}/decide", data={"answer": "好", "upheld": "1"}).status_code == 404
    staff.post(f"{page}/decide", data={"answer": "你说得对", "upheld": "1"})
    assert "你说得对" in fan.get(page).text
    assert 'name="text"' in fan.get(f"/circle/interests/{circle.public_id}").text


def test_a_host_lifts_a_mute_before_its_time(host: FlaskClient, circle: InterestCircle, author: Member) -> None:
    measure = measures.mute(circle, author, rule=1, reason="理由", days=3, by=brand(), at=NOON)
    assert host.post(f"/circle/interests/measures/{measure.public_id}/lift").status_code == 303
    assert not measure.holds(NOON)


def test_nobody_opens_what_was_done_to_another(app: Flask, circle: InterestCircle, author: Member) -> None:
    measure = measures.mute(circle, author, rule=1, reason="理由", days=3, by=brand(), at=NOON)
    browser = app.test_client()
    sign_in(browser, user_of(make_joined(circle)))
    page = f"/circle/interests/measures/{measure.public_id}"
    assert [browser.get(page).status_code, browser.post(f"{page}/lift").status_code] == [404, 404]
    assert db.session.scalars(select(Measure)).one().lifted_at is None


def test_a_dispute_goes_its_way_in_the_browser(
    app: Flask, circle: InterestCircle, author: Member, post: CirclePost
) -> None:
    fan, other, host, stranger = (app.test_client() for _ in range(4))
    asker = make_joined(circle)
    for browser, member in (
        (fan, asker),
        (other, author),
        (host, make_host(circle)),
        (stranger, make_joined(circle, "路人")),
    ):
        sign_in(browser, user_of(member))
    assert fan.get(at(post, "dispute")).status_code == 200
    assert fan.post(at(post, "dispute"), data={"matter": "", "key": new_key()}).status_code == 422
    page = fan.post(at(post, "dispute"), data={"matter": "他把我的照片当成他的", "key": new_key()}).location
    assert page is not None
    assert "他把我的照片当成他的" in other.get(page).text
    assert stranger.get(page).status_code == 404
    assert other.post(f"{page}/take").status_code == 404
    host.post(f"{page}/take")
    other.post(f"{page}/words", data={"text": "我忘了写出处", "key": new_key()})
    assert fan.post(f"{page}/outcome", data={"outcome": "agreed", "words": "好"}).status_code == 403
    assert host.post(f"{page}/outcome", data={"outcome": "agreed", "words": ""}).status_code == 422
    host.post(f"{page}/outcome", data={"outcome": "agreed", "words": "补上出处"})
    for browser in (fan, other):
        assert "补上出处" in browser.get(page).text
        assert page in browser.get("/circle/interests/mediations").text
    assert fan.post(f"{page}/words", data={"text": "可是", "key": new_key()}).status_code == 409


def test_who_asked_ends_a_dispute_that_nobody_needs(app: Flask, circle: InterestCircle, author: Member) -> None:
    asker, browser = make_joined(circle), app.test_client()
    dispute = mediating.ask(circle, handle_of(asker), handle_of(author), "误会", NOON, key=new_key())
    sign_in(browser, user_of(asker))
    browser.post(f"/circle/interests/mediations/{dispute.public_id}/back")
    assert dispute.closed_at == NOON


def test_a_removed_post_is_put_back_from_the_page_of_those_who_keep_order(
    host: FlaskClient, circle: InterestCircle, post: CirclePost
) -> None:
    removal = measures.remove(post, rule=1, reason="看错了", by=brand(), at=NOON)
    order = f"/circle/interests/{circle.public_id}/order"
    address = f"/circle/interests/measures/{removal.public_id}/lift"
    assert address in host.get(order).text
    assert host.post(address).location == order
    assert post.stands
    assert address not in host.get(order).text


def test_a_host_is_shown_no_dispute_that_somebody_else_mediates(
    host: FlaskClient, circle: InterestCircle, author: Member
) -> None:
    dispute = mediating.ask(circle, handle_of(make_joined(circle)), handle_of(author), "误会", NOON, key=new_key())
    order = f"/circle/interests/{circle.public_id}/order"
    assert dispute.public_id in host.get(order).text
    mediating.take(dispute, brand(), NOON)
    assert dispute.public_id not in host.get(order).text


def test_a_reported_post_of_the_brand_carries_the_label_and_no_name_of_staff(
    host: FlaskClient, circle: InterestCircle
) -> None:
    by = staff_handle(make_staff(name="林夏"), NOON)
    said = posting.say(circle, by, "大家早上好", NOON, key=new_key())
    reporting.report(said, make_joined(circle), Reason.OTHER, NOON)
    page = host.get(f"/circle/interests/{circle.public_id}/order", headers={"Accept-Language": "en"}).text
    assert "Administrator of" in page
    assert "林夏" not in page


def test_a_mediator_gives_it_back_in_the_browser(host: FlaskClient, circle: InterestCircle, author: Member) -> None:
    dispute = mediating.ask(circle, handle_of(make_joined(circle)), handle_of(author), "误会", NOON, key=new_key())
    page = f"/circle/interests/mediations/{dispute.public_id}"
    host.post(f"{page}/take")
    assert f"{page}/give-back" in host.get(page).text
    assert host.post(f"{page}/give-back").status_code == 303
    assert dispute.mediator_id is None


def test_nothing_on_the_page_of_a_mediator_goes_by_one_name_twice(
    host: FlaskClient, circle: InterestCircle, author: Member
) -> None:
    dispute = mediating.ask(circle, handle_of(make_joined(circle)), handle_of(author), "误会", NOON, key=new_key())
    page = f"/circle/interests/mediations/{dispute.public_id}"
    host.post(f"{page}/take")
    names = Counter(re.findall(r'\sid="([^"]+)"', host.get(page).text))
    assert [name for name, times in names.items() if times > 1] == []

"""Merging and splitting on the screen: staff look, give a reason and decide; a fan proves both accounts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.permissions import Role
from community.circle import cards
from community.members.merging import asking, finding
from community.members.models import Member
from tests.community.loyalty.factories import comment
from tests.community.members.merging.factories import has, make_clerk, merge, split, stranger_says, weibo
from tests.factories import NOON, PASSWORD, make_fan, make_staff, sign_in

ENGLISH = {"Accept-Language": "en"}
SAID = {"reason": "one person, by phone", "sure": "y"}


@pytest.fixture
def staff(client: FlaskClient, at: datetime) -> FlaskClient:
    sign_in(client, make_clerk())
    return client


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def test_staff_find_the_other_self_see_both_and_merge_them(staff: FlaskClient) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")
    comment(other, NOON)
    there = f"/members/{kept.public_id}/merge"

    found = text(staff, f"{there}?name=微博")
    both = text(staff, f"{there}/{other.public_id}")
    done = staff.post(f"{there}/{other.public_id}", data=SAID, headers=ENGLISH)

    assert f"{there}/{other.public_id}" in found
    assert "This one is kept" in both
    assert "Points afterwards" in both
    assert done.status_code == 303
    assert has(kept, other) == [(5, 5), (0, 0)]
    assert "one person, by phone" in text(staff, f"/members/{kept.public_id}/merges")


def test_without_a_reason_or_a_look_nothing_is_merged(staff: FlaskClient) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")

    answer = staff.post(f"/members/{kept.public_id}/merge/{other.public_id}", data={}, headers=ENGLISH)

    assert answer.status_code == 422
    assert "Please look at both first." in answer.get_data(as_text=True)
    assert other.merged_into_id is None


def test_staff_who_may_not_change_members_find_no_such_page(client: FlaskClient, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")
    sign_in(client, make_staff(Role.EXECUTIVE))

    assert client.get(f"/members/{kept.public_id}/merge").status_code == 404
    assert client.post(f"/members/{kept.public_id}/merge/{other.public_id}", data=SAID).status_code == 404
    assert client.get(f"/members/{kept.public_id}/merges").status_code == 200


def test_old_addresses_lead_to_the_kept_one(staff: FlaskClient) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")
    cards.switch(kept, True)
    merge(kept, other, make_clerk())

    for address in ("/members/{}", "/loyalty/members/{}", "/circle/cards/{}"):
        answer = staff.get(address.format(other.public_id))
        assert (answer.status_code, answer.location) == (302, address.format(kept.public_id))


def test_an_old_card_leads_nowhere_if_the_kept_one_shows_none(staff: FlaskClient) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")
    cards.switch(other, True)
    merge(kept, other, make_clerk())

    assert staff.get(f"/circle/cards/{other.public_id}").status_code == 404


def test_a_split_is_shown_before_it_happens(staff: FlaskClient) -> None:
    kept, other = make_fan("小满"), make_fan("小满在微博")
    comment(other, NOON)
    merged = merge(kept, other, make_clerk())
    there = f"/members/merges/{merged.public_id}/split"

    before = text(staff, there)
    refused = staff.post(there, data={}, headers=ENGLISH)
    done = staff.post(there, data={"reason": "a mistake"}, headers=ENGLISH)

    assert "Points left of what came" in before
    assert refused.status_code == 422
    assert done.status_code == 303
    assert has(kept, other) == [(0, 0), (5, 5)]
    assert staff.get(there).status_code == 303


def test_staff_join_a_handle_and_split_it_off(staff: FlaskClient) -> None:
    fan = make_fan("小满")
    handle = stranger_says(weibo(), "1")
    there = f"/members/{fan.public_id}/handles/join"

    assert handle.name in text(staff, f"{there}?name=茶客")
    assert "1 fact was done" in text(staff, f"{there}/{handle.public_id}")
    assert staff.post(f"{there}/{handle.public_id}", data=SAID).status_code == 303
    assert has(fan) == [(5, 5)]
    split = f"/members/handles/{handle.public_id}/split"
    assert "1 fact that was done" in text(staff, split)
    assert staff.post(split, data={"reason": "somebody else"}).status_code == 303
    assert has(fan) == [(0, 0)]
    assert handle.member_id != fan.id


def test_two_accounts_of_one_mailbox_are_suggested_with_the_evidence(staff: FlaskClient) -> None:
    one = make_fan("小满", email="tea@example.org")
    other = make_fan("满", email="tea+circle@example.org")
    make_fan("茶", email="teapot@example.org")

    page = text(staff, f"/members/{one.public_id}/merge")

    assert "The confirmed addresses of both reach one mailbox." in page
    assert page.count(f"/merge/{other.public_id}") == 1
    assert page.count("/merge/") == 1


def test_a_fan_signs_in_with_both_accounts_and_they_become_one(client: FlaskClient, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满二号")
    comment(other, NOON)
    assert kept.user is not None
    assert other.user is not None
    sign_in(client, kept.user)

    began = client.post("/me/selves/begin", headers=ENGLISH)
    client.post(began.location, data={"email": other.user.email, "password": PASSWORD}, headers=ENGLISH)
    shown = text(client, "/me/selves/confirm")
    done = client.post("/me/selves/confirm", headers=ENGLISH)

    assert "Are both of these you?" in shown
    assert done.status_code == 303
    assert other.merged_into_id == kept.id
    assert has(kept, other) == [(5, 5), (0, 0)]
    assert "小满二号" in text(client, "/me/selves")  # the browser that signed in with the other is the first one's now


def test_an_ask_is_over_after_a_quarter_of_an_hour_and_counts_once(client: FlaskClient, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满二号")
    assert other.user is not None
    asked = asking.ask(kept, NOON)
    sign_in(client, other.user)
    with client.session_transaction() as session:
        session["merge_ask"] = asked.public_id
    clock.set_to(NOON + timedelta(minutes=16))

    answer = client.post("/me/selves/confirm", headers=ENGLISH)

    assert answer.status_code == 303
    assert other.merged_into_id is None


def test_the_same_account_twice_is_not_another_one(client: FlaskClient, at: datetime) -> None:
    fan = make_fan("小满")
    assert fan.user is not None
    asked = asking.ask(fan, NOON)
    sign_in(client, fan.user)
    with client.session_transaction() as session:
        session["merge_ask"] = asked.public_id

    assert "You are signed in with the same account" in text(client, "/me/selves/confirm")


def test_a_fan_takes_back_what_he_did_himself(client: FlaskClient, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满二号")
    assert kept.user is not None
    merged = asking.answer(asking.ask(kept, NOON), other, NOON)
    by_team = merge(kept, make_fan("三号"), make_clerk())
    sign_in(client, kept.user)

    assert client.post(f"/me/selves/{by_team.public_id}/split").status_code == 404
    assert client.post(f"/me/selves/{merged.public_id}/split").status_code == 303
    assert other.merged_into_id is None


def test_whoever_signs_in_with_the_merged_account_acts_as_the_kept_one(app: Flask, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满二号")
    assert other.user is not None
    merged = merge(kept, other, make_clerk())
    client = app.test_client()
    sign_in(client, other.user)

    checked_in = client.post("/circle/check-in")

    assert checked_in.status_code < 400
    assert has(kept, other) == [(2, 2), (0, 0)]
    split(merged, make_clerk())
    assert has(kept, other) == [(0, 0), (2, 2)]


def test_erasing_the_person_erases_every_self(app: Flask, at: datetime) -> None:
    kept, other = make_fan("小满"), make_fan("小满二号")
    assert kept.user is not None
    assert other.user is not None
    stranger_says(weibo(), "1")
    merge(kept, other, make_clerk())

    whole = leaving.export(kept.user, NOON)
    leaving.erase(kept.user, NOON)

    assert whole["merged_memberships"][0]["other"] == other.public_id
    db.session.expire_all()
    again = db.session.get_one(Member, other.id)
    assert "小满" not in again.name
    assert again.erased_at == NOON
    assert again.user_id is None
    assert finding.self_of(again).erased_at == NOON

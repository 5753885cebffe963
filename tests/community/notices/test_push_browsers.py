"""Browsers that take pushes: asked for, listed, removed, kept secret, and over with the sign-in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from commons import jobs
from commons.accounts import sessions
from commons.db import db
from commons.errors import Conflict, Invalid
from community.members.models import Member
from community.notices import leaving, wishes
from community.notices.push import browsers, keys
from community.notices.push.addresses import LONGEST, Address
from tests.community.circle.factories import HTMX
from tests.community.notices.factories import told
from tests.community.notices.pushing import AFTERNOON, PAGE, SOON, rows, signed_in, take
from tests.factories import make_fan, sign_in
from tests.servers.push import PushedTo, PushServer


@pytest.mark.parametrize("way", ["here", "everywhere", "idle", "ended"])
def test_pushes_end_with_the_sign_in(fan: Member, phone: PushedTo, way: str) -> None:
    assert fan.user is not None
    at = AFTERNOON
    if way == "here":
        sessions.end(rows()[0].sign_in, AFTERNOON)
    elif way == "everywhere":
        sessions.end_all(fan.user, AFTERNOON)
    elif way == "idle":
        at = AFTERNOON + timedelta(days=61)
    else:
        fan.user.ended_at = AFTERNOON
        sessions.end_all(fan.user, AFTERNOON)
    told(fan, at)

    jobs.drain(at + SOON)

    assert phone.opened == []
    browsers.forget_over(at + timedelta(days=1))
    assert rows() == []


def test_erasing_takes_the_browsers_and_the_export_names_them_without_their_address(
    fan: Member, phone: PushedTo
) -> None:
    assert fan.user is not None

    exported = leaving.export(fan.user)
    leaving.erase(fan.user, AFTERNOON)

    assert exported["notices_browsers"][0]["browser"].startswith("Mozilla")
    assert phone.endpoint not in str(exported)
    assert rows() == []


def test_who_signs_in_next_at_the_same_browser_takes_it_over(fan: Member, phone: PushedTo) -> None:
    other = make_fan("阿木")

    browsers.subscribe(other, signed_in(other), Address(**phone.given), "Chrome", AFTERNOON)
    told(fan, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)

    assert [one.member_id for one in rows()] == [other.id]
    assert phone.opened == []


def test_a_known_address_with_other_keys_is_refused(fan: Member, phone: PushedTo, service: PushServer) -> None:
    other, keys_of_another = make_fan("阿木"), service.browser().given
    stolen = Address(**{**keys_of_another, "endpoint": phone.endpoint})

    with pytest.raises(Conflict):
        browsers.subscribe(other, signed_in(other), stolen, "Chrome", AFTERNOON)

    assert rows()[0].member_id == fan.id


HOSTILE = {
    "plain http": {"endpoint": "http://push.example/a"},
    "another scheme": {"endpoint": "javascript:alert(1)"},
    "private": {"endpoint": "https://10.0.0.1/push"},
    "this machine": {"endpoint": "https://127.0.0.1/push"},
    "this machine in IPv6": {"endpoint": "https://[::1]/push"},
    "link-local": {"endpoint": "https://169.254.169.254/latest/meta-data"},
    "a database": {"endpoint": "https://push.example:5432/"},
    "with a password": {"endpoint": "https://a:b@push.example/"},
    "far too long": {"endpoint": "https://push.example/" + "a" * LONGEST},
    "control characters": {"endpoint": "https://push.example/a\r\nHost: x"},
    "empty": {"endpoint": ""},
    "no key": {"p256dh": ""},
    "no point of the curve": {"p256dh": "BA" + "A" * 85},
    "a short secret": {"auth": "AAAA"},
    "a long secret": {"auth": "A" * 4000},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_an_address_that_cannot_be_used_is_not_kept(fan: Member, service: PushServer, changes: dict[str, str]) -> None:
    good = {**service.browser().given, "endpoint": "https://push.example/good"}

    with pytest.raises(Invalid):
        browsers.subscribe(fan, signed_in(fan), Address(**{**good, **changes}), "Chrome", AFTERNOON)

    assert rows() == []
    browsers.subscribe(fan, signed_in(fan), Address(**good), "Chrome", AFTERNOON)
    assert len(rows()) == 1


def test_a_person_has_so_many_browsers_and_no_more(fan: Member, service: PushServer) -> None:
    for _number in range(browsers.MOST + 2):
        take(service, fan)

    assert len(browsers.browsers_of(fan, AFTERNOON)) == browsers.MOST


def test_the_keys_are_made_once_and_cannot_be_read_in_the_database(app: Flask) -> None:
    first = keys.keys(AFTERNOON)

    assert keys.keys(AFTERNOON + timedelta(days=400)) == first
    assert "PRIVATE" in first.private.decode()
    assert "PRIVATE" not in db.session.execute(text("SELECT secret FROM push_key")).scalar_one()


def test_addresses_cannot_be_read_in_the_database(phone: PushedTo) -> None:
    assert phone.endpoint not in db.session.execute(text("SELECT address FROM push_browser")).scalar_one()


def test_the_page_asks_lists_and_removes(browser: FlaskClient, fan: Member, service: PushServer) -> None:
    behind = service.browser()

    empty = browser.get(PAGE).text
    listed = browser.post("/me/notices/browsers", data=behind.given, headers=HTMX).text
    (row,) = rows()
    mark, wish = row.mark, wishes.wish_of(fan.id)
    assert wish is not None
    by_push = set(wish.by_push)
    gone = browser.post(f"/me/notices/browsers/{row.public_id}/remove", headers=HTMX).text

    assert "No browser so far" in empty
    assert f'data-push="{keys.keys(AFTERNOON).server}"' in empty
    assert "This browser" in listed
    assert f'data-push-mark="{mark}"' in listed
    assert by_push >= {"level", "other"}
    assert "No browser so far" in gone
    assert rows() == []


def test_a_refused_address_is_answered_with_words(browser: FlaskClient) -> None:
    answer = browser.post("/me/notices/browsers", data={"endpoint": "https://127.0.0.1/"}, headers=HTMX)

    assert answer.status_code == 422
    assert "choose mail instead" in answer.text


def test_browsers_of_another_fan_are_not_there(browser: FlaskClient, app: Flask, service: PushServer) -> None:
    other = make_fan("阿木")
    take(service, other)
    address = f"/me/notices/browsers/{rows()[0].public_id}/remove"

    assert browser.post(address).status_code == 404
    stranger: FlaskClient = app.test_client()
    assert stranger.post(address).status_code == 303
    assert other.user is not None
    sign_in(stranger, other.user)
    assert stranger.post(address).status_code == 303
    assert rows() == []

"""Notices that are pushed: by wish, sealed for one browser, under the cap, and over with the sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from commons import clock, jobs
from commons.accounts import sessions
from commons.accounts.models import SignIn
from commons.db import db
from commons.errors import Conflict, Invalid
from community.members.models import Member
from community.members.profiles import allowing, consents
from community.members.profiles.models import Purpose, Way
from community.notices import leaving, reading, wishes
from community.notices.models import Medium, OutgoingMessage
from community.notices.push import browsers, keys
from community.notices.push.addresses import LONGEST, Address
from community.notices.push.jobs import MOST_MISSES, TRIES
from community.notices.push.models import PushBrowser
from tests.community.channels.contract import let_in
from tests.community.circle.factories import HTMX
from tests.community.notices.factories import told
from tests.factories import make_fan, sign_in
from tests.servers.push import PushedTo, PushServer
from tests.servers.smtp import Smtp

# Four in the afternoon in Shanghai.
AFTERNOON = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOON = timedelta(minutes=10)
PAGE = "/me/notices/preferences"


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushServer]:
    clock.set_to(AFTERNOON)
    with PushServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server
    assert server.complaints == []


@pytest.fixture
def phone(service: PushServer, fan: Member) -> PushedTo:
    """A browser of the fan that takes all notices, asked with the key of the house."""
    return take(service, fan)


def take(service: PushServer, fan: Member) -> PushedTo:
    behind = service.browser(keys.keys(AFTERNOON).server)
    browsers.subscribe(fan, signed_in(fan), Address(**behind.given), "Mozilla/5.0 (Android) Chrome/140", AFTERNOON)
    wishes.take_pushes(fan.id, AFTERNOON)
    return behind


def signed_in(fan: Member) -> SignIn:
    assert fan.user is not None
    sessions.open_sign_in(fan.user, AFTERNOON, "Chrome")
    return db.session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()


def rows() -> list[PushBrowser]:
    return list(db.session.scalars(select(PushBrowser).execution_options(populate_existing=True)))


def test_a_notice_comes_to_the_browser_in_the_fans_words(fan: Member, phone: PushedTo) -> None:
    notice = told(fan, AFTERNOON, "test.named", url="/circle/me", who="茶")

    jobs.drain(AFTERNOON + SOON)
    jobs.drain(AFTERNOON + 2 * SOON)

    (message,) = phone.opened
    assert message == {
        "title": "Quanzi",
        "body": "茶 / –",
        "path": "/circle/me",
        "language": "en",
        "tag": f"notice-{notice.public_id}",
    }
    db.session.refresh(notice)
    assert notice.sent_by is Medium.PUSH
    assert rows()[0].reached_at == AFTERNOON + SOON


def test_several_are_counted_and_lead_to_their_list(fan: Member, phone: PushedTo) -> None:
    for minute in range(3):
        told(fan, AFTERNOON + timedelta(minutes=minute))

    jobs.drain(AFTERNOON + SOON)

    (message,) = phone.opened
    assert (message["body"], message["path"]) == ("3 things are new for you", "/me/notices")


def test_every_browser_of_the_fan_gets_it_and_it_is_one_message(
    fan: Member, phone: PushedTo, service: PushServer
) -> None:
    laptop = take(service, fan)
    told(fan, AFTERNOON)

    jobs.drain(AFTERNOON + SOON)

    assert (len(phone.opened), len(laptop.opened)) == (1, 1)
    assert len(db.session.scalars(select(OutgoingMessage)).all()) == 1


def test_a_push_takes_a_place_under_the_cap(fan: Member, phone: PushedTo) -> None:
    told(fan, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)
    told(fan, AFTERNOON + 2 * SOON)

    jobs.drain(AFTERNOON + timedelta(hours=4))
    same_day = len(phone.opened)
    jobs.drain(datetime(2026, 3, 3, 1, 0, tzinfo=UTC))

    assert (same_day, len(phone.opened)) == (1, 2)


def test_each_kind_goes_the_way_that_was_chosen_and_both_count(fan: Member, phone: PushedTo, smtp: Smtp) -> None:
    wishes.change(fan.id, mail=True, push=True, without=[], by_push=["other"], at=AFTERNOON)
    told(fan, AFTERNOON, "level.tested")
    told(fan, AFTERNOON + timedelta(minutes=1), "test.named", who="x")
    assert fan.user is not None

    jobs.drain(AFTERNOON + SOON)
    first = len(smtp.to(str(fan.user.email))), len(phone.opened)
    jobs.drain(datetime(2026, 3, 3, 1, 0, tzinfo=UTC))

    assert first == (1, 0)
    assert (len(smtp.to(str(fan.user.email))), len(phone.opened)) == (1, 1)


def test_without_a_browser_it_is_mailed_to_those_who_have_mail(fan: Member, phone: PushedTo, smtp: Smtp) -> None:
    wishes.change(fan.id, mail=True, push=True, without=[], by_push=["level"], at=AFTERNOON)
    browsers.remove(rows()[0])
    told(fan, AFTERNOON, "level.tested")
    assert fan.user is not None

    jobs.drain(AFTERNOON + SOON)

    assert len(smtp.to(str(fan.user.email))) == 1


def test_what_was_seen_on_the_page_is_not_pushed_any_more(fan: Member, phone: PushedTo, service: PushServer) -> None:
    service.refuses = 503
    notice = told(fan, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)
    reading.see(fan, notice, AFTERNOON + SOON)
    service.refuses = 0

    jobs.drain(AFTERNOON + timedelta(hours=8))

    assert phone.opened == []


def test_a_consent_taken_back_on_the_profile_page_ends_pushes_at_once(fan: Member, phone: PushedTo) -> None:
    told(fan, AFTERNOON)

    allowing.withdraw(fan.id, Purpose.PUSH, Way.PROFILE_PAGE, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)
    wish = wishes.wish_of(fan.id)
    assert wish is not None
    assert (phone.opened, wish.push_since) == ([], None)

    allowing.give(fan.id, Purpose.PUSH, Way.PROFILE_PAGE, AFTERNOON + SOON)
    told(fan, AFTERNOON + SOON)
    jobs.drain(AFTERNOON + 2 * SOON)
    assert len(phone.opened) == 1


def test_asking_a_browser_is_giving_the_consent(fan: Member, phone: PushedTo) -> None:
    assert consents.given(fan.id, Purpose.PUSH)
    assert not consents.given(fan.id, Purpose.MAIL)


def test_a_consent_that_ends_while_the_service_is_busy_ends_the_push(
    fan: Member, phone: PushedTo, service: PushServer
) -> None:
    service.refuses = 503
    told(fan, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)
    service.refuses = 0

    allowing.withdraw(fan.id, Purpose.PUSH, Way.PROFILE_PAGE, AFTERNOON + SOON)
    jobs.drain(AFTERNOON + timedelta(hours=8))

    assert phone.opened == []


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_browser_that_is_gone_goes(fan: Member, phone: PushedTo, service: PushServer, status: int) -> None:
    service.refuses = status
    told(fan, AFTERNOON)

    jobs.drain(AFTERNOON + SOON)

    assert rows() == []


def test_a_busy_service_is_asked_again_as_late_as_it_says(fan: Member, phone: PushedTo, service: PushServer) -> None:
    service.refuses, service.retry_after = 429, "3600"
    told(fan, AFTERNOON)
    jobs.drain(AFTERNOON + SOON)
    service.refuses = 0

    jobs.drain(AFTERNOON + timedelta(minutes=60))
    early = len(phone.opened)
    jobs.drain(AFTERNOON + timedelta(minutes=75))

    assert (early, len(phone.opened)) == (0, 1)


@pytest.mark.parametrize("mode", ["drop_before", "error_before"])
def test_a_service_that_stumbles_is_asked_again(fan: Member, phone: PushedTo, service: PushServer, mode: str) -> None:
    service.misbehave(mode, where="")
    told(fan, AFTERNOON)

    jobs.drain(AFTERNOON + SOON)
    jobs.drain(AFTERNOON + 2 * SOON)

    assert len(phone.opened) == 1


def test_after_some_messages_that_never_arrived_the_browser_is_given_up(
    fan: Member, phone: PushedTo, service: PushServer
) -> None:
    service.refuses = 500
    rows()[0].misses = MOST_MISSES - 1
    told(fan, AFTERNOON)

    for number in range(TRIES):
        jobs.drain(AFTERNOON + SOON + timedelta(hours=4 * number))

    assert service.count(phone.endpoint.rpartition("/")[2]) == TRIES
    assert rows() == []


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

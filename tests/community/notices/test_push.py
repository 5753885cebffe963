"""Notices that are pushed: by wish, sealed for one browser, under the cap, and tried again while a service is busy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from commons import jobs
from commons.db import db
from community.members.models import Member
from community.members.profiles import allowing, consents
from community.members.profiles.models import Purpose, Way
from community.notices import reading, wishes
from community.notices.models import Medium, OutgoingMessage
from community.notices.push import browsers
from community.notices.push.jobs import MOST_MISSES, TRIES
from tests.community.notices.factories import told
from tests.community.notices.pushing import AFTERNOON, SOON, rows, take
from tests.servers.push import PushedTo, PushServer
from tests.servers.smtp import Smtp

EVENING = AFTERNOON + timedelta(hours=4, minutes=30)
MORNING = AFTERNOON + timedelta(hours=17, minutes=5)


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

    jobs.drain(AFTERNOON + timedelta(hours=4))

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
    jobs.drain(AFTERNOON + timedelta(hours=4))

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


def test_a_push_that_has_to_be_tried_again_waits_for_the_morning(
    fan: Member, phone: PushedTo, service: PushServer
) -> None:
    service.refuses, service.retry_after = 503, "7200"
    told(fan, EVENING)
    jobs.drain(EVENING + SOON)
    assert service.count(phone.endpoint.rpartition("/")[2]) == 1
    service.refuses = 0

    jobs.drain(EVENING + timedelta(hours=6))
    at_night = len(phone.opened)
    jobs.drain(MORNING)

    assert (at_night, len(phone.opened)) == (0, 1)


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
        jobs.drain(AFTERNOON + SOON + timedelta(days=number))

    assert service.count(phone.endpoint.rpartition("/")[2]) == TRIES
    assert rows() == []

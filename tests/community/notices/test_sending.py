"""What goes out by mail: by wish, gathered, under the cap, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from commons import jobs
from commons.db import db
from community.members.models import Member
from community.notices import reading, sending, wishes
from tests.community.notices.factories import told
from tests.factories import make_fan
from tests.servers.smtp import Smtp

# Four in the afternoon in Shanghai.
AFTERNOON = datetime(2026, 3, 2, 8, tzinfo=UTC)


def mails(smtp: Smtp, fan: Member) -> list[str]:
    assert fan.user is not None
    return [str(message.get_content()) for message in smtp.to(str(fan.user.email))]


@pytest.fixture
def wishing(fan: Member) -> Member:
    """The fan, who wants mails."""
    wishes.change(fan.id, mail=True, without=[], at=AFTERNOON - timedelta(days=1))
    return fan


def test_nobody_gets_a_mail_who_did_not_ask_for_it(fan: Member, smtp: Smtp) -> None:
    told(fan, AFTERNOON)

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert mails(smtp, fan) == []


def test_one_mail_gathers_what_is_new_after_a_while(wishing: Member, smtp: Smtp) -> None:
    told(wishing, AFTERNOON)
    told(wishing, AFTERNOON + timedelta(minutes=2), "test.named", url="/x", who="<Lin>")

    jobs.drain(AFTERNOON + timedelta(minutes=4))
    early = mails(smtp, wishing)
    jobs.drain(AFTERNOON + timedelta(minutes=6))
    jobs.drain(AFTERNOON + timedelta(minutes=30))

    assert early == []
    (letter,) = mails(smtp, wishing)
    assert "<Lin> / –" in letter
    assert "/circle/me" in letter
    assert "/me/notices/stop/" in letter
    assert "2 things are new" in str(smtp.messages[-1]["Subject"])


def test_what_was_seen_on_the_page_is_not_sent(wishing: Member, smtp: Smtp) -> None:
    notice = told(wishing, AFTERNOON)
    reading.see(wishing, notice, AFTERNOON)

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert mails(smtp, wishing) == []


def test_a_second_mail_waits_for_the_next_morning(wishing: Member, smtp: Smtp) -> None:
    told(wishing, AFTERNOON)
    jobs.drain(AFTERNOON + timedelta(minutes=10))
    told(wishing, AFTERNOON + timedelta(minutes=20))

    jobs.drain(AFTERNOON + timedelta(hours=3))
    same_day = len(mails(smtp, wishing))
    jobs.drain(datetime(2026, 3, 3, 1, 0, tzinfo=UTC))

    assert (same_day, len(mails(smtp, wishing))) == (1, 2)


def test_a_topic_that_was_left_out_stays_on_the_page(wishing: Member, smtp: Smtp) -> None:
    wishes.change(wishing.id, mail=True, without=["level"], at=AFTERNOON)
    told(wishing, AFTERNOON)

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert mails(smtp, wishing) == []
    assert reading.unseen(wishing) == 1


def test_what_was_told_before_mails_were_wished_is_not_sent_later(fan: Member, smtp: Smtp) -> None:
    told(fan, AFTERNOON - timedelta(days=2))
    wishes.change(fan.id, mail=True, without=[], at=AFTERNOON)
    told(fan, AFTERNOON)

    jobs.drain(AFTERNOON + timedelta(hours=1))

    (letter,) = mails(smtp, fan)
    assert letter.count("·") == 1


def test_taken_back_it_ends_also_for_what_waits(wishing: Member, smtp: Smtp) -> None:
    told(wishing, AFTERNOON)
    wishes.stop_mail(wishing.id)

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert mails(smtp, wishing) == []


def test_a_claim_is_a_lease_and_sending_twice_is_sending_once(wishing: Member, smtp: Smtp) -> None:
    told(wishing, AFTERNOON)
    later = AFTERNOON + timedelta(minutes=6)

    (wish_id,) = sending.claim(later, 10)
    assert sending.claim(later, 10) == []
    assert sending.claim(later + sending.LEASE, 10) == [wish_id]
    sending.send(wish_id, later)
    sending.send(wish_id, later)
    jobs.drain(later)

    assert len(mails(smtp, wishing)) == 1


def test_an_account_that_has_ended_gets_nothing(app: Flask, wishing: Member, smtp: Smtp) -> None:
    told(wishing, AFTERNOON)
    assert wishing.user is not None
    wishing.user.ended_at = AFTERNOON

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert mails(smtp, wishing) == []
    wish = wishes.wish_of(wishing.id)
    assert wish is not None
    db.session.refresh(wish)
    assert wish.due_at is None


def test_the_letter_is_in_the_readers_language(app: Flask, at: datetime, smtp: Smtp) -> None:
    fan = make_fan("阿木", at, language="zh_Hans")
    wishes.change(fan.id, mail=True, without=[], at=AFTERNOON)
    told(fan, AFTERNOON, "test.named", who={"zh": "茶友", "en": "friend"})

    jobs.drain(AFTERNOON + timedelta(hours=1))

    (letter,) = mails(smtp, fan)
    assert "茶友" in letter

"""From the address to the parcel: in time, encrypted, erased, with reminders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from campaigns.draws import awarding, reading, sending
from campaigns.draws.awarding import TooLate
from campaigns.draws.models import DrawAward
from campaigns.draws.sending import NotReady
from commons.db import db
from commons.errors import Invalid
from community.notices.models import Notice
from tests.campaigns.draws.factories import ADDRESS, REVEAL, a_drawn, accepted, awards
from tests.campaigns.factories import a_lead

DAY = timedelta(days=1)


def told(award: DrawAward) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == award.entry.member_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_an_address_lies_encrypted_and_may_be_corrected_until_it_is_sent(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL + DAY)
    sending.give_address(award, ADDRESS | {"phone": "0571 1111 1111"}, REVEAL + 9 * DAY)
    assert award.address == ADDRESS | {"phone": "0571 1111 1111"}
    assert award.address_at == REVEAL + DAY
    stored = db.session.execute(text("SELECT address FROM draw_award WHERE address IS NOT NULL")).scalar_one()
    assert "0571" not in stored
    sending.send(award, tracking=" SF1 ", by=a_lead(), at=REVEAL + 10 * DAY)
    with pytest.raises(TooLate):
        sending.give_address(award, ADDRESS, REVEAL + 11 * DAY)


def test_an_address_is_whole_and_comes_within_five_days(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    with pytest.raises(Invalid):
        sending.give_address(award, ADDRESS | {"place": " "}, REVEAL)
    with pytest.raises(TooLate):
        sending.give_address(award, ADDRESS, REVEAL + 5 * DAY)
    assert award.address is None


def test_a_prize_that_was_not_accepted_or_has_no_address_is_not_sent(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    parcel, by_hand = awards(draw)[:2]
    for award in (parcel, by_hand):
        with pytest.raises(NotReady):
            sending.send(award, tracking="", by=a_lead(), at=REVEAL)
        awarding.accept(award, REVEAL)
    with pytest.raises(NotReady):
        sending.send(parcel, tracking="", by=a_lead(), at=REVEAL)
    sending.send(by_hand, tracking="", by=a_lead(), at=REVEAL)
    assert by_hand.state == "sent"


def test_sending_twice_is_sending_once_and_the_winner_reads_the_number(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    for number in ("SF1", "SF2"):
        sending.send(award, tracking=number, by=a_lead(), at=REVEAL)
    assert award.tracking == "SF1"
    assert told(award) == ["draw.won", "draw.sent_tracked"]
    with pytest.raises(TooLate):
        awarding.decline(award, REVEAL)


def test_a_day_before_its_end_a_winner_is_reminded_once(app: Flask, at: datetime) -> None:
    silent = awards(a_drawn())[0]
    sending.remind(REVEAL + 5 * DAY)
    assert told(silent) == ["draw.won"]
    for _twice in range(2):
        sending.remind(REVEAL + 6 * DAY)
    assert told(silent) == ["draw.won", "draw.accept_soon"]


def test_a_day_before_the_address_is_due_the_winner_is_reminded_once(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    award, by_hand = accepted(draw, REVEAL), awards(draw)[1]
    awarding.accept(by_hand, REVEAL)
    sending.remind(REVEAL + 3 * DAY)
    for _twice in range(2):
        sending.remind(REVEAL + 4 * DAY)
    assert told(award) == ["draw.won", "draw.address_soon"]
    assert told(by_hand) == ["draw.won"]


def test_what_waits_for_thirty_days_is_overdue(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    assert reading.to_send() == 0
    sending.give_address(award, ADDRESS, REVEAL)
    assert (reading.to_send(), award.send_until) == (1, REVEAL + 30 * DAY)
    assert reading.to_send(sending.late_since(REVEAL + 30 * DAY)) == 0
    assert reading.to_send(sending.late_since(REVEAL + 31 * DAY)) == 1


def test_an_address_is_forgotten_ninety_days_after_it_was_sent(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    sending.send(award, tracking="", by=a_lead(), at=REVEAL)
    assert sending.forget_old(REVEAL + 90 * DAY) == 0
    assert sending.forget_old(REVEAL + 91 * DAY) == 1
    db.session.refresh(award)
    assert award.address is None


def test_what_is_passed_on_keeps_no_address(app: Flask, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    awarding.decline(award, REVEAL)
    assert award.address is None

"""What lost its row of work gets another, and the table of the states is the one that is printed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import delete

from campaigns.groupbuys import machine, settling, tending
from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import GroupBuyState, SeatState
from commons import jobs
from commons.db import db
from commons.jobs.models import Job
from tests.campaigns.factories import make_offer
from tests.factories import make_fan

DOCS = Path(__file__).resolve().parents[3] / "docs" / "group-buys.md"
LATER = timedelta(minutes=6)


def forget_work() -> None:
    db.session.execute(delete(Job).where(Job.name.like("groupbuys.%")))


def test_an_offer_that_nobody_settled_is_settled_all_the_same(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1)
    join(offer, make_fan(), at)
    forget_work()
    tending.resume(offer.deadline_at + LATER)
    jobs.drain(offer.deadline_at + LATER)
    db.session.refresh(offer)
    assert offer.state is GroupBuyState.SUCCEEDED


def test_seats_that_nobody_decided_are_decided_all_the_same(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1)
    seat = join(offer, make_fan(), at)
    settling.settle_due(offer.id, offer.deadline_at)
    forget_work()
    tending.resume(offer.deadline_at + LATER)
    jobs.drain(offer.deadline_at + LATER)
    db.session.refresh(seat)
    assert seat.state is SeatState.CONFIRMED


def test_what_runs_as_it_should_gets_no_second_row_of_work(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1)
    join(offer, make_fan(), at)
    jobs.drain(offer.deadline_at)
    before = db.session.query(Job).count()
    tending.resume(offer.deadline_at + LATER)
    assert db.session.query(Job).count() == before


def test_the_table_of_the_states_is_the_one_in_the_documentation() -> None:
    assert "\n".join(machine.as_lines()) in DOCS.read_text()

"""Prizes go down the order: accepted, or passed on to the next rank; never a second draw, never one prize twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.draws import awarding, drawing
from campaigns.draws.awarding import TooLate
from campaigns.draws.models import Ending
from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.events import Event
from community.members.models import Member
from community.notices.models import Notice
from tests.campaigns.draws.factories import (
    REVEAL,
    ROUNDS,
    a_drawn,
    accepted,
    awards,
    draw_it,
    entrants,
    freeze,
    make_draw,
)

WEEK = timedelta(days=7)


def test_a_winner_is_told_and_accepts_twice_once(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    award = accepted(draw, REVEAL)
    awarding.accept(award, REVEAL + timedelta(hours=1))
    assert award.claimed_at == REVEAL
    told = select(Notice.kind).where(Notice.member_id == award.entry.member_id)
    assert db.session.scalars(told).all() == ["draw.won"]
    facts = select(Event.kind).where(Event.member_id == award.entry.member_id, Event.kind.like("draw.%"))
    assert db.session.scalars(facts.order_by(Event.id)).all() == ["draw.won", "draw.accepted"]


def test_what_is_declined_goes_to_the_next_rank(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    first = awards(draw)[0]
    awarding.decline(first, REVEAL)
    awarding.decline(first, REVEAL)
    assert first.ending is Ending.DECLINED
    given = [(award.rank, award.prize.name, award.ending) for award in awards(draw)]
    assert given == [
        (1, "冷泡壶", Ending.DECLINED),
        (2, "茶签", None),
        (3, "茶签", None),
        (4, "冷泡壶", None),
    ]
    assert draw.seed == drawing.ranking.seed(draw.randomness or "", drawing.committed(draw))


def test_what_is_not_accepted_in_time_goes_to_the_next_rank(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    award = accepted(draw, REVEAL)
    assert awarding.pass_on_overdue(REVEAL + WEEK - timedelta(seconds=1)) == 1  # the parcel that has no address
    assert awarding.pass_on_overdue(REVEAL + WEEK) == 2
    assert [one.ending for one in awards(draw)[:3]] == [Ending.UNCLAIMED] * 3
    assert [one.rank for one in awards(draw)] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(TooLate):
        awarding.accept(award, REVEAL + WEEK)


def test_accepting_too_late_is_refused_before_it_is_passed_on_and_after(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    award = awards(draw)[1]
    with pytest.raises(TooLate):
        awarding.accept(award, REVEAL + WEEK)
    awarding.pass_on_overdue(REVEAL + WEEK)
    with pytest.raises(TooLate):
        awarding.accept(award, REVEAL)
    with pytest.raises(TooLate):
        awarding.decline(award, REVEAL + WEEK)


def test_when_the_order_is_used_up_a_prize_stays_with_the_organiser(app: Flask, at: datetime) -> None:
    draw = a_drawn(3)
    awarding.decline(awards(draw)[0], REVEAL)
    assert len(awards(draw)) == 3
    left = db.session.scalars(select(Event).where(Event.kind == "draw.prize_left")).one()
    assert left.payload["prize"] == "冷泡壶"


def test_who_deletes_the_account_between_list_and_draw_stays_a_leaf_and_the_prize_goes_on(
    app: Flask, at: datetime
) -> None:
    draw = make_draw()
    fans = entrants(draw, 4)
    freeze(draw)
    root = draw.root
    for fan in fans[:2]:
        assert fan.user is not None
        leaving.erase(fan.user, draw.closes_at)
    draw_it(draw)
    assert (draw.root, draw.entrants) == (root, 4)
    standing = [award for award in awards(draw) if award.ended_at is None]
    assert {award.entry.member_id for award in standing} == {fan.id for fan in fans[2:]}
    assert [award.ending for award in awards(draw) if award.ended_at] == [Ending.LEFT] * (len(awards(draw)) - 2)


def test_who_deletes_the_account_with_a_prize_passes_it_on_and_the_address_goes(app: Flask, at: datetime) -> None:
    draw = a_drawn()
    award = accepted(draw, REVEAL)
    member = db.session.get_one(Member, award.entry.member_id)
    assert member.user is not None
    leaving.erase(member.user, REVEAL)
    db.session.refresh(award)
    assert (award.ending, award.address) == (Ending.LEFT, None)
    assert awards(draw)[-1].prize.name == award.prize.name


def test_a_second_account_of_the_same_person_wins_nothing(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fans = entrants(draw, 4)
    freeze(draw)
    for fan in fans[1:]:
        fan.merged_into_id = fans[0].id
    db.session.flush()
    clock.set_to(REVEAL)
    drawing.draw_by(draw, ROUNDS[1000], REVEAL)
    standing = [award for award in awards(draw) if award.ended_at is None]
    assert [award.entry.member_id for award in standing] == [fans[0].id]

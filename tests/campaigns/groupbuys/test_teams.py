"""Teams that fans lead."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys.joining import Over, TeamFull, join, leave
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState, Seat, SeatState, Team, TeamState
from campaigns.groupbuys.pricing import Step
from commons import jobs
from commons.db import db
from commons.errors import Invalid
from commons.money import Money
from community.members.models import Member
from community.notices.models import Notice
from tests.campaigns.factories import make_offer
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, pay
from tests.factories import make_fan

MINUTE = timedelta(minutes=1)


@pytest.fixture
def offer(app: Flask, at: datetime) -> GroupBuy:
    """Ten seats in teams of two or three."""
    return make_offer(needed=2, team_seats=3, seats=10)


def team_of(seat: Seat) -> Team:
    assert seat.team is not None
    return seat.team


def settled(offer: GroupBuy) -> None:
    jobs.drain(offer.deadline_at)
    db.session.expire_all()


def three(names: tuple[str, str, str] = ("小满", "谷雨", "小雪")) -> list[Member]:
    return [make_fan(name) for name in names]


def test_who_joins_alone_starts_a_team_and_leads_it(offer: GroupBuy, at: datetime) -> None:
    fan = make_fan()
    team = team_of(join(offer, fan, at))
    assert (offer.kind, team.leader, team.taken, team.people) == (GroupBuyKind.TEAMS, fan, 1, 1)
    assert (offer.taken, offer.people) == (1, 1)


def test_a_team_takes_as_many_as_it_has_seats_and_the_offer_counts_them_all(offer: GroupBuy, at: datetime) -> None:
    first, *others = three()
    team = team_of(join(offer, first, at))
    for fan in others:
        assert team_of(join(offer, fan, at, team=team)) is team
    with pytest.raises(TeamFull):
        join(offer, make_fan("立冬"), at, team=team)
    assert (team.taken, offer.taken) == (3, 3)
    assert team_of(join(offer, make_fan("立春"), at)) is not team


def test_a_team_that_is_full_leaves_no_trace_of_who_did_not_get_in(offer: GroupBuy, at: datetime) -> None:
    first, *others = three()
    team, late = team_of(join(offer, first, at)), make_fan("立冬")
    for fan in others:
        join(offer, fan, at, team=team)
    with pytest.raises(TeamFull):
        join(offer, late, at, team=team)
    assert db.session.scalars(select(Seat).where(Seat.member_id == late.id)).all() == []


def test_a_team_of_another_offer_is_refused(offer: GroupBuy, at: datetime) -> None:
    other = make_offer(needed=2, team_seats=3, seats=10)
    with pytest.raises(Invalid):
        join(offer, make_fan(), at, team=team_of(join(other, make_fan("谷雨"), at)))


def test_each_team_comes_about_by_its_own_number(offer: GroupBuy, at: datetime) -> None:
    first, second, alone = three()
    pair = team_of(join(offer, first, at))
    join(offer, second, at, team=pair)
    single = join(offer, alone, at)

    settled(offer)

    assert offer.state is GroupBuyState.SUCCEEDED
    assert (pair.state, team_of(single).state) == (TeamState.SUCCEEDED, TeamState.VOID)
    states = dict(db.session.execute(select(Seat.member_id, Seat.state)).all())
    assert states == {first.id: SeatState.CONFIRMED, second.id: SeatState.CONFIRMED, alone.id: SeatState.RELEASED}
    assert (offer.taken, offer.people) == (2, 2)


def test_without_any_full_team_the_offer_is_void(offer: GroupBuy, at: datetime) -> None:
    for fan in three():
        join(offer, fan, at)
    settled(offer)
    assert offer.state is GroupBuyState.VOID
    assert set(db.session.scalars(select(Team.state))) == {TeamState.VOID}


def test_each_team_pays_the_price_that_it_reached(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, price=Money(10000), needed=1, team_seats=3, seats=9, tiers=[Step(2, 8000)])
    first, second, alone = three()
    pair = join(offer, first, at)
    mate, single = join(offer, second, at, team=pair.team), join(offer, alone, at)
    charges = [pay(far_end, seat, at) for seat in (pair, mate, single)]

    settled(offer)
    jobs.drain(offer.deadline_at + MINUTE)

    assert [far_end.back_for(charge) for charge in charges] == [2000, 2000, 0]


def test_when_the_leader_leaves_the_longest_standing_member_leads_and_is_told(offer: GroupBuy, at: datetime) -> None:
    leader, second, third = three()
    team = team_of(join(offer, leader, at))
    join(offer, second, at + MINUTE, team=team)
    join(offer, third, at + 2 * MINUTE, team=team)

    leave(offer, leader, at + 3 * MINUTE)

    assert (team.leader, team.state, team.taken) == (second, TeamState.OPEN, 2)
    told = select(Notice.kind).where(Notice.member_id == second.id)
    assert db.session.scalars(told).all() == ["group_buy.now_leads"]


def test_when_somebody_else_leaves_the_leader_stays(offer: GroupBuy, at: datetime) -> None:
    leader, second, _third = three()
    team = team_of(join(offer, leader, at))
    join(offer, second, at, team=team)
    leave(offer, second, at)
    assert team.leader is leader


def test_a_leader_who_leaves_alone_dissolves_the_team(offer: GroupBuy, at: datetime) -> None:
    fan, other = make_fan(), make_fan("谷雨")
    team = team_of(join(offer, fan, at))
    leave(offer, fan, at)
    assert (team.state, team.ended_at, offer.taken) == (TeamState.DISSOLVED, at, 0)
    with pytest.raises((TeamFull, Over)):
        join(offer, other, at, team=team)


def test_a_leader_who_does_not_pay_in_time_makes_room_for_the_next(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=2, team_seats=3, seats=9)
    leader, second, _third = three()
    team = team_of(join(offer, leader, at))
    pay(far_end, join(offer, second, at + MINUTE, team=team), at + MINUTE)
    jobs.drain(at + 31 * MINUTE)
    db.session.refresh(team)
    assert (team.leader_id, team.state) == (second.id, TeamState.OPEN)

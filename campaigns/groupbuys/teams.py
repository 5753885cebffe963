"""Teams that fans lead: starting one, and what becomes of it when people leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, case, false, select, update

from campaigns.groupbuys import telling
from campaigns.groupbuys.claiming import Claim, vacate_team
from campaigns.groupbuys.models import STANDING, GroupBuy, GroupBuyState, Seat, Team, TeamState
from commons.db import changed, db
from community.members.models import Member


def start(group_buy: GroupBuy, leader: Member, at: datetime) -> Team:
    """A new team of an offer; its leader is about to take the first seat."""
    team = Team(
        group_buy_id=group_buy.id,
        leader_id=leader.id,
        seats=group_buy.team_seats or group_buy.needed,
        started_at=at,
    )
    db.session.add(team)
    db.session.flush()
    return team


def without(team: Team, seat: Seat, given: Claim, at: datetime) -> Claim:
    """A seat of the team was given back: who has been in it longest leads it, and one without anybody is dissolved.

    Returns what the offer gets back, with the seats that the brand had filled in a team that is no more.
    """
    vacate_team(team, given)
    heir = db.session.scalars(members(team).limit(1)).first() if team.state is TeamState.OPEN else None
    if heir is None:
        return _dissolved(team, given, at)
    if team.leader_id == seat.member_id:
        team.leader_id = heir.member_id
        db.session.flush()
        telling.leads(team, heir, at)
    return given


def members(team: Team) -> Select[Seat]:
    """The seats that stand in a team, first come first."""
    standing = (Seat.team_id == team.id, Seat.state.in_(STANDING))
    return select(Seat).where(*standing).order_by(Seat.joined_at, Seat.id)


def close(group_buy: GroupBuy, at: datetime) -> None:
    """When the offer is over, each team has come about or has not, by its own number and at its own price. Twice is once."""
    reached = Team.people + Team.filled
    there = (reached >= group_buy.needed) if group_buy.state is GroupBuyState.SUCCEEDED else false()
    prices = [(reached >= step.reached, step.price_minor) for step in reversed(group_buy.steps)]
    values = {
        "state": case((there, TeamState.SUCCEEDED), else_=TeamState.VOID),
        "final_price_minor": case(*prices, else_=group_buy.price_minor),
        "ended_at": at,
    }
    waiting = (Team.group_buy_id == group_buy.id, Team.state == TeamState.OPEN)
    changed(update(Team).where(*waiting).values(values))
    db.session.expire_all()


def _dissolved(team: Team, given: Claim, at: datetime) -> Claim:
    empty = (Team.id == team.id, Team.state == TeamState.OPEN, Team.taken <= Team.filled)
    filled = team.filled
    if changed(update(Team).where(*empty).values(state=TeamState.DISSOLVED, ended_at=at)) == 0:
        return given
    db.session.refresh(team)
    return replace(given, quantity=given.quantity + filled, filled=filled)

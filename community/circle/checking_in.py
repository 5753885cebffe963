"""The daily check-in: one fact per member and calendar day in the member's own zone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from commons import events, zones
from commons.db import db
from commons.events import Event
from community.loyalty.streaks import Streak, streak
from community.members.models import Member
from community.members.zones import zone_of

CHECKED_IN = "circle.checked_in"


def check_in(member: Member, at: datetime) -> Event | None:
    """Check the member in for the day it is where he lives; None when that has been done."""
    day = today_of(member, at)
    return events.track(
        CHECKED_IN,
        key=f"checkin:{member.public_id}:{day.isoformat()}",
        at=at,
        member_id=member.id,
        payload={"day": day.isoformat()},
    )


def days_of(member: Member) -> list[date]:
    """Every day on which the member checked in, oldest first. A day keeps its date when the member moves zone."""
    query = select(Event.payload["day"].as_string()).where(Event.member_id == member.id, Event.kind == CHECKED_IN)
    return sorted(date.fromisoformat(day) for day in db.session.scalars(query))


def streak_of(member: Member, at: datetime) -> Streak:
    return streak(days_of(member), today_of(member, at))


def today_of(member: Member, at: datetime) -> date:
    """The calendar day in the member's zone."""
    return zones.day_of(at, zone_of(member))

"""No fan gets more messages than the cap allows, whoever wants to write, and none at night. One place counts them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from commons import zones
from commons.config import Settings
from commons.db import db, insert_new
from community.members.models import Member
from community.members.profiles import guardians
from community.notices.models import OutgoingMessage

WAKING, RESTING = time(9), time(21)


@dataclass(frozen=True)
class Cap:
    """At most so many messages, by calendar day and month of the reader; both at least 1."""

    per_day: int
    per_month: int


def the_cap() -> Cap:
    """The cap of this house, from its settings."""
    settings: Settings = current_app.extensions["settings"]
    return Cap(settings.messages_per_day, settings.messages_per_month)


def next_moment(member: Member, at: datetime) -> datetime:
    """The first moment from `at` on at which a message may go out to the member."""
    zone = _zone(member)
    return first_moment(at, zone, _sent(member.id, at, zone), the_cap())


def by_day(member: Member, at: datetime) -> datetime:
    """`at` itself, or the morning if it is night where the member lives: for what has its place under the cap already."""
    return first_moment(at, _zone(member), (), the_cap())


def claim(member: Member, at: datetime) -> bool:
    """Take a place under the cap for one message that goes out now, by whatever way; False when there is none.

    There is none for a member whose guardian has yet to agree.
    """
    if guardians.is_awaited(member.id):
        return False
    zone = _zone(member)
    sent = _sent(member.id, at, zone)
    if first_moment(at, zone, sent, the_cap()) != at:
        return False
    row = {"member_id": member.id, "month": _month(at, zone), "number": len(sent) + 1, "at": at}
    return insert_new(OutgoingMessage, row) is not None


def first_moment(at: datetime, zone: ZoneInfo, sent: Sequence[datetime], cap: Cap) -> datetime:
    """`at` itself if a message may go out then, else the morning on which it may. `sent`: what went out in this month."""
    local = at.astimezone(zone)
    days = [moment.astimezone(zone).date() for moment in sent]
    in_month = sum((day.year, day.month) == (local.year, local.month) for day in days)
    if in_month >= cap.per_month:
        return first_moment(_morning(_next_month(local.date()), zone, at), zone, sent, cap)
    if days.count(local.date()) >= cap.per_day or local.time() >= RESTING:
        return first_moment(_morning(local.date() + timedelta(days=1), zone, at), zone, sent, cap)
    if local.time() < WAKING:
        return _morning(local.date(), zone, at)
    return at


def _sent(member_id: int, at: datetime, zone: ZoneInfo) -> Sequence[datetime]:
    query = select(OutgoingMessage.at).where(OutgoingMessage.member_id == member_id)
    return db.session.scalars(query.where(OutgoingMessage.month == _month(at, zone))).all()


def _zone(member: Member) -> ZoneInfo:
    return ZoneInfo((member.user.zone if member.user is not None else "") or zones.DEFAULT_ZONE)


def _month(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m}"


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _morning(day: date, zone: ZoneInfo, like: datetime) -> datetime:
    return datetime.combine(day, WAKING, zone).astimezone(like.tzinfo)

"""What group buys show on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.groupbuys import reading, wording
from campaigns.groupbuys.models import Seat
from campaigns.links.models import Link
from campaigns.links.slots import Outcome
from commons.accounts.models import User
from commons.panels import Panel
from commons.permissions import Permission
from community.members.current import current_member
from community.members.models import Member
from community.members.roster import member_of


def status(member: Member, at: datetime) -> Panel:
    """On the fan's status page: the seats he has, else what is open."""
    seats = reading.seats_of(member)
    context = {"seats": seats, "offers": [] if seats else reading.open_offers(at, to=member.id)}
    return Panel("campaigns/groupbuys/_status.html", context, order=60)


def today(user: User, at: datetime) -> Panel | None:
    """On the start page of the staff side: what is open, the next deadline first."""
    offers = reading.open_offers(at) if user.can(Permission.CAMPAIGN_READ) else []
    return Panel("campaigns/groupbuys/_aside.html", {"offers": offers}, order=60) if offers else None


def beside_the_feed(_user: User | None, at: datetime) -> Panel | None:
    member = current_member()
    offers = reading.open_offers(at, to=member.id if member else None)
    return Panel("campaigns/groupbuys/_aside.html", {"offers": offers}, order=60) if offers else None


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: every seat."""
    seats = reading.all_seats_of(member)
    return Panel("campaigns/groupbuys/_profile.html", {"seats": seats, "words": wording}, order=60) if seats else None


def seats_by_link(link: Link) -> Outcome:
    return Outcome(wording.SEATS, reading.seats_by(link))


def export(user: User) -> dict[str, Any]:
    """The person's seats and teams, for the export of one's data."""
    member = member_of(user)
    if member is None:
        return {"group_buys": []}
    told: dict[str, Any] = {"group_buys": [_plain(seat) for seat in reading.all_seats_of(member)]}
    teams = [
        {"title": team.group_buy.title, "started_at": team.started_at.isoformat(), "state": team.state.value}
        for team in reading.led_by(member)
    ]
    return told | ({"group_buy_teams_led": teams} if teams else {})


def _plain(seat: Seat) -> dict[str, Any]:
    return {
        "title": seat.group_buy.title,
        "state": seat.group_buy.state.value,
        "seat": seat.state.value,
        "quantity": seat.quantity,
        "price": str(seat.price.amount),
        "currency": seat.group_buy.currency,
        "joined_at": seat.joined_at.isoformat(),
        "left_at": seat.left_at.isoformat() if seat.left_at else None,
        "delivered_at": seat.delivered_at.isoformat() if seat.delivered_at else None,
        "tracking": seat.tracking,
        "came_by": seat.link.slug if seat.link else None,
    }

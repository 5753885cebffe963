"""What participation shows on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.participation import reading
from campaigns.planning import wording
from campaigns.planning.reading import running
from commons.accounts.models import User
from commons.panels import Panel
from commons.permissions import Permission
from community.members.current import current_member
from community.members.models import Member
from community.members.roster import member_of


def status(member: Member, at: datetime) -> Panel:
    """On the fan's status page: missions open now, and how far he is."""
    context = {"campaigns": reading.open_now(member, at), "icons": wording.MISSION_ICONS}
    return Panel("campaigns/participation/_status.html", context, order=40)


def today(user: User, at: datetime) -> Panel | None:
    """On the start page of the staff side: how the running campaigns stand."""
    campaigns = running(at) if user.can(Permission.CAMPAIGN_READ) else []
    if not campaigns:
        return None
    context = {"campaigns": list(zip(campaigns, reading.standing_of(campaigns, at), strict=True))}
    return Panel("campaigns/participation/_today.html", context, order=40)


def beside_the_feed(_user: User | None, at: datetime) -> Panel | None:
    member = current_member()
    campaigns = running(at, member.id if member else None)
    return Panel("campaigns/participation/_aside.html", {"campaigns": campaigns}, order=40) if campaigns else None


def profile(member: Member, at: datetime) -> Panel | None:
    """On a member's profile, for staff: the campaigns with the missions fulfilled in each."""
    rows = [(found, wording.state_of(found.campaign, at), done) for found, done in reading.taken_part_in(member)]
    return Panel("campaigns/participation/_profile.html", {"rows": rows}, order=40) if rows else None


def export(user: User) -> dict[str, Any]:
    """Campaigns that the person takes part in and missions fulfilled, for the export of one's data."""
    member = member_of(user)
    if member is None:
        return {"campaigns": [], "missions": []}
    return {
        "campaigns": [
            {"title": found.campaign.title, "since": found.joined_at.isoformat()}
            for found, _done in reading.taken_part_in(member)
        ],
        "missions": [
            {"title": done.mission.title, "fulfilled_at": done.fulfilled_at.isoformat()}
            for done in reading.fulfilments_of(member)
        ],
        "mission_steps": [
            {"title": mission.title, "at": at.isoformat(), "taken_back_at": undone.isoformat() if undone else None}
            for mission, at, undone in reading.steps_of(member)
        ],
    }

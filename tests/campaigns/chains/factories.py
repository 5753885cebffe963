"""People who bring people, as the facts say it."""

from __future__ import annotations

from itertools import count

from campaigns.planning.models import Campaign
from commons import clock, events
from commons.events import Event, Evidence
from community.members.models import Member

_numbers = count(1)


def came_by_link(new: Member, bringer: Member, campaign: Campaign | None = None) -> Event:
    """The fact that somebody signed up after coming by a member's link."""
    fact = events.track(
        "member.came_by_link",
        key=f"came:{next(_numbers)}",
        at=clock.now(),
        member_id=new.id,
        campaign_id=campaign.id if campaign else None,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": "tea", "by_member_id": bringer.id},
    )
    assert fact is not None
    return fact


def visited(bringer: Member, visitor: Member, campaign: Campaign) -> None:
    """The fact that a member, signed in, came by another's link of a campaign."""
    events.track(
        "link.visited",
        key=f"visit:{next(_numbers)}",
        at=clock.now(),
        member_id=bringer.id,
        campaign_id=campaign.id,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": "tea", "by_member_id": visitor.id},
    )

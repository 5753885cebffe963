"""What participation shows on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from campaigns.pages.slots import Entry
from campaigns.participation import reading
from campaigns.participation.eligibility import rules as eligibility
from campaigns.participation.eligibility import writing as eligibility_writing
from campaigns.participation.entries import gallery
from campaigns.participation.entries.models import MissionEntry
from campaigns.planning import wording
from campaigns.planning.missions import kinds
from campaigns.planning.models import Campaign
from campaigns.planning.reading import heard_of, running
from commons.accounts.models import User
from commons.panels import Panel
from commons.permissions import Permission
from community.members.current import current_member
from community.members.models import Member


def status(member: Member, at: datetime) -> Panel:
    """On the fan's status page: missions open now, and how far he is."""
    context = {"campaigns": reading.open_now(member, at), "icons": kinds.icons()}
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
    campaigns, announced = heard_of(at, member.id if member else None)
    if not campaigns and not announced:
        return None
    return Panel("campaigns/participation/_aside.html", {"campaigns": campaigns, "announced": announced}, order=40)


def profile(member: Member, at: datetime) -> Panel | None:
    """On a member's profile, for staff: the campaigns with the missions fulfilled in each."""
    rows = [(found, wording.state_of(found.campaign, at), done) for found, done in reading.taken_part_in(member)]
    return Panel("campaigns/participation/_profile.html", {"rows": rows}, order=40) if rows else None


def rules_on_page(campaign: Campaign, at: datetime) -> Panel | None:
    """On the campaign's page: who may take part, with what the fan meets and lacks."""
    lines = eligibility.lines(eligibility_writing.rules_of(campaign), current_member())
    shown = {"campaign": campaign, "lines": lines}
    return Panel("campaigns/participation/eligibility/_panel.html", shown, order=5) if lines else None


def gallery_on_page(campaign: Campaign, _at: datetime, most: int) -> list[Entry]:
    """In the gallery of the campaign's page: the latest works that the team recommends."""
    return [_entry(work) for work in gallery.featured(campaign, limit=most)]


def _entry(work: MissionEntry) -> Entry:
    words, first = work.submission, next(iter(work.submission.pictures), None)
    return Entry(
        author=work.member.name,
        text=words.text,
        url=words.url,
        picture_url=first.thumb_url if first else "",
        picture_alt=first.alt if first else "",
    )

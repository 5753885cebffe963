"""What draws show on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from campaigns.draws import reading, wording
from campaigns.draws.sending import late_since
from campaigns.planning.models import Campaign
from campaigns.planning.slots import Finding
from commons.accounts.models import User
from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member


def status(member: Member, _at: datetime) -> Panel | None:
    """On the fan's status page: prizes that wait for the fan, and draws to come."""
    awards, draws = reading.awards_for(member, standing=True), reading.entered(member)
    context = {"awards": awards, "draws": draws, "award_states": wording.AWARD_STATES}
    return Panel("campaigns/draws/_status.html", context, order=35) if awards or draws else None


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: the prizes."""
    awards = reading.awards_for(member, standing=False)
    context = {"awards": awards, "award_states": wording.AWARD_STATES}
    return Panel("campaigns/draws/_profile.html", context, order=62) if awards else None


def today(user: User, at: datetime) -> Panel | None:
    """On the start page of the staff side: prizes to be sent, and those that are late."""
    waiting = reading.to_send() if user.can(Permission.PRIZE_SEND) else 0
    context = {"waiting": waiting, "late": reading.to_send(late_since(at)) if waiting else 0}
    return Panel("campaigns/draws/_today.html", context, order=55) if waiting else None


def before_launch(campaign: Campaign, _at: datetime) -> Sequence[Finding]:
    """Before a campaign is launched: its draws are launched one by one after it, and until then fans see nothing of them."""
    return [
        Finding(
            _("The draw “%(title)s” is a draft. Launch it once the campaign is launched.", title=draw.title),
            mend_url=f"/draws/{draw.public_id}",
        )
        for draw in reading.drafts_of(campaign.id)
    ]


def of_campaign(campaign: Campaign, _at: datetime) -> Panel | None:
    """On a campaign's page: its draws."""
    draws = reading.of_campaign(campaign.id)
    return Panel("campaigns/draws/_of_campaign.html", {"draws": draws, "states": wording.STATES}) if draws else None


def on_board(campaign: Campaign, _at: datetime) -> Panel:
    """On the lead's board: the draws of the campaign, drafts too, and the way to a new one."""
    draws = [*reading.drafts_of(campaign.id), *reading.of_campaign(campaign.id)]
    return Panel("campaigns/draws/_on_board.html", {"campaign": campaign, "draws": draws, "states": wording.STATES})

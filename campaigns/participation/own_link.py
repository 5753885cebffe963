"""The link of a fan's own to a campaign, which missions to share, to invite and to buy ask for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from campaigns.links.making import address_of
from campaigns.links.models import Link
from campaigns.planning.missions.kinds import Visit
from campaigns.planning.models import MissionKind
from commons.db import db

ASKING = (MissionKind.SHARE, MissionKind.INVITE, MissionKind.BUY)


def shown(visit: Visit) -> dict[str, Any]:
    """What `_own_link.html` shows: the mission, the address of the link once the fan has asked for it, whether he may ask."""
    target = f"/participation/{visit.mission.campaign.public_id}"
    mine = (Link.member_id == (visit.member.id if visit.member else None), Link.target == target)
    link = db.session.scalars(select(Link).where(*mine)).one_or_none()
    return {"mission": visit.mission, "address": address_of(link) if link else "", "may": visit.may}

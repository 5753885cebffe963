"""What hold-out groups know about a person, for the export of one's data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from campaigns.insights.models import Holdout, HoldoutMember
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import db
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """The draws in which the person was, and whether the lot kept the person out."""
    member = member_of(user)
    if member is None:
        return {}
    query = (
        select(Campaign.title, HoldoutMember.is_kept_out, Holdout.drawn_at)
        .join_from(HoldoutMember, Holdout, Holdout.id == HoldoutMember.holdout_id)
        .join(Campaign, Campaign.id == Holdout.campaign_id)
        .where(HoldoutMember.member_id == member.id, Holdout.drawn_at.is_not(None))
        .order_by(Holdout.drawn_at)
    )
    return {
        "holdouts": [
            {"campaign": title, "kept_out": kept_out, "drawn_at": drawn_at.isoformat() if drawn_at else ""}
            for title, kept_out, drawn_at in db.session.execute(query)
        ]
    }

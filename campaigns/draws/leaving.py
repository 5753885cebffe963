"""What draws know about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import null, select, update

from campaigns.draws import awarding, reading
from campaigns.draws.models import DrawAward, DrawEntry
from commons.accounts.models import User
from commons.db import changed
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """The lists one stands on or was taken from, and the prizes one was offered."""
    member = member_of(user)
    if member is None:
        return {}
    return {
        "draws": [
            {"title": one.draw.title, "entry": one.entry, "excluded": one.reason.value if one.reason else None}
            for one in reading.entries_with_draws(member)
        ],
        "kept_off_draws": [
            {"title": title, "reason": decision.reason.value, "at": decision.at.isoformat()}
            for title, decision in reading.kept_off(member)
        ],
        "prizes": [_plain(award) for award in reading.awards_for(member, standing=False, limit=10_000)],
    }


def erase(user: User, at: datetime) -> None:
    """Prizes that were not sent go to the next in the order, and every address goes. The entry stays: it is only a random id."""
    member = member_of(user)
    if member is not None:
        awarding.leave(member.id, at)
    of_person = select(DrawEntry.id).join(Member, Member.id == DrawEntry.member_id).where(Member.user_id == user.id)
    changed(update(DrawAward).where(DrawAward.entry_id.in_(of_person)).values(address=null()))


def _plain(award: DrawAward) -> dict[str, Any]:
    return {
        "draw": award.draw.title,
        "prize": award.prize.name,
        "state": award.state,
        "address": award.address,
        "tracking": award.tracking,
        "offered_at": award.offered_at.isoformat(),
        "sent_at": award.sent_at.isoformat() if award.sent_at else None,
    }

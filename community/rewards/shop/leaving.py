"""What the shop knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import null, select, update

from commons.accounts.models import User
from commons.db import changed, db
from community.members.models import Member
from community.members.roster import member_of
from community.rewards.shop import reading
from community.rewards.shop.models import Redemption


def export(user: User) -> dict[str, Any]:
    """Everything the person redeemed."""
    member = member_of(user)
    return {"rewards": [_plain(one) for one in db.session.scalars(reading.all_mine(member))]} if member else {}


def erase(user: User, at: datetime) -> None:
    """Addresses go; that something was redeemed stays with the ledger, without a name."""
    mine = Redemption.member_id.in_(select(Member.id).where(Member.user_id == user.id))
    changed(update(Redemption).where(mine).values(address=null()))


def _plain(redemption: Redemption) -> dict[str, Any]:
    return {
        "reward": str(redemption.reward.name),
        "cost": redemption.cost,
        "code": redemption.code,
        "address": redemption.address,
        "tracking": redemption.tracking,
        "redeemed_at": redemption.redeemed_at.isoformat(),
        "handed_at": redemption.handed_at.isoformat() if redemption.handed_at else None,
        "refunded_at": redemption.refunded_at.isoformat() if redemption.refunded_at else None,
    }

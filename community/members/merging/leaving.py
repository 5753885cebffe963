"""Merged selves in the export of one's data; they go with the person when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons.accounts import leaving
from commons.accounts.models import User
from commons.db import db
from community.members.merging import finding
from community.members.models import ERASED
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Every merge that the person was part of."""
    member = member_of(user)
    if member is None:
        return {}
    merges = [
        {
            "other": merge.other.public_id,
            "proof": merge.proof.value,
            "merged_at": merge.merged_at.isoformat(),
            "split_at": merge.split_at.isoformat() if merge.split_at else None,
        }
        for merge in finding.history(member)
    ]
    return {"merged_memberships": merges}


def erase(user: User, at: datetime) -> None:
    """The other selves are the same person: their names go, and the accounts that lead here. To be called while the person is known."""
    member = member_of(user)
    for merge in finding.merges_into(member) if member is not None else ():
        merge.other.name, merge.other.card_public = ERASED, False
        merge.other.erased_at = merge.other.erased_at or at
    db.session.flush()
    for account in db.session.scalars(select(User).where(User.leads_to_id == user.id)).all():
        leaving.erase(account, at)

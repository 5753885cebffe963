"""What people wrote, for the export of their data, and what goes of it when they are erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from commons.accounts.models import User
from commons.db import db
from community.inbox.models import Interaction, InteractionKind
from community.members.models import Handle, Member


def export(user: User) -> dict[str, Any]:
    """Everything a fan did towards the brand, in the circle and under handles that were found to be his, oldest first."""
    query = select(Interaction).where(Interaction.author_id.in_(_handles(user)))
    found = db.session.scalars(query.order_by(Interaction.occurred_at, Interaction.id)).all()
    return {"interactions": [_plain(one) for one in found]} if found else {}


def erase(user: User, at: datetime) -> None:
    """A fan's words go; comments and messages count as withdrawn, likes and shares stay as bare counts. Safe to call twice."""
    own = Interaction.author_id.in_(_handles(user))
    speaking = Interaction.kind.not_in([InteractionKind.LIKE, InteractionKind.SHARE])
    db.session.execute(
        update(Interaction).where(own, speaking).values(withdrawn_at=func.coalesce(Interaction.withdrawn_at, at))
    )
    db.session.execute(update(Interaction).where(own).values(text=""))


def _handles(user: User) -> Select[int]:
    return select(Handle.id).join(Member, Member.id == Handle.member_id).where(Member.user_id == user.id)


def _plain(one: Interaction) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "kind": one.kind.value,
        "channel": one.account.channel,
        "post": one.post.public_id if one.post is not None else None,
        "text": one.text,
        "occurred_at": one.occurred_at.isoformat(),
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
    }

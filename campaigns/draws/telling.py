"""Facts and notices about draws, written in the transaction of what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.draws.models import Draw, DrawAward
from commons import events
from commons.accounts.models import User
from community.notices import telling


def tell_team(kind: str, draw: Draw, at: datetime, *, by: User | None = None, again: str = "", **more: Any) -> None:
    """What became of a draw, or what somebody of the team did with it. `again` tells acts apart that may come often."""
    events.track(
        kind,
        key=f"{kind}:{draw.public_id}{again}",
        at=at,
        actor_id=by.id if by else None,
        subject=draw,
        campaign_id=draw.campaign_id,
        payload={"title": draw.title, **more},
    )


def tell_winner(kind: str, award: DrawAward, at: datetime, *, by: User | None = None) -> None:
    """What a winner did, or what happened to the prize."""
    events.track(
        kind,
        key=f"{kind}:{award.public_id}",
        at=at,
        member_id=award.entry.member_id,
        actor_id=by.id if by else None,
        subject=award,
        campaign_id=award.draw.campaign_id,
        payload={"title": award.draw.title, "prize": award.prize.name},
    )


def notify(kind: str, award: DrawAward, at: datetime, **details: Any) -> None:
    """A sentence to the winner, once for each kind."""
    telling.tell(
        award.entry.member_id,
        kind,
        key=f"{kind}:{award.public_id}",
        at=at,
        url=f"/draws/{award.draw.public_id}",
        details={"title": award.draw.title, "prize": award.prize.name, **details},
    )

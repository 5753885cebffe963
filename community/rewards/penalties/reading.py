"""Finding penalties."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.members.models import Member
from community.rewards.penalties.models import Penalty, PenaltyAppeal

PAGE = 30


class Part(enum.StrEnum):
    """Which of them the team looks at."""

    APPEALED = "appealed"
    RUNNING = "running"
    ALL = "all"


def listing(user: User, part: Part, at: datetime) -> Select[Penalty]:
    """The penalties of that part: the oldest appeal first, else the newest penalty first."""
    loaded = (Penalty.member, Penalty.appeal, Penalty.given_by, Penalty.points_entry, Penalty.growth_entry)
    query = Penalty.visible_to(user).options(*map(joinedload, loaded))
    if part is Part.APPEALED:
        waiting = query.join(Penalty.appeal).where(PenaltyAppeal.decided_at.is_(None))
        return waiting.order_by(PenaltyAppeal.made_at)
    if part is Part.RUNNING:
        query = query.where(Penalty.ends_at > at, Penalty.lifted_at.is_(None))
    return query.order_by(Penalty.given_at.desc(), Penalty.id.desc())


def of_member(member: Member, limit: int = 50) -> Sequence[Penalty]:
    """The member's penalties, the newest first."""
    query = select(Penalty).where(Penalty.member_id == member.id).options(joinedload(Penalty.appeal))
    return db.session.scalars(query.order_by(Penalty.given_at.desc(), Penalty.id.desc()).limit(limit)).all()


def running(member: Member, at: datetime) -> Sequence[Penalty]:
    """What bars the member from something now."""
    query = select(Penalty).where(Penalty.member_id == member.id, Penalty.ends_at > at, Penalty.lifted_at.is_(None))
    return db.session.scalars(query.order_by(Penalty.ends_at)).all()


def to_do(user: User) -> int:
    """How many appeals wait for somebody else's decision than who gave the penalty: those that this user may decide."""
    if not user.can(Permission.REWARD_WRITE):
        return 0
    query = select(func.count()).select_from(PenaltyAppeal).join(PenaltyAppeal.penalty)
    return db.session.scalar(query.where(PenaltyAppeal.decided_at.is_(None), Penalty.given_by_id != user.id)) or 0

"""Finding rewards and redemptions, and what a page shows of them."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.loyalty.accounts import balance, balance_now
from community.loyalty.levels.climbing import rank_of
from community.loyalty.models import Allocation, Currency, Lot
from community.members.models import Member
from community.rewards.shop.models import Redemption, Reward

PAGE = 30


class Stage(enum.StrEnum):
    """Where redemptions stand, as the team looks at them."""

    WAITING = "waiting"
    HANDED = "handed"
    REFUNDED = "refunded"


STAGES: dict[Stage, ColumnElement[bool]] = {
    Stage.WAITING: Redemption.handed_at.is_(None) & Redemption.refunded_at.is_(None),
    Stage.HANDED: Redemption.handed_at.is_not(None) & Redemption.refunded_at.is_(None),
    Stage.REFUNDED: Redemption.refunded_at.is_not(None),
}


@dataclass(frozen=True)
class Offer:
    """A reward as one fan sees it: `missing` points, and whether level and number allow it."""

    reward: Reward
    missing: int
    level_reached: bool
    had_enough: bool

    @property
    def within_reach(self) -> bool:
        return not self.missing and self.level_reached and not self.had_enough and self.reward.left > 0


@dataclass(frozen=True)
class Shelf:
    """The shop as one fan sees it."""

    points: int
    offers: Sequence[Offer]


def shelf(member: Member, limit: int | None = None) -> Shelf:
    """What stands in the shop, the least costly first; a fixed number of queries."""
    had = select(func.count()).where(Redemption.reward_id == Reward.id, Redemption.member_id == member.id)
    had = had.where(Redemption.refunded_at.is_(None))
    query = select(Reward, had.scalar_subquery()).where(Reward.opened_at.is_not(None), Reward.closed_at.is_(None))
    query = query.options(joinedload(Reward.picture), joinedload(Reward.level)).order_by(Reward.cost, Reward.id)
    rows = db.session.execute(query.add_columns(balance_now(member, Currency.POINTS)).limit(limit)).all()
    points = rows[0][2] if rows else balance(member, Currency.POINTS)
    rank = rank_of(member.id) if any(reward.level for reward, *_rest in rows) else 0
    return Shelf(points, [_offer(reward, points, rank, number) for reward, number, _points in rows])


def all_mine(member: Member) -> Select[Redemption]:
    """What the fan redeemed, the newest first."""
    query = select(Redemption).where(Redemption.member_id == member.id).options(joinedload(Redemption.reward))
    return query.order_by(Redemption.redeemed_at.desc(), Redemption.id.desc())


def mine(member: Member, limit: int) -> Sequence[Redemption]:
    """The last things that the fan redeemed."""
    return db.session.scalars(all_mine(member).limit(limit)).all()


def waiting(member: Member, limit: int) -> Sequence[Redemption]:
    """What the fan redeemed last that is still to come."""
    return db.session.scalars(all_mine(member).where(STAGES[Stage.WAITING]).limit(limit)).all()


def lapsed(redemption: Redemption, at: datetime) -> int:
    """How many of its points have expired by now: a cancellation does not bring them back."""
    query = select(func.coalesce(func.sum(Allocation.amount), 0)).join(Allocation.lot)
    return db.session.scalar(query.where(Allocation.entry_id == redemption.entry_id, Lot.expires_at <= at)) or 0


def rewards_for_staff(user: User) -> list[tuple[Reward, int]]:
    """Every reward with how many of it wait to be handed over; those in the shop first, then drafts, then former ones."""
    waiting = dict(
        db.session.execute(
            select(Redemption.reward_id, func.count()).where(STAGES[Stage.WAITING]).group_by(Redemption.reward_id)
        ).all()
    )
    found = db.session.scalars(Reward.visible_to(user).options(joinedload(Reward.level))).all()
    order = {"open": 0, "draft": 1, "closed": 2}
    return [
        (reward, waiting.get(reward.id, 0))
        for reward in sorted(found, key=lambda reward: (order[reward.state.value], reward.cost, reward.id))
    ]


def latest(user: User, reward: Reward, limit: int = 20) -> Sequence[Redemption]:
    """Who had this reward last."""
    query = Redemption.visible_to(user).where(Redemption.reward_id == reward.id).options(joinedload(Redemption.member))
    return db.session.scalars(query.order_by(Redemption.redeemed_at.desc(), Redemption.id.desc()).limit(limit)).all()


def queue(user: User, stage: Stage, *, sought: str = "") -> Select[Redemption]:
    """The redemptions at a stage: who waits longest first, what is over the newest first.

    `sought` is a code, the beginning of one, or a part of the fan's name.
    """
    query = Redemption.visible_to(user).where(STAGES[stage])
    query = query.options(joinedload(Redemption.reward), joinedload(Redemption.member))
    if sought:
        named = Redemption.member_id.in_(select(Member.id).where(Member.name.icontains(sought, autoescape=True)))
        query = query.where(or_(Redemption.code.istartswith(sought, autoescape=True), named))
    if stage is Stage.WAITING:
        return query.order_by(Redemption.redeemed_at, Redemption.id)
    return query.order_by(Redemption.redeemed_at.desc(), Redemption.id.desc())


def counts() -> dict[Stage, int]:
    """How many redemptions stand at each stage."""
    columns = [func.count().filter(condition) for condition in STAGES.values()]
    return dict(zip(STAGES, db.session.execute(select(*columns).select_from(Redemption)).one(), strict=True))


def to_do(user: User) -> int:
    """How many rewards wait to be handed over, for those who can do it."""
    if not user.can(Permission.REWARD_WRITE):
        return 0
    return db.session.scalar(select(func.count()).select_from(Redemption).where(STAGES[Stage.WAITING])) or 0


def _offer(reward: Reward, points: int, rank: int, had: int) -> Offer:
    return Offer(
        reward=reward,
        missing=max(0, reward.cost - points),
        level_reached=reward.level is None or rank >= reward.level.rank,
        had_enough=reward.per_fan is not None and had >= reward.per_fan,
    )

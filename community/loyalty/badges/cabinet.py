"""A fan's cabinet: the badges one has with the reason of each, and how far the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty.badges import granting
from community.loyalty.badges.deserving import Progress, progress, share
from community.loyalty.badges.models import Badge, BadgeAward
from community.members.models import Member


@dataclass(frozen=True)
class Ahead:
    """A badge that the member does not have, and how far it is."""

    badge: Badge
    made: Progress

    @property
    def share(self) -> float:
        return share(self.badge.terms, self.made)


@dataclass(frozen=True)
class Cabinet:
    """What the member has, the newest first, and what is nearest among the others."""

    awards: Sequence[BadgeAward]
    ahead: Sequence[Ahead]


def cabinet(member: Member) -> Cabinet:
    awards = awards_of(member)
    mine = {award.badge_id for award in awards}
    query = select(Badge).where(Badge.retired_at.is_(None)).order_by(Badge.id)
    others = [badge for badge in db.session.scalars(query) if badge.id not in mine]
    facts = granting.facts_of([member.id], {badge.event_kind for badge in others}) if others else {}
    ahead = [Ahead(badge, progress(badge.terms, facts.get((member.id, badge.event_kind), ()))) for badge in others]
    return Cabinet(awards, sorted(ahead, key=lambda one: (-one.share, one.badge.id)))


def awards_of(member: Member) -> Sequence[BadgeAward]:
    """What the member has, the newest first."""
    return [award for award in ever_awarded(member) if award.revoked_at is None]


def ever_awarded(member: Member) -> Sequence[BadgeAward]:
    """What the member has or had, the newest first."""
    query = select(BadgeAward).where(BadgeAward.member_id == member.id)
    reason = joinedload(BadgeAward.badge), joinedload(BadgeAward.event)
    return db.session.scalars(query.options(*reason).order_by(BadgeAward.granted_at.desc(), BadgeAward.id.desc())).all()


def newest_awards(member: Member, count: int) -> Sequence[BadgeAward]:
    """The last `count` badges that the member got, without the facts behind them."""
    query = select(BadgeAward).where(BadgeAward.member_id == member.id, BadgeAward.revoked_at.is_(None))
    newest = query.order_by(BadgeAward.granted_at.desc(), BadgeAward.id.desc()).limit(count)
    return db.session.scalars(newest.options(joinedload(BadgeAward.badge))).all()


def holders() -> dict[int, int]:
    """How many members have each badge, by badge id."""
    query = select(BadgeAward.badge_id, func.count()).join(BadgeAward.member)
    query = query.where(BadgeAward.revoked_at.is_(None), Member.counts())
    return dict(db.session.execute(query.group_by(BadgeAward.badge_id)).all())


def holders_of(badge: Badge) -> Select[BadgeAward]:
    """Every member who has the badge, who got it last first."""
    query = select(BadgeAward).join(BadgeAward.member).where(BadgeAward.badge_id == badge.id)
    query = query.where(BadgeAward.revoked_at.is_(None), Member.counts())
    loaded = joinedload(BadgeAward.member), joinedload(BadgeAward.event)
    return query.options(*loaded).order_by(BadgeAward.granted_at.desc(), BadgeAward.id.desc())

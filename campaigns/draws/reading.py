"""Finding draws, and what a page shows of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.draws import ranking
from campaigns.draws.models import Draw, DrawAward, DrawEntry, DrawExclusion, DrawPrize
from campaigns.participation.models import Participant
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.members.models import Member


@dataclass(frozen=True)
class Mine:
    """A draw as it stands for one fan. `number` is what his entry drew; the award, if any, is the prize he was offered."""

    takes_part: bool = False
    entry: DrawEntry | None = None
    award: DrawAward | None = None
    number: str | None = None


def listed(user: User, *, past: bool, limit: int = 50) -> Sequence[Draw]:
    """Draws that are to come (for those who may see them also drafts), the next one first; or past ones, newest first."""
    over = or_(Draw.drawn_at.is_not(None), Draw.missed_at.is_not(None))
    query = Draw.visible_to(user).options(joinedload(Draw.campaign), selectinload(Draw.prizes))
    query = query.where(over if past else ~over)
    return db.session.scalars(query.order_by(Draw.reveals_at.desc() if past else Draw.reveals_at).limit(limit)).all()


def of_campaign(campaign_id: int) -> Sequence[Draw]:
    """The draws of a campaign that fans have seen, the latest last."""
    query = select(Draw).where(Draw.campaign_id == campaign_id, Draw.launched_at.is_not(None))
    return db.session.scalars(query.options(selectinload(Draw.prizes)).order_by(Draw.reveals_at)).all()


def drafts_of(campaign_id: int) -> Sequence[Draw]:
    query = select(Draw).where(Draw.campaign_id == campaign_id, Draw.launched_at.is_(None)).order_by(Draw.id)
    return db.session.scalars(query).all()


def so_far(draw: Draw) -> int:
    """How many take part while the list is open; how many stand on it once it is frozen."""
    if draw.frozen_at is not None:
        return draw.entrants
    took_part = Participant.joined_at < draw.closes_at
    query = select(func.count()).where(Participant.campaign_id == draw.campaign_id, took_part)
    return db.session.scalar(query) or 0


def mine(draw: Draw, member: Member | None) -> Mine:
    """How the fan stands in the draw."""
    if member is None:
        return Mine()
    entry = db.session.scalars(
        select(DrawEntry).where(DrawEntry.draw_id == draw.id, DrawEntry.member_id == member.id)
    ).one_or_none()
    if entry is None:
        took_part = (Participant.campaign_id == draw.campaign_id, Participant.member_id == member.id)
        return Mine(takes_part=db.session.scalar(select(Participant.id).where(*took_part)) is not None)
    award = db.session.scalars(select(DrawAward).where(DrawAward.entry_id == entry.id)).one_or_none()
    on_list = draw.seed is not None and entry.position is not None
    return Mine(True, entry, award, ranking.number(draw.seed or "", entry.entry) if on_list else None)


def entered(member: Member, limit: int = 5) -> Sequence[Draw]:
    """Draws that a fan takes part in and that are still to come, the next one first."""
    query = select(Draw).join(Participant, Participant.campaign_id == Draw.campaign_id)
    waits = (Draw.launched_at.is_not(None), Draw.drawn_at.is_(None), Draw.missed_at.is_(None))
    query = query.where(Participant.member_id == member.id, *waits).options(selectinload(Draw.prizes))
    return db.session.scalars(query.order_by(Draw.reveals_at).limit(limit)).all()


def awards_for(member: Member, *, standing: bool, limit: int = 50) -> Sequence[DrawAward]:
    """Prizes that a fan was offered, the newest first; `standing`: only those that neither ended nor were sent."""
    query = (
        select(DrawAward).join(DrawEntry, DrawEntry.id == DrawAward.entry_id).where(DrawEntry.member_id == member.id)
    )
    if standing:
        query = query.where(DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None))
    query = query.options(joinedload(DrawAward.draw), joinedload(DrawAward.prize))
    return db.session.scalars(query.order_by(DrawAward.id.desc()).limit(limit)).all()


def entries_with_draws(member: Member) -> Sequence[DrawEntry]:
    """Every list that the fan stands on, or was kept off."""
    query = select(DrawEntry).where(DrawEntry.member_id == member.id).options(joinedload(DrawEntry.draw))
    return db.session.scalars(query.order_by(DrawEntry.id)).all()


def kept_off(member: Member) -> Sequence[Row[str, DrawExclusion]]:
    """The draws from whose lists the team took the fan, with the decision."""
    query = select(Draw.title, DrawExclusion).join(DrawExclusion, DrawExclusion.draw_id == Draw.id)
    return db.session.execute(query.where(DrawExclusion.member_id == member.id).order_by(DrawExclusion.id)).all()


def entrant_rows(
    draw: Draw, after: int, limit: int
) -> Sequence[Row[Participant, DrawExclusion | None, DrawEntry | None]]:
    """(participant, exclusion by hand, entry once frozen) in the order of joining, `after` pages by id."""
    excluded = and_(DrawExclusion.draw_id == draw.id, DrawExclusion.member_id == Participant.member_id)
    listed_as = and_(DrawEntry.draw_id == draw.id, DrawEntry.member_id == Participant.member_id)
    query = (
        select(Participant, DrawExclusion, DrawEntry)
        .outerjoin(DrawExclusion, excluded)
        .outerjoin(DrawEntry, listed_as)
        .where(Participant.campaign_id == draw.campaign_id, Participant.joined_at < draw.closes_at)
        .where(Participant.id > after)
        .options(joinedload(Participant.member))
    )
    return db.session.execute(query.order_by(Participant.id).limit(limit)).all()


def prize_queue(draw: Draw | None = None) -> Select[DrawAward]:
    """Awards in the order of their ranks, of one draw or of all."""
    query = select(DrawAward).options(
        joinedload(DrawAward.prize),
        joinedload(DrawAward.draw),
        joinedload(DrawAward.entry).joinedload(DrawEntry.member),
    )
    return query.where(DrawAward.draw_id == draw.id).order_by(DrawAward.rank) if draw else query.order_by(DrawAward.id)


def to_send(at: datetime | None = None) -> int:
    """How many prizes are ready to be sent; of these only the ones that were ready before `at`, if given."""
    by_address = and_(DrawPrize.by_post, DrawAward.address_at.is_not(None))
    standing = (DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None), DrawAward.claimed_at.is_not(None))
    ready = func.coalesce(DrawAward.address_at, DrawAward.claimed_at)
    query = select(func.count()).select_from(DrawAward).join(DrawPrize, DrawPrize.id == DrawAward.prize_id)
    query = query.where(*standing, or_(by_address, ~DrawPrize.by_post))
    return db.session.scalar(query.where(ready < at) if at else query) or 0


def waiting_for(user: User) -> int:
    """How many prizes wait to be sent, for those who send them."""
    return to_send() if user.can(Permission.PRIZE_SEND) else 0

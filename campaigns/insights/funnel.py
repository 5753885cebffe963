"""The way from a post to an order that comes again: five steps, each with what it counts and its share of the step before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select

from campaigns.insights import book, sources
from campaigns.insights.asking import Asked
from campaigns.insights.book import within
from campaigns.insights.sources import BROUGHT
from campaigns.intervals import Share
from campaigns.links.models import Hit, Link, Origin, Verdict
from campaigns.participation.models import Participant
from commons.db import db
from community.channels.models import ChannelAccount, ChannelPost
from community.members.models import Member
from community.seed_users.models import Acceptance


@dataclass(frozen=True)
class Step:
    """One step: `number` of what `measure` counts, `share` of the step before (None for the first)."""

    measure: str
    number: int
    before: int
    share: Share | None


STEPS = ("posts", "visits", "participants", "customers", "repeat_customers")


def steps(asked: Asked) -> Sequence[Step]:
    """All five for what is asked, beside the same in the period before."""
    now, earlier = _numbers(asked), _numbers(asked.before)
    found = []
    for place, measure in enumerate(STEPS):
        share = Share(now[place], now[place - 1]) if place > 1 else None
        found.append(Step(measure, now[place], earlier[place], share))
    return found


def posts(asked: Asked, *columns: Any) -> Select[Any]:
    """`columns` of the posts that stood on a channel in the period."""
    query = select(*columns).select_from(ChannelPost)
    query = query.where(within(ChannelPost.published_at, asked.period))
    if asked.channel:
        accounts = select(ChannelAccount.id).where(ChannelAccount.channel == asked.channel)
        query = query.where(ChannelPost.account_id.in_(accounts))
    return query.where(ChannelPost.campaign_id == asked.campaign.id) if asked.campaign else query


def visits(asked: Asked, *columns: Any) -> Select[Any]:
    """`columns` of the visits by people through tracked links in the period; `BROUGHT` is the link."""
    query = sources.with_channel(select(*columns).select_from(Hit).join(BROUGHT, BROUGHT.id == Hit.link_id))
    query = query.where(Hit.verdict == Verdict.HUMAN, within(Hit.occurred_at, asked.period))
    if asked.channel:
        query = query.where(sources.link_source() == asked.channel)
    return query.where(BROUGHT.campaign_id == asked.campaign.id) if asked.campaign else query


def participants(asked: Asked, *columns: Any) -> Select[Any]:
    """`columns` of those who joined a campaign in the period. The channel is the one by which they came to the circle."""
    query = select(*columns).select_from(Participant).join(Member, Member.id == Participant.member_id)
    query = query.outerjoin(Origin, and_(Origin.user_id == Member.user_id, Origin.confirmed_at.is_not(None)))
    query = sources.with_channel(query.outerjoin(BROUGHT, BROUGHT.id == Origin.link_id))
    query = query.outerjoin(Acceptance, Acceptance.member_id == Member.id)
    query = query.where(within(Participant.joined_at, asked.period))
    if asked.channel:
        query = query.where(sources.source() == asked.channel)
    return query.where(Participant.campaign_id == asked.campaign.id) if asked.campaign else query


def narrowed(query: Select[Any], orders: Any, asked: Asked) -> Select[Any]:
    """Orders of the period (over `sources.with_source`), only those of the channel and the campaign that are asked for."""
    query = query.where(within(orders.c.ordered_at, asked.period))
    if asked.channel:
        query = query.where(sources.source() == asked.channel)
    return query.where(sources.campaign_id(orders) == asked.campaign.id) if asked.campaign else query


def channels() -> dict[str, str]:
    """The sources that can be asked for, with their names: channels with an account, tags of links, and our own words."""
    accounts = db.session.scalars(select(ChannelAccount.channel).distinct()).all()
    tags = db.session.scalars(
        select(func.lower(Link.utm_source)).where(Link.utm_source != "", Link.member_id.is_(None)).distinct().limit(100)
    ).all()
    names = {key: sources.word(key) for key in (*accounts, *tags) if key != "imported"}
    return dict(sorted(names.items(), key=lambda pair: pair[1])) | {key: sources.word(key) for key in sources.OWN_WORDS}


def _numbers(asked: Asked) -> Sequence[int]:
    people = func.count(distinct(Participant.member_id))
    numbers = [_one(posts(asked, func.count())), _one(visits(asked, func.count())), _one(participants(asked, people))]
    orders = book.ranked(asked.period, asked.period)
    again: ColumnElement[Any] = case((orders.c.nth > 1, orders.c.customer))
    counts = (func.count(distinct(orders.c.customer)), func.count(distinct(again)))
    customers, repeaters = db.session.execute(narrowed(sources.with_source(orders, *counts), orders, asked)).one()
    return [*numbers, int(customers), int(repeaters)]


def _one(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)

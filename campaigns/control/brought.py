"""Posts and links of a campaign with what each brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from campaigns.groupbuys.models import Seat
from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Link, Origin
from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.reading import Totals
from campaigns.planning.models import Campaign
from commons.db import db
from commons.money import Money
from community.channels.models import ChannelPost
from community.inbox.models import Interaction, InteractionKind

SHOWN = 20


@dataclass(frozen=True)
class PostLine:
    """A post as it stands on a channel: what people wrote under it, and visits through links by which fans shared it."""

    post: ChannelPost
    comments: int
    visits: int


@dataclass(frozen=True)
class LinkLine:
    """A link of the brand: visits by people, new fans, seats in group buys, orders and what they came to."""

    link: Link
    visits: int
    fans: int
    seats: int
    orders: int
    amount: Money | None


def posts(campaign: Campaign, totals: Totals, limit: int = SHOWN) -> list[PostLine]:
    """The newest first."""
    query = select(ChannelPost).where(ChannelPost.campaign_id == campaign.id)
    query = query.order_by(ChannelPost.published_at.desc(), ChannelPost.id.desc()).limit(limit)
    found = db.session.scalars(query).unique().all()
    ids = [post.id for post in found]
    comments = _by(
        select(Interaction.post_id, func.count()).where(
            Interaction.post_id.in_(ids), Interaction.kind == InteractionKind.COMMENT, Interaction.withdrawn_at.is_(None)
        ).group_by(Interaction.post_id)
    )  # fmt: skip
    return [PostLine(post, comments.get(post.id, 0), totals.of(Measure.SHARED, post.id)) for post in found]


def links(campaign: Campaign, totals: Totals, limit: int = SHOWN) -> list[LinkLine]:
    """The brand's own links, what brought most visits first; a link as posts show it counts with the one it comes from."""
    query = select(Link).where(Link.campaign_id == campaign.id, Link.member_id.is_(None))
    every = db.session.scalars(query.order_by(Link.id)).all()
    own: dict[int, list[int]] = {link.id: [link.id] for link in every if link.origin_id is None}
    for copy in every:
        if copy.origin_id in own:
            own[copy.origin_id].append(copy.id)
    came = _come_of([link.id for link in every])
    lines = [_line(link, own[link.id], totals, came) for link in every if link.id in own]
    return sorted(lines, key=lambda line: (-line.visits, -line.orders, line.link.id))[:limit]


def _line(link: Link, ids: Sequence[int], totals: Totals, came: dict[str, dict[int, Any]]) -> LinkLine:
    def together(what: str) -> int:
        return sum(came[what].get(link_id, 0) for link_id in ids)

    currency = next((came["currency"][link_id] for link_id in ids if link_id in came["currency"]), None)
    visits = sum(totals.of(Measure.VISIT, link_id) for link_id in ids)
    amount = Money(together("amount"), currency) if currency else None
    return LinkLine(link, visits, together("fans"), together("seats"), together("orders"), amount)


def _come_of(ids: Sequence[int]) -> dict[str, dict[int, Any]]:
    """What came of each link, by what it is."""
    confirmed = func.count(case((Origin.confirmed_at.is_not(None), 1)))
    held = (Seat.link_id.in_(ids), Seat.left_at.is_(None))
    orders = select(Conversion.link_id, func.count(), func.sum(Conversion.amount_minor), func.min(Conversion.currency))
    rows = db.session.execute(orders.where(Conversion.link_id.in_(ids)).group_by(Conversion.link_id)).all()
    return {
        "fans": _by(select(Origin.link_id, confirmed).where(Origin.link_id.in_(ids)).group_by(Origin.link_id)),
        "seats": _by(select(Seat.link_id, func.count()).where(*held).group_by(Seat.link_id)),
        "orders": {row[0]: row[1] for row in rows},
        "amount": {row[0]: int(row[2]) for row in rows},
        "currency": {row[0]: row[3] for row in rows},
    }


def _by(query: Any) -> dict[int, int]:
    return dict(db.session.execute(query).all())

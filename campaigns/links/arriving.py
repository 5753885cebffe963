"""Who signed up after coming by a link, and what the room lets go when a person is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from campaigns.links.conversions import customers
from campaigns.links.conversions.models import Conversion
from campaigns.links.following import came_by
from campaigns.links.making import address_of
from campaigns.links.models import Hit, Link, Origin
from campaigns.links.slots import Outcome
from campaigns.links.wording import SIGN_UPS
from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.events import Evidence
from community.members.roster import member_of


def remember(user: User, at: datetime) -> None:
    """Keep by which link a person came who signs up at this moment; the first link stays."""
    link = came_by()
    if link is not None:
        insert_new(Origin, {"user_id": user.id, "link_id": link.id, "came_at": at})


def welcome(user: User, at: datetime) -> None:
    """The account counts now: that the link brought a fan is a fact."""
    origin = db.session.scalars(select(Origin).where(Origin.user_id == user.id)).one_or_none()
    member = member_of(user)
    if origin is None or member is None or origin.confirmed_at is not None:
        return
    origin.confirmed_at = at
    events.track(
        "member.came_by_link",
        key=f"member.came_by_link:{member.public_id}",
        at=at,
        member_id=member.id,
        subject=origin.link,
        campaign_id=origin.link.campaign_id,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": origin.link.slug, "by_member_id": origin.link.member_id},
    )


def sign_ups(link: Link) -> Outcome:
    """How many came by the link and became fans."""
    query = select(func.count()).select_from(Origin).where(Origin.link_id == link.id, Origin.confirmed_at.is_not(None))
    return Outcome(SIGN_UPS, db.session.scalar(query) or 0)


def brought(member_ids: Collection[int], since: datetime) -> Mapping[int, int]:
    """How many became fans since then who had come by a link that the member shared."""
    query = select(Link.member_id, func.count()).join(Origin, Origin.link_id == Link.id)
    query = query.where(Link.member_id.in_(member_ids), Origin.confirmed_at > since).group_by(Link.member_id)
    return {member_id: count for member_id, count in db.session.execute(query) if member_id is not None}


def export(user: User) -> dict[str, Any]:
    """The person's own links, the visits made while signed in, the link that brought the account, and the orders."""
    visits = select(Hit.occurred_at, Link.slug).join(Link).where(Hit.user_id == user.id).order_by(Hit.occurred_at)
    origin = db.session.scalars(select(Origin).where(Origin.user_id == user.id)).one_or_none()
    member = member_of(user)
    ordered = select(Conversion).where(Conversion.customer_id == (member.id if member else None))
    return {
        "links": {
            "mine": [_link(link) for link in _own(user)],
            "followed": [{"at": at.isoformat(), "slug": slug} for at, slug in db.session.execute(visits)],
            "came_by": origin.link.slug if origin else None,
            "orders": [_order(one) for one in db.session.scalars(ordered.order_by(Conversion.ordered_at))],
        }
    }


def erase(user: User, _at: datetime) -> None:
    """Visits stay, but no longer say whose they were; orders stay with the nameless stub."""
    changed(update(Hit).where(Hit.user_id == user.id).values(user_id=None))
    customers.forget(user)


def _own(user: User) -> list[Link]:
    member = member_of(user)
    mine = Link.member_id == member.id if member is not None else Link.made_by_id == user.id
    return list(db.session.scalars(select(Link).where(mine).order_by(Link.created_at, Link.id)))


def _order(order: Conversion) -> dict[str, str]:
    amount = {"amount": str(order.amount.amount), "currency": order.currency}
    return {"order": order.order, "ordered_at": order.ordered_at.isoformat(), **amount}


def _link(link: Link) -> dict[str, str]:
    return {"address": address_of(link), "leads_to": link.target, "made_at": link.created_at.isoformat()}

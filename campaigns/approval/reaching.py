"""What was planned before a route was made or changed: nobody was asked about it, and it goes out unless somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from campaigns.approval import asking, routing
from campaigns.approval.binding import live_item
from campaigns.approval.models import ApprovalRoute
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db

ASKED_AT_ONCE = 200


def unreached() -> Mapping[int, Sequence[int]]:
    """By the id of each route that wants somebody to agree: deliveries that take it and nobody was asked about, by time."""
    routes = routing.routes()
    if not any(route.steps for route in routes):
        return {}
    query = asking.unasked().join(BrandPost).where(BrandPost.discarded_at.is_(None))
    columns = query.with_only_columns(Delivery.id, BrandPost.campaign_id, Delivery.account_id)
    found: dict[int, list[int]] = {}
    for delivery_id, campaign_id, account_id in db.session.execute(columns.order_by(Delivery.due_at, Delivery.id)):
        route = routing.most_specific(routes, campaign_id, account_id)
        if route is not None and route.steps:
            found.setdefault(route.id, []).append(delivery_id)
    return found


def unreached_by(route: ApprovalRoute, most: int = ASKED_AT_ONCE) -> tuple[Sequence[Delivery], int]:
    """The first of them for one route, and how many there are."""
    ids = unreached().get(route.id, [])
    query = select(Delivery).where(Delivery.id.in_(ids[:most])).order_by(Delivery.due_at, Delivery.id)
    return db.session.scalars(query).all(), len(ids)


def ask_all(route: ApprovalRoute, *, by: User, at: datetime) -> int:
    """Ask for approval of these too, at most `ASKED_AT_ONCE`, the next due first; of how many. Each waits until then.

    It is asked in the name of whoever planned each post, so `by` may decide like anybody else.
    """
    deliveries, _count = unreached_by(route)
    asked = [delivery for delivery in sorted(deliveries, key=_post_id) if _ask(delivery, at)]
    if asked:
        routing.tell("approval.route_reached", route, by, at, count=len(asked))
    return len(asked)


def _post_id(delivery: Delivery) -> int:
    """Posts are held in the order of their ids, so that two who do so do not wait for each other."""
    return delivery.post_id


def _ask(delivery: Delivery, at: datetime) -> bool:
    asking.hold(delivery.post)
    db.session.refresh(delivery, with_for_update={"of": Delivery})
    if delivery.state not in asking.PLANNED or live_item(delivery) is not None:
        return False  # it went out, or somebody was asked, meanwhile
    if asking.ensure(delivery, None, at) is None:
        return False
    scheduling.review_again(delivery, at)
    return True

"""What the start page of the staff side says about posts: what needs a person, and what goes out next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import contains_eager, joinedload

from campaigns.posts.models import BrandPost
from campaigns.publishing import findings, holding
from campaigns.publishing.models import LEFT, Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission

MOST = 5
REMEMBERED = timedelta(days=14)


def attention_panel(user: User, at: datetime) -> Panel | None:
    """Posts that failed or were missed lately, are half out, or nobody knows about; nothing when all is well."""
    if not user.can(Permission.POST_READ):
        return None
    query = _deliveries(user).where(
        or_(
            Delivery.state.in_([DeliveryState.UNKNOWN]),
            and_(Delivery.state == DeliveryState.PARTIAL, Delivery.reason != LEFT),
            and_(Delivery.state.in_([DeliveryState.FAILED, DeliveryState.MISSED]), Delivery.due_at > at - REMEMBERED),
        )
    )
    found = _some(query.order_by(Delivery.due_at.desc()))
    return Panel("campaigns/publishing/_attention.html", {"deliveries": found}, 10) if found else None


def next_panel(user: User, at: datetime) -> Panel | None:
    """The posts that go out next."""
    if not user.can(Permission.POST_READ):
        return None
    query = _deliveries(user).where(Delivery.state.in_([DeliveryState.SCHEDULED, DeliveryState.PUBLISHING]))
    return Panel(
        "campaigns/publishing/_next.html", {"deliveries": _some(query.order_by(Delivery.due_at)), "at": at}, 20
    )


def held_panel(user: User, at: datetime) -> Panel | None:
    """Posts that a hold kept back which is over: each waits for somebody's word."""
    fallen = holding.fallen(user, at) if user.can(Permission.POST_READ) else []
    context = {"deliveries": fallen[:MOST], "count": len(fallen)}
    return Panel("campaigns/publishing/_held.html", context, 8) if fallen else None


def findings_panel(user: User, at: datetime) -> Panel | None:
    """What stands in the way of posts that have yet to go out."""
    if not user.can(Permission.POST_READ):
        return None
    found = findings.open_for(user, MOST)
    return Panel("campaigns/publishing/_findings_panel.html", {"found": found}, 12) if found else None


def hold_banner(user: User, at: datetime) -> Panel | None:
    """What is held, on every page of the team."""
    on = holding.on(at) if user.can(Permission.POST_READ) else []
    return Panel("campaigns/publishing/_banner.html", {"on": on}, 1) if on else None


def _deliveries(user: User) -> Select[Delivery]:
    return Delivery.visible_to(user).options(
        contains_eager(Delivery.post).options(joinedload(BrandPost.author), joinedload(BrandPost.campaign))
    )


def _some(query: Select[Delivery]) -> Sequence[Delivery]:
    return db.session.scalars(query.limit(MOST)).unique().all()

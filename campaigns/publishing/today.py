"""What the start page of the staff side says about posts: what needs a person, and what goes out next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, joinedload

from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.admin.home import Panel
from commons.db import db
from commons.permissions import Permission

MOST = 5
REMEMBERED = timedelta(days=14)


def attention_panel(user: User, at: datetime) -> Panel | None:
    """Posts that failed or were missed lately; nothing when all is well."""
    if not user.can(Permission.POST_READ):
        return None
    query = _deliveries(user).where(
        Delivery.state.in_([DeliveryState.FAILED, DeliveryState.MISSED]), Delivery.due_at > at - REMEMBERED
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


def _deliveries(user: User) -> Select[Delivery]:
    return Delivery.visible_to(user).options(
        contains_eager(Delivery.post).options(joinedload(BrandPost.author), joinedload(BrandPost.campaign))
    )


def _some(query: Select[Delivery]) -> Sequence[Delivery]:
    return db.session.scalars(query.limit(MOST)).unique().all()

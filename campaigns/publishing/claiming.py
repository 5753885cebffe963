"""What is due: claimed by the tick for workers, held back where a hold is on, or missed when its time is too long over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select, update

from campaigns.publishing import holding
from campaigns.publishing.ending import end
from campaigns.publishing.models import LATE, NOT_APPROVED, Delivery, DeliveryState
from commons.db import db, random_id
from community.channels.models import ChannelAccount
from community.channels.protocol import transactional_names

LEASE = timedelta(minutes=15)
MISSED_AT_ONCE = 200
OUTSIDE_AT_ONCE = 100


def claim_inside(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` deliveries that are due on channels of our own, in one conditional update with one lease.

    Ids in order of time. What is late by more than its limit is marked as missed instead, and what a hold keeps back as
    held. Flushed, not committed.
    """
    return _claim(_account_is_inside(), at, limit)


def claim_outside(at: datetime, limit: int) -> Sequence[int]:
    """The same for the networks; few at once, because each takes as long as the network does."""
    return _claim(~_account_is_inside(), at, min(limit, OUTSIDE_AT_ONCE))


def _claim(account_fits: ColumnElement[bool], at: datetime, limit: int) -> Sequence[int]:
    _miss_the_late(account_fits, at)
    fresh = or_(Delivery.tried_at.is_not(None), Delivery.late_at >= at, _is_held(at))
    due = select(Delivery.id).where(_is_due(at), account_fits, fresh).order_by(Delivery.due_at).limit(limit)
    change = (
        update(Delivery)
        .where(Delivery.id.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
        .values(
            state=case((_is_held(at), DeliveryState.HELD.value), else_=DeliveryState.PUBLISHING.value),
            lease=random_id(16),
            lease_until=at + LEASE,
        )
        .returning(Delivery.due_at, Delivery.id, Delivery.state)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(change), key=lambda row: (row.due_at, row.id))
    _tell_of_the_held([row.id for row in rows if row.state is DeliveryState.HELD], at)
    return [row.id for row in rows if row.state is not DeliveryState.HELD]


def _is_held(at: datetime) -> ColumnElement[bool]:
    """A hold keeps back what was never tried; whether it stops what was, is decided when it is tried again."""
    return and_(Delivery.tried_at.is_(None), holding.held(at))


def _tell_of_the_held(delivery_ids: Sequence[int], at: datetime) -> None:
    query = select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.due_at)
    for delivery in db.session.scalars(query.execution_options(populate_existing=True)) if delivery_ids else ():
        hold = holding.hold_over(delivery, at)
        end(delivery, DeliveryState.HELD, hold.reason if hold else "", at)


def _account_is_inside() -> ColumnElement[bool]:
    accounts = select(ChannelAccount.id).where(ChannelAccount.channel.in_(transactional_names()))
    return Delivery.account_id.in_(accounts)


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Planned and come due, or to be tried again, or claimed by somebody who was never heard of again."""
    return or_(
        and_(Delivery.state == DeliveryState.SCHEDULED, Delivery.due_at <= at),
        and_(Delivery.state == DeliveryState.PUBLISHING, Delivery.lease_until <= at),
    )


def _miss_the_late(account_fits: ColumnElement[bool], at: datetime) -> None:
    unready = Delivery.state == DeliveryState.IN_REVIEW
    late = select(Delivery).where(
        or_(and_(_is_due(at), ~_is_held(at)), unready), account_fits, Delivery.late_at < at, Delivery.tried_at.is_(None)
    )
    locked = late.order_by(Delivery.due_at).limit(MISSED_AT_ONCE).with_for_update(skip_locked=True, of=Delivery)
    for delivery in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        reason = NOT_APPROVED if delivery.state is DeliveryState.IN_REVIEW else LATE
        end(delivery, DeliveryState.MISSED, reason, at)

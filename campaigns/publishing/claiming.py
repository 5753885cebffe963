"""What is due: claimed by the tick for workers, held back where a hold is on, or missed when its time is too long over.

The tick asks once a second and most often there is nothing, so the statements are built once, with the moment left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from campaigns.publishing import holding
from campaigns.publishing.ending import end
from campaigns.publishing.models import LATE, NOT_APPROVED, Delivery, DeliveryState
from commons.db import UtcDateTime, db, random_id
from community.channels.models import ChannelAccount
from community.channels.protocol import transactional_names

LEASE = timedelta(minutes=15)
MISSED_AT_ONCE = 200
OUTSIDE_AT_ONCE = 100

AT = bindparam("at", type_=UtcDateTime())


def claim_inside(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` deliveries that are due on channels of our own, in one conditional update with one lease.

    Ids in order of time. What is late by more than its limit is marked as missed instead, and what a hold keeps back as
    held. Flushed, not committed.
    """
    return _claim(True, at, limit)


def claim_outside(at: datetime, limit: int) -> Sequence[int]:
    """The same for the networks; few at once, because each takes as long as the network does."""
    return _claim(False, at, min(limit, OUTSIDE_AT_ONCE))


def _claim(inside: bool, at: datetime, limit: int) -> Sequence[int]:
    given = {"at": at, "inside": transactional_names()}
    for delivery in db.session.scalars(_late(inside), given).all():
        reason = NOT_APPROVED if delivery.state is DeliveryState.IN_REVIEW else LATE
        end(delivery, DeliveryState.MISSED, reason, at)
    given |= {"most": limit, "new_lease": random_id(16), "new_lease_until": at + LEASE}
    rows = sorted(db.session.execute(_claiming(inside), given), key=lambda row: (row.due_at, row.id))
    _tell_of_the_held([row.id for row in rows if row.state is DeliveryState.HELD], at)
    return [row.id for row in rows if row.state is not DeliveryState.HELD]


@cache
def _late(inside: bool) -> Select[Delivery]:
    """What was never tried and may not be any more; approval that did not come in time ends it too."""
    unready = Delivery.state == DeliveryState.IN_REVIEW
    never_tried = Delivery.tried_at.is_(None)
    late = select(Delivery).where(
        or_(and_(_is_due(), ~_is_held()), unready), _is_on_accounts(inside), Delivery.late_at < AT, never_tried
    )
    locked = late.order_by(Delivery.due_at).limit(MISSED_AT_ONCE).with_for_update(skip_locked=True, of=Delivery)
    return locked.execution_options(populate_existing=True)


@cache
def _claiming(inside: bool) -> ReturningUpdate[datetime | None, int, DeliveryState]:
    """The first of what is due, as a table of its own: PostgreSQL may run a plain subquery for each row, and then takes more."""
    fresh = or_(Delivery.tried_at.is_not(None), Delivery.late_at >= AT, _is_held())
    due = select(Delivery.id).where(_is_due(), _is_on_accounts(inside), fresh).order_by(Delivery.due_at)
    first = due.limit(bindparam("most", type_=Integer())).with_for_update(skip_locked=True).cte("first")
    change = update(Delivery).where(Delivery.id.in_(select(first.c.id)))
    claimed = change.values(
        state=case((_is_held(), DeliveryState.HELD.value), else_=DeliveryState.PUBLISHING.value),
        lease=bindparam("new_lease"),
        lease_until=bindparam("new_lease_until"),
    )
    returned = claimed.returning(Delivery.due_at, Delivery.id, Delivery.state)
    return returned.execution_options(synchronize_session=False)


def _is_held() -> ColumnElement[bool]:
    """A hold keeps back what was never tried; whether it stops what was, is decided when it is tried again."""
    return and_(Delivery.tried_at.is_(None), holding.held(AT))


def _tell_of_the_held(delivery_ids: Sequence[int], at: datetime) -> None:
    query = select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.due_at)
    for delivery in db.session.scalars(query.execution_options(populate_existing=True)) if delivery_ids else ():
        hold = holding.hold_over(delivery, at)
        end(delivery, DeliveryState.HELD, hold.reason if hold else "", at)


def _is_on_accounts(inside: bool) -> ColumnElement[bool]:
    own = ChannelAccount.channel.in_(bindparam("inside", expanding=True))
    accounts = Delivery.account_id.in_(select(ChannelAccount.id).where(own))
    return accounts if inside else ~accounts


def _is_due() -> ColumnElement[bool]:
    """Planned and come due, or to be tried again, or claimed by somebody who was never heard of again."""
    return or_(
        and_(Delivery.state == DeliveryState.SCHEDULED, Delivery.due_at <= AT),
        and_(Delivery.state == DeliveryState.PUBLISHING, Delivery.lease_until <= AT),
    )

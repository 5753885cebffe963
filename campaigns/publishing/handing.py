"""What the room of channels asks about deliveries: what is planned on an account, and what waits for a person's word."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from campaigns.publishing import rows, sending
from campaigns.publishing.ending import end
from campaigns.publishing.models import PLANNED, Delivery, DeliveryState
from commons.db import db
from community.channels import slots
from community.channels.handovers import HandOver
from community.channels.models import ChannelAccount

WAITING = (DeliveryState.PUBLISHING, DeliveryState.UNKNOWN)


def init() -> None:
    slots.planned_until.plug(planned_until)
    slots.waiting.plug(waiting)
    slots.answered.plug(answered)


def planned_until(account: ChannelAccount) -> datetime | None:
    """When the last post planned for the account is due."""
    query = select(func.max(Delivery.due_at)).where(Delivery.account_id == account.id, Delivery.state.in_(PLANNED))
    return db.session.scalar(query)


def waiting(keys: Collection[str]) -> Collection[str]:
    """Which of these deliveries wait for whoever posts by hand; also those that were given up as unknown."""
    query = select(Delivery.public_id).where(Delivery.public_id.in_(keys), Delivery.state.in_(WAITING))
    return set(db.session.scalars(query))


def answered(given: HandOver, at: datetime) -> None:
    """A person has said how it went: it is looked up at once, or has failed for the reason he gave. Flushed."""
    delivery_id = db.session.scalar(select(Delivery.id).where(Delivery.public_id == given.key))
    delivery = rows.locked(delivery_id) if delivery_id else None
    if delivery is None or delivery.state not in WAITING:
        return
    if given.url:
        sending.try_again(delivery, at)
    else:
        end(delivery, DeliveryState.FAILED, str(_("It was not posted: %(reason)s", reason=given.refusal)), at)
